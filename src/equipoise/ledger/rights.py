"""What a user who owns no table of the ledger needs of each on PostgreSQL, and so may do; the owner may do the rest."""

from typing import Final

ADDED: Final = "SELECT, INSERT"
PROJECTED: Final = "SELECT, INSERT, UPDATE, DELETE"

RIGHTS: Final = {
    "ledger_act": ADDED,
    "ledger_protocoltext": ADDED,
    "ledger_study": f"{ADDED}, UPDATE (sequence, head)",
    "ledger_sealedlist": f"{ADDED}, UPDATE (file)",
    "ledger_value": PROJECTED,
    "ledger_actplace": PROJECTED,
}

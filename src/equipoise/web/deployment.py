"""The studies of this deployment, each with its ledger and its desk, opened once per process."""

import secrets
import threading
from datetime import UTC, datetime

from django.conf import settings

from equipoise.allocator.kit_choosing import choosing
from equipoise.desk import Desk
from equipoise.desk.kits import KitDesk
from equipoise.envelopes import SealedList, kit_list_name
from equipoise.ledger.models import Study
from equipoise.ledger.sealed import sealed_list
from equipoise.ledger.store import Ledger

_ledgers: dict[str, Ledger] = {}
_opening = threading.Lock()


def studies() -> tuple[str, ...]:
    """The ids of the studies here, in the order of the alphabet."""
    return tuple(Study.objects.order_by("id").values_list("id", flat=True))


def ledger(study: str) -> Ledger:
    """The ledger of a study. Raises LookupError when there is none."""
    with _opening:
        if study not in _ledgers:
            _ledgers[study] = Ledger.of(study)
        return _ledgers[study]


def desk(study: str) -> Desk:
    """The desk of a study, with this machine's clock. Raises LookupError when there is none."""
    opened = ledger(study)
    if opened.protocol.kits is None:
        return Desk(opened, clock=now, label=bag_label)
    return KitDesk(opened, clock=now, label=bag_label, choose=choosing(study))


def kit_lists(study: str) -> list[SealedList]:
    """The sealed allocation list of a study and the sealed kits of its lots, for whoever unlocks them."""
    lots = sorted({kit.lot for kit in ledger(study).snapshot().kits.values()})
    return [sealed_list(study), *(sealed_list(kit_list_name(study, lot)) for lot in lots)]


def forget() -> None:
    """Let every ledger be read again from the database."""
    with _opening:
        _ledgers.clear()


def now() -> datetime:
    """This moment in universal time."""
    return datetime.now(UTC)


def bag_label() -> str:
    """A random label for a bag: six signs that are not mistaken for each other."""
    signs = "23456789BCDFGHJKMPQRSTVWXZ"
    drawn = "".join(secrets.choice(signs) for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"


def report_folder(study: str) -> str:
    """Where the report of a study is kept."""
    return str(settings.HOME / "report" / study)

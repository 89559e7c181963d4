"""What the ledger knows of the slots that were given, and whether any can be given now."""

from typing import cast

from equipoise.allocator import door
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.ledger.store import Ledger


def assigned(ledger: Ledger) -> list[door.Assigned]:
    """The slots of everybody randomised, as the ledger knows them, and who had been randomised in error by then."""
    given, aside = [], set[str]()
    for each in ledger.acts(kinds=["Randomised", "RandomisedInError"]):
        act = cast("a.Randomised | a.RandomisedInError", each.act)
        if isinstance(act, a.Randomised):
            given.append(door.Assigned(act.subject, act.stratum, act.slot, each.at, tuple(sorted(aside))))
        else:
            aside.add(act.subject)
    return given


def allocator_locked(ledger: Ledger, *, by: Person) -> bool:
    """Whether nobody can be randomised until a key holder unlocks the allocator, for who works for the whole study and
    is not masked or administers it."""
    role = ledger.protocol.role_by_id[by.role]
    told = role.scope == "study" and (not role.masked or "administer" in role.may)
    return told and door.locked(study=ledger.study)

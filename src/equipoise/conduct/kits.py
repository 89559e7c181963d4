"""Kits: what each one is and where, folded from the acts. Nothing here knows what is in one.

A kit has one status at a time, and `TRANSITIONS` says which follow each other; whatever is not listed is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from equipoise.conduct import kit_acts as k
from equipoise.conduct.act import Act
from equipoise.protocol.supply import Kits

Status = Literal[
    "packed", "in_transit", "available", "pre_quarantined", "quarantined", "damaged", "missing", "dispensed",
    "misallocated", "returned", "lost", "damaged_after_dispensing", "not_dispensed", "destroyed",
]  # fmt: skip
COUNTED: Final[frozenset[Status]] = frozenset({"packed", "in_transit", "available", "pre_quarantined"})
DISPENSABLE: Final[Status] = "available"
HELD: Final[frozenset[Status]] = frozenset(
    {"available", "pre_quarantined", "quarantined", "damaged", "returned", "damaged_after_dispensing", "not_dispensed"}
)
WITH_PARTICIPANTS: Final[frozenset[Status]] = frozenset({"dispensed", "misallocated"})

# What may become of a kit: the step, the statuses it starts from, the status it leads to.
TRANSITIONS: Final[Mapping[str, tuple[frozenset[Status], Status]]] = {
    "ship": (frozenset({"packed"}), "in_transit"),
    "receive": (frozenset({"in_transit"}), "available"),
    "receive_after_excursion": (frozenset({"in_transit"}), "pre_quarantined"),
    "receive_damaged": (frozenset({"in_transit"}), "damaged"),
    "miss_on_arrival": (frozenset({"in_transit"}), "missing"),
    "quarantine": (frozenset({"available"}), "pre_quarantined"),
    "release": (frozenset({"pre_quarantined", "quarantined"}), "available"),
    "uphold": (frozenset({"pre_quarantined"}), "quarantined"),
    "withdraw_damaged": (frozenset({"available", "pre_quarantined", "quarantined"}), "damaged"),
    "withdraw_missing": (frozenset({"available", "pre_quarantined", "quarantined"}), "missing"),
    "dispense": (frozenset({"available"}), "dispensed"),
    "return": (WITH_PARTICIPANTS, "returned"),
    "replace_lost": (WITH_PARTICIPANTS, "lost"),
    "replace_damaged": (WITH_PARTICIPANTS, "damaged_after_dispensing"),
    "replace_not_dispensed": (frozenset({"dispensed"}), "not_dispensed"),
    "replace_misallocated": (frozenset({"misallocated"}), "misallocated"),
    "misallocate": (HELD, "misallocated"),
    "misallocate_dispensed": (frozenset({"dispensed"}), "misallocated"),
    "destroy": (HELD - {"pre_quarantined"}, "destroyed"),
}


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit: its pack, lot and expiry, where it is, and whom it was given to. It has no field for what is in it."""

    number: str
    pack: str
    lot: str
    expiry: date
    depot: str
    status: Status = "packed"
    site: str = ""  # where it is or was last; "" while it is at the depot
    shipment: str = ""
    subject: str = ""
    visit: str = ""
    units_back: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it is stock of the place where it is."""
        return self.status in COUNTED

    def usable_on(self, day: date, plan: Kits, visit: str = "") -> bool:
        """Whether it can be dispensed on a day, at a visit, and lasts to the next one before its limit of expiry."""
        return self.status == DISPENSABLE and lasts_from(self.expiry, day, plan, visit)


def lasts_from(expiry: date, day: date, plan: Kits, visit: str = "") -> bool:
    """Whether what expires then and is dispensed on this day can be used up before its limit."""
    return day + timedelta(days=plan.handout(visit).lasts + plan.do_not_dispense) <= expiry


Steps = Iterator[tuple[str, str, dict[str, Any]]]  # the kit, the step, what else is known of it then


def steps(act: Act, kits: Mapping[str, Kit]) -> Steps:
    """What an act does to each kit it names, in the words of `TRANSITIONS`."""
    found = _STEPS.get(type(act))
    return found(act, kits) if found is not None else iter(())


def after(act: Act, kits: Mapping[str, Kit]) -> dict[str, Kit]:
    """The kits that an act changes, as they are after it. It was judged before."""
    if isinstance(act, k.KitsPacked):
        return {
            number: Kit(number, pack, act.lot, act.expiry, act.depot)
            for pack, numbers in act.packs.items()
            for number in numbers
        }
    return {
        number: replace(kits[number], status=TRANSITIONS[step][1], **known) for number, step, known in steps(act, kits)
    }


def _shipped(act: k.KitsShipped, kits: Mapping[str, Kit]) -> Steps:
    for kit in kits.values():
        if kit.pack in act.packs:
            yield kit.number, "ship", {"site": act.site, "shipment": act.shipment}


def _received(act: k.KitsReceived, _: Mapping[str, Kit]) -> Steps:
    came = "receive_after_excursion" if act.excursion else "receive"
    for step, numbers in ((came, act.received), ("receive_damaged", act.damaged), ("miss_on_arrival", act.missing)):
        yield from ((number, step, {}) for number in numbers)


def _dispensed(act: k.KitDispensed, _: Mapping[str, Kit]) -> Steps:
    yield act.kit, "dispense", {"subject": act.subject, "visit": act.visit}


def _replaced(act: k.KitReplaced, _: Mapping[str, Kit]) -> Steps:
    yield act.kit, "dispense", {"subject": act.subject, "visit": act.visit}
    yield act.replaces, f"replace_{act.because}", {}


def _misallocated(act: k.KitMisallocated, kits: Mapping[str, Kit]) -> Steps:
    """The kit goes to who took it. The assigned one was not handed over, unless somebody else took that one too."""
    taken, assigned = kits.get(act.kit), kits.get(act.assigned)
    step = "misallocate_dispensed" if taken is not None and taken.status == "dispensed" else "misallocate"
    yield act.kit, step, {"subject": act.subject, "visit": act.visit}
    if assigned is not None and (assigned.status, assigned.subject) == ("dispensed", act.subject):
        yield act.assigned, "replace_not_dispensed", {}


def _all(step: Callable[[Any], str]) -> Callable[[Any, Mapping[str, Kit]], Steps]:
    return lambda act, _: ((number, step(act), {}) for number in act.kits)


_STEPS: Final[Mapping[type[Act], Callable[[Any, Mapping[str, Kit]], Steps]]] = {
    k.KitsShipped: _shipped,
    k.KitsReceived: _received,
    k.KitsQuarantined: _all(lambda act: "quarantine"),
    k.KitsDecided: _all(lambda act: "release" if act.usable else "uphold"),
    k.KitsWithdrawn: _all(lambda act: f"withdraw_{act.because}"),
    k.KitsDestroyed: _all(lambda act: "destroy"),
    k.KitDispensed: _dispensed,
    k.KitReplaced: _replaced,
    k.KitMisallocated: _misallocated,
    k.KitReturned: lambda act, _: iter([(act.kit, "return", {"units_back": act.units})]),
}

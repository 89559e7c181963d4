"""The pharmacy: orders, the opening of an envelope on the pharmacist's own device, and the register nobody here reads.

The server hands out an envelope with its second lock and keeps what comes back sealed. It sees which bag is prepared
for whom and when, the same for every arm, and never a product.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from equipoise.allocator import register
from equipoise.allocator.door import Refused as Shut
from equipoise.conduct.acts import DoseReleased, Person
from equipoise.conduct.decisions import refusals
from equipoise.conduct.dosing import doses_due
from equipoise.conduct.outcome import Refused
from equipoise.conduct.situation import Situation
from equipoise.conduct.snapshot import Subject
from equipoise.desk.desk import Desk
from equipoise.desk.dispensing import ready_from
from equipoise.desk.messages import problem
from equipoise.desk.permission import permitted, works_at
from equipoise.envelopes import ESCROW, Context, Place, RoleKey, Row, SealedList, SealedSlot, read_record
from equipoise.items import Problem
from equipoise.protocol.schedule import Visit


@dataclass(frozen=True, slots=True)
class DoseOrder:
    """A dose that may be prepared. `ready_at` is the earliest moment of its release, once the order was opened."""

    subject: Subject
    visit: Visit
    order: register.Order | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the pharmacist's device needs to learn the arm of one participant: an envelope and its second lock."""

    order: register.Order
    ready_at: datetime | None
    context: Context
    slot: SealedSlot
    share: bytes = field(repr=False)
    keys: Mapping[str, bytes]  # recipient → the public key the list was sealed for
    sites: Mapping[str, str]  # recipient → the site they are bound to, if to one
    weight: Decimal | None


def orders(desk: Desk, *, today: date, by: Person) -> tuple[DoseOrder, ...]:
    """The doses that may be prepared today at the person's site, by participant and visit."""
    if permitted(desk.protocol, by, "dispense"):
        return ()
    subjects = [each for _, each in sorted(desk.ledger.snapshot().subjects.items()) if _is_seen(desk, each, by)]
    return tuple(_due(desk, subjects, today))


def open_order(desk: Desk, subject: str, visit: str, *, today: date, by: Person) -> Opened | Refused:
    """Hand out the envelope of a participant for one dose. From the first opening on the least time runs."""
    known, sealed = desk.ledger.subject(subject), _list(desk)
    if known is not None and not works_at(desk.protocol, by, known.site):
        known = None  # as in every method of the desk, somebody else's participant is nobody
    if refused := permitted(desk.protocol, by, "dispense") or _not_now(desk, subject, known, visit, today):
        return Refused(refused)
    if isinstance(sealed, Refused):
        return sealed
    opened = register.open_order(
        study=desk.ledger.study, subject=subject, visit=visit, bag=desk.label, by=by.id, role=by.role,
        at=desk.clock(), entitled=_dispensing(desk),
    )  # fmt: skip
    slot = sealed.slot(opened.label) if isinstance(opened, register.OpenedOrder) else None
    if slot is None or isinstance(opened, Shut):
        return Refused((problem("desk.E030", subject, visit=visit),))
    return Opened(
        opened.order, _ready_at(desk, opened.order), sealed.context, slot, opened.share, sealed.keys, sealed.sites,
        _weight(desk, subject, visit),
    )  # fmt: skip


def add_record(desk: Desk, sent: object, *, record: str, bag: str = "", by: Person) -> Row | Refused:
    """Keep a sealed record in the register of the person's site, for a bag if it is that bag's preparation."""
    if refused := permitted(desk.protocol, by, "dispense"):
        return Refused(refused)
    keys = register_keys(desk, by.site)
    sealed = keys if isinstance(keys, Refused) else read_record(sent, [key.recipient for key in keys])
    if isinstance(sealed, Refused | Problem):
        return sealed if isinstance(sealed, Refused) else Refused((sealed,))
    row = register.add_record(
        place=Place(desk.ledger.study, by.site, record, bag), sealed=sealed, by=by.id, role=by.role, at=desk.clock(),
        entitled=_dispensing(desk), may_see=lambda code: _is_seen(desk, desk.ledger.snapshot().subjects[code], by),
    )  # fmt: skip
    return Refused((row.problem,)) if isinstance(row, Shut) else row


def register_of(desk: Desk, site: str, *, by: Person) -> tuple[Row, ...] | Refused:
    """The sealed register of a site, for those who may open it."""
    if not works_at(desk.protocol, by, site):
        return Refused((problem("desk.E002", site, site=site),))
    found = register.records(study=desk.ledger.study, site=site, role=by.role, entitled=desk.protocol.pharmacy_readers)
    return Refused((found.problem,)) if isinstance(found, Shut) else found


def register_keys(desk: Desk, site: str) -> tuple[RoleKey, ...] | Refused:
    """The public keys a record of a site is sealed for: of everybody who reads its register, and the escrow's.

    A key that is bound to another site reads that site's register alone.
    """
    sealed = _list(desk)
    if isinstance(sealed, Refused):
        return sealed
    readers = {*desk.protocol.pharmacy_readers, ESCROW}
    here = [name for name in sealed.keys if sealed.site_of(name) in ("", site)]
    named: Mapping[str, tuple[str, str, str]] = {name: name.partition("/") for name in here}
    return tuple(
        RoleKey(role, sealed.keys[name], sealed.demo, holder)
        for name, (role, _, holder) in named.items()
        if role in readers
    )


def _list(desk: Desk) -> SealedList | Refused:
    try:
        return desk.sealed
    except LookupError:
        return Refused((problem("desk.E034", desk.ledger.study),))


def _is_seen(desk: Desk, subject: Subject, by: Person) -> bool:
    return works_at(desk.protocol, by, subject.site)


def _not_now(desk: Desk, code: str, subject: Subject | None, visit: str, today: date) -> tuple[Problem, ...]:
    """Why no dose may be prepared: what would refuse its release, or that it is not due."""
    snapshot = desk.ledger.snapshot()
    situation = Situation(desk.protocol, snapshot.sites, snapshot.locked, subject, desk.clock())
    act: Any = DoseReleased.model_construct(subject=code, visit=visit, bag="-", quantity="")
    if refused := refusals(act, situation):
        return refused
    due = {each.id for each in doses_due(desk.protocol, subject, today)} if subject is not None else set()
    return () if visit in due else (problem("desk.E030", code, visit=visit),)


def _due(desk: Desk, subjects: list[Subject], today: date) -> Iterator[DoseOrder]:
    there = register.orders(study=desk.ledger.study, subjects=[each.code for each in subjects])
    for subject in subjects:
        for visit in doses_due(desk.protocol, subject, today):
            order = there.get((subject.code, visit.id))
            yield DoseOrder(subject, visit, order, _ready_at(desk, order))


def _ready_at(desk: Desk, order: register.Order | None) -> datetime | None:
    plan = desk.protocol.treatment.preparation
    return ready_from(order, plan) if order is not None and plan is not None else None


def _dispensing(desk: Desk) -> frozenset[str]:
    return frozenset(role.id for role in desk.protocol.roles if "dispense" in role.may)


def _weight(desk: Desk, subject: str, visit: str) -> Decimal | None:
    """The last body weight by a visit, where the protocol names the item."""
    plan = desk.protocol.treatment.preparation
    if plan is None or plan.weight is None:
        return None
    answer: Any = desk.history(subject).at(visit).get(f"last.{plan.weight}")
    return Decimal(answer) if isinstance(answer, int | Decimal) else None

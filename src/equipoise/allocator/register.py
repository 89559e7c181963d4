"""The pharmacy's door to the allocator: orders that were opened, and the register of sealed records.

Both lie here and not in the ledger: how long a preparation took could tell the arm, and the ledger's head must not
depend on it. Nothing here is opened; a record is 4096 bytes for whatever it says. As at `door`, who is entitled is the
caller's to say, and a refusal says the same whatever the cause.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.models import Q

from equipoise.allocator.door import Refused
from equipoise.allocator.messages import problem
from equipoise.allocator.models import Counter, Record, Release, Relock, Slot
from equipoise.allocator.models import Order as StoredOrder
from equipoise.allocator.router import ALLOCATOR
from equipoise.envelopes import Place, Row, SealedRecord, broken_record, hash_of
from equipoise.envelopes.files import unwritten, written
from equipoise.items.canonical import canonical
from equipoise.items.problem import Problem


@dataclass(frozen=True, slots=True)
class Order:
    """The order for one dose: the number of its bag, when it was first opened, and whether its record is there."""

    subject: str
    visit: str
    bag: str
    at: datetime
    prepared: bool = False


@dataclass(frozen=True, slots=True)
class OpenedOrder:
    """An order and the second lock of its participant's slot, for the person who opened it."""

    order: Order
    label: str
    share: bytes = field(repr=False)


class Head(NamedTuple):
    """Where the register of a site ends: how many records it has, and the hash of the last."""

    records: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification of a study's registers found: the end of each by site, and what does not stand."""

    heads: Mapping[str, Head]
    problems: tuple[Problem, ...]


# What a row gives that is no record any more: bytes that are no text, a time or wraps that are none.
_UNREADABLE: Final = (ValueError, TypeError, AttributeError, DatabaseError)


def open_order(
    *, study: str, subject: str, visit: str, bag: Callable[[], str], by: str, role: str, at: datetime,
    entitled: Collection[str],
) -> OpenedOrder | Refused:  # fmt: skip
    """Release the second lock of a participant's slot for one dose. The first opening fixes bag and time for ever.

    `bag` draws a random number, and another where that was drawn before. Each opening is recorded as a release.
    """
    with transaction.atomic(using=ALLOCATOR, durable=True):
        slot = Slot.objects.select_for_update().filter(study=study, subject=subject).first()
        if slot is None or role not in entitled:
            return Refused(problem("allocator.E002", subject))
        order = orders(study=study, subjects=[subject]).get((subject, visit))
        if order is None:
            order = Order(subject, visit, _new_bag(study, bag), at)
            StoredOrder.objects.create(
                study=study, subject=subject, visit=visit, bag=order.bag, by=by, role=role, at=at
            )
        Release.objects.create(study=study, label=slot.label, by=by, role=role, reason=f"dose {visit}", at=at)
        newer = Relock.objects.filter(study=study, label=slot.label).order_by("-id").first()
        return OpenedOrder(order, slot.label, bytes((newer or slot).share))


def orders(*, study: str, subjects: Collection[str]) -> dict[tuple[str, str], Order]:
    """The orders of these participants that were opened, by participant and visit."""
    stored = list(StoredOrder.objects.filter(study=study, subject__in=subjects))
    prepared = _prepared(study, [each.bag for each in stored])
    return {(each.subject, each.visit): _order(each, prepared) for each in stored}


def add_record(
    *, place: Place, sealed: SealedRecord, by: str, role: str, at: datetime, entitled: Collection[str],
    may_see: Callable[[str], bool],
) -> Row | Refused:  # fmt: skip
    """Add a sealed record to a site's register. The same one again is answered with the row that is there.

    A record for a bag needs its order, for a participant whom the person `may_see`, and is one for each bag. A
    correction is another record, for no bag.
    """
    if role not in entitled:
        return Refused(problem("allocator.E002", place.record))
    with transaction.atomic(using=ALLOCATOR, durable=True):
        list(Counter.objects.select_for_update().filter(study=place.study))  # two records wait for each other
        same_bag = Q(bag=place.bag) & ~Q(bag="")
        for there in map(_row, Record.objects.filter(same_bag | Q(record=place.record), study=place.study)):
            same = (there.place, there.sealed) == (place, sealed)
            return there if same else Refused(problem("allocator.E020", place.record))
        if place.bag and not _is_ordered(place, may_see):
            return Refused(problem("allocator.E020", place.bag))
        return _add(place, sealed, by, role, at)


def records(*, study: str, site: str, role: str, entitled: Collection[str]) -> tuple[Row, ...] | Refused:
    """A site's register, in its order."""
    if role not in entitled:
        return Refused(problem("allocator.E002", site))
    return tuple(_row(each) for each in Record.objects.filter(study=study, site=site).order_by("sequence"))


def at_hand() -> bool:
    """Whether the allocator's database can be reached and has a register in it."""
    try:
        return Record._meta.db_table in connections[ALLOCATOR].introspection.table_names()
    except OperationalError:
        return False


def verify(*, study: str, released: Collection[str] = ()) -> Verification:
    """Read every record of a study's registers, compute every hash again, and look for the record of each bag.

    `released` are the bags that have left the pharmacy, as the ledger says: each was prepared, so that records removed
    at the end of a register are missed too. No record is opened.
    """
    stored = Record.objects.filter(study=study).order_by("site", "sequence").iterator(chunk_size=1)
    chains: dict[str, list[Row]] = {}
    where = f"{study} record 0"
    try:
        for row in map(_row, stored):
            chains.setdefault(row.place.site, []).append(row)
            where = f"{study} {row.place.site} record {row.sequence}"
    except _UNREADABLE:
        return Verification(_heads(chains), (problem("allocator.E021", where),))
    broken = tuple(found for rows in chains.values() if (found := broken_record(rows)) is not None)
    bags = {row.place.bag for rows in chains.values() for row in rows}
    missed = [bag for bag in released if bag not in bags]
    lost = (problem("allocator.E022", study, count=str(len(missed)), bag=missed[0]),) if missed else ()
    return Verification(_heads(chains), (*broken, *lost))


def _heads(chains: Mapping[str, Sequence[Row]]) -> dict[str, Head]:
    return {site: Head(len(rows), rows[-1].hash) for site, rows in chains.items()}


def _add(place: Place, sealed: SealedRecord, by: str, role: str, at: datetime) -> Row:
    last = Record.objects.filter(study=place.study, site=place.site).order_by("-sequence").first()
    sequence, previous = (last.sequence + 1, last.hash) if last is not None else (1, "")
    stored = Record.objects.create(
        study=place.study, site=place.site, sequence=sequence, record=place.record, bag=place.bag, by=by, role=role,
        at=at, box=sealed.box, wraps=canonical({name: written(each) for name, each in sealed.wraps.items()}).decode(),
        previous=previous, hash=hash_of(place, sequence, _moment(at), by, role, sealed, previous),
    )  # fmt: skip
    return _row(stored)


def _new_bag(study: str, draw: Callable[[], str]) -> str:
    """A number that no bag of the study has."""
    return next(bag for bag in iter(draw, "") if not StoredOrder.objects.filter(study=study, bag=bag).exists())


def _is_ordered(place: Place, may_see: Callable[[str], bool]) -> bool:
    """Whether the bag has an order, for a participant the person may see."""
    order = StoredOrder.objects.filter(study=place.study, bag=place.bag).first()
    return order is not None and may_see(order.subject)


def _prepared(study: str, bags: Collection[str]) -> frozenset[str]:
    """Of these bags, those whose preparation is recorded."""
    return frozenset(Record.objects.filter(study=study, bag__in=bags).values_list("bag", flat=True))


def _order(stored: StoredOrder, prepared: Collection[str]) -> Order:
    return Order(stored.subject, stored.visit, stored.bag, stored.at, stored.bag in prepared)


def _row(stored: Record) -> Row:
    wraps: dict[str, str] = json.loads(stored.wraps)
    return Row(
        Place(stored.study, stored.site, stored.record, stored.bag), stored.sequence, _moment(stored.at), stored.by,
        stored.role, SealedRecord(bytes(stored.box), {name: unwritten(each) for name, each in wraps.items()}),
        stored.previous, stored.hash,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()

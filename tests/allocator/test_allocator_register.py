"""What the database itself refuses to do to the pharmacy's orders and records, whatever the code wants."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connections, transaction

from equipoise.allocator import register
from equipoise.allocator.models import Order, Record
from equipoise.envelopes import Place, SealedRecord

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ORDER = {"study": "s", "subject": "01-001", "visit": "week_0", "bag": "B", "by": "p", "role": "pharmacist", "at": AT}


def added(name, site="01"):
    row = register.add_record(
        place=Place("s", site, name * 32), sealed=SealedRecord(b"box", {"p": b"w"}), by="p", role="pharmacist", at=AT,
        entitled={"pharmacist"}, may_see=bool,
    )  # fmt: skip
    assert not isinstance(row, register.Refused)
    return row


@pytest.fixture
def stored():
    order = Order.objects.create(**ORDER)
    first, second = added("a"), added("b")
    return order, first, second


def refused(statement, *values):
    with pytest.raises(IntegrityError), transaction.atomic(using="allocator"):
        connections["allocator"].cursor().execute(statement, values)


def test_nothing_is_removed_or_changed(stored):
    for table in ("allocator_order", "allocator_record"):
        refused(f"DELETE FROM {table}")
        refused(f"UPDATE {table} SET bag = 'other'")
    assert (Order.objects.count(), Record.objects.count()) == (1, 2)


def test_a_record_follows_the_one_before_it(stored):
    _, first, second = stored
    assert (first.previous, second.previous) == ("", first.hash)
    other = added("c", site="02")
    assert (other.sequence, other.previous) == (1, "")
    for sequence, previous in ((3, first.hash), (4, second.hash), (3, ""), (5, "")):
        fields = {"by": "p", "role": "r", "at": AT, "box": b"", "wraps": "{}", "hash": "h"}
        with pytest.raises(IntegrityError), transaction.atomic(using="allocator"):
            Record.objects.create(study="s", site="01", record="d", sequence=sequence, previous=previous, **fields)


def test_an_order_is_opened_once(stored):
    for change in ({}, {"bag": "C"}, {"visit": "week_2"}):
        with pytest.raises(IntegrityError), transaction.atomic(using="allocator"):
            Order.objects.create(**ORDER | change)


def test_rows_are_named(stored):
    order, *_ = stored
    assert str(order) == "s B"
    assert str(Record.objects.get(sequence=2)) == "s 01 2"

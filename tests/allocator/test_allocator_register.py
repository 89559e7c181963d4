"""What the database itself refuses to do to the pharmacy's orders and records, whatever the code wants."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from equipoise.allocator import register
from equipoise.allocator.models import Order, Record
from equipoise.envelopes import Place, SealedRecord
from tests.append_only import take_triggers_down

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_REPLICA = "SET LOCAL session_replication_role = replica;"
ENGINE = {  # roads past the triggers that only one of the two has
    "sqlite": ("INSERT OR REPLACE INTO {0} SELECT * FROM {0}",),
    "postgresql": ("TRUNCATE {0}", f"{AS_REPLICA} DELETE FROM {{0}}", f"{AS_REPLICA} TRUNCATE {{0}}"),
}
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
        for statement in ENGINE[connections["allocator"].vendor]:
            refused(statement.format(table))
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


# --- Verification -------------------------------------------------------------------------------------------------


def altered(statement, *values):
    """What somebody who owns the database can do: the triggers are gone, and the statement runs."""
    take_triggers_down("allocator")
    with connections["allocator"].cursor() as cursor:
        cursor.execute(statement, values)


def found(**more):
    read = register.verify(study="s", **more)
    return {site: head.records for site, head in read.heads.items()}, [(p.id, p.where) for p in read.problems]


def test_registers_that_stand_verify_and_end_in_their_last_record(stored):
    _, _, second = stored
    other = added("c", site="02")
    assert found() == ({"01": 2, "02": 1}, [])
    heads = register.verify(study="s").heads
    assert (heads["01"].hash, heads["02"].hash) == (second.hash, other.hash)
    assert register.verify(study="other") == register.Verification({}, ())


@pytest.mark.parametrize(
    ("statement", "identity", "where"),
    [
        ("UPDATE allocator_record SET \"by\" = 'x' WHERE sequence = 2", "envelopes.E122", "s 01 record 2"),
        ("DELETE FROM allocator_record WHERE sequence = 1", "envelopes.E124", "s 01 record 1"),
    ],
)
def test_one_record_that_was_touched_is_named(stored, statement, identity, where):
    added("c", site="02")
    altered(statement)
    assert found()[1] == [(identity, where)]


def test_records_removed_at_the_end_are_missed_by_the_bags_that_left(stored):
    """The chain stands; the bag that the ledger released has no record."""
    place, sealed = Place("s", "01", "d" * 32, "B"), SealedRecord(b"box", {"p": b"w"})
    asked = {"by": "p", "role": "pharmacist", "at": AT, "entitled": {"pharmacist"}, "may_see": bool}
    assert not isinstance(register.add_record(place=place, sealed=sealed, **asked), register.Refused)
    assert found(released=["B"]) == ({"01": 3}, [])
    altered("DELETE FROM allocator_record WHERE sequence = 3")
    assert found() == ({"01": 2}, [])
    assert found(released=["B"]) == ({"01": 2}, [("allocator.E022", "s")])


@pytest.mark.parametrize("column", ["wraps", "box", '"by"'])
def test_a_record_that_is_none_any_more_is_named_by_the_one_before(stored, column):
    if connections["allocator"].vendor != "sqlite":
        pytest.skip("PostgreSQL keeps text only")
    altered(f"UPDATE allocator_record SET {column} = CAST(X'FF' AS TEXT) WHERE sequence = 2")
    assert found() == ({"01": 1}, [("allocator.E021", "s 01 record 1")])


def test_a_register_is_at_hand_where_its_tables_are(monkeypatch):
    assert register.at_hand()
    monkeypatch.setattr(register.Record._meta, "db_table", "elsewhere")
    assert not register.at_hand()

    def unreachable():
        raise OperationalError("no route to the server")

    monkeypatch.setattr(connections["allocator"].introspection, "table_names", unreachable)
    assert not register.at_hand()


def test_rows_are_named(stored):
    order, *_ = stored
    assert str(order) == "s B"
    assert str(Record.objects.get(sequence=2)) == "s 01 2"

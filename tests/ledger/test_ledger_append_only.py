"""Append-only at two depths: the code refuses, and the database refuses whoever comes in beside the code."""

import pytest
from django.db import Error, connection, transaction

from equipoise.ledger.models import Act, ActPlace, LedgerError, ProtocolText, SealedList, Value
from equipoise.ledger.models import Study as StoredStudy
from tests.conftest import with_triggers_down
from tests.desk.at_work import Study

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

_COPY = "study, sequence, key, kind, version, subject, site, at, by, role, reason, protocol, body, previous, hash"
_OTHER = "'other', 99, 'other', kind, version, subject, site, at, by, role, reason, protocol, body, previous"
BOTH = (
    "UPDATE ledger_act SET reason = 'another'",
    "UPDATE ledger_act SET body = '{}' WHERE sequence = 2",
    "UPDATE ledger_act SET id = id + 100",
    "DELETE FROM ledger_act",
    "DELETE FROM ledger_act WHERE sequence = (SELECT MAX(sequence) FROM ledger_act)",
    f"INSERT INTO ledger_act ({_COPY}) SELECT {_COPY} FROM ledger_act WHERE sequence = 2",
    f"INSERT INTO ledger_act ({_COPY}) SELECT {_OTHER}, hash FROM ledger_act WHERE sequence = 2",
    f"INSERT INTO ledger_act ({_COPY}) SELECT {_COPY} FROM ledger_act WHERE sequence = 2"
    " ON CONFLICT (hash) DO UPDATE SET reason = 'another'",
)
SQLITE = (
    f"INSERT OR REPLACE INTO ledger_act ({_COPY}) SELECT {_COPY} FROM ledger_act WHERE sequence = 2",
    f"REPLACE INTO ledger_act (id, {_COPY}) SELECT id, {_OTHER}, 'new' FROM ledger_act WHERE sequence = 2",
    f"INSERT OR REPLACE INTO ledger_act ({_COPY}) SELECT {_OTHER}, hash FROM ledger_act WHERE sequence = 2",
    f"INSERT OR IGNORE INTO ledger_act ({_COPY}) SELECT {_COPY} FROM ledger_act WHERE sequence = 2",
    "UPDATE OR REPLACE ledger_act SET sequence = 3 WHERE sequence = 2",
)
POSTGRESQL = (
    "TRUNCATE ledger_act",
    "TRUNCATE ledger_act CASCADE",
    "SET LOCAL session_replication_role = replica; DELETE FROM ledger_act",
    "SET LOCAL session_replication_role = replica; TRUNCATE ledger_act",
    "SET LOCAL session_replication_role = replica; UPDATE ledger_act SET reason = 'another'",
)
HERE = {"sqlite": (*BOTH, *SQLITE), "postgresql": (*BOTH, *POSTGRESQL)}


@pytest.fixture
def study():
    made = Study()
    made.consented()
    return made


def everything():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_act ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize("statement", sorted({*BOTH, *SQLITE, *POSTGRESQL}))
def test_the_database_refuses(study, statement):
    if statement not in HERE[connection.vendor]:
        pytest.skip(f"not a statement of {connection.vendor}")
    before = everything()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert everything() == before


@pytest.mark.parametrize("pragma", ["ON", "OFF"])
def test_replacing_is_refused_whatever_the_connection_says(study, pragma):
    if connection.vendor != "sqlite":
        pytest.skip("a setting of SQLite's connections")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {pragma}")
    for statement in SQLITE[:3]:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Act.objects.first().save(),
        lambda: Act(study="tablets", sequence=99).save(),
        lambda: Act.objects.create(study="tablets", sequence=99),
        lambda: Act.objects.bulk_create([Act(study="tablets", sequence=99)]),
        lambda: Act.objects.first().delete(),
        lambda: Act.objects.all().delete(),
        lambda: Act.objects.filter(sequence=2).update(reason="another"),
        lambda: Act.objects.bulk_update([Act.objects.first()], ["reason"]),
    ],
)
def test_the_code_refuses(study, change):
    before = everything()
    with pytest.raises(LedgerError), transaction.atomic():
        change()
    assert everything() == before


def test_rows_in_a_log_name_what_they_are_and_no_more(study):
    code = study.seen()
    act = Act.objects.get(sequence=2)
    assert str(act) == "tablets 2 SiteActivated"
    assert str(StoredStudy.objects.get()) == "tablets"
    assert str(ProtocolText.objects.get()).startswith("protocol.yaml ")
    assert str(SealedList(study="tablets", file=b"")) == "tablets"
    age = Value.objects.get(item="age")
    assert str(age) == f"{code} screening history.age"
    assert age.value not in str(age)
    place = ActPlace.objects.get(sequence=age.sequence)
    assert str(place) == f"{place.sequence} screening history"


def test_the_tests_themselves_put_the_triggers_back(study):
    """Emptying the tables after a test that committed takes the triggers away for a moment, and no longer."""
    removed = []
    with_triggers_down(["default"], lambda: removed.append(everything()))
    assert removed
    for statement in HERE[connection.vendor]:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert everything() == removed[0]

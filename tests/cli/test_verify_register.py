"""`equipoise verify` and the pharmacy's register: read where it is at hand, and one altered record is named."""

from datetime import timedelta
from io import StringIO

import pytest
from django.db import connections
from rich.console import Console

from equipoise.cli import verify as command
from tests.desk.at_work import done
from tests.web.web_pharmacy import make_pharmacy, opened, recorded
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
FIRST, SECOND = "01-001", "01-002"
PREPARATION = {"kind": "preparation", "day": "2021-04-15", "lines": [{"product": "saline", "lot": "A", "units": 1}]}


@pytest.fixture
def world():
    """Two doses were prepared, recorded and released."""
    made = make_pharmacy("pharmacy")
    for code in (FIRST, SECOND):
        recorded(made, PREPARATION, opened(made, code).order.bag)
    made.now += timedelta(minutes=60)
    for code in (FIRST, SECOND):
        done(made.desk.release_dose(code, "week_0", by=person("pharmacist"), key=f"release {code}"))
    return made


@pytest.fixture
def verified(world, monkeypatch):
    """What the command finds and prints, in this process."""

    def run(at_hand=True):
        monkeypatch.setattr(command, "has_database", lambda alias: at_hand and alias == "allocator")
        console = Console(record=True, width=200, file=StringIO())
        return command._verified(console, world.ledger, False), console.export_text()

    return run


def altered(statement):
    with connections["allocator"].cursor() as cursor:
        for name in ("kept", "once"):
            cursor.execute(f"DROP TRIGGER allocator_record_{name}")
        cursor.execute(statement)


def test_a_register_at_hand_is_read_and_its_end_is_told(verified):
    found, printed = verified()
    assert found["problems"] == []
    assert found["registers"]["01"]["records"] == 2
    assert len(found["registers"]["01"]["hash"]) == 64
    assert "verifies" in printed
    assert "the pharmacy's register: 2 records" in printed


def test_one_altered_record_is_named(verified):
    altered("UPDATE allocator_record SET bag = bag || 'X' WHERE sequence = 2")
    found, printed = verified()
    assert [problem.split(":")[0] for problem in found["problems"]] == ["pharmacy 01 record 2", "pharmacy"]
    assert "does not verify" in printed
    assert "envelopes.E122" in printed
    assert "allocator.E022" in printed  # and the bag it was the record of has none


def test_a_record_removed_at_the_end_is_missed(verified, world):
    altered("DELETE FROM allocator_record WHERE sequence = 2")
    found, printed = verified()
    assert found["registers"]["01"]["records"] == 1
    assert "allocator.E022" in printed
    (bag,) = world.ledger.subject(SECOND).doses["week_0"]
    assert bag in printed


def test_without_the_allocators_database_the_ledger_is_verified_alone(verified, monkeypatch):
    altered("DELETE FROM allocator_record")
    found, printed = verified(at_hand=False)
    assert (found["registers"], found["problems"]) == (None, [])
    assert "was not read" in printed
    monkeypatch.setattr("equipoise.allocator.register.at_hand", lambda: False)
    assert verified()[0]["registers"] is None

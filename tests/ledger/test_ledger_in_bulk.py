"""The large study of the benchmarks is a ledger like any other: it verifies, and its pages could be worked on."""

from datetime import UTC, datetime

import pytest

from benchmarks.big_study import make
from equipoise.ledger.models import Value
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from tests.desk.at_work import FILE

pytestmark = pytest.mark.django_db


def test_a_study_made_in_bulk_stands_up_to_verification():
    size = make("bulk", FILE.read_bytes(), 4, datetime(2026, 11, 1, tzinfo=UTC))
    found = verify(Ledger.of("bulk"))
    assert found.problems == ()
    assert (len(found.snapshot.subjects), found.acts) == (size.subjects, size.acts)
    assert Value.objects.filter(study="bulk").count() == size.values > 100
    assert all(subject.randomised and subject.values for subject in found.snapshot.subjects.values())

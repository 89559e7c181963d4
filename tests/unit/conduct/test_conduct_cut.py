"""A data cut sees what was recorded by an act or a day, and nothing later."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from equipoise.conduct import acts as a
from equipoise.conduct.cut import up_to

EVENING = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def recorded(sequence, at):
    act = a.StudyLocked() if sequence % 2 else a.StudyUnlocked()
    return a.Recorded("t", sequence, f"k{sequence}", at, a.Person("p", "r"), "", "d", act, "", "")


ACTS = [
    recorded(1, EVENING - timedelta(days=1)),
    recorded(2, EVENING),
    recorded(3, (EVENING + timedelta(minutes=10)).astimezone(timezone(timedelta(hours=8)))),  # the next day in Beijing
    recorded(4, EVENING + timedelta(hours=1)),
]


@pytest.mark.parametrize(
    ("cut", "seen"),
    [(None, 4), (3, 3), (99, 4), (0, 0), (date(2026, 3, 1), 3), (date(2026, 2, 28), 1), (date(2026, 2, 27), 0)],
)
def test_the_acts_up_to_an_act_or_a_day_of_universal_time(cut, seen):
    assert [each.sequence for each in up_to(ACTS, cut)] == [1, 2, 3, 4][:seen]

"""What stands below a curve over time: the weeks at which participants are counted, and how many are still followed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from equipoise.analysis.ard import Statistic
from equipoise.analysis.question import Question

DAYS_OF_A_WEEK: Final = 7
_STEPS: Final = (1, 2, 4, 8, 13, 26, 52, 104)  # weeks between two counts
_MOST: Final = 14  # such steps across a figure


def weeks_counted(question: Question, last_days: Iterable[float]) -> tuple[int, ...]:
    """Weeks on a regular grid to the end of the endpoint's time, or of follow-up (its last days) if that is later."""
    planned = question.cohort.protocol.visit_by_id[question.endpoint.through].week
    end = max([float(planned), *(day / DAYS_OF_A_WEEK for day in last_days)])
    step = next((step for step in _STEPS if end / step <= _MOST), _STEPS[-1])
    return tuple(range(0, int(end + 0.5) + 1, step))


def at_risk(question: Question, arm: str, weeks: Sequence[int], numbers: Sequence[int]) -> Iterator[Statistic]:
    """How many of an arm are still followed in each week; `level` is the week."""
    total = len(question.in_arm(arm))
    for week, number in zip(weeks, numbers, strict=True):
        yield Statistic(analysis=question.estimand.id, statistic="at_risk", level=str(week), arm=arm, n=number, N=total)

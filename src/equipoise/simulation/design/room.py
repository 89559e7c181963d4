"""Room to simulate trials of a design in: made once for many of them, one for each thread."""

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.analysis_kernels import (
    FACTS,
    RESULTS,
    analyse_rows,
    bench_for,
    many_trials,
    one_analysis,
)
from equipoise.simulation.design.look_kernels import MOMENT, NOBODY, observe_by
from equipoise.simulation.design.plan import Floats, Plan
from equipoise.simulation.design.trial_kernels import Rows, rows_for, workspace_for


class Room:
    """The rows of one trial after another. `rows` hold the last one, `seen` what was last looked at of it."""

    def __init__(self, plan: Plan, key: npt.NDArray[np.uint64]) -> None:
        self.plan, self.key, self.trial = plan, key, -1
        self.space, self.rows, self.bench = workspace_for(plan), rows_for(plan), bench_for(plan)
        self.seen = rows_for(plan)._replace(entered=self.rows.entered, site=self.rows.site)
        self.judged = np.zeros(plan.participants)
        self._results = np.empty(len(RESULTS))

    def fill(self, first: int, lines: Floats) -> None:
        """Simulate as many trials as there are lines: facts, and the results of every analysis."""
        many_trials(first, self.key, self.plan, self.space, self.rows, self.bench, lines)
        self.trial = first + lines.shape[0] - 1

    def analyse(self, line: Floats) -> None:
        """Facts and results once more, after the rows were changed; who has no arm is passed over."""
        analyse_rows(self.plan, self.rows, self.bench, line[FACTS.index("guessed")], line)

    def analysed(self, place: int) -> Floats:
        """The results of one analysis of what was last looked at."""
        one_analysis(place, self.plan, self.seen, self.bench, self._results)
        return self._results

    def look(self, day: float, last: int) -> None:
        """See what is known on a calendar day of so many participants."""
        self._observe(day, 0, last, self.seen)

    def look_at_outcomes(self, day: float, last: int) -> None:
        """See the outcomes at the end of those of so many whose outcome can be judged by a calendar day."""
        known = self.rows.entered + self.judged <= day + MOMENT
        known[last:] = False
        self.seen.arm[:] = np.where(known, self.rows.arm, NOBODY)
        self.seen.state[:] = self.rows.state

    def observe_again(self, first: int, last: int) -> None:
        """What happens to some participants, after their days of entry were changed."""
        self._observe(np.inf, first, last, self.rows)

    def _observe(self, day: float, first: int, last: int, seen: Rows) -> None:
        observe_by(day, first, last, self.trial, self.key, self.plan, self.space, self.rows, seen, self.judged)

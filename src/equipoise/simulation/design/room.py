"""Room to simulate trials of a design in: made once for many of them, one for each thread."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.analysis_kernels import (
    FACTS,
    RESULTS,
    analyse,
    bench_for,
    many_trials,
    one_analysis,
)
from equipoise.simulation.design.beside import Beside
from equipoise.simulation.design.look_kernels import MOMENT, NOBODY, observe_by
from equipoise.simulation.design.modelling import fit
from equipoise.simulation.design.plan import Floats, Plan
from equipoise.simulation.design.strategy_kernels import apply_strategies
from equipoise.simulation.design.trial_kernels import Rows, rows_for, workspace_for

_REJECTED = RESULTS.index("rejected")


class Room:
    """The rows of one trial after another. `rows` hold the last one, `seen` what was last looked at of it.

    `beside` are the analyses that the kernels do not compute in their pass, by place.
    """

    def __init__(self, plan: Plan, key: npt.NDArray[np.uint64], beside: Mapping[int, Beside]) -> None:
        self.plan, self.key, self.beside, self.trial = plan, key, beside, -1
        self.space, self.rows, self.bench = workspace_for(plan), rows_for(plan), bench_for(plan)
        self.seen, self._under = self._like(rows_for(plan)), self._like(rows_for(plan))
        self.judged = np.zeros(plan.participants)

    def _like(self, rows: Rows) -> Rows:
        """Other rows of the same participants."""
        return rows._replace(
            entered=self.rows.entered, site=self.rows.site, stratum=self.rows.stratum, covariates=self.rows.covariates
        )

    def fill(self, first: int, lines: Floats) -> None:
        """Simulate as many trials as there are lines: facts, and the results of every analysis."""
        pieces = np.split(lines, lines.shape[0]) if self.beside else [lines]
        for piece in pieces:
            many_trials(first, self.key, self.plan, self.space, self.rows, self.bench, piece)
            first += piece.shape[0]
            self._add_beside(piece[0])
        self.trial = first - 1

    def analyse(self, line: Floats) -> None:
        """Facts and results once more, after the rows were changed; who has no arm is passed over."""
        analyse(self.plan, self.rows, self.bench, line[FACTS.index("guessed")], line)
        self._add_beside(line)

    def analysed(self, place: int) -> Floats:
        """The results of one analysis of what was last looked at."""
        results = np.empty(len(RESULTS))
        self._one(place, self.seen, results)
        return results

    def read(self, place: int, rows: Rows) -> Rows:
        """The rows as an analysis reads them: under its strategies for intercurrent events, until the next are read."""
        one = self.beside.get(place)
        if one is None or not one.changed:
            return rows
        apply_strategies(one.strategies, one.fails, one.complete, self.plan, rows, self._under)
        return self._under

    def _add_beside(self, line: Floats) -> None:
        """The results of the analyses that the kernels do not compute in their pass."""
        for place in self.beside:
            first = len(FACTS) + place * len(RESULTS)
            self._one(place, self.rows, line[first : first + len(RESULTS)])

    def _one(self, place: int, rows: Rows, results: Floats) -> None:
        one, rows = self.beside.get(place), self.read(place, rows)
        if one is None or one.model is None:
            one_analysis(place, self.plan, rows, self.bench, results)
            return
        results[:_REJECTED] = fit(one.model, rows, self.plan)
        results[_REJECTED] = results[_REJECTED - 1] > self.plan.analyses.z**2

    def look(self, day: float, last: int) -> None:
        """See what is known on a calendar day of so many participants."""
        self._observe(day, 0, last, self.seen)

    def look_at_outcomes(self, day: float, last: int) -> None:
        """See everything of those of so many whose outcome can be judged by a calendar day, of others nothing."""
        known = self.rows.entered + self.judged <= day + MOMENT
        known[last:] = False
        for name in ("state", "event", "time", "days", "courses"):
            getattr(self.seen, name)[:] = getattr(self.rows, name)
        self.seen.arm[:] = np.where(known, self.rows.arm, NOBODY)
        for name in ("base", "final"):
            getattr(self.seen, name)[:] = np.where(known, getattr(self.rows, name), np.nan)

    def observe_again(self, first: int, last: int) -> None:
        """What happens to some participants, after their days of entry were changed."""
        self._observe(np.inf, first, last, self.rows)

    def _observe(self, day: float, first: int, last: int, seen: Rows) -> None:
        observe_by(day, first, last, self.trial, self.key, self.plan, self.space, self.rows, seen, self.judged)

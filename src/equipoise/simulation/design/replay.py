"""A single simulated trial, by its number: its analysis rows, its results, and the course of each participant."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.simulation.design.analysis_kernels import FACTS, RESULTS
from equipoise.simulation.design.lines import lines_of
from equipoise.simulation.design.nature_kernels import ATTENDED, DAY, DOSE, SCORE, STATE
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.running import key_of
from equipoise.simulation.design.trial_kernels import Rows, follow_everybody


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """A trial as the kernels saw it: rows, the line of its results, and participants × (…) × assessments."""

    design: Design
    number: int
    rows: Rows
    line: Floats
    courses: Floats
    leaves: Floats  # the day on which each participant leaves or dies; infinity if never

    @property
    def facts(self) -> dict[str, float]:
        """The facts of the trial by their names."""
        return dict(zip(FACTS, self.line.tolist(), strict=False))

    @property
    def told(self) -> dict[str, float]:
        """What else the design tells of the trial, by its names."""
        first = len(FACTS) + len(self.design.analyses) * len(RESULTS)
        return {each.name: value for each, value in zip(self.design.told, self.line[first:].tolist(), strict=True)}

    def results(self, analysis: int) -> dict[str, float]:
        """The results of an analysis by their names."""
        first = len(FACTS) + analysis * len(RESULTS)
        return dict(zip(RESULTS, self.line[first : first + len(RESULTS)].tolist(), strict=True))


def replay(design: Design, seed: int, number: int) -> Replayed:
    """Trial `number` of a seed, the same as among any others."""
    plan, key = design.plan, key_of(seed)
    room = Room(plan, key, design.beside)
    (line,) = lines_of(design, room, number, 1)
    courses, leaves = np.zeros((plan.participants, *room.space.course.shape)), np.zeros(plan.participants)
    follow_everybody(number, key, plan, room.space, room.rows, courses, leaves)
    there = int((room.rows.arm >= 0).sum())  # the first of them: who was never randomised is not told
    rows = Rows._make([*(part[..., :there] for part in room.rows[:-1]), courses[:there]])
    return Replayed(design, number, rows, line, courses[:there], leaves[:there])


def participants_of(trial: Replayed) -> pl.DataFrame:
    """One row for each participant: arm, site, day of entry, time to the event or censoring, and its state."""
    rows, arms = trial.rows, trial.design.arms
    states = {1: "event", 0: "no_event", -1: "unknown"}
    return pl.DataFrame(
        {
            "DATA": ["SIMULATED"] * rows.arm.size, "participant": np.arange(rows.arm.size) + 1,
            "site": rows.site + 1, "arm": [arms[arm] for arm in rows.arm], "entered_day": rows.entered,
            "days": rows.time, "event": rows.event, "state": [states[int(state)] for state in rows.state],
            "onsets": rows.events, "score_baseline": rows.base[0], "score_final": rows.final[0],
            "dose_baseline": rows.base[1], "dose_final": rows.final[1], **_covariates(trial),
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None))  # fmt: skip


def _covariates(trial: Replayed) -> dict[str, list[str] | list[float]]:
    """What participants are like at baseline, by the name of each covariate; a level by its code."""
    found: dict[str, list[str] | list[float]] = {}
    for (name, levels), values in zip(trial.design.covariates.items(), trial.rows.covariates, strict=True):
        found[name] = [levels[int(level)] for level in values] if levels else values.tolist()
    return found


def assessments_of(trial: Replayed) -> pl.DataFrame:
    """One row for each assessment attended: its visit and day, what it said of the event, the score and the dose."""
    attended = np.argwhere(trial.courses[:, ATTENDED, 1:] == 1.0)
    told = {name: trial.courses[attended[:, 0], row, attended[:, 1] + 1] for name, row in _COLUMNS.items()}
    visits = [trial.design.visits[place].id for place in attended[:, 1]]
    states = {1.0: "yes", 0.0: "no", -1.0: "unknown"}
    return pl.DataFrame(
        {
            "DATA": ["SIMULATED"] * len(visits), "participant": attended[:, 0] + 1, "visit": visits,
            "day": told["day"], "event": [states[state] for state in told["state"].tolist()], "score": told["score"],
            "dose": told["dose"],
        }
    )  # fmt: skip


_COLUMNS = {"day": DAY, "state": STATE, "score": SCORE, "dose": DOSE}

"""The usual mixed model of a trial: adjusted means of every arm at every visit, and their differences."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.covariance_structures import Structure
from equipoise.statistics.means.kenward_roger import Freedom
from equipoise.statistics.means.linear import Covariate
from equipoise.statistics.means.mmrm import FTest, MixedModelFit, mmrm
from equipoise.statistics.means.visit_design import Cells, arm_by_visit, covariate_columns, indicators
from equipoise.statistics.numerics.ordering import Labels
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AdjustedMeansByVisit:
    """Adjusted means of every arm at every visit, and the difference of every other arm from the reference.

    Outer tuples run over `visits`; inner ones over `arms`, reference first, and over arms[1:]. The counts of an
    estimate are the patients of its arms who have a value at that visit; everybody's other visits inform it too.
    """

    method: str
    reference: str
    arms: tuple[str, ...]
    visits: tuple[str, ...]
    adjusted_means: tuple[tuple[Estimate, ...], ...]
    differences: tuple[tuple[Estimate, ...], ...]
    freedom: Freedom
    fit: MixedModelFit

    def adjusted_mean(self, arm: Hashable, visit: Hashable) -> Estimate:
        """The adjusted mean of an arm at a visit."""
        return self.adjusted_means[self.visits.index(str(visit))][self.arms.index(str(arm))]

    def difference(self, arm: Hashable, visit: Hashable) -> Estimate:
        """The difference of an arm from the reference at a visit."""
        return self.differences[self.visits.index(str(visit))][self.arms[1:].index(str(arm))]

    def any_difference(self) -> FTest | NotEstimable:
        """Whether any arm differs from the reference at any visit: all differences tested at once."""
        cells, arms = len(self.visits) * len(self.arms), len(self.arms)
        unit = np.eye(len(self.fit.names))[:cells]
        rows = [unit[cell] - unit[cell - cell % arms] for cell in range(cells) if cell % arms]
        return self.fit.joint_test(np.array(rows), freedom=self.freedom)


def mmrm_by_visit(
    outcome: npt.ArrayLike,
    arm: Labels,
    subject: Labels,
    visit: Labels,
    covariates: Mapping[str, Covariate],
    *,
    reference: Hashable,
    by_visit: Collection[str] = (),
    visits: Sequence[Hashable] | None = None,
    structure: Structure = "us",
    reml: bool = True,
    freedom: Freedom = "satterthwaite",
    level: float = 0.95,
) -> AdjustedMeansByVisit | NotEstimable:
    """Arm × visit, covariates, and those named in `by_visit` × visit; one row for every observation.

    A covariate of words is a factor, any other a number. Adjusted means are taken at the mean of every number over the
    observations and the equal-weight average of every factor's levels (least-squares means).
    """
    if strangers := set(by_visit) - set(covariates):
        raise ValueError(f"there is no covariate {', '.join(sorted(strangers))}")
    cells = arm_by_visit(np.size(outcome), arm, visit, reference, visits)
    if isinstance(cells, NotEstimable):
        return cells
    names, values, centres = list(cells.names), [indicators(cells.visit * len(cells.arms) + cells.arm)], []
    for name, given in covariates.items():
        added = covariate_columns(name, given, cells, by_visit=name in by_visit)
        if isinstance(added, NotEstimable):
            return added
        names.extend(added.names)
        values.append(added.values)
        centres.append(added.centre)
    fit = mmrm(
        outcome,
        np.hstack(values),
        subject,
        visit,
        names=names,
        visits=cells.visits,
        structure=structure,
        reml=reml,
        level=level,
    )
    if isinstance(fit, NotEstimable):
        return fit
    return _result(fit, cells, np.hstack([np.zeros((len(cells.visits), 0)), *centres]), freedom)


def _result(fit: MixedModelFit, cells: Cells, centre: Floats, freedom: Freedom) -> AdjustedMeansByVisit:
    arms, unit = len(cells.arms), np.eye(cells.counts.size)

    def estimated(visit: int, arm: int, *, difference: bool) -> Estimate:
        """A cell at the centre of the covariates, or its difference from the reference's, as one contrast."""
        cell = unit[visit * arms + arm] - (unit[visit * arms] if difference else 0.0)
        weights = np.concatenate([cell, 0.0 * centre[visit] if difference else centre[visit]])
        shown = (arm, 0) if difference else (arm,)
        counts = tuple(Denominator(str(cells.arms[one]), int(cells.counts[visit, one])) for one in shown)
        return replace(fit.contrast(weights, freedom=freedom), denominators=counts)

    visits = range(len(cells.visits))
    return AdjustedMeansByVisit(
        method=f"mmrm/{fit.structure}/{freedom}",
        reference=str(cells.arms[0]),
        arms=tuple(str(arm) for arm in cells.arms),
        visits=fit.visits,
        adjusted_means=tuple(tuple(estimated(v, arm, difference=False) for arm in range(arms)) for v in visits),
        differences=tuple(tuple(estimated(v, arm, difference=True) for arm in range(1, arms)) for v in visits),
        freedom=freedom,
        fit=fit,
    )

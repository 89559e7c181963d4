"""The model that missing values are imputed by: means by arm and visit, one covariance, and the strategies on them.

A patient's missing values follow the normal distribution of all visits given the values seen. Its mean is that of the
own arm (MAR), or turns to the reference arm after withdrawal: at once (JR, jump to reference), in all its history (CR,
copy reference), or in its steps only (CIR, copy increments in reference) (Carpenter, Roger & Kenward 2013).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from equipoise.statistics.means.covariance_structures import Family, Structure, family
from equipoise.statistics.means.mixed_likelihood import Point, where_seen
from equipoise.statistics.means.mixed_optimum import Optimum, neighbour, optimum
from equipoise.statistics.means.patients_by_visit import PatientsByVisit
from equipoise.statistics.means.repeated_measures import Blocks, blocks, rows
from equipoise.statistics.means.visit_design import Cells, covariate_columns
from equipoise.statistics.result import Floats, Integers, NotEstimable

Strategy = Literal["MAR", "JR", "CR", "CIR"]

# Below this share of the design's information, the rest of the patients do not determine every coefficient.
_LITTLE_LEFT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Coefficients of the means and the covariance of the visits, in the units of the outcome."""

    coefficients: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ImputationModel:
    """The mixed model fitted to what was seen, and the rows of its design for every patient and visit.

    `own` are those rows in the patient's arm, `over` what they would be in the reference arm.
    """

    data: PatientsByVisit
    strategy: Strategy
    own: Floats  # patients × visits × columns
    over: Floats
    family: Family
    fitted: Blocks
    place: Integers  # among the patients, of every one in the fit
    best: Optimum
    patterns: Floats  # patterns of visits seen, 1 or 0, whether fitted to or not
    pattern: Integers = field(repr=False)  # of every patient

    def parameters(self, at: Point, coefficients: Floats | None = None) -> Parameters:
        """The parameters at a point of the likelihood; its own coefficients unless others are given."""
        scaled = at.coefficients if coefficients is None else coefficients
        return Parameters(self.fitted.back @ scaled, at.shape.matrix * self.fitted.deviation**2)

    def without(self, patient: int) -> Parameters | NotEstimable:
        """The parameters if this patient had not taken part."""
        rest = np.flatnonzero(self.place != patient)
        if len(rest) == len(self.place):
            return self.parameters(self.best.at)
        left = self.fitted.of(rest)
        (gone,) = self.fitted.design[self.place == patient]
        determined = np.linalg.eigvalsh(np.eye(gone.shape[1]) - gone.T @ gone)[0] > _LITTLE_LEFT
        found = neighbour(self.best, left, self.family) if determined else None
        if found is None or isinstance(found, NotEstimable) or self.family.unseen(left.together).any():
            return NotEstimable("patient_indispensable", (str(self.data.patients[patient]),))
        return self.parameters(found)

    def mean(self, parameters: Parameters) -> Floats:
        """What every patient is expected to have at every visit under the strategy: patients × visits."""
        own, over = self.own @ parameters.coefficients, self.over @ parameters.coefficients
        before = self.data.before
        if self.strategy == "MAR":
            return np.asarray(own)
        if self.strategy == "CR":
            return np.where(before.all(axis=1, keepdims=True), own, over)
        if self.strategy == "CIR":
            last = before.sum(axis=1, keepdims=True) - 1
            apart = np.take_along_axis(own - over, np.maximum(last, 0), axis=1)
            over = over + np.where(last >= 0, apart, 0.0)
        return np.where(before, own, over)

    def completed(self, parameters: Parameters) -> Floats:
        """The outcome with its gaps filled by their conditional mean given what was seen: patients × visits."""
        return self._completed(parameters, self._inverse(parameters))

    def drawn(self, parameters: Parameters, random: np.random.Generator) -> Floats:
        """The outcome with its gaps filled by one draw from their conditional distribution."""
        inverse, covariance = self._inverse(parameters), parameters.covariance
        unseen = where_seen(covariance - covariance @ inverse @ covariance, 1.0 - self.patterns)
        noise = np.linalg.cholesky(unseen)[self.pattern] @ random.standard_normal(self.data.outcome.shape)[..., None]
        return self._completed(parameters, inverse) + np.where(self.data.seen, 0.0, noise[..., 0])

    def _inverse(self, parameters: Parameters) -> Floats:
        """The inverse covariance of what every pattern has seen, zero elsewhere: patterns × visits × visits."""
        both = self.patterns[:, :, None] * self.patterns[:, None, :]
        return np.asarray(np.linalg.inv(where_seen(parameters.covariance, self.patterns)) * both)

    def _completed(self, parameters: Parameters, inverse: Floats) -> Floats:
        mean, seen = self.mean(parameters), self.data.seen
        off = np.where(seen, self.data.outcome - mean, 0.0)
        pulled = (parameters.covariance @ inverse)[self.pattern] @ off[..., None]
        return np.where(seen, self.data.outcome, mean + pulled[..., 0])


def imputation_model(
    data: PatientsByVisit, strategy: Strategy, *, by_visit: Collection[str], structure: Structure, reml: bool
) -> ImputationModel | NotEstimable:
    """Fit arm × visit, covariates, and those named in `by_visit` × visit.

    What was seen after withdrawal says nothing about the arm's own course and is left out, unless the strategy is MAR.
    """
    used = data.seen if strategy == "MAR" else data.seen & data.before
    counts, cells = data.counts(used), _every_cell(data)
    if unseen := tuple(str(visit) for visit, row in zip(data.visits, counts, strict=True) if not row.any()):
        return NotEstimable("visit_never_observed", unseen)
    if not counts.all():
        empty = zip(cells.names, counts.ravel(), strict=True)
        return NotEstimable("empty_arm", tuple(name for name, count in empty if count == 0))
    designs = _designs(data, cells, by_visit)
    if isinstance(designs, NotEstimable):
        return designs
    names, own, over = designs
    who, when = np.nonzero(used)
    given = rows(data.outcome[used], own[used], who, when, names, range(len(data.visits)))
    ready = given if isinstance(given, NotEstimable) else blocks(given)
    if isinstance(ready, NotEstimable):
        return ready
    wanted = family(structure, len(data.visits))
    if (apart := wanted.unseen(ready.together)).any():
        pairs = np.argwhere(np.triu(apart))
        named = tuple(f"{data.visits[one]} & {data.visits[other]}" for one, other in pairs)
        return NotEstimable("visits_never_together", named)
    best = optimum(ready, wanted, restricted=reml)
    if isinstance(best, NotEstimable):
        return best
    patterns, pattern = np.unique(data.seen.astype(np.float64), axis=0, return_inverse=True)
    place = np.unique(who)[ready.subject]
    return ImputationModel(data, strategy, own, over, wanted, ready, place, best, patterns, pattern)


def _every_cell(data: PatientsByVisit) -> Cells:
    """A row for every patient and visit."""
    patients, visits = data.outcome.shape
    arm, visit = np.repeat(data.arm, visits), np.tile(np.arange(visits), patients)
    return Cells(data.arms, data.visits, arm, visit, data.counts(np.ones_like(data.before)))


def _designs(
    data: PatientsByVisit, cells: Cells, by_visit: Collection[str]
) -> tuple[list[str], Floats, Floats] | NotEstimable:
    """The names of the columns, and their values in the patient's own arm and in the reference arm."""
    if strangers := set(by_visit) - set(data.covariates):
        raise ValueError(f"there is no covariate {', '.join(sorted(strangers))}")
    names, shared = list(cells.names), [np.zeros((len(cells.arm), 0))]
    for name, values in data.covariates.items():
        repeated: Any = [value for value in values for _ in data.visits]
        added = covariate_columns(name, repeated, cells, by_visit=name in by_visit)
        if isinstance(added, NotEstimable):
            return added
        names.extend(added.names)
        shared.append(added.values)
    arms, shape = len(data.arms), (*data.outcome.shape, len(names))
    unit = np.eye(len(cells.names))
    own = np.hstack([unit[cells.visit * arms + cells.arm], *shared]).reshape(shape)
    over = np.hstack([unit[cells.visit * arms], *shared]).reshape(shape)
    return names, own, over

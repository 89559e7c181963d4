"""Reference-based imputation of a continuous outcome: what patients who withdrew would have had in the other arm.

Gaps are filled once, by their conditional mean under the strategy; analysis of covariance at every visit follows; the
standard errors come from leaving out one patient after the other and doing all of it again (Wolbers et al. 2022). A
shift of the imputed values moves every one of those results in proportion, so that any number of shifts costs one run.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Protocol, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.covariance_structures import Structure
from equipoise.statistics.means.imputation_model import ImputationModel, Strategy, imputation_model
from equipoise.statistics.means.linear import Covariate, Design, ancova_design
from equipoise.statistics.means.patients_by_visit import PatientsByVisit, Withdrawals, patients_by_visit
from equipoise.statistics.numerics.distributions import check_level
from equipoise.statistics.numerics.ordering import Labels
from equipoise.statistics.numerics.wald import wald
from equipoise.statistics.result import Denominator, Estimate, Floats, Integers, NotEstimable

Delta: TypeAlias = Mapping[Any, float | Sequence[float]]
Results: TypeAlias = tuple[tuple[Estimate, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReferenceBased:
    """Adjusted means of every arm at every visit after imputation, and the differences from the reference.

    Outer tuples run over `visits`; inner ones over `arms`, reference first, and over arms[1:]. `imputed` counts the
    values that were missing, `after_withdrawal` those of them that the strategy and a shift concern. After multiple
    imputation there are its number and, for every difference, the fraction of information that is missing.
    """

    method: str
    strategy: Strategy
    reference: str
    arms: tuple[str, ...]
    visits: tuple[str, ...]
    adjusted_means: Results
    differences: Results
    imputed: tuple[tuple[int, ...], ...]
    after_withdrawal: tuple[tuple[int, ...], ...]
    imputations: int | None = None
    fractions_missing: tuple[tuple[float, ...], ...] | None = None

    def adjusted_mean(self, arm: Hashable, visit: Hashable) -> Estimate:
        """The adjusted mean of an arm at a visit."""
        return self.adjusted_means[self.visits.index(str(visit))][self.arms.index(str(arm))]

    def difference(self, arm: Hashable, visit: Hashable) -> Estimate:
        """The difference of an arm from the reference at a visit."""
        return self.differences[self.visits.index(str(visit))][self.arms[1:].index(str(arm))]


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """Adjusted means with all patients, and without each of them: samples × visits × arms, all patients first.

    `shifts` is what a shift of one, of the values imputed after withdrawal in an arm, adds to them: samples × arms
    shifted × visits × arms.
    """

    means: Floats
    shifts: Floats

    def estimate(self, method: str, at: int, weights: Floats, shift: Floats, *, level: float) -> Estimate:
        """A weighted sum of the arms' means at a visit, after a shift in every arm; tested with a normal z.

        The variance is (n − 1)/n × the sum of squares of the samples without one patient (Tukey 1958).
        """
        samples = (self.means[:, at] + np.tensordot(shift, self.shifts[:, :, at], (0, 1))) @ weights
        without = samples[1:]
        squares = float(((without - without.mean()) ** 2).sum())
        error = sqrt((len(without) - 1) / len(without) * squares)
        return wald(method, float(samples[0]), error, level=level, denominators=())


def reference_based(
    outcome: npt.ArrayLike,
    arm: Labels,
    subject: Labels,
    visit: Labels,
    covariates: Mapping[str, Covariate],
    *,
    reference: Hashable,
    withdrawn_after: Withdrawals,
    strategy: Strategy = "JR",
    by_visit: Collection[str] = (),
    visits: Sequence[Hashable] | None = None,
    delta: Delta | None = None,
    structure: Structure = "us",
    reml: bool = True,
    level: float = 0.95,
) -> ReferenceBased | NotEstimable:
    """Conditional-mean imputation with the jackknife (Wolbers et al. 2022, Pharm Stat 21:1246–1257).

    One row for a patient and a visit: value, arm, covariates. A value that is None or NaN, or has no row, is missing;
    a patient without any value has at least one row. Arm and covariates are the same in all rows of a patient.
    `withdrawn_after` gives, for those who had the intercurrent event, the last visit before it (None: before the
    first); what they miss from there on is imputed by `strategy`, every other missing value as missing at random.
    `delta` shifts the values imputed after withdrawal: for an arm one number, or one for each visit.
    """
    check_level(level)
    data = patients_by_visit(outcome, arm, subject, visit, covariates, reference, withdrawn_after, visits)
    if isinstance(data, NotEstimable):
        return data
    shift = shift_by_visit(data, delta)
    ready = prepared(data, strategy, by_visit, structure, reml)
    if isinstance(ready, NotEstimable):
        return ready
    sampled = jackknife(*ready)
    if isinstance(sampled, NotEstimable):
        return sampled
    method = f"reference_based/{strategy.lower()}/jackknife"

    def cell(visit: int, arm: int, *, difference: bool) -> Estimate:
        """From the arm's mean, or that less the reference's."""
        weights = np.eye(len(data.arms))[arm] - (np.eye(len(data.arms))[0] if difference else 0.0)
        return sampled.estimate(method, visit, weights, shift[:, visit], level=level)

    return tabulated(data, method, strategy, cell)


def prepared(
    data: PatientsByVisit, strategy: Strategy, by_visit: Collection[str], structure: Structure, reml: bool
) -> tuple[ImputationModel, Design] | NotEstimable:
    """The fitted imputation model and the columns of the analysis of covariance."""
    for name, given, known in (("strategy", strategy, Strategy), ("structure", structure, Structure)):
        if given not in get_args(known):
            raise ValueError(f"{name} is one of {', '.join(get_args(known))}, not {given!r}")
    columns = ancova_design(len(data.patients), data.arm, data.covariates, 0)
    if isinstance(columns, NotEstimable):
        return columns
    model = imputation_model(data, strategy, by_visit=by_visit, structure=structure, reml=reml)
    return model if isinstance(model, NotEstimable) else (model, columns)


def shift_by_visit(data: PatientsByVisit, delta: Delta | None) -> Floats:
    """What is added to a value imputed after withdrawal: arms × visits."""
    given = delta or {}
    if strangers := set(given) - set(data.arms):
        raise ValueError(f"there is no arm {', '.join(sorted(map(str, strangers)))}")
    shift = np.zeros((len(data.arms), len(data.visits)))
    for arm, amount in given.items():
        row = np.asarray(amount, dtype=np.float64)
        if row.shape not in ((), (len(data.visits),)) or not np.isfinite(row).all():
            raise ValueError("a shift is one number for an arm, or one for each visit")
        shift[data.arms.index(arm)] = row
    return shift


def jackknife(model: ImputationModel, columns: Design) -> Jackknife | NotEstimable:
    """The adjusted means with everybody and without each patient, refitted from the fit of all."""
    data, patients = model.data, len(model.data.patients)
    concerned = np.array([data.withdrawn & (data.arm == arm)[:, None] for arm in range(len(data.arms))])
    means, shifts = [], []
    for left_out in (None, *range(patients)):
        kept = np.arange(patients) != left_out if left_out is not None else np.ones(patients, dtype=bool)
        weights = columns.mean_weights(kept)
        parameters = model.parameters(model.best.at) if left_out is None else model.without(left_out)
        if isinstance(weights, NotEstimable) or isinstance(parameters, NotEstimable):
            return _refused(weights, parameters, None if left_out is None else data.patients[left_out])
        means.append((weights @ model.completed(parameters)[kept]).T)
        shifts.append((weights @ concerned[:, kept].astype(np.float64)).transpose(0, 2, 1))
    return Jackknife(np.array(means), np.array(shifts))


def _refused(weights: object, parameters: object, patient: Hashable | None) -> NotEstimable:
    """With everybody, what the analysis lacks; without one patient, that this one cannot be spared."""
    if patient is not None:
        return NotEstimable("patient_indispensable", (str(patient),))
    return next(one for one in (weights, parameters) if isinstance(one, NotEstimable))


class Cell(Protocol):
    """What a result holds for a visit and an arm: its adjusted mean, or its difference from the reference."""

    def __call__(self, visit: int, arm: int, *, difference: bool) -> Estimate:
        """The estimate; its counts are filled in by the table."""
        ...


def tabulated(
    data: PatientsByVisit,
    method: str,
    strategy: Strategy,
    cell: Cell,
    *,
    imputations: int | None = None,
    fractions_missing: tuple[tuple[float, ...], ...] | None = None,
) -> ReferenceBased:
    """The result made of these cells, with its counts: every patient of the arms stands behind a number."""
    counts = [Denominator(str(arm), int((data.arm == code).sum())) for code, arm in enumerate(data.arms)]
    visits, arms = range(len(data.visits)), range(len(data.arms))

    def row(visit: int, *, difference: bool) -> tuple[Estimate, ...]:
        shown = [(counts[arm], counts[0]) if difference else (counts[arm],) for arm in arms]
        return tuple(
            replace(cell(visit, arm, difference=difference), denominators=shown[arm])
            for arm in (arms[1:] if difference else arms)
        )

    return ReferenceBased(
        method=method,
        strategy=strategy,
        reference=str(data.arms[0]),
        arms=tuple(str(arm) for arm in data.arms),
        visits=tuple(str(one) for one in data.visits),
        adjusted_means=tuple(row(visit, difference=False) for visit in visits),
        differences=tuple(row(visit, difference=True) for visit in visits),
        imputed=_as_counts(data.counts(~data.seen)),
        after_withdrawal=_as_counts(data.counts(data.withdrawn)),
        imputations=imputations,
        fractions_missing=fractions_missing,
    )


def _as_counts(counts: Integers) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(one) for one in row) for row in counts)

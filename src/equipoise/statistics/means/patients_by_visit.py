"""A trial with gaps: every patient at every planned visit, what is missing there, and when who withdrew."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from equipoise.statistics.means.linear import Covariate
from equipoise.statistics.numerics.ordering import Labels, encoded
from equipoise.statistics.result import Floats, Integers, NotEstimable

Withdrawals: TypeAlias = Mapping[Any, Hashable | None]


@dataclass(frozen=True, slots=True, eq=False)
class PatientsByVisit:
    """Patients × visits. `before` is true at the visits before a patient's withdrawal, everywhere without one."""

    arms: tuple[Hashable, ...]  # the reference first
    visits: tuple[Hashable, ...]
    patients: tuple[Hashable, ...]
    arm: Integers  # of every patient, a place in `arms`
    outcome: Floats  # NaN where missing
    before: npt.NDArray[np.bool_]
    covariates: Mapping[str, Covariate]  # a value for every patient

    @property
    def seen(self) -> npt.NDArray[np.bool_]:
        """Where there is a value."""
        return ~np.isnan(self.outcome)

    @property
    def withdrawn(self) -> npt.NDArray[np.bool_]:
        """Which values are imputed by the strategy: missing after withdrawal."""
        return ~self.seen & ~self.before

    def counts(self, cells: npt.NDArray[np.bool_]) -> Integers:
        """In how many patients a cell is true: visits × arms."""
        return np.asarray(cells.T.astype(np.int64) @ np.eye(len(self.arms), dtype=np.int64)[self.arm])


def patients_by_visit(
    outcome: npt.ArrayLike,
    arm: Labels,
    subject: Labels,
    visit: Labels,
    covariates: Mapping[str, Covariate],
    reference: Hashable,
    withdrawn_after: Withdrawals,
    visits: Sequence[Hashable] | None,
) -> PatientsByVisit | NotEstimable:
    """Rows of a value or none, set out by patient and visit; a patient's arm and covariates do not change."""
    values = np.asarray(outcome, dtype=np.float64)
    if np.isinf(values).any():
        return NotEstimable("not_finite", ("outcome",))
    coded = {name: encoded(labels, values.size) for name, labels in (("subject", subject), ("visit", visit))}
    if unlabelled := tuple(name for name, found in coded.items() if isinstance(found, NotEstimable)):
        return NotEstimable("missing_values", unlabelled)
    if values.size == 0:
        return NotEstimable("no_subjects")
    (patients, who), (known, when) = (found for found in coded.values() if not isinstance(found, NotEstimable))
    order = tuple(visits) if visits is not None else known
    if not set(known) <= set(order) or len(set(order)) != len(order):
        raise ValueError("the list of visits names every visit of the data once")
    place = np.array([order.index(label) for label in known])[when]
    cells = np.bincount(who * len(order) + place)
    if cells.max() > 1:
        return NotEstimable("repeated_visit", tuple(str(patients[one]) for one in _owners(cells > 1, len(order))))
    constant = _of_patients({"arm": arm, **covariates}, who)
    if isinstance(constant, NotEstimable):
        return constant
    arms = _arms(constant.pop("arm"), reference)
    if isinstance(arms, NotEstimable):
        return arms
    filled = np.full((len(patients), len(order)), np.nan)
    filled[who, place] = values
    before = np.arange(len(order)) < _kept(patients, order, withdrawn_after)[:, None]
    return PatientsByVisit(arms[0], order, patients, arms[1], filled, before, constant)


def _owners(cells: npt.NDArray[np.bool_], visits: int) -> Integers:
    return np.unique(np.flatnonzero(cells) // visits)


def _of_patients(columns: Mapping[str, Covariate | Labels], who: Integers) -> dict[str, list[Any]] | NotEstimable:
    """The one value of every patient in every column."""
    first = np.unique(who, return_index=True)[1]
    found = {}
    for name, given in columns.items():
        values = given.tolist() if isinstance(given, np.ndarray) else list(given)
        if len(values) != len(who):
            raise ValueError(f"{len(values)} values of {name} for {len(who)} rows")
        if any(value is None or value != value for value in values):
            return NotEstimable("missing_values", (name,))
        found[name] = [values[row] for row in first]
        if any(value != found[name][patient] for value, patient in zip(values, who, strict=True)):
            return NotEstimable("covariate_varies", (name,))
    return found


def _arms(labels: Sequence[Hashable], reference: Hashable) -> tuple[tuple[Hashable, ...], Integers] | NotEstimable:
    """The arms, the reference first, and every patient's place among them."""
    coded = encoded(labels, len(labels))
    assert not isinstance(coded, NotEstimable)  # noqa: S101 - every patient has a label
    known, codes = coded
    if reference not in known:
        return NotEstimable("empty_arm", (str(reference),))
    if len(known) < 2:
        return NotEstimable("one_group")
    arms = (reference, *(label for label in known if label != reference))
    return arms, np.array([arms.index(label) for label in known])[codes]


def _kept(patients: tuple[Hashable, ...], visits: tuple[Hashable, ...], withdrawn_after: Withdrawals) -> Integers:
    """The number of visits before each patient's withdrawal."""
    if strangers := set(withdrawn_after) - set(patients):
        raise ValueError(f"withdrawn, but without a row: {', '.join(sorted(map(str, strangers)))}")
    last = {patient: -1 if visit is None else visits.index(visit) for patient, visit in withdrawn_after.items()}
    return np.array([last.get(patient, len(visits) - 1) + 1 for patient in patients])

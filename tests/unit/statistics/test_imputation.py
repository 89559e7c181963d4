"""What reference-based imputation refuses, names and counts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from imputation_results import ARM, OUTCOME, SITE, SUBJECT, VISIT, WEEKS, WITHDRAWN, given

from equipoise.statistics import (
    DeltaTippingPoint,
    NotEstimable,
    ReferenceBased,
    reference_based,
    reference_based_multiple,
    tipping_point_delta,
)
from equipoise.statistics.means.imputation_model import imputation_model
from equipoise.statistics.means.patients_by_visit import PatientsByVisit, patients_by_visit
from equipoise.statistics.means.reference_based import jackknife, prepared
from equipoise.statistics.numerics.wald import wald


def with_values(rows: Any, value: float) -> np.ndarray:
    changed = OUTCOME.copy()
    changed[rows] = value
    return changed


def changed_at(column: list[Any], row: int, value: Any) -> list[Any]:
    return [*column[:row], value, *column[row + 1 :]]


def only(rows: Any) -> dict[str, Any]:
    """The arguments with some of the rows."""
    chosen = np.arange(len(OUTCOME))[rows]
    kept = {"outcome": OUTCOME[chosen], "covariates": {"site": [SITE[row] for row in chosen]}}
    for name, column in (("arm", ARM), ("subject", SUBJECT.tolist()), ("visit", VISIT)):
        kept[name] = [column[row] for row in chosen]
    return kept


ARMS = np.array(ARM)
BAD = [
    ({"outcome": with_values(3, np.inf)}, NotEstimable("not_finite", ("outcome",))),
    ({"subject": changed_at(SUBJECT.tolist(), 3, None)}, NotEstimable("missing_values", ("subject",))),
    ({"visit": changed_at(VISIT, 3, None)}, NotEstimable("missing_values", ("visit",))),
    ({"arm": changed_at(ARM, 3, None)}, NotEstimable("missing_values", ("arm",))),
    ({"covariates": {"site": changed_at(SITE, 3, None)}}, NotEstimable("missing_values", ("site",))),
    ({"covariates": {"age": with_values(3, np.nan)}}, NotEstimable("missing_values", ("age",))),
    ({"arm": changed_at(ARM, 3, "high")}, NotEstimable("covariate_varies", ("arm",))),
    ({"covariates": {"site": changed_at(SITE, 3, "north")}}, NotEstimable("covariate_varies", ("site",))),
    ({"visit": changed_at(VISIT, 4, "w2")}, NotEstimable("repeated_visit", ("1",))),
    ({**only(slice(0, 0)), "withdrawn_after": {}}, NotEstimable("no_subjects")),
    ({"reference": "sham"}, NotEstimable("empty_arm", ("sham",))),
    ({**only(ARMS == "placebo"), "withdrawn_after": {}}, NotEstimable("one_group")),
    ({"outcome": with_values(np.arange(45) % 3 == 1, np.nan)}, NotEstimable("visit_never_observed", ("w4",))),
    ({"outcome": with_values((ARMS == "high") & (np.arange(45) % 3 == 2), np.nan)},
     NotEstimable("empty_arm", ("high at w8",))),
    ({"covariates": {"age": np.repeat(1e200, 45) * np.inf}}, NotEstimable("not_finite", ("age",))),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), BAD)
def test_what_cannot_be_imputed_is_named(changed: dict[str, Any], expected: NotEstimable) -> None:
    assert reference_based(**given(**changed)) == expected
    assert reference_based_multiple(**given(**changed), random=np.random.default_rng(1)) == expected
    asked = {"treatment": "low", "at": "w8", "treatment_deltas": (1.0,)}
    assert tipping_point_delta(**given(**changed), **asked) == expected


def test_visits_never_seen_together_have_no_covariance() -> None:
    """Everybody has the first visit and one of the others."""
    apart = with_values((np.arange(45) % 3 == 1) & (SUBJECT < 9) | (np.arange(45) % 3 == 2) & (SUBJECT >= 9), np.nan)
    found = reference_based(**given(outcome=apart, withdrawn_after={}, structure="us"))
    assert found == NotEstimable("visits_never_together", ("w4 & w8",))


def test_values_without_spread_have_no_model() -> None:
    assert reference_based(**given(outcome=np.ones(45))) == NotEstimable("zero_variance")
    exact = np.where(np.arange(45) % 3 == 1, 3.0, OUTCOME)
    assert reference_based(**given(outcome=exact, structure="us", covariates={})) == NotEstimable("singular_covariance")


@pytest.mark.parametrize(
    "gone",
    [
        # Patient 1 is the only one of the arm at the last visit, or the only one of the site.
        {"outcome": with_values((ARMS == "low") & (np.arange(45) % 3 == 2) & (SUBJECT != 1), np.nan)},
        {"covariates": {"site": np.where(SUBJECT == 1, "north", "south").tolist()}},
    ],
)
def test_a_patient_whom_the_model_needs_is_named(gone: dict[str, Any]) -> None:
    assert reference_based(**given(**gone)) == NotEstimable("patient_indispensable", ("1",))


def test_the_only_patient_seen_at_two_visits_is_needed_for_their_covariance() -> None:
    subject, visit = np.divmod(np.arange(90), 3)
    lost = (visit == 1) & (subject < 15) | (visit == 2) & (subject >= 15)
    values = np.random.default_rng(3).normal(size=(30, 3)).cumsum(axis=1)
    values[0] = [0.0, 2.0, -1.0]
    values = np.where(lost & (subject > 0), np.nan, values.ravel())
    found = reference_based(values, subject % 2, subject, visit, {}, reference=0, withdrawn_after={})
    assert found == NotEstimable("patient_indispensable", ("0",))


@pytest.mark.filterwarnings("ignore:overflow")
def test_values_whose_squares_have_no_digits_are_named() -> None:
    assert reference_based(**given(outcome=OUTCOME * 1e200)) == NotEstimable("not_finite", ("outcome",))
    assert reference_based(**given(outcome=OUTCOME * 1e-160)) == NotEstimable("zero_variance")


def test_a_visit_at_which_all_are_alike_cannot_be_analysed_many_times() -> None:
    alike = np.where(np.arange(45) % 3 == 1, 3.0, np.nan_to_num(OUTCOME, nan=1.0))
    found = reference_based_multiple(**given(outcome=alike), random=np.random.default_rng(1), imputations=2)
    assert found == NotEstimable("zero_variance")


def test_a_model_of_covariates_that_are_no_numbers_is_named() -> None:
    data = patients_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {"age": np.full(45, np.inf)}, "placebo", WITHDRAWN, WEEKS)
    assert isinstance(data, PatientsByVisit)
    found = imputation_model(data, "JR", by_visit=(), structure="ar1", reml=True)
    assert found == NotEstimable("not_finite", ("age",))


def test_an_analysis_with_a_column_twice_is_named_before_any_patient() -> None:
    data = patients_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {}, "placebo", WITHDRAWN, WEEKS)
    assert isinstance(data, PatientsByVisit)
    model, columns = prepared(data, "JR", (), "ar1", True)
    twice = replace(columns, columns=np.column_stack([columns.columns[:, :-1], columns.columns[:, 0]]))
    found = jackknife(model, twice)
    assert isinstance(found, NotEstimable)
    assert found.reason == "collinear"


def test_an_estimate_without_an_error_is_not_tested() -> None:
    found = wald("tipping_point/delta", 2.0, 0.0, level=0.95, denominators=())
    assert (found.estimate, found.p_value, found.why) == (2.0, None, NotEstimable("zero_variance"))


def test_a_copy_of_the_arm_is_collinear() -> None:
    found = reference_based(**given(covariates={"copy": (ARMS == "low").astype(float)}))
    assert isinstance(found, NotEstimable)
    assert found.reason == "collinear"
    assert "copy" in found.about


def test_fewer_than_two_imputations_are_none() -> None:
    found = reference_based_multiple(**given(), random=np.random.default_rng(1), imputations=1)
    assert found == NotEstimable("too_few_imputations")


@pytest.mark.parametrize(
    "changed",
    [
        {"strategy": "LOCF"},
        {"structure": "spatial"},
        {"level": 1.0},
        {"by_visit": ["age"]},
        {"visits": ("w2", "w4")},
        {"visits": ("w2", "w4", "w8", "w8")},
        {"withdrawn_after": {99: "w2"}},
        {"withdrawn_after": {4: "w3"}},
        {"covariates": {"site": ["north"]}},
        {"delta": {"sham": 1.0}},
        {"delta": {"low": [1.0, 2.0]}},
        {"delta": {"low": np.inf}},
    ],
)
def test_a_wrong_argument_is_a_programming_error(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        reference_based(**given(**changed))


@pytest.mark.parametrize(
    "changed",
    [{"treatment": "placebo"}, {"treatment": "sham"}, {"at": "w3"}, {"alpha": 0}, {"treatment_deltas": (np.nan,)}],
)
def test_a_wrong_grid_is_a_programming_error(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        tipping_point_delta(**given(**({"treatment": "low", "at": "w8", "treatment_deltas": (1.0,)} | changed)))


def test_the_result_counts_patients_gaps_and_those_after_withdrawal() -> None:
    found = reference_based(**given(by_visit=["site"]))
    assert isinstance(found, ReferenceBased)
    assert (found.arms, found.visits, found.reference) == (("placebo", "high", "low"), WEEKS, "placebo")
    assert found.imputed == ((0, 1, 0), (0, 1, 2), (0, 1, 1))
    assert found.after_withdrawal == ((0, 1, 0), (0, 1, 1), (0, 1, 1))
    difference = found.difference("low", "w8")
    assert [(one.name, one.total) for one in difference.denominators] == [("low", 5), ("placebo", 5)]
    means = [found.adjusted_mean(arm, "w8").estimate for arm in ("low", "placebo")]
    assert difference.estimate == pytest.approx(means[0] - means[1])
    assert (found.imputations, found.fractions_missing) == (None, None)


def test_a_patient_seen_after_withdrawal_informs_the_gaps_but_not_the_model() -> None:
    """Patient 4 has a value at the last visit, after withdrawal: under missing at random it belongs to the own arm."""
    seen = with_values(14, 9.0)
    jump, own = (reference_based(**given(outcome=seen, strategy=strategy)) for strategy in ("JR", "MAR"))
    assert jump.after_withdrawal[2] == (0, 1, 0)
    other = reference_based(**given(outcome=with_values(14, 2.0), strategy="JR"))
    # The placebo arm is complete and the others' fit has not changed: their means at the first visit stay.
    assert jump.adjusted_mean("placebo", "w2").estimate == pytest.approx(other.adjusted_mean("placebo", "w2").estimate)
    assert jump.adjusted_mean("low", "w4").estimate != pytest.approx(other.adjusted_mean("low", "w4").estimate)
    assert own.adjusted_mean("low", "w8").estimate != pytest.approx(jump.adjusted_mean("low", "w8").estimate)


def test_without_withdrawals_all_strategies_are_one() -> None:
    found = [reference_based(**given(strategy=s, withdrawn_after={})) for s in ("MAR", "JR", "CR", "CIR")]
    for other in found[1:]:
        assert other.difference("low", "w8").estimate == pytest.approx(found[0].difference("low", "w8").estimate)


def test_a_patient_without_any_value_does_not_move_the_fit() -> None:
    """Nobody but the patient's own gap changes when a patient who was never seen is left out of the model."""
    found = tipping_point_delta(**given(treatment="high", at="w8", treatment_deltas=(0.0, 1.0, -1.0)))
    assert isinstance(found, DeltaTippingPoint)
    steps = [row[0] - found.differences[0][0] for row in found.differences]
    assert steps[1] == pytest.approx(-steps[2])
    assert 0 < steps[1] < 1
    assert WITHDRAWN[5] is None
    assert found.unshifted.p_value == found.p_values[0][0]
    assert found.first_tipping(reference_delta=7.0) is None

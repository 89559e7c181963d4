"""What the mixed model refuses, names and counts."""

from typing import get_args

import numpy as np
import pytest
from mixed_results import ARM, BASE, NAMES, OUTCOME, PATIENTS, SUBJECT, VISIT, VISITS, X, example

from equipoise.statistics import Estimate, MixedModelFit, NotEstimable, mmrm, mmrm_by_visit
from equipoise.statistics.means.covariance_structures import Structure, family

Array = np.ndarray


def outcome_of(**changed: object) -> object:
    """A fit of the example with some of its arguments changed."""
    given = {"outcome": OUTCOME, "X": X, "subject": SUBJECT, "visit": VISIT, "names": NAMES}
    return mmrm(**(given | changed))


def with_value(array: Array, place: object, value: float) -> Array:
    copy = np.array(array, dtype=float)
    copy[place] = value
    return copy


def kept(rows: Array, **changed: object) -> object:
    return outcome_of(outcome=OUTCOME[rows], X=X[rows], subject=SUBJECT[rows], visit=VISIT[rows], **changed)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: kept(np.zeros(len(X), dtype=bool)), NotEstimable("no_subjects")),
        (lambda: outcome_of(outcome=with_value(OUTCOME, 3, np.nan)), NotEstimable("missing_values", ("outcome",))),
        (lambda: outcome_of(X=with_value(X, (3, 3), np.nan)), NotEstimable("missing_values", ("arm",))),
        (lambda: outcome_of(outcome=with_value(OUTCOME, 3, np.inf)), NotEstimable("not_finite", ("outcome",))),
        (lambda: outcome_of(subject=[None, *SUBJECT[1:]]), NotEstimable("missing_values", ("subject",))),
        (lambda: outcome_of(visit=[None, *VISIT[1:]]), NotEstimable("missing_values", ("visit",))),
        (lambda: outcome_of(visits=[0, 1, 2, 3]), NotEstimable("visit_never_observed", ("3",))),
        (lambda: outcome_of(visit=with_value(VISIT, 7, 0)), NotEstimable("repeated_visit", ("2",))),
        (
            lambda: outcome_of(X=np.column_stack([X[:, :3], X[:, 0] + X[:, 1]])),
            NotEstimable("collinear", ("week 4", "week 8", "arm")),
        ),
        (lambda: outcome_of(outcome=np.zeros(len(X))), NotEstimable("zero_variance")),
        (lambda: outcome_of(outcome=X @ np.arange(4.0)), NotEstimable("zero_variance")),
        (lambda: kept(np.arange(len(X)) < 4), NotEstimable("no_residual_freedom")),
    ],
)
def test_data_without_a_fit_are_named(found: object, expected: NotEstimable) -> None:
    assert found() == expected
    assert expected.words("zh") != expected.words("en")


def test_two_visits_that_nobody_had_both_of_have_no_covariance_of_their_own() -> None:
    """Unstructured it cannot be estimated; a correlation that other pairs share can."""
    apart = np.where(SUBJECT % 4 < 2, VISIT != 0, VISIT != 2)
    assert kept(apart) == NotEstimable("visits_never_together", ("0 & 2",))
    assert kept(apart, structure="toeph") == NotEstimable("visits_never_together", ("0 & 2",))
    for structure in ("cs", "ar1", "ad"):
        assert isinstance(kept(apart, structure=structure), MixedModelFit)


def test_two_visits_with_the_same_values_have_a_singular_covariance() -> None:
    same = OUTCOME.copy()
    same[VISIT == 1] = same[VISIT == 0]
    assert outcome_of(outcome=same) == NotEstimable("singular_covariance")


def test_two_visits_with_almost_the_same_values_still_have_a_covariance() -> None:
    """A correlation of 0.9999 is beyond any trial, and no reason to give up."""
    noise = np.random.default_rng(2).normal(size=PATIENTS)
    near = OUTCOME.copy()
    near[VISIT == 1] = near[VISIT == 0] + 1e-2 * noise
    fit = outcome_of(outcome=near, X=X[:, :3], names=NAMES[:3])
    difference = fit.contrast([-1, 1, 0])
    assert difference.standard_error == pytest.approx(1e-2 * noise.std(ddof=1) / 4, rel=1e-4)
    assert difference.degrees_of_freedom == pytest.approx(15, rel=1e-4)


def test_more_visits_than_patients_leave_no_unstructured_covariance() -> None:
    few = SUBJECT < VISITS
    found = kept(few)
    assert isinstance(found, NotEstimable)
    assert found.reason in {"singular_covariance", "covariance_not_determined", "not_converged"}
    assert isinstance(kept(few, structure="cs"), MixedModelFit)


def test_a_visit_seen_once_in_an_arm_with_a_mean_of_its_own_leaves_no_spread_there() -> None:
    """The design gives the visit's only two values a mean each, so they say nothing about how they vary."""
    rows = (VISIT < 2) | (SUBJECT < 2)
    cells = np.eye(6)[2 * VISIT + ARM]
    found = mmrm(OUTCOME[rows], cells[rows], SUBJECT[rows], VISIT[rows], structure="us")
    assert found == NotEstimable("covariance_not_determined")


def test_an_adjustment_that_leaves_no_variance_says_so() -> None:
    fit = example()
    broken = MixedModelFit(
        **{name: getattr(fit, name) for name in fit.__slots__} | {"adjusted": {"kenward_roger": -fit.covariance}}
    )
    found = broken.contrast([0, 0, 0, 1], freedom="kenward_roger")
    assert (found.standard_error, found.p_value, found.why) == (None, None, NotEstimable("zero_variance"))
    assert found.estimate == fit.coefficients[3]
    assert broken.joint_test(np.eye(4)[:2], freedom="kenward_roger") == NotEstimable("zero_variance")


def test_a_joint_test_whose_approximation_has_no_degrees_of_freedom_says_so() -> None:
    """Covariance parameters known as badly as this leave Kenward and Roger's two moments without a solution."""
    fit = example()
    loose = MixedModelFit(
        **{name: getattr(fit, name) for name in fit.__slots__}
        | {"parameter_covariance": 10.0 * fit.parameter_covariance}
    )
    assert loose.joint_test(np.eye(4)[:3], freedom="kenward_roger") == NotEstimable("no_residual_freedom")
    assert loose.joint_test(np.eye(4)[:3]).denominator == 2.0  # Satterthwaite's least


def test_a_joint_test_of_one_contrast_is_its_t_test_squared() -> None:
    fit, row = example(), np.array([1.0, 0, -1, 0.5])
    for freedom in ("satterthwaite", "kenward_roger", "kenward_roger_linear"):
        one, several = fit.contrast(row, freedom=freedom), fit.joint_test(row, freedom=freedom)
        assert (several.numerator, several.scale) == (1, 1.0)
        assert several.statistic == pytest.approx(one.statistic**2)
        assert several.denominator == pytest.approx(one.degrees_of_freedom)
        assert several.p_value == pytest.approx(one.p_value)


@pytest.mark.parametrize("structure", get_args(Structure))
def test_a_start_is_a_covariance_where_the_estimates_of_pairs_are_none(structure: Structure) -> None:
    """Pairs of visits are estimated from different patients: together they need not be positive definite."""
    pairs = np.array([[4.0, 1.9, -1.9], [1.9, 1.0, 0.9], [-1.9, 0.9, 1.0]])
    assert np.linalg.eigvalsh(pairs)[0] < 0
    model = family(structure, 3)
    assert np.linalg.eigvalsh(model.at(model.start(pairs)).matrix)[0] > 1e-3


def test_a_search_that_ends_nowhere_near_a_singular_covariance_is_named() -> None:
    """A correlation of 0.9999999: the rounding of the value hides where its optimum is."""
    noise = np.random.default_rng(2).normal(size=PATIENTS)
    near = np.where(VISIT == 1, np.repeat(OUTCOME[VISIT == 0] + 3e-4 * noise, VISITS), OUTCOME)
    assert outcome_of(outcome=near, X=X[:, :3], names=NAMES[:3]) == NotEstimable("singular_covariance")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: outcome_of(structure="vc"),
        lambda: outcome_of(level=1.5),
        lambda: outcome_of(names=["one"]),
        lambda: outcome_of(X=OUTCOME, names=None),
        lambda: outcome_of(outcome=OUTCOME[1:]),
        lambda: outcome_of(subject=SUBJECT[1:]),
        lambda: outcome_of(visits=[0, 1]),
        lambda: outcome_of(visits=[0, 1, 2, 2]),
        lambda: example().contrast([1, 0]),
        lambda: example().contrast([0, 0, 0, 0]),
        lambda: example().contrast([1, 0, 0, 0], freedom="residual"),
        lambda: example(reml=False).contrast([1, 0, 0, 0], freedom="kenward_roger"),
        lambda: example().joint_test([1, 0]),
        lambda: example().joint_test([[1, 0, 0, 0], [2, 0, 0, 0]]),
        lambda: example().joint_test([[1, 0, 0, 0], [0, 0, 0, 0]]),
        lambda: example().coefficient("week 16"),
        lambda: mmrm_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {}, reference=0, by_visit=["base"]),
        lambda: mmrm_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {"base": BASE[1:]}, reference=0),
        lambda: mmrm_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {}, reference=0, visits=[0, 1]),
    ],
)
def test_a_wrong_argument_is_a_programming_error(wrong: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        wrong()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"arm": [None, *ARM[1:]]}, NotEstimable("missing_values", ("arm",))),
        ({"visit": [None, *VISIT[1:]]}, NotEstimable("missing_values", ("visit",))),
        ({"reference": 7}, NotEstimable("empty_arm", ("7",))),
        ({"arm": np.zeros(len(ARM), dtype=int)}, NotEstimable("one_group")),
        ({"visits": [0, 1, 2, 3]}, NotEstimable("visit_never_observed", ("3",))),
        ({"arm": np.where(VISIT == 2, 0, ARM)}, NotEstimable("empty_arm", ("1 at 2",))),
        ({"covariates": {"base": with_value(BASE, 3, np.nan)}}, NotEstimable("missing_values", ("base",))),
        ({"covariates": {"site": ["a", None] * (len(ARM) // 2)}}, NotEstimable("missing_values", ("site",))),
        ({"covariates": {"base": np.ones(len(ARM))}}, NotEstimable("collinear", ("base",))),
    ],
)
def test_a_trial_without_a_comparison_is_named(changed: dict[str, object], expected: NotEstimable) -> None:
    given = {"outcome": OUTCOME, "arm": ARM, "subject": SUBJECT, "visit": VISIT, "covariates": {}, "reference": 0}
    assert mmrm_by_visit(**(given | changed)) == expected


def test_no_observations_are_no_trial() -> None:
    assert mmrm_by_visit([], [], [], [], {}, reference=0) == NotEstimable("no_subjects")


def test_a_trial_counts_those_seen_at_the_visit_and_tests_against_the_reference() -> None:
    rows = ~((VISIT == 2) & (SUBJECT < 5))
    site = np.array(["north", "south", "east"])[SUBJECT % 3]
    found = mmrm_by_visit(
        OUTCOME[rows],
        np.where(ARM == 1, "active", "placebo")[rows],
        SUBJECT[rows],
        np.array(["w4", "w8", "w12"])[VISIT][rows],
        {"base": BASE[rows], "site": site[rows].tolist()},
        reference="placebo",
        by_visit=["base", "site"],
        visits=["w4", "w8", "w12"],
        freedom="kenward_roger_linear",
    )
    assert (found.arms, found.visits, found.reference) == (("placebo", "active"), ("w4", "w8", "w12"), "placebo")
    difference = found.difference("active", "w12")
    assert [(one.name, one.total) for one in difference.denominators] == [("active", 6), ("placebo", 5)]
    means = [found.adjusted_mean(arm, "w12").estimate for arm in ("active", "placebo")]
    assert difference.estimate == pytest.approx(means[0] - means[1])
    assert [(one.name, one.total) for one in found.fit.denominators] == [("subjects", PATIENTS), ("observations", 43)]
    assert isinstance(difference, Estimate)
    assert found.any_difference().numerator == 3


def test_a_margin_moves_the_test_and_not_the_interval() -> None:
    zero, margin = (example().contrast([0, 0, 0, 1], null=null) for null in (0.0, 0.5))
    assert (zero.lower, zero.upper) == (margin.lower, margin.upper)
    assert margin.statistic == pytest.approx((margin.estimate - 0.5) / margin.standard_error)


def test_the_order_of_visits_can_be_given_where_sorting_would_not_find_it() -> None:
    words = np.array(["week 4", "week 12", "week 24"])[VISIT]
    named = outcome_of(visit=words, visits=["week 4", "week 12", "week 24"], structure="ar1")
    assert named.log_likelihood == pytest.approx(example("ar1").log_likelihood, rel=1e-12)
    assert named.visits == ("week 4", "week 12", "week 24")
    assert outcome_of(visit=words, structure="ar1").log_likelihood != pytest.approx(named.log_likelihood, rel=1e-6)


def test_the_standard_deviation_of_a_perfect_visit_is_no_deviation() -> None:
    """At one visit the values follow the design exactly: the likelihood climbs for ever as that variance falls."""
    exact = np.where(VISIT == 1, 3.0, OUTCOME)
    found = outcome_of(outcome=exact, X=X[:, :3], names=NAMES[:3])
    assert found == NotEstimable("singular_covariance")

"""A number over time by the mixed model: the analysis of covariance where nothing is missing, and beyond it."""

from math import isclose
from random import Random

import pytest
from analysis_trials import arm_of, estimand, opened, with_estimands

from equipoise.analysis import analyse
from equipoise.statistics import mmrm_by_visit

MIXED = estimand("itch", "mmrm", missing="available")


def course(baseline, middle, final):
    visits = {"week_0": baseline, "week_4": middle, "week_8": final}
    return {visit: value for visit, value in visits.items() if value is not None}


def drawn(seed, effect, people=12):
    """Courses of an itching between 0 and 10 that fall by more where the effect is larger."""
    random = Random(seed)
    for _ in range(people):
        baseline = random.randint(5, 9)
        middle = max(0, min(10, baseline - random.randint(0, 2) - effect))
        yield course(baseline, middle, max(0, min(10, middle + random.randint(-1, 1))))


def trial(active, control):
    return {"active": arm_of("01", active), "control": arm_of("01", control, first=501)}


COMPLETE = trial(list(drawn(1, 2)), list(drawn(2, 0)))


def fitted(asked, arms):
    return analyse(opened(arms), with_estimands(asked)).results


def test_without_missing_values_the_difference_is_that_of_the_analysis_of_covariance():
    """The same regressors at every visit: generalised least squares is least squares at each visit (Zellner 1962)."""
    mixed, alone = (fitted(asked, COMPLETE) for asked in (MIXED, estimand("itch", "ancova", missing="available")))
    for name, arm in (("mean_difference", "active"), ("adjusted_mean", "active"), ("adjusted_mean", "control")):
        one, other = (found.get("asked", name, arm=arm) for found in (mixed, alone))
        assert isclose(one.estimate, other.estimate, rel_tol=1e-6), name
        assert isclose(one.standard_error, other.standard_error, rel_tol=1e-6), name
    row = mixed.get("asked", "mean_difference", arm="active")
    assert (row.method, row.n) == ("mmrm/us/kenward_roger_linear", 24)


def test_who_left_early_still_counts_with_what_is_known():
    """Written out as rows: the model is asked of every value after baseline, and of those without an end too."""
    active = [*drawn(1, 2), course(7, 3, None), course(8, 4, None), course(6, None, None)]
    control = [*drawn(2, 0), course(7, 7, None)]
    row = fitted(MIXED, trial(active, control)).get("asked", "mean_difference", arm="active")
    rows = [
        (arm, f"{arm}-{place}", visit, one[visit] - one["week_0"], one["week_0"])
        for arm, courses in (("active", active), ("control", control))
        for place, one in enumerate(courses)
        for visit in ("week_4", "week_8")
        if visit in one
    ]
    arms, codes, visits, outcome, baseline = zip(*rows, strict=True)
    expected = mmrm_by_visit(
        outcome, arms, codes, visits, {"baseline": baseline}, reference="control", by_visit=["baseline"],
        freedom="kenward_roger_linear",
    ).difference("active", "week_8")  # fmt: skip
    assert isclose(row.estimate, expected.estimate)
    assert isclose(row.p, expected.p_value)
    assert row.n == 27  # 12 + 2 with drops and 12 + 1 without; the one known at baseline only says nothing


@pytest.mark.parametrize("structure", ["cs", "ar1h", "toeph"])
def test_the_covariance_is_the_protocols(structure):
    asked = estimand("itch", "mmrm", covariance=structure)
    assert fitted(asked, COMPLETE).get("asked", "mean_difference", arm="active").method.startswith(f"mmrm/{structure}/")


@pytest.mark.parametrize("arms", [trial([course(6, 4, 3)], []), {"active": [], "control": []}])
def test_what_cannot_be_estimated_is_named(arms):
    row = fitted(MIXED, arms).get("asked", "mean_difference", arm="active")
    assert (row.estimate, row.why is None) == (None, False)


def test_a_visit_nobody_came_to_is_named():
    """Everybody is known at week 4 and nobody at week 8: there is no difference at week 8."""
    gone = trial([course(6, 4, None), course(7, 4, None), course(8, 6, None)],
                 [course(6, 6, None), course(7, 8, None), course(8, 8, None)])  # fmt: skip
    row = fitted(MIXED, gone).get("asked", "mean_difference", arm="active")
    assert (row.estimate, row.why is None) == (None, False)

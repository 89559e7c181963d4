"""What the passes for a million patients save themselves, against the same sums done plainly, one patient at a time."""

from dataclasses import fields
from math import exp, fsum, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.statistics import CoxFit, NotEstimable, SurvivalCurve, cox, kaplan_meier, logrank, two_arm_survival
from equipoise.statistics.numerics.ordering import by_number, encoded, ordered
from equipoise.statistics.survival.cox_residuals import score_contributions
from equipoise.statistics.survival.event_times import two_group_table
from equipoise.statistics.survival.survival_kernels import two_group_sums

PATIENTS = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=40)


@given(PATIENTS, st.sampled_from([0.0, 0.3, -2.0, 40.0, -300.0, 650.0]), st.integers(1, 400))
@settings(deadline=None)
def test_one_logarithm_of_a_product_is_the_sum_of_logarithms(patients, beta: float, copies: int) -> None:
    """Also where the weights reach from 1 to 1e-282, and where the product of all sums would leave the numbers."""
    time, event, second = (np.array(column) for column in zip(*patients * copies, strict=True))
    data = ordered(time, event)
    assert not isinstance(data, NotEstimable)
    found = two_group_sums(two_group_table(data, second[data.order]), 0.0, 1.0, beta, False)[0]
    weights = [exp(beta * own - max(beta, 0.0)) for own in second]
    at_risk = {t: fsum(w for w, until in zip(weights, time, strict=True) if until >= t) for t in set(time)}
    terms = [log(weights[i]) - log(at_risk[time[i]]) for i in range(time.size) if event[i]]
    assert found == pytest.approx(fsum(terms), rel=1e-12, abs=1e-10)


@given(PATIENTS)
@settings(deadline=None)
def test_the_likelihood_of_two_arms_gives_the_residuals_of_the_regression(patients) -> None:
    """The patients' covariates are only worked out when they are asked for."""
    time, event, treated = (list(column) for column in zip(*patients, strict=True))
    found, fit = two_arm_survival(time, event, treated, reference=False), cox(time, event, treated)
    if isinstance(found, NotEstimable) or isinstance(fit, NotEstimable) or isinstance(found.cox, NotEstimable):
        return
    ours, theirs = (score_contributions(each.likelihood, np.array([0.1])) for each in (found.cox, fit))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    assert np.isneginf(found.cox.likelihood.start).all()
    assert found.cox.likelihood.entry.size == 0


def test_results_are_frozen_and_share_nothing_with_what_was_given() -> None:
    time, event = np.array([1.5, 2.0, 2.0, 3.5, 4.0, 5.0]), np.array([True, False, True, True, False, True])
    arm = np.array([0, 1, 0, 1, 0, 1])
    found = two_arm_survival(time, event, arm, reference=0)
    assert not isinstance(found, NotEstimable)
    assert isinstance(found.cox, CoxFit)
    before = kept(found.treatment), found.cox.likelihood.at(np.array([0.3]))[0]
    time[:], event[:], arm[:] = 7.0, False, 1
    assert (kept(found.treatment), found.cox.likelihood.at(np.array([0.3]))[0]) == before
    for curve in (found.treatment, found.reference):
        for column in (getattr(curve, field.name) for field in fields(SurvivalCurve)):
            if isinstance(column, np.ndarray):
                with pytest.raises(ValueError, match="read-only"):
                    column[0] = 1.0


def kept(curve: SurvivalCurve) -> list[list[float]]:
    """All columns as lists in which nothing is undefined."""
    return [np.nan_to_num(getattr(curve, name), nan=-1.0).tolist() for name in ("times", "survival", "lower", "upper")]


@pytest.mark.parametrize(
    ("time", "event", "reason"),
    [
        ([1.0, np.nan], [True, False], "missing_values"),
        ([np.nan, np.inf], [1, 0], "missing_values"),
        ([1.0, 2.0], [1.0, np.nan], "missing_values"),
        ([1.0, np.inf], [1, 0], "not_finite"),
        ([-np.inf, 1.0], [True, True], "not_finite"),
        ([1.0, -1.0], [True, True], "negative_time"),
        ([1.0, 2.0], [1, 2], "event_not_binary"),
    ],
)
def test_what_is_wrong_with_the_times_is_named(time: list[float], event: list[float], reason: str) -> None:
    assert kaplan_meier(time, event) == NotEstimable(reason)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=300), st.booleans())
def test_whole_days_and_parts_of_days_are_sorted_alike(days: list[int], late_part: bool) -> None:
    """That the first hundred times are whole numbers does not mean that all are."""
    times = np.array(days, dtype=np.float64)
    times[-1] += 0.25 * late_part
    ascending, order = by_number(times)
    assert order.tolist() == sorted(range(len(days)), key=lambda i: times[i])
    assert ascending.tolist() == sorted(times.tolist())


@given(st.lists(st.sampled_from([-3, -1, 0, 5, 70_000]), min_size=1, max_size=30))
def test_labels_that_are_whole_numbers_are_coded_in_their_order(labels: list[int]) -> None:
    given_labels = np.array(labels)
    names, codes = encoded(given_labels, len(labels))
    assert [names[code] for code in codes] == labels == given_labels.tolist()
    assert list(names) == sorted(set(labels))


@pytest.mark.parametrize("groups", ["AB", "ABC"])
def test_without_events_no_groups_can_be_compared(groups: str) -> None:
    assert logrank(range(len(groups)), [False] * len(groups), groups) == NotEstimable("no_events")

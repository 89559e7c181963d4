"""The numbers of the kernels against the statistics room, on the rows of simulated trials, small ones above all."""

import numpy as np
import pytest

from equipoise.simulation.design.planning import design_of
from equipoise.simulation.design.reading import Study
from equipoise.simulation.design.replay import replay
from equipoise.statistics import (
    Estimate,
    HypothesisTest,
    LogRank,
    NotEstimable,
    TwoByTwo,
    ancova,
    chi_square,
    cox,
    logrank,
    risk_difference_newcombe,
    risk_difference_wald,
)
from tests.unit.simulation.designs import in_ratio, protocol, study

UNKNOWN = {"event": True, "no_event": False, "complete_case": None}


def numbers(result):
    """Estimate, error and limits; NaN for what there is not."""
    if isinstance(result, NotEstimable):
        return [np.nan] * 4
    told = (result.estimate, result.standard_error, result.lower, result.upper)
    return [np.nan if value is None else value for value in told]


def with_methods(one, *methods):
    """The study with other methods for its first estimand's kinds."""
    changed = {each.method.function: each for each in one.design.analyses}
    estimands = [
        changed[method["function"]].estimand.model_copy(
            update={"method": changed[method["function"]].method.model_copy(update=method), "sensitivity": ()}
        )
        for method in methods
    ]
    trial = protocol().model_copy(update={"estimands": tuple(estimands)})
    asked = [{"estimand": estimand.id} for estimand in estimands]
    scenario = type(one.scenario).model_validate({**one.scenario.model_dump(), "analyses": asked})
    return Study(scenario, {}, design_of(scenario, trial))


def table(rows, unknown):
    """The fourfold table of the rows, unknown outcomes taken as the method says."""
    counts = []
    for arm in (0, 1):
        states = [unknown if state < 0 else state == 1 for state in rows.state[rows.arm == arm].tolist()]
        counts += [sum(s is True for s in states), sum(s is not None for s in states)]
    return TwoByTwo(treatment_events=counts[0], treatment_total=counts[1],
                    reference_events=counts[2], reference_total=counts[3])  # fmt: skip


def proportions(rows, method):
    """Newcombe's interval has no standard error of its own; Wald's stands beside it."""
    found = table(rows, UNKNOWN[method.missing])
    wald = numbers(risk_difference_wald(found))
    told = wald if method.interval == "wald" else numbers(risk_difference_newcombe(found))
    told[1] = wald[1]
    if method.test == "wald":
        return told, (wald[0] / wald[1]) ** 2
    test = chi_square(found, continuity=method.test == "chi_square_yates")
    return told, test.statistic if isinstance(test, HypothesisTest) else np.nan


def survival(rows, method):
    # The kernels give up the two lowest bits of a time and of no other.
    treated = (rows.arm == 0).astype(float)
    fitted = cox(rows.time, rows.event.astype(bool), treated, ties=method.ties)
    if isinstance(fitted, NotEstimable):
        model = [np.nan] * 4
    else:
        beta, error = fitted.coefficients[0], fitted.standard_errors[0]
        model = [beta, error, beta - 1.959963984540054 * error, beta + 1.959963984540054 * error]
    if method.test == "wald":
        return model, (model[0] / model[1]) ** 2
    test = logrank(rows.time, rows.event.astype(bool), rows.arm)
    return model, test.statistic if isinstance(test, LogRank) else np.nan


def compare(found, expected, statistic):
    told = [found[name] for name in ("estimate", "standard_error", "lower", "upper")]
    np.testing.assert_allclose(told, expected, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(found["statistic"], statistic, rtol=1e-7, atol=1e-10)
    assert found["rejected"] == float(np.nan_to_num(statistic) > 3.841458820694124)


METHODS = [
    *({"function": "two_proportions", "test": test, "interval": interval, "missing": missing}
      for test in ("chi_square", "chi_square_yates", "wald") for interval in ("newcombe", "wald")
      for missing in ("event", "no_event", "complete_case")),
    *({"function": "survival", "test": test, "ties": ties} for test in ("logrank", "wald")
      for ties in ("efron", "breslow")),
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny():
    """Trials so small that arms without events or without anybody known are common."""
    return study(participants="6", analyses=[
        {"estimand": "time_to_first_flare_itt"}, {"estimand": "any_flare_itt"}
    ], leaves={"per_year": {"belimumab": "0.8", "placebo": "0.8"}})  # fmt: skip


@pytest.mark.parametrize("method", METHODS, ids=lambda method: " ".join(method.values()))
def test_small_trials_are_analysed_as_the_statistics_room_does(tiny, method):
    one = with_methods(tiny, method)
    told = one.design.analyses[0].method
    not_estimable = 0
    for number in range(60):
        trial = replay(one.design, 1, number)
        expected, statistic = (proportions if told.function == "two_proportions" else survival)(trial.rows, told)
        not_estimable += bool(np.isnan([*expected, statistic]).any())
        compare(trial.results(0), expected, statistic)
    assert 0 < not_estimable < 60


def test_tied_times_are_analysed_as_the_statistics_room_does():
    one = study(observed="at_visits", participants="80", analyses=[
        {"estimand": "time_to_first_flare_itt"}, {"estimand": "any_flare_itt"}
    ], assessment={"missed": "0.05", "unknown": "0.1"})  # fmt: skip
    for number in range(20):
        trial = replay(one.design, 2, number)
        assert np.unique(trial.rows.time).size <= 14
        for place, kind in enumerate((survival, proportions)):
            compare(trial.results(place), *kind(trial.rows, one.design.analyses[place].method))


SCORE = {"variable": "sledai_total", "mean": "2.15", "deviation": "1.62", "within": ["0", "105"],
         "change": {"belimumab": "-1", "placebo": "0"}, "in_event": "4"}  # fmt: skip
DOSE = {"variable": "prednisone_daily", "start": {"5": "0.5", "10": "0.5"}, "rise": "5", "severe_rise": "20",
        "taper": "2.5", "every_weeks": "7", "least": "2.5", "most": "60"}  # fmt: skip


@pytest.mark.parametrize(
    ("participants", "strata", "arms"), [("60", "protocol", 2), ("8", "none", 2), ("20", "none", 3)]
)
def test_covariance_is_analysed_as_the_statistics_room_does(participants, strata, arms):
    trial = in_ratio(belimumab=1, other=1, placebo=1) if arms == 3 else None
    one = study(
        trial, compare="belimumab", observed="at_visits", participants=participants, score=SCORE, dose=DOSE,
        randomisation={"procedure": "complete", "strata": strata},
        leaves={"per_year": {"belimumab": "0.9", "placebo": "0.9"}},
        analyses=[{"estimand": "sledai_change_itt"}, {"estimand": "prednisone_change_itt"}],
    )  # fmt: skip
    for number in range(25):
        trial = replay(one.design, 1, number)
        rows = trial.rows
        for measure in (0, 1):
            there = ~np.isnan(rows.base[measure]) & ~np.isnan(rows.final[measure])
            base, final = rows.base[measure][there], rows.final[measure][there]
            covariates = {"baseline": base.tolist()}
            if np.unique(rows.site[there]).size > 1:
                covariates["site"] = [str(site) for site in rows.site[there]]
            arms = [one.design.arms[arm] for arm in rows.arm[there]]
            fitted = ancova((final - base).tolist(), arms, covariates=covariates, reference="placebo")
            expected = NotEstimable("empty_arm", ())
            if not isinstance(fitted, NotEstimable) and "belimumab" in fitted.arms:
                expected = fitted.differences[fitted.arms.index("belimumab") - 1]
            found = trial.results(measure)
            told = [found[name] for name in ("estimate", "standard_error", "lower", "upper")]
            np.testing.assert_allclose(told, numbers(expected), rtol=1e-7, atol=1e-9)
            if isinstance(expected, Estimate):
                assert found["rejected"] == float(expected.p_value < 0.05)


def test_the_facts_of_a_trial_are_counted_from_its_rows():
    trial = replay(study(participants="40", observed="at_visits").design, 3, 5)
    rows, facts = trial.rows, trial.facts
    for arm, name in ((0, "treated"), (1, "reference")):
        there = rows.arm == arm
        assert facts[name] == there.sum()
        assert facts[f"{name}_events"] == (rows.state[there] == 1).sum()
        assert facts[f"{name}_unknown"] == (rows.state[there] == -1).sum()
        assert facts[f"{name}_onsets"] == rows.events[there].sum()
    assert facts["imbalance"] == abs((rows.arm == 0).sum() - (rows.arm == 1).sum())

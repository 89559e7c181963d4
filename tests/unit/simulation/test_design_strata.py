"""Comparisons within sites, score limits and Fisher's test against the statistics room, on the rows of small trials."""

import numpy as np
import pytest
from scipy.special import ndtri

from equipoise.simulation.design.replay import replay
from equipoise.simulation.design.strata_kernels import fisher
from equipoise.statistics import (
    CoxFit,
    Estimate,
    FisherExact,
    HypothesisTest,
    LogRank,
    TwoByTwo,
    chi_square,
    cox,
    fisher_exact,
    logrank,
    mantel_haenszel_test,
    risk_difference_score,
    risk_difference_wald,
)
from tests.unit.simulation.designs import near, protocol, read, study
from tests.unit.simulation.test_design_analyses import UNKNOWN, compare, numbers, with_methods

BOTH = [{"estimand": "time_to_first_flare_itt"}, {"estimand": "any_flare_itt"}]
SITES = {"01": {"share": "5"}, "02": {"share": "3", "hazard_ratio": "2"}, "03": {"share": "1"}}


def small(participants="12", **changes):
    return study(participants=participants, analyses=BOTH, sites=SITES,
                 leaves={"per_year": {"belimumab": "0.8", "placebo": "0.8"}}, **changes)  # fmt: skip


def table(rows, unknown, there):
    counts = []
    for arm in (0, 1):
        states = [unknown if state < 0 else state == 1 for state in rows.state[there & (rows.arm == arm)].tolist()]
        counts += [sum(s is True for s in states), sum(s is not None for s in states)]
    return TwoByTwo(treatment_events=counts[0], treatment_total=counts[1],
                    reference_events=counts[2], reference_total=counts[3])  # fmt: skip


@pytest.mark.parametrize("missing", ["event", "no_event", "complete_case"])
def test_proportions_within_sites_are_those_of_the_statistics_room(missing):
    method = {"function": "two_proportions", "test": "cmh", "interval": "miettinen_nurminen", "missing": missing,
              "strata": ("site",)}  # fmt: skip
    one, empty = with_methods(small(), method), 0
    for number in range(60):
        trial = replay(one.design, 1, number)
        tables = [table(trial.rows, UNKNOWN[missing], trial.rows.site == site) for site in range(3)]
        expected = numbers(risk_difference_score(tables))
        test = mantel_haenszel_test(tables)
        statistic = test.statistic if isinstance(test, HypothesisTest) else np.nan
        empty += bool(np.isnan(statistic))
        compare(trial.results(0), [expected[0], np.nan, *expected[2:]], statistic)
    assert 0 < empty < 60


@pytest.mark.parametrize("test", ["logrank", "wald"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("observed", ["at_once", "at_visits"])
def test_times_within_sites_are_those_of_the_statistics_room(test, ties, observed):
    within = {"function": "survival", "test": test, "ties": ties, "strata": ("site",)}
    one = with_methods(small("30", observed=observed), within)
    for number in range(25):
        trial = replay(one.design, 1, number)
        rows = trial.rows
        event, treated = rows.event.astype(bool), (rows.arm == 0).astype(float)
        fitted = cox(rows.time, event, treated, ties=ties, strata=rows.site.tolist())
        expected = [np.nan] * 4
        if isinstance(fitted, CoxFit):
            beta, error = fitted.coefficients[0], fitted.standard_errors[0]
            expected = [beta, error, beta - 1.959963984540054 * error, beta + 1.959963984540054 * error]
        tested = logrank(rows.time, event, rows.arm, rows.site.tolist())
        statistic = tested.statistic if isinstance(tested, LogRank) else np.nan
        compare(trial.results(0), expected, (expected[0] / expected[1]) ** 2 if test == "wald" else statistic)


def test_an_analysis_within_sites_leaves_the_others_as_they_are():
    plain = small("40")
    trial = protocol()
    estimands = {estimand.id: estimand for estimand in trial.estimands}
    first = estimands["time_to_first_flare_itt"]
    within = first.method.model_copy(update={"strata": ("site",)})
    again = first.model_copy(update={"method": within, "sensitivity": (first.method, within, first.method)})
    changed = trial.model_copy(update={"estimands": (again, estimands["any_flare_itt"])})
    mixed = study(changed, participants="40", sites=SITES, leaves=plain.scenario.leaves.model_dump(mode="json"),
                  analyses=[{"estimand": first.id, "sensitivity": "3"}, BOTH[1]])  # fmt: skip
    for number in range(10):
        found, expected = replay(mixed.design, 1, number), replay(plain.design, 1, number)
        assert found.results(1) == found.results(3) == expected.results(0)
        assert found.results(0) == found.results(2) != expected.results(0)
        assert found.results(4) == expected.results(1)


@pytest.mark.parametrize("test", ["fisher", "chi_square"])
def test_score_limits_and_fishers_test_are_those_of_the_statistics_room(test):
    method = {"function": "two_proportions", "test": test, "interval": "miettinen_nurminen", "missing": "event"}
    one = with_methods(small(), method)
    for number in range(60):
        trial = replay(one.design, 1, number)
        found = table(trial.rows, True, trial.rows.site >= 0)
        score, wald = numbers(risk_difference_score(found)), numbers(risk_difference_wald(found))
        tested = fisher_exact(found) if test == "fisher" else chi_square(found)
        statistic = np.nan
        if isinstance(tested, FisherExact):
            statistic = ndtri(tested.p_value / 2.0) ** 2
        elif isinstance(tested, HypothesisTest):
            statistic = tested.statistic
        compare(trial.results(0), [score[0], wald[1], *score[2:]], statistic)
    assert isinstance(risk_difference_score(found), Estimate)


def test_fishers_p_value_is_the_same_over_all_tables_of_some_margins():
    for n1, n0 in ((7, 5), (116, 115)):
        for x1 in range(0, n1 + 1, max(1, n1 // 9)):
            for x0 in range(0, n0 + 1, max(1, n0 // 7)):
                exact = fisher_exact(TwoByTwo(treatment_events=x1, treatment_total=n1,
                                              reference_events=x0, reference_total=n0))  # fmt: skip
                found = fisher(float(x1), float(n1), float(x0), float(n0))
                if isinstance(exact, FisherExact) and exact.p_value > 1e-9:
                    assert found == pytest.approx(ndtri(exact.p_value / 2.0) ** 2, rel=1e-6, abs=1e-9)
                elif isinstance(exact, FisherExact):
                    assert found > 36.0
                else:
                    assert np.isnan(found)


def test_a_test_within_sites_is_as_powerful_as_one_without_where_sites_are_alike():
    asked = [{"estimand": "any_flare_itt", "sensitivity": "5"}]
    one = study(participants="200", analyses=asked, leaves=None)
    from equipoise.simulation.design.outcome import outcome_of
    from equipoise.simulation.design.running import Order, simulate

    *_, sums = simulate(one.design, Order(1000, 1, 2))
    outcome = outcome_of(one, 1, sums)
    assert [each.method.test for each in one.design.analyses][-2:] == ["fisher", "cmh"]
    powers = [outcome.of("rejected", "any_flare_itt", name) for name in ("", "sensitivity_5", "sensitivity_4")]
    assert near(powers[1].value, powers[0].value, powers[0].error)
    assert powers[2].value < powers[0].value


def test_strata_are_sites_and_covariates_with_levels():
    trial = protocol()
    estimand = next(each for each in trial.estimands if each.id == "any_flare_itt")
    method = estimand.method.model_copy(update={"strata": ("site", "sex")})
    changed = trial.model_copy(update={"estimands": (estimand.model_copy(update={"method": method}),)})
    told = {"scenario": "s", "observed": "at_once", "analyses": [{"estimand": estimand.id}],
            "randomisation": {"procedure": "complete"}, "event": {"risk": "0.3"}}  # fmt: skip
    assert {problem.id for problem in read(told, trial=changed)[1]} == {"scenario.E008", "scenario.E015"}

"""What every method of the statistics room keeps: frozen results, checked arguments, a name and a documented place."""

import subprocess
import sys
from dataclasses import FrozenInstanceError

import numba
import numpy as np
import pytest
from design_results import every_design_result
from imputation_results import every_imputation_result
from mixed_results import every_mixed_result
from time_to_event_results import every_time_to_event_result

import equipoise.statistics as room
from equipoise.statistics import (
    METHODS,
    Denominator,
    TwoByTwo,
    ancova,
    chi_square,
    cox,
    describe,
    fisher_exact,
    heterogeneity_test,
    kaplan_meier,
    logrank,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_woolf,
    poisson_rate,
    proportion,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
    risk_difference_at,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_at,
    risk_ratio_katz,
    risk_ratio_score,
    two_means_t,
)
from equipoise.statistics.numerics import compiled as compiled_module

TABLE = TwoByTwo(treatment_events=30, treatment_total=116, reference_events=46, reference_total=115)
TIME, EVENT, ARM = [5, 6, 8, 8, 9, 12, 14, 20], [1, 0, 1, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1, 1, 0]


def every_result() -> list[object]:
    """One result of every method, by its documented name."""
    mean = restricted_mean(TIME, EVENT, horizon=10)
    strata, site = [TABLE, TABLE], [1, 2] * 4
    curves = [kaplan_meier(TIME, EVENT, conf_type=kind) for kind in ("log-log", "log", "plain")]
    fits = [cox(TIME, EVENT, ARM, ties=ties, strata=by) for ties in ("efron", "breslow") for by in (None, site)]
    adjusted = [
        ancova([1.0, 2, 3, 5, 4, 6, 7, 9], ARM, {"age": TIME}, reference=0, robust=robust) for robust in (False, True)
    ]
    return [
        *curves,
        *(curve.quantile() for curve in curves),
        *(contrast(curves[0], curves[0], time=8) for contrast in (risk_difference_at, risk_ratio_at)),
        heterogeneity_test([0.1, 0.3], [0.2, 0.1]),
        mean,
        restricted_mean_difference(mean, mean),
        restricted_mean_ratio(mean, mean),
        *(logrank(TIME, EVENT, ARM, by, rho=rho) for by in (None, site) for rho in (0, 1)),
        *fits,
        *(test for fit in fits for test in (fit.wald, fit.score, fit.likelihood_ratio, fit.hazard_ratio())),
        *(
            proportion(3, 9, method=name.removeprefix("proportion/"))
            for name in METHODS
            if name.startswith("proportion/")
        ),
        risk_difference_wald(TABLE),
        *(risk_difference_newcombe(TABLE, continuity=wanted) for wanted in (False, True)),
        *(risk_difference_score(t, bias_correction=wanted) for t in (TABLE, strata) for wanted in (False, True)),
        *(risk_ratio_score(t, bias_correction=wanted) for t in (TABLE, strata) for wanted in (False, True)),
        *(odds_ratio_score(TABLE, bias_correction=wanted) for wanted in (False, True)),
        risk_ratio_katz(TABLE),
        odds_ratio_woolf(TABLE),
        *(chi_square(TABLE, continuity=wanted) for wanted in (False, True)),
        fisher_exact(TABLE),
        *(mantel_haenszel_test(strata, continuity=wanted) for wanted in (False, True)),
        mantel_haenszel_odds_ratio(strata),
        mantel_haenszel_risk_ratio(strata),
        mantel_haenszel_risk_difference(strata),
        *adjusted,
        *(one for fit in adjusted for one in (*fit.adjusted_means, *fit.differences)),
        *(two_means_t([1, 2, 4], [2, 5, 9], pooled=wanted) for wanted in (False, True)),
        *(describe([1, 2, 4], definition=definition) for definition in (2, 6, 7)),
        poisson_rate(4, 20),
        *every_design_result(),
        *every_imputation_result(),
        *every_mixed_result(),
        *every_time_to_event_result(),
    ]


def test_every_result_is_frozen_and_names_a_known_method() -> None:
    found = every_result()
    for result in found:
        with pytest.raises(FrozenInstanceError):
            result.method = "another"
    assert {result.method for result in found} == set(METHODS)


def test_every_method_speaks_both_languages_and_has_a_source() -> None:
    for method in METHODS.values():
        assert method.words() == method.en
        assert method.words("zh") != method.en
        assert any(character.isdigit() for character in method.source)


def test_the_arrays_of_a_result_refuse_to_be_written() -> None:
    curve = kaplan_meier(TIME, EVENT)
    for array in (curve.survival, logrank(TIME, EVENT, ARM).observed, cox(TIME, EVENT, ARM).coefficients):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_table_is_oriented_by_name_and_refuses_what_is_no_count() -> None:
    with pytest.raises(TypeError):
        TwoByTwo(30, 116, 46, 115)
    for events, total in ((-1, 5), (6, 5), (2.5, 5)):
        with pytest.raises(ValueError, match="not a count"):
            TwoByTwo(treatment_events=1, treatment_total=5, reference_events=events, reference_total=total)


def test_counts_stand_beside_the_number() -> None:
    named = TwoByTwo(
        treatment_events=3, treatment_total=9, reference_events=4, reference_total=8, treatment="A", reference="B"
    )
    assert risk_ratio_katz(named).denominators == (Denominator("A", 9, 3), Denominator("B", 8, 4))
    assert logrank(TIME, EVENT, ARM).denominators == (Denominator("0", 4, 3), Denominator("1", 4, 2))


# Tables on which a widespread library's score interval stops with an error.
@pytest.mark.parametrize(
    "cells", [(26, 238, 13, 225), (15, 144, 5, 72), (96, 167, 37, 84), (11, 1458, 3, 675), (0, 15, 3, 16), (9, 9, 9, 9)]
)
@pytest.mark.parametrize("corrected", [False, True])
def test_the_score_interval_has_no_table_it_fails_on(cells: tuple[int, ...], corrected: bool) -> None:
    """At a limit inside (−1, 1) the score statistic is the normal quantile."""
    names = ("treatment_events", "treatment_total", "reference_events", "reference_total")
    table = TwoByTwo(**dict(zip(names, cells, strict=True)))
    found = risk_difference_score(table, bias_correction=corrected)
    assert -1 <= found.lower < found.estimate < found.upper <= 1 or found.estimate in (found.lower, found.upper)
    for limit in (found.lower, found.upper):
        tested = risk_difference_score(table, bias_correction=corrected, null=limit)
        assert abs(tested.statistic) == pytest.approx(1.959963984540054, rel=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: kaplan_meier([1, 2], [1]),
        lambda: kaplan_meier([1], [1], level=1.0),
        lambda: kaplan_meier([1], [1], conf_type="logit"),
        lambda: kaplan_meier([1], [1]).quantile(1.0),
        lambda: restricted_mean([1], [1], horizon=0),
        lambda: restricted_mean_difference(*[room.Estimate(method="rmst", estimate=None)] * 2),
        lambda: logrank([1, 2], [1, 1], [0, 1], rho=-1),
        lambda: logrank([1, 2], [1, 1], [0]),
        lambda: cox([1, 2], [1, 1], [0, 1], ties="discrete"),
        lambda: cox([1, 2], [1, 1], [0, 1], names=["a", "b"]),
        lambda: cox([1, 2], [1, 1], [0, 1, 2]),
        lambda: proportion(3, 2),
        lambda: proportion(1, 2, method="exact"),
        lambda: risk_difference_score(TABLE, null=1.0),
        lambda: risk_ratio_score(TABLE, null=0.0),
        lambda: odds_ratio_score(TABLE, null=-1.0),
        lambda: fisher_exact(TABLE, level=0.0),
        lambda: ancova([1, 2], ["A", "B"], {"age": [1]}, reference="A"),
        lambda: describe([1], definition=5),
        lambda: poisson_rate(-1, 1),
        lambda: poisson_rate(1, -1),
        lambda: poisson_rate(1, 1, per=0),
    ],
)
def test_a_wrong_argument_is_a_programming_error(call) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        call()


def test_a_kernel_is_compiled_even_where_nothing_can_be_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_ = numba.njit

    def read_only_installation(**options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return compile_(**options)

    monkeypatch.setattr(compiled_module, "njit", read_only_installation)
    assert compiled_module.compiled(lambda x: x + 1)(2) == 3


def test_importing_the_room_draws_in_no_heavy_neighbour() -> None:
    """Every command that knows a method pays for this import: not also for `scipy.stats`, frames and figures."""
    heavy = "{'scipy.stats', 'scipy.optimize', 'polars', 'pandas', 'matplotlib'}"
    script = f"import sys, equipoise.statistics; print(sorted({heavy} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_numbers_at_risk_stand_just_before_a_time() -> None:
    assert kaplan_meier(TIME, EVENT).numbers_at_risk([0, 5, 8, 8.5, 20, 21]) == (8, 8, 6, 4, 1, 0)


def test_a_step_that_would_overshoot_is_halved() -> None:
    """A covariate over several powers of ten: with this one a full Newton step loses likelihood on the way."""
    time = np.arange(1.0, 25.0)
    covariate = np.exp(np.random.default_rng(2).normal(0, 3, 24))
    fit = cox(time, np.ones(24), covariate)
    assert fit.log_likelihood >= fit.log_likelihood_null
    beta = fit.coefficients[0]
    scale = 1e-3 * fit.standard_errors[0]
    assert log_likelihood(beta, covariate) > max(log_likelihood(beta + step, covariate) for step in (-scale, scale))


def log_likelihood(beta: float, covariate: np.ndarray) -> float:
    """Without ties or censoring, in order of time: Σ log of the hazard's share among those who are left."""
    predictor = beta * covariate
    return sum(
        predictor[i] - np.log(np.exp(predictor[i:] - predictor.max()).sum()) - predictor.max() for i in range(24)
    )


def test_the_order_of_patients_does_not_matter() -> None:
    order = np.random.default_rng(3).permutation(8)
    time, event, arm = (np.array(column)[order] for column in (TIME, EVENT, ARM))
    assert logrank(time, event, arm).statistic == logrank(TIME, EVENT, ARM).statistic
    assert cox(time, event, arm).coefficients[0] == pytest.approx(cox(TIME, EVENT, ARM).coefficients[0], rel=1e-12)
    np.testing.assert_array_equal(kaplan_meier(time, event).survival, kaplan_meier(TIME, EVENT).survival)

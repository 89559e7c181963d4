"""Every number another program computed for the open reference set is met.

The data are synthetic, drawn in R, except the published remission times of Freireich et al. 1963 (`tte_6mp.csv`).
`cases.json` holds input, expected numbers, the program that made them and the tolerance: 1e-6 relative unless the
reference itself is less exact, because those programs stop their own iterations near there; 1e-9 absolute at zero.
"""

import csv
import json
from collections.abc import Callable
from math import inf, isinf
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.statistics import (
    Estimate,
    HypothesisTest,
    NotEstimable,
    TwoByTwo,
    ancova,
    chi_square,
    cox,
    fisher_exact,
    kaplan_meier,
    logrank,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
    odds_ratio_score,
    odds_ratio_woolf,
    proportion,
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
    risk_ratio_katz,
    risk_ratio_score,
)

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
Input = dict[str, Any]


def columns(case: Input) -> dict[str, list[str]]:
    """The rows of the case's data that it asks for, as columns of text: a region called NA is a region."""
    with (HERE / "data" / case["data"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {key: str(value) for key, value in case.get("where", {}).items()}
    rows = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(column: list[str]) -> list[float]:
    return [float(value) for value in column]


def survival(case: Input) -> tuple[list[float], list[float], dict[str, list[str]]]:
    data = columns(case)
    return numbers(data["time"]), numbers(data["event"]), data


def table(case: Input) -> TwoByTwo:
    return TwoByTwo(
        treatment_events=case["x1"],
        treatment_total=case["n1"],
        reference_events=case["x0"],
        reference_total=case["n0"],
    )


def tables(case: Input) -> list[TwoByTwo]:
    rows = zip(case["x1"], case["n1"], case["x0"], case["n0"], strict=True)
    return [table(dict(zip(("x1", "n1", "x0", "n0"), row, strict=True))) for row in rows]


def interval(result: Estimate | NotEstimable) -> Input:
    assert isinstance(result, Estimate)
    error = {"se_log" if result.standard_error_scale == "log" else "se": result.standard_error}
    return {"est": result.estimate, "lower": result.lower, "upper": result.upper} | error


def curve_at(case: Input) -> Input:
    time, event, _ = survival(case)
    curve = kaplan_meier(time, event, conf_type=case["method"].partition("/")[2], level=case["conf_level"])
    points = curve.at(case["times"])
    names = {"surv": "survival", "std_err": "standard_error", "lower": "lower", "upper": "upper", "n_risk": "at_risk"}
    return {key: [getattr(point, name) for point in points] for key, name in names.items()}


def curve_quantiles(case: Input) -> Input:
    time, event, _ = survival(case)
    found = [kaplan_meier(time, event).quantile(probability) for probability in case["probs"]]
    names = {"quantile": "estimate", "lower": "lower", "upper": "upper"}
    return {key: [getattr(one, name) for one in found] for key, name in names.items()}


def rmst(case: Input) -> Input:
    time, event, data = survival(case)
    one, other = (
        restricted_mean(
            [t for t, a in zip(time, data["arm"], strict=True) if a == arm],
            [e for e, a in zip(event, data["arm"], strict=True) if a == arm],
            horizon=case["tau"],
        )
        for arm in "10"
    )
    contrasts = {"diff": restricted_mean_difference(one, other), "ratio": restricted_mean_ratio(one, other)}
    means = {"rmst_arm1": one.estimate, "se_arm1": one.standard_error}
    others = {"rmst_arm0": other.estimate, "se_arm0": other.standard_error}
    return means | others | {key: [c.estimate, c.lower, c.upper, c.p_value] for key, c in contrasts.items()}


def log_rank(case: Input) -> Input:
    time, event, data = survival(case)
    strata = data["region"] if "strata(region)" in case["formula"] else None
    test = logrank(time, event, data["arm"], strata, rho=case["rho"])
    return {
        "chisq": test.statistic,
        "df": test.degrees_of_freedom,
        "p": test.p_value,
        "observed": list(test.observed),
        "expected": list(test.expected),
        "var": test.variance[0, 0],
        "z_arm1": test.z,
    }


def cox_model(case: Input) -> Input:
    time, event, data = survival(case)
    names = [name for name in ("arm", "age") if name in case["formula"]]
    strata = data["region"] if "strata(region)" in case["formula"] else None
    X = np.column_stack([numbers(data[name]) for name in names])
    fit = cox(time, event, X, names=names, ties=case["ties"], strata=strata)
    ratios = [fit.hazard_ratio(name) for name in names]
    return {
        "coef_names": list(fit.names),
        "coef": list(fit.coefficients),
        "se": list(fit.standard_errors),
        "hr": [ratio.estimate for ratio in ratios],
        "lower": [ratio.lower for ratio in ratios],
        "upper": [ratio.upper for ratio in ratios],
        "loglik_null": fit.log_likelihood_null,
        "loglik": fit.log_likelihood,
        "lrt": fit.likelihood_ratio.statistic,
        "score": fit.score.statistic,
        "wald": fit.wald.statistic,
    }


def fisher(case: Input) -> Input:
    test = fisher_exact(table(case), level=case["conf_level"])
    return {
        "p_two_sided": test.p_value,
        "p_less": test.p_less,
        "p_greater": test.p_greater,
        "or_cmle": test.odds_ratio,
        "or_lower": test.lower,
        "or_upper": test.upper,
    }


def pearson(case: Input) -> Input:
    plain, yates = chi_square(table(case)), chi_square(table(case), continuity=True)
    return {"pearson": plain.statistic, "p": plain.p_value, "yates": yates.statistic, "p_yates": yates.p_value}


def cmh(case: Input) -> Input:
    plain, corrected = (mantel_haenszel_test(tables(case), continuity=wanted) for wanted in (False, True))
    assert isinstance(plain, HypothesisTest)
    assert isinstance(corrected, HypothesisTest)
    common = mantel_haenszel_odds_ratio(tables(case))
    return {
        "chisq": plain.statistic,
        "p": plain.p_value,
        "chisq_cc": corrected.statistic,
        "p_cc": corrected.p_value,
        "or_mh": common.estimate,
        "lower": common.lower,
        "upper": common.upper,
    }


def one_proportion(case: Input) -> Input:
    names = ("clopper_pearson", "wilson", "wilson_cc", "jeffreys", "agresti_coull")
    found = {name: proportion(case["x"], case["n"], method=name, level=case["conf_level"]) for name in names}
    return {name: [result.lower, result.upper] for name, result in found.items()}


def covariance(case: Input) -> Input:
    data = columns(case)
    fit = ancova(
        numbers(data["chg"]),
        data["arm"],
        {"base": numbers(data["base"]), "region": data["region"]},
        reference="0",
    )
    (difference,) = fit.differences
    return {
        "diff": difference.estimate,
        "se": difference.standard_error,
        "t": difference.statistic,
        "p": difference.p_value,
        "df": difference.degrees_of_freedom,
        "lower": difference.lower,
        "upper": difference.upper,
        "sigma": fit.residual_deviation,
    }


ADAPTERS: dict[str, Callable[[Input], Input]] = {
    "kaplan_meier/log": curve_at,
    "kaplan_meier/log-log": curve_at,
    "km_quantile/log-log": curve_quantiles,
    "rmst_two_arm": rmst,
    "logrank": log_rank,
    "logrank_stratified": log_rank,
    "fh_rho1": log_rank,
    "cox/efron": cox_model,
    "cox/breslow": cox_model,
    "cox_strat_cov/efron": cox_model,
    "rd/wald": lambda case: interval(risk_difference_wald(table(case))),
    "rd/newcombe": lambda case: interval(risk_difference_newcombe(table(case))),
    "rd/miettinen_nurminen": lambda case: interval(risk_difference_score(table(case))),
    "rr/miettinen_nurminen": lambda case: interval(risk_ratio_score(table(case))),
    "or/miettinen_nurminen": lambda case: interval(odds_ratio_score(table(case))),
    "rr/katz_log": lambda case: interval(risk_ratio_katz(table(case))),
    "or/woolf": lambda case: interval(odds_ratio_woolf(table(case))),
    "fisher": fisher,
    "chisq": pearson,
    "cmh_test_and_or": cmh,
    "mh_rr": lambda case: interval(mantel_haenszel_risk_ratio(tables(case))),
    "mh_rd": lambda case: interval(mantel_haenszel_risk_difference(tables(case))),
    "stratified_mn_rd/MH_weights": lambda case: interval(risk_difference_score(tables(case))),
    "stratified_mn_rr/MH_weights": lambda case: interval(risk_ratio_score(tables(case))),
    "all_intervals": one_proportion,
    "ancova": covariance,
}
# The root of a stratified score is, for these weights, the Mantel–Haenszel estimate; we give no HC3 errors.
RENAMED = {"mle": "est"}
NOT_OURS = {"se_hc3"}


def as_list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_number_of_the_reference_is_met(case: Input) -> None:
    found = ADAPTERS[case["method"]](case["input"] | {"method": case["method"]})
    compared = 0
    for key, expected in case["expected"].items():
        name = RENAMED.get(key, key)
        if key in NOT_OURS:
            continue
        ours, theirs = as_list(found[name]), as_list(expected)
        assert len(ours) == len(theirs), key
        for one, other in zip(ours, theirs, strict=True):
            compare(one, other, case["rtol"], key)
            compared += 1
    assert compared > 0


def compare(ours: object, theirs: object, rtol: float, key: str) -> None:
    if theirs is None or isinstance(theirs, str):
        assert ours == (inf if theirs == "Inf" else theirs), key
    else:
        assert ours is not None, key
        assert not isinf(ours), key
        assert ours == pytest.approx(theirs, rel=rtol, abs=1e-9), key


def test_every_method_of_the_set_has_cases() -> None:
    assert {case["method"] for case in CASES} == set(ADAPTERS)

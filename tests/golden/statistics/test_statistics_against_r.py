"""Agreement with R 4.2.2 and survival 3.5-3 where the open cases do not reach: `r_4_2_2.R` makes the numbers.

Tolerance 1e-9 relative, because both sides are double precision and R printed 15 digits.
"""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.statistics import ancova, cox, describe, kaplan_meier, logrank, poisson_rate, two_means_t

HERE = Path(__file__).parent
R: dict[str, Any] = json.loads((HERE / "r_4_2_2.json").read_text(encoding="utf-8"))
CONFIDENCE_TYPES = ("log-log", "log", "plain")


def close(ours: object, theirs: object) -> None:
    ours, theirs = (np.asarray(side, dtype=float) for side in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def read(name: str) -> dict[str, list[str]]:
    with (HERE / "data" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def floats(column: list[str]) -> np.ndarray:
    return np.array(column, dtype=float)


@pytest.fixture(scope="module")
def three_arms() -> dict[str, list[str]]:
    return read("tte_3arm.csv")


@pytest.fixture(scope="module")
def remission() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    data = read("tte_6mp.csv")
    time, event, arm = (floats(data[name]) for name in ("time", "event", "arm"))
    return {name: (time[arm == code], event[arm == code]) for name, code in (("control", 0), ("treated", 1))}


@pytest.mark.parametrize(("key", "stratified"), [("logrank_3arm", False), ("logrank_3arm_stratified", True)])
def test_three_groups_are_compared_at_once(three_arms: dict[str, list[str]], key: str, stratified: bool) -> None:
    time, event = floats(three_arms["time"]), floats(three_arms["event"])
    test = logrank(time, event, three_arms["arm"], three_arms["region"] if stratified else None)
    close(test.observed, R[key]["observed"])
    close(test.expected, R[key]["expected"])
    close(test.statistic, R[key]["chisq"])
    assert test.degrees_of_freedom == 2
    assert test.z is None


def test_a_stratified_breslow_fit_with_four_covariates(three_arms: dict[str, list[str]]) -> None:
    arm = floats(three_arms["arm"])
    X = np.column_stack([arm == 1, arm == 2, floats(three_arms["age"]), floats(three_arms["steroid"])])
    time, event = floats(three_arms["time"]), floats(three_arms["event"])
    fit = cox(time, event, X, ties="breslow", strata=three_arms["region"])
    expected = R["cox_3arm_stratified_breslow"]
    close(fit.coefficients, expected["coef"])
    close(fit.covariance, expected["vcov"])
    close([fit.log_likelihood_null, fit.log_likelihood], expected["loglik"])
    close(
        [fit.score.statistic, fit.wald.statistic, fit.likelihood_ratio.statistic],
        [expected["score"], expected["wald"], expected["lrt"]],
    )


@pytest.mark.parametrize("conf_type", CONFIDENCE_TYPES)
def test_a_curve_that_falls_to_zero(remission: dict[str, Any], conf_type: Any) -> None:
    expected = R[f"km_6mp_control/{conf_type}"]
    points = kaplan_meier(*remission["control"], conf_type=conf_type).at(expected["time"])
    close([point.at_risk for point in points], expected["n_risk"])
    for field, theirs in (("survival", "surv"), ("standard_error", "std_err"), ("lower", "lower"), ("upper", "upper")):
        ours = [getattr(point, field) for point in points]
        close([np.nan if value is None else value for value in ours], np.array(expected[theirs], dtype=float))


@pytest.mark.parametrize("conf_type", CONFIDENCE_TYPES)
@pytest.mark.parametrize(("arm", "probabilities"), [("control", (0.25, 0.5, 0.75)), ("treated", (0.1, 0.25, 0.5))])
def test_quantiles_on_every_scale(remission: Any, conf_type: Any, arm: str, probabilities: Any) -> None:
    curve = kaplan_meier(*remission[arm], conf_type=conf_type)
    found = [curve.quantile(probability) for probability in probabilities]
    expected = R[f"km_6mp_{arm}_quantile/{conf_type}"]
    assert [one.estimate for one in found] == expected["quantile"]
    assert [one.lower for one in found] == expected["lower"]
    assert [one.upper for one in found] == expected["upper"]


def test_a_quantile_on_a_flat_stretch_is_its_middle() -> None:
    curve = kaplan_meier([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 1, 0, 0])
    found = [curve.quantile(probability) for probability in (0.25, 0.5, 0.6)]
    assert [one.estimate for one in found] == R["flat_quantile"]["quantile"]
    assert [one.lower for one in found] == R["flat_quantile"]["lower"]
    assert [one.upper for one in found] == R["flat_quantile"]["upper"]


@pytest.mark.parametrize(("key", "pooled"), [("t_welch", False), ("t_pooled", True)])
def test_two_means(remission: Any, key: str, pooled: bool) -> None:
    test, expected = two_means_t(remission["treated"][0], remission["control"][0], pooled=pooled), R[key]
    ours = (test.estimate, test.standard_error, test.statistic, test.degrees_of_freedom, test.p_value)
    close(ours, [expected[name] for name in ("estimate", "stderr", "t", "df", "p")])
    close((test.lower, test.upper), expected["ci"])


@pytest.mark.parametrize("definition", [2, 6, 7])
def test_quartiles_by_three_definitions(remission: Any, definition: Any) -> None:
    for values, expected in (
        (remission["control"][0], R[f"quartiles/{definition}"]),
        ([1, 2, 3, 4, 10, 20], R["quartiles_even"][(2, 6, 7).index(definition)]),
    ):
        found = describe(values, definition=definition)
        close((found.lower_quartile, found.median, found.upper_quartile), expected)


def test_mean_and_deviation(remission: Any) -> None:
    found = describe(remission["treated"][0])
    close((found.mean, found.standard_deviation), (R["describe"]["mean"], R["describe"]["sd"]))


@pytest.mark.parametrize(("events", "person_time"), [(0, 12.5), (7, 103.2), (250, 1000)])
def test_exact_poisson_limits(events: int, person_time: float) -> None:
    rate = poisson_rate(events, person_time)
    close((rate.lower, rate.upper), R[f"poisson/{events}/{person_time}"])


def test_adjusted_means_average_over_the_levels_of_a_factor() -> None:
    data = read("longitudinal.csv")
    rows = [row for row, week in enumerate(data["week"]) if week == "24"]
    chosen = {key: [column[row] for row in rows] for key, column in data.items()}
    covariates = {"base": floats(chosen["base"]), "region": chosen["region"]}
    means = ancova(floats(chosen["chg"]), chosen["arm"], covariates, reference="0").adjusted_means
    expected = R["ancova_means"]
    close([mean.estimate for mean in means], expected["mean"])
    close([mean.standard_error for mean in means], expected["se"])
    close([mean.lower for mean in means], expected["lower"])
    close([mean.upper for mean in means], expected["upper"])

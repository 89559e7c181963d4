"""Numbers that stand in print are reproduced to the digits printed."""

import csv
from pathlib import Path

import numpy as np
import pytest

from equipoise.statistics import (
    TwoByTwo,
    cox,
    kaplan_meier,
    logrank,
    proportion,
    risk_difference_newcombe,
    risk_difference_score,
    risk_difference_wald,
)

REMISSION = Path(__file__).parent / "data" / "tte_6mp.csv"


@pytest.fixture(scope="module")
def leukaemia() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weeks in remission of 42 children, 6-mercaptopurine (1) v. placebo (0): Freireich et al. 1963, Blood 21:699."""
    with REMISSION.open(encoding="utf-8", newline="") as file:
        rows = [(float(row["time"]), float(row["event"]), float(row["arm"])) for row in csv.DictReader(file)]
    time, event, arm = np.array(rows).T
    return time, event, arm


def test_remission_in_leukaemia_log_rank(leukaemia: tuple[np.ndarray, ...]) -> None:
    """Chi-square 16.79, as tabulated in Kalbfleisch & Prentice and many textbooks; half a unit of the last digit."""
    assert logrank(*leukaemia).statistic == pytest.approx(16.793, abs=5e-4)


@pytest.mark.parametrize(("ties", "coefficient"), [("breslow", -1.5092), ("efron", -1.5721)])
def test_remission_in_leukaemia_cox(leukaemia: tuple[np.ndarray, ...], ties: str, coefficient: float) -> None:
    """Both coefficients are tabulated to four digits; half a unit of the last digit."""
    assert cox(*leukaemia, ties=ties).coefficients[0] == pytest.approx(coefficient, abs=5e-5)


def test_remission_in_leukaemia_kaplan_meier(leukaemia: tuple[np.ndarray, ...]) -> None:
    """The 6-MP arm of the textbook table: S(6) = .857, S(10) = .753, S(23) = .448; median 23 weeks, placebo 8."""
    time, event, arm = leukaemia
    treated = kaplan_meier(time[arm == 1], event[arm == 1])
    found = [point.survival for point in treated.at([6, 10, 23])]
    assert found == pytest.approx([0.857, 0.753, 0.448], abs=5e-4)
    assert treated.quantile().estimate == 23
    assert kaplan_meier(time[arm == 0], event[arm == 0]).quantile().estimate == 8


@pytest.mark.parametrize(
    ("events", "total", "method", "lower", "upper"),
    [
        (81, 263, "wilson", 0.2553, 0.3662),
        (81, 263, "wilson_cc", 0.2535, 0.3682),
        (81, 263, "clopper_pearson", 0.2527, 0.3676),
        (15, 148, "wilson", 0.0624, 0.1605),
        (15, 148, "clopper_pearson", 0.0578, 0.1617),
        (0, 20, "wilson", 0.0, 0.1611),
        (0, 20, "clopper_pearson", 0.0, 0.1684),
        (1, 29, "wilson", 0.0061, 0.1718),
        (1, 29, "clopper_pearson", 0.0009, 0.1776),
    ],
)
def test_one_proportion_of_newcombe(events: int, total: int, method: str, lower: float, upper: float) -> None:
    """Newcombe 1998, Stat Med 17:857, table I; half a unit of the last printed digit."""
    found = proportion(events, total, method=method)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5.1e-5)


# Newcombe 1998, Stat Med 17:873, table II, the first example: 56/70 v. 48/80.
FIRST = TwoByTwo(treatment_events=56, treatment_total=70, reference_events=48, reference_total=80)


@pytest.mark.parametrize(
    ("found", "limits"),
    [
        (risk_difference_wald(FIRST), (0.0575, 0.3425)),
        (risk_difference_score(FIRST), (0.0528, 0.3382)),
        (risk_difference_score(FIRST, bias_correction=False), (0.0533, 0.3377)),
        (risk_difference_newcombe(FIRST), (0.0524, 0.3339)),
        (risk_difference_newcombe(FIRST, continuity=True), (0.0428, 0.3422)),
    ],
    ids=["Wald", "Miettinen–Nurminen", "Mee", "Newcombe", "Newcombe with continuity"],
)
def test_the_first_table_of_newcombe(found: object, limits: tuple[float, float]) -> None:
    """The five methods we share with the paper; half a unit of the last printed digit."""
    assert (found.lower, found.upper) == pytest.approx(limits, abs=5.1e-5)

"""Kaplan–Meier risks at a time, and Cochran's test, agree with R 4.2.2 (survival 3.5-3; stats), to 1e-9 relative.

The calls stand beside the numbers; the data are the trial of 6-mercaptopurine (Freireich et al. 1963) of this folder.
"""

import csv
from pathlib import Path

import pytest

from equipoise.statistics import heterogeneity_test, kaplan_meier, risk_difference_at, risk_ratio_at

DATA = Path(__file__).parent / "data" / "tte_6mp.csv"


def curve(arm):
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["arm"] == arm]
    return kaplan_meier([float(row["time"]) for row in rows], [int(row["event"]) for row in rows])


def printed(found):
    return [found.estimate, found.standard_error, found.lower, found.upper, found.p_value]


def test_the_difference_of_risks_at_a_time():
    """k <- summary(survfit(Surv(time, event) ~ 1), times = 20) of each arm; r <- 1 - k$surv; e <- k$std.err;
    d <- r[1] - r[2]; se <- sqrt(sum(e^2)); d -+ qnorm(.975) * se; 2 * pnorm(-abs(d / se))"""
    found = risk_difference_at(curve("1"), curve("0"), time=20)
    assert printed(found) == pytest.approx(
        [-5.32212885154062e-01, 1.30810981087331e-01, -7.88597696867580e-01, -2.75828073440543e-01,
         4.73037116752244e-05], rel=1e-9,
    )  # fmt: skip


def test_the_ratio_of_risks_at_a_time():
    """l <- log(r[1] / r[2]); se <- sqrt(sum((e / r)^2)); exp(l -+ qnorm(.975) * se); 2 * pnorm(-abs(l / se))"""
    found = risk_ratio_at(curve("1"), curve("0"), time=20)
    assert printed(found) == pytest.approx(
        [0.41176470588235309, 0.31422450361981497, 0.22242353371152487, 0.76228522306583391, 0.00474598539366223],
        rel=1e-9,
    )


def test_the_heterogeneity_of_effects():
    """m <- lm(y ~ 1, weights = 1 / s^2); q <- sum(m$weights * residuals(m)^2); pchisq(q, 3, lower.tail = FALSE)"""
    found = heterogeneity_test([-0.9, -0.3, 0.4, -1.2], [0.5, 0.35, 0.6, 0.8])
    assert (found.statistic, found.degrees_of_freedom) == (pytest.approx(3.856701216841707, rel=1e-9), 3)
    assert found.p_value == pytest.approx(0.277359358200752, rel=1e-9)

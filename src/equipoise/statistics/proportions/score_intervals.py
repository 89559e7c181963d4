"""Score intervals for the difference and the ratios of two risks, in one table or over strata."""

from collections.abc import Sequence
from math import exp, inf, isinf, log

import numpy as np

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.proportions.score_kernels import DIFFERENCE, ODDS_RATIO, RATIO, score_interval, score_z
from equipoise.statistics.proportions.two_by_two import TwoByTwo, as_strata, pooled_counts
from equipoise.statistics.result import Estimate, Floats, NotEstimable


def risk_difference_score(
    tables: TwoByTwo | Sequence[TwoByTwo],
    *,
    bias_correction: bool = True,
    null: float = 0.0,
    level: float = 0.95,
) -> Estimate | NotEstimable:
    """The score interval of a risk difference (Mee 1984; with N/(N − 1), Miettinen & Nurminen 1985).

    It holds every difference that the score test does not reject. Several tables are strata: their differences are
    weighed by n₁n₀/N (Mantel–Haenszel weights). `null` is the difference tested, a margin for instance.
    """
    if not -1.0 < null < 1.0:
        raise ValueError(f"a difference of risks lies between −1 and 1, not {null}")
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    x1, n1, x0, n0 = columns = _columns(strata)
    weights = n1 * n0 / (n1 + n0)
    estimate = float((weights * (x1 / n1 - x0 / n0)).sum() / weights.sum())
    lower, upper = score_interval(DIFFERENCE, normal_quantile(level), estimate, *columns, bias_correction)
    name = "miettinen_nurminen" if bias_correction else "mee"
    z = score_z(DIFFERENCE, null, *columns, bias_correction)
    return _result(_of(f"rd/{name}", tables), strata, estimate, (lower, upper), z, level)


def risk_ratio_score(
    tables: TwoByTwo | Sequence[TwoByTwo],
    *,
    bias_correction: bool = True,
    null: float = 1.0,
    level: float = 0.95,
) -> Estimate | NotEstimable:
    """The score interval of a risk ratio (Koopman 1984; with N/(N − 1), Miettinen & Nurminen 1985).

    Without reference events the ratio itself is not estimable and the upper limit is infinite. Several tables are
    strata with weights n₁n₀/N; `null` is the ratio tested.
    """
    _check_ratio(null)
    strata = as_strata(tables)
    if isinstance(strata, NotEstimable):
        return strata
    x1, n1, x0, n0 = columns = _columns(strata)
    weights = n1 * n0 / (n1 + n0)
    estimate = _ratio(float((weights * x1 / n1).sum()), float((weights * x0 / n0).sum()))
    if estimate is None:
        return NotEstimable("no_events")
    name = "miettinen_nurminen" if bias_correction else "koopman"
    limits = _ratio_limits(RATIO, normal_quantile(level), estimate, columns, bias_correction)
    z = score_z(RATIO, null, *columns, bias_correction)
    return _result(_of(f"rr/{name}", tables), strata, estimate, limits, z, level)


def odds_ratio_score(
    table: TwoByTwo, *, bias_correction: bool = True, null: float = 1.0, level: float = 0.95
) -> Estimate | NotEstimable:
    """The score interval of an odds ratio (Cornfield 1956 without correction; Miettinen & Nurminen 1985)."""
    _check_ratio(null)
    if (problem := table.empty or table.one_sided) is not None:
        return problem
    turned, inverted = _turned(table)
    columns = _columns((turned,))
    odds = turned.treatment_events * (turned.reference_total - turned.reference_events)
    against = turned.reference_events * (turned.treatment_total - turned.treatment_events)
    estimate = odds / against if against else inf
    lower, upper = _ratio_limits(ODDS_RATIO, normal_quantile(level), estimate, columns, bias_correction)
    z = score_z(ODDS_RATIO, 1.0 / null if inverted else null, *columns, bias_correction)
    name = "or/miettinen_nurminen" if bias_correction else "or/cornfield"
    if inverted:
        return _result(name, (table,), 0.0, (0.0, 1.0 / lower), -z, level)
    return _result(name, (table,), estimate, (lower, upper), z, level)


def _turned(table: TwoByTwo) -> tuple[TwoByTwo, bool]:
    """A table with a zero cell, turned so that the zero stands at the reference events; and whether that inverts it.

    Exchanging the arms, or events with non-events, inverts the odds ratio; doing both leaves it.
    """
    x1, n1, x0, n0 = table.treatment_events, table.treatment_total, table.reference_events, table.reference_total
    if x1 == 0:
        return _table(x0, n0, 0, n1), True
    if x0 == n0:
        return _table(n1 - x1, n1, 0, n0), True
    if x1 == n1:
        return _table(n0 - x0, n0, 0, n1), False
    return table, False


def _table(x1: int, n1: int, x0: int, n0: int) -> TwoByTwo:
    return TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)


def _check_ratio(null: float) -> None:
    if not 0.0 < null < inf:
        raise ValueError(f"a ratio is positive and finite, not {null}")


def _columns(strata: Sequence[TwoByTwo]) -> tuple[Floats, Floats, Floats, Floats]:
    rows = [(t.treatment_events, t.treatment_total, t.reference_events, t.reference_total) for t in strata]
    x1, n1, x0, n0 = np.ascontiguousarray(np.array(rows, dtype=np.float64).T)
    return x1, n1, x0, n0


def _ratio(numerator: float, denominator: float) -> float | None:
    """The ratio, infinite over zero; None when both are zero."""
    if denominator > 0:
        return numerator / denominator
    return inf if numerator > 0 else None


def _ratio_limits(
    kind: int, z: float, estimate: float, columns: tuple[Floats, Floats, Floats, Floats], corrected: bool
) -> tuple[float, float]:
    centre = -inf if estimate == 0 else log(estimate)
    lower, upper = score_interval(kind, z, centre, *columns, corrected)
    return (0.0 if estimate == 0 else exp(lower)), (inf if isinf(estimate) else exp(upper))


def _of(method: str, tables: TwoByTwo | Sequence[TwoByTwo]) -> str:
    """The method's name: it is stratified if strata were given, however few of them hold a comparison."""
    return method if isinstance(tables, TwoByTwo) else f"{method}_stratified"


def _result(
    method: str, strata: tuple[TwoByTwo, ...], estimate: float, limits: tuple[float, float], z: float, level: float
) -> Estimate:
    # At a table of nothing but non-events (or events) the score test of equality is 0 / 0.
    untested = all(table.one_sided for table in strata) and z == 0.0
    infinite = isinf(estimate)
    open_ended = NotEstimable("no_reference_events" if method.startswith("rr") else "zero_cell")
    why = open_ended if infinite else NotEstimable("zero_variance") if untested else None
    return Estimate(
        method=method,
        estimate=None if infinite else estimate,
        lower=limits[0],
        upper=limits[1],
        level=level,
        statistic=None if untested else z,
        p_value=None if untested else normal_p(z),
        denominators=pooled_counts(strata),
        why=why,
    )

"""Analysing a trial that may stop early: what is still to be expected, and estimates that count the looks."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, sqrt

import numpy as np

from equipoise.statistics.design.boundary_kernels import PANEL, REACH, exits, grid
from equipoise.statistics.design.group_sequential import GroupSequentialDesign, with_level
from equipoise.statistics.numerics.distributions import check_level
from equipoise.statistics.numerics.roots import above, root
from equipoise.statistics.result import Floats

_LEAST_LEVEL, _MOST_LEVEL = 1e-12, 1.0 - 1e-9
_FAR = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalPower:
    """The chance that the trial will still cross its upper bound, given the statistic at an interim look."""

    method: str
    z: float
    fraction: float
    null: float  # without an effect
    current_trend: float  # with the effect observed so far
    planned: float | None  # with the drift asked about
    predictive: float  # averaged over the effects the data leave plausible, flat prior


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialInference:
    """An effect estimated at a look, its interval and p value, all of them counting the looks before.

    The effect is in units in which the planned information is `maximum_information`; with 1 it is the drift.
    """

    method: str
    look: int
    z: float
    estimate: float
    lower: float
    upper: float
    level: float
    p_one_sided: float
    p_value: float  # two-sided


def conditional_power(
    design: GroupSequentialDesign, fraction: float, z: float, *, drift: float | None = None
) -> ConditionalPower:
    """Conditional and predictive power at a share of the information, looked at or not (Lan & Wittes 1988).

    All looks that are still to come are counted; futility bounds that do not bind are not. `drift` is the mean of the
    final statistic to ask about, the design's own when not given. Predictive power: Spiegelhalter, Freedman & Blackburn
    1986. For a design of one look these are the closed forms.
    """
    if not 0.0 < fraction < 1.0:
        raise ValueError(f"an interim look has between none and all of the information, not {fraction}")
    _check_z(z)
    trend = z / sqrt(fraction)
    reach, width = REACH / sqrt(fraction), 0.7 * PANEL / sqrt(max(fraction, 1.0 - fraction))
    points, weights = grid(trend - reach, trend + reach, width)
    plausible = np.exp(-0.5 * fraction * (points - trend) ** 2) * sqrt(fraction / (2.0 * np.pi))
    crossing = _crossing(design, fraction, z)
    asked = design.drift if drift is None else drift
    return ConditionalPower(
        method="groupseq/conditional_power",
        z=z,
        fraction=fraction,
        null=crossing(0.0),
        current_trend=crossing(trend),
        planned=None if asked is None else crossing(asked),
        predictive=min(
            1.0, float(sum(w * crossing(float(p)) for p, w in zip(points, plausible * weights, strict=True)))
        ),
    )


def repeated_inference(
    design: GroupSequentialDesign, look: int, z: float, *, maximum_information: float = 1.0
) -> SequentialInference:
    """The repeated confidence interval and repeated p value at a look, counted from 1 (Jennison & Turnbull 1989).

    The interval holds whether or not the trial stops and whatever made it stop. One-sided designs of level alpha give
    an interval of level 1 − 2 alpha. The p value is the smallest level at which the same rule would have crossed.
    """
    root_information = _root_information(design, look, maximum_information)
    _check_z(z)
    bound = design.upper[look - 1]
    p = _repeated_p(design, look, z)
    one_sided = p if design.sided == 1 else 0.5 * p if z >= 0.0 else 1.0 - 0.5 * p
    return SequentialInference(
        method="groupseq/repeated",
        look=look,
        z=z,
        estimate=z / root_information,
        lower=(z - bound) / root_information,
        upper=(z + bound) / root_information,
        level=1.0 - design.alpha * (2 / design.sided),
        p_one_sided=one_sided,
        p_value=min(1.0, 2.0 * min(p, _repeated_p(design, look, -z))) if design.sided == 1 else p,
    )


def stagewise_inference(
    design: GroupSequentialDesign, look: int, z: float, *, level: float = 0.95, maximum_information: float = 1.0
) -> SequentialInference:
    """The median-unbiased estimate, interval and p value of a trial that stopped at this look, counted from 1.

    Outcomes are ordered by stage (Armitage 1957; Tsiatis, Rosner & Mehta 1984): crossing the upper bound earlier is
    stronger evidence. Only what happened up to this look is used, so it does not matter what was still planned.
    Futility bounds that do not bind are taken as not there.
    """
    check_level(level)
    root_information = _root_information(design, look, maximum_information)
    _check_z(z)
    tail = 0.5 * (1.0 - level)
    stronger = _at_least_as_strong(design, look, z)
    low, high = (0.5 * (z / sqrt(design.fractions[look - 1])) + sign * _FAR for sign in (-1.0, 1.0))
    scale = root_information / sqrt(design.fractions[look - 1])

    def drift_at(probability: float) -> float:
        return root(lambda drift: stronger(drift) - probability, low, high)

    lower, estimate, upper = drift_at(tail), drift_at(0.5), drift_at(1.0 - tail)
    p = min(1.0, stronger(0.0))
    return SequentialInference(
        method="groupseq/stagewise",
        look=look,
        z=z,
        estimate=estimate / scale,
        lower=lower / scale,
        upper=upper / scale,
        level=level,
        p_one_sided=p,
        p_value=min(1.0, 2.0 * min(p, 1.0 - p)),
    )


def _crossing(design: GroupSequentialDesign, fraction: float, z: float) -> Callable[[float], float]:
    """The chance of crossing an upper bound after this look, as a function of the drift.

    What is still to come is a trial of its own: increments of the score, against bounds less what is already there.
    """
    later = [k for k, share in enumerate(design.fractions) if share > fraction * (1.0 + 1e-9)]
    shares = np.array([design.fractions[k] for k in later])
    information, score = shares - fraction, z * sqrt(fraction)

    def shifted(bounds: tuple[float, ...]) -> Floats:
        return np.asarray((np.array([bounds[k] for k in later]) * np.sqrt(shares) - score) / np.sqrt(information))

    lower, upper = shifted(design.counted_lower), shifted(design.upper)
    return lambda drift: min(1.0, float(exits(information, lower, upper, drift)[1].sum()))


def _at_least_as_strong(design: GroupSequentialDesign, look: int, z: float) -> Callable[[float], float]:
    """The chance of evidence as strong as this or stronger, as a function of the drift; it rises with it."""
    information = np.array(design.fractions[:look])
    lower, upper = np.array(design.counted_lower[:look]), np.array((*design.upper[: look - 1], z))
    lower[-1] = -inf
    return lambda drift: float(exits(information, lower, upper, drift)[1].sum())


def _repeated_p(design: GroupSequentialDesign, look: int, z: float) -> float:
    """The level at which the rule's bound at this look is just the statistic; two-sided for a two-sided design."""
    size = abs(z) if design.sided == 2 else z

    def beyond_bound(level: float) -> float:
        return size - with_level(design, level).upper[look - 1]

    if beyond_bound(_MOST_LEVEL) <= 0.0:
        return 1.0
    if beyond_bound(_LEAST_LEVEL) >= 0.0:
        return _LEAST_LEVEL
    middle = above(size) * design.sided
    low, high = (_LEAST_LEVEL, middle) if beyond_bound(middle) > 0.0 else (middle, _MOST_LEVEL)
    return root(beyond_bound, low, high)


def _root_information(design: GroupSequentialDesign, look: int, maximum: float) -> float:
    if not 1 <= look <= len(design.fractions):
        raise ValueError(f"the design has {len(design.fractions)} looks, counted from 1, and no look {look}")
    if not 0.0 < maximum < inf:
        raise ValueError(f"information is positive and finite, not {maximum}")
    return sqrt(design.fractions[look - 1] * maximum)


def _check_z(z: float) -> None:
    if not isfinite(z):
        raise ValueError(f"a statistic is a finite number, not {z}")

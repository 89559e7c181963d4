"""Several hypotheses under one familywise error: fixed sequence, Bonferroni, Holm, Hochberg, and graphs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from equipoise.statistics.result import Floats

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleTests:
    """The hypotheses as they were given, with the p values that take account of one another."""

    method: str
    names: tuple[str, ...]
    p_values: tuple[float, ...]
    adjusted: tuple[float, ...]
    rejected: tuple[bool, ...]
    alpha: float


def multiple_tests(p_values: Mapping[str, float], *, method: str = "holm", alpha: float = 0.05) -> MultipleTests:
    """Adjusted p values in the order given; a hypothesis is rejected when its own is at most alpha.

    "fixed_sequence": each is tested in turn until one is not rejected (Maurer, Hothorn & Lehmacher 1995).
    "bonferroni" and "holm" (Holm 1979) hold always; "hochberg" (Hochberg 1988) needs statistics that are independent
    or positively dependent.
    """
    if method not in _METHODS:
        raise ValueError(f"{method!r} is not one of {', '.join(_METHODS)}")
    return _result(method, p_values, _METHODS[method](_checked(p_values, alpha)), alpha)


def graphical_tests(
    p_values: Mapping[str, float],
    *,
    weights: Sequence[float],
    transitions: npt.ArrayLike,
    alpha: float = 0.05,
) -> MultipleTests:
    """A sequentially rejective test by graph (Bretz, Maurer, Brannath & Posch 2009).

    `weights` are the shares of alpha at the start; row i of `transitions` says where the share of hypothesis i goes
    when it is rejected. Shares and rows sum to at most 1, and no hypothesis passes anything to itself.
    """
    p = _checked(p_values, alpha)
    shares, passes = np.array(weights, dtype=np.float64), np.array(transitions, dtype=np.float64)
    _check_graph(shares, passes, p.size)
    adjusted, highest = np.ones(p.size), 0.0
    open_ = list(range(p.size))
    while open_:
        ratios = [p[i] / shares[i] if shares[i] > 0.0 else np.inf for i in open_]
        next_ = open_[int(np.argmin(ratios))]
        highest = max(highest, min(1.0, min(ratios)))
        adjusted[next_] = highest
        open_.remove(next_)
        shares, passes = _without(shares, passes, next_, open_)
    return _result("graphical", p_values, adjusted, alpha)


def _without(shares: Floats, passes: Floats, gone: int, left: Sequence[int]) -> tuple[Floats, Floats]:
    """The graph once a hypothesis has been rejected: its share and its edges are handed on."""
    new_shares, new_passes = np.zeros_like(shares), np.zeros_like(passes)
    for i in left:
        new_shares[i] = shares[i] + shares[gone] * passes[gone, i]
        back = passes[i, gone] * passes[gone, i]
        for j in left:
            if i != j and back < 1.0 - _ROUNDING:
                new_passes[i, j] = (passes[i, j] + passes[i, gone] * passes[gone, j]) / (1.0 - back)
    return new_shares, new_passes


def _fixed_sequence(p: Floats) -> Floats:
    return np.maximum.accumulate(p)


def _bonferroni(p: Floats) -> Floats:
    return np.minimum(1.0, p * p.size)


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)))
    return adjusted


def _hochberg(p: Floats) -> Floats:
    order = np.argsort(-p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum.accumulate(np.minimum(1.0, p[order] * np.arange(1, p.size + 1)))
    return adjusted


_METHODS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "fixed_sequence": _fixed_sequence,
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
}


def _checked(p_values: Mapping[str, float], alpha: float) -> Floats:
    p = np.array(list(p_values.values()), dtype=np.float64)
    if not p.size or not ((p >= 0.0) & (p <= 1.0)).all():
        raise ValueError("there is a hypothesis, and every p value lies between 0 and 1")
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha lies between 0 and 1, not {alpha}")
    return p


def _check_graph(shares: Floats, passes: Floats, size: int) -> None:
    if shares.shape != (size,) or passes.shape != (size, size):
        raise ValueError("there is one weight, one row and one column for each hypothesis")
    if (shares < 0.0).any() or shares.sum() > 1.0 + _ROUNDING:
        raise ValueError("weights are not negative and sum to at most 1")
    if (passes < 0.0).any() or (passes.sum(axis=1) > 1.0 + _ROUNDING).any() or passes.diagonal().any():
        raise ValueError("a row of transitions is not negative, sums to at most 1 and leads to other hypotheses")


def _result(method: str, p_values: Mapping[str, float], adjusted: Floats, alpha: float) -> MultipleTests:
    return MultipleTests(
        method=f"multiplicity/{method}",
        names=tuple(p_values),
        p_values=tuple(float(p) for p in p_values.values()),
        adjusted=tuple(float(p) for p in adjusted),
        rejected=tuple(bool(p <= alpha) for p in adjusted),
        alpha=alpha,
    )

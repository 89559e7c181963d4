"""Where a function crosses zero inside a bracket, and the upper tail of the standard normal distribution."""

from collections.abc import Callable
from math import inf

from scipy import special


def above(z: float) -> float:
    """The probability of a standard normal value above z."""
    return float(special.ndtr(-z))


def quantile_above(probability: float) -> float:
    """The z that a standard normal value exceeds with this probability: 1.96 for 0.025."""
    return float(-special.ndtri(probability))


def root(function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-14) -> float:
    """Where a function changes sign between two values (Chandrupatla 1997, Adv Eng Softw 28:145–149).

    Inverse quadratic interpolation where it can be trusted, bisection elsewhere. Without a change of sign the end
    nearer to zero is the answer. The tolerance is a share of the larger of one and the root.
    """
    one, two = low, high
    at_one, at_two = function(one), function(two)
    if at_one * at_two > 0.0:
        return one if abs(at_one) < abs(at_two) else two
    three, at_three = two, at_two
    while True:
        best = one if abs(at_one) < abs(at_two) else two
        width = tolerance * max(1.0, abs(best)) / (abs(two - one) or inf)
        if min(abs(at_one), abs(at_two)) == 0.0 or two == one or width > 0.5:
            return best
        share = min(1.0 - width, max(width, _share((one, at_one), (two, at_two), (three, at_three))))
        new = one + share * (two - one)
        at_new = function(new)
        if (at_new > 0.0) == (at_one > 0.0):
            three, at_three = one, at_one
        else:
            three, at_three, two, at_two = two, at_two, one, at_one
        one, at_one = new, at_new


def _share(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> float:
    """How far along the bracket to look next."""
    (a, at_a), (b, at_b), (c, at_c) = one, two, three
    if c == b or at_c in (at_a, at_b):
        return 0.5
    across, up = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (up * up < across and (1.0 - up) ** 2 < 1.0 - across):
        return 0.5
    near = at_a / (at_b - at_a) * at_c / (at_b - at_c)
    far = (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
    return near + far

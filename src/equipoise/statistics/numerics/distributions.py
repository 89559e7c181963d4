"""Tail areas and quantiles of the distributions the room uses, as plain floats.

`scipy.special` only: `scipy.stats` would add most of a second to every start of the program.
"""

from scipy import special


def check_level(level: float) -> None:
    """Refuse a confidence level that is not strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a confidence level lies between 0 and 1, not {level}")


def normal_quantile(level: float) -> float:
    """The z that leaves (1 − level)/2 in each tail: 1.96 for 0.95."""
    check_level(level)
    return float(-special.ndtri((1.0 - level) / 2.0))


def t_quantile(level: float, degrees_of_freedom: float) -> float:
    """The t that leaves (1 − level)/2 in each tail."""
    check_level(level)
    return float(-special.stdtrit(degrees_of_freedom, (1.0 - level) / 2.0))


def normal_p(z: float) -> float:
    """The two-sided p value of a standard normal statistic."""
    return float(min(1.0, 2.0 * special.ndtr(-abs(z))))


def t_p(t: float, degrees_of_freedom: float) -> float:
    """The two-sided p value of a t statistic."""
    return float(min(1.0, 2.0 * special.stdtr(degrees_of_freedom, -abs(t))))


def chi_square_p(statistic: float, degrees_of_freedom: int) -> float:
    """The upper tail of the chi-square distribution."""
    return float(special.chdtrc(degrees_of_freedom, statistic))


def f_p(statistic: float, numerator: float, denominator: float) -> float:
    """The upper tail of the F distribution."""
    return float(special.fdtrc(numerator, denominator, statistic))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The quantile of the beta distribution."""
    return float(special.betaincinv(a, b, probability))


def gamma_quantile(probability: float, shape: float) -> float:
    """The quantile of the gamma distribution of scale one."""
    return float(special.gammaincinv(shape, probability))

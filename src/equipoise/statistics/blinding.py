"""Whether masking held: indices from what patients (or staff) guessed about the treatment."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from equipoise.statistics.numerics.distributions import normal_p, normal_quantile
from equipoise.statistics.result import Denominator, Estimate, Floats, NotEstimable


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """What the patients of one arm believed: how many named the treatment, the reference, or did not know."""

    treatment: int
    reference: int
    unknown: int

    def __post_init__(self) -> None:
        for count in (self.treatment, self.reference, self.unknown):
            if count < 0 or count != int(count):
                raise ValueError(f"{count} is not a count")

    @property
    def total(self) -> int:
        """All who were asked."""
        return self.treatment + self.reference + self.unknown


def blinding_index_bang(guesses: Guesses, *, arm: str, level: float = 0.95) -> Estimate | NotEstimable:
    """Bang's blinding index of one arm: the share of right guesses less the share of wrong ones (Bang et al. 2004).

    1 is complete unmasking, 0 guessing at random, −1 belief in the other treatment. `arm` is "treatment" or
    "reference".
    """
    z = normal_quantile(level)
    if arm not in {"treatment", "reference"}:
        raise ValueError(f"{arm!r} is neither treatment nor reference")
    if guesses.total == 0:
        return NotEstimable("empty_arm", (arm,))
    right, wrong = guesses.treatment, guesses.reference
    if arm == "reference":
        right, wrong = wrong, right
    index = (right - wrong) / guesses.total
    variance = ((right + wrong) / guesses.total - index**2) / guesses.total
    counts = (Denominator(arm, guesses.total, right),)
    return _estimate("blinding/bang", index, variance, 0.0, z, level, counts)


def blinding_index_james(treatment: Guesses, reference: Guesses, *, level: float = 0.95) -> Estimate | NotEstimable:
    """James's blinding index of both arms together (James et al. 1996).

    0 is complete unmasking, ½ guessing at random, 1 nobody knowing: (1 + d + (1 − d) K) / 2, d being the share who do
    not know and K the disagreement among the others beyond chance, as in a kappa. The weight of a wrong guess cancels
    with two arms. The error is the delta method's for one multinomial, which is the published one; the test is of ½.
    """
    z = normal_quantile(level)
    arms = (("treatment", treatment), ("reference", reference))
    empty = tuple(name for name, guesses in arms if guesses.total == 0)
    if empty:
        return NotEstimable("empty_arm", empty)
    counts = tuple(Denominator(name, guesses.total, _right(name, guesses)) for name, guesses in arms)
    cells = np.array(
        [[treatment.treatment, treatment.reference], [reference.treatment, reference.reference]], dtype=np.float64
    )
    total = treatment.total + reference.total
    if not cells.any():
        return Estimate(
            method="blinding/james",
            estimate=1.0,
            level=level,
            denominators=counts,
            why=NotEstimable("zero_variance"),
        )
    index, slopes = _james(cells / total)
    if index is None:
        return NotEstimable("one_group", ("guesses",))
    shares = (cells / total).ravel()
    variance = (float((shares * slopes**2).sum()) - float((shares * slopes).sum()) ** 2) / total
    return _estimate("blinding/james", index, variance, 0.5, z, level, counts)


def _right(name: str, guesses: Guesses) -> int:
    return guesses.treatment if name == "treatment" else guesses.reference


def _james(shares: Floats) -> tuple[float | None, Floats]:
    """The index and its slope in each of the four shares that named an arm (rows arms, columns guesses).

    With g the share who named an arm, o the disagreement and e = Σ row × other column, K = o g / e − 1 and the index is
    1 − g + o g² / 2 e.
    """
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    named, wrong = float(shares.sum()), float(shares[0, 1] + shares[1, 0])
    chance = float(rows[0] * columns[1] + rows[1] * columns[0])
    if chance == 0.0:
        return None, shares
    other = columns[::-1][:, np.newaxis] + rows[::-1][np.newaxis, :]
    is_wrong = np.array([[0.0, 1.0], [1.0, 0.0]])
    slopes = -1.0 + 0.5 * (
        is_wrong * named**2 / chance + 2.0 * wrong * named / chance - wrong * named**2 * other / chance**2
    )
    return 1.0 - named + 0.5 * wrong * named**2 / chance, slopes.ravel()


def _estimate(
    method: str,
    index: float,
    variance: float,
    null: float,
    z: float,
    level: float,
    counts: tuple[Denominator, ...],
) -> Estimate:
    error = sqrt(variance) if variance > 1e-16 else None
    statistic = (index - null) / error if error else None
    return Estimate(
        method=method,
        estimate=index,
        standard_error=error,
        lower=index - z * error if error else None,
        upper=index + z * error if error else None,
        level=level,
        statistic=statistic,
        p_value=normal_p(statistic) if statistic is not None else None,
        denominators=counts,
        why=None if error else NotEstimable("zero_variance"),
    )

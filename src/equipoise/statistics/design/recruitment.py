"""How many patients a number of sites will have recruited: Poisson at each of them, at rates that differ."""

from dataclasses import dataclass
from math import inf

from scipy import special


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedRecruitment:
    """The number of patients recruited by a time: negative binomial with this mean and `size`."""

    method: str
    duration: float
    mean: float
    size: float  # the number of sites times the shape of their rates

    @property
    def variance(self) -> float:
        """That of a Poisson number, and what the differences between sites add to it."""
        return self.mean + self.mean**2 / self.size

    def probability(self, target: int) -> float:
        """The chance that so many patients, or more, are recruited."""
        if target <= 0:
            return 1.0
        return float(special.betainc(target, self.size, self.mean / (self.mean + self.size)))

    def quantile(self, probability: float) -> int:
        """The smallest number that recruitment does not exceed with at least this probability."""
        if not 0.0 < probability < 1.0:
            raise ValueError(f"a probability lies between 0 and 1, not {probability}")
        low, high = -1, 1
        while self._at_most(high) < probability:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._at_most(middle) >= probability else (middle, high)
        return high

    def _at_most(self, number: int) -> float:
        return float(special.betainc(self.size, number + 1, self.size / (self.mean + self.size)))


def predicted_recruitment(sites: int, mean_rate: float, shape: float, duration: float) -> PredictedRecruitment:
    """The Poisson–gamma model of recruitment (Anisimov & Fedorov 2007, Stat Med 26:4958–4975).

    All sites are open from the start. Each recruits as a Poisson process whose rate is drawn from a gamma distribution
    with this mean and `shape` (the reciprocal of the squared coefficient of variation between sites); rate and
    `duration` are in one unit of time. The sum over the sites is negative binomial.
    """
    if sites < 1 or not all(0.0 < one < inf for one in (mean_rate, shape, duration)):
        raise ValueError("there is at least one site; rate, shape and duration are positive and finite")
    return PredictedRecruitment(
        method="recruitment/poisson_gamma", duration=duration, mean=sites * mean_rate * duration, size=sites * shape
    )

"""How predictable a procedure is and how well it balances: exact, by following every state with its probability.

D is by how many the first of two arms is ahead. The guess is the convergence strategy of Blackwell & Hodges (1957): the
arm that is furthest behind its share, and by lot where several are. Predictability is judged by one who knows the
procedure and the state it is in, which for blocks of random size is more than the people at a site can know.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import log2

from equipoise.randomisation.rules import Prepared, Shares, State, walk
from equipoise.randomisation.specification import Specification

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a stratum of `slots` participants gives away, and how balanced it is.

    `correct_guess` and `deterministic` are shares of the allocations; `entropy_bits` is of the whole list;
    `forcing_index` is 4 × mean |φ − ½| for two equal arms (0 by coin, 1 when every other arm is forced), else None.
    `imbalance` is the distribution of D at the end for two arms, else empty.
    """

    slots: int
    correct_guess: float
    entropy_bits: float
    deterministic: float
    forcing_index: float | None
    imbalance: Mapping[int, float]
    largest_variance: float  # of D, over all slots; 0 for more than two arms

    @property
    def variance(self) -> float:
        """The variance of D at the end; its mean is 0 for equal arms."""
        return _variance(self.imbalance)

    @property
    def mean_absolute(self) -> float:
        """The expected |D| at the end."""
        return sum(abs(d) * chance for d, chance in self.imbalance.items())

    @property
    def balanced(self) -> float:
        """The probability that the arms end equal."""
        return self.imbalance.get(0, 0.0)


def metrics(specification: Specification, shares: Shares, slots: int) -> Metrics:
    """The exact metrics of one stratum of `slots` participants; arms in the ratio of `shares`.

    The work grows with the number of states times the ways to fill the arms: seconds for three arms and a hundred
    participants, less than one for two arms and several hundred.
    """
    procedure = walk(specification, shares)
    equal = len(shares) == 2 and shares[0] == shares[1]
    here: dict[tuple[State, Counts], float] = {(procedure.start, (0,) * len(shares)): 1.0}
    guessed = entropy = deterministic = forced = largest = 0.0
    for _ in range(slots):
        after: dict[tuple[State, Counts], float] = defaultdict(float)
        for (state, counts), chance in here.items():
            step = procedure.prepared(state)
            odds = _odds(step)
            of_arms = _of_arms(odds, step.arms)
            guessed += chance * _guess(counts, shares, of_arms)
            entropy -= chance * sum(odd * log2(odd) for odd in of_arms.values())
            deterministic += chance * (len(of_arms) == 1)
            forced += chance * abs(of_arms.get(0, 0.0) - 0.5)
            for arm, odd, next_state in zip(step.arms, odds, step.after, strict=True):
                after[next_state, _taken(counts, arm)] += chance * odd
        here = after
        largest = max(largest, _variance(_imbalance(here, equal)))
    return Metrics(
        slots=slots,
        correct_guess=guessed / slots,
        entropy_bits=entropy,
        deterministic=deterministic / slots,
        forcing_index=4 * forced / slots if equal else None,
        imbalance=_imbalance(here, len(shares) == 2),
        largest_variance=largest,
    )


def _odds(step: Prepared) -> tuple[float, ...]:
    starts = (0, *step.ends[:-1])
    return tuple((end - start) / step.ends[-1] for start, end in zip(starts, step.ends, strict=True))


def _of_arms(odds: tuple[float, ...], arms: tuple[int, ...]) -> dict[int, float]:
    """The chance of each arm, whatever else (such as the size of a new block) is drawn with it."""
    found: dict[int, float] = defaultdict(float)
    for arm, odd in zip(arms, odds, strict=True):
        found[arm] += odd
    return found


def _guess(counts: Counts, shares: Shares, of_arms: Mapping[int, float]) -> float:
    """The chance that the arm furthest behind its share comes next; several that are equally behind share the bet."""
    behind = [count * _others(shares, i) for i, count in enumerate(counts)]
    least = min(behind)
    bets = [arm for arm, value in enumerate(behind) if value == least]
    return sum(of_arms.get(arm, 0.0) for arm in bets) / len(bets)


def _others(shares: Shares, arm: int) -> int:
    """What makes counts comparable: the product of the other arms' shares."""
    product = 1
    for other, share in enumerate(shares):
        product *= share if other != arm else 1
    return product


def _taken(counts: Counts, arm: int) -> Counts:
    return (*counts[:arm], counts[arm] + 1, *counts[arm + 1 :])


def _imbalance(here: Mapping[tuple[State, Counts], float], two_arms: bool) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    if two_arms:
        for (_, counts), chance in here.items():
            found[counts[0] - counts[1]] += chance
    return dict(found)


def _variance(imbalance: Mapping[int, float]) -> float:
    mean = sum(d * chance for d, chance in imbalance.items())
    return sum((d - mean) ** 2 * chance for d, chance in imbalance.items())


def together(*strata: Mapping[int, float]) -> dict[int, float]:
    """The distribution of the whole trial's D, given those of its independent strata."""
    whole = {0: 1.0}
    for stratum in strata:
        sums: dict[int, float] = defaultdict(float)
        for d, chance in whole.items():
            for other, odd in stratum.items():
                sums[d + other] += chance * odd
        whole = dict(sums)
    return whole


def quantile(imbalance: Mapping[int, float], probability: float) -> int:
    """The smallest k such that |D| is at most k with this probability."""
    sizes = sorted({abs(d) for d in imbalance})
    reached = accumulate(sum(imbalance.get(d, 0.0) for d in {size, -size}) for size in sizes)
    return next((size for size, sum_ in zip(sizes, reached, strict=True) if sum_ >= probability - 1e-12), sizes[-1])

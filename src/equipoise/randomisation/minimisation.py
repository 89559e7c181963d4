"""Minimisation: the next arm is, with high probability, the one that makes the prognostic factors most alike.

Pocock & Simon 1975 (doi:10.2307/2529712); Taves 1974. It must know all earlier arms, so it can never run where masked
people could read them: `dynamic` draws with it, inside the unlocked allocator alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm, sqrt
from typing import Final, Literal

from equipoise.randomisation.source import RandomSource, chosen

Measure = Literal["range", "variance", "standard_deviation"]
Profile = Mapping[str, str]  # factor → level
Totals = Mapping[str, Mapping[str, Sequence[int]]]  # factor → level → how many in each arm

_OWN_TRIAL: Final = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Minimisation:
    """How imbalance is measured and how strongly the least of it is favoured.

    `shares` is the ratio of the arms: counts are divided by it before they are compared. `weights` are the factors'
    weights, 1 if not given. `probability` is that of the arm (shared among several) with the least imbalance; the rest
    goes to the other arms in the ratio of their shares.
    """

    shares: tuple[int, ...]
    weights: Mapping[str, int] = field(default_factory=dict)
    measure: Measure = "range"
    probability: Fraction = _OWN_TRIAL


def totals(
    history: Sequence[tuple[Profile, int]], factors: Sequence[str], arms: int
) -> dict[str, dict[str, list[int]]]:
    """How many of those allocated so far are in each arm, by factor and level."""
    counts: dict[str, dict[str, list[int]]] = {factor: {} for factor in factors}
    for profile, arm in history:
        for factor in factors:
            counts[factor].setdefault(profile[factor], [0] * arms)[arm] += 1
    return counts


def scores(design: Minimisation, counts: Totals, profile: Profile) -> tuple[Fraction, ...]:
    """The weighted imbalance that would follow each arm, summed over the levels of this participant.

    Squared standard deviations are irrational in general, so `standard_deviation` is compared through floats.
    """
    return tuple(
        sum((_weighted(design, counts, factor, profile[factor], arm) for factor in profile), Fraction(0))
        for arm in range(len(design.shares))
    )


def _weighted(design: Minimisation, counts: Totals, factor: str, level: str, arm: int) -> Fraction:
    here = counts[factor].get(level, [0] * len(design.shares))
    after = [
        Fraction(count + (i == arm), share) for i, (count, share) in enumerate(zip(here, design.shares, strict=True))
    ]
    return design.weights.get(factor, 1) * _imbalance(design.measure, after)


def _imbalance(measure: Measure, after: Sequence[Fraction]) -> Fraction:
    if measure == "range":
        return max(after) - min(after)
    mean = sum(after, Fraction(0)) / len(after)
    variance = sum(((count - mean) ** 2 for count in after), Fraction(0)) / (len(after) - 1)
    return variance if measure == "variance" else Fraction(sqrt(variance))


def probabilities(design: Minimisation, counts: Totals, profile: Profile) -> tuple[Fraction, ...]:
    """The probability of each arm for this participant; the ratio itself while no arm is better than another."""
    imbalances = scores(design, counts, profile)
    least = min(imbalances)
    return favouring(design, [arm for arm, score in enumerate(imbalances) if score == least])


def favouring(design: Minimisation, best: Sequence[int]) -> tuple[Fraction, ...]:
    """The probability of each arm where these have the least imbalance."""
    others = [arm for arm in range(len(design.shares)) if arm not in best]
    if not others:
        return _in_ratio(design.shares, best, Fraction(1))
    favoured, rest = (_in_ratio(design.shares, arms, p) for arms, p in
                      ((best, design.probability), (others, 1 - design.probability)))  # fmt: skip
    return tuple(one + other for one, other in zip(favoured, rest, strict=True))


def _in_ratio(shares: tuple[int, ...], arms: Sequence[int], probability: Fraction) -> tuple[Fraction, ...]:
    whole = sum(shares[arm] for arm in arms)
    return tuple(
        probability * Fraction(share, whole) if arm in arms else Fraction(0) for arm, share in enumerate(shares)
    )


def allocate(design: Minimisation, counts: Totals, profile: Profile, random: RandomSource) -> int:
    """The arm of the next participant, drawn with exactly these probabilities."""
    return drawn(probabilities(design, counts, profile), random)


def drawn(odds: Sequence[Fraction], random: RandomSource) -> int:
    """One of the arms, each with exactly its probability."""
    whole = lcm(*(odd.denominator for odd in odds))
    return chosen(range(len(odds)), [int(odd * whole) for odd in odds], random)

"""Candidate procedures side by side: what each gives away, and how balanced it leaves a stratum and the trial.

Two equal arms are exact; other ratios and minimisation are simulated. The distance (Atkinson 2014,
doi:10.1214/13-STS449) puts guessing beyond chance and the 95 % of the trial's imbalance on scales from 0, the best
among the candidates, to 1, the worst.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import hypot, log2, prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from equipoise.randomisation.metrics import Metrics, metrics, quantile, together
from equipoise.randomisation.minimisation import Minimisation
from equipoise.randomisation.minimised_lists import best_of, chances_of, minimised_lists
from equipoise.randomisation.rules import Shares
from equipoise.randomisation.specification import Specification
from equipoise.randomisation.tables import simulated, table

_TRIALS: Final = 4_000  # for what is not worked out exactly
_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Scheme:
    """A procedure with its parameters, by the name under which it is compared."""

    name: str
    specification: Specification | Minimisation


@dataclass(frozen=True, slots=True)
class Compared:
    """One scheme: shares of allocations guessed right and certain, entropy per allocation, imbalances, distance.

    A guess is the arm behind in the stratum; of minimisation the arm that it favours, known from all totals.
    Imbalances are |D| of two equal arms, otherwise the largest excess of an arm over its share: the 95 % of a stratum,
    and the median and the 95 % of the whole trial.
    """

    scheme: Scheme
    correct_guess: float
    deterministic: float
    entropy: float
    stratum_95: float
    trial_median: float
    trial_95: float
    distance: float = 0.0


def candidates(shares: Shares, slots: int, factors: Mapping[str, int] | None = None) -> tuple[Scheme, ...]:
    """The schemes worth comparing for this ratio and strata of so many participants.

    A list that ends balanced is taken twice as long as will be used, since nobody knows how many a stratum will have.
    Minimisation is among them where the `factors` that make the strata are known.
    """
    whole, equal = sum(shares), len(set(shares)) == 1
    long = -(-2 * slots // whole) * whole
    blocks = [tuple(whole * times for times in sizes) for sizes in ((1,), (2,), (3,), (2, 3, 4))]
    found = [Scheme("complete", Specification("complete", slots))]
    found += [Scheme(f"blocks {_sizes(sizes)}", Specification("permuted_blocks", slots, sizes)) for sizes in blocks]
    found += [Scheme(f"block urn {balls}", Specification("block_urn", slots, balls=balls)) for balls in (2, 3)]
    found.append(Scheme("random allocation rule", Specification("random_allocation_rule", long)))
    if equal:
        found.append(Scheme("Wei's urn (0, 1)", Specification("wei_urn", slots, beta=1)))
    if equal and len(shares) == 2:
        found += [Scheme(f"big stick {limit}", Specification("big_stick", slots, limit=limit)) for limit in (2, 3, 4)]
        coin = Fraction(2, 3)
        found.append(Scheme("biased coin 2/3", Specification("biased_coin", slots, probability=coin)))
        found.append(Scheme("Chen's coin 2/3, 3", Specification("biased_coin", slots, probability=coin, limit=3)))
        found.append(Scheme("maximal 3", Specification("maximal", long, limit=3)))
    if factors:
        found.append(Scheme("minimisation 0.8", Minimisation(shares)))
    return tuple(found)


def _sizes(sizes: Sequence[int]) -> str:
    return ", ".join(map(str, sizes))


def compare(
    schemes: Sequence[Scheme], shares: Shares, strata: Sequence[int], factors: Mapping[str, int] | None = None
) -> tuple[Compared, ...]:
    """Every scheme over strata of these sizes, the smallest distance first.

    `factors` are those that make the strata, by name, with the number of their levels; only minimisation asks.
    """
    found = [_compared(scheme, shares, strata, factors or {}) for scheme in schemes]
    floor = min(one.correct_guess for one in found)
    guess = max(one.correct_guess for one in found) - floor
    imbalance = max(one.trial_95 for one in found)
    return tuple(
        sorted(
            (
                _placed(one, (one.correct_guess - floor) / (guess or 1), one.trial_95 / (imbalance or 1))
                for one in found
            ),
            key=lambda one: (one.distance, one.scheme.name),
        )
    )


def _compared(scheme: Scheme, shares: Shares, strata: Sequence[int], factors: Mapping[str, int]) -> Compared:
    specification = scheme.specification
    if isinstance(specification, Minimisation):
        return _minimised(scheme, specification, strata, factors)
    follow = _exactly if _two_equal(shares) else _by_simulation
    return follow(scheme, specification, shares, strata)


def _two_equal(shares: Shares) -> bool:
    return len(shares) == 2 and shares[0] == shares[1]


def _placed(one: Compared, guess: float, imbalance: float) -> Compared:
    parts = {name: getattr(one, name) for name in Compared.__slots__ if name != "distance"}
    return Compared(**parts, distance=hypot(guess, imbalance))


def _exactly(scheme: Scheme, specification: Specification, shares: Shares, strata: Sequence[int]) -> Compared:
    by_size = {size: metrics(specification, shares, size) for size in set(strata)}
    each = [by_size[size] for size in strata]
    trial = together(*(one.imbalance for one in each))
    largest = by_size[max(strata)]
    return Compared(
        scheme, *_guessing(each, sum(strata)), quantile(largest.imbalance, 0.95),
        quantile(trial, 0.5), quantile(trial, 0.95),
    )  # fmt: skip


def _guessing(each: Sequence[Metrics], participants: int) -> tuple[float, float, float]:
    """Guesses right, certain allocations and entropy, over all participants."""
    return (
        sum(one.correct_guess * one.slots for one in each) / participants,
        sum(one.deterministic * one.slots for one in each) / participants,
        sum(one.entropy_bits for one in each) / participants,
    )


def _by_simulation(scheme: Scheme, specification: Specification, shares: Shares, strata: Sequence[int]) -> Compared:
    each = [metrics(specification, shares, size) for size in _few(strata, shares)]
    steps = table(specification, shares, max(strata))
    drawn = [simulated(steps, size, _TRIALS, _SEED + i) for i, size in enumerate(strata)]
    counts = [_counts(lists, shares) for lists in drawn]
    guessing = _guessing(each, sum(one.slots for one in each))
    return _balanced(scheme, shares, guessing, counts[int(np.argmax(strata))], np.sum(counts, axis=0))


def _few(strata: Sequence[int], shares: Shares) -> tuple[int, ...]:
    """One stratum of the mean size, short enough that its states can be followed exactly."""
    most = 400 if len(shares) == 2 else 60 if len(shares) == 3 else 30
    return (min(round(sum(strata) / len(strata)), most),)


def _minimised(scheme: Scheme, design: Minimisation, strata: Sequence[int], factors: Mapping[str, int]) -> Compared:
    """Participants of all strata come in an order of their own in each trial."""
    of = np.repeat(np.arange(len(strata)), strata)
    stratum = np.random.default_rng(_SEED).permuted(np.tile(of, (_TRIALS, 1)), axis=1)
    places = np.arange(len(strata)) * prod(factors.values()) // len(strata)  # where some combinations have nobody
    levels = np.stack(np.unravel_index(places[stratum], tuple(factors.values())), axis=2)
    found = minimised_lists(design, tuple(factors), levels, _SEED, trials=_TRIALS)
    inside = np.where(stratum == int(np.argmax(strata)), found.arms, len(design.shares))
    guessing = _guessing_minimised(design, found.met / found.met.sum())
    counts = (_counts(arms, design.shares) for arms in (inside, found.arms))
    return _balanced(scheme, design.shares, guessing, *counts)


def _guessing_minimised(design: Minimisation, met: NDArray[np.float64]) -> tuple[float, float, float]:
    """Guesses right, certain allocations and entropy, by how often each set of best arms is met."""
    guess, certain, entropy = np.zeros((3, met.size))
    for place, chances in enumerate(chances_of(design)):
        bets = [float(chances[arm]) for arm in best_of(place, len(chances))]
        guess[place] = sum(bets) / max(len(bets), 1)
        certain[place] = max(chances) == 1
        entropy[place] = -sum(float(chance) * log2(chance) for chance in chances if chance)
    return float(met @ guess), float(met @ certain), float(met @ entropy)


def _counts(arms: NDArray[Any], shares: Shares) -> NDArray[np.int64]:
    """How many each arm has, trials × arms."""
    return np.stack([(arms == arm).sum(axis=1) for arm in range(len(shares))], axis=1)


def _balanced(
    scheme: Scheme, shares: Shares, guessing: tuple[float, float, float], stratum: NDArray[np.int64],
    trial: NDArray[np.int64],
) -> Compared:  # fmt: skip
    """A scheme by the counts of the arms in its largest stratum and in all, trials × arms."""
    within, whole = _imbalance(stratum, shares), _imbalance(trial, shares)
    quantiles = (float(np.quantile(*part, method="inverted_cdf")) for part in
                 ((within, 0.95), (whole, 0.5), (whole, 0.95)))  # fmt: skip
    return Compared(scheme, *guessing, *quantiles)


def _imbalance(counts: NDArray[np.int64], shares: Shares) -> NDArray[np.float64]:
    """|D| of two equal arms, else by how many the arm furthest over its share exceeds it, in each trial."""
    expected = counts.sum(axis=1, keepdims=True) * np.array(shares) / sum(shares)
    return np.asarray((counts - expected).max(axis=1) * (2.0 if _two_equal(shares) else 1.0))


def even_strata(participants: int, strata: int) -> tuple[int, ...]:
    """Participants spread over strata as evenly as can be."""
    least, more = divmod(participants, strata)
    return tuple(size for size in (*(least + 1,) * more, *(least,) * (strata - more)) if size)

"""Response-adaptive procedures: the chance of the next arm follows the responses so far. For simulation only.

They give more participants the arm that looks better, and pay for it: the share of each arm is random, so power is
lost; a drift of the population looks like an effect; and whoever allocates must know arms and responses, which no
sealed list does. Thompson 1933 (doi:10.2307/2332286); Hu & Zhang 2004 (doi:10.1214/aos/1079120137).
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]
Target = Literal["urn", "optimal", "neyman"]

_NODES: Final = 96  # of the quadrature over an arm's quantiles; with thousands of responses it is right to five places


@dataclass(frozen=True, slots=True)
class Thompson:
    """Each arm has the chance that it is the best, judged from a uniform prior on every rate."""


@dataclass(frozen=True, slots=True)
class DoublyAdaptive:
    """Hu and Zhang's doubly-adaptive biased coin: towards a target share that is estimated from the responses.

    `target` is the urn's (shares as 1/q), the one with the fewest failures for a given power ("optimal", as √p;
    Rosenberger and others 2001, doi:10.1111/j.0006-341X.2001.00909.x) or Neyman's (as √(pq)). With `gamma` 0 the
    chance is the target's itself; the larger it is, the harder a share away from the target is pulled back.
    """

    target: Target = "optimal"
    gamma: float = 2.0


Design: TypeAlias = Thompson | DoublyAdaptive


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a design does over many simulated trials, by arm: the mean share, its standard deviation, and how often
    the arm got less than an equal share; and the mean number of participants who responded."""

    share: tuple[float, ...]
    spread: tuple[float, ...]
    fewer: tuple[float, ...]
    responded: float


def next_arm_chances(design: Design, responded: Counts, allocated: Counts) -> Floats:
    """The chance of each arm for the next participant; arms along the last axis of both counts.

    Raises ValueError where the doubly-adaptive coin meets an arm without participants: it has no share to compare.
    """
    if isinstance(design, Thompson):
        return chances_of_being_best(responded, allocated)
    if not allocated.all():
        raise ValueError("the doubly-adaptive coin needs a participant in every arm")
    wanted = _target(design.target, (responded + 1) / (allocated + 2))
    pulled = wanted * (wanted * allocated.sum(axis=-1, keepdims=True) / allocated) ** design.gamma
    return _shares(pulled)


def _target(target: Target, rates: Floats) -> Floats:
    """The target's share of each arm for these rates (from Beta means, so that none is 0 or 1)."""
    return _shares({"urn": 1 / (1 - rates), "optimal": np.sqrt(rates), "neyman": np.sqrt(rates * (1 - rates))}[target])


def _shares(amounts: Floats) -> Floats:
    """Amounts as parts of their sum over the arms."""
    shares: Floats = amounts / amounts.sum(axis=-1, keepdims=True)
    return shares


def chances_of_being_best(responded: Counts, allocated: Counts) -> Floats:
    """The posterior probability of each arm that its rate is the highest, from uniform priors.

    For one arm it is the mean, over its own posterior, of the probability that all others lie below; computed by
    Gauss and Legendre's quadrature over the quantiles.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    a, b = responded + 1.0, allocated - responded + 1.0
    arms = range(a.shape[-1])
    mine = betaincinv(a[..., None], b[..., None], (nodes + 1) / 2)
    found = [
        np.prod([betainc(a[..., [j]], b[..., [j]], mine[..., k, :]) for j in arms if j != k], axis=0) @ weights / 2
        for k in arms
    ]
    return _shares(np.stack(found, axis=-1))


def simulate_adaptive(
    design: Design, rates: tuple[float, ...], participants: int, *, trials: int, seed: int, begin: int = 1
) -> Behaviour:
    """What a design does when the arms' true rates of response are these and each response is known at once.

    The first `begin` participants of each arm are allocated in turns. Raises ValueError without one in each arm.
    """
    if not 1 <= begin <= participants // len(rates):
        raise ValueError("a simulated trial begins with at least one participant in every arm")
    rng, truth = np.random.default_rng(seed), np.array(rates)
    allocated = np.full((trials, len(rates)), begin, dtype=np.int64)
    responded = rng.binomial(begin, truth, size=allocated.shape).astype(np.int64)
    row = np.arange(trials)
    for _ in range(participants - begin * len(rates)):
        arm = _drawn(design, responded, allocated, rng)
        allocated[row, arm] += 1
        responded[row, arm] += rng.random(trials) < truth[arm]
    share = allocated / participants
    fewer = (allocated * len(rates) < participants).mean(axis=0)
    return Behaviour(
        tuple(share.mean(axis=0).tolist()), tuple(share.std(axis=0).tolist()), tuple(fewer.tolist()),
        float(responded.sum(axis=1).mean()),
    )  # fmt: skip


def _drawn(design: Design, responded: Counts, allocated: Counts, rng: np.random.Generator) -> Counts:
    """The next arm of every trial. The best of one draw from each posterior has just Thompson's chances."""
    arms: Counts
    if isinstance(design, Thompson):
        arms = rng.beta(responded + 1, allocated - responded + 1).argmax(axis=1)
    else:
        upto = next_arm_chances(design, responded, allocated).cumsum(axis=1)
        arms = (rng.random((len(upto), 1)) > upto[:, :-1]).sum(axis=1)
    return arms

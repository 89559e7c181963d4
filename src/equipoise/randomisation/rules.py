"""Every procedure as a walk: from each state, the arms that can come next, how likely each is, and the state after it.

One definition serves the drawing of a list, its exact predictability and balance, and the randomisation test. All
probabilities are exact fractions, so that a list drawn from the operating system's entropy has exactly this law.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Final, TypeAlias

from equipoise.randomisation.source import RandomSource, below
from equipoise.randomisation.specification import Procedure, Specification

State: TypeAlias = Hashable
Step: TypeAlias = tuple[tuple[int, Fraction, State], ...]  # (arm, probability, state after it)
Shares: TypeAlias = tuple[int, ...]

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step ready to be drawn: whole-number ends of the arms' shares, and what follows each."""

    ends: tuple[int, ...]
    arms: tuple[int, ...]
    after: tuple[State, ...]


@dataclass(eq=False, slots=True)
class Walk:
    """A procedure for one stratum: where it starts, and what can happen in each state. Arms are numbered from 0."""

    start: State
    step: Callable[[State], Step]
    _known: dict[State, Prepared] = field(default_factory=dict)

    def draw(self, length: int, random: RandomSource) -> tuple[int, ...]:
        """The arms of the first `length` slots."""
        state, drawn = self.start, []
        for _ in range(length):
            prepared = self.prepared(state)
            if not prepared.arms:
                raise ValueError(f"the list ends before slot {length}")
            place = below(prepared.ends[-1], random)
            taken = next(i for i, end in enumerate(prepared.ends) if place < end)
            drawn.append(prepared.arms[taken])
            state = prepared.after[taken]
        return tuple(drawn)

    def prepared(self, state: State) -> Prepared:
        """What can happen in a state, worked out once."""
        return self._known.get(state) or self._prepare(state)

    def _prepare(self, state: State) -> Prepared:
        possible = [(arm, chance, after) for arm, chance, after in self.step(state) if chance]
        whole = lcm(1, *(chance.denominator for _, chance, _ in possible))
        ends, total = [], 0
        for _, chance, _ in possible:
            total += int(chance * whole)
            ends.append(total)
        prepared = Prepared(tuple(ends), tuple(p[0] for p in possible), tuple(p[2] for p in possible))
        self._known[state] = prepared
        return prepared


def walk(specification: Specification, shares: Shares) -> Walk:
    """The walk of a sound specification, its arms in this ratio."""
    return _WALKS[specification.procedure](specification, shares)


# --- Any number of arms in any ratio ----------------------------------------------------------------------------------


def _complete(_: Specification, shares: Shares) -> Walk:
    whole = sum(shares)
    step = tuple((arm, Fraction(share, whole), None) for arm, share in enumerate(shares))
    return Walk(None, lambda _state: step)


def _random_allocation_rule(specification: Specification, shares: Shares) -> Walk:
    """All slots of the stratum are one block (Lachin 1988, doi:10.1016/0197-2456(88)90049-2)."""
    times = specification.slots // sum(shares)
    return Walk(tuple(share * times for share in shares), _from_an_urn)


def _from_an_urn(left: State) -> Step:
    """An arm is taken without replacement; an empty urn stays empty, and the list ends there."""
    urn: tuple[int, ...] = left  # type: ignore[assignment]
    whole = sum(urn)
    return tuple((arm, Fraction(balls, whole), _less(urn, arm)) for arm, balls in enumerate(urn) if balls)


def _less(urn: tuple[int, ...], arm: int) -> tuple[int, ...]:
    return (*urn[:arm], urn[arm] - 1, *urn[arm + 1 :])


def _permuted_blocks(specification: Specification, shares: Shares) -> Walk:
    """Blocks in exactly the ratio; the size of each is drawn when it begins."""
    weights = specification.weights or (1,) * len(specification.sizes)
    whole = sum(shares)
    empty = (0,) * len(shares)

    def step(left: State) -> Step:
        if left != empty:
            return _from_an_urn(left)
        return tuple(
            (arm, Fraction(weight, sum(weights)) * chance, after)
            for size, weight in zip(specification.sizes, weights, strict=True)
            for arm, chance, after in _from_an_urn(tuple(share * (size // whole) for share in shares))
        )

    return Walk(empty, step)


def _block_urn(specification: Specification, shares: Shares) -> Walk:
    """An urn, refilled by one balanced set whenever one is complete.

    Zhao & Weng 2011, doi:10.1016/j.cct.2011.08.004.
    """
    balls = specification.balls or 1

    def step(taken: State) -> Step:
        counts: tuple[int, ...] = taken  # type: ignore[assignment]
        complete = min(count // share for count, share in zip(counts, shares, strict=True))
        urn = [(balls + complete) * share - count for count, share in zip(counts, shares, strict=True)]
        return tuple((arm, Fraction(n, sum(urn)), _reduced(counts, arm, shares)) for arm, n in enumerate(urn) if n)

    return Walk((0,) * len(shares), step)


def _reduced(counts: tuple[int, ...], arm: int, shares: Shares) -> tuple[int, ...]:
    """The counts after one more, without the balanced sets that are complete: they change nothing that follows."""
    after = [count + (i == arm) for i, count in enumerate(counts)]
    complete = min(count // share for count, share in zip(after, shares, strict=True))
    return tuple(count - complete * share for count, share in zip(after, shares, strict=True))


def _wei_urn(specification: Specification, shares: Shares) -> Walk:
    """Each arm begins with α balls; an arm that is taken adds β balls of every other arm.

    Wei 1977, doi:10.1080/01621459.1977.10480935.
    """
    alpha, beta = specification.alpha or 0, specification.beta if specification.beta is not None else 1

    def step(taken: State) -> Step:
        counts: tuple[int, ...] = taken  # type: ignore[assignment]
        urn = [alpha + beta * (sum(counts) - count) for count in counts]
        balls = urn if sum(urn) else [1] * len(urn)
        return tuple((arm, Fraction(n, sum(balls)), _more(counts, arm)) for arm, n in enumerate(balls) if n)

    return Walk((0,) * len(shares), step)


def _more(counts: tuple[int, ...], arm: int) -> tuple[int, ...]:
    return (*counts[:arm], counts[arm] + 1, *counts[arm + 1 :])


# --- Two arms in the ratio 1:1: the state is by how many the first arm is ahead ---------------------------------------


def _coin(chance_of_first: Callable[[int], Fraction]) -> Walk:
    def step(state: State) -> Step:
        ahead: int = state  # type: ignore[assignment]
        first = chance_of_first(ahead)
        return (0, first, ahead + 1), (1, 1 - first, ahead - 1)

    return Walk(0, step)


def _big_stick(specification: Specification, _: Shares) -> Walk:
    limit = specification.limit or 1
    return _coin(lambda ahead: _HALF if abs(ahead) < limit else Fraction(ahead < 0))


def _biased_coin(specification: Specification, _: Shares) -> Walk:
    """The arm behind is favoured (Efron 1971, doi:10.1093/biomet/58.3.403), and certain at a limit (Chen 1999)."""
    favour, limit = specification.probability or _HALF, specification.limit

    def chance(ahead: int) -> Fraction:
        if ahead == 0:
            return _HALF
        behind = Fraction(1) if limit is not None and abs(ahead) >= limit else favour
        return behind if ahead < 0 else 1 - behind

    return _coin(chance)


def _truncated_binomial(specification: Specification, _: Shares) -> Walk:
    """A fair coin until one arm has its half (Blackwell & Hodges 1957, doi:10.1214/aoms/1177706973)."""
    half = specification.slots // 2

    def step(state: State) -> Step:
        counts: tuple[int, int] = state  # type: ignore[assignment]
        if sum(counts) >= 2 * half:
            return ()
        first = Fraction(counts[1] == half) if half in counts else _HALF
        return (0, first, _more(counts, 0)), (1, 1 - first, _more(counts, 1))

    return Walk((0, 0), step)


def _maximal(specification: Specification, _: Shares) -> Walk:
    """Every list that ends balanced and is nowhere out of balance by more than the limit is equally likely.

    Berger, Ivanova & Knoll 2003, doi:10.1002/sim.1538.
    """
    slots, limit = specification.slots, specification.limit or 1
    lists = _admissible(slots, limit)

    def step(state: State) -> Step:
        where: tuple[int, int] = state  # type: ignore[assignment]
        ahead, done = where
        here = lists(ahead, slots - done)
        return tuple(
            (arm, Fraction(lists(after, slots - done - 1), here), (after, done + 1))
            for arm, after in ((0, ahead + 1), (1, ahead - 1))
        )

    return Walk((0, 0), step)


def admissible_lists(slots: int, limit: int) -> int:
    """How many lists the maximal procedure chooses from."""
    return _admissible(slots, limit)(0, slots)


def _admissible(slots: int, limit: int) -> Callable[[int, int], int]:
    """The number of ways from an imbalance to balance in exactly so many slots, never beyond the limit."""
    ways = [{0: 1}]
    for _ in range(slots):
        before = ways[-1]
        ways.append({d: before.get(d - 1, 0) + before.get(d + 1, 0) for d in range(-limit, limit + 1)})
    return lambda ahead, left: ways[left].get(ahead, 0) if left >= 0 else 0


_WALKS: Final[Mapping[Procedure, Callable[[Specification, Shares], Walk]]] = {
    "complete": _complete,
    "random_allocation_rule": _random_allocation_rule,
    "permuted_blocks": _permuted_blocks,
    "block_urn": _block_urn,
    "wei_urn": _wei_urn,
    "big_stick": _big_stick,
    "biased_coin": _biased_coin,
    "truncated_binomial": _truncated_binomial,
    "maximal": _maximal,
}

"""The procedures: how the arms of one stratum are drawn, one after another."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice

from equipoise.randomisation.source import RandomSource, below, chosen, shuffled
from equipoise.randomisation.specification import Procedure, Specification, check


def draw(specification: Specification, ratio: Mapping[str, int], length: int, random: RandomSource) -> tuple[str, ...]:
    """The arms of one stratum's slots, in order.

    The arms are taken in the order of their names, so the order in which a file lists them changes nothing. The last
    block is cut at `length`. Raises ValueError for a specification that `check` finds fault with.
    """
    if problems := check(specification, ratio):
        raise ValueError("; ".join(map(str, problems)))
    sequence = _PROCEDURES[specification.procedure](specification, dict(sorted(ratio.items())), random)
    return tuple(islice(sequence, length))


def draw_strata(
    specification: Specification,
    ratio: Mapping[str, int],
    strata: Iterable[str],
    source_of: Callable[[str], RandomSource],
) -> dict[str, tuple[str, ...]]:
    """The whole list: the arms of every stratum, each drawn from its own source, all of the specified length."""
    return {stratum: draw(specification, ratio, specification.slots, source_of(stratum)) for stratum in strata}


def blocks(specification: Specification, ratio: Mapping[str, int], random: RandomSource) -> Iterator[tuple[str, ...]]:
    """Permuted blocks without end, each holding every arm in exactly the ratio."""
    weights = specification.weights or (1,) * len(specification.sizes)
    whole = sum(ratio.values())
    while True:
        times = chosen(specification.sizes, weights, random) // whole
        yield shuffled([arm for arm, share in ratio.items() for _ in range(share * times)], random)


def _permuted_blocks(specification: Specification, ratio: Mapping[str, int], random: RandomSource) -> Iterator[str]:
    return chain.from_iterable(blocks(specification, ratio, random))


def _complete(_: Specification, ratio: Mapping[str, int], random: RandomSource) -> Iterator[str]:
    arms, shares = tuple(ratio), tuple(ratio.values())
    while True:
        yield chosen(arms, shares, random)


def _big_stick(specification: Specification, ratio: Mapping[str, int], random: RandomSource) -> Iterator[str]:
    first, second = ratio
    limit, ahead = specification.limit or 1, 0  # ahead: by how many the first arm leads
    while True:
        takes_first = ahead < 0 if abs(ahead) == limit else below(2, random) == 0
        ahead += 1 if takes_first else -1
        yield first if takes_first else second


_PROCEDURES: dict[Procedure, Callable[[Specification, Mapping[str, int], RandomSource], Iterator[str]]] = {
    "complete": _complete,
    "permuted_blocks": _permuted_blocks,
    "big_stick": _big_stick,
}

"""Drawing the arms of a stratum, or of a whole list, from a specification."""

from collections.abc import Callable, Iterable, Mapping

from equipoise.randomisation.rules import walk
from equipoise.randomisation.source import RandomSource
from equipoise.randomisation.specification import Specification, check


def draw(specification: Specification, ratio: Mapping[str, int], length: int, random: RandomSource) -> tuple[str, ...]:
    """The arms of the first `length` slots of one stratum, in order.

    The arms are taken in the order of their names, so the order in which a file lists them changes nothing. The last
    block is cut at `length`. Raises ValueError for a specification that `check` finds fault with, and for more slots
    than a procedure that ends with its list has.
    """
    if problems := check(specification, ratio):
        raise ValueError("; ".join(map(str, problems)))
    arms = tuple(sorted(ratio))
    drawn = walk(specification, tuple(ratio[arm] for arm in arms)).draw(length, random)
    return tuple(arms[arm] for arm in drawn)


def draw_strata(
    specification: Specification,
    ratio: Mapping[str, int],
    strata: Iterable[str],
    source_of: Callable[[str], RandomSource],
) -> dict[str, tuple[str, ...]]:
    """The whole list: the arms of every stratum, each drawn from its own source, all of the specified length."""
    return {stratum: draw(specification, ratio, specification.slots, source_of(stratum)) for stratum in strata}

"""Drawing packs of kits, and choosing a kit of an arm so that the choice tells as little as it can of who shares one.

A pack holds the arms in their ratio in an order drawn at random. Of the kits at hand a *pack* is drawn first, each in
proportion to how many kits are left in it over all arms, which everybody may know; then a kit of the arm in that pack.
The last kits of each pack are a reserve for when no other pack has more, because which arm a pack has run out of would
tell. Earliest expiry first, or an even draw over the kits of the arm, would follow what is left of that arm, and so
tell who uses it up together.
"""

from collections.abc import Collection, Container, Mapping

from equipoise.randomisation.source import RandomSource, below, chosen, shuffled


def draw_packs(ratio: Mapping[str, int], size: int, packs: int, random: RandomSource) -> tuple[tuple[str, ...], ...]:
    """The arms of the kits of so many packs, each in an order of its own.

    Raises ValueError unless `size` is a multiple of the sum of the ratio.
    """
    times, rest = divmod(size, sum(ratio.values()))
    if rest or not times:
        raise ValueError(f"a pack of {size} does not hold the ratio")
    arms = [arm for arm, parts in sorted(ratio.items()) for _ in range(parts * times)]
    return tuple(shuffled(arms, random) for _ in range(packs))


def choose_kit(
    at_hand: Mapping[str, Collection[str]], of_arm: Container[str], reserve: int, random: RandomSource
) -> str | None:
    """A kit of the arm from the packs at hand (pack → its kits), or None when no pack has one left."""
    rest = {pack: sorted(kits) for pack, kits in sorted(at_hand.items())}
    while rest:
        above = {pack: len(kits) - reserve for pack, kits in rest.items() if len(kits) > reserve}
        weights = above or {pack: len(kits) + 1 for pack, kits in rest.items()}
        pack = chosen(tuple(weights), tuple(weights.values()), random)
        if mine := [kit for kit in rest.pop(pack) if kit in of_arm]:
            return mine[below(len(mine), random)]
    return None

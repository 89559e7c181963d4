"""Simulated allocations of every procedure, over filling the same number of floats at random; and re-randomisations."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from benchmarks.claim import Claim, seconds

SLOTS, TRIALS, LISTS = 231, 20_000, 200_000


def claims() -> Iterator[Claim]:
    """Allocations a second, and randomisation tests a second, for 231 participants."""
    from equipoise.randomisation import Specification
    from equipoise.randomisation.rerandomisation import monte_carlo_test
    from equipoise.randomisation.tables import simulated, table

    schemes = {
        "complete": Specification("complete", 240),
        "blocks 4, 6, 8": Specification("permuted_blocks", 240, sizes=(4, 6, 8)),
        "random allocation rule": Specification("random_allocation_rule", 240),
        "block urn 3": Specification("block_urn", 240, balls=3),
        "Wei's urn": Specification("wei_urn", 240, beta=1),
        "big stick 3": Specification("big_stick", 240, limit=3),
        "biased coin 2/3": Specification("biased_coin", 240, probability=Fraction(2, 3)),
        "maximal 3": Specification("maximal", 240, limit=3),
    }
    rng = np.random.default_rng(1)
    floats = seconds(lambda: rng.random(SLOTS * TRIALS))
    for name, specification in schemes.items():
        steps = table(specification, (1, 1), SLOTS)
        simulated(steps, SLOTS, 1, 1)
        took = seconds(lambda steps=steps: simulated(steps, SLOTS, TRIALS, 1))
        here = f"{SLOTS * TRIALS / took / 1e6:,.0f} against {SLOTS * TRIALS / floats / 1e6:,.0f} million a second"
        yield Claim(f"{name}: allocations", "numpy's generator filling as many floats", took / floats, here)
    yield _tests(table(schemes["blocks 4, 6, 8"], (1, 1), SLOTS), simulated, monte_carlo_test, rng)


def _tests(steps, simulated, monte_carlo_test, rng: np.random.Generator) -> Claim:
    """A randomisation test on fixed scores, over permuting the same labels with numpy."""
    scores, assignment = rng.normal(size=SLOTS), simulated(steps, SLOTS, 1, 9)[0]
    few = LISTS // 100

    def test(lists: int):
        return monte_carlo_test(scores, assignment, None, statistic="score_sum", lists=lists, prepared=steps)

    def by_numpy() -> float:
        shuffled = rng.permuted(np.tile(assignment, (few, 1)), axis=1)
        return float((shuffled @ scores).max())

    test(10)
    ours, peer = seconds(lambda: test(LISTS)) / LISTS, seconds(by_numpy) / few
    here = f"{1 / ours:,.0f} against {1 / peer:,.0f} a second"
    return Claim("a randomisation test, blocks of random size", "numpy permuting the labels alone", ours / peer, here)

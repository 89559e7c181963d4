"""Simulated allocations of every procedure, over filling the same number of floats at random; and re-randomisations."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np

from benchmarks.allocation import by_r
from benchmarks.claim import Claim, seconds

SLOTS, TRIALS, LISTS = 231, 20_000, 200_000
LEVELS = {"sex": 2, "stage": 3, "centre": 4}  # of the factors that are minimised
IN_R_TRIALS = 20
IN_R = """for (i in 1:{trials}) {{
  f <- cbind(sample(2, {slots}, TRUE), 2 + sample(3, {slots}, TRUE), 5 + sample(4, {slots}, TRUE))
  t <- matrix(0, 9, 2); u <- runif({slots})
  for (j in 1:{slots}) {{
    d <- t[f[j, ], 1] - t[f[j, ], 2]; s <- sum(abs(d + 1)) - sum(abs(d - 1))
    a <- if (u[j] < (if (s == 0) .5 else if (s < 0) .8 else .2)) 1 else 2
    t[f[j, ], a] <- t[f[j, ], a] + 1
  }}
}}"""


def claims() -> Iterator[Claim]:
    """Allocations a second, and randomisation tests a second, for 231 participants."""
    from equipoise.randomisation import Specification
    from equipoise.randomisation.rerandomisation import monte_carlo_test
    from equipoise.randomisation.tables import simulated, table

    schemes = {
        "complete": Specification("complete", 240),
        "blocks 4": Specification("permuted_blocks", 240, sizes=(4,)),
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
        if name == "blocks 4":
            yield _on_two(name, took, lambda first, steps=steps: simulated(steps, SLOTS, TRIALS // 2, 1, first=first))
    yield from _minimised(floats, rng)
    yield _tests(table(schemes["blocks 4, 6, 8"], (1, 1), SLOTS), simulated, monte_carlo_test, rng)


def _on_two(name: str, one: float, half: Callable[[int], object]) -> Claim:
    """The same trials by two threads."""
    with ThreadPoolExecutor(2) as pool:
        two = seconds(lambda: list(pool.map(half, (0, TRIALS // 2))))
    here = f"{SLOTS * TRIALS / two / 1e6:,.0f} million a second"
    return Claim(f"{name} on two threads", "one thread; 0.5 where two cores are free", two / one, here)


def _minimised(floats: float, rng: np.random.Generator) -> Iterator[Claim]:
    """Minimisation by the range of three factors, the best arm with 0.8; its participants are drawn beforehand."""
    from equipoise.randomisation.minimisation import Minimisation
    from equipoise.randomisation.minimised_lists import minimised_lists

    people = np.stack([rng.integers(0, most, (TRIALS, SLOTS), dtype=np.uint8) for most in LEVELS.values()], axis=2)

    def ours(trials: int, first: int = 0):
        return minimised_lists(Minimisation((1, 1)), tuple(LEVELS), people[:trials], 1, trials=trials, first=first)

    ours(1)
    took, each = seconds(lambda: ours(TRIALS)), SLOTS * TRIALS
    name = "minimisation of three factors"
    against = [("numpy's generator filling as many floats", floats / each)]
    against.append(("one by one in exact fractions, as in a trial", _exactly(people)))
    in_r = by_r("", IN_R.format(trials=IN_R_TRIALS, slots=SLOTS))
    against += [] if in_r is None else [("base R, a loop", in_r / IN_R_TRIALS / SLOTS)]
    for peer, theirs in against:
        here = f"{each / took / 1e6:,.1f} against {1e-6 / theirs:,.3g} million a second"
        yield Claim(f"{name}: allocations", peer, took / each / theirs, here)
    yield _on_two(name, took, lambda first: ours(TRIALS // 2, first))


def _exactly(people) -> float:
    """Seconds for one allocation as it is drawn in a trial, of 20 trials."""
    from equipoise.randomisation import seeded
    from equipoise.randomisation.minimisation import Minimisation, allocate

    design, random = Minimisation((1, 1)), seeded(b"benchmark")

    def trial(course) -> None:
        counts = {factor: {str(level): [0, 0] for level in range(most)} for factor, most in LEVELS.items()}
        for codes in course.tolist():
            profile = dict(zip(LEVELS, map(str, codes), strict=True))
            arm = allocate(design, counts, profile, random)
            for factor, level in profile.items():
                counts[factor][level][arm] += 1

    return seconds(lambda: [trial(course) for course in people[:20]], rounds=1) / 20 / SLOTS


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

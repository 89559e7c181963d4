"""Many trials of a design: in chunks, by several threads, with a result that depends on seed and design only.

A trial's numbers come from its own streams, chunks have one size, and their sums are added in the order of the trials.
So neither the number of threads nor an interruption in between can be seen in the result, to the last bit.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import local
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.characteristics import largest_error
from equipoise.simulation.design.lines import lines_of
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.room import Room
from equipoise.simulation.design.sums import Sums, nothing, summed

CHUNK: Final = 1000  # trials; part of the definition of the result, as the order of additions is
AHEAD: Final = 4  # pieces of work for each worker that may wait to be added

Chunk = tuple[int, int]  # the first trial, and how many
# What computes the sums of some chunks of a design and seed, in their order.
Engine = Callable[[Design, int, Iterator[Chunk]], Iterator[Sums]]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Order:
    """How many trials of which seed: at most `trials`, or fewer once no share has a greater error than `error`."""

    trials: int
    seed: int
    workers: int = 1
    error: float = 0.0


def key_of(seed: int) -> npt.NDArray[np.uint64]:
    """The key of a seed's streams. Every design has the same, so that designs are compared on common random numbers."""
    return np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64)


class Laboratory:
    """A design with room to work in for each thread."""

    def __init__(self, design: Design, seed: int) -> None:
        self.design, self.key = design, key_of(seed)
        self._rooms = local()

    def lines(self, first: int, number: int) -> Floats:
        """The lines of some trials: facts, and the results of every analysis."""
        if not hasattr(self._rooms, "made"):
            self._rooms.made = Room(self.design.plan, self.key, self.design.beside)
        return lines_of(self.design, self._rooms.made, first, number)

    def sums(self, first: int, number: int) -> Sums:
        """The sums over some trials."""
        return summed(self.lines(first, number), self.design.truths)


def simulate(design: Design, order: Order, before: Sums | None = None, engine: Engine | None = None) -> Iterator[Sums]:
    """The sums over all trials so far, first of `before`, an earlier run's whole chunks, then after each chunk.

    The last of them is the result. It ends after `order.trials`, or when the Monte-Carlo error is small enough. Which
    engine computes, threads of this process or another, cannot be seen in it.
    """
    total = before or nothing(len(design.analyses), len(design.told))
    yield total
    compute = engine or threads(order.workers)
    chunks = compute(design, order.seed, _chunks(total.trials, order.trials))
    while largest_error(total) > order.error and (sums := next(chunks, None)) is not None:
        total = total + sums
        yield total


def _chunks(done: int, trials: int) -> Iterator[Chunk]:
    """The first trial and the size of each chunk that is left."""
    for first in range(done, trials, CHUNK):
        yield first, min(CHUNK, trials - first)


def threads(workers: int) -> Engine:
    """The engine of this process: so many threads, which numba's kernels let run side by side."""

    def compute(design: Design, seed: int, chunks: Iterator[Chunk]) -> Iterator[Sums]:
        laboratory = Laboratory(design, seed)
        with ThreadPoolExecutor(workers) as pool:
            yield from in_order(lambda chunk: pool.submit(laboratory.sums, *chunk), chunks, AHEAD * workers)

    return compute


def in_order(submit: Callable[[T], "Future[R]"], work: Iterable[T], ahead: int) -> Iterator[R]:
    """What comes of each piece of work in its order, no more than `ahead` of them waiting or being done."""
    waiting: deque[Future[R]] = deque()
    try:
        for piece in work:
            waiting.append(submit(piece))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()

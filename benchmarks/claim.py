"""What a benchmark says: a ratio first, because it means the same on every machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One measured sentence: what was done, against what, the ratio of the two, and what was measured here."""

    what: str
    against: str
    ratio: float  # our time by the peer's time: below 1 is faster
    here: str


def seconds(work: Callable[[], object], *, rounds: int = 3) -> float:
    """The shortest of a few rounds: what else the machine does only ever adds to it."""
    return min(once(work) for _ in range(rounds))


def once(work: Callable[[], object]) -> float:
    """How long it takes this time."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

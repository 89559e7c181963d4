"""Many trials by a cluster: Ray as an engine, on this machine or on many, with the same bytes as threads.

What travels to a worker is the design (arrays, and the words of its analyses), the seed and the numbers of some trials;
what comes back is the sums of each chunk. No participant, no file and no arm of a real trial is among them. Ray's
address is its own variable, RAY_ADDRESS; without it Ray is started here, bound to this machine alone.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from socket import create_connection
from typing import Any, Final

from equipoise.items import Problem
from equipoise.simulation.design.planning import Design
from equipoise.simulation.design.running import AHEAD, Chunk, Engine, Laboratory, in_order
from equipoise.simulation.design.sums import Sums

MOST_CHUNKS: Final = 20  # of a task: long enough that Ray's millisecond for a task is not felt
_ADDRESS: Final = "RAY_ADDRESS"
_SECONDS: Final = 5.0  # for a cluster to answer
# Before Ray is imported: it tells nobody that it runs, and alone on a machine it listens to that machine alone.
_QUIET: Final = {"RAY_USAGE_STATS_ENABLED": "0"}
_ALONE: Final = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # the switch has this name on every system


class ClusterError(Exception):
    """Why no cluster computes, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@contextmanager
def cluster(workers: int | None) -> Iterator[Engine]:
    """An engine of so many workers, by default one for each processor there is. Raises ClusterError without one."""
    if find_spec("ray") is None:
        raise ClusterError(Problem(
            "scenario.E060", "--runner", "Ray is not installed here.",
            "Install Equipoise with its extra 'cluster', or leave --runner out: threads give the same answer.",
        ))  # fmt: skip
    address = os.environ.get(_ADDRESS, "")
    os.environ.update(_QUIET if address else _QUIET | _ALONE)
    ray = import_module("ray")
    _start(ray, workers, address)
    try:
        _compare(ray)
        yield _engine(ray, workers or int(ray.cluster_resources()["CPU"]))
    finally:
        ray.shutdown()


def _start(ray: Any, workers: int | None, address: str) -> None:
    told = {"log_to_driver": False, "logging_level": logging.ERROR}
    if not address:
        ray.init(num_cpus=workers, include_dashboard=False, **told)
        return
    try:
        _knock(address)
        ray.init(address=address, **told)
    except OSError as error:
        raise ClusterError(Problem(
            "scenario.E061", _ADDRESS, f"No cluster answers at {address}.", "Start one with `ray start --head`.",
        )) from error  # fmt: skip


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at a host and port, which Ray itself would find out after minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal():
        create_connection((host, int(port)), _SECONDS).close()


def _compare(ray: Any) -> None:
    """Raise ClusterError where a machine would compute by other sources than this one: its numbers could be others."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    on = [NodeAffinitySchedulingStrategy(node["NodeID"], soft=False) for node in nodes]
    task = ray.remote(sources)
    found = ray.get([task.options(scheduling_strategy=each).remote() for each in on])
    others = [node["NodeManagerAddress"] for node, there in zip(nodes, found, strict=True) if there != sources()]
    if others:
        said = f"Another version of Equipoise is on {', '.join(others)}."
        raise ClusterError(Problem("scenario.E062", _ADDRESS, said, "Install the same version on every machine."))


def sources() -> str:
    """What identifies the sources of the simulation on a machine."""
    found = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()


def _engine(ray: Any, workers: int) -> Engine:
    task = ray.remote(sums_of)

    def compute(design: Design, seed: int, chunks: Iterator[Chunk]) -> Iterator[Sums]:
        told = ray.put(design)
        found = in_order(
            lambda some: task.remote(told, seed, some).future(), together(chunks, workers), AHEAD * workers
        )
        yield from chain.from_iterable(found)

    return compute


def sums_of(design: Design, seed: int, chunks: tuple[Chunk, ...]) -> list[Sums]:
    """One task: the sums of each of some chunks."""
    laboratory = Laboratory(design, seed)
    return [laboratory.sums(*chunk) for chunk in chunks]


def together(chunks: Iterator[Chunk], workers: int) -> Iterator[tuple[Chunk, ...]]:
    """The chunks of each task: one for each worker at first, then more and more, so that few trials use all workers."""
    given = 0
    while some := tuple(islice(chunks, min(1 + given // workers, MOST_CHUNKS))):
        given += 1
        yield some

"""A cluster computes what threads compute. Most of it is tried on a stand-in for Ray that runs tasks at once."""

import socket
import sys
from concurrent.futures import Future
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import pytest

from equipoise.simulation.design import cluster as module
from equipoise.simulation.design.cluster import MOST_CHUNKS, ClusterError, cluster, sources, together
from equipoise.simulation.design.running import CHUNK, Order, simulate
from tests.unit.simulation.designs import study


class Task:
    """A remote function that is done as soon as it is asked for."""

    def __init__(self, function):
        self.function = function

    def options(self, scheduling_strategy):
        assert scheduling_strategy.node in ("a", "b")
        return self

    def remote(self, *given):
        future = Future()
        future.set_result(self.function(*given))
        return SimpleNamespace(future=lambda: future, result=future.result)


class Ray(ModuleType):
    """What of Ray is used, in one process."""

    def __init__(self):
        super().__init__("ray")
        self.told, self.ended = {}, False

    def init(self, **told):
        self.told = told

    def shutdown(self):
        self.ended = True

    def nodes(self):
        nodes = [
            ("a", True, {"CPU": 2.0}),
            ("gone", False, {"CPU": 2.0}),
            ("head", True, {}),
            ("b", True, {"CPU": 1.0}),
        ]
        return [
            {"NodeID": name, "Alive": alive, "Resources": has, "NodeManagerAddress": name} for name, alive, has in nodes
        ]

    remote = staticmethod(Task)
    put = staticmethod(lambda value: value)
    get = staticmethod(lambda tasks: [task.result() for task in tasks])
    cluster_resources = staticmethod(lambda: {"CPU": 3.0})


@pytest.fixture
def ray(monkeypatch):
    fake, strategies = Ray(), ModuleType("ray.util.scheduling_strategies")
    strategies.NodeAffinitySchedulingStrategy = lambda node, soft: SimpleNamespace(node=node, soft=soft)
    for name, each in (("ray", fake), ("ray.util", ModuleType("ray.util")), (strategies.__name__, strategies)):
        monkeypatch.setitem(sys.modules, name, each)
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    for name in ("RAY_USAGE_STATS_ENABLED", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"):
        monkeypatch.setenv(name, "1")
    return fake


def last(design, order, engine=None):
    *_, sums = simulate(design, order, None, engine)
    return sums.trials, sums.facts.tobytes(), sums.analyses.tobytes()


@pytest.mark.parametrize("workers", [1, 3, None])
def test_a_cluster_finds_what_threads_find(ray, workers):
    design, order = study().design, Order(9 * CHUNK + 5, 1, 2)
    with cluster(workers) as engine:
        assert last(design, order, engine) == last(design, order)
    assert ray.ended
    assert ray.told["include_dashboard"] is False
    assert ray.told["num_cpus"] == workers


def test_it_ends_when_the_error_is_small_enough_as_threads_do(ray):
    design, order = study().design, Order(10**9, 1, 2, 0.009)
    with cluster(2) as engine:
        assert last(design, order, engine) == last(design, order)


def test_alone_it_tells_nobody_and_listens_to_this_machine(ray):
    import os

    with cluster(1):
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
        assert os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"


def test_it_joins_the_cluster_that_is_named(ray, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{listening.getsockname()[1]}")
        with cluster(None):
            assert ray.told["address"].startswith("127.0.0.1:")
    monkeypatch.setenv("RAY_ADDRESS", "auto")
    with cluster(None):
        assert ray.told["address"] == "auto"


@contextmanager
def refused(id_):
    with pytest.raises(ClusterError) as error, cluster(1):
        pass
    assert error.value.problem.id == id_
    yield error.value.problem


def test_without_ray_it_says_so(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with refused("scenario.E060") as problem:
        assert "extra 'cluster'" in problem.hint


def test_nobody_answers(ray, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{port}")
    with refused("scenario.E061") as problem:
        assert str(port) in problem.message


def test_machines_with_another_version_do_not_compute(ray, monkeypatch):
    versions = iter(["mine", "other", "mine"])
    monkeypatch.setattr(module, "sources", lambda: next(versions, "mine"))
    with refused("scenario.E062") as problem:
        assert "is on b." in problem.message
    assert ray.ended


def test_tasks_grow_so_that_few_trials_use_every_worker():
    chunks = [(n * CHUNK, CHUNK) for n in range(200)]
    tasks = list(together(iter(chunks), 2))
    assert [len(task) for task in tasks[:5]] == [1, 1, 2, 2, 3]
    assert max(map(len, tasks)) <= MOST_CHUNKS
    assert [chunk for task in tasks for chunk in task] == chunks


def test_the_sources_of_a_machine_are_told_by_a_hash():
    assert sources() == sources()
    assert len(sources()) == 64


@pytest.mark.slow
def test_ray_itself_finds_what_threads_find():
    pytest.importorskip("ray")
    design, order = study().design, Order(5 * CHUNK + 17, 1)
    expected = last(design, order)
    for workers in (1, 2):
        with cluster(workers) as engine:
            assert last(design, order, engine) == expected

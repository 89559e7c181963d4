"""A design tried out: a handful of assumptions, and a power curve over the sample size that grows while one looks.

Nothing enters but the protocol and the assumptions. The numbers are those of `equipoise simulate` with the scenario
that `scenario_of` writes and seed 1.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from threading import Lock
from typing import Any, Final

from equipoise.items import Problem
from equipoise.protocol.load import load
from equipoise.protocol.schema import Estimand, Protocol
from equipoise.simulation.design.outcome import Outcome, outcome_of
from equipoise.simulation.design.reading import Study, read_studies
from equipoise.simulation.design.running import CHUNK, Order, simulate
from equipoise.simulation.design.sums import Sums
from equipoise.simulation.patient import DAYS_PER_YEAR

SEED: Final = 1
FEWEST, MOST = 20, 1000  # participants
STEPS: Final = (1, 3, 6, 10)  # chunks of each design after each request: something at once, and then better
_SHARES: Final = (0.4, 0.6, 0.8, 1.2, 1.4, 1.6)  # of the participants chosen: where else the curve has points
_REMEMBERED: Final = 32  # curves
SCHEMES: Final[dict[str, dict[str, Any]]] = {
    "blocks_random": {"procedure": "permuted_blocks", "sizes": ["4", "6"]},
    "blocks_4": {"procedure": "permuted_blocks", "sizes": ["4"]},
    "big_stick": {"procedure": "big_stick", "limit": "3"},
    "biased_coin": {"procedure": "biased_coin", "probability": "2/3"},
    "wei_urn": {"procedure": "wei_urn", "beta": "1"},
    "complete": {"procedure": "complete"},
    "minimisation": {"procedure": "minimisation"},
}


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed: risk in the reference arm, hazard ratio, share that leaves by the end, participants, scheme."""

    risk: float
    hazard_ratio: float
    leaves: float
    participants: int
    scheme: str


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What simulated trials of each size have found so far, from the smallest on; `chosen` is the size asked for."""

    outcomes: tuple[Outcome, ...]
    chosen: Outcome
    trials: int
    finished: bool


def sizes_of(participants: int) -> tuple[int, ...]:
    """The sizes at which the curve has points, the chosen one among them: even numbers, each once."""
    near = (min(max(2 * round(share * participants / 2), FEWEST), MOST) for share in _SHARES)
    return tuple(sorted({*near, participants}))


def scenario_of(assumed: Assumed, protocol: Protocol) -> dict[str, Any] | None:
    """The scenario file of these assumptions, as a tree of texts; None where no estimand has events in time."""
    if not (asked := _estimands(protocol)):
        return None
    endpoint = next(each for each in protocol.endpoints if each.id == asked[0].endpoint)
    days = protocol.visit_by_id[endpoint.through].day
    leaves = -log(1.0 - assumed.leaves) * DAYS_PER_YEAR / days
    treated = next(arm.id for arm in protocol.arms if arm.id != asked[0].reference_arm)
    strata = "protocol" if set(protocol.randomisation.strata) <= {"site"} else "none"
    return {
        "scenario": "explored", "observed": "at_once", "compare": treated,
        "analyses": [{"estimand": estimand.id} for estimand in asked],
        "randomisation": {**SCHEMES[assumed.scheme], "strata": strata},
        "event": {"risk": f"{assumed.risk:g}"}, "effect": {"hazard_ratio": f"{assumed.hazard_ratio:g}"},
        "leaves": {"per_year": {arm.id: f"{leaves:.6g}" for arm in protocol.arms}},
        "grid": {"participants": [str(size) for size in sizes_of(assumed.participants)]},
    }  # fmt: skip


def _estimands(protocol: Protocol) -> tuple[Estimand, ...]:
    """The estimands that can be simulated together when events are known at once, in the protocol's order."""
    found: list[Estimand] = []
    for estimand in protocol.estimands:
        tried = [{"estimand": each.id} for each in (*found, estimand)]
        if estimand.method.function != "ancova" and not _read({**_ANY, "analyses": tried}, protocol)[1]:
            found.append(estimand)
    return tuple(found)


_ANY: Final[dict[str, Any]] = {
    "scenario": "any", "observed": "at_once", "event": {"risk": "0.5"},
    "randomisation": {"procedure": "complete", "strata": "none"},
}  # fmt: skip


def _read(tree: dict[str, Any], protocol: Protocol) -> tuple[tuple[Study, ...], tuple[Problem, ...]]:
    """The studies of a scenario; the arm with the effect is any but the reference where nobody named it."""
    named = tree if "compare" in tree else {**tree, "compare": protocol.arms[0].id}
    return read_studies(protocol, [("explored.yaml", json.dumps(named).encode())])


class Explorer:
    """The curves tried out in one process. They are computed one at a time; the last few are remembered."""

    def __init__(self) -> None:
        self._busy = Lock()
        self._found: OrderedDict[str, tuple[tuple[Study, ...], tuple[Sums | None, ...]]] = OrderedDict()

    def grow(self, assumed: Assumed, protocol: Protocol) -> Curve | Problem | None:
        """The curve, a step further than it was when last asked for; None while another is being computed.

        A problem says why the protocol has none: no estimand with events in time, or a scheme that is not for its arms.
        """
        tree = scenario_of(assumed, protocol)
        if tree is None:
            return Problem("scenario.E063", "", "No estimand of this protocol can be tried out.", "")
        if not self._busy.acquire(blocking=False):
            return None
        try:
            return self._grown(tree, assumed, protocol)
        finally:
            self._busy.release()

    def _grown(self, tree: dict[str, Any], assumed: Assumed, protocol: Protocol) -> Curve | Problem:
        name = json.dumps([tree, protocol.id, protocol.version])
        if name in self._found:
            studies, before = self._found[name]
        else:
            studies, problems = _read(tree, protocol)
            if problems:
                return problems[0]
            before = (None,) * len(studies)
        sums = tuple(_further(studies, before))
        self._found[name] = studies, sums
        self._found.move_to_end(name)
        if len(self._found) > _REMEMBERED:
            self._found.popitem(last=False)
        return _curve(studies, sums, assumed.participants)


def _further(studies: tuple[Study, ...], before: tuple[Sums | None, ...]) -> Iterator[Sums]:
    done = (before[0].trials if before[0] else 0) // CHUNK
    trials = CHUNK * next((step for step in STEPS if step > done), STEPS[-1])
    for study, sums in zip(studies, before, strict=True):
        *_, last = simulate(study.design, Order(trials, SEED), sums)
        yield last


def _curve(studies: tuple[Study, ...], found: tuple[Sums, ...], participants: int) -> Curve:
    outcomes = tuple(outcome_of(study, SEED, sums) for study, sums in zip(studies, found, strict=True))
    chosen = next(each for each in outcomes if each.study.design.plan.participants == participants)
    return Curve(outcomes, chosen, chosen.trials, chosen.trials >= CHUNK * STEPS[-1])


def try_out(text: bytes) -> None:
    """Compute the smallest curve of a protocol file, which makes the kernels ready; nothing for what is no protocol."""
    protocol, _ = load(text, name="protocol.yaml")
    if protocol is not None:
        Explorer().grow(Assumed(0.4, 0.6, 0.1, FEWEST, next(iter(SCHEMES))), protocol)

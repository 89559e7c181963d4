"""What a restricted specification asks a ceremony to seal: a list, or the envelopes that arms are drawn among later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from equipoise.cli.ceremony import read_bytes, stop
from equipoise.conduct.strata import WHOLE, factors, strata
from equipoise.envelopes import RoleKey, Seed, problem
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import RandomSource, Specification, check, draw_strata, read_specification
from equipoise.randomisation.dynamic import SEED_BYTES, write_dynamic
from equipoise.randomisation.restricted_minimisation import MINIMISATION, Minimised, dynamic_of, read_minimised

Arms: TypeAlias = dict[str, tuple[str, ...]]  # stratum → arms in order


@dataclass(frozen=True, slots=True)
class Plan:
    """How many participants of a stratum there are envelopes for, and how their arms are drawn from a source."""

    slots: int
    draw: Callable[[RandomSource], tuple[Arms, Seed | None]]


def plan_of(protocol: Protocol, folder: Path, buffer: int, keepers: Sequence[RoleKey]) -> Plan:
    """The plan of a protocol whose restricted specification lies in a folder, or an end with what is wrong with it."""
    file = folder / protocol.randomisation.specification
    text = read_bytes(file).decode("utf-8", "replace")
    if protocol.randomisation.procedure == MINIMISATION:
        return _minimised(protocol, text, file.name, buffer, tuple(keepers))
    if keepers:
        stop(problem("envelopes.E083", "recipients", procedure=protocol.randomisation.procedure))
    return _listed(protocol, text, file.name, buffer)


def _listed(protocol: Protocol, text: str, name: str, buffer: int) -> Plan:
    """A list: every arm is drawn now."""
    read = read_specification(text, name)
    if not isinstance(read, Specification):
        stop(*read)
    longer, ratio = replace(read, slots=read.slots + buffer), dict(protocol.randomisation.ratio)
    if problems := check(longer, ratio, name):
        stop(*problems)
    return Plan(longer.slots, lambda random: (draw_strata(longer, ratio, strata(protocol), lambda _: random), None))


def _minimised(protocol: Protocol, text: str, name: str, buffer: int, keepers: tuple[RoleKey, ...]) -> Plan:
    """An envelope of every arm for each participant, in an order that the seed gives; the seed draws among them."""
    read = read_minimised(text, name)
    if not isinstance(read, Minimised):
        stop(*read)
    longer, ratio = replace(read, slots=read.slots + buffer), dict(protocol.randomisation.ratio)
    dynamic = dynamic_of(longer, protocol.id, ratio, factors(protocol), name)
    if isinstance(dynamic, list):
        stop(*dynamic)
    if not keepers:
        stop(problem("envelopes.E082", "recipients"))

    def draw(random: RandomSource) -> tuple[Arms, Seed]:
        seed = random(SEED_BYTES)
        sealed = Seed(write_dynamic(dynamic, seed), len(dynamic.arms), keepers)
        return {WHOLE: dynamic.all_envelopes(seed)}, sealed

    return Plan(longer.slots, draw)

"""Scenario files read for a protocol: each cell of their grids ready to be simulated, or everything that is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from equipoise.items import Problem
from equipoise.items.canonical import digest
from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.conduct_fitting import conduct_misfits
from equipoise.simulation.design.fitting import misfits
from equipoise.simulation.design.grid import Cell, read_cells
from equipoise.simulation.design.planning import Design, design_of
from equipoise.simulation.design.scenario import DesignScenario


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One design to be simulated: a cell of a scenario file, and the design that it makes of the protocol."""

    scenario: DesignScenario
    settings: Mapping[str, str]
    design: Design

    @property
    def name(self) -> str:
        """The scenario's name, and what the grid made of it."""
        return ", ".join([self.scenario.scenario, *(f"{key} {value}" for key, value in self.settings.items())])

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """What the file says by key, named with points as in a grid, and each value as a text."""
        said = self.scenario.model_dump(mode="json", exclude_unset=True, exclude=_NOT_ASSUMED)
        return tuple(_flat(said))

    def identity(self, protocol_digest: str) -> str:
        """What identifies the design: everything assumed, and the protocol."""
        said = self.scenario.model_dump_json(exclude={"scenario", "text"})
        return digest({"protocol": protocol_digest, "scenario": said})


_NOT_ASSUMED: Final = {"scenario", "text", "compare", "written", "grid"}


def _flat(part: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        if key == "item":  # where a replayed trial writes something down
            continue
        if isinstance(value, dict) and key != "start":
            yield from _flat(value, f"{above}{key}.")
        elif value is not None and value != []:
            yield f"{above}{key}", _text(value)


def _text(value: Any) -> str:
    match value:
        case {"estimand": estimand, **more}:
            return f"{estimand} {' '.join(f'+{number}' for number in more.values())}".strip()
        case dict():
            return ", ".join(f"{key} ({_text(each)})" for key, each in value.items())
        case list():
            return ("; " if isinstance(value[0], dict) else ", ").join(map(_text, value))
        case float():
            return f"{value:g}"
    return str(value)


def read_studies(
    protocol: Protocol, files: Iterable[tuple[str, bytes]]
) -> tuple[tuple[Study, ...], tuple[Problem, ...]]:
    """The studies of some files (names and contents) in order; with any problem there are none."""
    cells: list[Cell] = []
    problems: list[Problem] = []
    for name, data in files:
        found, wrong = read_cells(data, name)
        cells += found
        problems += wrong
    problems += dict.fromkeys(problem for cell in cells for problem in _misfits(cell, protocol))
    if problems:
        return (), tuple(problems)
    return tuple(Study(cell.scenario, cell.settings, design_of(cell.scenario, protocol)) for cell in cells), ()


def _misfits(cell: Cell, protocol: Protocol) -> tuple[Problem, ...]:
    return misfits(cell, protocol) or conduct_misfits(cell, protocol)

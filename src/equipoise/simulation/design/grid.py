"""The cells of a design scenario: one scenario for each combination of the values its grid gives."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any, Final

from pydantic import ValidationError

from equipoise.items import Problem
from equipoise.protocol.document import Tree, read_document
from equipoise.protocol.lines import Lines, Path
from equipoise.protocol.wording import problems_of
from equipoise.simulation.design.scenario import DesignScenario

MOST_CELLS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """One design to simulate: a scenario without a grid, and what the grid made of it, as written."""

    scenario: DesignScenario
    settings: Mapping[str, str]
    lines: Lines


def read_cells(data: bytes, name: str) -> tuple[tuple[Cell, ...], tuple[Problem, ...]]:
    """The cells of a scenario file in the order of its grid, or every place where it is not one."""
    document, problems = read_document(data, name)
    if document is None:
        return (), problems
    grid = document.tree.get("grid", {})
    whole, wrong = _validated({**document.tree, "grid": grid}, document.lines)
    if whole is None:
        return (), wrong
    if prod(map(len, whole.grid.values())) > MOST_CELLS:
        said = f"This grid has more than {MOST_CELLS} cells."
        return (), (Problem("scenario.E016", document.lines.where(("grid",)), said, "Give fewer values to its keys."),)
    return _cells(document.tree, whole.grid, document.lines)


def _cells(
    tree: Mapping[str, Tree], grid: Mapping[str, tuple[str, ...]], lines: Lines
) -> tuple[tuple[Cell, ...], tuple[Problem, ...]]:
    cells: list[Cell] = []
    for values in product(*grid.values()):
        settings = dict(zip(grid, values, strict=True))
        placed = _lines_of(grid, lines)
        scenario, wrong = _validated(_with(tree, settings), placed)
        if scenario is None:
            return (), wrong
        cells.append(Cell(scenario, settings, placed))
    return tuple(cells), ()


def _validated(tree: Mapping[str, Any], lines: Lines) -> tuple[DesignScenario | None, tuple[Problem, ...]]:
    try:
        return DesignScenario.model_validate(tree), ()
    except ValidationError as wrong:
        return None, problems_of(wrong.errors(include_url=False), lines, DesignScenario)


def _with(tree: Mapping[str, Tree], settings: Mapping[str, str]) -> dict[str, Any]:
    """The scenario with the values of a cell, and without its grid."""
    changed: dict[str, Any] = deepcopy({key: part for key, part in tree.items() if key != "grid"})
    for name, value in settings.items():
        *above, key = name.split(".")
        part = changed
        for step in above:
            if not isinstance(part.get(step), dict):
                part[step] = {}
            part = part[step]
        part[key] = value
    return changed


def _lines_of(grid: Mapping[str, tuple[str, ...]], lines: Lines) -> Lines:
    """Lines on which what the grid sets stands where the grid says so."""
    return replace(lines, by_path={**lines.by_path, **dict(_placed(grid, lines))})


def _placed(grid: Mapping[str, tuple[str, ...]], lines: Lines) -> Iterator[tuple[Path, int]]:
    for name in grid:
        yield tuple(name.split(".")), lines.line(("grid", name)) or 1

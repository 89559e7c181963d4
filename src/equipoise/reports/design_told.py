"""What simulated trials tell of their conduct beside their results, as tables: one design, or the cells of a grid."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.numbers import Number, with_error
from equipoise.reports.table import Row, Table

Numbers = Mapping[str, Number]  # by the name under which it is told

_SIDE_BY_SIDE: Final = 3  # designs in one table
_NUMBERED: Final = re.compile(r"(.+_at_look|at_most)_(\d+)")
_SHARES: Final = frozenset({
    "efficacy_at_look", "futility_at_look", "harm_at_look", "at_most", "participants_added", "weighted_rejected",
    "deterministic", "out_of_stock",
})  # fmt: skip


def told_tables(id_: str, cells: Sequence[tuple[str, Numbers]], words: Words) -> Iterator[Table]:
    """A line for each quantity that is told, a column for each design; no table where nothing is told.

    `cells` are the designs: what each is called, empty for a single one, and its numbers by name.
    """
    names = [name for name in cells[0][1] if f"told_{_parts(name)[0]}" in TEXTS]
    for place in range(0, len(cells) if names else 0, _SIDE_BY_SIDE):
        some = cells[place : place + _SIDE_BY_SIDE]
        columns = (words("design_quantity"), *(label or words("design_average") for label, _ in some))
        rows = tuple(Row((_named(name, words), *(_shown(name, numbers) for _, numbers in some))) for name in names)
        number = f"_{place // _SIDE_BY_SIDE + 1}" if len(cells) > _SIDE_BY_SIDE else ""
        widths = (2.6, *(1.1 for _ in some))
        yield Table(f"{id_}{number}", words("design_told"), columns, rows, widths=widths)


def _parts(name: str) -> tuple[str, str]:
    """What is told, and of which look or number of participants."""
    found = _NUMBERED.fullmatch(name)
    return (found[1], found[2]) if found else (name, "")


def _named(name: str, words: Words) -> str:
    what, number = _parts(name)
    return words(f"told_{what}", n=number) if number else words(f"told_{what}")


def _shown(name: str, numbers: Numbers) -> str:
    if _parts(name)[0] in _SHARES:
        return with_error(numbers.get(name, (None, None)), 100.0, 1, 2)
    return with_error(numbers.get(name, (None, None)), 1.0, 2, 3)

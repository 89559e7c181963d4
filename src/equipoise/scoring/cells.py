"""One cell of a file as the answer to a question of an instrument."""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from equipoise.instruments.columns import UNKNOWN, millionths
from equipoise.instruments.parts import Input
from equipoise.instruments.reading import ImpossibleError, Known, reader
from equipoise.items import Answer, Item, Missing, Problem, read
from equipoise.scoring.messages import printable, problem

# Text as it stands in a CSV cell or a JSON string or number; true and false of JSON; nothing.
Cell: TypeAlias = str | bool | None

_BITS: Final = {"1": True, "0": False}
_PLACES, _DIGITS = 6, 12  # of a number that a column holds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: typed for the rule of one patient, and as the cell of a column.

    `fits` is false for a number that a column cannot hold, which has more than six decimal places or is too large.
    """

    answer: Answer = None
    known: Known | None = None
    cell: int = UNKNOWN
    fits: bool = True
    problem: Problem | None = None


def question_item(question: Input) -> Item:
    """The question as an item that reads typed text; a whole number may be written 3.0, as other programs do."""
    kind = "decimal" if question.type == "integer" else question.type
    return Item(
        question.id, kind, question.unit, codes=question.codes, low=question.low, high=question.high, max_length=60
    )


def read_cell(question: Input, item: Item, cell: Cell) -> Reading:
    """What a cell answers. One that cannot be an answer is no answer, with the problem to show."""
    answer = _answer(item, cell)
    if isinstance(answer, Problem):
        return Reading(problem=replace(answer, message=printable(answer.message)))
    try:
        known = reader(question)(answer)
    except ImpossibleError as why:
        return Reading(problem=problem("table.E011", question.id, why=str(why)))
    return _as_column_cell(question, answer, known)


def _answer(item: Item, cell: Cell) -> Answer | Problem:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return cell if item.type in ("yes_no", "state") else read(item, str(cell).lower())
    if item.type == "yes_no" and cell.strip() in _BITS:
        return _BITS[cell.strip()]
    return read(item, cell)


def _as_column_cell(question: Input, answer: Answer, known: Known | None) -> Reading:
    match known:
        case None:
            return Reading(answer if isinstance(answer, Missing) or answer == "not_assessed" else None)
        case bool():
            return Reading(answer, known, int(known))
        case str():
            return Reading(answer, known, question.codes.index(known))
    whole, _, fraction = f"{known:f}".partition(".")
    fits = len(fraction.rstrip("0")) <= _PLACES and len(whole) <= _DIGITS
    return Reading(answer, known, millionths(known) if fits else UNKNOWN, fits)

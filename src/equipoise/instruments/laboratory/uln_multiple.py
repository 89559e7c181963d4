"""A laboratory result divided by its upper limit of normal, not rounded; unknown without the limit."""

from typing import Final

import numpy as np

from equipoise.instruments.columns import UNKNOWN, ColumnOutcome, Columns, floats, rounded
from equipoise.instruments.definition import define
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """Value over limit; a limit of zero is refused."""
    value, limit = given.number("value"), given.number("uln")
    if limit is not None and limit == 0:
        unknown = (*given.missing("value"), "uln")
        return Outcome({"multiple": None}, unknown, refused=(("uln", "A limit of normal is above zero."),))
    if value is None or limit is None:
        return Outcome({"multiple": None}, given.missing("value", "uln"))
    return Outcome({"multiple": value / limit}, (), value / limit, value / limit)


def compute_columns(columns: Columns, variant: str, choices: Choices) -> ColumnOutcome:
    """The same for many results."""
    limit = np.where(columns["uln"] == 0, UNKNOWN, columns["uln"])
    multiple, doubtful = rounded(floats(columns["value"]) / floats(limit))
    return ColumnOutcome({"multiple": multiple}, doubtful)


INSTRUMENT: Final = define(__name__, compute, compute_columns)

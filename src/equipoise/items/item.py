"""An item: one question with a type, and how its answer is read, checked and written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from equipoise.items.dates import PartialDate
from equipoise.items.missing import REASONS, Missing
from equipoise.items.reported import AboveLimit, BelowLimit, OtherUnit, Reported

ItemType = Literal["text", "integer", "decimal", "date", "partial_date", "choice", "yes_no", "state", "link"]

# The four states of an instrument's item. Only "present" scores; "not_assessed" never becomes "absent".
STATES = ("present", "absent", "not_attributable", "not_assessed")

Value: TypeAlias = bool | int | Decimal | str | date | PartialDate
Answer: TypeAlias = Value | Reported | Missing | None
Written: TypeAlias = "str | dict[str, str] | None"


@dataclass(frozen=True, slots=True)
class Item:
    """What a question accepts.

    Beyond `low` and `high` an answer is impossible, beyond `expected_low` and `expected_high` it is unlikely; all four
    are in `unit`, and so is what rules read. `below` and `above` say how a result beyond what can be measured counts,
    and are "" where none is taken.
    """

    id: str
    type: ItemType
    unit: str = ""
    places: int | None = None
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    expected_low: Decimal | None = None
    expected_high: Decimal | None = None
    max_length: int = 2000
    missing: tuple[str, ...] = tuple(REASONS)  # the codes that say why there is no answer
    units: tuple[OtherUnit, ...] = ()
    below: BelowLimit | Literal[""] = ""
    above: AboveLimit | Literal[""] = ""

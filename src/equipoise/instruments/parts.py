"""The declared parts of an instrument: what it asks, what it answers, what a protocol may decide, and who says so."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from equipoise.items.item import ItemType

# S: read in the source. C: confirmed by an independent implementation. R: recalled, to verify before it is locked.
Evidence = Literal["S", "C", "R"]
EVIDENCE: Final = ("S", "C", "R")

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from."""

    id: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number from a paper, the side of it that counts, and who says so."""

    id: str
    comparison: str
    value: Decimal
    unit: str
    source: str
    evidence: str

    def met(self, measured: Decimal | None) -> bool | None:
        """Whether a measured value is on the side that counts; unknown when it was not measured."""
        if measured is None:
            return None
        return bool(COMPARISONS[self.comparison](measured, self.value))


@dataclass(frozen=True, slots=True)
class Input:
    """One question an instrument asks. `low` and `high` are what is impossible beyond.

    `rising` says that the main result never falls when this answer rises (an item becomes present, a dose grows).
    `variants` are the variants that ask it, if not all do.
    """

    id: str
    label: str
    label_zh: str
    type: ItemType
    unit: str = ""
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    required: bool = True
    group: str = ""
    rising: bool = False
    variants: tuple[str, ...] = ()

    def needed_by(self, variant: str) -> bool:
        """Whether this variant's main result stays unknown without an answer."""
        return self.required and (not self.variants or variant in self.variants)


@dataclass(frozen=True, slots=True)
class Output:
    """One named result of an instrument, with the values it can take."""

    id: str
    label: str
    label_zh: str
    type: ItemType
    unit: str = ""
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A decision the sources leave to the protocol, with the default taken when the protocol is silent."""

    id: str
    label: str
    label_zh: str
    type: Literal["yes_no", "decimal", "choice", "list"]
    default: str
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One published version of an instrument. `origin` says where it comes from and how sure that is."""

    id: str
    label: str
    label_zh: str
    origin: str
    evidence: str

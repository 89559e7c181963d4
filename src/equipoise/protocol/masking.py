"""Masking in the protocol file: who is masked, what could undo it, when breaks are too many, and how it is tested."""

from typing import Literal

from pydantic import Field

from equipoise.protocol.belief import Belief, Respondent
from equipoise.protocol.parts import Identifier, Label, Part, later


class MaskedItem(Part):
    """An item that could tell the arm: `masked` items are kept from every masked role, `soft` ones from those named."""

    item: Identifier
    level: Literal["masked", "soft"]
    hidden_from: tuple[Identifier, ...] = ()
    reason: Label


class CodeBreakAlarm(Part):
    """When code breaks are too many to pass unnoticed: so many within so many hours, at one site or by one person.

    None is ever kept from happening. From this many on each is confirmed once more, and `tells` is told: an unmasked
    role of the whole study.
    """

    breaks: int = Field(ge=2, le=100)
    hours: int = Field(ge=1, le=24 * 365)
    tells: Identifier


class Masking(Part):
    """Who is masked, in the registry's words, which results could undo it, and how it is tested whether it held."""

    masked: tuple[Respondent, ...]
    method: Label
    items: tuple[MaskedItem, ...] = ()
    code_break_alarm: CodeBreakAlarm | None = later()
    belief: Belief | None = later()

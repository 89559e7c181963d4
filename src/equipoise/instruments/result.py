"""What an instrument answers: a value or unknown, why it is unknown, its bounds, and what it was made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from equipoise.items.canonical import Json, digest
from equipoise.items.item import Answer, Value
from equipoise.items.missing import Missing
from equipoise.items.problem import Problem

Contributions: TypeAlias = Mapping[str, Decimal | str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found: every named result, the main one first, and the answers it lacked for the main one."""

    results: Mapping[str, Value | None]
    unknown: tuple[str, ...] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None
    contributions: Contributions = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()  # (input, why): answers that are impossible together


@dataclass(frozen=True, slots=True)
class Result:
    """A score with all that is needed to understand and repeat it.

    `value` is the main result, or None when it is unknown; then `unknown` names the answers that are lacking and
    `lower`/`upper` bound what it can be. `results` holds every named result, the main one included.
    """

    instrument: str
    version: str
    variant: str
    value: Value | None
    results: Mapping[str, Value | None]
    unknown: tuple[str, ...]
    lower: Decimal | None
    upper: Decimal | None
    contributions: Contributions
    problems: tuple[Problem, ...]
    settings: Mapping[str, str]
    answers: Mapping[str, Answer]

    @property
    def input_digest(self) -> str:
        """The SHA-256 of everything that went in: instrument, version, variant, settings and answers."""
        given = {name: written(answer) for name, answer in self.answers.items() if answer is not None}
        return digest(
            {
                "instrument": self.instrument,
                "version": self.version,
                "variant": self.variant,
                "settings": dict(self.settings),
                "answers": given,
            }
        )


def written(answer: Answer) -> Json:
    """An answer as text, so that equal answers have equal digests: 1.0 and 1.00 are one number."""
    match answer:
        case None | bool():
            return answer
        case Missing(reason):
            return {"missing": reason}
        case Decimal() if answer.is_finite():
            return f"{answer.normalize():f}"
        case date():
            return answer.isoformat()
        case _:
            return str(answer)

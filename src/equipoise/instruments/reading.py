"""Answers and settings as an instrument's rule sees them: read once, typed, and unknown where there is no answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from equipoise.instruments.parts import Input, Setting
from equipoise.items.item import Answer
from equipoise.items.missing import Missing

Known: TypeAlias = bool | Decimal | str
Chosen: TypeAlias = bool | Decimal | str | tuple[str, ...]
Reader: TypeAlias = Callable[[Answer], Known | None]

# "Not attributable" does not score, and is kept apart from "absent" only in the record.
_STATES: Final[Mapping[object, bool | None]] = {
    "present": True,
    "absent": False,
    "not_attributable": False,
    "not_assessed": None,
    None: None,
}


class ImpossibleError(ValueError):
    """An answer that the question cannot have. It counts as unknown and is reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The answers to an instrument's questions. `None` is unknown."""

    known: Mapping[str, Known | None]

    def truth(self, name: str) -> bool | None:
        """A state or a yes/no: present or yes is true."""
        answer = self.known[name]
        return None if answer is None else bool(answer)

    def number(self, name: str) -> Decimal | None:
        """An integer or decimal answer."""
        answer = self.known[name]
        return answer if isinstance(answer, Decimal) else None

    def word(self, name: str) -> str | None:
        """A coded answer."""
        answer = self.known[name]
        return answer if isinstance(answer, str) else None

    def missing(self, *names: str) -> tuple[str, ...]:
        """Those of the named questions that have no answer."""
        return tuple(name for name in names if self.known[name] is None)


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The settings in force. Two equal sets of settings are one object, so that rules can be prepared once for it."""

    chosen: Mapping[str, Chosen]
    texts: Mapping[str, str]

    def yes(self, name: str) -> bool:
        """A yes/no setting."""
        return self.chosen[name] is True

    def number(self, name: str) -> Decimal:
        """A decimal setting."""
        return Decimal(str(self.chosen[name]))

    def word(self, name: str) -> str:
        """A coded setting."""
        return str(self.chosen[name])

    def words(self, name: str) -> tuple[str, ...]:
        """A setting that lists codes."""
        chosen = self.chosen[name]
        return chosen if isinstance(chosen, tuple) else (str(chosen),)


def reader(question: Input) -> Reader:
    """The function that reads an answer to this question, and raises `ImpossibleError` for what it cannot be."""
    match question.type:
        case "state":
            return read_state
        case "yes_no":
            return read_yes_no
        case "integer" | "decimal":
            return lambda answer: _read_number(answer, question)
        case _:
            return lambda answer: _read_code(answer, question.codes)


def read_state(answer: Answer) -> bool | None:
    """An item's state; the truth value of a rule on laboratory results stands for present and absent."""
    try:
        return _STATES[answer]
    except KeyError:
        if isinstance(answer, bool):
            return answer
    _refuse_answer(answer, "one of present, absent, not_attributable, not_assessed")
    return None


def read_yes_no(answer: Answer) -> bool | None:
    """Yes or no."""
    if isinstance(answer, bool):
        return answer
    _refuse_answer(answer, "yes or no")
    return None


def _read_number(answer: Answer, question: Input) -> Decimal | None:
    if answer is None or isinstance(answer, Missing):
        return None
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal):
        raise ImpossibleError(f"{answer!r} is not an exact number.")
    number = Decimal(answer)
    if not number.is_finite() or (question.type == "integer" and number != number.to_integral_value()):
        raise ImpossibleError(f"{answer} is not {'a whole' if question.type == 'integer' else 'a finite'} number.")
    if (question.low is not None and number < question.low) or (question.high is not None and number > question.high):
        raise ImpossibleError(f"{answer} is not between {question.low} and {question.high}.")
    return number


def _read_code(answer: Answer, codes: tuple[str, ...]) -> str | None:
    if isinstance(answer, str) and answer in codes:
        return answer
    _refuse_answer(answer, f"one of {', '.join(codes)}")
    return None


def _refuse_answer(answer: Answer, expected: str) -> None:
    """An answer that is neither expected nor missing is impossible."""
    if answer is not None and not isinstance(answer, Missing):
        raise ImpossibleError(f"{answer!r} is not {expected}.")


def read_setting(setting: Setting, text: str) -> Chosen:
    """The value of a setting as written in a protocol. Raises `ImpossibleError` for what it cannot be."""
    match setting.type:
        case "yes_no":
            return _read_yes_no_setting(text)
        case "decimal":
            return _read_decimal_setting(setting, text)
        case "choice":
            return _one_of(setting, text.strip())
        case _:
            return tuple(_one_of(setting, part.strip()) for part in text.split(",") if part.strip())


def _read_yes_no_setting(text: str) -> bool:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if text.strip().lower() not in words:
        raise ImpossibleError(f"{text!r} is neither yes nor no.")
    return words[text.strip().lower()]


def _read_decimal_setting(setting: Setting, text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ImpossibleError(f"{text!r} is not a number.") from None
    low, high = setting.low, setting.high
    if not number.is_finite() or (low is not None and number < low) or (high is not None and number > high):
        raise ImpossibleError(f"{text} is not between {low} and {high}.")
    return number


def _one_of(setting: Setting, code: str) -> str:
    if code not in setting.codes:
        raise ImpossibleError(f"{code!r} is not one of {', '.join(setting.codes)}.")
    return code

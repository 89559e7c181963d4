"""From the words of a case to the answers of an instrument, and from its result back to what a case may expect."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from equipoise.instruments.instrument import NO_SETTINGS, Instrument
from equipoise.instruments.parts import Input, Output
from equipoise.instruments.registry import get
from equipoise.instruments.result import Result
from equipoise.items import Answer
from equipoise.validation.vector import NotMappedError, exact
from equipoise.validation.verdict import Open, Refused, Scored

_SPELLING: Final = (
    ("hemo", "haemo"), ("hema", "haema"), ("anemia", "anaemia"), ("edema", "oedema"), ("localized", "local"),
    ("localised", "local"), ("generalized", "generalised"), ("ischemi", "ischaemi"), ("diarrhea", "diarrhoea"),
    ("hospitalized", "hospitalised"), ("leucopenia", "leukopenia"),
)  # fmt: skip
_UNIT: Final = re.compile(
    r"_(mg_day|mg_per_day|mg_per_24h|mg_d|mg_24h|g_24h|mg_g|mg_kg|kg|mg|cm|years|umol_l|mg_dl|g_l|g_dl|1e9_l|10e9_l|x10_9_l)$"
)
_TRUE, _FALSE = ("yes", "true", "present", "positive", "1"), ("no", "false", "absent", "negative", "0")


def plain_name(name: str) -> str:
    """A name in small letters and British spelling, joined by underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    for american, british in _SPELLING:
        if british not in plain:
            plain = plain.replace(american, british)
    return plain


def name_of(instrument: Instrument, name: str, aliases: Mapping[str, str]) -> str:
    """The input that a case calls by this name."""
    plain = plain_name(name)
    bare = _UNIT.sub("", plain)
    for candidate in (name, plain, bare):
        found = aliases.get(candidate, candidate)
        if found in instrument.input_by_id:
            return found
    raise NotMappedError(f"not understood: {name}")


def answers_of(instrument: Instrument, given: Mapping[str, Any], aliases: Mapping[str, str]) -> dict[str, Answer]:
    """The answers of a case that calls the inputs by name."""
    found = {name_of(instrument, name, aliases): value for name, value in given.items()}
    return {name: answer_of(instrument.input_by_id[name], value) for name, value in found.items()}


def answer_of(question: Input, value: Any) -> Answer:
    """One value of a case as an answer: 1 and true are yes or present; numbers keep their digits; null is none."""
    if value is None:
        return None
    match question.type:
        case "state" | "yes_no":
            return _truth(value)
        case "integer" | "decimal":
            return _number(value)
    return str(value)


def _truth(value: Any) -> Answer:
    """A state or yes/no; a word that is neither is handed on for the instrument to judge."""
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    return True if word in _TRUE else False if word in _FALSE else word


def _number(value: Any) -> Answer:
    try:
        return exact(value)
    except ArithmeticError:
        return str(value)


def nothing_else(instrument: Instrument, variant: str = "") -> dict[str, Answer]:
    """No to every question of presence: a case lists what a patient has, and what it does not list is not there."""
    return {
        one.id: False
        for one in instrument.inputs
        if one.type in ("state", "yes_no") and (not one.variants or not variant or variant in one.variants)
    }


def listed(
    instrument: Instrument, names: Iterable[str], aliases: Mapping[str, str | tuple[str, ...]]
) -> dict[str, Answer]:
    """Yes to the criteria in a list."""
    found: dict[str, Answer] = {}
    for name in names:
        meant = aliases.get(plain_name(name), aliases.get(name, name))
        parts = meant if isinstance(meant, tuple) else (meant,)
        found |= {name_of(instrument, part, {}): True for part in parts}
    return found


def score(
    name: str,
    answers: Mapping[str, Answer],
    *,
    variant: str = "",
    settings: Mapping[str, str] = NO_SETTINGS,
    result: str = "",
    places: int | None = None,
) -> Any:
    """What the instrument answers, open where answers are lacking; or `Refused` where one is impossible.

    `places` rounds the value as the source prints it.
    """
    instrument = get(name)
    found = instrument.score(answers, variant=variant, settings=settings)
    if found.problems:
        return Refused("; ".join(problem.message for problem in found.problems))
    main = result or instrument.results[0]
    results = {output.id: _known_or_open(output, found) for output in instrument.outputs}
    value = results[main]
    if places is not None and isinstance(value, Decimal):
        value = round_half_up(value, places)
    return Scored(value, results)


def _known_or_open(output: Output, found: Result) -> Any:
    """A result, or what it can still be: any of its codes or truths, or a number within the bounds of the main one."""
    value = found.results[output.id]
    if value is not None:
        return value
    values: tuple[Any, ...] = (True, False) if output.type == "yes_no" else output.codes
    main = output.id == next(iter(found.results))
    return Open(found.unknown, values, found.lower if main else None, found.upper if main else None)


def round_half_up(number: Decimal, places: int) -> Decimal:
    """A number as people round it, which is how sources print it."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def one_of(known: Mapping[str, str], word: Any, kind: str) -> str:
    """The word of ours for a word of the case."""
    if str(word) not in known:
        raise NotMappedError(f"there is no {kind} {word!r}")
    return known[str(word)]

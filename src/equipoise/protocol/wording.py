"""What pydantic finds wrong, in the words of the person who writes a protocol."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from equipoise.items.problem import Problem
from equipoise.protocol.lines import Lines, Path, dotted, short
from equipoise.protocol.schema import Protocol

Detail: TypeAlias = Mapping[str, Any]
Said: TypeAlias = tuple[str, str, str]  # id, message, hint

# What each written form looks like, by its pattern in the schema.
_PATTERNS: Final = {
    r"^[a-z][a-z0-9_-]{0,63}$": "An id is a small letter, then small letters, digits, _ or -, as in week_8.",
    r"^[0-9A-Z]{2,6}$": "A site's id is two to six capitals or digits, as in 01 or PEK.",
    r"^[A-Za-z0-9_.+-]{1,40}$": "A code is up to 40 letters, digits or _ . + - without spaces, as in not_done.",
    r"^[0-9]+(\.[0-9]+)?(/[0-9]+(\.[0-9]+)?)?$": "A factor is a number or a fraction, as in 88.4 or 1/1000.",
    r"^[IE][0-9]{1,2}[a-z]?$": "A criterion's id is I or E and a number, as in I1, E12 or E3a.",
}


def problems_of(errors: Sequence[Detail], lines: Lines, root: type[BaseModel] = Protocol) -> tuple[Problem, ...]:
    """One problem for each of pydantic's errors about a file that `root` describes, in the order of the file."""
    found = [_problem({**error, "root": root}, lines) for error in islice(errors, 500)]
    return tuple(sorted(found, key=lambda problem: int(problem.where.rpartition(":")[2])))


def _problem(error: Detail, lines: Lines) -> Problem:
    path = tuple(error["loc"])
    id_, message, hint = _WORDS.get(_family(error["type"]), _other)(error, path)
    return Problem(id_, lines.where(path), f"{dotted(path)}: {message}", hint)


def _family(kind: str) -> str:
    """Pydantic's error type without what differs only for a machine."""
    for family in ("date_", "decimal_", "int_", "bool_"):
        if kind.startswith(family):
            return family
    return kind


def _shown(error: Detail) -> str:
    """The text that was written, short enough for a message."""
    match error["input"]:
        case str() as text:
            return repr(short(text))
        case list() | tuple():
            return "a list"
        case _:
            return "a mapping"


# --- The words for each kind of error --------------------------------------------------------------------------------


def _missing(error: Detail, path: Path) -> Said:
    if isinstance(path[-1], int):
        return "protocol.E030", "this needs two numbers.", "Write the lower and the upper one, as in [0, 100]."
    return "protocol.E020", f"the key {path[-1]!r} is missing here.", ""


def _unknown_key(error: Detail, path: Path) -> Said:
    known = keys_at(path[:-1], error["root"])
    key = short(str(path[-1]))
    near = get_close_matches(key, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"The keys here are {', '.join(known)}."
    if not key.isidentifier():
        hint = "A text or rule with a comma, a colon or a bracket stands in quotation marks."
    return "protocol.E021", f"there is no key {key!r} here.", hint


def _needs_text(error: Detail, path: Path) -> Said:
    return "protocol.E022", f"this is a text, but {_shown(error)} stands here.", "Write one text, in quotation marks."


def _needs_mapping(error: Detail, path: Path) -> Said:
    keys = keys_at(path, error["root"])
    hint = f"Write keys below it: {', '.join(keys)}." if keys else "Write one key and value on each line below it."
    return "protocol.E022", f"this has keys of its own, but {_stands(error)}.", hint


def _needs_list(error: Detail, path: Path) -> Said:
    return "protocol.E022", f"this is a list, but {_stands(error)}.", "Write [a, b], or one line with - for each."


def _stands(error: Detail) -> str:
    return "nothing stands here" if error["input"] == "" else f"{_shown(error)} stands here"


def _not_one_of(error: Detail, path: Path) -> Said:
    choices = [choice.strip("'") for choice in str(error["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
    near = get_close_matches(short(str(error["input"])), choices, n=1)
    guess = f"Did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(choice or '""' for choice in choices)
    return "protocol.E023", f"{_shown(error)} is not one of the words for this.", f"{guess}The words are {shown}."


def _bound(error: Detail, path: Path) -> Said:
    context = error["ctx"]
    limit = next(
        f"{word} {context[key]}"
        for key, word in (("gt", "more than"), ("ge", "at least"), ("lt", "less than"), ("le", "at most"))
        if key in context
    )
    return "protocol.E024", f"{_shown(error)} is out of bounds: this must be {limit}.", ""


def _pattern(error: Detail, path: Path) -> Said:
    looks = _PATTERNS.get(error["ctx"]["pattern"], f"It must match {error['ctx']['pattern']}.")
    return "protocol.E025", f"{_shown(error)} is not written as this must be.", looks


def _whole_number(error: Detail, path: Path) -> Said:
    return "protocol.E026", f"this is a whole number, but {_stands(error)}.", "Write digits only, as in 28."


def _number(error: Detail, path: Path) -> Said:
    return "protocol.E026", f"this is a number, but {_stands(error)}.", "Write it with a point, as in 1.73."


def _date(error: Detail, path: Path) -> Said:
    return "protocol.E027", f"this is a date, but {_stands(error)}.", "Write year, month and day, as in 2021-03-19."


def _yes_or_no(error: Detail, path: Path) -> Said:
    return "protocol.E028", f"this is yes or no, but {_stands(error)}.", "Write yes, no, true or false."


def _too_short(error: Detail, path: Path) -> Said:
    return "protocol.E029", "this text is empty.", "Write it, or remove the key if it may be left out."


def _too_long(error: Detail, path: Path) -> Said:
    return "protocol.E029", f"this text is longer than {error['ctx']['max_length']} characters.", "Shorten or split it."


def _too_many(error: Detail, path: Path) -> Said:
    length = error["ctx"].get("max_length")
    return "protocol.E030", f"this has {error['ctx'].get('actual_length')} entries; {length} are wanted.", ""


def _own_words(error: Detail, path: Path) -> Said:
    return "protocol.E027", f"{error['ctx']['error']}.", ""


def _other(error: Detail, path: Path) -> Said:
    return "protocol.E031", f"{_shown(error)} does not fit here: {error['msg']}.", ""


_WORDS: Final[Mapping[str, Callable[[Detail, Path], Said]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _needs_text,
    "model_type": _needs_mapping,
    "model_attributes_type": _needs_mapping,
    "dict_type": _needs_mapping,
    "tuple_type": _needs_list,
    "literal_error": _not_one_of,
    "greater_than": _bound,
    "greater_than_equal": _bound,
    "less_than": _bound,
    "less_than_equal": _bound,
    "string_pattern_mismatch": _pattern,
    "int_": _whole_number,
    "decimal_": _number,
    "finite_number": _number,
    "date_": _date,
    "bool_": _yes_or_no,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "too_long": _too_many,
    "value_error": _own_words,
}


# --- The keys that may stand at a path -------------------------------------------------------------------------------


def keys_at(path: Path, root: type[BaseModel] = Protocol) -> tuple[str, ...]:
    """The keys the schema knows at a path; none where it wants a text, a list or a mapping of free keys."""
    annotation: Any = root
    for step in path:
        model = _part(annotation)
        if model is not None and step in model.model_fields:
            annotation = model.model_fields[str(step)].annotation
        else:
            annotation = _entry(annotation)
    model = _part(annotation)
    return tuple(model.model_fields) if model is not None else ()


def _part(annotation: Any) -> type[BaseModel] | None:
    """The part of the schema that an annotation names, alone or with `| None`."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel) and get_origin(annotation) not in (tuple, dict):
            return kind
    return None


def _entry(annotation: Any) -> Any:
    """What an entry of a list or of a mapping is."""
    arguments = get_args(annotation)
    return arguments[1 if get_origin(annotation) is dict else 0] if arguments else None

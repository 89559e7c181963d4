"""From the bytes of a protocol file to one frozen value, or to everything that is wrong with it."""

from dataclasses import dataclass

from pydantic import ValidationError

from equipoise.items.canonical import digest as canonical_digest
from equipoise.items.problem import Problem
from equipoise.protocol.document import read_document
from equipoise.protocol.lines import Lines
from equipoise.protocol.schema import Protocol
from equipoise.protocol.wording import problems_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """A protocol that fits the schema, if it does, with the line of each of its parts."""

    protocol: Protocol | None
    lines: Lines
    problems: tuple[Problem, ...] = ()


def load(data: bytes | str, *, name: str = "protocol.yaml") -> tuple[Protocol | None, tuple[Problem, ...]]:
    """The protocol written in a file, or all the places where it does not fit the schema. No bytes make this raise.

    A protocol from here is well-formed but not yet judged: `check` says whether its parts fit each other.
    """
    loaded = load_with_lines(data, name=name)
    return loaded.protocol, loaded.problems


def load_with_lines(data: bytes | str, *, name: str = "protocol.yaml") -> Loaded:
    """What `load` gives, with the lines that `check` needs to say where something stands."""
    document, problems = read_document(data, name)
    if document is None:
        return Loaded(None, Lines(name), problems)
    try:
        return Loaded(Protocol.model_validate(document.tree), document.lines)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        return Loaded(None, document.lines, problems_of(errors, document.lines))


def digest(protocol: Protocol) -> str:
    """The identity of a protocol in every act and export: SHA-256 of its canonical JSON, as 64 hexadecimal digits.

    Comments, the order of keys and the layout of the file do not enter into it; decimals do as they were written.
    """
    return canonical_digest(protocol.model_dump(mode="json"))

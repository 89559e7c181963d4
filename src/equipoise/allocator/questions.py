"""What may be asked of the unlocked allocator, and what it may answer: a small closed set of typed messages.

A message is canonical JSON behind its length in four bytes. Every answer is filled up to one length, whatever it says.
A new question is a new class here and one method of `keeper.Keeper`.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias, cast, get_args, get_type_hints

from equipoise.items.canonical import canonical

LONGEST_QUESTION: Final = 2**16  # bytes
ANSWER_BYTES: Final = 2**12  # of every answer
_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class State:
    """Is this study's allocator unlocked?"""

    study: str


@dataclass(frozen=True, slots=True)
class DrawNext:
    """Which envelope is the next participant's? `set_aside` are those marked as randomised in error so far."""

    study: str
    number: int
    subject: str
    stratum: str
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseKit:
    """Which of these kits is for the participant with this slot? Each is written with its pack: `pack:kit`."""

    study: str
    slot: str
    kits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The number of the kit."""

    kit: str


@dataclass(frozen=True, slots=True)
class Ready:
    """It is unlocked."""

    study: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The label of the envelope, and the sealed record of the draw, to be kept with it."""

    label: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Shut:
    """There is no answer; why is nobody's to know who may be masked."""


Question: TypeAlias = State | DrawNext | ChooseKit
Answer: TypeAlias = Ready | Drawn | Chosen | Shut
_QUESTIONS: Final = {kind.__name__: kind for kind in get_args(Question)}
_ANSWERS: Final = {kind.__name__: kind for kind in get_args(Answer)}


def write(message: Any) -> bytes:
    """The bytes of a message."""
    said = {each.name: getattr(message, each.name) for each in fields(message)}
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in said.items()}
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
    return canonical({"is": type(message).__name__, **listed})


def read_question(data: bytes) -> Question | None:
    """The question, or None if this is none exactly as `write` writes it."""
    return cast("Question | None", _message(data, _QUESTIONS))


def read_answer(data: bytes) -> Answer | None:
    """The answer, or None if this is none exactly as `write` writes it."""
    return cast("Answer | None", _message(data, _ANSWERS))


def _message(data: bytes, kinds: Mapping[str, Any]) -> object:
    try:
        said = json.loads(data)
        kind = kinds[said.pop("is")]
        hints = get_type_hints(kind)
        message = kind(**{name: _READ[hints[name]](value) for name, value in said.items()})
        return message if write(message) == data else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


_READ: Final[dict[Any, Any]] = {str: str, int: int, bytes: bytes.fromhex, tuple[str, ...]: tuple}


def send(connection: socket.socket, data: bytes) -> None:
    """Send one message behind its length."""
    connection.sendall(len(data).to_bytes(_LENGTH, "big") + data)


def receive(connection: socket.socket, most: int) -> bytes | None:
    """The next message, or None if it is longer than may be or the other side has gone."""
    length = _exactly(connection, _LENGTH)
    size = int.from_bytes(length or b"", "big")
    return _exactly(connection, size) if 0 < size <= most else None


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return None
        data += more
    return data

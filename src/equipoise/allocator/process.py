"""The process of the unlocked allocator: a Unix socket that only its owner may open, one question at a time.

Every answer has the same length and leaves at a beat of the clock, so that neither tells anything of the arm.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from equipoise.allocator.questions import ANSWER_BYTES, LONGEST_QUESTION, receive, send

BEAT: Final = 0.05  # seconds; a draw takes a few thousandths
_PATIENCE: Final = 2.0  # seconds for a question to arrive whole
_OTHERS: Final = 0o177  # what a mode of 0600 leaves out
_WAITING: Final = 128  # connections in line


class SocketTakenError(Exception):
    """Somebody listens there already."""


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """A socket at this path for its owner alone, gone at the end. Raises SocketTakenError; OSError for a bad place."""
    if _answers(path):
        raise SocketTakenError(str(path))
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with server:
        before = os.umask(_OTHERS)
        try:
            server.bind(str(path))
        finally:
            os.umask(before)
        try:
            server.listen(_WAITING)
            yield server
        finally:
            path.unlink(missing_ok=True)


def serve(server: socket.socket, answer: Callable[[bytes], bytes], *, beat: float = BEAT) -> None:
    """Answer questions until the socket is closed."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            _one(connection, answer, beat)


def _one(connection: socket.socket, answer: Callable[[bytes], bytes], beat: float) -> None:
    """One question and its answer; who hangs up or stammers is left alone."""
    try:
        connection.settimeout(_PATIENCE)
        question = receive(connection, LONGEST_QUESTION)
        began = monotonic()
        said = answer(question or b"").ljust(ANSWER_BYTES)
        sleep(beat - (monotonic() - began) % beat)
        send(connection, said)
    except OSError:
        return


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        trial.settimeout(_PATIENCE)
        return trial.connect_ex(str(path)) == 0

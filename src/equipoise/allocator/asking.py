"""Asking the unlocked allocator: one question over its Unix socket, one answer, or nobody there."""

import socket
from pathlib import Path
from typing import Final

from django.conf import settings

from equipoise.allocator.questions import ANSWER_BYTES, Answer, Question, read_answer, receive, send, write

_PATIENCE: Final = 20.0  # seconds; many may wait in line


def socket_of(study: str) -> Path:
    """Where the unlocked allocator of a study listens: beside the allocator's database, unless settings say else."""
    return Path(settings.ALLOCATOR_SOCKETS) / f"allocator-{study}.sock"


def ask(question: Question) -> Answer | None:
    """The answer; None when nobody listens, or what comes back is no answer."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_PATIENCE)
            connection.connect(str(socket_of(question.study)))
            send(connection, write(question))
            answered = receive(connection, ANSWER_BYTES)
    except OSError:
        return None
    return None if answered is None else read_answer(answered.rstrip())

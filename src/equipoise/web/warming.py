"""The kernels of the design page, ready before anybody asks: compiled once on a machine, and read at each start."""

import subprocess
import sys
from threading import Thread
from typing import Final

from django.db import DatabaseError, connections

from equipoise.simulation.design.exploring import try_out
from equipoise.web import deployment

_COMPILE: Final = f"import sys; from {try_out.__module__} import try_out; try_out(sys.stdin.buffer.read())"


def warm_in_background() -> Thread:
    """Begin to make the kernels ready; nobody waits for it, and it ends by itself."""
    thread = Thread(target=_warm, daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    """Compile in a process of its own, since compiling lets nothing else run; then read what it left on disk."""
    if text := _protocol():
        subprocess.run([sys.executable, "-c", _COMPILE], input=text, check=False)  # noqa: S603 - our own line
        try_out(text)


def _protocol() -> bytes:
    """The protocol of any study here; nothing where there is none, or no database yet."""
    try:
        studies = deployment.studies()
        return deployment.ledger(studies[0]).protocol_text() if studies else b""
    except DatabaseError:
        return b""
    finally:
        connections.close_all()

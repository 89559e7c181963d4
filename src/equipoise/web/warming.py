"""What every process reads at its start, before anybody asks: the studies' acts, and the kernels of the design page.

Kernels are compiled once on a machine.
"""

import gc
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
        ledgers = [deployment.ledger(study) for study in deployment.studies()]
        for ledger in ledgers:
            ledger.snapshot()
        gc.freeze()  # millions of answers stay: to look through them for garbage would halt every page for a second
        return ledgers[0].protocol_text() if ledgers else b""
    except DatabaseError:
        return b""
    finally:
        connections.close_all()

"""Kernels that are compiled ahead: none is forgotten, and what runs afterwards finds them."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from numba.core.dispatcher import Dispatcher

import equipoise.statistics
from equipoise.statistics.warm import warm_in_background

ROOM = Path(equipoise.statistics.__file__).parent


def called_kernels() -> dict[str, Any]:
    """The kernels that methods call; those that only kernels call are compiled into them."""
    names = (path.relative_to(ROOM).with_suffix("").parts for path in ROOM.rglob("*.py"))
    methods = (import_module(".".join(("equipoise.statistics", *name))) for name in names if "kernels" not in name[-1])
    return {
        f"{value.__module__}.{name}": value
        for module in methods
        for name, value in vars(module).items()
        if isinstance(value, Dispatcher)
    }


def test_every_kernel_of_the_room_is_made_ready():
    # In a process of its own: here other tests have called kernels before.
    code = (
        "from equipoise.statistics.warm import warm; warm();"
        "from tests.unit.statistics.test_warm import called_kernels;"
        "print(*(name for name, kernel in called_kernels().items() if not kernel.signatures))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(called_kernels()) > 20
    assert done.stdout.split() == []


def test_a_process_of_its_own_ends_by_itself_and_well():
    process = warm_in_background()
    process.join(timeout=300)
    assert process.exitcode == 0

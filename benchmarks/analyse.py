"""How long `equipoise analyse` takes on the reference trial, from the first byte of the ledger to the last output.

The limit is the house's own: half a minute on two busy cores, for every table, listing and figure and the whole report
as HTML, PDF and RTF in two languages. The trial is simulated first, which is not part of the time, and leaves the
program's modules compiled, as they are wherever it is installed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.claim import Claim

TRIAL = Path(__file__).parents[1] / "trials" / "belimumab-sle" / "protocol.yaml"
LIMIT = 30.0  # seconds


def claims() -> Iterator[Claim]:
    """The whole command in a process of its own, the shorter of two runs."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        _equipoise("demo", TRIAL, "--no-serve", "--out", home)
        took, said = min((_timed(home, Path(folder) / str(turn)) for turn in range(2)), key=lambda run: run[0])
    what = f"`equipoise analyse`: {said['acts']:,} acts verified, analysed, {said['files']} files in two languages"
    yield Claim(what, f"a limit of {LIMIT:.0f} s", took / LIMIT, f"{took:.1f} s")


def _timed(home: Path, out: Path) -> tuple[float, dict[str, int]]:
    began = time.perf_counter()
    said = _equipoise("analyse", TRIAL, "--ledger", home, "--out", out, "--seed", "a", "--json")
    return time.perf_counter() - began, json.loads(said)


def _equipoise(*arguments: object) -> str:
    command = [sys.executable, "-m", "equipoise.cli", *map(str, arguments)]
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=usual).stdout

"""Runs every benchmark and prints one table. Or some of them: `python -m benchmarks rules`.

The load has a size: `python -m benchmarks load --subjects 1000 --users 50 --seconds 60 --database postgresql`.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.claim import Claim

NOT_BENCHMARKS = {"__init__", "__main__", "big_study", "claim"}
ALONE = {"load"}  # it serves a deployment of its own, so `make bench` runs it in a second process


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    for option in ("subjects", "users", "seconds", "workers"):
        parser.add_argument(f"--{option}", type=int)
    given = vars(parser.parse_args(arguments))
    wanted, size = given.pop("names"), {name: value for name, value in given.items() if value is not None}
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS | ALONE)
    table = Table(title="Time by the time of the peer, in the same run: below 1 is faster", title_justify="left")
    for heading in ("Claim", "Against", "Ratio", "Here"):
        table.add_column(heading, justify="right" if heading == "Ratio" else "left")
    # Each in a process of its own: what one sets up, such as the databases, is not there for the next.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for name in wanted or found:
            for claim in pool.submit(_claims, name, size if name == "load" else {}).result():
                table.add_row(claim.what, claim.against, f"{claim.ratio:,.3g}", claim.here)
    Console().print(table)


def _claims(name: str, size: dict[str, Any]) -> list[Claim]:
    return list(import_module(f"benchmarks.{name}").claims(**size))


if __name__ == "__main__":
    main(sys.argv[1:])

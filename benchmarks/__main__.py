"""Runs every benchmark and prints one table. Or some of them: `python -m benchmarks rules`.

The load has a size: `python -m benchmarks load --subjects 1000 --users 50 --seconds 60 --database postgresql`.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

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
    for name in wanted or found:
        for claim in import_module(f"benchmarks.{name}").claims(**(size if name == "load" else {})):
            table.add_row(claim.what, claim.against, f"{claim.ratio:,.3g}", claim.here)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])

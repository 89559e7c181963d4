"""Runs every benchmark and prints one table. Or some of them: `python -m benchmarks rules`."""

import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

NOT_BENCHMARKS = {"__init__", "__main__", "claim"}


def main(wanted: list[str]) -> None:
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    table = Table(title="Time by the time of the peer, in the same run: below 1 is faster", title_justify="left")
    for heading in ("Claim", "Against", "Ratio", "Here"):
        table.add_column(heading, justify="right" if heading == "Ratio" else "left")
    for name in wanted or found:
        for claim in import_module(f"benchmarks.{name}").claims():
            table.add_row(claim.what, claim.against, f"{claim.ratio:,.3g}", claim.here)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])

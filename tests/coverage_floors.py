"""The coverage each room must keep, branches included; run by `make test` after the tests.

Rooms that decide a patient's fate or a result are covered whole. Commands are run as processes of their own, which are
not measured, and numba's kernels are compiled and cannot be (see pyproject.toml).
"""

import io
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from coverage import Coverage

SOURCE = Path(__file__).resolve().parents[1] / "src" / "equipoise"
WHOLE = ("items", "instruments", "randomisation", "envelopes", "statistics", "protocol", "conduct", "allocator", "desk")
# drafting: two lines are reached only by records that the fuzzer finds now and then.
# ledger: a few statements are PostgreSQL's alone, and the tests that run them are in a process that is not measured.
FLOORS = dict.fromkeys(WHOLE, 100.0) | {"drafting": 98.0, "ledger": 99.0}
ELSEWHERE = 90.0


def measured() -> Coverage:
    """What the tests left behind."""
    coverage = Coverage()
    coverage.load()
    return coverage


def covered(room: str) -> tuple[float, str]:
    """The share of a room's lines and branches that ran, in per cent, and what did not."""
    missing = io.StringIO()
    share = measured().report(include=[f"{SOURCE / room}/*"], show_missing=True, skip_covered=True, file=missing)
    return share, missing.getvalue()


def main() -> int:
    files = (Path(name).relative_to(SOURCE) for name in measured().get_data().measured_files())
    rooms = sorted({file.parts[0] for file in files if len(file.parts) > 1})
    with ProcessPoolExecutor() as processes:
        shares = dict(zip(rooms, processes.map(covered, rooms), strict=True))
    floors = {room: FLOORS.get(room, ELSEWHERE) for room in rooms}
    below = [
        f"{room}: {share:.2f} % is covered, and {floors[room]:.0f} % is the floor\n{missing}"
        for room, (share, missing) in shares.items()
        if share < floors[room]
    ]
    print("\n".join(below) or "coverage: every room is above its floor")
    return bool(below)


if __name__ == "__main__":
    sys.exit(main())

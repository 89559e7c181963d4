"""What giving a slot costs over the bare updates of its two rows, alone and in a crowd; and drawing lists against R."""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from threading import Barrier

from benchmarks.claim import Claim, once, seconds

SLOTS, CLIENTS, STRATA = 400, 50, ("site=01", "site=02")
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
DRAWN = 2_310_000  # allocations of each procedure, in lists of 231
LIST = 231


def claims() -> Iterator[Claim]:
    """The allocator's door on SQLite with its durability, and the drawing of lists."""
    with tempfile.TemporaryDirectory() as folder:
        from equipoise.cli.deployment import migrate, prepare

        prepare(Path(folder), demo=True)
        migrate()
        yield from _allocator(Path(folder))
    yield from _drawing()


# --- The allocator -----------------------------------------------------------------------------------------------


def _allocator(folder: Path) -> Iterator[Claim]:
    mine, bare = [], []
    for turn in range(3):
        study = f"alone-{turn}"
        _load(study)
        mine.append(once(lambda study=study: [_assign(study, number) for number in range(SLOTS)]))
        peer = _bare(folder / f"bare-{turn}.sqlite3")
        bare.append(once(lambda peer=peer: [_update(peer, number) for number in range(SLOTS)]))
    against = "bare SQLite, the same two rows and pragmas, one commit each"
    here = f"{SLOTS / min(mine):,.0f}/s against {SLOTS / min(bare):,.0f}/s"
    yield Claim("one slot given", against, min(mine) / min(bare), here)
    took, waits = _crowd()
    half, most = waits[len(waits) // 2], waits[-len(waits) // 100]
    here = f"{SLOTS / took:,.0f}/s; half wait {half:.3f} s at most, 99 % {most:.3f} s"
    yield Claim(f"one slot given, {CLIENTS} clients at once in two strata", against, took / min(bare), here)


def _load(study: str) -> None:
    from equipoise.allocator import door
    from equipoise.envelopes import SecondLock

    door.load(study, [
        SecondLock(f"{which}LOT{place:04d}", stratum, place, bytes(32), bytes(16))
        for which, stratum in enumerate(STRATA) for place in range(1, SLOTS + 1)
    ])  # fmt: skip


def _assign(study: str, number: int) -> None:
    from equipoise.allocator import door

    given = door.assign(study=study, stratum=STRATA[number % 2], subject=f"01-{number:05d}", at=NOW)
    assert isinstance(given, door.Assigned), given


def _crowd() -> tuple[float, list[float]]:
    """How long all slots took, and how long each client waited for each of theirs, from the shortest on."""
    from django.db import connections

    together = Barrier(CLIENTS)
    _load("crowd")

    def client(place: int) -> list[float]:
        together.wait()
        waits = []
        for number in range(place, SLOTS, CLIENTS):
            began = time.perf_counter()
            _assign("crowd", number)
            waits.append(time.perf_counter() - began)
        connections.close_all()
        return waits

    with ThreadPoolExecutor(CLIENTS) as pool:
        began = time.perf_counter()
        waits = [wait for each in pool.map(client, range(CLIENTS)) for wait in each]
        return time.perf_counter() - began, sorted(waits)


def _bare(file: Path) -> sqlite3.Connection:
    """The allocator's tables and indexes in SQLite alone, without triggers, with as many slots."""
    from django.db import connections

    bare = sqlite3.connect(file, isolation_level=None)
    with connections["allocator"].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'allocator%' AND type IN ('table', 'index')")
        tables = [sql for (sql,) in cursor.fetchall() if "release" not in sql.split("(")[0]]
    for statement in (*connections["allocator"].settings_dict["OPTIONS"]["init_command"].split(";"), *tables):
        bare.execute(statement)
    slots = [(which, place) for which in STRATA for place in range(1, SLOTS + 1)]
    bare.execute("BEGIN")
    bare.executemany(
        "INSERT INTO allocator_slot (study, stratum, position, label, share, release) VALUES ('s', ?, ?, ?, ?, ?)",
        [(stratum, place, f"{stratum}{place}"[-16:], bytes(32), bytes(16)) for stratum, place in slots],
    )
    bare.executemany(
        "INSERT INTO allocator_counter (study, stratum, next_position) VALUES ('s', ?, 1)", [(each,) for each in STRATA]
    )
    bare.execute("COMMIT")
    return bare


def _update(bare: sqlite3.Connection, number: int) -> None:
    stratum, place = STRATA[number % 2], number // 2 + 1
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(
        "UPDATE allocator_slot SET subject = ?, assigned_at = ? WHERE study = 's' AND stratum = ? AND position = ?",
        (f"01-{number:05d}", NOW.isoformat(" "), stratum, place),
    )
    bare.execute(
        "UPDATE allocator_counter SET next_position = ? WHERE study = 's' AND stratum = ?", (place + 1, stratum)
    )
    bare.execute("COMMIT")


# --- Drawing lists -----------------------------------------------------------------------------------------------

# What each procedure is in R. The packages for randomisation lists are used where they are installed; base R otherwise.
_IN_R = {
    "complete": ("", "base R, sample", "for (i in 1:{lists}) sample(0:1, {list}, TRUE)"),
    "permuted blocks of 4": (
        "", "base R, sample for each block", "for (i in 1:{lists}) replicate(58, sample(c(0,0,1,1)))",
    ),
    "blocks of random size": (
        "blockrand", "blockrand", "for (i in 1:{lists}) blockrand::blockrand({list}, block.sizes = 2:4)",
    ),
    "biased coin 2/3": (
        "", "base R, a loop",
        "for (i in 1:{lists}) {{ d <- 0; u <- runif({list}); for (j in 1:{list}) {{"
        " p <- if (d == 0) 1/2 else if (d > 0) 1/3 else 2/3; d <- d + if (u[j] < p) 1 else -1 }} }}",
    ),
    "big stick 3": ("randomizeR", "randomizeR", "randomizeR::genSeq(randomizeR::bsdPar({list}, 3), {lists})"),
}  # fmt: skip
_IN_R_LISTS = 200


def _drawing() -> Iterator[Claim]:
    """Allocations a second of each procedure that R draws here."""
    from equipoise.randomisation import Specification
    from equipoise.randomisation.tables import simulated, table

    schemes = {
        "complete": Specification("complete", 240),
        "permuted blocks of 4": Specification("permuted_blocks", 240, sizes=(4,)),
        "blocks of random size": Specification("permuted_blocks", 240, sizes=(4, 6, 8)),
        "biased coin 2/3": Specification("biased_coin", 240, probability=Fraction(2, 3)),
        "big stick 3": Specification("big_stick", 240, limit=3),
    }
    for name, (package, peer, code) in _IN_R.items():
        theirs = by_r(package, code.format(lists=_IN_R_LISTS, list=LIST))
        if theirs is None:
            continue
        steps = table(schemes[name], (1, 1), LIST)
        simulated(steps, LIST, 1, 1)
        ours = seconds(lambda steps=steps: simulated(steps, LIST, DRAWN // LIST, 1)) / DRAWN
        each = theirs / (_IN_R_LISTS * LIST)
        here = f"{1e-6 / ours:,.1f} against {1e-6 / each:,.2f} million a second"
        yield Claim(f"{name}: allocations drawn", peer, ours / each, here)


def by_r(package: str, code: str) -> float | None:
    """How long R takes for it, without its start; None where R or the package is not installed."""
    if shutil.which("Rscript") is None:
        return None
    wanted = f'if (nzchar("{package}") && !requireNamespace("{package}", quietly = TRUE)) quit(status = 9); '
    timed = f"f <- compiler::cmpfun(function() {{ {code} }}); f(); cat(min(replicate(3, system.time(f())[[3]])))"
    done = subprocess.run(["Rscript", "-e", wanted + timed], capture_output=True, text=True, check=False)
    return None if done.returncode == 9 else float(done.stdout)

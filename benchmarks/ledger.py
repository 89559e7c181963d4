"""What an act costs over the bare insert of its rows, and what verification costs over hashing the same bytes."""

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from benchmarks.claim import Claim, once, seconds

TRIAL = Path(__file__).parents[1] / "trials" / "belimumab-sle" / "protocol.yaml"
SAVES, APPENDS, ITEMS = 200, 500, 25
NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def claims() -> Iterator[Claim]:
    """Appending, saving a form, replaying and verifying."""
    with tempfile.TemporaryDirectory() as folder:
        from equipoise.cli.deployment import migrate, prepare

        prepare(Path(folder), demo=True)
        migrate()
        yield from _measured(Path(folder))


def _measured(folder: Path) -> Iterator[Claim]:
    from equipoise.conduct.fold import fold
    from equipoise.ledger.verify import verify

    desk, code = _desk()
    bare = _bare(folder / "bare.sqlite3")
    yield _act("one act appended", *_by_turns(desk.ledger, bare, lambda turn: _append(desk.ledger, turn)), APPENDS)
    what = f"one form of {ITEMS} answers saved: read, checked, judged, recorded"
    yield _act(what, *_by_turns(desk.ledger, bare, lambda turn: _save(desk, code, turn)), SAVES)
    acts = desk.ledger.snapshot().acts
    hashed = seconds(lambda: _hash_all(list(desk.ledger.rows())))
    protocol, ledger = desk.protocol, desk.ledger
    yield _replay(
        "every act replayed into a snapshot", seconds(lambda: fold("bench", protocol, ledger.acts())), hashed, acts
    )
    yield _replay("everything verified: chain, snapshot, values", seconds(lambda: verify(ledger)), hashed, acts)


def _by_turns(ledger, bare: sqlite3.Connection, work: Callable[[int], None]) -> tuple[float, float]:
    """The shortest of three turns of ours, and of three of the bare peer with the same rows, one after the other."""
    mine, peers = [], []
    for turn in range(3):
        before = ledger.snapshot().acts
        mine.append(once(lambda turn=turn: work(turn)))
        ready = _ready(ledger.rows(after=before))
        peers.append(once(lambda ready=ready: _write(bare, ready)))
    return min(peers), min(mine)


def _act(what: str, bare: float, ours: float, number: int) -> Claim:
    against = "bare SQLite, the same rows and pragmas, one commit each"
    return Claim(what, against, ours / bare, f"{number / ours:,.0f}/s against {number / bare:,.0f}/s")


def _replay(what: str, ours: float, hashed: float, acts: int) -> Claim:
    against = "reading the rows and SHA-256 of the same bytes"
    return Claim(what, against, ours / hashed, f"{acts / ours:,.0f} acts/s against {acts / hashed:,.0f}/s")


# --- Our side ----------------------------------------------------------------------------------------------


def _desk():
    """A study with one participant at the screening visit."""
    from equipoise.conduct.acts import Person
    from equipoise.desk import Desk
    from equipoise.ledger.store import open_study

    by, here = Person("administrator", "administrator"), Person("p", "investigator", "01")
    ledger = open_study("bench", TRIAL.read_bytes(), name=TRIAL.name, simulated=True, by=by, at=NOW, key="open")
    desk = Desk(ledger, clock=lambda: NOW, label=lambda: "BAG")
    desk.activate_site("01", by=by, key="site")
    desk.screen(site="01", by=here, key="screen")
    desk.consent("01-001", document="v1", language="zh", on=date(2026, 1, 5), by=here, key="consent")
    desk.hold_visit("01-001", "screening", on=date(2026, 1, 5), by=here, key="visit")
    return desk, "01-001"


def _append(ledger, turn: int) -> None:
    from equipoise.conduct.acts import Person, VisitMissed

    by = Person("p", "investigator", "01")
    for number in range(APPENDS):
        act = VisitMissed(subject="01-001", visit="week_4", because="a benchmark")
        ledger.append(lambda fold, act=act: [act], key=f"visit-{turn}-{number}", by=by, at=NOW)


def _save(desk, code: str, turn: int) -> None:
    from equipoise.conduct.acts import Person
    from equipoise.desk import Done

    by, forms = Person("p", "investigator", "01"), _answers(desk.protocol)
    for number in range(SAVES):
        answers = forms[number % len(forms)]
        key, reason = f"form-{turn}-{number}", "a benchmark"
        outcome = desk.save_form(code, "screening", "laboratory", answers, by=by, key=key, reason=reason)
        assert isinstance(outcome, Done)
        assert outcome.acts


def _answers(protocol) -> list[dict[str, str]]:
    """Two ways to fill in the same questions, so that each save changes what can change."""
    from equipoise.items import shown
    from equipoise.protocol.names import item_of
    from equipoise.simulation.patient import plausible

    items = [item_of(item, protocol) for item in protocol.form_by_id["laboratory"].items[:ITEMS]]
    days = (date(2026, 1, 4), date(2026, 1, 5))
    return [{item.id: shown(plausible(item, day, Random(day.day))) for item in items} for day in days]


# --- The peers -----------------------------------------------------------------------------------------------


def _bare(file: Path) -> sqlite3.Connection:
    """SQLite alone, with the tables, indexes and pragmas of the ledger, and nothing else."""
    from django.db import connection

    bare = sqlite3.connect(file, isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'ledger%' AND type IN ('table', 'index')")
        tables = [sql for (sql,) in cursor.fetchall()]
    for statement in (*connection.settings_dict["OPTIONS"]["init_command"].split(";"), *tables):
        bare.execute(statement)
    bare.execute("INSERT INTO ledger_study (id, sequence, head, demo) VALUES ('bench', 0, '', 0)")
    return bare


def _ready(rows) -> list[tuple[list[object], list[object]]]:
    """Each act as its columns, with the values it sets."""
    from equipoise.ledger.chain import COLUMNS, recorded
    from equipoise.ledger.projection import values_of

    return [([getattr(row, name) for name in COLUMNS], list(values_of(row, recorded(row).act))) for row in rows]


def _write(bare: sqlite3.Connection, ready: list[tuple[list[object], list[object]]]) -> None:
    """The act, its values and the head of the study, one commit each."""
    from equipoise.ledger.chain import COLUMNS
    from equipoise.ledger.projection import _UPSERT

    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    insert = f"INSERT INTO ledger_act ({columns}) VALUES ({', '.join('?' * len(COLUMNS))})"
    upsert = _UPSERT.replace("%s", "?")
    for row, values in ready:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(insert, row)
        bare.executemany(upsert, values)
        bare.execute("UPDATE ledger_study SET sequence = ?, head = ? WHERE id = 'bench'", (row[1], row[-1]))
        bare.execute("COMMIT")


def _hash_all(rows) -> None:
    from equipoise.ledger.chain import COLUMNS

    for row in rows:
        said = {name: getattr(row, name) for name in COLUMNS if name != "hash"}
        hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).digest()

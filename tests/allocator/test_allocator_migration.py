"""A store from before code breaks keeps its rows and its guards when the columns are added."""

import os
import sqlite3
import subprocess
import sys

import pytest

BEFORE = """
from pathlib import Path
import sys
from equipoise.cli.deployment import migrate, prepare
prepare(Path(sys.argv[1]), demo=True)
from django.core.management import call_command
if sys.argv[2] == "0001":
    call_command("migrate", "allocator", "0001", database="allocator", verbosity=0, interactive=False)
else:
    migrate()
"""
SLOT = "INSERT INTO allocator_slot (study, stratum, position, label, share, subject, assigned_at) VALUES"


def migrated(home, to):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("EQUIPOISE", "DJANGO"))}
    subprocess.run([sys.executable, "-c", BEFORE, home, to], env=environment, check=True, timeout=60)
    return sqlite3.connect(home / "allocator.sqlite3")


def test_rows_stay_and_are_guarded_as_before(tmp_path):
    old = migrated(tmp_path, "0001")
    old.execute("INSERT INTO allocator_counter (study, stratum, next_position) VALUES ('t', 'S', 1)")
    for position, label in ((1, "AAAAAAAA"), (2, "BBBBBBBB")):
        old.execute(f"{SLOT} ('t', 'S', {position}, '{label}', x'0102', NULL, NULL)")
    old.execute("UPDATE allocator_slot SET subject = 'A-001', assigned_at = '2026-01-05' WHERE position = 1")
    old.execute(
        "INSERT INTO allocator_release (study, label, 'by', role, reason, locked_by, at)"
        " VALUES ('t', 'AAAAAAAA', 'p', 'pharmacist', 'week 0', '', '2026-01-05')"
    )
    old.commit()
    guards = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    old.close()

    new = migrated(tmp_path, "all")
    slots = new.execute("SELECT position, label, share, subject, release FROM allocator_slot ORDER BY id").fetchall()
    assert slots == [(1, "AAAAAAAA", b"\x01\x02", "A-001", b""), (2, "BBBBBBBB", b"\x01\x02", None, b"")]
    assert new.execute("SELECT reason, code_break FROM allocator_release").fetchall() == [("week 0", 0)]
    added = {
        f"allocator_{table}_{name}"
        for table in ("draw", "kit", "sealedseed", "relock")
        for name in ("kept", "once", "new")
    }
    assert {name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")} >= guards | added
    for statement in (
        "DELETE FROM allocator_slot",
        "UPDATE allocator_slot SET release = x'01' WHERE position = 2",
        "UPDATE allocator_slot SET subject = NULL, assigned_at = NULL WHERE position = 1",
        "UPDATE allocator_release SET code_break = 1",
        "DELETE FROM allocator_release",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            new.execute(statement)
    new.close()

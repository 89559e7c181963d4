"""A copy counts only after it was opened and verified; a restore overwrites nothing and says what must follow."""

import json
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing

import pytest

from equipoise.cli.copies import read_copy
from tests.cli.conftest import TABLETS, typed
from tests.desk.desk_files import SCAN

STUDY = """
import sys
from pathlib import Path
from equipoise.cli.deployment import migrate, prepare
prepare(Path(sys.argv[1]), demo=False)
migrate()
from equipoise.cli.copies import read_copy
from tests.cli.conftest import TABLETS, typed
from tests.desk.desk_files import SCAN, WITH_FILE, Filed
study = Filed(id="hypertension-tablets", text=WITH_FILE)
study.report(study.seen(), SCAN)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A deployment with a study in which a report was scanned."""
    home = tmp_path_factory.mktemp("deployment")
    done = typed("-c", STUDY, home, program=(), PYTHONPATH=os.pathsep.join(filter(None, sys.path)))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def copy(home, tmp_path_factory):
    out = tmp_path_factory.mktemp("copies")
    done = typed("backup", "--home", home, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "hypertension-tablets" in done.stdout
    (folder,) = out.iterdir()
    return folder


def test_a_copy_says_what_was_found_in_it(home, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    verified = json.loads(typed("verify", "--json", "--home", home).stdout)
    assert manifest["of"] == "main"
    assert manifest["found"] == [{name: study[name] for name in ("study", "acts", "head")} for study in verified]
    assert (copy / manifest["file"]).stat().st_mode & 0o077 in (0, 0o044)
    assert copy.stat().st_mode & 0o077 == 0, "nobody else reads a copy"


def test_a_copy_is_restored_where_there_is_nothing_and_is_the_same_ledger(copy, tmp_path):
    done = typed("restore", copy, "--home", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert "equipoise reconcile hypertension-tablets" in done.stdout
    found = json.loads((copy / "manifest.json").read_text())["found"]
    (verified,) = json.loads(typed("verify", "--json", "--home", tmp_path / "new").stdout)
    assert (verified["acts"], verified["head"]) == (found[0]["acts"], found[0]["head"])
    assert not (tmp_path / "new" / "allocator.sqlite3").exists(), "the other database is restored by its own people"
    with closing(sqlite3.connect(tmp_path / "new" / "equipoise.sqlite3")) as database:
        assert database.execute("SELECT content FROM ledger_file").fetchall() == [(SCAN,)]


@pytest.mark.slow
def test_a_copy_in_which_a_file_is_missing_does_not_count(home, tmp_path):
    shutil.copytree(home, tmp_path / "lost")
    with closing(sqlite3.connect(tmp_path / "lost" / "equipoise.sqlite3")) as database:
        database.execute("DROP TRIGGER file_no_delete")
        database.execute("DELETE FROM ledger_file")
        database.commit()
    done = typed("backup", "--home", tmp_path / "lost", "--out", tmp_path / "copies")
    assert done.returncode == 1
    assert {"command.E045", "ledger.E022"} <= set(re.findall(r"\w+\.E\d+", done.stdout))


def test_nothing_is_overwritten(home, copy):
    before = (home / "equipoise.sqlite3").read_bytes()
    done = typed("restore", copy, "--home", home)
    assert done.returncode == 1
    assert "command.E044" in done.stdout
    assert (home / "equipoise.sqlite3").read_bytes() == before


def test_a_copy_that_was_changed_is_refused(copy, tmp_path):
    changed = tmp_path / copy.name
    shutil.copytree(copy, changed)
    with (changed / "equipoise.sqlite3").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    done = typed("restore", changed, "--home", tmp_path / "new")
    assert (done.returncode, "command.E042" in done.stdout) == (1, True)
    assert not (tmp_path / "new" / "equipoise.sqlite3").exists()


@pytest.mark.parametrize("content", ["{}", "not json", '{"of": "main"}'])
def test_a_folder_that_is_no_verified_copy_is_refused(tmp_path, content):
    assert read_copy(tmp_path).id == "command.E041"
    (tmp_path / "manifest.json").write_text(content)
    assert read_copy(tmp_path).id == "command.E041"


def test_what_is_no_verified_copy_is_not_restored(tmp_path):
    (tmp_path / "copy").mkdir()
    done = typed("restore", tmp_path / "copy", "--home", tmp_path / "new")
    assert (done.returncode, "command.E041" in done.stdout) == (1, True)


def test_a_ledger_that_does_not_verify_makes_no_copy_that_counts(home, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(home, broken)
    database = sqlite3.connect(broken / "equipoise.sqlite3")
    database.execute("DROP TRIGGER IF EXISTS ledger_act_no_update")
    triggers = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in triggers:
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE ledger_act SET by = 'somebody else'")
    database.commit()
    database.close()
    done = typed("backup", "--home", broken, "--out", tmp_path / "copies")
    assert done.returncode == 1
    assert "command.E045" in done.stdout
    (left,) = (tmp_path / "copies").iterdir()
    assert left.name.startswith("unverified-main-"), "what could not be verified stays to be looked at"


def test_the_allocator_is_copied_apart_and_told_by_its_slots(home, tmp_path):
    done = typed("backup", "--home", home, "--of", "allocator", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("allocator-")
    assert json.loads((folder / "manifest.json").read_text())["file"] == "allocator.sqlite3"


def test_only_so_many_copies_are_kept(home, tmp_path):
    for made in ("2026-01-01T00-00-00Z", "2026-01-02T00-00-00Z"):
        (tmp_path / f"main-{made}").mkdir()
        (tmp_path / f"main-{made}" / "manifest.json").write_text("{}")
    (tmp_path / "allocator-2026-01-01T00-00-00Z").mkdir()
    done = typed("backup", "--home", home, "--out", tmp_path, "--keep", "2")
    assert done.returncode == 0, done.stderr
    names = sorted(folder.name for folder in tmp_path.iterdir())
    assert "main-2026-01-01T00-00-00Z" not in names
    assert "main-2026-01-02T00-00-00Z" in names
    assert "allocator-2026-01-01T00-00-00Z" in names
    assert len(names) == 3


def test_the_same_on_postgresql(postgres, tmp_path):
    where = {"EQUIPOISE_DATABASE": postgres.database(), "EQUIPOISE_ALLOCATOR": postgres.database()}
    assert typed("study", "add", TABLETS / "protocol.yaml", "--home", tmp_path, "--by", "Wu", **where).returncode == 0
    done = typed("backup", "--home", tmp_path, "--out", tmp_path / "copies", **where)
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "copies").iterdir()
    again = typed("restore", copy, "--home", tmp_path, **where)
    assert "command.E044" in again.stdout
    empty = where | {"EQUIPOISE_DATABASE": postgres.database()}
    done = typed("restore", copy, "--home", tmp_path, **empty)
    assert done.returncode == 0, done.stderr
    (verified,) = json.loads(typed("verify", "--json", "--home", tmp_path, **empty).stdout)
    assert verified["head"] == json.loads((copy / "manifest.json").read_text())["found"][0]["head"]
    on_sqlite = typed("restore", copy, "--home", tmp_path / "elsewhere")
    assert "command.E043" in on_sqlite.stdout

"""From the ceremony to a server: a study is opened, and its list and second locks are loaded as they were published."""

import re
import shutil
import sqlite3

import pytest

from equipoise.envelopes import read_list, read_locks
from tests.cli.conftest import SLOTS, ended


def kept(home, database, query):
    connection = sqlite3.connect(home / database)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory, protocol):
    """A deployment with the study open, and nothing of its list."""
    home = tmp_path_factory.mktemp("server") / "home"
    code, printed = ended("study", "add", protocol, "--home", home, "--by", "Wu")
    assert code == 0, printed
    return home, printed


@pytest.fixture
def fresh(server, tmp_path):
    """The deployment as it was after the study was opened."""
    shutil.copytree(server[0], tmp_path / "home")
    return tmp_path / "home"


def bring(home, what, file, sealed, **more):
    published = more.pop("published", sealed / "publish" / "commitment.txt")
    where = ("--study", "hypertension-tablets", "--commitment", published, "--home", home, "--by", "Wu")
    return ended("load", what, file, *where, **more)


def test_the_study_is_open_under_the_protocol_that_the_publication_names(server, sealed):
    home, printed = server
    published = (sealed[0] / "publish" / "commitment.txt").read_text("utf-8")
    assert re.search(r"protocol     sha256 (\w{64})", published)[1] == re.search(r"sha256 (\w{64})", printed)[1]
    assert kept(home, "equipoise.sqlite3", "SELECT kind, by, role FROM ledger_act") == [
        ("StudyOpened", "Wu", "administrator")
    ]
    assert kept(home, "equipoise.sqlite3", "SELECT demo FROM ledger_study") == [(0,)]


def test_both_halves_arrive_each_in_its_own_database(fresh, sealed):
    out, _ = sealed
    listed, second = out / "web-host" / "sealed-list.json", out / "allocator" / "second-locks.json"
    for what, file in (("list", listed), ("locks", second)):
        code, printed = bring(fresh, what, file, out)
        assert code == 0, printed
        assert re.search(r"Act \d\.", printed)
    assert "before" in bring(fresh, "locks", second, out)[1]
    ((stored,),) = kept(fresh, "equipoise.sqlite3", "SELECT file FROM ledger_sealedlist")
    assert stored == listed.read_bytes()
    labels = {label for (label,) in kept(fresh, "allocator.sqlite3", "SELECT label FROM allocator_slot")}
    assert labels == {slot.label for slot in read_list(stored).slots}
    assert labels == {lock.label for lock in read_locks(second.read_bytes())[1]}
    assert len(labels) == 4 * SLOTS
    acts = kept(fresh, "equipoise.sqlite3", "SELECT kind, body FROM ledger_act ORDER BY sequence")
    assert [kind for kind, _ in acts] == ["StudyOpened", "ListLoaded", "SecondLocksLoaded"]
    root = re.search(r"commitment   (\w{64})", (out / "publish" / "commitment.txt").read_text("utf-8"))[1]
    assert not any(root in body for _, body in acts)


@pytest.mark.parametrize(
    ("what", "name", "identity"),
    [
        ("list", "web-host/sealed-list.json", "E055"),
        ("locks", "allocator/second-locks.json", "E072"),
    ],
)
def test_what_was_not_published_is_refused_and_nothing_is_kept(fresh, sealed, tmp_path, what, name, identity):
    other = tmp_path / "as-published.txt"
    text = (sealed[0] / "publish" / "commitment.txt").read_text("utf-8")
    other.write_text(re.sub(r"(commitment   |second locks sha256 )\w{8}", r"\g<1>00000000", text), "utf-8")
    code, printed = bring(fresh, what, sealed[0] / name, sealed[0], published=other)
    assert (code, f"envelopes.{identity}" in printed) == (1, True)
    assert kept(fresh, "equipoise.sqlite3", "SELECT count(*) FROM ledger_sealedlist") == [(0,)]
    assert kept(fresh, "allocator.sqlite3", "SELECT count(*) FROM allocator_slot") == [(0,)]


def test_a_study_that_is_not_open_is_said(fresh, sealed):
    out, _ = sealed
    where = ("--study", "other", "--commitment", out / "publish" / "commitment.txt", "--home", fresh, "--by", "Wu")
    code, printed = ended("load", "list", out / "web-host" / "sealed-list.json", *where)
    assert (code, "Open it first" in printed) == (1, True)


def test_another_protocol_for_a_study_that_is_open_is_refused(fresh, protocol, tmp_path):
    other = tmp_path / "protocol.yaml"
    text = protocol.read_text("utf-8")
    other.write_text(text.replace("time_zone: Asia/Shanghai", "time_zone: Asia/Urumqi", 1), "utf-8")
    code, printed = ended("study", "add", other, "--home", fresh, "--by", "Wu")
    assert (code, "another protocol" in printed) == (1, True)


def test_in_a_demonstration_s_home_the_study_is_simulated(protocol, tmp_path):
    code, printed = ended("study", "add", protocol, "--home", tmp_path / "home", "--by", "Wu", EQUIPOISE_DEMO="yes")
    assert code == 0, printed
    assert kept(tmp_path / "home", "equipoise.sqlite3", "SELECT demo FROM ledger_study") == [(1,)]

"""Each loss that reaches a server, end to end with the commands alone: drills for docs/how-to/when-keys-are-lost.md."""

import re
import shutil
import sqlite3
import subprocess

import pytest

from equipoise.envelopes import read_list
from tests.cli.conftest import ended, run
from tests.cli.test_ceremony_commands import arms, card_of, locks

STUDY = "hypertension-tablets"
pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the papers")


@pytest.fixture(scope="module")
def truth(place, sealed, people):
    """What is in every envelope, by two holders of the escrow key."""
    out = place / "truth.json"
    assert run("open", sealed[0], "--quorum", people["QA"], "--quorum", people["Stat"], "--out", out)[0] == 0
    return arms((out, ""))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, protocol, sealed):
    """A deployment with the study, its list and its second locks."""
    home, out = tmp_path_factory.mktemp("loaded") / "home", sealed[0]
    assert ended("study", "add", protocol, "--home", home, "--by", "Wu")[0] == 0
    for what, file in (("list", "web-host/sealed-list.json"), ("locks", "allocator/second-locks.json")):
        assert bring(home, what, out / file, out)[0] == 0
    return home


@pytest.fixture
def home(loaded, tmp_path):
    shutil.copytree(loaded, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="module")
def again(place, sealed, protocol, people):
    """The same list sealed again, as after the theft of Li's key."""
    file, out = place / "after.txt", place / "again"
    lines = ("recipient Wang", "recipient Zhao", "escrow QA", "escrow GCP", "escrow New")
    file.write_text("".join(f"{line}.key.pub\n" for line in lines))
    code, printed = run(
        "escrow", "seal-again", sealed[0], "--quorum", people["QA"], "--quorum", people["GCP"], "--protocol", protocol,
        "--recipients", file, "--version", "2", "--by", "Chen", "--by", "Xu", "--out", out,
    )  # fmt: skip
    assert code == 0, printed
    return out


def bring(home, what, file, ceremony, *more):
    published = ceremony / "publish" / "commitment.txt"
    given = ("--study", STUDY, "--commitment", published, "--home", home, "--by", "Wu")
    return ended("load", what, file, *given, *more)


def query(home, database, statement, *values):
    connection = sqlite3.connect(home / database)
    found = connection.execute(statement, values).fetchall()
    connection.commit()
    connection.close()
    return found


def words_of(pdf):
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()


def releases_on(pdf):
    """Label → release, as eyes find them on the paper."""
    pairs = re.findall(r"([0-9A-Z]{4})-([0-9A-Z]{4})\s+((?:[0-9A-Z]{5}-){5}[0-9A-Z]{5})", words_of(pdf))
    return {first + second: code for first, second, code in pairs}


def given_by_hand(home, stratum, subject):
    """The next slot of a stratum goes to somebody, as it did after the copy of the ledger was made."""
    ((label,),) = query(
        home, "allocator.sqlite3", "SELECT label FROM allocator_slot WHERE stratum = ? AND position = 1", stratum
    )
    query(
        home, "allocator.sqlite3", "UPDATE allocator_slot SET subject = ?, assigned_at = ? WHERE label = ?", subject,
        "2026-11-01 03:00:00", label,
    )  # fmt: skip
    query(home, "allocator.sqlite3", "UPDATE allocator_counter SET next_position = 2 WHERE stratum = ?", stratum)
    return label


def test_the_code_is_broken_with_every_database_gone(home, sealed, truth, tmp_path):
    """Three in the morning: card, site computer, telephone, and the paper of the holder on call."""
    shutil.copytree(sealed[0] / "sites" / "11", tmp_path / "site")
    paper = tmp_path / "releases.pdf"
    code, printed = run(
        "envelope", "releases", "--locks", sealed[0] / "allocator" / "second-locks.json", "--out", paper
    )
    assert code == 0, printed
    label = given_by_hand(home, next(lock.stratum for lock in locks(sealed[0]) if "site=11" in lock.stratum), "11-001")
    shutil.rmtree(home)
    read_aloud = releases_on(paper)[label]
    listed = tmp_path / "site" / "sealed-list.json"
    code, printed = run(
        "code-break", "--list", listed, "--card", card_of(tmp_path / "site", label), "--release", read_aloud
    )
    assert code == 0, printed
    assert f"arm · 组别  {truth[label]}:" in printed
    assert "code-break" in words_of(tmp_path / "site" / "code-break-instructions.pdf")


@pytest.mark.slow
def test_everything_is_lost_but_the_papers(sealed, truth, tmp_path):
    """No key, no share, no server: the cards of the sites, the releases and a copy of the list open every envelope."""
    paper = tmp_path / "releases.pdf"
    run("envelope", "releases", "--locks", sealed[0] / "allocator" / "second-locks.json", "--out", paper)
    release, found = releases_on(paper), {}
    assert set(release) == set(truth)
    for lock in locks(sealed[0])[::5]:
        site = sealed[0] / "sites" / re.search(r"site=(\d+)", lock.stratum)[1]
        card = card_of(site, lock.label)
        printed = run(
            "code-break", "--list", site / "sealed-list.json", "--card", card, "--release", release[lock.label]
        )
        found[lock.label] = re.search(r"arm · 组别  (\w+):", printed[1])[1]
    assert found == {label: truth[label] for label in found}
    assert len(found) == len(truth) // 5 + 1


def test_the_releases_alone_say_no_arm_and_are_not_written_over(sealed, tmp_path):
    paper = tmp_path / "releases.pdf"
    asked = ("envelope", "releases", "--locks", sealed[0] / "allocator" / "second-locks.json", "--out", paper)
    assert run(*asked)[0] == 0
    assert not re.search("placebo|nirotensin|安慰剂", words_of(paper), re.IGNORECASE)
    assert "envelopes.E051" in run(*asked)[1]


@pytest.mark.slow
def test_a_key_may_be_stolen_and_the_server_gets_the_newer_sealing(home, sealed, again, people, truth):
    label = given_by_hand(home, locks(sealed[0])[0].stratum, "11-001")
    listed, second = again / "web-host" / "sealed-list.json", again / "allocator" / "second-locks.json"
    assert "envelopes.E075" in bring(home, "list", listed, again)[1]
    assert "allocator.E007" in bring(home, "locks", second, again)[1]
    for what, file in (("list", listed), ("locks", second)):
        code, printed = bring(home, what, file, again, "--replace", "Li's laptop was stolen")
        assert (code, "Act" in printed) == (0, True), printed
    ((kept,),) = query(home, "equipoise.sqlite3", "SELECT file FROM ledger_sealedlist")
    assert read_list(kept).version == "2"
    kinds = query(home, "equipoise.sqlite3", "SELECT kind, reason FROM ledger_act ORDER BY sequence DESC LIMIT 3")
    replaced = ("ListReplaced", "Li's laptop was stolen")
    assert kinds == [replaced, ("UnmaskingReported", ""), replaced]
    held = query(home, "allocator.sqlite3", "SELECT subject FROM allocator_slot WHERE label = ?", label)
    assert held == [("11-001",)]
    share = run("envelope", "release", "--locks", second, "--label", label, "--for", "open")[1].strip()
    opened = run("envelope", "open", "--list", listed, "--key", people["Zhao"], "--label", label, "--share", share)[1]
    assert f"arm · 组别  {truth[label]}:" in opened
    stolen = run("envelope", "open", "--list", listed, "--key", people["Li"], "--label", label, "--share", share)[1]
    assert "envelopes.E010" in stolen


@pytest.mark.slow
def test_all_keys_at_a_site_are_lost_and_the_server_gets_the_list_for_new_ones(home, sealed, people, tmp_path, truth):
    wrapped = tmp_path / "wrapped.json"
    code, printed = run(
        "escrow", "rewrap", sealed[0], "--quorum", people["QA"], "--quorum", people["GCP"], "--add",
        f"{people['Zhao']}.pub", "--drop", "pharmacist/Li", "--drop", "pharmacist/Wang", "--out", wrapped,
    )  # fmt: skip
    assert code == 0, printed
    code, printed = bring(home, "list", wrapped, sealed[0], "--replace", "both pharmacists lost their keys in a fire")
    assert code == 0, printed
    label = locks(sealed[0])[3].label
    share = run(
        "envelope", "release", "--locks", sealed[0] / "allocator" / "second-locks.json", "--label", label, "--for",
        "open",
    )[1].strip()  # fmt: skip
    opened = run("envelope", "open", "--list", wrapped, "--key", people["Zhao"], "--label", label, "--share", share)[1]
    assert re.search(rf"arm · 组别  {truth[label]}\b", opened)


def test_the_main_database_is_older_than_the_allocator(home, sealed):
    label = given_by_hand(home, locks(sealed[0])[0].stratum, "11-001")
    asked = ("reconcile", STUDY, "--home", home, "--by", "Wu")
    code, printed = ended(*asked)
    assert code == 0, printed
    assert re.search(rf"burned  11-001  {label}", printed)
    assert "1 slots burned" in printed
    assert "0 slots burned" in ended(*asked)[1]
    ((body,),) = query(home, "equipoise.sqlite3", "SELECT body FROM ledger_act WHERE kind = 'Reconciled'")
    assert body == f'{{"burned":{{"11-001":"{label}"}}}}'


def test_a_study_that_is_not_here_is_said(home):
    code, printed = ended("reconcile", "another", "--home", home, "--by", "Wu")
    assert (code, "Open it first" in printed) == (1, True)

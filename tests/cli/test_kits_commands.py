"""From a plan to kits at their depot: a lot is simulated, packed and sealed, and loaded as it was published."""

import re
import sqlite3

import pytest

from equipoise.envelopes import read_archive, read_private_key
from tests.cli.conftest import WORDS, ended, run

LOT = ("--lot", "L1", "--expiry", "2028-01-31", "--packs", "3", "--depot", "central")


@pytest.fixture(scope="module")
def lot(place, people, protocol):
    """A sealed lot, and what the command said."""
    recipients = place / "kit-recipients.txt"
    recipients.write_text(f"recipient {people['Li'].name}.pub\nrecipient {people['Wang'].name}.pub\n")
    code, printed = run(
        "kits", "seal", protocol, "--recipients", recipients, "--packer", f"{people['Zhao']}.pub", *LOT,
        "--out", place / "lot",
    )  # fmt: skip
    assert code == 0, printed
    return place / "lot", printed


def test_a_plan_says_how_often_somebody_finds_no_kit(protocol):
    code, printed = run("kits", "plan", protocol, "--participants", "8", "--per-week", "2", "--sites", "5")
    assert code == 0
    assert re.search(r"\d+ of 5 SIMULATED sites refused somebody a kit; at most [\d.]+%", printed)
    assert "dispenses 24." in printed, "eight participants at three visits"


def test_a_lot_is_sealed_for_different_places_and_says_no_arm(lot, people):
    folder, printed = lot
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert files == [
        "allocator/kit-locks-L1.json", "packer/packing-list.sealed", "publish/kits-L1.txt", "web-host/kits-L1.json",
        "web-host/packs-L1.json",
    ]  # fmt: skip
    said = printed + "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())
    assert not any(f'"{arm}"' in said or f" {arm} " in said for arm in ("high", "low", "placebo"))
    packer = read_private_key(people["Zhao"].read_bytes(), WORDS)
    listed = read_archive((folder / "packer" / "packing-list.sealed").read_bytes(), packer)[1]["packing-list.csv"]
    assert listed.count(b",high\n") == 90


def test_a_study_without_kits_has_nothing_to_seal(place, people, tmp_path, protocol):
    text = protocol.read_text("utf-8")
    start, end = text.index("supply:\n"), text.index("masking:\n")
    plain = tmp_path / "protocol.yaml"
    plain.write_text((text[:start] + text[end:]).replace(", handle_kits", "").replace("[manage_supply]", "[view]"))
    code, printed = run("kits", "plan", plain, "--participants", "8", "--per-week", "2")
    assert code != 0
    assert "envelopes.E092" in printed


def test_a_lot_is_loaded_as_it_was_published_and_once(lot, protocol, tmp_path):
    folder, home = lot[0], tmp_path / "home"
    where = ("--study", "hypertension-tablets", "--home", home, "--by", "Wu")
    published = ("--commitment", folder / "publish" / "kits-L1.txt")
    assert ended("study", "add", protocol, "--home", home, "--by", "Wu")[0] == 0
    files = [folder / "web-host" / f"{name}-L1.json" for name in ("kits", "packs")]
    code, printed = ended("kits", "load", *files, *where, *published)
    assert code == 0, printed
    assert "The kits are at their depot." in printed
    code, printed = ended("kits", "load", *files, *where, *published)
    assert code != 0
    assert "conduct.E133" in printed
    second = folder / "allocator" / "kit-locks-L1.json"
    code, printed = ended("kits", "locks", second, "--lot", "L1", *where, *published)
    assert code == 0, printed
    store = sqlite3.connect(home / "allocator.sqlite3")
    assert store.execute("SELECT count(*) FROM allocator_kit WHERE subject IS NULL").fetchall() == [(180,)]
    store.close()
    assert ended("kits", "load", *files, "--study", "none", *where[2:], *published)[0] != 0

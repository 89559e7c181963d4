"""A minimised trial from its ceremony to its end: sealed, loaded, unlocked, drawn, and every draw made again."""

import json
import re
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from equipoise.envelopes import read_locks, read_seed
from tests.cli.conftest import OUTSIDE, TABLETS, WORDS, ended, key_file, run
from tests.cli.minimised_server import CODES, STUDY

SERVER = Path(__file__).with_name("minimised_server.py")
RESTRICTED = "procedure: minimisation\nslots: 8\nprobability: 0.9\nfactor_weights: {diabetes: 2}\n"


@pytest.fixture(scope="module")
def trial(place):
    """The protocol of a minimised trial with its restricted specification."""
    folder = place / "minimised"
    folder.mkdir()
    text = (TABLETS / "protocol.yaml").read_text("utf-8")
    (folder / "protocol.yaml").write_text(text.replace("procedure: permuted_blocks", "procedure: minimisation"))
    (folder / "randomisation.restricted.yaml").write_text(RESTRICTED)
    return folder / "protocol.yaml"


@pytest.fixture(scope="module")
def keepers(place, people, recipients):
    """The key of whoever unlocks the allocator, and a file of recipients that names it."""
    key = key_file(place, "unmasked_statistician", "Shen")
    (place / "words").write_text(f"{WORDS}\n")
    named = place / "with-keeper.txt"
    named.write_text(recipients.read_text() + "keeper Shen.key.pub\n")
    return key, named


@pytest.fixture(scope="module")
def ceremony(place, trial, keepers):
    out = place / "sealed-minimised"
    code, printed = run("seal", trial, "--recipients", keepers[1], "--out", out, "--by", "Chen", "--by", "Xu")
    assert code == 0, printed
    return out, printed


@pytest.fixture(scope="module")
def home(ceremony, trial, tmp_path_factory):
    """A deployment with the list and the second locks, and eight participants who may be randomised."""
    home = tmp_path_factory.mktemp("deployment") / "home"
    assert ended(home, trial, ceremony[0], program=[SERVER]) == (0, "ListLoaded SecondLocksLoaded\n")
    return home


def unlocking(home, key, words, **environment):
    arguments = ("allocator", "run", STUDY, "--key", key, "--passphrase-file", words, "--home", home)
    return subprocess.Popen(
        [sys.executable, "-m", "equipoise.cli", *map(str, arguments)], env=OUTSIDE | environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def slots(printed):
    return dict(line.split() for line in printed.splitlines())


@pytest.fixture(scope="module")
def drawn(home, place, keepers):
    """Six are randomised; the process is killed after three of them, unlocked again, and told to end."""
    said, path = [], home / f"allocator-{STUDY}.sock"
    for codes, ending in ((CODES[:3], signal.SIGKILL), (CODES[3:6], signal.SIGTERM)):
        process = unlocking(home, keepers[0], place / "words")
        try:
            said.append(process.stdout.readline())
            mode = stat.S_IMODE(path.stat().st_mode)
            code, printed = ended(home, *codes, program=[SERVER])
            assert code == 0
            said.append(slots(printed))
        finally:
            process.send_signal(ending)
            process.communicate(timeout=60)
    return [*said, (mode, process.returncode, path.exists())]


@pytest.fixture(scope="module")
def allocations(drawn, home, place):
    """What the server writes of who was given which envelope."""
    out = place / "allocations.json"
    code, printed = ended("allocator", "allocations", STUDY, "--home", home, "--out", out)
    assert code == 0, printed
    return out, printed


@pytest.fixture
def folder(allocations, ceremony, tmp_path):
    """The folder of the ceremony with the allocations of the trial."""
    copy = tmp_path / "end"
    shutil.copytree(ceremony[0], copy)
    shutil.copy(allocations[0], copy)
    return copy


def opened(folder, people):
    return run("open", folder, "--quorum", people["QA"], "--quorum", people["GCP"], "--out", folder / "opened.json")


# --- The ceremony ----------------------------------------------------------------------------------------------------


def test_each_participant_has_an_envelope_of_every_arm_and_the_seed_is_published(ceremony):
    out, printed = ceremony
    locks = (out / "allocator" / "second-locks.json").read_bytes()
    assert (len(read_locks(locks)[1]), read_seed(locks).choices) == (24, 3)
    text = (out / "publish" / "commitment.txt").read_text("utf-8")
    assert f"seed         sha256 {read_seed(locks).digest}" in text
    assert "envelopes.W006" in printed
    assert "unmasked_statistician/Shen" in (out / "transcript.txt").read_text("utf-8")


def test_a_keeper_is_needed_for_minimisation_and_for_nothing_else(place, trial, protocol, recipients, keepers):
    for file, named, expected in ((trial, recipients, "E082"), (protocol, keepers[1], "E083")):
        code, printed = run("seal", file, "--recipients", named, "--out", place / "none")
        assert (code, f"envelopes.{expected}" in printed, (place / "none").exists()) == (1, True, False)


@pytest.mark.parametrize(("restricted", "expected"), [
    (RESTRICTED.replace("slots", "slot"), "randomisation.E031"), (RESTRICTED.replace("0.9", "1"), "randomisation.E042"),
])  # fmt: skip
def test_a_wrong_specification_is_named(place, trial, keepers, tmp_path, restricted, expected):
    shutil.copytree(trial.parent, tmp_path / "wrong")
    (tmp_path / "wrong" / "randomisation.restricted.yaml").write_text(restricted)
    file = tmp_path / "wrong" / "protocol.yaml"
    code, printed = run("seal", file, "--recipients", keepers[1], "--out", place / "none")
    assert (code, expected in printed) == (1, True)


# --- The process -----------------------------------------------------------------------------------------------------


def test_it_is_unlocked_draws_and_knows_after_a_kill_what_was_drawn(drawn):
    first, early, second, late, _ = drawn
    assert f"{STUDY} is unlocked: 0 draws" in first
    assert f"{STUDY} is unlocked: 3 draws" in second
    given = early | late
    assert list(given) == CODES[:6]
    assert len(set(given.values())) == 6


def test_it_ends_when_it_is_told_to_and_its_socket_with_it(drawn, home):
    assert drawn[-1] == (0o600, 0, False)
    assert not (home / f"allocator-{STUDY}.sock").exists()


# --- The end ---------------------------------------------------------------------------------------------------------


def test_every_draw_is_made_again_at_the_end(folder, allocations, people):
    assert "6 allocations, 0 of them unknown to the ledger" in allocations[1]
    code, said = opened(folder, people)
    assert code == 0, said
    assert "24 slots agree" in said
    assert "6 draws were made again and gave the envelopes that were given." in said
    for arm in ("high", "low", "placebo"):
        assert arm not in said + allocations[0].read_text()


def test_a_keeper_s_own_key_opens_the_seed_for_two_recipients(folder, people, keepers):
    recipients = ("--quorum", people["Li"], "--quorum", people["Wang"])
    code, said = run("open", folder, *recipients, "--out", folder / "1.json")
    assert (code, "envelopes.E060" in said) == (1, True)
    code, said = run("open", folder, *recipients, "--quorum", keepers[0], "--out", folder / "2.json")
    assert (code, "6 draws were made again" in said) == (0, True)


def change(folder, place, **values):
    file = folder / "allocations.json"
    read = json.loads(file.read_bytes())
    read["allocations"][place] |= values
    file.write_text(json.dumps(read))
    return read["allocations"]


def test_a_single_altered_draw_is_named(folder, people):
    rows = change(folder, 0)
    block = json.loads((folder / "allocator" / "second-locks.json").read_bytes())["locks"]
    place = {each["label"]: each["position"] for each in block}
    victim = max(range(6), key=lambda number: place[rows[number]["label"]])
    number = (place[rows[victim]["label"]] - 1) // 3
    other = next(label for label, at in place.items() if (at - 1) // 3 == number and label != rows[victim]["label"])
    change(folder, victim, label=other)
    code, said = opened(folder, people)
    assert (code, "allocator.E013" in said) == (1, True)
    assert f"Draw {number + 1}, of participant {rows[victim]['subject']}," in said


@pytest.mark.parametrize(("values", "expected"), [
    ({"label": "00000000"}, "envelopes.E019"), ({"stratum": "site=11"}, "allocator.E013"), ({"set_aside": 7}, "E022"),
])  # fmt: skip
def test_an_allocation_that_cannot_be_is_named(folder, people, values, expected):
    change(folder, 0, **values)
    code, said = opened(folder, people)
    assert (code, expected in said) == (1, True)


def test_a_file_that_is_none_and_no_file_are_said(folder, people):
    (folder / "allocations.json").write_text('{"format":"another"}')
    assert "envelopes.E022" in opened(folder, people)[1]
    (folder / "allocations.json").unlink()
    code, said = opened(folder, people)
    assert (code, "were not made again: there is no allocations.json" in said) == (0, True)


def test_an_envelope_that_is_nobodys_is_said(folder, people):
    file = folder / "allocations.json"
    read = json.loads(file.read_bytes())
    place = {each["label"]: each["position"] for each in json.loads(
        (folder / "allocator" / "second-locks.json").read_bytes())["locks"]}  # fmt: skip
    rows = sorted(read["allocations"], key=lambda row: place[row["label"]])
    file.write_text(json.dumps(read | {"allocations": rows[:2] + rows[3:]}))
    code, said = opened(folder, people)
    assert (code, "2 draws were made again" in said, "3 cannot be" in said) == (0, True, True)


def test_the_same_trial_is_sealed_again_with_its_seed_for_another_keeper(folder, people, place, trial, recipients):
    new = key_file(place, "unmasked_statistician", "Gao")
    named = place / "again.txt"
    named.write_text(recipients.read_text() + "keeper Gao.key.pub\n")
    code, printed = run(
        "escrow", "seal-again", folder, "--quorum", people["QA"], "--quorum", people["GCP"], "--protocol", trial,
        "--recipients", named, "--version", "2", "--by", "Chen", "--by", "Xu", "--out", folder.parent / "again",
    )  # fmt: skip
    assert code == 0, printed
    before, after = (
        read_seed((where / "allocator" / "second-locks.json").read_bytes())
        for where in (folder, folder.parent / "again")
    )
    assert (after.digest, after.choices) == (before.digest, before.choices)
    assert after.file != before.file
    assert re.search(rf"seed +sha256 {before.digest}", (folder.parent / "again/publish/commitment.txt").read_text())
    assert new.exists()

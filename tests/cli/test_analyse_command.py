"""`equipoise analyse`: what it writes, what it refuses before it touches anything, and that nothing is half-written."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from equipoise.allocator import door
from equipoise.cli import analyse, ceremony, main, rehearsal
from equipoise.cli.deployment import has_database
from equipoise.desk import Desk
from equipoise.envelopes import (
    Effort,
    OpenedList,
    SealedList,
    new_key,
    read_opened,
    seal,
    share_out,
    write_list,
    write_locks,
    write_private_key,
)
from equipoise.envelopes.ceremony import commitment_text
from equipoise.ledger.sealed import keep
from equipoise.protocol.load import load
from equipoise.randomisation import operating_system
from equipoise.reports import files, typeset
from equipoise.simulation.clock import VirtualClock
from equipoise.simulation.fitting import read_for
from equipoise.statistics import warm
from tests.cli.conftest import typed

ROOT = Path(__file__).parents[2]
TABLETS = ROOT / "trials" / "hypertension-tablets" / "protocol.yaml"
LUPUS = ROOT / "trials" / "belimumab-sle" / "protocol.yaml"
PROTOCOL = load(TABLETS.read_bytes())[0]
NATURE, _ = read_for(PROTOCOL, (TABLETS.parent / "scenarios" / "demo.yaml").read_bytes(), name="demo.yaml")
WORDS = "correct horse battery staple"
QUICK = Effort(1, 8192)  # Argon2id's least


# --- In this process, on a trial that nobody has entered -------------------------------------------------------------


@dataclass
class Place:
    """A study in the ledger of this test, its ceremony in a folder, and where outputs may go."""

    desk: Desk
    clock: VirtualClock
    trial: rehearsal.Trial
    folder: Path
    sealed: SealedList

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def opened(self) -> Path:
        return self.folder / "opened-list.json"

    def lock_and_open(self) -> None:
        rehearsal.open_trial(self.trial, self.desk, self.clock, self.opened)


@pytest.fixture
def place(db, tmp_path, monkeypatch):
    monkeypatch.setattr(analyse, "prepare", lambda home, demo: None)
    monkeypatch.setattr(analyse, "has_database", lambda: True)
    monkeypatch.setattr(warm, "warm_in_background", lambda: None)
    trial = rehearsal.Trial(PROTOCOL.id, TABLETS, PROTOCOL, NATURE, seed=1, participants=1)
    clock = VirtualClock(trial.start)
    desk = rehearsal.open_desk(trial, clock)
    plan = {stratum: arms[:4] for stratum, arms in rehearsal.draw_list(trial).items()}
    escrow = trial.key(rehearsal.ESCROW)
    sealed, locks = seal(trial.study, plan, [trial.key("pharmacist").public, escrow.public], trial.source(), demo=True)
    keep(sealed)
    door.load(trial.study, locks)
    holders = [new_key("holder", operating_system, holder=name, demo=True) for name in ("QA", "GCP", "Stat")]
    kept = {"sealed-list.json": write_list(sealed), "second-locks.json": write_locks(trial.study, locks)}
    kept["commitment.txt"] = commitment_text(sealed, kept["second-locks.json"], "").encode()
    shares = share_out(trial.study, escrow, [key.public for key in holders], operating_system, demo=True)
    kept |= {f"share-{number}.json": share for number, share in enumerate(shares, start=1)}
    (tmp_path / "ceremony").mkdir()
    for name, content in kept.items():
        (tmp_path / "ceremony" / name).write_bytes(content)
    for key in holders:
        (tmp_path / f"{key.holder}.key").write_bytes(write_private_key(key, WORDS, operating_system, QUICK))
    (tmp_path / "words").write_text(WORDS)
    return Place(desk, clock, trial, tmp_path, sealed)


@pytest.fixture
def db(request):
    request.node.add_marker(pytest.mark.django_db(databases=["default", "allocator"]))
    request.getfixturevalue("_django_db_helper")


def run(*arguments):
    """What the command prints, what of it on standard output, and how it ends."""
    done = CliRunner().invoke(main, ["analyse", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output, done.stdout


def quorum(place, *names):
    folder = place.folder
    options = (("--quorum", folder / f"{name}.key", "--passphrase-file", folder / "words") for name in names)
    return ["--sealed", folder / "ceremony", *(part for pair in options for part in pair)]


def asked(place, *more):
    return [TABLETS, "--ledger", place.folder, "--out", place.out, *more]


def refused(place, *more, identity):
    """The command ends with this problem and leaves nothing behind."""
    before = sorted(place.folder.rglob("*"))
    code, printed, _ = run(*asked(place, *more))
    assert code == 1
    assert identity in printed, printed
    assert sorted(place.folder.rglob("*")) == before


class TestRefusals:
    def test_a_trial_that_is_not_locked_keeps_its_arms_and_no_sealed_file_is_touched(self, place):
        shutil.rmtree(place.folder / "ceremony")
        (place.folder / "ceremony").mkdir()
        refused(place, *quorum(place, "QA", "GCP"), identity="analysis.E001")
        refused(place, "--opened", place.folder / "none.json", identity="analysis.E001")

    def test_an_opening_that_is_not_on_record(self, place):
        place.clock.pass_(86_400)
        rehearsal.lock(PROTOCOL, place.desk)
        refused(place, *quorum(place, "QA", "GCP"), identity="analysis.E002")

    def test_a_share_that_is_missing(self, place):
        place.lock_and_open()
        (place.folder / "ceremony" / "share-2.json").unlink()
        refused(place, *quorum(place, "QA", "GCP"), identity="envelopes.E054")
        refused(place, *quorum(place, "QA"), identity="envelopes.E054")

    def test_an_opened_list_that_was_altered(self, place):
        place.lock_and_open()
        read = json.loads(place.opened.read_bytes())
        turned = {"high": "placebo", "placebo": "high"}
        for slot in read["slots"]:
            slot["arm"] = turned.get(slot["arm"], slot["arm"])
        place.opened.write_text(json.dumps(read))
        refused(place, "--opened", place.opened, identity="analysis.E004")
        place.opened.write_text("{}")
        refused(place, "--opened", place.opened, identity="envelopes.")

    def test_a_ledger_that_was_altered(self, place, administrator):
        administrator("UPDATE ledger_act SET reason = 'x' WHERE sequence = 2")
        refused(place, identity="ledger.E002")

    def test_a_study_that_is_not_there(self, place):
        refused(place, "--study", "other", identity="outputs.E005")

    def test_another_protocol_than_that_of_the_ledger(self, place):
        arguments = [LUPUS, "--ledger", place.folder, "--study", place.trial.study, "--out", place.out]
        code, printed, _ = run(*arguments)
        assert (code, "outputs.E006" in printed) == (1, True), printed
        assert not place.out.exists()

    def test_a_folder_with_something_in_it(self, place):
        place.out.mkdir()
        (place.out / "thesis.txt").write_text("years of work")
        refused(place, identity="envelopes.E051")

    def test_a_protocol_that_is_not_there_or_is_none(self, place):
        code, printed, _ = run(place.folder / "none.yaml", "--ledger", place.folder, "--out", place.out)
        assert (code, "envelopes.E050" in printed) == (1, True)
        code, printed, _ = run(place.folder / "words", "--ledger", place.folder, "--out", place.out)
        assert (code, "protocol.E012" in printed) == (1, True)

    def test_a_disk_that_is_full_leaves_nothing(self, place, monkeypatch):
        def full(handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(analyse, "_write", _write_little)
        monkeypatch.setattr(ceremony.os, "fsync", full)
        refused(place, identity="envelopes.E057")

    def test_problems_are_said_in_chinese_and_as_json(self, place):
        _, printed, _ = run(*asked(place, "--study", "other", "--language", "zh"))
        assert "此处没有研究 other 的账本。" in printed
        code, _, out = run(*asked(place, "--study", "other", "--json"))
        assert code == 1
        assert "outputs.E005" in json.loads(out)["problems"][0]

    @pytest.mark.parametrize(
        "options",
        [
            [], [TABLETS], [TABLETS, "--out", "out", "--opened", "a", "--seed", "x"],
            [TABLETS, "--out", "out", "--opened", "a", "--sealed", ".", "--quorum", "a"],
            [TABLETS, "--out", "out", "--sealed", "."], [TABLETS, "--out", "out", "--quorum", "a"],
        ],
        ids=["nothing", "no folder", "a seed of true arms", "two lists", "no keys", "keys for nothing"],
    )  # fmt: skip
    def test_options_that_do_not_go_together(self, options, tmp_path):
        code, printed, _ = run(*options, "--ledger", tmp_path)
        assert code == 2
        assert "Error: " in printed

    def test_a_folder_without_a_ledger_stays_as_it_was(self, place, monkeypatch):
        monkeypatch.setattr(analyse, "has_database", lambda: False)
        refused(place, identity="outputs.E005")
        code, printed, _ = run(TABLETS, "--ledger", place.folder / "none", "--out", place.out)
        assert (code, "outputs.E005" in printed, (place.folder / "none").exists()) == (1, True, False)

    def test_a_server_answers_for_itself_and_a_file_is_there_or_not(self, monkeypatch, tmp_path):
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "none.sqlite3"))
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
        assert not has_database()
        (tmp_path / "none.sqlite3").touch()
        assert has_database()
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
        assert has_database()


def _write_little(steps, opened, protocol, out, seed):
    ceremony.write_folder(out, {"a/b": b"x"})


class TestWhatIsWritten:
    def test_a_quorum_opens_the_list_as_the_file_of_it_would(self, place, monkeypatch):
        place.lock_and_open()
        seen = []
        monkeypatch.setattr(analyse, "_write", lambda steps, opened, *rest: seen.append(opened) or {})
        opened = place.opened.rename(place.folder / "moved.json")
        assert run(*asked(place, *quorum(place, "QA", "Stat")))[0] == 0
        assert run(*asked(place, "--opened", opened))[0] == 0
        by_quorum, by_file = seen
        assert not by_quorum.dummy
        assert by_quorum == by_file
        assert isinstance(read_opened(opened.read_bytes()), OpenedList)

    def test_without_a_chinese_font_it_says_what_was_left_out(self, place, monkeypatch):
        monkeypatch.setattr(files, "chinese_font", lambda: "")
        monkeypatch.setattr(typeset, "chinese_font", lambda: "")
        code, printed, _ = run(*asked(place))
        assert code == 0
        assert "warning outputs.W001" in printed
        assert (place.out / "notes.txt").exists()
        assert not list(place.out.rglob("*.zh.pdf"))
        assert (place.out / "report.zh.rtf").exists()


# --- As a person types it -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A demonstration with five participants."""
    home = tmp_path_factory.mktemp("analysed") / "demo"
    done = typed("demo", TABLETS, "--no-serve", "--out", home, "--seed", 2, "--participants", 5)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


@pytest.fixture(scope="module")
def dummy(home):
    """The outputs on dummy arms."""
    out = home.parent / "dummy"
    done = typed("analyse", TABLETS, "--ledger", home, "--out", out, "--seed", "a", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return out, json.loads(done.stdout)


def content_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_says_what_it_did(home, dummy):
    out, said = dummy
    assert said["problems"] == []
    assert (said["arms"], said["seed"], said["out"]) == ("dummy", "a", str(out))
    assert said["files"] == len(content_of(out))
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["arms"], manifest["seed_of_dummy_arms"]) == ("dummy", "a")
    assert (manifest["ledger_head"], manifest["acts"]) == (said["ledger_head"], said["acts"])
    assert "DUMMY ARMS" in (out / "report.html").read_text("utf-8")
    assert "虚拟分组" in (out / "displays" / "zh" / "f01-flow.html").read_text("utf-8")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_one_other_arms(home, dummy):
    again = typed("analyse", TABLETS, "--ledger", home, "--out", home.parent / "again", "--seed", "a")
    assert again.returncode == 0, again.stdout
    assert "on DUMMY arms, seed a" in again.stdout
    assert content_of(home.parent / "again") == content_of(dummy[0])


def test_the_true_arms_give_the_results_of_the_demonstration(home):
    out, opened = home.parent / "true", home / "opened-list.json"
    done = typed("analyse", TABLETS, "--ledger", home, "--out", out, "--opened", opened)
    assert done.returncode == 0, done.stdout
    theirs = home / "report" / "hypertension-tablets"
    for name in ("ard.csv", "adam/adsl.csv", "tables/baseline.csv", "figures/flow.svg"):
        assert (out / name).read_bytes() == (theirs / name).read_bytes()
    assert "DUMMY" not in (out / "report.html").read_text("utf-8")


def test_a_folder_is_compared_with_its_manifest(dummy, tmp_path):
    out, said = dummy
    code, printed, _ = run("--check", out)
    assert code == 0
    assert f"{said['files'] - 1} files are those of the manifest" in printed
    code, _, printed = run("--check", out, "--json")
    assert json.loads(printed) == {"problems": [], "files": said["files"] - 1}
    shutil.copytree(out, tmp_path / "copy")
    with (tmp_path / "copy" / "ard.csv").open("ab") as file:
        file.write(b"\n")
    code, printed, _ = run("--check", tmp_path / "copy")
    assert (code, "ard.csv: error outputs.E002" in printed) == (1, True)

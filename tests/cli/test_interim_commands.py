"""A look as people hold it: asked for, released, reported open and closed, read, and recommended after."""

import re
import stat

import pytest
from click.testing import CliRunner

from equipoise.allocator import door
from equipoise.cli import interim, main
from equipoise.conduct.strata import strata
from equipoise.envelopes import Effort, new_key, seal, write_private_key, write_public_key
from equipoise.ledger.sealed import keep
from equipoise.randomisation import seeded
from equipoise.web import deployment
from tests.desk.at_work import PROTOCOL, Study

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

QUICK = Effort(1, 8192)  # Argon2id's least
LOCAL = {
    "statistician": new_key("unmasked_statistician", seeded(b"statistician"), demo=True),
    "chair": new_key("committee_chair", seeded(b"chair"), demo=True),
    "member": new_key("committee_member", seeded(b"member"), demo=True, holder="Li Na"),
    "sponsor": new_key("sponsor", seeded(b"sponsor"), demo=True),
}
PLAN = dict.fromkeys(strata(PROTOCOL), ("high", "placebo", "low", "high"))
SEALED, LOCKS = seal("tablets", PLAN, [LOCAL["statistician"].public], seeded(b"list"), demo=True)


def run(*arguments):
    """What a command prints and how it ends: never in a traceback."""
    done = CliRunner().invoke(main, ["interim", *(str(argument) for argument in arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name, key in LOCAL.items():
        (folder / f"{name}.key").write_bytes(write_private_key(key, "words", seeded(b"salt"), QUICK))
        (folder / f"{name}.key.pub").write_bytes(write_public_key(key.public))
    (folder / "words").write_text("words\n")
    return folder


@pytest.fixture
def trial(monkeypatch):
    """A deployment with one study, in which two participants are randomised."""
    monkeypatch.setattr(interim, "prepare", lambda home, demo: None)
    deployment.forget()
    made = Study()
    keep(SEALED)
    assert isinstance(door.load("tablets", LOCKS), door.Loaded)
    made.randomised(), made.randomised("12")
    yield made
    deployment.forget()


@pytest.fixture
def server(tmp_path):
    return ("--home", tmp_path)


@pytest.fixture
def package(trial, server, keys, tmp_path):
    assert run("request", "safety_1", *server, "--by", "Prof Xu")[0] == 0
    file = tmp_path / "look.sealed"
    code, said = run(
        "release", "safety_1", *server, "--by", "Dr He", "--key", keys / "statistician.key.pub", "--out", file
    )
    assert code == 0, said
    return file


def closed(package, keys, out, *more, to=("chair", "member")):
    members = [each for name in to for each in ("--to", keys / f"{name}.key.pub")]
    mine = ("--key", keys / "statistician.key", "--passphrase-file", keys / "words")
    return run("closed", package, *mine, *members, "--out", out, *more)


def read(file, keys, name, out):
    return run("read", file, "--key", keys / f"{name}.key", "--passphrase-file", keys / "words", "--out", out)


def test_from_the_request_to_the_recommendation(trial, package, server, keys, tmp_path):
    assert stat.S_IMODE(package.stat().st_mode) == 0o600
    code, said = closed(package, keys, tmp_path / "closed")
    assert code == 0, said
    assert "committee_chair, committee_member/Li Na" in said
    assert {file.name for file in (tmp_path / "closed").iterdir()} == {interim.CLOSED, interim.LETTERS}
    for name in ("chair", "member"):
        code, said = read(tmp_path / "closed" / interim.CLOSED, keys, name, tmp_path / name)
        assert (code, "safety_1" in said, "closed.html" in said) == (0, True, True)
        assert "CLOSED: committee only" in (tmp_path / name / "closed.html").read_text()
    assert read(tmp_path / "closed" / interim.LETTERS, keys, "chair", tmp_path / "letters")[0] == 0
    assert "Placebo" in (tmp_path / "letters" / "key.html").read_text()
    code, said = run("recommend", "safety_1", "continue", *server, "--by", "Prof Xu")
    assert (code, "RecommendationSigned" in said) == (0, True)
    code, said = run("recommend", "safety_1", "stop_safety", *server, "--by", "Prof Xu")
    assert (code, "conduct.E095" in said) == (1, True)
    assert trial.ledger.snapshot().looks["safety_1"].recommendation == "continue"


def test_nobody_but_the_committee_reads_the_closed_report(package, keys, tmp_path):
    closed(package, keys, tmp_path / "closed")
    for name in ("statistician", "sponsor"):
        code, said = read(tmp_path / "closed" / interim.CLOSED, keys, name, tmp_path / name)
        assert (code, "envelopes.E060" in said, (tmp_path / name).exists()) == (1, True, False)


def test_nobody_but_the_statistician_makes_it(package, keys, tmp_path):
    code, said = run(
        "closed", package, "--key", keys / "chair.key", "--passphrase-file", keys / "words",
        "--to", keys / "chair.key.pub", "--out", tmp_path / "closed",
    )  # fmt: skip
    assert (code, "envelopes.E060" in said, (tmp_path / "closed").exists()) == (1, True, False)


def test_it_is_sealed_for_nobody_who_does_not_receive_it(package, keys, tmp_path):
    code, said = closed(package, keys, tmp_path / "closed", to=("chair", "sponsor"))
    assert (code, "command.E032" in said, (tmp_path / "closed").exists()) == (1, True, False)


def test_the_sizes_say_nothing(package, keys, tmp_path):
    """By letters or by name, the report has one size; and the letters stay the same from one making to the next."""
    for out, arms in (("one", "coded"), ("two", "named"), ("three", "coded")):
        assert closed(package, keys, tmp_path / out, "--arms", arms)[0] == 0
    sizes = {(tmp_path / out / interim.CLOSED).stat().st_size for out in ("one", "two", "three")}
    assert len(sizes) == 1
    assert not (tmp_path / "two" / interim.LETTERS).exists()
    for out in ("one", "three"):
        read(tmp_path / out / interim.LETTERS, keys, "chair", tmp_path / f"letters-{out}")
    one, three = ((tmp_path / f"letters-{out}" / "key.html").read_bytes() for out in ("one", "three"))
    assert one == three


def test_the_open_report_needs_no_key_and_follows_the_release(trial, package, server, tmp_path):
    trial.randomised()
    code, said = run("open", "safety_1", *server, "--out", tmp_path / "open")
    cut = trial.ledger.snapshot().looks["safety_1"].cut
    assert (code, f"act {cut}," in said) == (0, True)
    assert re.search(r"Randomised</th><td[^>]*>2<", (tmp_path / "open" / "open.html").read_text())
    code, said = run("open", "safety_1", *server, "--cut", "2099-01-01", "--out", tmp_path / "later")
    assert re.search(r"Randomised</th><td[^>]*>3<", (tmp_path / "later" / "open.html").read_text())


@pytest.mark.parametrize(
    ("arguments", "id_"),
    [
        (("request", "safety_9", "--by", "x"), "command.E031"),
        (("open", "safety_1", "--cut", "2020-01-01", "--out", "open"), "command.E033"),
        (("open", "safety_1", "--study", "tablet", "--out", "open"), "command.E030"),
        (("recommend", "safety_1", "continue", "--by", "x"), "conduct.E094"),
        (("release", "safety_1", "--by", "x", "--key", "statistician.key.pub", "--out", "p"), "conduct.E092"),
        (("release", "safety_1", "--by", "x", "--key", "chair.key.pub", "--out", "p"), "desk.E006"),
        (("release", "safety_1", "--by", "x", "--key", "none", "--out", "p"), "envelopes.E050"),
        (("release", "safety_1", "--by", "x", "--key", "statistician.key.pub", "--out", "words"), "envelopes.E051"),
    ],
    ids=lambda each: each if isinstance(each, str) else each[0],
)
def test_what_cannot_be_is_said(trial, server, keys, monkeypatch, arguments, id_):
    monkeypatch.chdir(keys)
    code, said = run(*arguments, *server)
    assert (code, id_ in said) == (1, True), said


def test_a_cut_is_an_act_or_a_day(server, tmp_path):
    code, said = run("open", "safety_1", *server, "--cut", "yesterday", "--out", tmp_path / "open")
    assert (code, "neither the number of an act nor a day" in said) == (2, True)


def test_a_trial_without_looks(trial, server, monkeypatch):
    desk = deployment.desk("tablets")
    desk.protocol = PROTOCOL.model_copy(update={"monitoring": None})
    monkeypatch.setattr(deployment, "desk", lambda study: desk)
    code, said = run("request", "safety_1", *server, "--by", "x")
    assert (code, "plans no looks" in said) == (1, True)


def test_a_deployment_without_studies(server, monkeypatch):
    monkeypatch.setattr(interim, "prepare", lambda home, demo: None)
    code, said = run("request", "safety_1", *server, "--by", "x")
    assert (code, "There are 0 studies here" in said) == (1, True)


def test_nothing_is_overwritten(package, keys, server, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    for attempt in (
        closed(package, keys, tmp_path / "full"), read(package, keys, "chair", tmp_path / "full"),
        run("open", "safety_1", *server, "--out", tmp_path / "full"),
    ):  # fmt: skip
        assert (attempt[0], "envelopes.E051" in attempt[1]) == (1, True)

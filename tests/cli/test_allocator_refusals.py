"""What `equipoise allocator` says to who may not unlock, where nobody can listen, and when something contradicts."""

import json

import pytest
from django.conf import settings

from equipoise.allocator.asking import socket_of
from equipoise.allocator.process import listening
from equipoise.allocator.questions import Shut, State, write
from equipoise.cli import allocator as command
from equipoise.envelopes import Effort, write_private_key
from equipoise.randomisation import operating_system
from equipoise.web import deployment
from tests.allocator import minimised
from tests.cli.conftest import WORDS, run
from tests.desk.at_minimised import arrived, randomise
from tests.desk.at_work import done

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
STUDY = "tablets"


@pytest.fixture
def study(monkeypatch, tmp_path):
    """A minimised study in the database of this process; the commands find it there."""
    monkeypatch.setattr(command, "prepare", lambda home, demo: None)
    monkeypatch.setattr(command, "forget_on_crash", lambda: None)
    monkeypatch.setattr(settings, "ALLOCATOR_SOCKETS", str(tmp_path))
    deployment.forget()
    return arrived()


def unlock(tmp_path, key=minimised.KEEPER, mode=0o600, study=STUDY):
    file, words = tmp_path / "some.key", tmp_path / "words"
    file.write_bytes(write_private_key(key, WORDS, operating_system, Effort(1, 8192)))
    file.chmod(mode)
    words.write_text(WORDS)
    return run("allocator", "run", study, "--key", file, "--passphrase-file", words, "--home", tmp_path)


def allocations(tmp_path, study=STUDY):
    return run("allocator", "allocations", study, "--home", tmp_path, "--out", tmp_path / "allocations.json")


def test_a_key_that_is_no_keepers_and_a_study_with_a_list_are_refused(study, tmp_path):
    assert "envelopes.E060" in unlock(tmp_path, minimised.PHARMACIST)[1]
    code, printed = unlock(tmp_path, study="another")
    assert (code, "allocator.E011" in printed) == (1, True)


def test_a_demonstration_s_key_is_for_demonstrations_only(study, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", False)
    code, printed = unlock(tmp_path)
    assert (code, "envelopes.E004" in printed) == (1, True)


def test_a_second_process_is_refused(study, tmp_path):
    with listening(socket_of(STUDY)):
        code, printed = unlock(tmp_path)
    assert (code, "is unlocked already" in printed) == (1, True)


def test_a_place_where_nobody_can_listen_and_a_key_that_others_read_are_said(study, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ALLOCATOR_SOCKETS", str(tmp_path / "nowhere"))
    code, printed = unlock(tmp_path, mode=0o644)
    assert (code, "Nobody can listen at" in printed, "envelopes.W005" in printed) == (1, True, True)


def test_a_draw_that_is_found_wrong_while_it_runs_is_said_once(study, tmp_path, monkeypatch, capsys):
    kept = minimised.unlocked(monkeypatch, study=STUDY)
    study.randomised()
    minimised.administrator("UPDATE allocator_draw SET record = x'00'")
    answers = {command._answered(kept, write(State(STUDY))) for _ in range(3)}
    assert answers == {write(Shut())}
    assert capsys.readouterr().err.count("allocator.E013") == 1


def test_what_the_ledger_does_not_know_is_written_out_too(study, tmp_path, monkeypatch):

    minimised.unlocked(monkeypatch, study=STUDY)
    lost, known = study.eligible(), study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, lost)
    done(randomise(study, known))
    code, printed = allocations(tmp_path)
    assert (code, "2 allocations, 1 of them unknown to the ledger" in printed) == (0, True)
    rows = json.loads((tmp_path / "allocations.json").read_bytes())["allocations"]
    assert {row["subject"] for row in rows} == {lost, known}
    assert "spare" not in json.dumps(rows)


def test_a_ledger_that_contradicts_the_store_is_not_written_out(study, tmp_path, monkeypatch):
    minimised.unlocked(monkeypatch, study=STUDY)
    study.randomised()
    minimised.administrator("UPDATE allocator_draw SET stratum = 'site=12|diabetes=yes'")
    code, printed = allocations(tmp_path)
    assert (code, "allocator.E008" in printed) == (1, True)
    assert not (tmp_path / "allocations.json").exists()


def test_a_study_that_is_not_here_has_no_allocations(study, tmp_path):
    code, printed = allocations(tmp_path, "nowhere")
    assert (code, "no study" in printed) == (1, True)

"""The commands as a person uses them: what they print, how they end, and that nothing ever ends in a traceback."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from equipoise.cli import main
from equipoise.cli.demo import reference_trial
from tests.cli.conftest import typed

ROOT = Path(__file__).parents[2]
TABLETS = ROOT / "trials" / "hypertension-tablets" / "protocol.yaml"
RECORDS = ROOT / "tests" / "drafting_records"


def run(*arguments):
    """What a command prints and how it ends."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_wrong_command_is_answered_with_the_right_one():
    code, printed = run("chekc")
    assert code == 2
    assert "Did you mean 'check'?" in printed


class TestCheck:
    def test_a_sound_protocol(self):
        code, printed = run("check", TABLETS)
        assert (code, printed) == (0, "protocol.yaml is sound.\n")

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_it_explains_in_both_languages(self, language):
        code, printed = run("check", TABLETS, "--explain", "--language", language)
        assert code == 0
        assert ("Visit" in printed or "Week" in printed) if language == "en" else "周" in printed

    def test_every_problem_at_once_with_its_line_and_exit_1(self, tmp_path):
        file = tmp_path / "p.yaml"
        text = TABLETS.read_text(encoding="utf-8").replace("codes: ", "cods: ").replace("type: integer", "type: integr")
        file.write_text(text, encoding="utf-8")
        code, printed = run("check", file)
        assert code == 1
        assert printed.count("Did you mean 'codes'?") == text.count("cods: ")
        assert printed.count("Did you mean 'integer'?") == text.count("type: integr")
        assert "p.yaml:" in printed

    def test_a_draft_is_sound_with_warnings(self, tmp_path):
        draft = tmp_path / "draft.yaml"
        assert run("draft", RECORDS / "lupus_prevention.txt", "-o", draft)[0] == 0
        code, printed = run("check", draft)
        assert code == 0
        assert "warning protocol.W001" in printed
        assert "sound, with" in printed

    def test_a_file_that_is_not_there(self, tmp_path):
        code, printed = run("check", tmp_path / "none.yaml")
        assert code == 1
        assert "command.E001" in printed

    def test_fifty_megabytes(self, tmp_path):
        file = tmp_path / "big.yaml"
        with file.open("wb") as big:
            big.truncate(50_000_000)
        code, printed = run("check", file)
        assert code == 1
        assert "protocol.E001" in printed

    @given(data=st.binary(max_size=300))
    def test_any_bytes_end_in_problems_and_not_in_a_traceback(self, data, tmp_path_factory):
        file = tmp_path_factory.mktemp("any") / "p.yaml"
        file.write_bytes(data)
        assert run("check", file)[0] == 1


class TestDraft:
    def test_a_draft_is_printed_and_what_is_left_to_do_is_said(self):
        code, printed = run("draft", RECORDS / "vaccine_cluster.txt")
        assert code == 0
        assert "equipoise: 1" in printed
        assert "things to do by hand" in printed

    def test_what_is_no_record_is_said(self, tmp_path):
        file = tmp_path / "x.json"
        file.write_bytes(b'{"studies": [')
        code, printed = run("draft", file)
        assert code == 1
        assert "draft.E" in printed


class TestDemo:
    def test_the_reference_trial_is_found(self):
        assert reference_trial() == ROOT / "trials" / "belimumab-sle" / "protocol.yaml"

    def test_a_folder_with_other_things_is_not_touched(self, tmp_path):
        (tmp_path / "thesis.txt").write_text("years of work")
        code, printed = run("demo", TABLETS, "--no-serve", "--out", tmp_path)
        assert code == 1
        assert "nothing was touched" in printed
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_protocol_with_an_error_stops_at_once(self, tmp_path):
        wrong = tmp_path / "p.yaml"
        wrong.write_text(TABLETS.read_text(encoding="utf-8").replace("type: choice", "type: choise"), encoding="utf-8")
        code, printed = run("demo", wrong, "--no-serve", "--out", tmp_path / "out")
        assert code == 1
        assert "Did you mean 'choice'?" in printed
        assert not (tmp_path / "out").exists()

    def test_a_scenario_that_does_not_fit_stops_at_once(self, tmp_path):
        wrong = tmp_path / "s.yaml"
        nature = TABLETS.parent / "scenarios" / "demo.yaml"
        wrong.write_text(nature.read_text(encoding="utf-8").replace("high:", "hihg:"), encoding="utf-8")
        code, printed = run("demo", TABLETS, "--no-serve", "--out", tmp_path / "out", "--scenario", wrong)
        assert code == 1
        assert "scenario.E001" in printed
        assert run("demo", TABLETS, "--scenario", tmp_path / "none.yaml", "--out", tmp_path / "out")[0] == 1


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A demonstration of the second trial, which a scenario of its own drives with no change of code."""
    home = tmp_path_factory.mktemp("demo") / "out"
    done = typed("demo", TABLETS, "--no-serve", "--out", home, "--seed", 3, "--participants", 8)
    assert done.returncode == 0, done.stdout + done.stderr
    return home, done.stdout


def head(printed):
    return printed.split("ledger head")[1].split()[0]


def test_the_demonstration_says_what_it_did(home):
    folder, printed = home
    assert len(head(printed)) == 64
    assert "8 randomised" in printed
    assert "acts/s" in printed
    assert "SIMULATED" in printed
    for name in ("report.html", "report.pdf", "ard.csv"):
        assert (folder / "report" / "hypertension-tablets" / name).stat().st_size > 1000


def test_the_same_seed_gives_the_same_head_and_report(home, tmp_path):
    folder, printed = home
    again = typed("demo", TABLETS, "--no-serve", "--out", tmp_path / "out", "--seed", 3, "--participants", 8)
    assert head(again.stdout) == head(printed)
    for path in (folder / "report").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "out" / path.relative_to(folder)).read_bytes(), path.name


def test_verify_finds_the_act_of_which_a_byte_was_changed(home, tmp_path):
    folder, printed = home
    sound = typed("verify", "--home", folder, "--json")
    assert sound.returncode == 0
    assert json.loads(sound.stdout)[0]["head"] == head(printed)
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    connection = sqlite3.connect(copy / "equipoise.sqlite3")
    for name in ("act_no_update", "act_no_delete", "act_no_replace"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE ledger_act SET reason = reason || '.' WHERE sequence = 40")
    connection.commit()
    connection.close()
    touched = typed("verify", "--home", copy)
    assert touched.returncode == 1
    assert "act 40 " in touched.stdout
    assert "ledger.E002" in touched.stdout


def test_verify_makes_the_values_again(home, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(home[0], copy)
    connection = sqlite3.connect(copy / "equipoise.sqlite3")
    connection.execute("UPDATE ledger_value SET value = '1' WHERE item = 'age'")
    connection.commit()
    connection.close()
    assert "ledger.E006" in typed("verify", "--home", copy).stdout
    assert typed("verify", "--home", copy, "--rebuild").returncode == 0


def test_verify_says_when_there_is_no_such_study(home):
    done = typed("verify", "--home", home[0], "--study", "other")
    assert done.returncode == 1
    assert "There is no study 'other' here." in done.stdout

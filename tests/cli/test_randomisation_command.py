"""`equipoise randomisation compare` as a designer calls it."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from equipoise.cli.main import main

TRIALS = Path(__file__).parents[2] / "trials"
LUPUS = TRIALS / "belimumab-sle" / "protocol.yaml"


def run(*arguments):
    return CliRunner().invoke(main, ["randomisation", "compare", *map(str, arguments)])


def test_it_recommends_a_scheme_for_the_reference_trial():
    result = run(LUPUS)
    assert result.exit_code == 0
    assert result.output.startswith("231 participants in 3 strata\n")
    assert "Nearest to unpredictable and balanced: big stick" in result.output
    assert max(len(line) for line in result.output.splitlines()[:16]) <= 80


def test_the_json_has_every_number_and_the_plot_every_name(tmp_path):
    result = run(TRIALS / "hypertension-tablets" / "protocol.yaml", "--json", "--plot", tmp_path / "plot.svg")
    found = json.loads(result.stdout)
    assert sum(found["strata"]) == found["participants"]
    assert {"procedure", "correct_guess", "trial_95", "distance"} <= found["schemes"][0].keys()
    words = {node.text for node in ElementTree.parse(tmp_path / "plot.svg").iter() if node.tag.endswith("text")}
    assert {one["procedure"] for one in found["schemes"]} <= words


def test_fixed_small_blocks_are_warned_of(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("procedure: permuted_blocks\nslots_per_stratum: 200\nsizes: [4]\n")
    result = run(LUPUS, "--own", own)
    assert result.exit_code == 0
    assert "your specification" in result.output
    assert "command.W001" in result.output
    assert "33% of the allocations are certain" in result.output
    assert "command.W002" in run(LUPUS, "--own", own, "--strata", "60").output


@pytest.mark.parametrize(("text", "problem"), [
    ("procedure: permuted_blocks\nslots_per_stratum: 200\nsizes: [5]\n", "randomisation.E004"),
    ("procedure: permutd_blocks\nslots_per_stratum: 200\n", "randomisation.E032"),
    ("procedure: complete\nslots_per_stratum: 5\n", "command.E020"),
])  # fmt: skip
def test_a_specification_with_a_fault_is_told(tmp_path, text, problem):
    own = tmp_path / "own.yaml"
    own.write_text(text)
    result = run(LUPUS, "--own", own)
    assert result.exit_code == 1
    assert problem in result.output


MINIMISED = "procedure: minimisation\nslots: 400\n"


def test_a_minimised_trials_own_file_is_compared_by_the_protocols_factors(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(MINIMISED + "probability: 0.8\n")
    few = ("--participants", "30")
    found = {one["procedure"]: one for one in json.loads(run(LUPUS, "--own", own, "--json", *few).stdout)["schemes"]}
    mine, usual = found["your specification"], found["minimisation 0.8"]
    assert {**mine, "procedure": ""} == {**usual, "procedure": ""}
    own.write_text(MINIMISED + "probability: 0.95\nmeasure: variance\n")
    surer = json.loads(run(LUPUS, "--own", own, "--json", *few).stdout)["schemes"]
    mine = next(one for one in surer if one["procedure"] == "your specification")
    assert mine["correct_guess"] > usual["correct_guess"]
    assert mine["entropy"] < usual["entropy"]


@pytest.mark.parametrize(("text", "more", "problem"), [
    (MINIMISED + "measure: rnge\n", (), "randomisation.E044"),
    (MINIMISED + "factor_weights: {sex: 1}\n", (), "randomisation.E041"),
    ("procedure: minimisation\nslots: 100\n", (), "command.E020"),
    (MINIMISED, ("--strata", "4"), "command.E021"),
    (MINIMISED + "probability: 1\n", (), "randomisation.E042"),
])  # fmt: skip
def test_a_minimisation_that_cannot_be_compared_says_why(tmp_path, text, more, problem):
    own = tmp_path / "own.yaml"
    own.write_text(text)
    result = run(LUPUS, "--own", own, *more)
    assert result.exit_code == 1
    assert problem in result.output


def test_more_than_can_be_counted_exactly_is_refused_before_anything_is_simulated(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("procedure: minimisation\nslots: 99999\nfactor_weights: {site: 99999, diabetes: 99999}\n")
    result = run(TRIALS / "hypertension-tablets" / "protocol.yaml", "--own", own, "--participants", "99999")
    assert result.exit_code == 1
    assert "randomisation.E046" in result.output


def test_a_protocol_that_is_not_there_or_not_sound_is_told(tmp_path):
    assert "command.E001" in run(tmp_path / "none.yaml").output
    (tmp_path / "bad.yaml").write_text("equipoise: 1\n")
    result = run(tmp_path / "bad.yaml")
    assert result.exit_code == 1
    assert "protocol.E020" in result.output

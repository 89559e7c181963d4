"""`equipoise simulate` as a designer types it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from equipoise.cli.main import main
from equipoise.cli.simulate import expected_trials
from equipoise.simulation.design import cluster, running
from equipoise.simulation.design.sums import nothing
from tests.cli.conftest import typed

TRIAL = Path(__file__).parents[2] / "trials" / "belimumab-sle"
PROTOCOL, BENCHMARK = TRIAL / "protocol.yaml", TRIAL / "scenarios" / "benchmark.yaml"


def run(*arguments):
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)])


def test_it_says_what_was_found_and_that_it_is_simulated():
    result = run(PROTOCOL, BENCHMARK, "--trials", 2000)
    assert result.exit_code == 0
    assert "benchmark · SIMULATED\n231 participants · 2,000 trials · seed 1" in result.output
    assert "any_flare_itt" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_default_scenario_stands_beside_the_protocol():
    result = run(PROTOCOL, "--trials", 20)
    assert result.exit_code == 0
    assert "334 participants · 20 trials" in result.output
    assert "any_flare_itt s2" in result.output


def test_the_json_is_the_same_for_any_number_of_workers():
    one, three = (run(PROTOCOL, BENCHMARK, "--trials", 3500, "--json", "--workers", n).stdout for n in (1, 3))
    assert one == three
    found = json.loads(one)
    assert found["simulated"] is True
    assert found["studies"][0]["trials"] == 3500
    assert not {"host", "seconds", "time"} & set(one.split('"'))


def test_an_interrupted_run_leaves_what_it_has_and_goes_on(tmp_path, monkeypatch):
    arguments = (PROTOCOL, BENCHMARK, "--trials", 5000, "--workers", 2, "--out", tmp_path / "out")
    whole = run(*arguments[:-1], tmp_path / "whole")
    assert whole.exit_code == 0
    sums = running.Laboratory.sums

    def interrupted(self, first, number):
        if first >= 3000:
            raise KeyboardInterrupt
        return sums(self, first, number)

    with monkeypatch.context() as context:
        context.setattr(running.Laboratory, "sums", interrupted)
        stopped = run(*arguments)
    assert stopped.exit_code == 130
    assert "The same command with --resume goes on from here." in stopped.output
    assert "3,000 trials" in stopped.output
    partial = json.loads((tmp_path / "out" / "results.json").read_text())
    assert partial["studies"][0]["trials"] == 3000
    computed = []
    monkeypatch.setattr(running.Laboratory, "sums", lambda self, *chunk: computed.append(chunk) or sums(self, *chunk))
    assert run(*arguments, "--resume").exit_code == 0
    assert sorted(computed) == [(3000, 1000), (4000, 1000)]
    for name in ("results.json", "results.csv", "checkpoint.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    table = pl.read_parquet(tmp_path / "out" / "results.parquet")
    assert table.equals(pl.read_parquet(tmp_path / "whole" / "results.parquet"))


def test_more_workers_than_needed_and_an_error_to_reach():
    result = run(PROTOCOL, BENCHMARK, "--trials", 10**9, "--until-error", 0.01, "--json", "--workers", 4)
    assert json.loads(result.stdout)["studies"][0]["trials"] == 3000  # √(0.25 / 3000) = 0.0091, √(0.25 / 2000) = 0.0112


def test_what_is_interrupted_without_a_folder_says_how_to_keep_it(monkeypatch):
    def interrupted(self, first, number):
        raise KeyboardInterrupt

    monkeypatch.setattr(running.Laboratory, "sums", interrupted)
    stopped = run(PROTOCOL, BENCHMARK, "--trials", 1000)
    assert stopped.exit_code == 130
    assert "With --out FOLDER they are kept" in stopped.output


@pytest.mark.parametrize(("wanted", "ordered", "expected"), [
    (0.0, 10**9, 10**9), (0.01, 10**9, 2500), (0.01, 2000, 2000), (0.05, 10**9, 1000),
])  # fmt: skip
def test_the_end_of_the_bar_is_what_the_error_needs(wanted, ordered, expected):
    """1,000 trials, half of which reject: √(0.25 / n) is 0.01 at n = 2,500."""
    so_far = nothing(1)
    half = replace(so_far, trials=1000, analyses=np.full_like(so_far.analyses, 500.0))
    order = running.Order(ordered, 1, 1, wanted)
    assert expected_trials(order, half) == expected
    assert expected_trials(order, so_far) == ordered


def test_one_trial_is_printed_by_its_number():
    result = run(PROTOCOL, BENCHMARK, "--replay", 123456)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 232
    assert lines[1].startswith("SIMULATED,1,")
    rows = json.loads(run(PROTOCOL, BENCHMARK, "--replay", 123456, "--json").stdout)
    assert [row["arm"] for row in rows] == [line.split(",")[3] for line in lines[1:]]


def test_a_process_that_has_no_deployment_yet_can_make_one_of_a_trial():
    """What is imported before the settings are known may need none."""
    assert typed(program=("-c", "import equipoise.cli.replayed")).returncode == 0


@pytest.mark.slow
def test_one_trial_becomes_pages_and_a_report_like_any_other(tmp_path):
    small, out = tmp_path / "small.yaml", tmp_path / "out"
    design = (TRIAL / "scenarios" / "design.yaml").read_text("utf-8")
    small.write_text(design.replace("participants: 334", "participants: 12"), "utf-8")
    result = typed("simulate", PROTOCOL, small, "--replay", 3, "--out", out)
    assert result.returncode == 0, result.stderr
    assert (out / "participants.csv").read_text().count("\n") == 13
    assert "SIMULATED" in (out / "report" / "btrial" / "report.html").read_text("utf-8")
    verified = typed("verify", "--home", out)
    assert verified.returncode == 0, verified.stdout
    seen = typed(out, program=("-c", _PAGES))
    assert seen.returncode == 0, seen.stderr
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "thesis.txt").write_text("mine")
    assert typed("simulate", PROTOCOL, small, "--replay", 3, "--out", kept).returncode == 1
    assert [path.name for path in kept.iterdir()] == ["thesis.txt"]


_PAGES = """
import sys
from pathlib import Path
from equipoise.cli.deployment import prepare
prepare(Path(sys.argv[1]), demo=False)
from django.test import Client
client = Client()
client.post("/sign-in/", {"role": "statistician", "site": ""})
for path in ("", "subjects/", "subjects/01-001/", "report/", "report/report.html"):
    answer = client.get(f"/btrial/{path}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, path
    assert b"SIMULATED" in body, path
"""


def test_rows_of_one_trial_are_files_too(tmp_path):
    assert run(PROTOCOL, BENCHMARK, "--replay", 3, "--out", tmp_path / "rows").exit_code == 0
    assert (tmp_path / "rows" / "participants.csv").read_text().count("\n") == 232
    assert not (tmp_path / "rows" / "report").exists()


def test_without_ray_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    result = run(PROTOCOL, BENCHMARK, "--trials", 10, "--runner", "ray")
    assert result.exit_code == 1
    assert "scenario.E060" in result.output
    assert "extra 'cluster'" in result.output


@pytest.mark.slow
def test_ray_prints_the_same_bytes_for_any_number_of_workers():
    pytest.importorskip("ray")
    arguments = ("simulate", PROTOCOL, BENCHMARK, "--trials", 7500, "--json")
    expected = typed(*arguments).stdout
    for workers in (1, 3):
        result = typed(*arguments, "--runner", "ray", "--workers", workers)
        assert result.returncode == 0, result.stderr
        assert result.stdout == expected


@pytest.mark.parametrize(("arguments", "code", "words"), [
    (("--resume",), 2, "--out FOLDER"),
    (("--trials", "0"), 2, "--trials"),
    ((str(TRIAL / "scenarios" / "nowhere.yaml"),), 1, "command.E001"),
    ((str(TRIAL / "scenarios" / "demo.yaml"),), 1, "protocol.E021"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(arguments, code, words):
    result = run(PROTOCOL, *arguments)
    assert result.exit_code == code
    assert words in result.output


def test_a_protocol_with_errors_is_not_simulated(tmp_path):
    shutil.copy(BENCHMARK, tmp_path / "s.yaml")
    (tmp_path / "p.yaml").write_text("equipoise: 2\n")
    result = run(tmp_path / "p.yaml", tmp_path / "s.yaml")
    assert result.exit_code == 1
    assert "protocol.E" in result.output

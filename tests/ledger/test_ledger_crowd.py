"""Many at once, in several processes and threads, on both engines: one act for each key, one chain, no gap."""

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.ledger.witness import acts_of, first_broken

PROGRAM = Path(__file__).with_name("ledger_crowd.py")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request, tmp_path_factory, python):
    if request.param == "sqlite":
        address = str(tmp_path_factory.mktemp("crowd"))
    else:
        address = request.getfixturevalue("postgres").database()
    done = subprocess.run(
        [*python, PROGRAM, address], capture_output=True, text=True, timeout=90, check=False,
        env=os.environ | {"EQUIPOISE_TEST_PYTHON": json.dumps(python)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_request_was_answered_and_the_same_key_always_with_the_same_act(crowd):
    answers = defaultdict(set)
    for key, *act in crowd["answers"]:
        answers[key].add(tuple(act))
    assert len(crowd["answers"]) == 180
    assert len(answers) == 60
    assert {len(each) for each in answers.values()} == {1}


def test_there_is_one_act_for_each_key_and_no_gap(crowd):
    acts = acts_of(crowd["rows"])
    assert [act["sequence"] for act in acts] == list(range(1, 62))
    assert len({act["key"] for act in acts}) == 61
    assert {(act["key"], act["sequence"], act["subject"]) for act in acts[1:]} == set(map(tuple, crowd["answers"]))


def test_everybody_decided_on_everything_before(crowd):
    assert [act["subject"] for act in acts_of(crowd["rows"])[1:]] == [f"11-{n:03d}" for n in range(1, 61)]


def test_the_chain_stands_by_both_roads_and_no_false_alarm_was_given(crowd):
    assert first_broken(acts_of(crowd["rows"])) is None
    assert crowd["problems"] == crowd["alarms"] == []
    assert crowd["looks"] > 1

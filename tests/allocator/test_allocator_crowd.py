"""Twenty clients at once: nobody gets two slots, no slot is given twice, and none is left out."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("allocator_crowd.py")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request, tmp_path_factory):
    """What the crowd met, on each engine."""
    if request.param == "sqlite":
        address = str(tmp_path_factory.mktemp("crowd"))
    else:
        address = request.getfixturevalue("postgres").database()
    done = subprocess.run(
        [sys.executable, "-W", "error", PROGRAM, address], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_request_is_answered_with_a_slot(crowd):
    assert len(crowd["answers"]) == 180
    assert not [answer for _, answer in crowd["answers"] if answer.startswith("allocator.")]


def test_asking_again_gives_the_same_slot(crowd):
    labels = defaultdict(set)
    for subject, label in crowd["answers"]:
        labels[subject].add(label)
    assert len(labels) == 60
    assert {len(each) for each in labels.values()} == {1}


def test_no_slot_is_given_twice_and_none_is_left_out(crowd):
    assert len({label for *_, label, _ in crowd["given"]}) == 60
    assert len({subject for *_, subject in crowd["given"]}) == 60
    positions = defaultdict(list)
    for stratum, position, *_ in crowd["given"]:
        positions[stratum].append(position)
    for stratum, held in positions.items():
        assert sorted(held) == list(range(1, len(held) + 1))
        assert crowd["counters"][stratum] == len(held) + 1


def test_what_was_answered_is_what_is_kept(crowd):
    assert {(subject, label) for subject, label in crowd["answers"]} == {
        (subject, label) for _, _, label, subject in crowd["given"]
    }


def test_the_database_refuses_whoever_comes_in_beside_the_door(crowd):
    assert len(crowd["refused"]) > 20
    assert set(crowd["refused"].values()) == {"IntegrityError"}, crowd["refused"]


def test_a_new_store_has_everybodys_slot_again(crowd):
    assert crowd["restored"] is True

"""Fifty clients at two servers randomise two hundred participants in two strata, and one of the servers is killed."""

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.desk.desk_crowd import LIMIT, PARTICIPANTS, SITES, SLOTS, THREADS

PROGRAM = Path(__file__).with_name("desk_crowd.py")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def crowd(request, tmp_path_factory, python):
    if request.param == "sqlite":
        address = str(tmp_path_factory.mktemp("crowd"))
    else:
        postgres = request.getfixturevalue("postgres")
        address = f"{postgres.database()},{postgres.database()}"
    done = subprocess.run(
        [*python, PROGRAM, address], capture_output=True, text=True, timeout=240, check=False,
        env=os.environ | {"EQUIPOISE_TEST_PYTHON": json.dumps(python)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_participant(crowd):
    said = defaultdict(set)
    for code, what in crowd["said"]:
        said[code].add(what)
    return said


def test_everybody_was_answered_and_whoever_has_a_slot_has_one(crowd):
    said = by_participant(crowd)
    assert len(said) == PARTICIPANTS
    assert len(crowd["said"]) >= 3 * PARTICIPANTS
    for what in said.values():
        assert len({each for each in what if "." not in each}) <= 1


def test_what_was_acknowledged_is_in_the_ledger_and_in_the_allocator(crowd):
    acknowledged = {(code, what) for code, what in crowd["said"] if "." not in what}
    assert acknowledged == {(subject, slot) for subject, _, slot in crowd["recorded"]}
    assert {tuple(each) for each in crowd["recorded"]} <= {tuple(each) for each in crowd["given"]}
    assert crowd["problems"] == []


def test_the_slots_of_a_stratum_are_given_from_the_first_without_a_gap(crowd):
    places = defaultdict(list)
    for _, stratum, label in crowd["given"]:
        places[stratum].append(int(label[-2:]))
    assert len(places) == len(SITES)
    for given in places.values():
        assert sorted(given) == list(range(1, len(given) + 1))


def test_a_limit_is_kept_exactly_and_whom_it_keeps_out_takes_no_slot(crowd):
    """Only a request that the kill cut in two can leave a slot without an act, and then nobody was told of it."""
    here = [each for each in crowd["recorded"] if each[0].startswith("11-")]
    assert len(here) == LIMIT
    cut = {tuple(each) for each in crowd["given"]} - {tuple(each) for each in crowd["recorded"]}
    assert len(cut) <= THREADS
    said = by_participant(crowd)
    for subject, _, label in cut:
        assert label not in said[subject]


def test_a_list_that_ends_refuses_in_its_own_words_alone(crowd):
    assert sum(subject.startswith("12-") for subject, *_ in crowd["recorded"]) == SLOTS
    refusals = {what for code, what in crowd["said"] if "." in what and code.startswith("12-")}
    assert refusals == {"allocator.E001", "conduct.E022"}
    refusals = {what for code, what in crowd["said"] if "." in what and code.startswith("11-")}
    assert refusals == {"conduct.E104", "conduct.E022"}

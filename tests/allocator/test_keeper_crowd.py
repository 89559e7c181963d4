"""Twenty clients at a minimised trial, whose unlocked allocator is killed among them: one envelope each, drawn as an
obvious Pocock-Simon draws them in the order in which they were given."""

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.allocator.keeper_crowd import SUBJECTS
from tests.property.randomisation.test_dynamic import expected_arm, expected_chances

PROGRAM = Path(__file__).with_name("keeper_crowd.py")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def crowd(request, tmp_path_factory, python):
    """What the crowd met, on each engine."""
    folder = str(tmp_path_factory.mktemp("keeper"))
    address = folder if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE", "DJANGO"))}
    done = subprocess.run(
        [*python, PROGRAM, address, folder], capture_output=True, text=True, timeout=240, check=False,
        env=kept | {"EQUIPOISE_TEST_PYTHON": json.dumps(python)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_everybody_has_one_envelope_and_was_told_of_no_other(crowd):
    told = defaultdict(set)
    for subject, said in crowd["answers"]:
        told[subject] |= set() if said == "allocator.E001" else {said}
    assert {(subject, *labels) for subject, labels in told.items()} == {tuple(each) for each in crowd["given"]}
    assert len({label for _, label in crowd["given"]}) == len(told) == SUBJECTS
    assert {said for _, said in crowd["answers"] if "." in said} <= {"allocator.E001"}


def test_the_envelopes_are_given_in_the_order_of_the_list_without_a_gap(crowd):
    assert [number for number, *_ in crowd["draws"]] == list(range(1, SUBJECTS + 1))
    for number, *_, label in crowd["draws"]:
        assert 3 * number - 3 < crowd["arms"][label][1] <= 3 * number


def test_every_arm_is_the_one_the_obvious_road_draws(crowd):
    from tests.allocator.minimised import DYNAMIC, ENTROPY

    history = []
    for number, _, stratum, label in crowd["draws"]:
        profile = dict(part.split("=") for part in stratum.split("|"))
        expected = expected_arm(DYNAMIC, ENTROPY, number, expected_chances(DYNAMIC, history, profile))
        assert crowd["arms"][label][0] == expected, number
        history.append((profile, expected))
    assert crowd["agrees"] is True
    assert {arm for _, arm in history} == set(DYNAMIC.arms)


def test_the_database_refuses_whoever_comes_in_beside_the_door(crowd):
    assert len(crowd["refused"]) >= 9
    assert set(crowd["refused"].values()) == {"IntegrityError"}, crowd["refused"]

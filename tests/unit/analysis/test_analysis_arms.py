"""Dummy arms know nothing of the list; true arms come from it only after the lock, and only if it is the right one."""

from collections import Counter
from dataclasses import replace
from math import comb

import pytest
from analysis_trials import SAME, SMALL, opened, person
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.arms import dummy_arms, opening_of, true_arms
from equipoise.conduct.acts import ListOpened
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.envelopes import OpenedList, commitment_of, new_key, open_payloads, seal
from equipoise.items import Problem
from equipoise.randomisation import seeded

KEY = new_key("escrow", seeded(b"key"), demo=True)
UNEQUAL = SMALL.model_copy(
    update={"randomisation": SMALL.randomisation.model_copy(update={"ratio": {"active": 2, "control": 1}})}
)


def trial(*sizes, **more):
    """A snapshot with this many participants in each stratum, and two who were not randomised."""
    people = [
        person(f"{stratum:02d}-{place:03d}", SAME, stratum=str(stratum), slot=f"{stratum}{place:07d}")
        for stratum, size in enumerate(sizes)
        for place in range(size)
    ]
    failures = [person(f"09-{n}", randomised=None, screen_failure=("I1",)) for n in (1, 2)]
    return opened({"active": people}, *failures, **more).snapshot


class TestDummy:
    @given(st.lists(st.integers(0, 13), min_size=1, max_size=4), st.sampled_from([SMALL, UNEQUAL]))
    @settings(max_examples=30, deadline=None)
    def test_each_stratum_has_the_ratio_and_nobody_else_an_arm(self, sizes, protocol):
        snapshot = trial(*sizes)
        found = dummy_arms(snapshot, protocol, "seed")
        assert found.dummy
        assert set(found.arms) == {code for code, s in snapshot.subjects.items() if s.randomised}
        ratio = protocol.randomisation.ratio
        for stratum, size in enumerate(sizes):
            codes = [code for code in found.arms if snapshot.subjects[code].stratum == str(stratum)]
            counted = Counter(found.arms[code] for code in codes)
            runs = -(-size // sum(ratio.values()))
            for arm, times in ratio.items():
                others = runs * (sum(ratio.values()) - times)
                assert size - others <= counted[arm] <= runs * times

    def test_they_come_from_the_seed_alone(self):
        snapshot = trial(6, 5)
        turned = replace(
            snapshot,
            subjects={code: replace(s, slot=s.slot[::-1]) for code, s in reversed(snapshot.subjects.items())},
            acts=snapshot.acts + 1,
        )
        assert dummy_arms(turned, SMALL, "seed").arms == dummy_arms(snapshot, SMALL, "seed").arms
        assert dummy_arms(snapshot, SMALL, "other").arms != dummy_arms(snapshot, SMALL, "seed").arms

    def test_every_order_of_the_arms_occurs_about_as_often(self):
        snapshot = trial(4)
        draws = 600
        counted = Counter(tuple(dummy_arms(snapshot, SMALL, f"seed {n}").arms.values()) for n in range(draws))
        orders = comb(4, 2)
        assert len(counted) == orders
        expected = draws / orders
        # Chi-square on five degrees of freedom: 20.5 is exceeded once in a thousand; the seeds are fixed.
        assert sum((n - expected) ** 2 / expected for n in counted.values()) < 20.5

    def test_a_seed_is_needed(self):
        with pytest.raises(ValueError, match="seed"):
            dummy_arms(trial(1), SMALL, "")


def sealed_list(study="small", plan=None):
    """A list as its file holds it, and what the ledger records of its opening."""
    plan = plan or {"a": ("active", "control"), "b": ("control", "active")}
    made, locks = seal(study, plan, [KEY.public], seeded(b"seal"), demo=True)
    payloads = open_payloads(made, locks, KEY)
    act = ListOpened(commitment=made.commitment, slots=len(payloads))
    return OpenedList(study, made.version, made.commitment, payloads), act


LISTED, ACT = sealed_list()


def randomised(listed=LISTED, *, stratum=None, **more):
    """A snapshot in which the first slot of each stratum is taken."""
    first = {payload.stratum: payload.slot for payload in reversed(listed.payloads)}
    people = [
        person(f"01-00{n}", SAME, stratum=stratum or name, slot=slot) for n, (name, slot) in enumerate(first.items())
    ]
    return opened({"active": people}, **more).snapshot


class TestTrue:
    def test_everybody_has_the_arm_of_their_slot(self):
        snapshot = randomised()
        found = true_arms(snapshot, SMALL, LISTED, [ACT])
        assert isinstance(found, OpenedSnapshot)
        assert not found.dummy
        arm_of = {payload.slot: payload.arm for payload in LISTED.payloads}
        assert found.arms == {code: arm_of[s.slot] for code, s in snapshot.subjects.items()}
        assert set(found.arms.values()) <= {"active", "control"}

    def test_the_last_opening_counts(self):
        assert opening_of(randomised(), [replace_act(slots=1), ACT]) == ACT

    @pytest.mark.parametrize(
        ("snapshot", "listed", "openings", "identity"),
        [
            (randomised(locked=False), LISTED, [ACT], "analysis.E001"),
            (randomised(), LISTED, [], "analysis.E002"),
            (randomised(), sealed_list("other")[0], [ACT], "analysis.E003"),
            (randomised(), replace(LISTED, payloads=LISTED.payloads[:-1]), [ACT], "analysis.E005"),
            (randomised(), replace(LISTED, commitment="0" * 64), [ACT], "analysis.E004"),
            (randomised(stratum="c"), LISTED, [ACT], "analysis.E006"),
        ],
        ids=["not locked", "not opened", "another study", "a slot less", "another commitment", "another stratum"],
    )
    def test_otherwise_the_reason_is_said(self, snapshot, listed, openings, identity):
        found = true_arms(snapshot, SMALL, listed, openings)
        assert isinstance(found, Problem)
        assert found.id == identity

    def test_arms_that_were_exchanged_do_not_make_the_commitment(self):
        other = {"active": "control", "control": "active"}
        turned = tuple(replace(payload, arm=other[payload.arm]) for payload in LISTED.payloads)
        assert commitment_of(turned) != LISTED.commitment
        assert true_arms(randomised(), SMALL, replace(LISTED, payloads=turned), [ACT]).id == "analysis.E004"

    def test_an_arm_that_the_protocol_has_not_is_named(self):
        listed, act = sealed_list(plan={"a": ("active", "sugar"), "b": ("control", "active")})
        found = true_arms(randomised(listed), SMALL, listed, [act])
        assert (found.id, found.params["arm"]) == ("analysis.E007", "sugar")


def replace_act(**fields):
    return ACT.model_copy(update=fields)

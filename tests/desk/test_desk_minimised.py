"""A trial whose arms are minimised, at the desk: the ledger tells enough to make every draw again, and no arm."""

import pytest

from equipoise.allocator import door
from equipoise.analysis.arms import true_arms
from equipoise.conduct.acts import ListOpened
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.desk.allocation import allocator_locked
from equipoise.envelopes import (
    OpenedList,
    open_payloads,
    read_list,
    read_locks,
)
from equipoise.ledger.verify import verify
from equipoise.randomisation.dynamic import Course
from tests.allocator import minimised
from tests.desk.at_minimised import ENTROPY, TEXT, TRIAL, arrived, ceremony, dynamic, randomise
from tests.desk.at_work import (
    ADMINISTRATOR,
    LISTKEEPER,
    PROTOCOL,
    Study,
    done,
    ids,
    person,
)

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study(monkeypatch):
    made = arrived()
    made.keeper = minimised.unlocked(monkeypatch, study=made.id)
    return made


def arms():
    listed, locks, _ = ceremony()
    return {
        each.slot: each.arm for each in open_payloads(read_list(listed), read_locks(locks)[1], minimised.PHARMACIST)
    }


def test_the_ledger_has_the_factors_and_the_label_and_makes_every_draw_again(study):
    codes = [study.randomised(site) for site in ("11", "12", "11", "11")]
    recorded = [each.act for each in study.ledger.acts(kinds=["Randomised"])]
    assert [(act.subject, act.stratum) for act in recorded] == [
        (code, f"site={code[:2]}|diabetes=no") for code in codes
    ]
    course, arm_of, history = Course(dynamic(), ENTROPY, door.labels(study=study.id)), arms(), []
    for act in recorded:
        profile = dict(part.split("=") for part in act.stratum.split("|"))
        draw = course.draw(profile)
        assert arm_of[act.slot] == draw.arm
        history.append(draw.arm)
        course.add(door.draws(study=study.id)[len(history) - 1])
    assert len(set(history)) > 1
    assert verify(study.ledger).problems == ()


def test_a_locked_allocator_is_told_to_those_for_the_whole_study_and_not_at_a_site():
    study = arrived()
    code = study.eligible()
    before = study.ledger.snapshot()
    refused = randomise(study, code)
    assert ids(refused) == ["allocator.E001"]
    said = (refused.problems[0].message + refused.problems[0].hint).lower()
    assert not [word for word in ("lock", "allocator", "key", "draw", "list") if word in said]
    assert study.ledger.snapshot() == before
    told = {role.id for role in PROTOCOL.roles if allocator_locked(study.ledger, by=person(role.id))}
    assert told == {
        role.id for role in PROTOCOL.roles
        if role.scope == "study" and (not role.masked or "administer" in role.may)
    }  # fmt: skip
    assert {"administrator", "unmasked_statistician"} <= told


def test_an_unlocked_one_and_a_list_are_not_locked(study):
    assert allocator_locked(study.ledger, by=ADMINISTRATOR) is False
    listed = Study("listed")
    listed.load_list()
    assert allocator_locked(listed.ledger, by=ADMINISTRATOR) is False


def test_a_crash_between_the_allocator_and_the_ledger_ends_in_the_same_envelope(study, monkeypatch):
    code = study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, code)
    other = study.randomised()
    study.save(code, "screening", "history", {"diabetes": "yes"}, reason="found in the chart")
    acts = [each.act for each in done(randomise(study, code)).acts]
    given = door.assignment(study=study.id, subject=code)
    assert (acts[0].slot, acts[0].stratum) == (given.label, "site=11|diabetes=no")
    assert acts[1].kind == "StratumCorrected"
    assert [each.subject for each in door.draws(study=study.id)] == [code, other]


def test_a_lost_store_is_filled_from_the_ledger_and_the_next_draw_is_what_it_would_have_been(study, monkeypatch):
    first = study.randomised()
    mark = study.desk.mark_randomised_in_error
    done(mark(first, because="other", by=person("investigator"), key="error", reason="x"))
    for site in ("12", "11"):
        study.randomised(site)
    before = door.draws(study=study.id)
    minimised.lose_the_store()
    _, locks, text = ceremony()
    act = done(study.desk.load_locks(locks, text, by=ADMINISTRATOR, key="again")).acts[0].act
    assert act.restored == 3
    again = door.draws(study=study.id)
    assert [(e.number, e.subject, e.stratum, e.set_aside, e.label) for e in again] == [
        (e.number, e.subject, e.stratum, e.set_aside, e.label) for e in before
    ]
    assert again[1].set_aside == (first,)
    assert minimised.keeper(study.id).course.number == study.keeper.course.number + 1 == 4


@pytest.mark.parametrize("in_error", ["stays", "leaves"])
def test_who_was_randomised_in_error_stays_or_leaves_as_the_specification_says(monkeypatch, in_error):
    """Seen in the chances of the next draw: they are those without the participant, or with."""
    study = arrived(in_error)
    kept = minimised.unlocked(monkeypatch, study=study.id)
    code = study.randomised()
    done(study.desk.mark_randomised_in_error(
        code, because="not_eligible", by=person("investigator"), key="e", reason="r"
    ))  # fmt: skip
    study.randomised()
    assert door.draws(study=study.id)[1].set_aside == (code,)
    kept.catch_up()
    fresh = Course(dynamic(in_error), ENTROPY, door.labels(study=study.id))
    profile = {"site": "11", "diabetes": "no"}
    nobody_yet = fresh.draw(profile).chances
    fresh.add(door.draws(study=study.id)[0])
    expected = nobody_yet if in_error == "leaves" else fresh.draw(profile).chances
    assert fresh.draw(profile, (code,)).chances == expected
    assert (expected == nobody_yet) is (in_error == "leaves")


def test_a_published_text_that_names_another_seed_leaves_nothing():
    study, (_, locks, text) = Study(text=TEXT), ceremony()
    line = next(line for line in text.splitlines() if line.startswith("seed"))
    other = text.replace(line, f"seed         sha256 {'0' * 64}")
    assert ids(study.desk.load_locks(locks, other, by=ADMINISTRATOR, key="locks")) == ["envelopes.E081"]
    assert door.labels(study=study.id) == ()


def test_after_the_lock_the_true_arms_are_those_of_the_envelopes_that_were_given(study):
    codes = [study.randomised(site) for site in ("11", "12", "12")]
    study.lock()
    listed, locks, _ = ceremony()
    sealed = read_list(listed)
    payloads = open_payloads(sealed, read_locks(locks)[1], minimised.PHARMACIST)
    act = ListOpened(commitment=sealed.commitment, slots=len(payloads))
    done(study.desk.record_opening(commitment=act.commitment, slots=act.slots, by=LISTKEEPER, key="open"))
    opened = true_arms(
        study.ledger.snapshot(), TRIAL, OpenedList(study.id, "1", sealed.commitment, payloads), [act]
    )  # fmt: skip
    assert isinstance(opened, OpenedSnapshot)
    assert opened.arms == {code: arms()[study.ledger.subject(code).slot] for code in codes}

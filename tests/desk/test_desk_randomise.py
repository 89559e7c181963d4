"""Randomisation: one slot for one participant, whatever breaks between the allocator and the ledger."""

import pytest
from django.db import connections

from equipoise.allocator import door
from equipoise.desk import Refused
from equipoise.ledger import store as store_of_acts
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from tests.desk.at_work import PROTOCOL, RANDOMISED, SCREENED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study():
    made = Study(slots=2)
    made.load_list()
    return made


def randomise(study, code, key=None, desk=None):
    by = person("coordinator", code[:2])
    return (desk or study.desk).randomise(code, on=RANDOMISED, by=by, key=key or study.key())


def given():
    with connections["allocator"].cursor() as cursor:
        cursor.execute("SELECT subject, stratum, position, label FROM allocator_slot WHERE subject IS NOT NULL")
        return cursor.fetchall()


def recorded(study):
    return [act.act for act in study.ledger.acts(kinds=["Randomised"])]


def test_the_next_slot_of_the_stratum_is_recorded(study):
    first, second = study.eligible(), study.eligible("12")
    acts = [done(randomise(study, code)).acts[0].act for code in (first, second)]
    assert [act.stratum for act in acts] == ["site=11|diabetes=no", "site=12|diabetes=no"]
    assert {(act.subject, act.stratum, 1, act.slot) for act in acts} == set(given())


def test_the_stratum_is_that_of_what_is_entered(study):
    code = study.seen(diabetes="yes")
    done(study.desk.confirm_eligibility(code, by=person("investigator"), key="e"))
    assert done(randomise(study, code)).acts[0].act.stratum == "site=11|diabetes=yes"


def test_a_double_click_gives_one_slot(study):
    code = study.eligible()
    first, again = done(randomise(study, code, "click")), done(randomise(study, code, "click"))
    assert (again.acts, again.again) == (first.acts, True)
    assert ids(randomise(study, code, "another click")) == ["conduct.E022"]
    assert len(given()) == len(recorded(study)) == 1


@pytest.mark.parametrize("key", ["click", "another click"])
def test_a_crash_between_the_allocator_and_the_ledger_ends_in_the_same_slot(study, monkeypatch, key):
    code = study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, code, "click")
    assert (len(given()), recorded(study)) == (1, [])
    other = study.eligible()
    done(randomise(study, other))
    act = done(randomise(study, code, key, study.another_desk(Ledger.of(study.id)))).acts[0].act
    slots = {subject: slot for subject, *_, slot in given()}
    assert {each.subject: each.slot for each in recorded(study)} == slots
    assert (len(recorded(study)), slots[code]) == (2, act.slot)
    assert verify(study.ledger).problems == ()


def test_a_crash_after_the_commit_ends_in_the_same_slot(study, monkeypatch):
    code = study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr(store_of_acts, "recorded", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, code, "click")
    assert done(randomise(study, code, "click")).again
    assert len(given()) == len(recorded(study)) == 1


def test_a_changed_factor_does_not_change_the_slot_that_was_given(study, monkeypatch):
    """The allocator gave a slot, the ledger failed, and diabetes was corrected before the retry."""
    code = study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, code)
    study.save(code, "screening", "history", {"diabetes": "yes"}, reason="found in the chart")
    act = done(randomise(study, code)).acts[0].act
    assert (act.stratum, act.slot) == ("site=11|diabetes=no", given()[0][3])


def test_an_exhausted_list_is_refused_without_a_word_about_it(study):
    codes = [study.eligible() for _ in range(3)]
    for code in codes[:2]:
        done(randomise(study, code))
    before = study.ledger.snapshot()
    refused = randomise(study, codes[2])
    assert ids(refused) == ["allocator.E001"]
    said = refused.problems[0].message + refused.problems[0].hint
    for word in ("list", "slot", "left", "exhausted", "full", "stratum", "site=11"):
        assert word not in said
    assert study.ledger.snapshot() == before


def test_without_a_list_the_words_are_the_same(study):
    codes = [study.eligible() for _ in range(3)]
    for code in codes[:2]:
        done(randomise(study, code))
    bare = Study("bare")
    without, used_up = randomise(bare, bare.eligible()).problems[0], randomise(study, codes[2]).problems[0]
    assert (without.id, without.message, without.hint) == (used_up.id, used_up.message, used_up.hint)


def test_an_unknown_factor_gives_no_slot(study):
    code = study.eligible()
    study.save(code, "screening", "history", {"diabetes": ""}, reason="entered by mistake")
    assert ids(randomise(study, code)) == ["desk.E004"]
    assert given() == []


def test_what_the_ledger_refuses_takes_no_slot(study):
    code = study.seen()
    assert ids(randomise(study, code)) == ["conduct.E024"]
    assert isinstance(study.desk.randomise(code, on=RANDOMISED, by=person("monitor"), key="k"), Refused)
    assert ids(randomise(study, "11-999")) == ["conduct.E002"]
    assert given() == []


def test_eligibility_that_does_not_stand_any_more_takes_no_slot(study):
    code = study.eligible()
    for age, expected in (("76", ["desk.E008"]), ("", ["desk.E008"]), ("51", [])):
        study.save(code, "screening", "history", {"age": age}, reason="read in the chart")
        outcome = randomise(study, code)
        assert (ids(outcome) if isinstance(outcome, Refused) else []) == expected
        assert len(given()) == (0 if expected else 1)


def test_a_locked_study_and_an_ended_participation_take_no_slot(study):
    code, left = study.eligible(), study.eligible()
    done(study.desk.end_participation(left, on=RANDOMISED, how="withdrew", by=person("investigator"), key="left"))
    assert ids(randomise(study, left)) == ["conduct.E063"]
    study.lock()
    assert ids(randomise(study, code)) == ["conduct.E001"]
    assert given() == []


def test_that_a_list_has_ended_is_told_to_those_not_masked_alone(study):
    for _ in range(2):
        done(randomise(study, study.eligible()))
    told = {role.id: study.desk.running_out(by=person(role.id)) for role in PROTOCOL.roles}
    ended = (door.RunningOut("site=11|diabetes=no", ended=True),)
    assert {role for role, said in told.items() if said} == {
        role.id for role in PROTOCOL.roles if not role.masked and role.scope == "study"
    }
    assert all(said in ((), ended) for said in told.values())


def test_a_screen_failure_is_not_randomised(study):
    code = study.eligible()
    by = person("investigator")
    done(study.desk.fail_screening(code, reasons=["consent_withdrawn"], on=SCREENED, by=by, key="f"))
    assert ids(randomise(study, code)) == ["conduct.E023"]


def test_eligibility_is_judged_on_what_is_entered(study):
    code = study.seen(age="76", stroke_ever="yes")
    refused = study.desk.confirm_eligibility(code, by=person("investigator"), key="e")
    assert [(p.id, p.params["criterion"]) for p in refused.problems] == [
        ("conduct.E020", "I1"), ("conduct.E021", "E2"),
    ]  # fmt: skip


def test_what_the_allocator_knows_can_be_reconciled_with_the_ledger(study):
    for code in (study.eligible(), study.eligible("12")):
        done(randomise(study, code))
    known = {(each.subject, each.stratum, each.label) for each in door.assignments(study=study.id)}
    assert known == {(act.subject, act.stratum, act.slot) for act in recorded(study)}

"""The lock of two people and freezing, at the desk: who may, what it stops, and what an old ledger says."""

from datetime import timedelta

import pytest

from equipoise.conduct.acts import LockRequested, StudyLocked
from equipoise.conduct.locks import REQUEST_LASTS
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from tests.desk.at_work import MANAGER, PRESSURE, SPONSOR, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
COORDINATOR, INVESTIGATOR, ASSESSOR = person("coordinator"), person("investigator"), person("assessor")
FORM = {"visit": "screening", "form": "blood_pressure"}


@pytest.fixture
def study():
    return Study()


@pytest.fixture
def code(study):
    return study.seen()


def save(study, code, **changes):
    answers = PRESSURE | changes
    key = study.key()
    return study.desk.save_form(code, *FORM.values(), answers, by=ASSESSOR, key=key, reason="misread")


def test_nobody_locks_or_unlocks_the_study_alone(study, code):
    desk = study.desk
    assert ids(desk.request_lock(by=MANAGER, key="no", reason="")) == ["conduct.E081"]
    done(desk.request_lock(by=MANAGER, key="asked", reason="all is clean"))
    assert not study.ledger.snapshot().locked, "a request changes nothing"
    done(save(study, code, pulse="71"))
    assert ids(desk.lock("asked", by=MANAGER, key="l1")) == ["conduct.E172"]
    done(desk.lock("asked", by=SPONSOR, key="l2"))
    assert ids(save(study, code, pulse="70")) == ["conduct.E001"]
    assert ids(desk.screen(site="11", by=COORDINATOR, key="k")) == ["conduct.E001"]
    assert ids(desk.lock("asked", by=MANAGER, key="l3")) == ["conduct.E001", "conduct.E171"]
    done(desk.request_unlock(by=SPONSOR, key="again", reason="a wrong date"))
    assert ids(desk.unlock("again", by=SPONSOR, key="u1")) == ["conduct.E172"]
    unlocked = done(desk.unlock("again", by=MANAGER, key="u2")).acts[0]
    assert (unlocked.act.request, study.ledger.snapshot().locked) == ("again", False)
    done(save(study, code, pulse="70"))
    keeper = person("unmasked_statistician")
    assert ids(desk.record_opening(commitment="c", slots=1, by=keeper, key="o1")) == ["conduct.E080"]
    study.lock()
    opened = done(desk.record_opening(commitment="c", slots=1, by=keeper, key="o2")).acts[0].act
    assert opened.body() == {"commitment": "c", "slots": 1}


def test_a_request_is_declined_or_expires_and_is_asked_anew(study):
    desk = study.desk
    done(desk.request_lock(by=MANAGER, key="first", reason="all is clean"))
    assert ids(desk.request_lock(by=SPONSOR, key="second", reason="me too")) == ["conduct.E170"]
    done(desk.decline_lock("first", by=SPONSOR, key="d", reason="two queries are open"))
    assert ids(desk.lock("first", by=SPONSOR, key="late")) == ["conduct.E171"]
    done(desk.request_lock(by=MANAGER, key="third", reason="now it is"))
    study.now += REQUEST_LASTS + timedelta(seconds=1)
    assert ids(desk.lock("third", by=SPONSOR, key="too late")) == ["conduct.E173"]
    done(desk.request_lock(by=SPONSOR, key="fourth", reason="asked anew"))
    done(desk.lock("fourth", by=MANAGER, key="done"))


def test_a_frozen_form_takes_no_entry_but_queries_and_signatures(study, code):
    desk = study.desk
    done(desk.freeze(code, **FORM, by=MANAGER, key="f"))
    assert ids(save(study, code, pulse="70")) == ["conduct.E174"]
    drafted = desk.draft_form(code, *FORM.values(), {"pulse": ("7", "")}, by=ASSESSOR, key="d")
    assert ids(drafted) == ["conduct.E174"]
    done(desk.raise_query(code, *FORM.values(), "pulse", text="?", by=MANAGER, key="q"))
    done(desk.answer_query(code, "q", text="!", by=COORDINATOR, key="a"))
    study.save(code, "screening", "laboratory", {"potassium": "4.1"}, reason="another form")
    done(desk.sign_form(code, "screening", "history", meaning="m", by=INVESTIGATOR, key="s"))
    assert ids(desk.unfreeze(code, **FORM, by=MANAGER, key="u", reason="")) == ["conduct.E081"]
    done(desk.unfreeze(code, **FORM, by=MANAGER, key="v", reason="a late result"))
    done(save(study, code, pulse="70"))


def test_a_frozen_casebook_stops_entry_and_not_care(study):
    study.load_list()
    code = study.randomised()
    done(study.desk.freeze(code, by=MANAGER, key="f"))
    assert ids(save(study, code, pulse="70")) == ["conduct.E174"]
    held = study.desk.hold_visit(code, "week_0", on=study.now.date(), by=COORDINATOR, key="h")
    assert ids(held) == ["conduct.E174"]
    on, by = study.now.date(), INVESTIGATOR
    done(study.desk.stop_treatment(code, on=on, because="a rash", by=by, key="stop"))


def test_unlocking_the_study_opens_nothing_that_is_frozen(study, code):
    """So one casebook is corrected after the lock: all are frozen before it, and the one is unfrozen."""
    other = study.seen()
    done(study.desk.freeze(code, by=MANAGER, key="one"))
    (frozen,) = done(study.desk.freeze_every_casebook(by=MANAGER, key="all")).acts
    assert frozen.act.subject == other
    study.lock()
    assert ids(study.desk.freeze_every_casebook(by=COORDINATOR, key="no")) == ["desk.E001"]
    done(study.desk.request_unlock(by=MANAGER, key="u", reason="a late result"))
    done(study.desk.unlock("u", by=SPONSOR, key="v"))
    done(study.desk.unfreeze(code, by=MANAGER, key="w", reason="a late result"))
    done(save(study, code, pulse="70"))
    assert ids(save(study, other, pulse="70")) == ["conduct.E174"]


def test_in_a_locked_study_nothing_more_is_frozen(study, code):
    study.lock()
    assert ids(study.desk.freeze_every_casebook(by=MANAGER, key="all")) == ["conduct.E001"]


def test_a_ledger_locked_by_one_person_in_version_1_reads_and_verifies(study, code):
    """Version 1 of the act has an empty body, as older ledgers hold it."""

    class OneLocked(StudyLocked):
        version = 1

        @property
        def kind(self):
            return "StudyLocked"

        def body(self):
            return {}

    study.ledger.append(lambda fold: [OneLocked()], key="old", by=MANAGER, at=study.clock())
    (row,) = study.ledger.rows(kinds=["StudyLocked"])
    assert (row.version, row.body) == (1, "{}")
    found = verify(Ledger.of(study.id))
    assert (found.problems, found.snapshot.locked) == ((), True)
    assert LockRequested.version == 1
    assert StudyLocked.version == 2


# --- Signing many forms at once --------------------------------------------------------------------------------


def test_forms_looked_at_together_are_signed_together_each_by_an_act_of_its_person(study, code):
    other = study.seen()
    records = [(each, ("screening", "history", 1)) for each in (code, other)]
    seen = study.ledger.snapshot().acts
    signed = done(study.desk.sign_forms(records, after=seen, meaning="m", by=INVESTIGATOR, key="batch"))
    assert [(each.act.subject, each.by.id, each.id) for each in signed.acts] == [
        (code, INVESTIGATOR.id, "batch"),
        (other, INVESTIGATOR.id, "batch..1"),
    ]
    again = done(study.desk.sign_forms(records, after=seen, meaning="m", by=INVESTIGATOR, key="batch"))
    assert (again.again, len(again.acts)) == (True, 2)
    assert done(study.desk.sign_forms(records, after=seen, meaning="m", by=INVESTIGATOR, key="more")).acts == ()
    assert verify(study.ledger).problems == ()


def test_what_changed_since_it_was_looked_at_is_left_out(study, code):
    other, seen = study.seen(), study.ledger.snapshot().acts
    study.save(other, "screening", "history", {"age": "52"}, reason="misread")
    records = [(each, ("screening", "history", 1)) for each in (code, other)]
    signed = done(study.desk.sign_forms(records, after=seen, meaning="m", by=INVESTIGATOR, key="batch"))
    assert [each.act.subject for each in signed.acts] == [code]


def test_one_form_that_may_not_be_signed_refuses_them_all(study, code):
    foreign = study.seen("12")
    records = [(code, ("screening", "history", 1)), (foreign, ("screening", "history", 1))]
    assert ids(study.desk.sign_forms(records, after=99, meaning="m", by=INVESTIGATOR, key="k")) == ["conduct.E002"]
    records = [(code, ("screening", "laboratory", 1))]
    assert ids(study.desk.sign_forms(records, after=99, meaning="m", by=INVESTIGATOR, key="k")) == ["desk.E035"]
    assert study.ledger.snapshot().subjects[code].signatures == {}

"""Serious events at the desk: the row and the clock in one transaction, and each report by whose duty it is."""

from datetime import timedelta

import pytest

from equipoise.desk.serious_events import has_duty
from tests.desk.at_work import EVENT, MANAGER, PROTOCOL, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
ROW = ("log", "adverse_events", 1)


@pytest.fixture
def study():
    study = Study()
    study.code = study.consented()
    study.save(study.code, "log", "adverse_events", EVENT)
    return study


def know(study, event=1, *, role="coordinator", ago=1, reason="taken into hospital", **more):
    aware = study.now - timedelta(hours=ago)
    said = {"aware": aware, "on": aware.date(), "by": person(role), "reason": reason, "key": study.key(), **more}
    return study.desk.know_serious(study.code, event, **said)


def report(study, clock="sae_to_sponsor", event=1, *, by=None):
    by = by or person("investigator")
    return study.desk.send_safety_report(study.code, event, clock=clock, sent=study.now, by=by, key=study.key())


def known(study):
    return study.ledger.snapshot().subjects[study.code]


def test_the_row_says_so_and_asking_twice_records_once(study):
    first, again = (done(know(study, key="once", ago=ago)).acts for ago in (1, 2))
    assert [each.act.kind for each in first] == ["SeriousEventKnown", "FormSaved"]
    assert [each.id for each in again] == [each.id for each in first]
    assert known(study).values[ROW]["ae_serious"] is True


def test_what_is_refused_records_nothing(study):
    assert ids(know(study, 0)) == ["desk.E005"]
    assert ids(know(study, 2)) == ["conduct.E150"]
    assert ids(know(study, reason="")) == ["conduct.E053"]
    assert ids(know(study, role="assessor")) == ["desk.E003"]
    assert ids(know(study, by=person("coordinator", "12"))) == ["conduct.E002"]
    assert known(study).serious == {}


def test_a_row_that_said_serious_is_not_saved_again(study):
    study.save(study.code, "log", "adverse_events", {"ae_serious": "yes"}, reason="misread")
    assert [each.act.kind for each in done(know(study)).acts] == ["SeriousEventKnown"]


def test_a_report_is_of_whose_duty_it_is(study):
    done(know(study))
    assert ids(report(study, by=person("coordinator"))) == ["desk.E001"]
    assert ids(report(study, by=person("sponsor"))) == ["desk.E001"]
    assert ids(report(study, "another")) == ["conduct.E154"]
    assert ids(report(study, event=2)) == ["conduct.E154", "conduct.E155"]
    assert ids(study.desk.send_safety_report(
        "11-999", 1, clock="sae_to_sponsor", sent=study.now, by=person("investigator"), key=study.key()
    )) == ["conduct.E002"]  # fmt: skip
    (sent,) = done(report(study)).acts
    assert (sent.act.clock, known(study).serious[ROW].reports[0].values) == ("sae_to_sponsor", sent.act.values)
    (clock,) = PROTOCOL.safety.clocks
    assert not has_duty(PROTOCOL, person("investigator").__class__("x", "nobody"), clock)


def test_a_downgrade_takes_back_what_the_row_says(study):
    by = person("investigator")
    done(know(study))
    said = {"by": by, "reason": "no night in hospital"}
    assert ids(study.desk.downgrade_serious(study.code, 1, **{**said, "reason": ""}, key=study.key())) == [
        "conduct.E081"
    ]
    done(study.desk.downgrade_serious(study.code, 1, **said, key=study.key()))
    assert known(study).values[ROW]["ae_serious"] is False
    assert known(study).serious[ROW].downgraded


def test_no_freeze_stops_the_clock_of_a_serious_event_and_the_lock_does(study):
    code, desk, investigator = study.code, study.desk, person("investigator")
    done(desk.sign_form(code, *ROW[:2], repeat=1, meaning="reviewed", by=investigator, key="signed"))
    done(desk.freeze(code, by=MANAGER, key="frozen"))
    entered = {"by": person("coordinator"), "key": "entered", "reason": "misread"}
    assert ids(desk.save_form(code, *ROW[:2], {"ae_severity": "severe"}, **entered)) == ["conduct.E174"]
    assert not known(study).void(ROW)
    done(know(study))
    assert (known(study).values[ROW]["ae_serious"], known(study).void(ROW)) == (True, True)
    done(report(study))
    said = {"by": investigator, "reason": "no night in hospital"}
    done(desk.downgrade_serious(code, 1, **said, key="downgraded"))
    assert known(study).values[ROW]["ae_serious"] is False
    assert ids(desk.save_form(code, *ROW[:2], {"ae_severity": "severe"}, **entered)) == ["conduct.E174"]
    study.lock()
    assert ids(know(study)) == ["conduct.E001"]
    assert ids(report(study)) == ["conduct.E001"]

"""What waits for one person: each kind of task appears for who can do it, and goes when it is done."""

from datetime import UTC, date, datetime

import pytest

from equipoise.web import deployment
from equipoise.web.room import room_of
from equipoise.web.today import GROUPS, tasks
from tests.web.web_pages import EXAMINATION, key, opened
from tests.web.web_world import UNMASKED, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


def waiting(role, group, site="01", language="en"):
    by = UNMASKED if role == "unmasked_monitor" else person(role, site)
    return tasks(room_of("demo", by, language))[group]


def said(role, group, **more):
    return [(task.subject, task.what) for task in waiting(role, group, **more)]


def test_who_can_be_randomised_and_who_can_be_judged_wait_for_those_who_may():
    assert said("coordinator", "decisions") == [("01-004", "Randomise")]
    assert ("01-004", "Randomise") in said("investigator", "decisions")
    assert ("01-002", "Decide on eligibility") in said("investigator", "decisions")
    assert said("nurse", "decisions") == []


def test_the_next_visit_waits_and_the_others_are_counted_behind_it():
    (first,) = [task for task in waiting("coordinator", "visits") if task.subject == "01-001"]
    assert (first.what, first.state) == ("Week 4", "overdue")
    assert first.by == date(2021, 5, 16)
    assert first.more >= 1


def test_a_visit_whose_window_opens_within_a_week_is_announced(monkeypatch):
    monkeypatch.setattr(deployment, "now", lambda: datetime(2021, 5, 6, 3, tzinfo=UTC))
    (task,) = waiting("coordinator", "soon")
    assert (task.subject, task.what, task.state) == ("01-001", "Week 4", "not_due")
    monkeypatch.setattr(deployment, "now", lambda: datetime(2021, 5, 2, 3, tzinfo=UTC))
    assert waiting("coordinator", "soon") == [], "eight days ahead"


def test_forms_wait_for_who_fills_them_in():
    before = said("nurse", "forms")
    assert ("01-001", "Week 2: forms to fill in, 1") in before
    assert said("monitor", "forms") == []
    assert said("sponsor", "forms") == []


def test_queries_wait_for_who_answers_and_answered_ones_for_who_settles():
    assert all(task.state == "open" for task in waiting("coordinator", "queries"))
    (first, *_) = waiting("coordinator", "queries")
    assert "#item-" in first.path
    assert waiting("monitor", "queries") == []
    desk = deployment.desk("demo")
    subject = desk.ledger.snapshot().subjects[first.subject]
    open_ = next(q for q in subject.queries.values() if q.status == "open")
    desk.answer_query(first.subject, open_.id, text="Confirmed.", by=person("coordinator"), key="answer")
    assert [task.state for task in waiting("monitor", "queries")] == ["answered"]


def test_a_signature_waits_until_it_is_given_and_again_when_values_change():
    desk = deployment.desk("demo")
    place = ("01-001", "week_0", "assessment")
    by = person("assessor")
    assert any("week_0/assessment" in task.path for task in waiting("assessor", "signatures"))
    desk.sign_form(*place, meaning="reviewed", by=by, key="sign")
    assert not any("week_0/assessment" in task.path for task in waiting("assessor", "signatures"))
    desk.save_form(*place, {"pga": "0.9"}, by=by, key="change", reason="Typing error")
    (again,) = [task for task in waiting("assessor", "signatures") if "week_0/assessment" in task.path]
    assert again.state == "void"


def test_what_was_typed_and_not_saved_waits_for_its_writer_alone(enter):
    nurse = enter("nurse")
    nurse.post(EXAMINATION + "draft/", {"key": key(), "weight": "5"})
    assert [task.path for task in waiting("nurse", "unsaved")] == [EXAMINATION]
    assert waiting("coordinator", "unsaved") == []
    assert "Typed and not saved" in nurse.get("/demo/today/").content.decode()
    assert opened(nurse, EXAMINATION)["weight"] == "5"


def test_the_page_reads_in_both_languages_and_says_when_nothing_waits(enter):
    html = enter("investigator").get("/demo/today/").content.decode()
    assert "Decide on eligibility" in html
    assert "判定是否入组" in enter("investigator", language="zh").get("/demo/today/").content.decode()
    assert "Nothing waits for you." in enter("statistician").get("/done/today/").content.decode()


def test_a_locked_study_asks_nothing():
    found = tasks(room_of("done", person("investigator"), "en"))
    assert found == {group: [] for group in GROUPS}


def test_only_the_own_sites_participants_are_named():
    for group in GROUPS:
        assert all(task.subject.startswith("02-") for task in waiting("coordinator", group, site="02"))

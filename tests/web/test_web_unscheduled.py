"""Visits outside the schedule, from the casebook to the printed page: unscheduled ones, and that of leaving early."""

from datetime import date

import pytest

from equipoise.ledger.store import Ledger
from equipoise.web import deployment
from equipoise.web.room import room_of
from equipoise.web.today import tasks
from tests.web.web_pages import key, problem_ids, save
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
BOOK = "/demo/subjects/01-001/"
VISIT = BOOK + "unscheduled_1/"
SEEN = {"on": "2021-05-10", "mode": "site", "because": "worsening"}
MEASURED = {"weight": "57.0", "systolic": "182", "diastolic": "90"}


def hold(client, visit="unscheduled_1", **more):
    return client.post(f"{BOOK}{visit}/hold/", {"key": key(), **SEEN, **more})


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def waiting(role):
    """The forms that wait for a role at the first unscheduled visit."""
    found = tasks(room_of("demo", person(role, "01"), "en"))["forms"]
    return [(task.subject, task.what) for task in found if task.path == VISIT]


def subject():
    return Ledger.of("demo").snapshot().subjects["01-001"]


@pytest.mark.parametrize(("language", "name", "why"), [("en", "Unscheduled visit U01", "suspected worsening"),
                                                       ("zh", "计划外访视U01", "疑似疾病加重")])  # fmt: skip
def test_one_begins_on_the_casebook_and_stands_where_its_date_puts_it(enter, language, name, why):
    client = enter("coordinator", language=language)
    assert f'href="{VISIT}"' in shown(client, BOOK)
    before = shown(client, VISIT)
    assert name in before
    assert why in before
    assert f"{VISIT}miss/" not in before
    assert hold(client).status_code == 302
    assert subject().visits["unscheduled_1"].because == "worsening"
    assert subject().deviations == (), "no window, so none was missed"
    book = shown(client, BOOK)
    assert book.index(f'href="{BOOK}week_2/"') < book.index(f'href="{VISIT}"') < book.index(f'href="{BOOK}week_4/"')
    assert f'href="{BOOK}unscheduled_2/"' in book
    assert why in shown(client, VISIT)
    assert name in shown(client, BOOK + "deviation/")
    assert name in shown(client, BOOK + "trail/")
    for page in (f"{BOOK}casebook.html", f"{VISIT}checklist.html"):
        assert name in shown(client, page)
    assert why in shown(client, f"{VISIT}checklist.html")
    assert "____" in shown(client, f"{BOOK}unscheduled_2/checklist.html"), "to be filled in by hand"


def test_the_matrix_counts_them_and_has_no_column_for_each(enter):
    client = enter("coordinator")
    columns = shown(client, "/demo/subjects/").count('<th scope="col">')
    hold(client)
    hold(client, "unscheduled_2", on="2021-05-12")
    page = shown(client, "/demo/subjects/")
    assert page.count('<th scope="col">') == columns
    assert page.count('<td class="n">2</td>') == 1


@pytest.mark.parametrize(
    ("visit", "wrong", "identity"),
    [
        ("unscheduled_1", {"because": ""}, "conduct.E045"),
        ("unscheduled_1", {"because": "pandemic"}, "web.E006"),
        ("unscheduled_2", {}, "conduct.E046"),
        ("week_4", {"because": "worsening"}, "web.E006"),
    ],
)
def test_what_is_refused_says_why(enter, visit, wrong, identity):
    answer = hold(enter("coordinator"), visit, **wrong)
    assert answer.status_code == 422
    assert identity in problem_ids(answer.content.decode())


def test_its_forms_are_filled_in_queried_signed_and_frozen(enter):
    coordinator, nurse, form = enter("coordinator"), enter("nurse"), VISIT + "examination/1/"
    hold(coordinator)
    assert waiting("nurse") == [("01-001", "Unscheduled visit U01: forms to fill in, 1")]
    assert waiting("assessor") == [("01-001", "Unscheduled visit U01: forms to fill in, 3")]
    assert "Unscheduled visit U01" in shown(nurse, form)
    assert save(nurse, form, **MEASURED).status_code == 302
    assert waiting("nurse") == []
    assert waiting("assessor") == [], "once something was assessed, nothing more is due"
    assert 'class="tag s query"' in shown(coordinator, VISIT)
    assert ("unscheduled_1", "examination", 1) in {query.key for query in subject().queries.values()}, "182 is too high"
    assessor, assessed = enter("assessor"), VISIT + "assessment/1/"
    assert save(assessor, assessed, pga="1.2").status_code == 302
    assert waiting("assessor") == [("01-001", "Unscheduled visit U01: forms to fill in, 1")], "begun and not finished"
    place = ("01-001", "unscheduled_1", "assessment")
    deployment.desk("demo").sign_form(*place, meaning="I assessed this", by=person("assessor"), key="sign")
    assert ("unscheduled_1", "assessment", 1) in subject().signatures
    frozen = {"visit": "unscheduled_1", "form": "assessment", "repeat": 1}
    deployment.desk("demo").freeze("01-001", **frozen, by=person("data_manager", ""), key="freeze")
    assert "conduct.E174" in problem_ids(save(assessor, assessed, pga="2.0", reason="again").content.decode())


# --- The early-termination visit ------------------------------------------------------------------------------------


LEAVING = BOOK + "early_termination/"


def leave(how="withdrew"):
    left, by = {"on": date(2021, 5, 20), "how": how, "because": "moved away"}, person("investigator")
    assert deployment.desk("demo").end_participation("01-001", **left, by=by, key=key()).acts


def due(language="en"):
    """The early-termination visits that wait for the coordinator."""
    found = tasks(room_of("demo", person("coordinator", "01"), language))["visits"]
    return [(task.subject, task.state, task.by) for task in found if task.path == LEAVING]


@pytest.mark.parametrize(("language", "name"), [("en", "Early-termination visit"), ("zh", "提前终止访视")])
def test_who_leaves_early_is_awaited_once_more(enter, language, name):
    client = enter("coordinator", language=language)
    assert f'href="{LEAVING}"' not in shown(client, BOOK), "nobody else is"
    assert "c not_expected" in cell(shown(client, "/demo/subjects/"))
    leave()
    book, page = shown(client, BOOK), shown(client, LEAVING)
    assert due(language) == [("01-001", "due", None)]
    assert "c due" in cell(shown(client, "/demo/subjects/"))
    assert f'href="{LEAVING}"' in book
    assert name in page
    assert f"{LEAVING}miss/" in page
    assert name in shown(client, f"{LEAVING}checklist.html")
    assert client.post(LEAVING + "hold/", {"key": key(), "on": "2021-05-25", "mode": "site"}).status_code == 302
    assert (subject().visits["early_termination"].status, subject().deviations) == ("held", ())
    assert "c in_progress" in cell(shown(client, "/demo/subjects/"))
    forms = [task.what for task in tasks(room_of("demo", person("coordinator", "01"), language))["forms"]]
    assert any(each.startswith(name) for each in forms)
    assert name in shown(client, f"{BOOK}casebook.html")


def cell(page):
    """The matrix cell of 01-001 for the visit of who leaves early."""
    return next(part for part in page.split("<td>") if "01-001/early_termination/" in part)


def test_who_does_not_come_is_missed_and_nothing_waits_any_more(enter):
    client = enter("coordinator")
    leave("other")
    assert client.post(LEAVING + "miss/", {"key": key(), "because": "participant"}).status_code == 302
    assert subject().visits["early_termination"].status == "missed"
    assert due() == []


@pytest.mark.parametrize("how", ["completed", "lost", "died"])
def test_of_who_cannot_come_or_has_come_to_the_end_nobody_is_awaited(enter, how):
    leave(how)
    assert f'href="{LEAVING}"' not in shown(enter("coordinator"), BOOK)


def test_it_can_be_recorded_before_participation_ends(enter):
    """Where participation is ended, and only by who may: it is offered there first."""
    assert f'href="{LEAVING}"' in shown(enter("investigator"), BOOK)
    client = enter("coordinator")
    assert client.post(LEAVING + "hold/", {"key": key(), "on": "2021-05-19", "mode": "home"}).status_code == 302
    leave()
    assert due() == []
    assert "Early-termination visit" in shown(client, "/demo/protocol/")
    assert "ET" in shown(client, "/demo/protocol/forms.html")

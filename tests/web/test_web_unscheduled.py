"""Visits nobody planned, from the casebook's button to the printed page: entered, counted, queried, signed and frozen."""

import pytest

from equipoise.ledger.store import Ledger
from equipoise.web.room import room_of
from equipoise.web.today import tasks
from tests.web.web_pages import key, problem_ids
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
BOOK = "/demo/subjects/01-001/"
VISIT = BOOK + "unscheduled_1/"
SEEN = {"on": "2021-05-10", "mode": "site", "because": "worsening"}
MEASURED = {"weight": "57.0", "systolic": "150", "diastolic": "90"}


def hold(client, visit="unscheduled_1", **more):
    return client.post(f"{BOOK}{visit}/hold/", {"key": key(), **SEEN, **more})


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def subject():
    return Ledger.of("demo").snapshot().subjects["01-001"]


@pytest.mark.parametrize(("language", "name", "why"), [("en", "Unscheduled visit 1", "suspected worsening"),
                                                       ("zh", "计划外访视1", "疑似疾病加重")])  # fmt: skip
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
    for page in (f"{BOOK}print/casebook.html", f"{VISIT}print/checklist.html"):
        assert name in shown(client, page)


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


def test_its_forms_are_filled_in_drafted_queried_signed_and_frozen(enter):
    coordinator = enter("coordinator")
    hold(coordinator)
    nurse, form = enter("nurse"), VISIT + "examination/1/"
    waits = tasks(room_of("demo", person("nurse", "01"), "en"))["forms"]
    assert ("01-001", "Unscheduled visit 1: forms to fill in, 1") in [(task.subject, task.what) for task in waits]
    assert "Unscheduled visit 1" in shown(nurse, form)

"""The audit trail as it is searched and exported: found, hidden, paged; as a file that nothing computes."""

import csv
import io
import re
from datetime import date

import pytest

from equipoise.conduct.acts import FormSaved, Recorded
from equipoise.desk.delegation import accept_role, grant_role
from equipoise.ledger.search import Wanted
from equipoise.ledger.store import Ledger
from equipoise.web import audit, deployment
from equipoise.web.csv_file import no_formula
from tests.web.web_pages import key, problem_ids, save
from tests.web.web_world import ADMINISTRATOR, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
TRAIL, FILE = "/demo/trail/", "/demo/trail/export.csv"


def html(client, **wanted):
    return client.get(TRAIL, wanted).content.decode()


def table(client, **wanted):
    answer = client.get(FILE, wanted)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def numbers(page):
    return [int(number) for number in re.findall(r'<th scope="row" class="n num">(\d+)</th>', page)]


def test_the_pages_of_a_search_join_and_end(enter):
    monitor, seen, path = enter("monitor"), [], TRAIL
    while path:
        page = monitor.get(path).content.decode()
        seen += numbers(page)
        further = re.search(r'href="([^"]+beyond=\d+)">Further', page)
        path = further[1].replace("&amp;", "&") if further else ""
    assert seen == sorted(set(seen), reverse=True)
    assert [int(row["act"]) for row in table(monitor, order="oldest", kind="FormSigned")] == []
    exported = list(dict.fromkeys(int(row["act"]) for row in table(monitor)))
    assert exported == seen
    assert len(seen) > audit._A_PAGE


@pytest.mark.parametrize(
    "wanted",
    [
        {"subject": "01-002"}, {"by": "coordinator-01"}, {"kind": "FormSaved"}, {"form": "examination"},
        {"form": "examination", "item": "weight"}, {"since": "2021-09-01", "until": "01SEP2021"}, {"order": "oldest"},
    ],
)  # fmt: skip
def test_what_is_asked_for_is_found_and_nothing_else(enter, wanted):
    rows = table(enter("data_manager"), **wanted)
    assert rows
    for name, column in (("subject", "subject"), ("by", "person"), ("kind", "kind"), ("form", "form")):
        if name in wanted:
            assert {row[column] for row in rows} == {wanted[name]}
    if "item" in wanted:
        assert {row["item"] for row in rows} == {"weight"}
    acts = [int(row["act"]) for row in rows]
    assert acts == sorted(acts, reverse="order" not in wanted)
    assert set(numbers(html(enter("data_manager"), **wanted))) <= set(acts)


def test_nothing_is_found_before_the_study_and_a_wrong_date_is_said(enter):
    manager = enter("data_manager")
    assert "Nothing was recorded here" in html(manager, until="2020-01-01")
    answer = manager.get(TRAIL, {"since": "yesterday"})
    assert (answer.status_code, problem_ids(answer.content.decode())) == (422, {"items.E009"})
    assert manager.get(FILE, {"since": "yesterday"}).status_code == 404
    assert manager.get(TRAIL, {"beyond": "x"}).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "investigator", "nurse", "assessor", "pharmacist", "monitor"])
def test_what_a_role_does_not_see_is_in_no_page_and_no_file(enter, role):
    client = enter(role)
    for wanted in ({}, {"form": "masked_results"}, {"form": "masked_results", "item": "igg"}, {"kind": "FormSaved"}):
        assert "7.13" not in html(client, **wanted)
        rows = table(client, **wanted)
        assert not any(row["new"] == "7.13" or row["form"] == "masked_results" for row in rows)
    assert "masked_results" not in html(client)


def test_hidden_participants_forms_and_questions_are_answered_like_those_that_do_not_exist(enter):
    assessor = enter("assessor")
    for real, invented in (
        ({"subject": "02-001"}, {"subject": "02-999"}),
        ({"form": "laboratory"}, {"form": "nothing"}),
        ({"form": "examination", "item": "igg"}, {"form": "examination", "item": "nothing"}),
    ):
        assert table(assessor, **real) == table(assessor, **invented) == []
        assert numbers(html(assessor, **real)) == []


def test_an_act_whose_question_is_hidden_is_not_found_by_it():
    """What is left of an act may no longer have the question that is asked for."""
    left = FormSaved(subject="01-001", visit="week_0", form="f", changes={"shown": (None, "1")})
    by = person("coordinator")
    found = Recorded("demo", 1, "k", deployment.now(), by, "", "", left, "", "")
    assert [audit._about(found, Wanted(form="f", item=item)) for item in ("shown", "hidden", "")] == [True, False, True]


def test_acts_of_the_study_are_for_those_who_audit(enter):
    assert {row["kind"] for row in table(enter("administrator"))} == {"StudyOpened", "SiteActivated"}
    assert not {"StudyOpened", "SiteActivated"} & {row["kind"] for row in table(enter("investigator"))}
    assert "Study opened" in html(enter("monitor"), kind="StudyOpened")
    deployment.desk("demo").stop_recruitment(by=person("data_manager", ""), key="s", reason="r", site="")
    deployment.desk("demo").declare_supply("01", enough=False, by=person("pharmacist"), key="supply")
    assert "SupplyDeclared" not in {row["kind"] for row in table(enter("monitor"))}


def test_a_file_has_old_and_new_as_stored_who_when_why_and_the_hash(enter):
    coordinator, path = enter("coordinator"), "/demo/subjects/01-001/week_0/examination/1/"
    save(coordinator, path, weight="61.5", reason="Typing error")
    row = table(enter("monitor"), form="examination", item="weight")[0]
    act = [*Ledger.of("demo").acts(kinds=("FormSaved",))][-1]
    assert (row["old"], row["new"], row["reason"], row["hash"]) == ("56.5", "61.5", "Typing error", act.hash)
    assert (row["person"], row["role"], row["at_utc"]) == (
        "coordinator-01",
        "coordinator",
        "2021-09-01T03:00:00.000000Z",
    )
    assert row["time_zone"] == "Asia/Shanghai (UTC+08:00)"
    assert row["question"] == "Weight"


def test_a_signature_is_exported_with_name_time_zone_and_meaning(enter):
    enter("assessor").post(
        "/demo/subjects/01-001/week_0/assessment/1/sign/", {"key": key(), "again": "assessor-01"}
    )  # fmt: skip
    (row,) = table(enter("assessor"), kind="FormSigned")
    assert (row["name"], row["question"]) == ("assessor-01", "Meaning")
    assert row["new"].startswith("I have checked these answers")
    assert "UTC+08:00" in row["time_zone"]


def test_where_nearly_all_is_hidden_a_page_stops_and_goes_on(enter, monkeypatch):
    monkeypatch.setattr(audit, "_FURTHEST", 1)
    page = html(enter("nurse"), kind="EligibilityConfirmed")
    assert "Further" in page
    page = html(enter("nurse"), form="examination", by="administrator")
    assert "Nothing was recorded here" in page
    monkeypatch.setattr(audit, "_seen", lambda room, found: None)
    assert "Nothing you see among the acts looked through so far" in html(enter("nurse"))


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("-5", "-5"), ("-5.25", "-5.25"), ("-a", "'-a"),
     ("12", "12"), ("", "")],
)  # fmt: skip
def test_no_cell_is_computed_by_a_spreadsheet(cell, kept):
    assert no_formula(cell) == kept


def test_a_printed_name_finds_its_person(enter):
    desk = deployment.desk("demo")
    grant_role(desk, "p-wen", "Wen Jing", "coordinator", "01", start=date(2021, 8, 1), by=ADMINISTRATOR, key="g")
    by = type(ADMINISTRATOR)("p-wen", "coordinator", "01")
    accept_role(desk, "coordinator", "01", by=by, key="t")
    desk.screen(site="01", by=by, key="screened")
    assert {row["person"] for row in table(enter("monitor"), by="wen jing")} == {"p-wen"}
    assert '<option value="Wen Jing">' in html(enter("coordinator"))
    assert '<option value="Wen Jing">' not in html(enter("coordinator", "02"))

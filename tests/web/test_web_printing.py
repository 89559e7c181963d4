"""What is printed is what is on record, as far as its reader sees it, in both languages, with its trail behind it."""

import re

import pytest

from equipoise.conduct.acts import Person
from equipoise.reports.table import Table
from equipoise.web import deployment
from equipoise.web import language as say
from equipoise.web.printing.blank import blank_form
from equipoise.web.printing.casebook import casebook
from equipoise.web.printing.checklist import checklist
from equipoise.web.printing.confirmation import confirmation
from equipoise.web.room import room_of
from equipoise.web.trail import seen_acts
from tests.web.web_world import UNMASKED, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
CASEBOOK = "/demo/subjects/01-001/casebook."
RANDOMISED = "/demo/subjects/01-001/randomised."
CHECKLIST = "/demo/subjects/01-001/week_0/checklist."


def room(role="investigator", language="en", study="demo"):
    masked = {"monitor": Person("monitor", "monitor"), "unmasked_monitor": UNMASKED}
    return room_of(study, masked.get(role) or person(role), language)


def printed(role="investigator", language="en", code="01-001"):
    here = room(role, language)
    return casebook(here, here.subject(code))


def table(print_, id_) -> Table:
    return next(each for each in print_.tables if each.id == id_)


def test_a_casebook_has_every_answer_with_its_unit_and_what_is_missing():
    rows = {row.cells[0]: row.cells[1:] for row in table(printed(), "week_0-examination-1").rows}
    assert rows["Weight"] == ("56.5", "kg")
    assert rows["Systolic blood pressure"] == ("182", "mmHg")
    blank = table(printed(), "week_2-infusion-1")
    assert {row.cells[1] for row in blank.rows} == {"–"}
    assert "Not filled in." in blank.footnotes


def test_a_casebook_holds_the_whole_trail_and_the_queries():
    here = room()
    acts = list(seen_acts(here, here.subject("01-001")))
    lines = table(printed(), "trail-table").rows
    assert [row.cells[0] for row in lines] == [str(act.sequence) for act in acts]
    assert [row.cells[6] for row in lines] == [act.hash[:12] for act in acts]
    asked = table(printed(), "query-table").rows
    assert any("182 mmHg is unusually high" in row.cells[2] for row in asked)
    assert {row.cells[3] for row in asked} <= {"open", "answered", "closed"}


def test_a_signature_stands_with_who_when_and_what_and_is_void_when_values_change():
    desk, by = deployment.desk("demo"), person("assessor")
    place = ("01-001", "week_0", "assessment")
    assert desk.sign_form(*place, meaning="I assessed this", by=by, key="sign").acts
    (row,) = table(printed(), "signature-table").rows
    assert row.cells[1] == "assessor-01 (Outcome assessor)"
    assert row.cells[3] == "I assessed this"
    assert re.fullmatch("[0-9a-f]{16}", row.cells[4])
    desk.save_form(*place, {"pga": "0.9"}, by=by, key="change", reason="Typing error")
    (row,) = table(printed(), "signature-table").rows
    assert row.cells[3] == "I assessed this · void: values changed since"
    assert any("assessor-01" in note for note in table(printed(), "week_0-assessment-1").footnotes)


def test_a_role_prints_what_it_sees_and_nothing_else():
    ids = {role: {each.id for each in printed(role).tables} for role in ("nurse", "assessor", "unmasked_monitor")}
    assert "week_0-laboratory-1" not in ids["nurse"] | ids["assessor"]
    assert "week_0-assessment-1" in ids["assessor"]
    assert "week_0-assessment-1" not in ids["unmasked_monitor"]
    for role in ("nurse", "assessor", "monitor"):
        blank = {each.id for each in blank_form(room(role)).tables}
        assert "blank-masked_results" not in blank
    assert "blank-masked_results" in {each.id for each in blank_form(room("unmasked_monitor")).tables}


def test_every_page_says_who_printed_it_when_and_over_which_ledger():
    made = printed()
    head = deployment.ledger("demo").snapshot().head
    assert made.foot == (
        f"Printed 01-SEP-2021 11:00:00 Asia/Shanghai (UTC+08:00) by investigator-01 (Investigator) "
        f"· act {deployment.ledger('demo').snapshot().acts} · ledger head {head}"
    )
    assert made.marks == ("SIMULATED DATA · no real participant",)


def test_a_blank_form_names_each_variable_its_answers_and_its_rule():
    made = blank_form(room())
    rows = {row.cells[2]: row.cells for row in table(made, "blank-laboratory").rows if not row.heading}
    items = deployment.desk("demo").protocol.form_by_id["laboratory"].items
    assert list(rows) == [item.id for item in items]
    gated = next(item for item in items if item.when)
    assert rows[gated.id][3] == gated.when
    assert rows[gated.id][1] == "☐ No  ☐ Yes"
    assert rows["platelets"][1].startswith("________")
    assert "×" in {cell for row in table(made, "schedule").rows for cell in row.cells}


def test_a_checklist_has_what_is_due_and_what_is_open():
    here = room("coordinator")
    made = checklist(here, here.subject("01-001"), here.visit("week_4"))
    due = [row.cells[0] for row in table(made, "due").rows]
    assert "☐ Vital signs and physical examination" in due
    said = [getattr(block, "text", "") for block in made.blocks]
    assert any("182 mmHg is unusually high" in text for text in said)
    assert "☐ Adverse events" in said
    quiet = room("assessor")
    said = checklist(quiet, quiet.subject("01-003"), quiet.visit("screening")).blocks
    assert [getattr(block, "text", "") for block in said].count("–") == 1, "an assessor fills in no log"


def test_a_confirmation_says_when_and_by_whom_somebody_was_randomised_and_what_comes_next():
    here = room("coordinator")
    subject = here.subject("01-001")
    made = confirmation(here, subject)
    known = dict(made.blocks[0].lines)
    assert (known["Randomised"], known["Envelope"]) == (say.day(subject.randomised, "en"), subject.slot)
    assert known["Next visit"].startswith("Week 4, ")
    acts = {row.cells[3]: row.cells for row in table(made, "trail-table").rows}
    assert list(acts) == ["Consent recorded", "Eligibility confirmed", "Randomised"]
    (act,) = seen_acts(here, subject, ("Randomised",))
    assert (acts["Randomised"][0], acts["Randomised"][6]) == (str(act.sequence), act.hash[:12])
    assert subject.slot in acts["Randomised"][4]


def test_a_confirmation_says_that_a_randomisation_was_an_error():
    desk, by = deployment.desk("demo"), person("investigator")
    assert desk.mark_randomised_in_error(
        "01-001", because="not_eligible", by=by, key="error", reason="Screened again"
    ).acts
    here = room("coordinator")
    made = confirmation(here, here.subject("01-001"))
    assert made.blocks[1].text == "Randomised in error: did not meet the criteria"
    assert made.blocks[1].strong


def test_who_was_not_randomised_has_no_confirmation(enter):
    client = enter("coordinator")
    assert client.get(f"{RANDOMISED}pdf").status_code == 200
    assert client.get("/demo/subjects/01-003/randomised.pdf").status_code == 404
    assert "randomised.pdf" in client.get("/demo/subjects/01-001/").content.decode()
    assert "randomised.pdf" not in client.get("/demo/subjects/01-003/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_come_as_pdf_and_as_a_page(enter, language):
    client = enter("investigator", language=language)
    prints = (CASEBOOK, "casebook-01-001"), (CHECKLIST, "checklist-01-001-week_0"), (RANDOMISED, "randomised-01-001")
    for path, name in prints:
        pdf = client.get(path + "pdf")
        assert pdf.content.startswith(b"%PDF-")
        assert pdf.headers["Content-Disposition"] == f'inline; filename="SIMULATED-{name}.pdf"'
        html = client.get(path + "html")
        assert html.headers["Content-Security-Policy"].startswith("sandbox")
        assert ("模拟数据" if language == "zh" else "SIMULATED DATA") in html.content.decode()
        assert 'hreflang="' not in html.content.decode(), "the language is the reader's; there is no other file"


def test_another_sites_participant_is_not_printed(enter):
    client = enter("coordinator", "02")
    answer, nothing = client.get(CASEBOOK + "pdf"), client.get("/demo/subjects/01-998/casebook.pdf")
    assert answer.status_code == nothing.status_code == 404
    assert len(answer.content) == len(nothing.content)

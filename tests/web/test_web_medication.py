"""Medication as time lines: drawn to scale with what is not known left pale, and the same in the tables."""

import re
from datetime import date

import pytest

from equipoise.web import deployment, medication
from equipoise.web.room import room_of
from tests.web.web_pages import key
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
PAGE = "/demo/subjects/01-001/medication/"
STEROID = {
    "drug": "Prednisone", "drug_class": "steroid", "drug_route": "oral", "drug_dose": "10 mg daily",
    "drug_reason": "background", "drug_start": "2021-04", "drug_ongoing": "no", "drug_stop": "2021-07-15",
}  # fmt: skip
ANTIMALARIAL = {
    **STEROID,
    "drug": "Hydroxychloroquine <HCQ>",
    "drug_start": "2019",
    "drug_ongoing": "yes",
    "drug_stop": "",
}


@pytest.fixture
def taken():
    desk = deployment.desk("demo")
    for row, said in enumerate((STEROID, ANTIMALARIAL, {"drug": "unknown herb"}), start=1):
        done = desk.save_form(
            "01-001", "log", "medication", said, by=person("coordinator"), key=key(), repeat=row, reason=""
        )
        assert done.acts
    return room_of("demo", person("coordinator"), "en")


def drawn(room):
    subject = room.subject("01-001")
    rows, line = medication.courses(room, subject), medication.doses(room, subject)
    return medication.figure(room, subject, rows, line).svg().decode()


def bars(svg, fill):
    found = re.findall(rf'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12" fill="{fill}"', svg)
    return [(float(x), float(x) + float(width)) for x, width in found]


def test_a_course_is_dark_where_it_certainly_ran_and_pale_where_it_may_have(taken):
    hcq, steroid, herb = medication.courses(taken, taken.subject("01-001"))
    assert [each.row for each in (hcq, steroid, herb)] == [2, 1, 3], "those that began first above"
    assert steroid.start == (date(2021, 4, 1), date(2021, 4, 30))
    svg = drawn(taken)
    pale, dark = bars(svg, "#c9dbe4"), bars(svg, medication.ACCENT)
    assert len(pale) == 3
    assert len(dark) == 2, "of the herb no day is certain"
    a_day = (pale[1][1] - pale[1][0]) / 106  # 1 April to 15 July
    assert dark[1][0] - pale[1][0] == pytest.approx(29 * a_day, abs=0.1), "1 to 30 April"
    assert dark[1][1] == pytest.approx(pale[1][1], abs=0.1)
    assert "&lt;HCQ&gt;" in svg


def test_the_dose_is_the_protocols_own_value_at_each_visit(taken):
    desk = deployment.desk("demo")
    desk.hold_visit("01-001", "week_4", on=date(2021, 5, 13), by=person("coordinator"), key=key())
    taken = room_of("demo", person("coordinator"), "en")
    line = medication.doses(taken, taken.subject("01-001"))
    history = deployment.desk("demo").history("01-001")
    assert [(dose.visit, dose.amount) for dose in line] == [
        ("Screening", float(history.at("screening").get("prednisone_daily"))),
        ("Baseline (week 0)", float(history.at("week_0").get("prednisone_daily"))),
        ("Week 4", None),  # at week 2 it is not asked
    ]
    asked = medication.followed(taken)
    assert medication.dose_name(taken, asked) == ("Daily steroid, as prednisone", "mg/day")
    assert any("globalrph" in source for source in medication.sources(taken, asked))
    svg = drawn(taken)
    assert svg.count("<circle") == 2
    assert 'stroke-dasharray="6 3"' in svg, "the level that counts as high"


@pytest.mark.parametrize(("language", "words"), [("en", "Still taken"), ("zh", "是否持续使用")])
def test_the_page_has_the_figure_and_the_same_in_tables(enter, taken, language, words):
    shown = enter("investigator", language=language).get(PAGE).content.decode()
    assert 'role="img"' in shown
    for each in (words, "Prednisone", "10 mg daily", "globalrph"):
        assert each in shown
    assert f'href="{PAGE}"' in enter("investigator").get("/demo/subjects/01-001/").content.decode()


def test_who_does_not_see_medication_finds_nothing(enter):
    for role in ("assessor", "pharmacist"):
        assert enter(role).get(PAGE).status_code == 404
        assert PAGE not in enter(role).get("/demo/subjects/01-001/").content.decode()
    assert enter("nurse").get(PAGE).status_code == 200


def test_somebody_who_was_only_screened_has_an_empty_figure(enter):
    answer = enter("coordinator").get("/demo/subjects/01-003/medication/")
    assert answer.status_code == 200
    assert "No visit has been held." in answer.content.decode()

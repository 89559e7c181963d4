"""Numbers with a sign or in another unit: typed once, kept as reported, shown with what they are in the own unit."""

from decimal import Decimal

import pytest

from equipoise.items import Reported
from equipoise.ledger.store import Ledger
from tests.web.web_pages import inputs, item_html, key, opened, problem_ids, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

LABORATORY = "/demo/subjects/01-001/week_0/laboratory/1/"
NEXT = "/demo/subjects/01-001/week_2/laboratory/1/"


def value(item, visit="week_0"):
    return Ledger.of("demo").snapshot().subjects["01-001"].values[visit, "laboratory", 1].get(item)


@pytest.fixture
def laboratory(enter):
    """The coordinator's laboratory form, where somebody saved a result in another unit and one with a sign."""
    client = enter("coordinator")
    answer = save(
        client,
        LABORATORY,
        creatinine="1.2",
        **{"unit.creatinine": "mg/dL"},
        urine_protein="＜０．１",
        reason="Typing error",
    )
    assert answer.status_code == 302, problem_ids(answer.content.decode())
    return client


def test_the_unit_beside_the_field_is_kept_with_the_number(laboratory):
    assert value("creatinine") == Reported(Decimal("1.2"), "", "mg/dL")
    assert value("urine_protein") == Reported(Decimal("0.1"), "<")
    html = laboratory.get(LABORATORY).content.decode()
    typed = inputs(html)
    assert (typed["creatinine"], typed["unit.creatinine"], typed["urine_protein"]) == ("1.2", "mg/dL", "<0.1")
    assert "= 106.08 µmol/L" in item_html(html, "creatinine")
    assert 'class="flag"' in item_html(html, "creatinine"), "106.08 is above 73 µmol/L"
    assert "&lt; taken" in item_html(html, "urine_protein")
    before = len(list(Ledger.of("demo").acts(kinds=("FormSaved",))))
    save(laboratory, LABORATORY)
    assert len(list(Ledger.of("demo").acts(kinds=("FormSaved",)))) == before, "nothing had changed"


def test_everybody_else_reads_both_units(laboratory, enter):
    monitor = enter("monitor", language="zh")
    assert "1.2 mg/dL = 106.08" in item_html(monitor.get(LABORATORY).content.decode(), "creatinine")
    trail = monitor.get(LABORATORY + "creatinine/trail/").content.decode()
    assert "1.2 mg/dL = 106.08 µmol/L" in trail
    assert "&lt;0.1" in monitor.get("/demo/subjects/01-001/trail/").content.decode()


def test_what_is_refused_comes_back_with_its_unit(laboratory):
    html = save(laboratory, LABORATORY, creatinine="88", **{"unit.creatinine": "mg/dL"}).content.decode()
    assert problem_ids(item_html(html, "creatinine")) == {"items.E008"}
    assert "88 mg/dL = 7779.2 µmol/L" in html
    assert (inputs(html)["creatinine"], inputs(html)["unit.creatinine"]) == ("88", "mg/dL")
    html = save(laboratory, LABORATORY, creatinine="<30", **{"unit.creatinine": ""}).content.decode()
    assert problem_ids(item_html(html, "creatinine")) == {"items.E018"}


def test_a_draft_keeps_the_unit(laboratory):
    path = LABORATORY + "draft/"
    kept = laboratory.post(
        path, {"creatinine": "0.90", "unit.creatinine": "mg/dL", "missing.creatinine": "", "key": key()}
    )
    assert kept.status_code == 200
    html = laboratory.get(LABORATORY).content.decode()
    assert (inputs(html)["creatinine"], inputs(html)["unit.creatinine"]) == ("0.90", "mg/dL")
    assert "= 79.56 µmol/L" in item_html(html, "creatinine")


def test_the_page_is_told_what_a_number_is_in_its_own_unit_while_it_is_typed(laboratory):
    data = {**opened(laboratory, LABORATORY), "creatinine": "2", "unit.creatinine": "mg/dL", "albumin": "4o"}
    told = laboratory.post(LABORATORY + "asked/", data).json()["converted"]
    assert (told["creatinine"], told["albumin"], told["crp"]) == ("= 176.8 µmol/L", "", "")


def test_a_unit_that_is_typed_is_the_one_that_is_meant(laboratory):
    save(laboratory, LABORATORY, creatinine="85 umol/L", reason="x")
    assert value("creatinine") == Reported(Decimal("1.2"), "", "mg/dL"), "umol/L is not written like this"
    save(laboratory, LABORATORY, creatinine="0.95mg/dl", **{"unit.creatinine": ""}, reason="x")
    assert value("creatinine") == Reported(Decimal("0.95"), "", "mg/dL")
    save(laboratory, LABORATORY, creatinine="85 µmol/L", reason="x")
    assert value("creatinine") == Decimal(85)


def test_a_date_in_the_future_is_kept_and_asked_about(enter):
    coordinator = enter("coordinator", language="zh")
    assert save(coordinator, LABORATORY, lab_date="2029-04-01", reason="x").status_code == 302
    html = coordinator.get(LABORATORY).content.decode()
    assert "该日期晚于今天。" in item_html(html, "lab_date")
    assert inputs(html)["lab_date"] == "2029-04-01"

"""Why an answer is missing: the listed codes, each by one key, and a whole form that was not done in one step."""

import pytest

from equipoise.items import Missing
from equipoise.ledger.store import Ledger
from tests.web.web_pages import inputs, item_html, opened, problem_ids, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

LABORATORY = "/demo/subjects/01-001/week_0/laboratory/1/"
INFUSION = "/demo/subjects/01-001/week_2/infusion/1/"


def values(visit, form):
    return Ledger.of("demo").snapshot().subjects["01-001"].values.get((visit, form, 1), {})


def test_a_form_offers_the_codes_that_its_protocol_lists_with_the_key_of_each(enter):
    html = enter("coordinator").get(LABORATORY).content.decode()
    for key, code in enumerate(("ND", "LOST", "UNK", "NA"), start=1):
        assert f'<option value="{code}">{code} ' in item_html(html, "crp")
        assert f"· Alt+{key}</option>" in item_html(html, "crp")
    assert "NASK" not in html


def test_a_code_that_is_not_listed_is_refused(enter):
    html = save(enter("coordinator"), LABORATORY, crp="?NASK", reason="x").content.decode()
    assert problem_ids(item_html(html, "crp")) == {"items.E001"}
    assert "?ND, ?LOST, ?UNK, ?NA" in item_html(html, "crp")
    html = save(enter("coordinator"), LABORATORY, **{"crp": "", "missing.crp": "NASK"}, reason="x").content.decode()
    assert inputs(html)["missing.crp"] == "NASK", "what was chosen does not vanish from the page"


def test_a_whole_form_that_was_not_done_is_one_act_with_its_reason(enter):
    nurse = enter("nurse")
    before = len(list(Ledger.of("demo").acts(kinds=("FormSaved",))))
    data = opened(nurse, INFUSION)
    assert data["rest"] == ""
    answer = nurse.post(INFUSION, {**data, "rest": "ND", "rest_reason": "fire drill"})
    assert answer.status_code == 302
    last = list(Ledger.of("demo").acts(kinds=("FormSaved",)))[-1]
    assert (len(list(Ledger.of("demo").acts(kinds=("FormSaved",)))), last.reason) == (before + 1, "fire drill")
    saved = values("week_2", "infusion")
    required = {item.id for item in Ledger.of("demo").protocol.form_by_id["infusion"].items if item.required}
    assert saved["infusion_given"] == Missing("ND")
    assert {saved[item] for item in required} <= {Missing("ND"), None}
    assert 'name="rest"' not in nurse.get(INFUSION).content.decode(), "nothing is open any more"


def test_what_was_typed_stays_beside_what_was_not_done(enter):
    nurse = enter("nurse")
    nurse.post(INFUSION, {**opened(nurse, INFUSION), "infusion_given": "no", "rest": "REF"})
    saved = values("week_2", "infusion")
    assert (saved["infusion_given"], saved["not_infused_because"]) == (False, Missing("REF"))
    assert saved.get("infusion_minutes") is None, "what is not asked is not missing"


def test_a_code_that_is_no_code_fills_nothing(enter):
    nurse = enter("nurse")
    nurse.post(INFUSION, {**opened(nurse, INFUSION), "rest": "XX"})
    assert values("week_2", "infusion") == {}

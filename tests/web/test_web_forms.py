"""A form keeps its promises: what is saved is one act, what is refused loses nothing."""

from decimal import Decimal

import pytest
from django.test import Client

from equipoise.conduct.acts import FormSaved
from equipoise.ledger.store import Ledger
from tests.web.web_pages import EXAMINATION, inputs, item_html, key, opened, problem_ids, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

WEEK_2 = "/demo/subjects/01-001/week_2/infusion/1/"
BILAG = "/demo/subjects/01-001/week_0/bilag/1/"
LOG = "/demo/subjects/01-001/log/adverse_events/2/"


def acts(kind: str = "FormSaved", study: str = "demo") -> list[object]:
    return list(Ledger.of(study).acts(kinds=(kind,)))


def value(item: str, form: str = "examination", visit: str = "week_0", repeat: int = 1) -> object:
    return Ledger.of("demo").snapshot().subjects["01-001"].values[visit, form, repeat].get(item)


def test_a_first_answer_is_saved_without_a_reason_and_said_so(enter):
    client, before = enter("nurse"), len(acts())
    data = {**opened(client, WEEK_2), "infusion_given": "no", "not_infused_because": "infection"}
    answer = client.post(WEEK_2, data, headers={"hx-request": "true"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Saved at" in html
    assert f"act {acts()[-1].sequence}" in html
    assert len(acts()) == before + 1
    assert value("not_infused_because", "infusion", "week_2") == "infection"
    assert inputs(html)["key"] != data["key"], "the next save is another act"


def test_without_htmx_a_save_ends_in_the_form_again(enter):
    client = enter("nurse")
    answer = save(client, WEEK_2, infusion_given="no", not_infused_because="declined")
    assert answer.status_code == 302
    assert "Saved" in client.get(answer.url).content.decode()


def test_a_refused_value_keeps_everything_typed_and_says_why_beside_the_field(enter):
    client, before = enter("nurse"), len(acts())
    answer = save(client, EXAMINATION, weight="56,5", pulse="9999", temperature="37.9", reason="source corrected")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert len(acts()) == before
    typed = inputs(html)
    assert (typed["weight"], typed["pulse"], typed["temperature"]) == ("56,5", "9999", "37.9")
    assert typed["reason"] == "source corrected"
    assert problem_ids(item_html(html, "weight")) == {"items.E005"}
    assert problem_ids(item_html(html, "pulse")) == {"items.E008"}
    assert "decimal point" in item_html(html, "weight")
    assert 'aria-invalid="true"' in item_html(html, "weight")
    assert 'aria-invalid="true"' not in item_html(html, "temperature")


def test_the_same_refusal_in_chinese(enter):
    html = save(enter("nurse", language="zh"), EXAMINATION, weight="56,5").content.decode()
    assert "小数请用小数点" in item_html(html, "weight")
    assert "decimal point" not in html


def test_a_changed_answer_asks_for_a_reason_and_then_keeps_it(enter):
    client = enter("nurse")
    refused = save(client, EXAMINATION, pulse="88")
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "conduct.E053" in problem_ids(html)
    assert "needs a reason: Pulse." in html
    assert inputs(html)["pulse"] == "88"
    saved = client.post(EXAMINATION, {**inputs(html), "reason": "Typing error"})
    assert saved.status_code == 302
    assert value("pulse") == 88
    last = acts()[-1]
    assert last.reason == "Typing error"
    assert isinstance(last.act, FormSaved)
    assert set(last.act.changes) == {"pulse"}


def test_a_form_sent_twice_is_one_act(enter):
    client, before = enter("nurse"), len(acts())
    data = {**opened(client, EXAMINATION), "pulse": "90", "reason": "Typing error"}
    assert client.post(EXAMINATION, data).status_code == 302
    second = client.post(EXAMINATION, data)
    assert second.status_code in (302, 422)
    assert len(acts()) == before + 1


def test_a_retry_that_lost_its_answer_is_told_it_was_saved(enter):
    """The connection broke after the first save: the page still has the old seal, and nothing differs."""
    client = enter("nurse")
    data = {**opened(client, EXAMINATION), "pulse": "90", "reason": "Typing error"}
    client.post(EXAMINATION, data)
    assert client.post(EXAMINATION, data).status_code == 302


def test_what_was_typed_after_an_unnoticed_save_is_not_lost_silently(enter):
    client, before = enter("nurse"), len(acts())
    data = {**opened(client, EXAMINATION), "pulse": "90", "reason": "Typing error"}
    client.post(EXAMINATION, data)
    answer = client.post(EXAMINATION, {**data, "pulse": "91"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "web.E003" in problem_ids(html)
    assert inputs(html)["pulse"] == "91"
    assert inputs(html)["key"] != data["key"]
    assert len(acts()) == before + 1


def test_two_people_at_one_form_do_not_overwrite_each_other_unseen(enter):
    nurse, coordinator = enter("nurse"), enter("coordinator")
    first, second = opened(nurse, EXAMINATION), opened(coordinator, EXAMINATION)
    assert nurse.post(EXAMINATION, {**first, "pulse": "70", "reason": "Typing error"}).status_code == 302
    mine = {**second, "pulse": "71", "temperature": "37.0", "reason": "New information"}
    answer = coordinator.post(EXAMINATION, mine)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert problem_ids(item_html(html, "pulse")) == {"web.E002"}
    assert "nurse-01 saved meanwhile" in item_html(html, "pulse")
    assert 'data-typed="70"' in item_html(html, "pulse")
    assert "meanwhile" not in item_html(html, "temperature")
    assert inputs(html)["pulse"] == "71"
    assert (value("pulse"), value("temperature")) == (70, Decimal("37.2")), "nothing of it was saved"
    assert coordinator.post(EXAMINATION, {**mine, **{n: inputs(html)[n] for n in ("after", "key")}}).status_code == 302
    assert (value("pulse"), value("temperature")) == (71, Decimal("37.0"))


def test_an_answer_that_only_the_other_person_changed_stays_theirs(enter):
    nurse, coordinator = enter("nurse"), enter("coordinator")
    first, second = opened(nurse, EXAMINATION), opened(coordinator, EXAMINATION)
    assert nurse.post(EXAMINATION, {**first, "pulse": "70", "reason": "Typing error"}).status_code == 302
    answer = coordinator.post(EXAMINATION, {**second, "temperature": "37.0", "reason": "New information"})
    assert answer.status_code == 302
    assert (value("pulse"), value("temperature")) == (70, Decimal("37.0"))


def test_what_was_changed_and_changed_back_is_no_contradiction(enter):
    nurse, coordinator = enter("nurse"), enter("coordinator")
    second, before = opened(coordinator, EXAMINATION), opened(coordinator, EXAMINATION)["pulse"]
    for pulse in ("70", before):
        data = {**opened(nurse, EXAMINATION), "pulse": pulse, "reason": "Typing error"}
        assert nurse.post(EXAMINATION, data).status_code == 302
    assert coordinator.post(EXAMINATION, {**second, "pulse": "72", "reason": "Typing error"}).status_code == 302
    assert value("pulse") == 72


@pytest.mark.parametrize("how", [{"weight": "?ND"}, {"weight": "", "missing.weight": "ND"}], ids=["typed", "chosen"])
def test_a_missing_code_is_an_answer(enter, how):
    client = enter("nurse")
    assert save(client, EXAMINATION, reason="Source corrected", **how).status_code == 302
    assert getattr(value("weight"), "reason", None) == "ND"
    again = opened(client, EXAMINATION)
    assert (again["weight"], again["missing.weight"]) == ("", "ND")


def test_an_answer_and_a_missing_code_contradict_each_other(enter):
    html = save(enter("nurse"), EXAMINATION, **{"weight": "57", "missing.weight": "ND"}).content.decode()
    assert problem_ids(item_html(html, "weight")) == {"web.E001"}


def test_skip_logic_is_answered_without_recording_anything(enter):
    client, before = enter("nurse"), Ledger.of("demo").snapshot().acts
    data = opened(client, WEEK_2)
    assert 'id="item-bag_number"' in client.get(WEEK_2).content.decode()
    asked = client.post(WEEK_2 + "asked/", {**data, "infusion_given": "no"}).json()["asked"]
    assert "not_infused_because" in asked
    assert "bag_number" not in asked
    asked = client.post(WEEK_2 + "asked/", {**data, "infusion_given": "yes"}).json()["asked"]
    assert "bag_number" in asked
    assert "not_infused_because" not in asked
    assert Ledger.of("demo").snapshot().acts == before


def test_a_question_that_is_not_asked_is_saved_empty(enter):
    client = enter("nurse")
    save(client, WEEK_2, infusion_given="no", not_infused_because="declined", bag_number="7Q4-KMD")
    assert value("bag_number", "infusion", "week_2") is None
    assert 'id="item-bag_number" hidden' in client.get(WEEK_2).content.decode()


def test_a_row_of_a_log_is_a_form(enter):
    client = enter("investigator")
    answer = save(client, LOG, ae_term="Rash", ae_onset="JUN-2021", ae_category="lupus", ae_serious="no")
    assert answer.status_code == 302
    assert str(value("ae_onset", "adverse_events", "log", 2)) == "2021-06"
    assert "Rash" in client.get("/demo/subjects/01-001/").content.decode()


def test_rows_of_a_log_follow_each_other(enter):
    client = enter("investigator")
    assert client.get(LOG).status_code == 200
    assert client.get(LOG.replace("/2/", "/3/")).status_code == 404


def test_dates_are_typed_and_shown_in_the_readers_way(enter):
    lab = "/demo/subjects/01-001/week_0/laboratory/1/"
    assert opened(enter("coordinator"), lab)["lab_date"] == "01-APR-2021"
    chinese = enter("coordinator", language="zh")
    assert opened(chinese, lab)["lab_date"] == "2021-04-01"
    assert save(chinese, lab, lab_date="2021年4月14日", reason="录入错误").status_code == 302
    assert opened(enter("coordinator"), lab)["lab_date"] == "14-APR-2021"


def test_text_comes_back_as_text(enter):
    probe = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
    client = enter("investigator")
    assert save(client, LOG, ae_term=probe).status_code == 302
    for path in (LOG, "/demo/subjects/01-001/", "/demo/subjects/01-001/trail/", LOG + "ae_term/trail/"):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert "&lt;script&gt;alert" in html, path
    assert opened(client, LOG)["ae_term"] == probe


def test_items_hidden_from_a_role_cannot_be_written_by_it(enter):
    """The post of a form reads only what its page shows."""
    client = enter("coordinator")
    path = "/demo/subjects/01-001/week_0/immunology/1/"
    save(client, path, c3="0.90", igg="1.00", reason="Typing error")
    assert "igg" not in Ledger.of("demo").snapshot().subjects["01-001"].values["week_0", "immunology", 1]


def test_a_role_that_does_not_fill_a_form_reads_it(enter):
    client = enter("monitor")
    html = client.get(EXAMINATION).content.decode()
    assert "reads this form and does not fill it in" in html
    assert 'name="weight"' not in html
    answer = client.post(EXAMINATION, {"key": key(), "weight": "60"})
    assert answer.status_code == 422
    assert "desk.E001" in problem_ids(answer.content.decode())


def test_a_locked_study_is_read_only(enter):
    client, path = enter("nurse"), "/done/subjects/01-001/screening/examination/1/"
    html = client.get(path).content.decode()
    assert "The study is locked. This form can be read and not changed." in html
    assert 'name="weight"' not in html
    before = len(acts(study="done"))
    answer = client.post(path, {"key": key(), "weight": "60", "reason": "x"})
    assert answer.status_code == 422
    assert "conduct.E001" in problem_ids(answer.content.decode())
    assert len(acts(study="done")) == before


def test_a_form_without_its_key_is_refused(enter):
    client = enter("nurse")
    data = opened(client, EXAMINATION)
    assert client.post(EXAMINATION, {**data, "key": "1"}).status_code == 400


def test_flags_notices_and_earlier_answers_stand_beside_the_question(enter):
    client = enter("coordinator")
    html = client.get("/demo/subjects/01-001/week_0/laboratory/1/").content.decode()
    assert "above the upper limit of normal" in item_html(html, "bilirubin")
    assert "before: 210" in item_html(html, "platelets")
    assert save(client, EXAMINATION, temperature="38.4", reason="Source corrected").status_code == 302
    assert "Fever today" in item_html(client.get(EXAMINATION).content.decode(), "temperature")


def test_the_assessor_judges_without_looking_back(enter):
    html = enter("assessor").get("/demo/subjects/01-001/week_0/assessment/1/").content.decode()
    assert "before:" not in html


def test_a_signature_stands_until_a_value_changes(enter):
    client: Client = enter("assessor")
    path = "/demo/subjects/01-001/week_0/assessment/1/"
    assert client.post(path + "sign/", {"key": key(), "again": "assessor-01"}).status_code == 302
    assert "Signed by assessor-01" in client.get(path).content.decode()
    assert save(client, path, pga="0.7", reason="Typing error").status_code == 302
    assert "values changed since assessor-01 signed" in client.get(path).content.decode()


def test_only_the_role_the_protocol_names_signs_a_form(enter):
    path = "/demo/subjects/01-001/week_0/assessment/1/"
    assert enter("investigator").post(path + "sign/", {"key": key()}).status_code == 404


def test_a_system_without_features_is_one_question(enter):
    """The items of a system wait for the question that opens them, and a heading stands above it."""
    assessor = enter("assessor")
    html = assessor.get(BILAG).content.decode()
    assert '<h2 class="section">Mucocutaneous</h2>' in html
    assert 'id="item-bilag_mucocutaneous_any">' in html
    assert 'id="item-bilag_skin_eruption_mild" hidden' in html
    data = opened(assessor, BILAG)
    asked = assessor.post(BILAG + "asked/", {**data, "bilag_mucocutaneous_any": "yes"}).json()["asked"]
    assert "bilag_skin_eruption_mild" in asked
    assert "bilag_pleurisy_pericarditis" not in asked
    answered = {**data, "bilag_pleurisy_pericarditis": "new"}
    assert "bilag_pleurisy_pericarditis" in assessor.post(BILAG + "asked/", answered).json()["asked"]

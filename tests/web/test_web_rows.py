"""Logs: a row is added, copied, referred to in words, and marked as entered in error; none is ever removed."""

from decimal import Decimal

import pytest

from equipoise.conduct.acts import RowInError
from equipoise.items import Missing
from equipoise.ledger.store import Ledger
from equipoise.web import medication, signing
from equipoise.web.room import room_of
from equipoise.web.rows import with_unit
from tests.web.web_pages import inputs, item_html, key, problem_ids, save
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

BOOK = "/demo/subjects/01-001/"
EVENTS, DRUGS = BOOK + "log/adverse_events/", BOOK + "log/medication/"


def subject():
    return Ledger.of("demo").snapshot().subjects["01-001"]


def numbers():
    return [row for _, _, row in subject().rows("adverse_events")]


def marked(client, row=1, because="of another participant"):
    page = client.get(f"{EVENTS}{row}/").content.decode()
    data = {"key": key(), "csrfmiddlewaretoken": inputs(page)["csrfmiddlewaretoken"], "because": because}
    return client.post(f"{EVENTS}{row}/in-error/", data)


@pytest.fixture
def coordinator(enter):
    return enter("coordinator")


def test_a_row_is_copied_changed_and_saved_as_the_next_one(coordinator):
    assert f"{EVENTS}2/?from=1" in coordinator.get(BOOK).content.decode()
    html = coordinator.get(EVENTS + "2/?from=1").content.decode()
    assert (inputs(html)["ae_term"], inputs(html)["ae_onset"]) == ("Headache", "MAY-2021")
    assert numbers() == [1], "to look is not to record"
    coordinator.post(EVENTS + "2/", {**inputs(html), "ae_term": "Headache again"})
    rows = {row: subject().values["log", "adverse_events", row]["ae_term"] for row in numbers()}
    assert rows == {1: "Headache", 2: "Headache again"}


@pytest.mark.parametrize("wish", ["?from=7", "?from=x", "?from=2", "?from="])
def test_what_is_not_there_is_not_copied(coordinator, wish):
    assert inputs(coordinator.get(EVENTS + "2/" + wish).content.decode())["ae_term"] == ""


def test_a_row_entered_in_error_stays_where_it_was_and_counts_no_more(coordinator, enter):
    coordinator.post(EVENTS + "1/draft/", {"ae_term": "Headaches", "missing.ae_term": "", "key": key()})
    answer = marked(coordinator)
    assert (answer.status_code, answer.url) == (302, BOOK + "#log-adverse_events")
    assert (numbers(), subject().next_row("adverse_events")) == ([], 2)
    book = coordinator.get(BOOK).content.decode()
    assert "<s>Headache</s>" in book
    assert "entered in error" in book
    assert "The event ended before it began" not in book, "its query went with it"
    html = coordinator.get(EVENTS + "1/").content.decode()
    assert "Reason: of another participant" in html
    assert "Headache" in item_html(html, "ae_term")
    assert 'id="save"' not in html
    investigator = enter("investigator", language="zh")
    assert "标记误录" in investigator.get(BOOK + "trail/").content.decode()
    assert "误录" in investigator.get(EVENTS + "1/").content.decode()
    assert save(coordinator, EVENTS + "2/", ae_term="Cough").status_code == 302
    assert numbers() == [2]


def test_an_error_needs_a_reason_and_a_row_and_happens_once(coordinator, enter):
    assert "conduct.E081" in problem_ids(marked(coordinator, because=" ").content.decode())
    assert "conduct.E054" in problem_ids(marked(coordinator, row=2).content.decode())
    assert enter("nurse").post(EVENTS + "1/in-error/", {"key": key(), "because": "x"}).status_code == 422
    marked(coordinator)
    again = coordinator.post(EVENTS + "1/", {"key": key(), "ae_term": "Cough", "reason": "x"})
    assert "conduct.E058" in problem_ids(again.content.decode())
    assert sum(isinstance(each.act, RowInError) for each in Ledger.of("demo").acts(subject="01-001")) == 1


def test_a_link_is_chosen_from_the_rows_and_shown_in_words(coordinator, enter):
    html = coordinator.get(DRUGS + "1/").content.decode()
    assert '<option value="1">1 · Headache · MAY-2021</option>' in item_html(html, "drug_event")
    texts = {"drug": "Paracetamol", "drug_class": "other", "drug_reason": "adverse_event", "drug_event": "1"}
    assert save(coordinator, DRUGS + "1/", **texts).status_code == 302
    monitor = enter("monitor", language="zh")
    assert "1 · Headache · 2021-05" in item_html(monitor.get(DRUGS + "1/").content.decode(), "drug_event")
    assert "1 · Headache · 2021-05" in monitor.get(DRUGS + "1/drug_event/trail/").content.decode()
    marked(coordinator)
    assert "1 · Headache · 2021-05 · 误录" in item_html(monitor.get(DRUGS + "1/").content.decode(), "drug_event")
    html = coordinator.get(DRUGS + "1/").content.decode()
    assert inputs(html)["drug_event"] == "1", "what was chosen does not vanish from the page"
    assert '<option value="1">' not in item_html(coordinator.get(DRUGS + "2/").content.decode(), "drug_event")


def test_where_an_answer_is_read_and_not_typed_a_link_is_the_row_it_leads_to(coordinator, monkeypatch):
    answers = {"drug": "Paracetamol", "drug_class": "?UNK", "drug_reason": "adverse_event", "drug_event": "1"}
    assert save(coordinator, DRUGS + "1/", **answers).status_code == 302
    room = room_of("demo", person("coordinator"), "zh")
    whole = "1 · Headache · 2021-05"
    signed = signing.sheet(room, room.subject("01-001"), ("log", "medication", 1), "unsigned")
    assert dict(each[1:] for each in signed.answers)["对应的不良事件"] == whole
    named = room.protocol.safety.model_copy(
        update={"medication": room.protocol.safety.medication.model_copy(update={"reason": "drug_event"})}
    )
    monkeypatch.setattr(type(room), "protocol", room.protocol.model_copy(update={"safety": named}))
    (course,) = medication.courses(room, room.subject("01-001"))
    assert whole in course.cells


def test_what_is_missing_has_no_unit(enter):
    assert with_unit("56.5", Decimal("56.5"), "kg", "en") == "56.5 kg"
    assert with_unit("1.2", Decimal("1.2"), "10^9/L", "zh") == "1.2 10⁹/L"
    assert with_unit("34", Decimal(34), "years", "zh") == "34 岁"
    assert with_unit("ND · not done", Missing("ND"), "kg", "en") == "ND · not done"
    assert with_unit("", None, "kg", "en") == ""
    save(enter("nurse"), BOOK + "week_0/examination/1/", **{"weight": "", "missing.weight": "ND", "reason": "no scale"})
    room = room_of("demo", person("investigator"), "en")
    sheet = signing.sheet(room, room.subject("01-001"), ("week_0", "examination", 1), "unsigned")
    assert "ND · not done" in [words for _, _, words in sheet.answers]


def test_units_that_are_words_are_said_in_the_readers_language(enter):
    for language, word in (("en", "years"), ("zh", "岁")):
        page = enter("coordinator", language=language).get(BOOK + "screening/demographics/1/").content.decode()
        assert f'<span class="unit">{word}</span>' in page
    scores = enter("coordinator", language="zh").get(BOOK).content.decode()
    assert '<th scope="row">病程（年）</th>' in scores
    assert '<small class="soft">mg/日</small>' in scores


def test_a_link_to_a_row_that_is_not_there_is_refused_beside_its_question(coordinator):
    html = save(
        coordinator, DRUGS + "1/", drug="Paracetamol", drug_reason="adverse_event", drug_event="7"
    ).content.decode()
    assert problem_ids(item_html(html, "drug_event")) == {"conduct.E059"}


def test_who_does_not_see_a_log_sees_of_a_link_only_the_number(coordinator, enter):
    infusion = BOOK + "week_2/infusion/1/"
    save(enter("nurse"), infusion, infusion_given="no", not_infused_because="adverse_event", infusion_event="1")
    pharmacist = enter("pharmacist").get(infusion).content.decode()
    assert "Headache" not in pharmacist
    assert ">1<" in item_html(pharmacist, "infusion_event").replace(" ", "")

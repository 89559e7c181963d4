"""What is typed and not saved: kept on the server for its writer, shown to them again, and to nobody it is not for."""

import pytest

from equipoise.ledger.store import Ledger
from equipoise.web import vault
from tests.web.web_pages import EXAMINATION, inputs, item_html, key, opened, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
DRAFT, DISCARD = EXAMINATION + "draft/", EXAMINATION + "discard/"
TRAIL = "/demo/subjects/01-001/trail/"


def draft(client, path=DRAFT, **typed):
    return client.post(path, {"key": key(), **typed}, headers={"hx-request": "true"})


def page(client, path=EXAMINATION):
    return client.get(path).content.decode()


def drafts():
    return Ledger.of("demo").snapshot().subjects["01-001"].drafts


def test_it_is_kept_and_said_when(enter):
    answer = draft(enter("nurse"), weight="5,", pulse="71")
    assert answer.status_code == 200
    assert answer.json() == {"words": "Kept as a draft at 11:00:00 · not saved yet"}
    (kept,) = drafts().values()
    assert kept.texts == {"weight": ("5,", ""), "pulse": ("71", "")}


def test_it_is_said_in_the_readers_language(enter):
    words = draft(enter("nurse", language="zh"), weight="5,").json()["words"]
    assert words == "草稿已于 11:00:00 留存 · 尚未保存"


def test_its_writer_finds_it_again_marked(enter):
    nurse = enter("nurse")
    draft(nurse, **{"weight": "5,", "missing.pulse": "ND", "pulse": ""})
    html = page(nurse)
    assert (inputs(html)["weight"], inputs(html)["pulse"], inputs(html)["missing.pulse"]) == ("5,", "", "ND")
    assert "Typed here and not saved: 2, the last at" in html
    assert "typed, not saved" in item_html(html, "weight")
    assert "typed, not saved" not in item_html(html, "temperature")
    assert "not saved" in page(nurse, "/demo/subjects/01-001/week_0/")


def found_in(trail: str) -> str:
    """What stands below the search of a trail."""
    return trail.rpartition("</form>")[2]


def test_nobody_else_is_shown_it_but_those_who_audit(enter):
    before = {role: (page(enter(role)), page(enter(role), TRAIL)) for role in ("coordinator", "investigator")}
    draft(enter("nurse"), weight="5,")
    for role, (form, trail) in before.items():
        assert inputs(page(enter(role))).keys() == inputs(form).keys()
        assert inputs(page(enter(role)))["weight"] == inputs(form)["weight"]
        assert "Typed, not saved" not in found_in(page(enter(role), TRAIL))
        assert "Typed, not saved" not in found_in(trail)
    for role in ("nurse", "monitor"):
        assert "Typed, not saved" in found_in(page(enter(role), TRAIL))
        assert "5," in page(enter(role), TRAIL)


def test_saving_ends_it_and_letting_go_does(enter):
    nurse = enter("nurse")
    draft(nurse, weight="57.5")
    assert save(nurse, EXAMINATION, reason="Typing error").status_code == 302
    assert inputs(page(nurse))["weight"] == "57.5", "what was typed is what was posted"
    assert drafts() == {}
    draft(nurse, weight="99")
    answer = nurse.post(DISCARD, {"key": key()})
    assert (answer.status_code, answer.headers["Location"]) == (302, EXAMINATION)
    assert drafts() == {}
    assert inputs(page(nurse))["weight"] == "57.5"
    before = Ledger.of("demo").snapshot().acts
    assert nurse.post(DISCARD, {"key": key()}).status_code == 302
    assert Ledger.of("demo").snapshot().acts == before, "nothing was there to let go of"


def test_what_somebody_saved_since_is_told_beside_the_draft(enter):
    nurse, coordinator = enter("nurse"), enter("coordinator")
    draft(nurse, weight="58", pulse="70")
    data = {**opened(coordinator, EXAMINATION), "weight": "59.0", "temperature": "36.9", "reason": "Typing error"}
    assert coordinator.post(EXAMINATION, data).status_code == 302
    html = page(nurse)
    assert inputs(html)["weight"] == "58"
    assert inputs(html)["temperature"] == "36.9", "what only they changed is there"
    assert "coordinator-01 saved meanwhile" in item_html(html, "weight")
    assert "saved meanwhile" not in item_html(html, "pulse")
    answer = save(nurse, EXAMINATION, reason="Source corrected")
    assert answer.status_code == 422, "not over theirs unseen"


def test_a_save_that_only_left_the_missing_answer_of_another_says_so(enter):
    nurse, coordinator = enter("nurse"), enter("coordinator")
    draft(nurse, weight="58")
    gone = {**opened(coordinator, EXAMINATION), "weight": "", "reason": "Typing error"}
    assert coordinator.post(EXAMINATION, gone).status_code == 302
    assert "no answer" in item_html(page(nurse), "weight")


def test_what_cannot_be_kept_is_said_and_not_half_kept(enter):
    answer = draft(enter("nurse"), weight="9" * 10_001, pulse="70")
    assert answer.status_code == 422
    assert [problem[0] for problem in answer.json()["problems"]] == ["desk.E005"]
    assert drafts() == {}


def test_questions_that_are_not_seen_are_not_drafted(enter):
    draft(enter("nurse"), nonsense="1", weight="58")
    (kept,) = drafts().values()
    assert set(kept.texts) == {"weight"}


def test_the_key_of_the_vault_is_the_persons_and_nobody_elses(enter):
    keys = {attribute(page(enter(role)), "data-vault") for role in ("nurse", "coordinator")}
    assert len(keys) == 2
    assert all(len(each) == 44 for each in keys)
    assert attribute(page(enter("nurse")), "data-vault") in keys
    assert attribute(page(enter("monitor")), "data-vault") == "", "who does not fill in needs none"


def test_who_is_not_masked_has_no_vault(enter, monkeypatch):
    """Nothing of an unmasked page is ever kept in a browser."""
    path = "/demo/subjects/01-001/log/masked_results/1/"
    client = enter("unmasked_monitor")
    assert 'data-draft="' in page(client, path)
    assert attribute(page(client, path), "data-vault") == ""
    assert vault.vault_of.__doc__


def attribute(html: str, name: str) -> str:
    """The value of an attribute of the entry form, "" without one."""
    return html.partition(f'{name}="')[2].partition('"')[0]

"""Signing by list, freezing, and the lock of two people, as pages: what is shown, recorded, left out and refused."""

import re
from datetime import timedelta

import pytest

from equipoise.conduct.locks import REQUEST_LASTS
from equipoise.ledger.store import Ledger
from equipoise.web import deployment, signing
from equipoise.web.views import signing as views
from tests.web.web_pages import EXAMINATION, inputs, key, problem_ids, save
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
ASSESSMENT = "/demo/subjects/01-001/week_0/assessment/1/"
RECORD = "01-001/week_0/assessment/1"
LIST, LOOK, SIGN = "/demo/signatures/", "/demo/signatures/look/", "/demo/signatures/sign/"


def signed(code="01-001"):
    return Ledger.of("demo").snapshot().subjects[code].signatures


def post(client, path, **fields):
    return client.post(path, {"key": key(), **fields})


# --- List, look, sign --------------------------------------------------------------------------------------------


def test_list_look_sign_done(enter):
    assessor = enter("assessor")
    assert LOOK + "?code=01-001" in assessor.get(LIST).content.decode()
    html = assessor.get(LOOK, {"code": "01-001"}).content.decode()
    sent = {
        **inputs(html, "signing"),
        "again": "assessor-01",
        "record": re.findall(r'name="record" value="([^"]+)"', html),
    }
    assert RECORD in sent["record"]
    assert "I have checked these answers" in html
    answer = assessor.post(SIGN, sent, follow=True)
    assert f"Signed: {len(sent['record'])} records." in answer.content.decode()
    assert LOOK + "?code=01-001" not in answer.content.decode()
    assert "Nothing waits for your signature." in assessor.get(LOOK, {"code": "01-001"}).content.decode()
    signature = signed()["week_0", "assessment", 1]
    assert (signature.by, signature.meaning[:14]) == ("assessor-01", "I have checked")
    again = assessor.post(SIGN, sent, follow=True)
    assert len(signed()) == len(sent["record"]), again.content


def test_of_what_waits_only_as_much_is_worded_as_somebody_can_look_at(enter, monkeypatch):
    assessor = enter("assessor")
    whole = re.findall(r'name="record" value="([^"]+)"', assessor.get(LOOK, {"code": "01-001"}).content.decode())
    worded, sheet = [], signing.sheet
    monkeypatch.setattr(views, "_AT_ONCE", 1)
    monkeypatch.setattr(signing, "sheet", lambda room, *waits: worded.append(waits) or sheet(room, *waits))
    html = assessor.get(LOOK, {"code": ["01-001", "01-001"]}).content.decode()
    assert re.findall(r'name="record" value="([^"]+)"', html) == whole[:1]
    assert len(worded) == 1
    assert f"{2 * len(whole) - 1} more" in html


def test_a_record_that_changed_after_it_was_looked_at_is_left_out_and_named(enter):
    assessor = enter("assessor")
    looked = inputs(assessor.get(LOOK, {"code": "01-001"}).content.decode(), "signing")
    save(assessor, ASSESSMENT, pga="0.7", reason="Typing error")
    html = assessor.post(SIGN, {**looked, "again": "assessor-01", "record": RECORD}, follow=True).content.decode()
    assert "Not signed: 01-001, Baseline (week 0) · Disease activity." in html
    assert signed() == {}


def test_a_void_signature_waits_again_with_what_changed(enter):
    assessor = enter("assessor")
    post(assessor, ASSESSMENT + "sign/", again="assessor-01")
    save(assessor, ASSESSMENT, pga="0.7", reason="Typing error")
    html = assessor.get(LOOK, {"code": "01-001"}).content.decode()
    assert "Changed since it was signed" in html
    assert "<del>0.5</del>" in html
    assert "(Typing error)" in html
    assert "signature void" in enter("assessor").get("/demo/subjects/01-001/week_0/").content.decode()
    matrix = enter("monitor").get("/demo/subjects/").content.decode()
    assert re.search(r'href="01-001/week_0/">[^<]*signature void</a><sup>⊘</sup>', matrix)
    paper = enter("monitor").get("/demo/subjects/01-001/casebook.html").content.decode()
    assert "Void, values changed since assessor-01 signed" in paper


@pytest.mark.parametrize("page", [ASSESSMENT, "/demo/subjects/01-001/casebook.html"])
def test_a_signature_shows_name_time_with_zone_and_meaning(enter, page):
    post(enter("assessor"), ASSESSMENT + "sign/", again="assessor-01")
    html = enter("assessor").get(page).content.decode()
    assert re.search(
        r"Signed by assessor-01, [\w-]+ [\d:]+ Asia/Shanghai \(UTC\+08:00\): “I have checked these answers", html
    )
    chinese = enter("assessor", language="zh").get(page).content.decode()
    assert "本人已核对以上内容" in chinese


def test_one_form_is_not_signed_over_values_somebody_set_after_it_was_shown(enter):
    assessor, before = enter("assessor"), Ledger.of("demo").snapshot().acts
    save(assessor, ASSESSMENT, pga="0.7", reason="Typing error")
    html = post(assessor, ASSESSMENT + "sign/", again="assessor-01", after=str(before)).content.decode()
    assert "web.E031" in problem_ids(html)
    assert signed() == {}


def test_nothing_is_signed_without_a_record_a_proof_or_the_act_it_was_read_at(enter):
    assessor = enter("assessor")
    after = str(Ledger.of("demo").snapshot().acts)
    assert "web.E030" in problem_ids(post(assessor, SIGN, after=after, record=["nothing", "a/b/c/x"]).content.decode())
    assert "accounts.E009" in problem_ids(post(assessor, SIGN, after=after, record=RECORD).content.decode())
    assert post(assessor, SIGN, record=RECORD, again="assessor-01").status_code == 400
    assert post(assessor, SIGN, after=after, record="02-001/week_0/assessment/1").status_code == 404
    assert post(assessor, SIGN, after=after, record="01-001/week_0/laboratory/1").status_code == 404
    assert signed() == {}


def test_in_a_locked_study_nothing_is_offered_to_sign(enter):
    assert (
        "The study is locked; nothing is signed any more."
        in enter("assessor").get("/done/signatures/").content.decode()
    )
    assert 'name="again"' not in enter("assessor").get("/done/signatures/look/?code=01-001").content.decode()


# --- Freezing ----------------------------------------------------------------------------------------------------


def test_a_form_is_frozen_and_unfrozen_where_it_stands(enter):
    manager, coordinator = enter("data_manager"), enter("coordinator")
    freeze = "/demo/subjects/01-001/freeze/"
    assert post(manager, freeze, place="week_0/examination/1").headers["Location"] == EXAMINATION
    html = coordinator.get(EXAMINATION).content.decode()
    assert "This form is frozen" in html
    assert 'id="save"' not in html
    assert "conduct.E174" in problem_ids(coordinator.post(EXAMINATION, {"key": key(), "weight": "60"}).content.decode())
    assert "forms frozen</a><sup>❄</sup>" in coordinator.get("/demo/subjects/").content.decode()
    assert "frozen" in coordinator.get("/demo/subjects/01-001/week_0/").content.decode()
    refused = post(manager, freeze, place="week_0/examination/1", thaw="yes")
    assert (refused.status_code, problem_ids(refused.content.decode())) == (422, {"conduct.E081"})
    post(manager, freeze, place="week_0/examination/1", thaw="yes", reason="a late result")
    assert 'id="save"' in coordinator.get(EXAMINATION).content.decode()


def test_every_casebook_is_frozen_at_once_and_one_is_unfrozen(enter):
    manager = enter("data_manager")
    assert "web.E005" in problem_ids(post(manager, "/demo/lock/freeze/", again="data_manager").content.decode())
    post(manager, "/demo/lock/freeze/", sure="yes", again="data_manager")
    html = manager.get("/demo/lock/").content.decode()
    assert html.count("whole casebook frozen") == 5
    assert post(manager, "/demo/lock/freeze/", sure="yes", again="data_manager").status_code == 302
    coordinator = enter("coordinator")
    assert "whole casebook frozen" in coordinator.get("/demo/subjects/").content.decode()
    for path in ("", "log/adverse_events/1/"):
        assert "log/adverse_events/2/" not in coordinator.get("/demo/subjects/01-001/" + path).content.decode(), path
    back = post(manager, "/demo/subjects/01-002/freeze/", thaw="yes", reason="a late result").headers["Location"]
    assert "whole casebook frozen" not in manager.get(back).content.decode()
    frozen = {code for code, each in Ledger.of("demo").snapshot().subjects.items() if each.frozen}
    assert frozen == {"01-001", "01-003", "01-004", "02-001"}


# --- The lock of two people ----------------------------------------------------------------------------------------


def test_one_asks_and_another_grants(enter):
    manager, sponsor = enter("data_manager"), enter("sponsor")
    assert "web.E005" in problem_ids(post(manager, "/demo/lock/request/", reason="all is clean").content.decode())
    sure = {"sure": "yes", "again": "data_manager"}
    assert "conduct.E081" in problem_ids(post(manager, "/demo/lock/request/", **sure).content.decode())
    asked = key()
    manager.post("/demo/lock/request/", {"key": asked, "reason": "all is clean", **sure})
    for reader in (manager, sponsor, enter("coordinator")):
        assert "lock asked for; another person grants it" in reader.get("/demo/subjects/").content.decode()
    assert "You asked for this. Another person grants it." in manager.get("/demo/lock/").content.decode()
    assert "conduct.E172" in problem_ids(post(manager, "/demo/lock/grant/", request=asked, **sure).content.decode())
    assert "all is clean" in sponsor.get("/demo/lock/").content.decode()
    sure["again"] = "sponsor"
    assert post(sponsor, "/demo/lock/grant/", request=asked, **sure).status_code == 302
    assert "Everything can be read, nothing changes" in enter("coordinator").get("/demo/subjects/").content.decode()
    html = post(enter("coordinator"), "/demo/subjects/01-001/week_8/miss/", because="other").content.decode()
    assert "conduct.E001" in problem_ids(html)
    undone = key()
    sponsor.post("/demo/lock/request/", {"key": undone, "reason": "a late result", **sure})
    assert post(manager, "/demo/lock/grant/", request=undone, sure="yes", again="data_manager").status_code == 302
    assert not Ledger.of("demo").snapshot().locked
    history = manager.get("/demo/lock/").content.decode()
    for words in ("Lock asked for", "Study locked", "Unlocking asked for", "Study unlocked", "a late result"):
        assert words in history


def test_a_request_is_declined_with_a_reason_or_expires(enter, monkeypatch):
    manager, sponsor, asked = enter("data_manager"), enter("sponsor"), key()
    sure = {"sure": "yes", "again": "data_manager"}
    manager.post("/demo/lock/request/", {"key": asked, "reason": "all is clean", **sure})
    post(sponsor, "/demo/lock/decline/", request=asked, reason="two queries are open")
    assert "Request declined or taken back" in manager.get("/demo/lock/").content.decode()
    asked = key()
    manager.post("/demo/lock/request/", {"key": asked, "reason": "now it is", **sure})
    later = deployment.now() + REQUEST_LASTS + timedelta(seconds=1)
    monkeypatch.setattr(deployment, "now", lambda: later)
    html = sponsor.get("/demo/lock/").content.decode()
    assert "request expired" in html
    assert "Ask for the lock" in html


def test_what_is_still_open_is_counted_before_the_lock(enter):
    desk = deployment.desk("demo")
    queries = sum(q.status == "open" for s in desk.ledger.snapshot().subjects.values() for q in s.queries.values())
    html = enter("data_manager").get("/demo/lock/").content.decode()
    assert re.search(rf"Queries to answer</dt><dd class=\"num\">{queries}<", html)
    assert "Still open" not in enter("administrator").get("/demo/lock/").content.decode()
    assert desk.sign_form("01-001", "week_0", "assessment", meaning="m", by=person("assessor"), key="s").acts

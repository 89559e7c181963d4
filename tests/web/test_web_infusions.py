"""An infusion at the bedside: the right bag at the right person or none, each entry once, nothing typed twice."""

from datetime import UTC, datetime, timedelta

import pytest

from equipoise.conduct.acts import DoseReleased
from equipoise.ledger.store import Ledger
from equipoise.web import deployment
from equipoise.web.room import room_of
from equipoise.web.today import tasks
from equipoise.web.views.rendering import problems_of
from tests.web.conftest import NOW
from tests.web.web_pages import key, problem_ids, save
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

VISIT = "/demo/subjects/01-001/week_2/"
PAGE, BAG = VISIT + "infusion/", "K7M2P9"


@pytest.fixture(autouse=True)
def bag():
    """A bag that left the pharmacy; how it may is told in test_web_pharmacy.py."""
    ledger = deployment.desk("demo").ledger
    act = DoseReleased(subject="01-001", visit="week_2", bag=BAG, quantity="250 mL")
    ledger.append(lambda _: [act], key="released", by=person("pharmacist"), at=NOW, reason="")


@pytest.fixture
def nurse(enter):
    return enter("nurse")


def check(client, wristband="01-001", bag=BAG, cover="yes", **more):
    said = {"key": key(), "wristband": wristband, "bag": bag, "cover": cover, **more}
    return client.post(PAGE + "check/", said)


def record(client, what, minute=0, *, page=False, **more):
    at = str(int((NOW + timedelta(minutes=minute)).timestamp() * 1000))
    headers = {} if page else {"hx-request": "true"}
    return client.post(PAGE + "record/", {"key": key(), "what": what, "at": at, **more}, headers=headers)


def pass_(monkeypatch, minutes):
    monkeypatch.setattr(deployment, "now", lambda: NOW + timedelta(minutes=minutes))


def subject():
    return Ledger.of("demo").snapshot().subjects["01-001"]


def infusion():
    return subject().infusions["week_2"]


def ids(answer):
    return [identity for identity, *_ in answer.json()["problems"]]


@pytest.mark.parametrize("scanned", ["k7m2p9", " K7M 2P9 ", "Ｋ７Ｍ２Ｐ９"])
def test_a_match_is_found_however_it_is_typed(nurse, scanned):
    assert check(nurse, bag=scanned).status_code == 302
    assert infusion().state == "ready"


@pytest.mark.parametrize(
    ("wrong", "found", "words"),
    [
        ({"wristband": "01-002"}, "wrong_person", "This wristband is another person&#x27;s."),
        ({"wristband": "01-002", "bag": "OTHER"}, "wrong_person", "This wristband is another person&#x27;s."),
        ({"bag": "OTHER"}, "wrong_bag", "This bag was not released for this participant and this visit."),
        ({"bag": ""}, "wrong_bag", "This bag was not released"),
        ({"cover": ""}, "cover_damaged", "Do not look at the fluid"),
    ],
)
def test_what_does_not_match_is_refused_in_plain_words_and_recorded(nurse, wrong, found, words):
    answer = check(nurse, **wrong)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Do not start this infusion." in shown
    assert words in shown
    assert [each.found for each in infusion().checks] == [found]
    assert record(nurse, "start", rate="250").status_code == 422, "nothing starts after it"
    assert check(nurse).status_code == 302
    assert [each.found for each in infusion().checks] == [found, "matches"]


def test_a_whole_infusion_fills_in_its_form_and_begins_an_adverse_event(nurse, enter, monkeypatch):
    check(nurse)
    pass_(monkeypatch, 90)
    record(nurse, "start", 1, rate="250")
    record(nurse, "signs", 5, temperature="36.8", systolic="118", diastolic="76", pulse="８２")
    record(nurse, "rate", 20, rate="125")
    record(nurse, "reaction", 26, sign="urticaria on both arms", grade="grade_2")
    record(nurse, "stop", 26)
    record(nurse, "restart", 40, rate="100")
    assert record(nurse, "end", 85, volume="240").status_code == 200
    values = subject().values["week_2", "infusion", 1]
    assert {name: values[name] for name in ("infusion_given", "bag_number", "infusion_start", "infusion_minutes")} == {
        "infusion_given": True, "bag_number": BAG, "infusion_start": "11:01", "infusion_minutes": 84,
    }  # fmt: skip
    assert (values["infusion_rate"], values["infusion_volume"], values["reaction"]) == (250, 240, "moderate")
    assert (values["infusion_completed"], values["infusion_interrupted"]) == (False, True)
    event = subject().values["log", "adverse_events", 2]
    assert (event["ae_term"], event["ae_category"], event["ae_severity"]) == (
        "urticaria on both arms", "infusion_reaction", "grade_2",
    )  # fmt: skip
    assert str(event["ae_onset"]) == "2021-09-01"
    assert infusion().reactions[0].event == 2
    assert infusion().signs[0].signs == {"temperature": "36.8", "systolic": "118", "diastolic": "76", "pulse": "82"}
    shown = nurse.get(PAGE).content.decode()
    for words in (
        "11:26:00",
        "urticaria on both arms · Grade 2 - moderate",
        "Pulse 82 /min",
        "Asia/Shanghai (UTC+08:00)",
    ):
        assert words in shown
    waiting = [task.what for task in tasks(room_of("demo", person("investigator"), "en"))["forms"]]
    assert "Adverse events 2" in waiting, "the investigator adds the rest"


def test_an_undisturbed_infusion_of_the_whole_bag(nurse, monkeypatch):
    check(nurse)
    pass_(monkeypatch, 70)
    record(nurse, "start", 0, rate="250")
    record(nurse, "end", 60, volume="250")
    values = subject().values["week_2", "infusion", 1]
    assert (values["infusion_completed"], values["infusion_interrupted"], values["reaction"]) == (True, False, "none")


def test_what_the_form_cannot_hold_never_keeps_from_recording_the_end(nurse, monkeypatch):
    check(nurse)
    pass_(monkeypatch, 900)
    record(nurse, "start", 0, rate="250")
    assert record(nurse, "end", 800, volume="250").status_code == 200, "over thirteen hours: not on the form"
    values = subject().values["week_2", "infusion", 1]
    assert ("infusion_minutes" in values, values["infusion_volume"]) == (False, 250)


def test_what_the_queue_sends_again_is_recorded_once(nurse):
    check(nurse)
    once = {"key": key(), "what": "start", "rate": "250", "at": str(int(NOW.timestamp() * 1000))}
    for _ in range(3):
        assert nurse.post(PAGE + "record/", once, headers={"hx-request": "true"}).status_code == 200
    assert len(infusion().steps) == 1


def test_steps_come_in_their_order_and_never_from_the_future(nurse, monkeypatch):
    assert ids(record(nurse, "start", rate="250")) == ["conduct.E161"]
    check(nurse)
    assert ids(record(nurse, "start")) == ["conduct.E163"]
    assert ids(record(nurse, "start", 2, rate="250")) == ["conduct.E151"]
    assert ids(record(nurse, "start", rate="fast")) == ["desk.E005"]
    assert ids(record(nurse, "dance")) == ["desk.E005"]
    pass_(monkeypatch, 30)
    record(nurse, "start", 10, rate="250")
    assert ids(record(nurse, "stop", 5)) == ["conduct.E162"]
    assert ids(record(nurse, "restart", 12, rate="100")) == ["conduct.E161"]
    assert ids(record(nurse, "end", 20)) == ["conduct.E164"]
    assert ids(record(nurse, "end", 20, volume="999")) == ["conduct.E168"]
    assert ids(record(nurse, "signs", 20)) == ["conduct.E167"]
    assert ids(record(nurse, "signs", 20, pulse="fast")) == ["items.E003"]
    assert ids(record(nurse, "reaction", 20, sign="itching", grade="terrible")) == ["conduct.E166"]
    assert ids(record(nurse, "reaction", 20, sign="", grade="grade_1")) == ["desk.E005"]
    assert problem_ids(check(nurse).content.decode()) == {"conduct.E161"}
    assert infusion().state == "running"


def test_a_time_that_is_typed_is_the_sites(nurse, monkeypatch):
    check(nurse)
    pass_(monkeypatch, 30)
    record(nurse, "start", 30, rate="250", time="11:05")
    assert infusion().steps[0].at == datetime(2021, 9, 1, 3, 5, tzinfo=UTC)
    assert ids(record(nurse, "stop", time="9.30")) == ["web.E025"]


def test_the_page_works_without_its_script(nurse):
    check(nurse)
    assert record(nurse, "start", page=True, rate="250").status_code == 302
    refused = record(nurse, "start", page=True, rate="250")
    assert refused.status_code == 422
    assert problem_ids(refused.content.decode()) == {"conduct.E161"}
    answer = nurse.post(PAGE + "record/", {"key": key(), "what": "stop"})  # no moment: it is now
    assert answer.status_code == 302
    assert infusion().steps[-1].at == NOW


def test_what_was_typed_on_the_form_before_is_not_touched(nurse, monkeypatch):
    save(nurse, VISIT + "infusion/1/", infusion_given="yes", infusion_start="10:40")
    check(nurse)
    pass_(monkeypatch, 70)
    record(nurse, "start", 0, rate="250")
    assert record(nurse, "end", 60, volume="250").status_code == 200
    assert subject().values["week_2", "infusion", 1]["infusion_start"] == "10:40"


def test_a_bag_at_hand_waits_for_the_nurse_until_it_is_given(nurse, monkeypatch):
    def waiting(role):
        return [(task.what, task.state) for task in tasks(room_of("demo", person(role), "en"))["infusions"]]

    assert waiting("nurse") == [(f"Week 2: infusion, bag {BAG}", "waiting")]
    assert waiting("investigator") == waiting("assessor") == waiting("pharmacist") == []
    check(nurse)
    assert 'class="tag s infusion-ready">may start<' in nurse.get("/demo/today/").content.decode()
    pass_(monkeypatch, 70)
    record(nurse, "start", 0, rate="250")
    record(nurse, "end", 60, volume="250")
    assert waiting("nurse") == []


def test_who_does_not_sit_at_the_bedside_finds_no_page_or_nothing_to_press(nurse, enter):
    check(nurse)
    for role in ("assessor", "pharmacist"):
        client = enter(role)
        assert client.get(PAGE).status_code == 404
        assert f'href="{PAGE}"' not in client.get(VISIT).content.decode()
    reader = enter("monitor", "").get(PAGE).content.decode()
    assert "Person and bag match" in reader
    assert 'action="/demo/subjects/01-001/week_2/infusion/' not in reader
    assert enter("monitor", "").get("/demo/subjects/01-001/screening/infusion/").status_code == 404
    assert "Person and bag match" not in enter("assessor").get("/demo/subjects/01-001/trail/").content.decode()


@pytest.mark.parametrize(("visit", "words"), [("week_0", "No bag has been released"), ("week_4", "Record first that")])
def test_without_a_bag_or_a_visit_there_is_nothing_to_press(nurse, visit, words):
    page = nurse.get(f"/demo/subjects/01-001/{visit}/infusion/").content.decode()
    assert words in page
    assert "check/" not in page
    assert "data-record" not in page


def test_the_trail_says_what_was_done_when(nurse):
    check(nurse)
    record(nurse, "start", rate="250")
    trail = nurse.get("/demo/subjects/01-001/trail/").content.decode()
    assert "250 mL/h" in trail
    assert "01-SEP-2021 11:00:00" in trail
    shown = nurse.get(PAGE, headers={"accept-language": "zh-CN"}).content.decode()
    assert "vial" not in shown.lower()


def test_no_freeze_stops_an_infusion_and_the_lock_does():
    desk, nurse = deployment.desk("demo"), person("nurse")
    here, manager, event = ("01-001", "week_2"), person("data_manager"), ("log", "adverse_events", 2)
    said = {"wristband": "01-001", "bag": BAG, "cover_intact": True}
    assert not problems_of(desk.check_bag(*here, **said, by=nurse, key="bag"))
    assert not problems_of(desk.step_infusion(*here, "start", at=NOW, rate="250", by=nurse, key="start"))
    assert not problems_of(desk.freeze("01-001", by=manager, key="frozen"))
    typed = desk.save_form(*here, "infusion", {"infusion_start": "10:40"}, by=nurse, key="typed")
    assert [each.id for each in problems_of(typed)] == ["conduct.E174"]
    seen = {"at": NOW, "grade": "grade_1", "sign": "itching", "by": nurse}
    assert not problems_of(desk.see_reaction(*here, **seen, key="seen"))
    assert not problems_of(desk.step_infusion(*here, "end", at=NOW, volume="250", by=nurse, key="end"))
    assert subject().values["week_2", "infusion", 1]["infusion_volume"] == 250
    assert subject().values[event]["ae_term"] == "itching"
    since = {"aware": NOW, "on": NOW.date(), "by": person("investigator"), "reason": "taken into hospital"}
    assert not problems_of(desk.know_serious("01-001", 2, **since, key="serious"))
    assert event in subject().serious
    assert not problems_of(desk.request_lock(by=manager, key="asked", reason="all is clean"))
    assert not problems_of(desk.lock("asked", by=person("sponsor"), key="locked"))
    assert {each.id for each in problems_of(desk.see_reaction(*here, **seen, key="late"))} == {"conduct.E001"}

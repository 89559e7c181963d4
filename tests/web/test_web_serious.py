"""A serious adverse event: one click from its row, clocks that nobody overlooks, reports, a downgrade."""

from datetime import UTC, datetime, timedelta

import pytest

from equipoise.ledger.store import Ledger
from equipoise.web import deployment
from equipoise.web.room import room_of
from equipoise.web.today import tasks
from tests.web.conftest import NOW
from tests.web.web_pages import key, problem_ids, save
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

CASEBOOK, PAGE = "/demo/subjects/01-001/", "/demo/subjects/01-001/serious/1/"
ROW = ("log", "adverse_events", 1)
SAID = {"seriousness": "hospitalisation", "on": "2021-09-01", "time": "09:30", "reason": "taken into hospital"}


def known(client, **more):
    return client.post(PAGE + "known/", {"key": key(), **SAID, **more})


def report(client, **more):
    return client.post(PAGE + "report/", {"key": key(), "clock": "sae_to_sponsor", **more})


def downgrade(client, **more):
    said = {"key": key(), "reason": "no night in hospital", "again": "investigator-01", **more}
    return client.post(PAGE + "downgrade/", said)


def event():
    return Ledger.of("demo").snapshot().subjects["01-001"].serious.get(ROW)


def values():
    return Ledger.of("demo").snapshot().subjects["01-001"].values[ROW]


def pass_(monkeypatch, hours):
    monkeypatch.setattr(deployment, "now", lambda: NOW + timedelta(hours=hours))


def waiting(role, **more):
    by = person(role) if role != "sponsor" else person("sponsor", "")
    found = tasks(room_of("demo", type(by)(role, role, by.site), "en"))["safety"]
    return [(task.what, task.state) for task in found]


@pytest.mark.parametrize("role", ["coordinator", "investigator"])
def test_a_row_is_made_serious_in_one_click_with_what_it_says_carried_over(enter, role):
    client = enter(role)
    assert f'href="{PAGE}">Serious<' in client.get(CASEBOOK).content.decode()
    assert f'href="{PAGE}"' in client.get("/demo/subjects/01-001/log/adverse_events/1/").content.decode()
    assert f'href="{PAGE}"' not in client.get("/demo/subjects/01-001/log/adverse_events/2/").content.decode()
    shown = client.get(PAGE).content.decode()
    assert "Headache" in shown
    assert known(client).status_code == 302
    assert event().aware == datetime(2021, 9, 1, 1, 30, tzinfo=UTC)
    assert (values()["ae_serious"], values()["ae_serious_because"]) == (True, "hospitalisation")
    assert str(values()["ae_aware"]) == "2021-09-01"
    assert values()["ae_term"] == "Headache", "the event stands once, in its row"
    (*_, act, saved) = Ledger.of("demo").acts(subject="01-001", kinds=("SeriousEventKnown", "FormSaved"))
    assert (act.act.kind, saved.act.kind) == ("SeriousEventKnown", "FormSaved")
    assert set(saved.act.changes) == {"ae_serious", "ae_serious_because", "ae_aware"}


@pytest.mark.parametrize(
    ("wrong", "identity"),
    [
        ({"on": ""}, "web.E004"), ({"time": "25:00"}, "web.E025"), ({"seriousness": "cough"}, "web.E006"),
        ({"on": "2021-09-02"}, "conduct.E151"), ({"reason": ""}, "conduct.E053"),
    ],
)  # fmt: skip
def test_nothing_is_half_recorded_when_it_is_refused(enter, wrong, identity):
    client, before = enter("investigator"), values()
    answer = known(client, **wrong)
    assert answer.status_code == 422
    assert problem_ids(answer.content.decode()) == {identity}
    assert 'value="09:30"' in answer.content.decode() or "time" in wrong, "what was typed is still there"
    assert (event(), values()) == (None, before)


def test_the_clock_is_shown_and_cannot_be_overlooked(enter, monkeypatch):
    client = enter("investigator")
    assert waiting("investigator") == []
    known(client)
    shown = client.get(PAGE).content.decode()
    assert "02-SEP-2021 09:30" in shown, "the time of the site"
    assert 'class="tag s clock-running">running<' in shown
    assert waiting("investigator") == [("Headache · Serious adverse event to the sponsor", "running")]
    pass_(monkeypatch, 18)
    assert waiting("investigator")[0][1] == "pressing"
    pass_(monkeypatch, 23)
    today = client.get("/demo/today/").content.decode()
    assert 'class="tag s clock-overdue">OVERDUE<' in today
    assert "until 02-SEP-2021 09:30" in today
    assert 'clock-overdue">OVERDUE<' in client.get(CASEBOOK).content.decode()
    assert "已超期" in enter("investigator", language="zh").get(PAGE).content.decode()


def test_a_report_ends_it_and_what_is_entered_later_asks_for_a_follow_up(enter, monkeypatch):
    client = enter("investigator")
    known(client)
    pass_(monkeypatch, 2)
    assert report(client).status_code == 302
    assert waiting("investigator") == []
    assert "sent in time" in client.get(PAGE).content.decode()
    pass_(monkeypatch, 5)
    form = "/demo/subjects/01-001/log/adverse_events/1/"
    save(client, form, ae_term="Migraine with aura", reason="the neurologist's letter")
    assert waiting("investigator") == [
        ("Migraine with aura · Follow-up: Serious adverse event to the sponsor", "running")
    ]
    assert event().aware == datetime(2021, 9, 1, 1, 30, tzinfo=UTC), "an edit moves no clock"
    pass_(monkeypatch, 6)
    report(client)
    assert waiting("investigator") == []
    assert [each.clock for each in event().reports] == ["sae_to_sponsor"] * 2
    assert len({each.values for each in event().reports}) == 2


def test_the_sponsor_has_its_own_clocks_from_the_first_report_on(enter, monkeypatch):
    site, sponsor = enter("investigator"), enter("sponsor", "")
    known(site)
    form = "/demo/subjects/01-001/log/adverse_events/1/"
    save(site, form, ae_related="yes", ae_expected="no", reason="judged")
    assert waiting("sponsor") == []
    assert report(sponsor).status_code == 422, "a site's report is the site's"
    report(site)
    assert [what for what, _ in waiting("sponsor")] == ["Headache · Other unexpected serious reaction to the authority"]
    assert waiting("investigator") == []
    assert report(site, clock="susar").status_code == 422
    assert report(sponsor, clock="susar", on="2021-09-01", time="12:99").status_code == 422
    pass_(monkeypatch, 4)
    assert report(sponsor, clock="susar", on="2021-09-01", time="12:30").status_code == 302
    assert waiting("sponsor") == []


def test_an_earlier_moment_takes_its_place_and_a_later_one_never(enter):
    client = enter("coordinator")
    known(client)
    assert problem_ids(known(client, time="10:00").content.decode()) == {"conduct.E152"}
    assert known(client, time="08:15").status_code == 302
    assert event().aware == datetime(2021, 9, 1, 0, 15, tzinfo=UTC)


def test_a_downgrade_is_an_act_of_a_physician_with_a_reason_and_proved_anew(enter):
    client = enter("investigator")
    known(client)
    assert "downgrade/" not in enter("coordinator").get(PAGE).content.decode()
    assert downgrade(client, again="somebody").status_code == 422
    assert downgrade(client, reason="").status_code == 422
    assert downgrade(enter("sponsor", ""), again="sponsor").status_code == 422, "not the sponsor's judgement"
    assert not event().downgraded
    assert downgrade(client).status_code == 302
    assert event().downgraded
    assert (values()["ae_serious"], values()["ae_serious_because"], values()["ae_aware"]) == (False, None, None)
    shown = client.get(PAGE).content.decode()
    assert "was downgraded" in shown
    assert waiting("investigator") == []
    assert known(client, reason="a night in hospital after all").status_code == 302
    assert not event().downgraded


def test_a_serious_event_is_downgraded_before_its_row_can_be_marked_as_an_error(enter):
    client, form = enter("investigator"), "/demo/subjects/01-001/log/adverse_events/1/"
    known(client)
    answer = client.post(form + "in-error/", {"key": key(), "because": "of another participant"})
    assert problem_ids(answer.content.decode()) == {"conduct.E158"}
    assert "Downgrade the event first" in answer.content.decode()
    downgrade(client)
    assert client.post(form + "in-error/", {"key": key(), "because": "of another participant"}).status_code == 302
    assert Ledger.of("demo").snapshot().subjects["01-001"].rows("adverse_events") == []


def test_a_row_that_was_only_ticked_waits_first_of_all(enter):
    client = enter("coordinator")
    form = "/demo/subjects/01-001/log/adverse_events/1/"
    said = {"ae_serious": "yes", "ae_serious_because": "death", "ae_aware": "2021-08-31", "reason": "misread"}
    save(client, form, **said)
    assert waiting("investigator") == [("Headache · serious; say since when the site has known", "unannounced")]
    assert waiting("coordinator") == waiting("sponsor") == []
    assert 'clock-unannounced">say since when<' in client.get(CASEBOOK).content.decode()


def test_who_does_not_see_adverse_events_finds_nothing(enter):
    known(enter("investigator"))
    for role in ("assessor", "pharmacist"):
        client = enter(role)
        assert client.get(PAGE).status_code == 404
        trail = client.get(CASEBOOK + "trail/").content.decode()
        assert "Known to be serious" not in trail
    trail = enter("monitor", "").get(CASEBOOK + "trail/").content.decode()
    assert "Known to be serious" in trail
    assert "01-SEP-2021 09:30" in trail
    assert enter("nurse").get(PAGE).status_code == 200
    assert enter("nurse").get("/demo/subjects/01-001/serious/2/").status_code == 404


def test_the_trail_names_the_duty_and_when_it_was_done(enter):
    client = enter("investigator")
    known(client)
    report(client)
    trail = client.get(CASEBOOK + "trail/").content.decode()
    assert "Safety report sent" in trail
    assert "Serious adverse event to the sponsor" in trail
    reader = enter("data_manager", "").get(PAGE).content.decode()
    assert "Headache" in reader
    assert f'action="{PAGE}' not in reader, "who only reads finds nothing to press"

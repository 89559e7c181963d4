"""The pharmacist's pages as the server makes them: sealed things out, sealed things in, and nothing for others."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from equipoise.envelopes import Place, open_entry, read_register, seal_entry
from equipoise.items import Problem
from equipoise.randomisation import seeded
from equipoise.web import deployment
from equipoise.web.security import POLICY, WORKSPACE_POLICY
from tests.web.web_pages import key
from tests.web.web_pharmacy import KEYS, make_pharmacy, opened, recorded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
PAGE = "/rx/pharmacy/"
ORDER = "/rx/pharmacy/orders/01-001/week_0/"


@pytest.fixture
def world():
    return make_pharmacy("rx")


def config(client):
    page = client.get(PAGE).content.decode()
    return json.loads(page.split('<script id="config" type="application/json">')[1].split("</script>")[0])


def sealed(client, bag, name="a" * 32):
    readers = [KEYS[reader].public for reader in config(client)["readers"]]
    place = Place("rx", "01", name, bag)
    record = seal_entry({"kind": "preparation", "day": "2021-09-01"}, place, readers, seeded(b"x"))
    return json.dumps({"record": name, "bag": bag, "sealed": record.json()})


def posted(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_a_dose_from_order_to_release(world, enter, monkeypatch):
    client = enter("pharmacist")
    assert "not opened" in client.get(PAGE).content.decode()
    handed = client.post(ORDER + "open/").json()
    assert (handed["weight"], handed["prepared"], handed["slot"]["label"]) == ("56.5", False, handed["slot"]["label"])
    assert 3540 < handed["seconds"] <= 3601
    early = client.post(ORDER + "release/", {"key": key()})
    assert (early.status_code, early.json()["problems"][0][0]) == (422, "desk.E032")
    row = posted(client, PAGE + "records/", sealed(client, handed["bag"])).json()
    assert (row["sequence"], row["bag"]) == (1, handed["bag"])
    assert "prepared, release from" in client.get(PAGE).content.decode()
    early = client.post(ORDER + "release/", {"key": key()})
    assert early.json()["problems"][0][0] == "desk.E033"
    monkeypatch.setattr(deployment, "now", lambda: datetime(2021, 9, 1, 4, 1, tzinfo=UTC))
    assert client.post(ORDER + "release/", {"key": key()}).json() == {"acts": 1}
    assert ORDER not in client.get(PAGE).content.decode()
    trail = enter("monitor").get("/rx/subjects/01-001/trail/").content.decode()
    assert handed["bag"] in trail
    assert "250 mL" in trail


def test_the_page_is_told_which_keys_are_another_sites(world, enter):
    here, there = config(enter("pharmacist")), config(enter("pharmacist", "02"))
    assert here["sites"] == there["sites"] == {"pharmacist/Zhao": "02"}
    assert set(there["readers"]) - set(here["readers"]) == {"pharmacist/Zhao"}
    handed = enter("pharmacist").post(ORDER + "open/").json()
    assert (handed["sites"], handed["site"]) == ({"pharmacist/Zhao": "02"}, "01")
    assert {len(wrapped) for wrapped in handed["slot"]["wraps"].values()} == {108}  # 80 bytes, for whomever it is
    chinese = config(enter("pharmacist", language="zh"))["says"]["other_site"]
    assert "您的密钥属于 {site} 中心" in chinese


def test_wasm_is_let_in_on_this_page_alone(world, enter):
    client = enter("pharmacist")
    answer = client.get(PAGE)
    assert answer.headers["Content-Security-Policy"] == WORKSPACE_POLICY != POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/rx/").headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("role", ["nurse", "investigator", "monitor", "data_manager", "administrator"])
def test_for_others_there_is_nothing(world, enter, role):
    client = enter(role)
    for path in ("", "register/01/"):
        assert client.get(PAGE + path).status_code == 404
    assert client.post(ORDER + "open/").status_code == 404
    assert PAGE not in client.get("/rx/").content.decode()


def test_the_register_goes_to_its_readers_sealed(world, enter):
    recorded(world, {"kind": "receipt", "day": "2021-08-01"})
    answer = enter("unmasked_monitor", "").get(PAGE + "register/01/")
    (row,) = read_register(answer.content)
    assert open_entry(row.sealed, row.place, KEYS["unmasked_monitor"])["kind"] == "receipt"
    assert enter("pharmacist", "02").get(PAGE + "register/01/").status_code == 404
    assert enter("unmasked_monitor", "").get(PAGE + "register/99/").json()["rows"] == []


def test_the_monitor_chooses_a_site(world, enter):
    client = enter("unmasked_monitor", "")
    assert "Pharmacy · Site 02" in client.get(PAGE + "?site=02").content.decode()
    assert client.get(PAGE + "?site=99").status_code == 404


def test_what_is_no_record_is_refused(world, enter):
    client = enter("pharmacist")
    for body in ("", "[]", "no JSON", json.dumps({"record": "a", "bag": ""}), "x" * 70_000):
        assert posted(client, PAGE + "records/", body).status_code == 400
    body = json.dumps({"record": "a" * 32, "bag": "", "sealed": {}})
    assert posted(client, PAGE + "records/", body).json()["problems"][0][0] == "envelopes.E123"


def test_an_order_that_is_not_due_is_refused_in_words(world, enter):
    answer = enter("pharmacist", language="zh").post("/rx/pharmacy/orders/01-001/week_48/open/")
    assert answer.status_code == 422
    assert "目前不能为该受试者配制" in answer.json()["problems"][0][2]


def test_an_alarm_is_recorded_and_seen_by_who_audits(world, enter):
    assert enter("pharmacist").post(ORDER + "doubt/", {"key": key()}).json() == {"acts": 1}
    words = "Envelope did not open as sealed"
    assert words in enter("monitor").get("/rx/subjects/01-001/trail/").content.decode()
    assert words not in enter("nurse").get("/rx/subjects/01-001/trail/").content.decode()


def test_supply_is_declared_and_seen_by_everybody(world, enter):
    pharmacist = enter("pharmacist")
    assert pharmacist.post(PAGE + "supply/", {"key": key(), "enough": "no"}).status_code == 302
    assert "Supply not OK" in enter("nurse").get("/rx/").content.decode()
    monitor = enter("unmasked_monitor", "")
    answer = monitor.post(PAGE + "supply/", {"key": key(), "enough": "yes", "site": "01"})
    assert answer.headers["Location"] == "/rx/pharmacy/?site=01"
    assert "Supply OK" in enter("nurse").get("/rx/").content.decode()


def test_a_supply_that_cannot_be_declared_is_said(enter):
    answer = enter("pharmacist").post("/done/pharmacy/supply/", {"key": key(), "enough": "no"})
    assert answer.status_code == 422
    assert "conduct.E001" in answer.content.decode()


def test_a_study_without_its_list_says_so(world, enter, monkeypatch):
    def nothing(study):
        raise LookupError(study)

    monkeypatch.setattr("equipoise.desk.dispensing.sealed_list", nothing)
    assert "desk.E034" in enter("pharmacist").get(PAGE).content.decode()


def test_leaving_has_the_browser_forget(world, enter):
    answer = enter("pharmacist").post(PAGE + "leave/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_what_the_page_is_told_is_the_same_for_every_participant(world, enter):
    """Arms and products are described for all alike; which is whose stands nowhere."""
    first = opened(world, "01-001").order
    told = config(enter("pharmacist"))
    assert set(told["arms"]) == {"belimumab", "placebo"}
    assert {len(product) for product in told["products"].values()} == {2}
    assert first.bag not in json.dumps(told)
    assert not isinstance(first, Problem)
    assert world.now + timedelta(0) == first.at

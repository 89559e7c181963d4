"""The pages of kits: the stock of a site, the supply of all, the kit of a visit; numbers and statuses, never an arm."""

import re
from datetime import timedelta

import pytest

from equipoise.web import deployment
from equipoise.web.kit_stock import MARKS, STATUSES, numbers_in
from tests.desk.at_work import KITS_TEXT, RANDOMISED, done
from tests.desk.test_desk_kits import CRC, L1, MANAGER, KitStudy, kit
from tests.web.web_pages import key

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study(monkeypatch):
    made = KitStudy(text=KITS_TEXT)
    made.kits = made.stocked()
    choose = made.desk.choose
    monkeypatch.setattr(deployment, "now", made.clock)
    monkeypatch.setattr(deployment, "choosing", lambda _: lambda *asked: choose(*asked))
    return made


@pytest.fixture
def site(study, enter):
    return enter("coordinator", "11")


@pytest.fixture
def manager(study, enter):
    return enter("supply_manager", "")


def status(study, number):
    study.ledger.snapshot()
    return kit(study, number).status


def post(client, path, **fields):
    return client.post(f"/tablets/{path}", {"key": key(), **fields})


def refused(answer):
    assert answer.status_code == 422
    return re.findall(r'class="id">([\w.]+)<', answer.content.decode())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_site_sees_its_kits_with_their_statuses_in_words(study, enter, language):
    page = enter("coordinator", "11", language=language).get("/tablets/kits/").content.decode()
    assert all(number in page for number in study.kits)
    assert ("可用" if language == "zh" else "Available") in page
    assert not any(word in page for word in ("High dose", "高剂量", "nirotensin_20", "high</"))
    assert enter("coordinator", "12").get("/tablets/kits/").content.decode().count(study.kits[0]) == 0


def test_a_shipment_is_received_by_its_numbers(study, enter):
    shipped = done(study.desk.ship("12", [sorted(free(study))[0]], depot="central", by=MANAGER, key="more")).acts[0].act
    site = enter("coordinator", "12")
    first, second, *rest = study.desk.kits_of(shipped.shipment)
    assert shipped.shipment in site.get("/tablets/kits/").content.decode()
    came = {"shipment": shipped.shipment, "received": "\n".join(rest), "damaged": f"{first[:3]}-{first[3:]}".lower()}
    warm = {"lowest": "16,5", "highest": "24"}
    receive = "kits/receive/"
    assert refused(post(site, receive, **came, **warm)) == ["conduct.E137"]
    assert refused(post(site, receive, **came | {"received": "NONSENSE"}, **warm)) == ["web.E020"]
    assert refused(post(site, receive, **came | {"damaged": "?"}, **warm)) == ["web.E020"]
    for lowest, highest in (("", "24"), ("16", "warm"), ("16", "NaN")):
        assert refused(post(site, receive, **came, lowest=lowest, highest=highest)) == ["web.E021"]
    assert post(site, receive, **came, **warm, rest="missing").status_code == 302
    assert [status(study, number) for number in (first, second, rest[0])] == ["damaged", "missing", "available"]


@pytest.mark.parametrize(("lowest", "highest"), [("14.9", "20"), ("16", "25.1")])
def test_outside_the_range_of_storage_everything_is_put_aside(study, enter, lowest, highest):
    shipped = done(study.desk.ship("12", [sorted(free(study))[0]], depot="central", by=MANAGER, key="more")).acts[0].act
    numbers = study.desk.kits_of(shipped.shipment)
    fields = {"shipment": shipped.shipment, "received": " ".join(numbers), "lowest": lowest, "highest": highest}
    assert post(enter("coordinator", "12"), "kits/receive/", **fields).status_code == 302
    assert {status(study, number) for number in numbers} == {"pre_quarantined"}


def free(study):
    return {each.pack for each in study.ledger.snapshot().kits.values() if each.status == "packed"}


def test_kits_are_put_aside_and_the_supply_manager_decides(study, site, manager):
    first, second = study.kits[:2]
    aside = {"kits": f"{first}, {second}", "reason": "found at 30 degrees"}
    assert refused(post(site, "kits/quarantine/", **aside | {"kits": "?"})) == ["web.E020"]
    assert refused(post(site, "kits/quarantine/", **aside | {"reason": " "})) == ["conduct.E081"]
    assert post(site, "kits/quarantine/", **aside).status_code == 302
    page = manager.get("/tablets/supply/").content.decode()
    assert first in page
    assert "Put aside" in page
    decide = {"site": "11", "reason": "within its limits"}
    assert post(manager, "supply/release/", kit=[first], **decide).status_code == 302
    assert post(manager, "supply/uphold/", kit=[second], **decide).status_code == 302
    assert refused(post(manager, "supply/release/", kit=[first], **decide)) == ["conduct.E140"]
    assert [status(study, number) for number in (first, second)] == ["available", "quarantined"]


def test_kits_are_recorded_as_damaged_missing_and_destroyed(study, site):
    first, second = study.kits[:2]
    assert post(site, "kits/withdraw/", kits=first, because="damaged", reason="wet").status_code == 302
    assert post(site, "kits/withdraw/", kits=second, because="missing", reason="counted twice").status_code == 302
    assert post(site, "kits/destroy/", kits=first).status_code == 302
    assert refused(post(site, "kits/destroy/", kits=second)) == ["conduct.E140"]
    assert post(site, "kits/eat/", kits=second).status_code == 404


def test_the_supply_manager_ships_what_the_timetable_orders(study, manager):
    page = manager.get("/tablets/supply/").content.decode()
    assert "Below the minimum" in page
    before = study.ledger.snapshot().acts
    assert post(manager, "supply/resupply/", site="12").status_code == 302
    assert study.ledger.snapshot().acts == before + 1
    assert post(manager, "supply/resupply/", site="12").status_code == 302
    assert study.ledger.snapshot().acts == before + 1, "what is on the way counts"
    assert refused(post(manager, "supply/resupply/", site="99")) != []
    assert post(manager, "supply/eat/", site="12").status_code == 404


def test_a_kit_is_dispensed_replaced_and_taken_back_at_the_visit(study, site):
    code = study.treated()
    visit = f"subjects/{code}/week_0/"
    assert "Dispense a kit" in site.get(f"/tablets/{visit}").content.decode()
    assert post(site, f"{visit}kit/dispense/").status_code == 302
    (first,) = study.ledger.snapshot().subjects[code].doses["week_0"]
    assert first in site.get(f"/tablets/{visit}").content.decode()
    assert refused(post(site, f"{visit}kit/dispense/")) == ["conduct.E141"]
    assert post(site, f"{visit}kit/replace/", kit=first, because="lost", reason="left on the bus").status_code == 302
    (second,) = study.ledger.snapshot().subjects[code].doses["week_0"]
    assert second != first
    study.hold(code, "week_4", RANDOMISED.replace(month=4, day=13))
    later = f"subjects/{code}/week_4/"
    assert f'Take back kit <span class="num">{second}' in site.get(f"/tablets/{later}").content.decode()
    assert refused(post(site, f"{later}kit/return/", kit=second, units="seven")) == ["web.E022"]
    assert refused(post(site, f"{later}kit/return/", kit=second, units="36")) == ["conduct.E144"]
    assert post(site, f"{later}kit/return/", kit=second, units="7").status_code == 302
    assert post(site, f"{later}kit/eat/", kit=second).status_code == 404
    trail = site.get(f"/tablets/subjects/{code}/trail/").content.decode()
    assert all(words in trail for words in ("Kit dispensed", "Kit replaced", "Kit returned", first, second))
    assert "returned" in {status(study, second)}


def test_a_wrong_kit_is_recorded_at_the_visit_and_seen_by_the_supply_manager(study, site, manager):
    code = study.treated()
    visit = f"subjects/{code}/week_0/"
    assert "none was assigned" in site.get(f"/tablets/{visit}").content.decode()
    assert post(site, f"{visit}kit/dispense/").status_code == 302
    (assigned,) = study.ledger.snapshot().subjects[code].doses["week_0"]
    wrong = next(number for number in study.kits if number != assigned)
    said = {"kit": f"{wrong[:3]}-{wrong[3:]}", "assigned": assigned, "reason": "the wrong shelf"}
    assert refused(post(site, f"{visit}kit/wrong/", **said | {"kit": "?"})) == ["web.E020"]
    assert refused(post(site, f"{visit}kit/wrong/", **said | {"kit": ""})) == ["desk.E005"]
    assert refused(post(site, f"{visit}kit/wrong/", **said | {"assigned": ""})) == ["conduct.E148"]
    assert post(site, f"{visit}kit/wrong/", **said).status_code == 302
    page = site.get(f"/tablets/{visit}").content.decode()
    assert all(
        words in page
        for words in ("Taken by mistake", wrong, "It was taken by mistake", f'Take back kit <span class="num">{wrong}')
    )
    seen = manager.get("/tablets/supply/").content.decode()
    assert all(words in seen for words in ("Kits taken by mistake", code, wrong, assigned))
    trail = site.get(f"/tablets/subjects/{code}/trail/").content.decode()
    assert all(words in trail for words in ("Kit taken by mistake", wrong, assigned))
    assert "wrong kit (taken / assigned)" in site.get(f"/tablets/subjects/{code}/").content.decode()


def test_packs_are_shipped_by_hand_on_the_days_of_the_timetable_and_followed_to_their_receipt(study, enter, manager):
    (pack,) = free(study)
    page = manager.get("/tablets/supply/").content.decode()
    assert all(words in page for words in ("Kits are shipped today", "Ship by hand", pack, "31-JAN-2028"))
    sent = {"site": "12", "depot": "central"}
    assert refused(post(manager, "supply/ship/", **sent)) == ["desk.E005"]
    assert refused(post(manager, "supply/ship/", **sent, pack=[pack, "NOSUCH01"])) == ["conduct.E134"]
    assert post(manager, "supply/ship/", **sent, pack=[pack]).status_code == 302
    on_the_way = manager.get("/tablets/supply/").content.decode()
    shipment = next(each.shipment for each in study.ledger.snapshot().kits.values() if each.pack == pack)
    assert all(words in on_the_way for words in (shipment, "On the way", "There is no pack", "Received whole"))
    first, _, *rest = study.desk.kits_of(shipment)
    came = {"shipment": shipment, "received": " ".join(rest), "damaged": first, "rest": "missing"}
    assert post(enter("coordinator", "12"), "kits/receive/", **came, lowest="5", highest="24").status_code == 302
    page = manager.get("/tablets/supply/").content.decode()
    assert all(words in page for words in ("Temperature excursion", "1 damaged", "1 missing"))


def test_between_the_days_of_the_timetable_nothing_can_be_shipped(study, manager):
    study.now += timedelta(days=1)
    page = manager.get("/tablets/supply/").content.decode()
    assert "Kits are shipped on 08-JUN-2026" in page
    assert "supply/ship/" not in page or "Ship the ticked packs" not in page
    assert refused(post(manager, "supply/ship/", site="12", depot="central", pack=sorted(free(study)))) == [
        "conduct.E145"
    ]
    study.now += timedelta(days=600)
    assert "Too near its expiry to be shipped" in manager.get("/tablets/supply/").content.decode()


def test_a_visit_without_kits_says_nothing_of_them(study, site, enter):
    code = study.treated()
    assert "Kit of this visit" not in site.get(f"/tablets/subjects/{code}/screening/").content.decode()
    assert "Kit of this visit" not in site.get(f"/tablets/subjects/{code}/week_12/").content.decode()
    monitor = enter("monitor", "").get(f"/tablets/subjects/{code}/week_0/").content.decode()
    assert "No kit was dispensed" in monitor
    assert "kit/dispense" not in monitor


def test_a_study_without_kits_has_no_such_page(study, monkeypatch, site, manager):
    monkeypatch.setattr("equipoise.web.views.kits.KitDesk", int)
    assert site.get("/tablets/kits/").status_code == 404
    assert manager.get("/tablets/supply/").status_code == 404


def test_every_status_has_a_mark_and_numbers_are_read_as_typed():
    assert set(MARKS) == set(STATUSES)
    one, two = sorted(next(iter(L1.lot.packs.values())))[:2]
    assert numbers_in(f" {one.lower()}，{two};\n{one[:3]}-{one[3:]} ") == [one, two, one]
    assert CRC.role == "coordinator"


def test_the_lists_for_whoever_unlocks_are_those_of_the_study(study):
    assert [each.study for each in deployment.kit_lists("tablets")] == ["tablets", "tablets/kits/L1"]

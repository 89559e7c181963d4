"""The pharmacist at work in a real browser: open, prepare, record, release; and nothing stays behind."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_site import PASSPHRASE

WORKSPACE = "/pharmacy/pharmacy/"
SECRET = re.compile(r"Belimumab 120 mg|belimumab_vial|\bB7\b")  # a token drawn at random may hold these two signs too


@pytest.fixture
def workspace(sign_in, home):
    """The workspace with a key opened: workspace() or workspace(key="stranger")."""

    def enter(key: str = "quick", passphrase: str = PASSPHRASE, *, role: str = "pharmacist", opens: bool = True):
        page = sign_in(role)
        page.goto(WORKSPACE)
        expect(page.locator("#workspace[data-ready]")).to_be_attached()
        open_key(page, home, key, passphrase)
        if opens:
            expect(page.locator("#key-state")).to_contain_text("✓", timeout=30_000)
            expect(page.locator("#register tbody tr").first).to_be_visible()
        return page

    return enter


def open_key(page: Page, home, key: str = "quick", passphrase: str = PASSPHRASE) -> None:
    page.locator("#key-file").set_input_files(home / "keys" / f"{key}.key")
    page.locator("#passphrase").fill(passphrase)
    page.get_by_role("button", name=re.compile("Open my key|打开密钥")).click()


def order(page: Page, code: str) -> None:
    page.locator(f'[data-subject="{code}"]').click()


def fill_in(page: Page, lot: str = "B7", second: str = "Wang Fang") -> None:
    page.locator("#order [name=lot]").fill(lot)
    page.locator("#order [name=expiry]").fill("2099-01-01")
    page.locator("#order [name=started]").fill("09:05")
    page.locator("#order [name=dissolved]").fill("09:35")
    page.locator("#order [name=second]").fill(second)
    page.locator("#order [name=compared]").check()


def test_a_dose_is_prepared_recorded_and_released(workspace):
    page = workspace("pharmacist")
    expect(page.locator("#balance tbody tr")).to_have_count(2)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    order(page, "01-001")
    facts = page.locator("#order .facts")
    expect(facts).to_contain_text("Belimumab 120 mg powder for infusion")
    expect(facts).to_contain_text("Dose120 mgUnits to open1 × vial")
    expect(facts).to_contain_text("1.50 mL")
    expect(facts).to_contain_text("250 mL")
    expect(page.locator("#order [data-release]")).to_be_disabled()
    fill_in(page)
    page.locator("#order").get_by_role("button", name="Seal the record").click()
    expect(page.locator("#said")).to_contain_text("recorded as number 2")
    expect(page.locator("#register tbody tr").first).to_contain_text("Preparation")
    expect(page.locator("#balance tbody tr").first).to_contain_text("B7")
    accounts = [str(each) for each in (20, 19, 0, 1, 0, 0, 0)]
    expect(page.locator("#balance tbody tr").first.locator("td.n")).to_have_text(accounts)
    page.locator("#order [data-release]").click()
    expect(page.locator("#said")).to_contain_text("is released")
    expect(page.locator('[data-subject="01-001"]')).to_have_count(0)
    named = re.compile("(?i)belimumab|saline")
    assert sent
    assert not any(named.search(each) for each in sent), "nothing that tells the arm left the browser in the clear"


def test_a_bag_waits_for_its_time_whatever_is_in_it(workspace):
    page = workspace()
    for code, lot, product in (("01-002", "S1", "Sodium chloride"), ("01-003", "B7", "Belimumab")):
        order(page, code)
        expect(page.locator("#order .facts")).to_contain_text(product)
        expect(page.locator("[data-put=countdown]")).to_have_text("in 60 min")
        fill_in(page, lot)
        page.locator("#order").get_by_role("button", name="Seal the record").click()
        expect(page.locator("#said")).to_contain_text("recorded as number")
        expect(page.locator("#order [data-record]")).to_have_count(0)
        expect(page.locator("#order [data-release]")).to_be_disabled()
    with page.expect_response(re.compile("/release/")) as answer:  # in one step: the countdown would shut it again
        page.locator("#order [data-release]").evaluate("(button) => { button.disabled = false; button.click(); }")
    assert answer.value.status == 422
    expect(page.locator("#said")).to_contain_text("60 minutes after its order was opened")


def test_the_second_check_is_another_person_and_a_lot_is_not_expired(workspace):
    page = workspace()
    order(page, "01-005")
    expect(page.locator("#order .facts")).to_contain_text("Belimumab")
    fill_in(page, second="pharmacist-01")
    seal = page.locator("#order").get_by_role("button", name="Seal the record")
    seal.click()
    expect(page.locator("#said")).to_contain_text("by another person")
    fill_in(page)
    page.locator("#order [name=expiry]").fill("2020-01-01")
    seal.click()
    expect(page.locator("#said")).to_contain_text("past its expiry")


@pytest.mark.parametrize(
    ("key", "passphrase", "said"),
    [
        ("quick", "another passphrase", "passphrase is another"),
        ("stranger", PASSPHRASE, "not sealed for this key"),
        ("elsewhere", PASSPHRASE, "Your key is for site 02"),
    ],
)
def test_a_wrong_passphrase_or_key_opens_nothing(workspace, key, passphrase, said):
    page = workspace(key, passphrase, opens=False)
    expect(page.locator("#key-state")).to_contain_text(said)
    expect(page.locator("#stock")).to_be_empty()
    order(page, "01-004")
    expect(page.locator("#said")).to_contain_text("Open your key first")


def test_what_is_no_key_file_is_said(workspace, home):
    (home / "keys" / "none.key").write_text('{"format": "equipoise.private-key.2"}')
    page = workspace("none", opens=False)
    expect(page.locator("#key-state")).to_contain_text("no key file")


@pytest.mark.parametrize("how", ["swapped", "altered"])
def test_an_exchanged_envelope_raises_an_alarm_that_is_recorded(workspace, how):
    page = workspace()
    other = {}

    def exchange(route):
        answer = route.fetch()
        sent = json.loads(answer.body())
        if how == "swapped":
            sent["slot"] = {**other["slot"], "label": sent["slot"]["label"]}
        else:
            text = sent["slot"]["ciphertext"]
            sent["slot"]["ciphertext"] = text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
        route.fulfill(response=answer, body=json.dumps(sent))

    with page.expect_response(re.compile("01-005/week_0/open/")) as answer:
        order(page, "01-005")
    other.update(answer.value.json())
    page.route("**/01-004/week_0/open/", exchange)
    with page.expect_response(re.compile("01-004/week_0/doubt/")) as doubt:
        order(page, "01-004")
    assert doubt.value.json() == {"acts": 1}
    expect(page.locator("#alarms")).to_contain_text("ALARM")
    expect(page.locator("#order")).to_be_empty()


def test_an_altered_register_raises_an_alarm(workspace, sign_in, home):
    page = sign_in("pharmacist")

    def alter(route):
        answer = route.fetch()
        sent = json.loads(answer.body())
        sent["rows"][0]["by"] = "somebody"
        sent["rows"].insert(0, {**sent["rows"][0], "box": sent["rows"][0]["box"][:-8] + "AAAAAAA="})
        route.fulfill(response=answer, body=json.dumps(sent))

    page.route("**/register/01/", alter)
    page.goto(WORKSPACE)
    open_key(page, home)
    expect(page.locator("#alarms")).to_contain_text("the register was altered at record 1")
    expect(page.locator("#alarms")).to_contain_text("record 1 is not what was sealed")


def test_back_button_second_login_and_pause_find_nothing(workspace, home):
    page = workspace()
    order(page, "01-005")
    expect(page.locator("#order .facts")).to_contain_text("Belimumab")
    page.evaluate("dispatchEvent(new Event('blur'))")
    expect(page.locator("#cover")).to_be_visible()
    expect(page.locator("#order .facts")).not_to_be_visible()
    page.locator("#cover").click()
    expect(page.locator("#order .facts")).to_be_visible()
    page.goto("/pharmacy/")
    page.go_back()
    expect(page.locator("#workspace[data-ready]")).to_be_attached()
    expect(page.locator("#order")).to_be_empty()
    expect(page.locator("#stock")).to_be_empty()
    open_key(page, home)
    expect(page.locator("#stock")).to_contain_text("B7")
    with page.expect_response(re.compile("/pharmacy/leave/")) as left:
        page.locator("#leave").click()
    assert left.value.header_value("clear-site-data") == '"cache", "storage"'
    page.get_by_role("button", name="Sign out").click()
    page.locator('form:has(input[value="nurse"]) button[value="01"]').first.click()
    page.wait_for_load_state()
    page.go_back()
    page.go_back()
    assert not SECRET.search(page.content())
    page.goto(WORKSPACE)
    assert "There is nothing here" in page.locator("h1").inner_text()
    assert not SECRET.search(page.content())
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]


def test_after_five_idle_minutes_the_key_is_forgotten(sign_in, home):
    page = sign_in("pharmacist")
    page.clock.install()
    page.goto(WORKSPACE)
    page.locator("#key-file").set_input_files(home / "keys" / "quick.key")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Open my key").click()
    page.clock.run_for(200)
    expect(page.locator("#stock")).to_contain_text("B7")
    page.clock.run_for("05:02")
    expect(page.locator("#stock")).to_be_empty()
    expect(page.locator("#key-state")).to_contain_text("Forgotten after five minutes")


def test_a_printed_page_says_where_it_is_from(workspace):
    page = workspace()
    page.emulate_media(media="print")
    mark = page.evaluate("getComputedStyle(document.getElementById('workspace'), '::before').content")
    assert "UNMASKED · site 01 · pharmacist-01" in mark


def test_stock_is_received_set_apart_counted_and_balanced(workspace):
    page = workspace()
    expect(page.locator("#balance")).to_contain_text("B7")
    form = page.locator("#movement")
    before = int(page.locator("#register tbody tr").first.locator("td").first.inner_text())
    for number, (kind, fields) in enumerate(
        [
            ("receipt", {"lot": "C9", "expiry": "2099-05-01", "units": "12"}),
            ("excursion", {"lot": "C9", "units": "5", "lowest": "2.0", "highest": "11.5", "minutes": "90"}),
            ("reinstatement", {"lot": "C9", "units": "2"}),
            ("destruction", {"lot": "C9", "units": "3", "from": "quarantine"}),
            ("count", {"lot": "C9", "units": "8"}),
        ],
        start=1,
    ):
        form.locator("[name=kind]").select_option(kind)
        for name, value in fields.items():
            field = form.locator(f"[name={name}]")
            field.select_option(value) if name == "from" else field.fill(value)
        form.get_by_role("button", name="Seal the record").click()
        expect(page.locator("#said")).to_contain_text(f"number {before + number}")
    line = page.locator("#balance tbody tr", has_text="C9").locator("td")
    expect(line.last).to_have_text("counted 8, expected 9")
    assert line.all_inner_texts()[3:10] == ["12", "9", "0", "0", "0", "3", "0"]
    form.locator("[name=kind]").select_option("correction")
    form.locator("[name=number]").fill(str(before + 5))
    form.get_by_role("button", name="Seal the record").click()
    expect(line.last).to_have_text("–")
    page.locator("#balance-day").fill("2021-04-12")
    expect(page.locator("#balance tbody tr")).to_have_count(2)


def test_the_unmasked_monitor_reads_and_records_nothing(workspace):
    page = workspace("unmasked_monitor", role="unmasked_monitor")
    expect(page.locator("#stock")).to_contain_text("B7")
    expect(page.locator("#orders, #movement")).to_have_count(0)

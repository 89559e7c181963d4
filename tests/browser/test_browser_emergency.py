"""The code break in a real browser, by keyboard: a slip is named, the arm is shown once, and nothing comes back."""

import base64
import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from equipoise.envelopes import Code, open_broken, slip_in, write_code, write_list, write_locks
from equipoise.randomisation import seeded
from equipoise.web import language as say
from tests.browser.test_browser_screens import SCREENS
from tests.cli.conftest import run
from tests.web.web_world import TRIAL, card_of, sealed_slots

PAGE = "/demo/subjects/01-001/code-break/"
ARMS = {"belimumab": "Belimumab 120 mg powder for infusion", "placebo": "Sodium chloride 0.9 % for infusion"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def fill(page: Page, path: str = PAGE) -> None:
    """The questions, by keyboard alone, from where the page begins."""
    page.goto(path)
    page.locator("#b-why").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("anaphylaxis, at home")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Dr Zhou")
    page.keyboard.press("Tab")
    page.keyboard.type("investigator-01")
    page.keyboard.press("Enter")
    page.wait_for_selector("#asking, [name=confirm]")
    if page.locator("[name=confirm]").count():  # the third at a site within a day
        page.locator("[name=confirm]").check()
        page.locator("[name=again]").fill("investigator-01")
        page.keyboard.press("Enter")
        page.wait_for_selector("#asking")


@pytest.mark.parametrize(
    ("width", "height", "language"), [(390, 844, "zh"), pytest.param(1366, 768, "en", marks=pytest.mark.slow)]
)
def test_the_arm_is_shown_once_in_under_two_minutes(sign_in, width, height, language):
    SCREENS.mkdir(parents=True, exist_ok=True)

    def picture(name):
        page.screenshot(path=SCREENS / f"emergency-{name}-{language}-{width}.png", full_page=True)
        broad = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert broad <= 0, name

    page = sign_in("investigator", language=language, width=width, height=height)
    page.goto("/demo/subjects/01-001/")
    picture("casebook")
    page.goto(PAGE)
    picture("before")
    began = time.monotonic()
    fill(page)
    label = re.search(r"([0-9A-Z]{4})-([0-9A-Z]{4})", page.inner_text("#asking h2"))
    code = card_of("demo", label[1] + label[2])
    wrong = code[:7] + ("7" if code[7] != "7" else "8") + code[8:]
    card = page.locator("#card")
    card.fill(wrong)
    slip = page.locator("#card-says")
    expect(slip).to_contain_text("group 2, character 2" if language == "en" else "第 2 组第 2 个字符")
    picture("slip")
    card.fill("")
    page.keyboard.type(code.replace("-", "").lower())
    expect(card).to_have_value(code)
    page.keyboard.press("Enter")
    expect(page.locator("#shown")).to_be_visible()
    took = time.monotonic() - began
    sealed, locks, cards = sealed_slots("demo")
    release = {each.label: each.release for each in locks}[label[1] + label[2]]
    secret = {each.label: each.secret for each in cards}[label[1] + label[2]]
    arm = open_broken(sealed, secret, release).arm
    if language == "en":
        expect(page.locator("#product")).to_have_text(ARMS[arm])
    picture("shown")
    assert took < 120
    shown = page.inner_text("#product")
    assert page.url.endswith(PAGE)
    page.reload()
    assert shown not in page.inner_text("main")
    expect(page.locator("main")).to_contain_text("investigator-01")
    page.goto("/demo/subjects/01-001/")
    page.go_back()
    assert shown not in page.content()
    assert write_code(Code.RELEASE, release) not in page.content()


def test_another_card_opens_nothing_and_says_which_is_wanted(sign_in):
    page = sign_in("investigator")
    fill(page)
    label = re.search(r"([0-9A-Z]{4}-[0-9A-Z]{4})", page.inner_text("#asking h2"))[1]
    other = next(card for card in sealed_slots("demo")[2] if card.label != label.replace("-", ""))
    page.locator("#card").fill(write_code(Code.CARD, other.secret))
    page.locator("#open").click()
    expect(page.locator("#card-says")).to_contain_text(label)
    expect(page.locator("#shown")).to_be_hidden()
    page.locator("#card").fill(write_code(Code.RELEASE, bytes(16)))
    expect(page.locator("#card-says")).to_contain_text("not that of a card")
    page.locator("#card").fill("1234")
    expect(page.locator("#card-says")).to_contain_text("4 of 30")


def without_a_server(folder: Path, label: str) -> str:
    """The release is read out by the holder on call and put together with the card at the site; what the site sees."""
    sealed, locks, _ = sealed_slots("demo")
    files = {
        "list.json": write_list(sealed),
        "protocol.yaml": TRIAL.read_bytes(),
        "locks.json": write_locks("demo", locks),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    dashed = f"{label[:4]}-{label[4:]}"
    code, said = run("envelope", "release", "--locks", folder / "locks.json", "--label", dashed, "--for", "break")
    assert code == 0
    heard = said[:7] + ("7" if said[7] != "7" else "8") + said[8:]
    broken = ("code-break", "--list", folder / "list.json", "--card", card_of("demo", label), "--release")
    code, misheard = run(*broken, heard.strip())
    assert (code, "envelopes.E033" in misheard, "arm" in misheard) == (1, True, False)
    code, opened = run(*broken, said.strip())
    assert code == 0
    assert {each.name for each in folder.iterdir()} == set(files), "it is kept nowhere"
    return opened


def reported(page: Page, on: str, picture: Path) -> None:
    """The code break is entered on the participant's page; its time is asked for."""
    page.goto("/demo/subjects/01-001/")
    page.locator('a[href$="/unmasking/"]').click()
    page.locator('label:has(input[value="by_telephone"])').click()
    page.locator('label:has(input[value="investigator"])').click()
    page.locator("#u-on").fill(on)
    page.locator(".panel button").click()
    expect(page.locator("main")).to_contain_text("web.E025")
    page.locator('input[name="time"]').fill("0310")
    page.screenshot(path=picture, full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".panel button").click()


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_the_code_is_broken_by_telephone_and_entered_when_the_server_is_back(sign_in, tmp_path, language):
    """Ten past three, and nothing answers: card, site's computer and holder on call; the record comes after it."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    began, page = time.monotonic(), sign_in("investigator", language=language, width=390, height=844)
    page.goto(PAGE)
    label = "".join(re.search(r"([0-9A-Z]{4})-([0-9A-Z]{4})", page.inner_text("main")).groups())
    page.context.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    sealed, locks, cards = sealed_slots("demo")
    secret, release = (
        next(getattr(each, half) for each in given if each.label == label)
        for given, half in ((cards, "secret"), (locks, "release"))
    )
    product = ARMS[open_broken(sealed, secret, release).arm]
    assert without_a_server(tmp_path, label).count(product) == 1

    page.context.set_offline(False)
    night = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
    reported(page, night.isoformat(), SCREENS / f"emergency-by-telephone-{language}-390.png")
    expect(page.locator(".note[role=note]")).to_have_text(say.text("unmasking.notice", language))
    assert time.monotonic() - began < 15 * 60
    when = f"{say.day(night, language)} 03:10:00 Asia/Shanghai (UTC+08:00)"
    page.goto(PAGE)
    expect(page.locator("main")).to_contain_text(when)
    for role in ("sponsor", "monitor"):
        page = sign_in(role, language=language, width=390, height=844)
        page.goto("/demo/unmaskings/")
        entry = page.locator("section.panel").first
        expect(entry).to_contain_text(when)
        expect(entry).to_contain_text(say.text("unmasking.open", language))
        assert not any(each in page.content() for each in (*ARMS.values(), write_code(Code.RELEASE, release)))
        page.screenshot(path=SCREENS / f"emergency-register-{language}-390.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_suspicion_is_reported_in_three_clicks(sign_in):
    page = sign_in("nurse")
    page.goto("/demo/subjects/01-001/")
    page.get_by_role("link", name="Report a suspected unmasking").click()
    page.get_by_text("Assessor of the outcome").click()
    page.screenshot(path=SCREENS / "unmasking-report-en-1366.png", full_page=True)
    page.get_by_role("button", name="Report").click()
    expect(page.locator(".note.ok")).to_contain_text("Unmasking reported")
    for language, width, height in (("en", 1366, 768), ("zh", 390, 844)):
        page = sign_in("data_manager", language=language, width=width, height=height)
        page.goto("/demo/unmaskings/")
        page.locator("summary").first.click()
        page.screenshot(path=SCREENS / f"unmaskings-{language}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_browser_reads_codes_as_the_commands_do(sign_in):
    page, random = sign_in("investigator"), seeded(b"codes")
    page.goto("/")
    read = """async ([typed, kind]) => { const { read } = await import("/static/web/codes.js");
        const found = read(typed, kind);
        return found.secret ? btoa(String.fromCharCode(...found.secret)) : [found.fault, found.place ?? null]; }"""
    for number in range(12):
        secret, kind = random(16), Code(number % 4)
        code = write_code(kind, secret)
        assert page.evaluate(read, [f"EQUIPOISE:AAAABBBB:{code.lower()}", int(kind)]) == b64(secret)
        assert page.evaluate(read, [code, (kind + 1) % 4]) == ["kind", None]
        plain, place = code.replace("-", ""), number * 5 % 30
        slip = plain[:place] + ("U" if number % 2 else "2" if plain[place] != "2" else "3") + plain[place + 1 :]
        assert slip_in(slip) == place + 1
        assert page.evaluate(read, [slip, int(kind)]) == ["place", place]
        two = "".join("1" if each == "0" else "0" for each in plain[:2]) + plain[2:]
        assert slip_in(two) is None
        assert page.evaluate(read, [two, int(kind)]) == ["several", None]
    assert page.evaluate(read, ["short", 0]) == ["length", None]

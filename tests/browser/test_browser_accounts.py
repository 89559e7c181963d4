"""Accounts in a real browser: a passkey made from an invitation, signing in and signing with it, and coming back."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import plug_in_a_phone, served

SHOTS = os.environ.get("EQUIPOISE_SCREENSHOTS", "")
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a deployment with accounts, and the links of its invitations."""
    home = tmp_path_factory.mktemp("members")
    more = {"EQUIPOISE_DEMO": "no", "EQUIPOISE_TLS": "none", "EQUIPOISE_HOSTS": "localhost,127.0.0.1"}
    with served(home, "tests.browser.browser_members", **more) as port:
        yield f"http://localhost:{port}", json.loads((home / "links.json").read_text())


@pytest.fixture
def visit(chromium: Browser, members: tuple[str, dict[str, str]]) -> Iterator[Visit]:
    """A browser with a phone's authenticator in it. Fails if a page errs, runs something inline or asks elsewhere."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(path: str, language: str = "en") -> Page:
        context = chromium.new_context(
            locale="zh-CN" if language == "zh" else "en-GB", viewport={"width": 1366, "height": 768},
            base_url=members[0],
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda each: faults.append(each.url) if not each.url.startswith(members[0]) else None)
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        plug_in_a_phone(page)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults


def shot(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_from_an_invitation_to_a_signature_with_a_passkey(visit, members, language):
    page = visit(members[1][language], language)
    shot(page, f"invitation-{language}")
    page.locator("#name").fill("phone")
    page.locator("form[data-passkey] button").click()
    expect(page.locator(".codes li")).to_have_count(10)
    shot(page, f"recovery-{language}")
    page.locator("main a.button").click()
    shot(page, f"seats-{language}")
    page.locator(".seat button").click()
    expect(page).to_have_url(re.compile("/demo/$"))
    page.locator("header form[action='/sign-out/'] button").click()
    expect(page.locator("#password")).to_be_visible()
    shot(page, f"entrance-{language}")
    page.goto("/demo/subjects/01-002/eligibility/")
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(re.compile("/eligibility/$"))
    if language == "en":
        shot(page, "eligibility-en")
        page.locator("form[action$='/confirm/'] [data-prove]").click()
        expect(page.locator(".note.ok")).to_contain_text("Eligibility confirmed")
        page.goto("/demo/subjects/01-002/trail/")
        expect(page.locator("main")).to_contain_text("Lin Yue")
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("phone")
    shot(page, f"account-{language}")
    page.goto("/demo/people/")
    shot(page, f"people-{language}")


def test_a_passkey_that_is_not_used_is_told_and_sends_nothing(visit):
    page = visit("/")
    page.locator("form[data-passkey] button").click()
    expect(page.locator("form[data-passkey] [role=alert]")).to_contain_text("The passkey was not used")


def test_what_was_typed_when_the_session_ended_is_there_for_its_writer(visit, members):
    page = visit(members[1]["other"])
    page.locator("form[data-passkey] button").click()
    page.locator("main a.button").click()
    page.locator(".seat button").click()
    place = "/demo/subjects/02-001/screening/examination/1/"
    page.goto(place)
    page.context.clear_cookies(name="sessionid")
    page.locator("#in-pulse").fill("81")
    page.locator("#in-pulse").blur()
    expect(page.locator("#saved")).to_contain_text("sign in again")
    page.goto(place)
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(re.compile(re.escape(place)))
    expect(page.locator("#in-pulse")).to_have_value("81")


def test_an_administrator_ends_a_role_on_the_page_of_people(visit, members):
    page = visit(members[1]["administrator"])
    page.locator("form[data-passkey] button").click()
    page.locator("main a.button").click()
    page.locator(".seat button").click()
    page.goto("/demo/people/")
    page.locator("details:has-text('Ma Li') summary").click()
    page.locator("details[open] input[name=reason]").fill("left the hospital")
    shot(page, "people-administrator")
    page.locator("details[open] [data-prove]").click()
    expect(page.locator(".note.ok")).to_contain_text("Role ended")
    expect(page.locator("main")).to_contain_text("left the hospital")

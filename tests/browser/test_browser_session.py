"""The end of a session in a real browser, with a session of less than a minute: announced, put off by one key, kept."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import plug_in_a_phone, served

pytestmark = pytest.mark.slow
HOSTS = "localhost,127.0.0.1"
PLACE = "/demo/subjects/02-001/screening/examination/1/"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a deployment whose sessions end after sixteen seconds, and the links of its invitations."""
    home = tmp_path_factory.mktemp("hasty")
    more = {"EQUIPOISE_DEMO": "no", "EQUIPOISE_TLS": "none", "EQUIPOISE_HOSTS": HOSTS, "EQUIPOISE_IDLE": "0.2667"}
    with served(home, "tests.browser.browser_members", **more) as port:
        yield f"http://localhost:{port}", json.loads((home / "links.json").read_text())


@pytest.fixture
def page(chromium: Browser, hasty: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """A coordinator's browser, at a form."""
    faults: list[str] = []
    context = chromium.new_context(locale="en-GB", viewport={"width": 1366, "height": 768}, base_url=hasty[0])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    plug_in_a_phone(page)
    page.goto(hasty[1]["other"])
    page.locator("form[data-passkey] button").click()
    page.locator("main a.button").click()
    page.locator(".seat button").click()
    page.goto(PLACE)
    yield page
    context.close()
    assert not faults


def test_it_is_announced_put_off_by_one_key_and_what_was_typed_stays(page):
    warning = page.locator("#session")
    page.locator("#in-pulse").fill("81")
    expect(warning).to_be_visible(timeout=20_000)
    expect(warning).to_contain_text("Are you still there?")
    assert int(page.locator("#session [data-left]").inner_text()) >= 1
    expect(page.locator("#session [data-stay]")).to_be_focused()
    page.keyboard.press("Space")
    expect(warning).to_be_hidden()
    expect(page.locator("#in-pulse")).to_have_value("81")
    expect(warning).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    expect(page.locator("#password")).to_be_visible(timeout=40_000)  # nobody was there any more
    assert "81" not in page.content()
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(re.compile(re.escape(PLACE)))
    expect(page.locator("#in-pulse")).to_have_value("81")

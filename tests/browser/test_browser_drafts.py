"""Nothing that was typed is lost: not with the browser, the session or the network gone, and not by other people."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

EXAMINATION = "/demo/subjects/01-002/screening/examination/1/"
KEPT = re.compile(r"Kept as a draft at \d\d:\d\d:\d\d · not saved yet")
DRAFT = re.compile(r".*/draft/$")


def again(page: Page, path: str = EXAMINATION) -> Page:
    """Another window of the same browser, as after a crash: nothing was said to the page before."""
    fresh = page.context.new_page()
    fresh.set_default_timeout(8000)
    fresh.goto(path)
    return fresh


def typed(page: Page, item: str, text: str) -> None:
    """A question answered and left."""
    page.locator(f"#in-{item}").fill(text)
    page.locator(f"#in-{item}").press("Tab")


def without_a_network(sign_in: Callable[..., Page]) -> Page:
    """The form, and then no road to the server."""
    page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.context.set_offline(True)
    return page


def discard(page: Page) -> None:
    """The form as it was saved, for the next test."""
    page.goto(EXAMINATION)
    if page.get_by_role("button", name="Let go of it").count():
        page.get_by_role("button", name="Let go of it").click()
        expect(page.get_by_role("button", name="Let go of it")).to_have_count(0)


def test_a_field_is_kept_within_two_seconds_of_leaving_it(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    typed(page, "pulse", "9 1")
    expect(page.locator("#saved")).to_have_text(KEPT, timeout=2000)
    page.close(run_before_unload=False)  # the browser is gone
    fresh = again(page)
    expect(fresh.locator("#in-pulse")).to_have_value("9 1")
    expect(fresh.locator("#item-pulse")).to_contain_text("typed, not saved")
    discard(fresh)
    expect(fresh.locator("#in-pulse")).not_to_have_value("9 1")


@pytest.mark.slow
def test_a_key_pressed_just_before_the_end_is_kept_too(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-pulse").fill("93")  # never left
    expect(page.locator("#saved")).to_have_text(KEPT)
    discard(again(page))


def test_without_a_network_it_waits_sealed_in_the_browser_and_goes_by_itself(sign_in):
    page: Page = without_a_network(sign_in)
    typed(page, "pulse", "94")
    expect(page.locator("#saved")).to_contain_text("Kept in this browser")
    lies = page.evaluate("Object.values(localStorage).join()")
    assert lies
    assert "94" not in page.evaluate("JSON.stringify(Object.keys(localStorage))")
    assert "pulse" not in lies
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text(KEPT)
    assert page.evaluate("localStorage.length") == 0
    discard(again(page))


def test_the_browser_killed_without_a_network_loses_nothing(sign_in):
    page: Page = without_a_network(sign_in)
    typed(page, "pulse", "95")
    expect(page.locator("#saved")).to_contain_text("Kept in this browser")
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    fresh = again(page)
    expect(fresh.locator("#in-pulse")).to_have_value("95")
    expect(fresh.locator("#saved")).to_have_text(KEPT)
    discard(again(page))


def test_what_waits_is_for_its_writer_alone(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.context.clear_cookies(name="sessionid")
    typed(page, "pulse", "96")
    expect(page.locator("#saved")).to_contain_text("for you alone")
    page.close(run_before_unload=False)
    other = enter(page.context, "nurse")
    other.goto(EXAMINATION)
    expect(other.locator("#in-pulse")).not_to_have_value("96")
    assert other.evaluate("localStorage.length") == 1, "it stays for who typed it"
    mine = enter(page.context, "coordinator")
    mine.goto(EXAMINATION)
    expect(mine.locator("#in-pulse")).to_have_value("96")
    expect(mine.locator("#saved")).to_have_text(KEPT)
    discard(mine)


def enter(context: BrowserContext, role: str) -> Page:
    """The door again, in the same browser."""
    context.clear_cookies(name="sessionid")
    page = context.new_page()
    page.goto("/")
    page.locator(f'form:has(input[value="{role}"]) button[value="01"]').first.click()
    page.wait_for_load_state()
    return page


@pytest.mark.slow
def test_a_second_window_shows_what_is_typed_in_the_first(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    second = again(page)
    typed(page, "pulse", "88")
    expect(second.locator("#in-pulse")).to_have_value("88")
    typed(second, "temperature", "36.4")
    expect(page.locator("#in-temperature")).to_have_value("36.4")
    discard(second)


@pytest.mark.slow
def test_a_save_sent_in_one_window_is_told_in_the_other(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    second = again(page)
    typed(page, "pulse", "87")
    page.locator("#reason").fill("Typing error")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("Saved at"))
    expect(second.locator("#in-pulse")).to_have_value("87")
    expect(second.get_by_role("button", name="Let go of it")).to_have_count(0)


def test_what_somebody_else_saved_is_shown_beside_mine_and_can_be_taken(sign_in):
    mine: Page = sign_in("coordinator")
    theirs: Page = sign_in("nurse")
    mine.goto(EXAMINATION)
    theirs.goto(EXAMINATION)
    typed(mine, "pulse", "65")
    typed(theirs, "pulse", "64")
    theirs.locator("#reason").fill("Source corrected")
    theirs.keyboard.press("Control+s")
    expect(theirs.locator("#saved")).to_have_text(re.compile("Saved at"))
    mine.locator("#reason").fill("Typing error")
    mine.keyboard.press("Control+s")
    beside = mine.locator("#theirs-pulse")
    expect(beside).to_contain_text("nurse-01 saved meanwhile")
    expect(mine.locator("#in-pulse")).to_have_value("65")
    beside.get_by_role("button", name="Take this").click()
    expect(mine.locator("#in-pulse")).to_have_value("64")
    mine.keyboard.press("Control+s")
    expect(mine.locator("#saved")).to_have_text(re.compile("Nothing had changed|Saved at"))


@pytest.mark.slow
def test_a_draft_that_fails_is_said_and_stays_on_the_page(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.route(DRAFT, lambda route: route.fulfill(status=500))
    typed(page, "pulse", "97")
    expect(page.locator("#saved")).to_contain_text("Kept in this browser")
    page.unroute(DRAFT)
    expect(page.locator("#saved")).to_have_text(KEPT)
    discard(again(page))


@pytest.mark.slow
def test_a_draft_of_an_answer_looks_right_in_both_languages(sign_in):
    for language in ("en", "zh"):
        page: Page = sign_in("coordinator", language=language)
        page.goto(EXAMINATION)
        typed(page, "pulse", "9,")
        expect(page.locator("#saved.wait")).to_contain_text(":")
        page.reload()
        page.screenshot(path=f"tests/output/screens/draft-{language}.png")
        page.locator(".note.drafted button").click()

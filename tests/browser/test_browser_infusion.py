"""A nurse's tablet: a wrong bag refused, and five minutes without a network that lose and double nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

PAGE = "/demo/subjects/01-001/week_2/infusion/"
RECORD = re.compile(r".*/infusion/record/$")


def press(page: Page, step: str, **fields: str) -> None:
    """One button of the page, with what is typed beside it."""
    form = page.locator(f'form:has(input[name="what"][value="{step}"])')
    for name, text in fields.items():
        form.locator(f'input[name="{name}"]').fill(text)
    form.locator("button").click()


def scan(page: Page, bag: str) -> None:
    """What a scanner types: wristband, bag; then the tick."""
    page.locator('input[name="wristband"]').fill("01-001")
    page.locator('input[name="bag"]').fill(bag)
    page.locator('input[name="cover"]').check()
    page.get_by_role("button", name="Check").click()


def entries(page: Page) -> list[str]:
    """The record as the server has it, the latest first."""
    page.goto(PAGE)
    return page.locator("#log li b").all_inner_texts()


def test_an_infusion_with_a_wrong_bag_and_five_minutes_without_a_network(sign_in):
    page: Page = sign_in("nurse", width=1024, height=768)
    page.goto(PAGE)
    scan(page, "WRONG")
    expect(page.locator("#refusal")).to_contain_text("Do not start this infusion.")
    scan(page, "k7m2p9")
    press(page, "start", rate="250")
    expect(page.locator("#sync")).to_have_text("Everything is sent.")
    expect(page.locator("#status")).to_have_text(re.compile("running"))
    page.context.set_offline(True)
    press(page, "rate", rate="125")
    press(page, "stop")
    reaction = page.locator('form:has(input[value="reaction"])')
    reaction.locator('input[name="sign"]').fill("urticaria")
    reaction.get_by_text("Grade 2").click()
    reaction.locator("button").click()
    expect(page.locator("#sync")).to_contain_text("Kept in this browser")
    expect(page.locator("#queue li")).to_have_count(3)
    expect(page.locator('form:has(input[value="restart"])')).to_be_visible()
    expect(page.locator('form:has(input[value="rate"])')).to_be_hidden()
    assert "urticaria" not in page.evaluate("JSON.stringify(localStorage)"), "sealed for its writer"
    page.close(run_before_unload=False)  # the tablet's browser is gone meanwhile
    fresh = page.context.new_page()
    fresh.set_default_timeout(8000)
    page.context.set_offline(False)
    fresh.goto(PAGE)
    expect(fresh.locator("#sync")).to_have_text("Everything is sent.")
    press(fresh, "restart", rate="100")
    fresh.evaluate("const now = Date.now; Date.now = () => now() - 90_000")  # the tablet's clock is set back
    press(fresh, "end", volume="240")
    expect(fresh.locator("#queue li")).to_have_count(0)
    expect(fresh.locator("#status")).to_have_text(re.compile("ended"))
    wanted = ["End", "Start again", "Reaction", "Stop", "Change the rate", "Start", "Person and bag match", "Wrong bag"]
    assert sorted(entries(fresh)) == sorted(wanted)
    assert fresh.evaluate("Object.keys(localStorage).filter((name) => name.includes('infusion')).length") == 0


@pytest.mark.slow
def test_an_entry_sent_whose_answer_was_lost_is_there_once(sign_in):
    page: Page = sign_in("nurse", width=390, height=844)
    page.goto(PAGE)
    before = len(entries(page))

    def cut(route):
        route.fetch()
        route.abort()

    page.route(RECORD, cut, times=1)
    press(page, "signs", pulse="88")
    expect(page.locator("#sync")).to_have_text("Everything is sent.", timeout=10000)
    assert len(entries(page)) == before + 1


@pytest.mark.slow
def test_what_the_server_refuses_stays_on_the_page_with_the_reason(sign_in):
    page: Page = sign_in("nurse", width=1024, height=768)
    page.goto(PAGE)
    press(page, "signs", pulse="fast")
    expect(page.locator("#queue .refused")).to_contain_text("Not recorded")
    page.reload()
    expect(page.locator("#queue .refused")).to_contain_text("fast")
    page.get_by_role("button", name="Let go of it").click()
    expect(page.locator("#queue li")).to_have_count(0)

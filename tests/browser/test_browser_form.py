"""A form in a real browser: by keyboard, refused, cut off, without script; nothing that was typed is ever lost."""

import re

from playwright.sync_api import Page, expect

INFUSION = "/demo/subjects/01-001/week_2/infusion/1/"
EXAMINATION = "/demo/subjects/01-001/week_0/examination/1/"
ASSESSMENT = "/demo/subjects/01-001/week_0/assessment/1/"


def test_a_form_is_filled_in_and_saved_by_keyboard(sign_in):
    page: Page = sign_in("nurse")
    page.goto(INFUSION)
    page.locator("#item-infusion_given .seg input").first.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/asked/")):
        page.keyboard.press("n")
    expect(page.locator("#item-bag_number")).to_be_hidden()
    expect(page.locator("#item-not_infused_because")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    page.locator("#in-not_infused_because").focus()
    page.keyboard.type("Infection")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile(r"Saved at \d\d:\d\d:\d\d, act \d+"))
    page.reload()
    expect(page.locator("#in-not_infused_because")).to_have_value("infection")
    expect(page.locator("#item-bag_number")).to_be_hidden()


def test_questions_come_and_go_as_answers_are_given(sign_in):
    page: Page = sign_in("coordinator")
    page.goto("/demo/subjects/01-001/log/adverse_events/2/")
    page.locator("#item-ae_serious .seg input").first.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/asked/")):
        page.keyboard.press("y")
    expect(page.locator("#item-ae_aware")).to_be_visible()
    page.locator("#item-ae_serious .seg input[value=yes]").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/asked/")):
        page.keyboard.press("n")
    expect(page.locator("#item-ae_aware")).to_be_hidden()


def test_four_keys_judge_and_move_on(sign_in):
    page: Page = sign_in("assessor")
    page.goto(ASSESSMENT)
    page.locator("#item-seizure .seg input:checked").focus()
    for key in "nysa":
        page.keyboard.press(key)
    chosen = [page.locator(f"#item-{item} .seg input:checked").get_attribute("value") for item in
              ("seizure", "psychosis", "organic_brain", "visual")]  # fmt: skip
    assert chosen == ["absent", "present", "not_attributable", "not_assessed"]
    assert page.evaluate("document.activeElement.name") == "cranial_nerve"


def test_a_refused_value_keeps_everything_and_takes_the_eye_there(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-temperature").fill("37.9")
    page.locator("#in-weight").fill("56,5")
    page.locator("#reason").fill("Source corrected")
    page.keyboard.press("Control+s")
    expect(page.locator("#problem-weight")).to_contain_text("has a comma")
    expect(page.locator("#in-weight")).to_have_value("56,5")
    expect(page.locator("#in-weight")).to_be_focused()
    expect(page.locator("#in-temperature")).to_have_value("37.9")
    expect(page.locator("#reason")).to_have_value("Source corrected")
    page.locator("#in-weight").fill("56.6")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("Saved at"))
    expect(page.locator("#problem-weight")).to_have_count(0)


def test_a_lost_connection_is_told_and_loses_nothing(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-pulse").fill("79")
    page.locator("#reason").fill("Typing error")
    page.context.set_offline(True)
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("Not saved: the server did not answer"))
    expect(page.locator("#in-pulse")).to_have_value("79")
    page.context.set_offline(False)
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("Saved at"))


def test_a_session_that_ended_is_told_and_loses_nothing(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-pulse").fill("81")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("you are signed out"))
    expect(page.locator("#in-pulse")).to_have_value("81")


def test_a_query_is_answered_beside_the_field_while_the_form_is_half_filled_in(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-temperature").fill("36.9")
    thread = page.locator("#item-systolic .thread")
    thread.locator("textarea").fill("Measured twice, confirmed.")
    thread.get_by_role("button", name="Answer").click()
    expect(page.locator("#item-systolic .thread")).to_contain_text("↩ Measured twice, confirmed.")
    expect(page.locator("#in-temperature")).to_have_value("36.9")


def test_enter_moves_on_and_does_not_send(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.locator("#in-weight").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#in-temperature")).to_be_focused()
    expect(page.locator("#saved")).to_have_text("")


def test_everything_works_without_script(sign_in):
    page: Page = sign_in("coordinator", java_script_enabled=False)
    page.goto("/demo/subjects/01-001/log/medication/1/")
    page.locator("#in-drug").fill("Ibuprofen")
    page.locator("#in-drug_start").fill("MAY-2021")
    page.locator("#save").click()
    said = re.fullmatch(r"Saved at \d\d:\d\d:\d\d, act (\d+)", page.locator("#saved").inner_text())
    assert said is not None
    assert page.url.endswith(f"?saved={said[1]}")
    assert page.locator("#in-drug").input_value() == "Ibuprofen"
    page.locator("#in-drug_start").fill("nonsense")
    page.locator("#save").click()
    assert page.locator("#in-drug_start").input_value() == "nonsense"
    assert "is not a date" in page.locator("#problem-drug_start").inner_text()


def test_the_matrix_is_walked_with_the_arrow_keys(sign_in):
    page: Page = sign_in("coordinator")
    page.goto("/demo/subjects/")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("001")
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(4)
    page.locator("#matrix tbody a").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert (
        page.evaluate("document.activeElement.getAttribute('aria-label')") == "01-001 · Baseline (week 0) · open query"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/demo/subjects/01-001/week_0/")


def test_the_language_is_changed_and_the_page_stays(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(EXAMINATION)
    page.get_by_role("button", name="中文").click()
    page.wait_for_load_state()
    assert page.url.endswith(EXAMINATION)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.locator("h1")).to_have_text("生命体征和体格检查")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Vital signs and physical examination")

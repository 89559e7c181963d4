"""Numbers as reported, missing codes and rows of logs, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

BOOK = "/demo/subjects/01-001/"
LABORATORY = BOOK + "week_0/laboratory/1/"


def test_a_result_is_typed_with_its_sign_and_unit_and_a_lost_one_by_one_key(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(LABORATORY)
    page.locator("#in-creatinine").fill("1.2")
    page.keyboard.press("Tab")
    with page.expect_response(lambda answer: answer.url.endswith("/asked/")):
        page.keyboard.type("mg")
    expect(page.locator("#own-unit-creatinine")).to_have_text("= 106.08 µmol/L")
    page.locator("#in-urine_protein").fill("＜０．１")
    page.locator("#in-crp").focus()
    page.keyboard.press("Alt+2")
    expect(page.locator("#missing-crp")).to_have_value("LOST")
    expect(page.locator("#in-crp")).to_have_value("")
    assert page.evaluate("document.activeElement.id") == "in-esr", "the next question has the focus"
    expect(page.locator("#saved")).to_contain_text("Kept as a draft")
    page.reload()
    expect(page.locator("[name='unit.creatinine']")).to_have_value("mg/dL")
    expect(page.locator("#missing-crp")).to_have_value("LOST")
    page.locator("form.drafted button").press("Enter")
    expect(page.locator("#in-creatinine")).to_have_value("55")
    expect(page.locator("[name='unit.creatinine']")).to_have_value("")


def test_a_row_is_linked_copied_and_marked_as_an_error_by_keyboard(sign_in):
    page: Page = sign_in("coordinator", language="zh")
    page.goto(BOOK)
    page.locator("#log-medication .head .button").press("Enter")
    page.locator("#in-drug").fill("对乙酰氨基酚")
    page.locator("#in-drug_reason").select_option("adverse_event")
    page.locator("#in-drug_event").focus()
    page.keyboard.type("1")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_contain_text("保存")
    expect(page.locator("#in-drug_event")).to_have_value("1")
    page.get_by_role("link", name="复制").press("Enter")
    page.wait_for_url("**/medication/*/?from=*")
    expect(page.locator("#in-drug")).to_have_value("对乙酰氨基酚")
    expect(page.locator("#saved")).to_contain_text("草稿")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_contain_text("保存")
    page.locator(".erring summary").press("Enter")
    page.locator("#because").fill("重复录入")
    page.keyboard.press("Enter")
    page.wait_for_url("**/01-001/#log-medication")
    expect(page.locator("#log-medication tr.erred").last).to_contain_text("误录")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_assessment_of_a_visit_fits_one_screen(sign_in, language):
    page: Page = sign_in("assessor", language=language)
    page.goto(BOOK + "week_0/assessment/1/")
    if (drafted := page.locator("form.drafted button")).is_visible():  # what another test typed is told above the form
        with page.expect_navigation():
            drafted.click()
    fields, bar = (page.locator(place).bounding_box() for place in (".fields", ".savebar"))
    assert fields["y"] + fields["height"] <= bar["y"] + 1
    assert bar["y"] + bar["height"] <= 768
    before = page.locator(".item[id]").evaluate_all("all => all.map(one => one.offsetLeft)")
    assert before == sorted(before), "the first column is filled before the second, and Tab goes through it first"

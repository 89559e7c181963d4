"""A working day by keyboard alone: nothing is clicked, and everything is reached by Tab as somebody would reach it.

The coordinator's visit day and the assessor's visit. Each step asks that what is wanted can be reached, that the eye
sees where one is, and that what was done is there.
"""

import re

import pytest
from playwright.sync_api import Page, expect

WEEK_4 = "/demo/subjects/01-001/week_4/"


def reach(page: Page, selector: str, most: int = 150) -> None:
    """Press Tab until one is at the first thing that fits; where one is can always be seen."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    there = wanted.element_handle()
    for _ in range(most):
        if there.evaluate("(each) => each === document.activeElement"):
            ring = there.evaluate("(each) => getComputedStyle(each).outlineStyle + getComputedStyle(each).boxShadow")
            assert ring != "nonenone", f"one does not see that one is at {selector}"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by Tab")


def go(page: Page, selector: str) -> None:
    """Reach a link or a button and press it."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer(page: Page, texts: dict[str, str]) -> None:
    """Answer questions in their order: a text is typed, one sign for a row of answers is its key."""
    for item, text in texts.items():
        reach(page, f"#item-{item} .answer :is(input:checked, .none input, input[type=text], textarea)")
        if page.locator(f"#item-{item} .seg").count():
            page.keyboard.press(text)
        else:
            page.keyboard.press("Control+a")
            page.keyboard.type(text)


def save(page: Page) -> None:
    """Save, and wait to be told that it is saved."""
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text(re.compile("act|记录"))


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_a_coordinators_visit_day(sign_in, language):
    """In the second language the visit is held already, and another value is corrected."""
    page: Page = sign_in("coordinator", language=language)
    page.goto("/")
    go(page, 'main a[href="/demo/"]') if page.locator('main a[href="/demo/"]').count() else page.goto("/demo/")
    go(page, 'nav a[href="/demo/today/"]')
    if language == "en":
        go(page, f'main a[href="{WEEK_4}"]')
        reach(page, "#on")
        page.keyboard.press("Control+a")
        page.keyboard.type("2021-05-13")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(".note.ok")).to_be_visible()
    else:
        page.goto(WEEK_4)
    reach(page, 'main a[href$="checklist.pdf"], main a[href$="checklist.html"]')
    go(page, f'main a[href="{WEEK_4}examination/1/"]')
    high, low = ("185", "84") if language == "en" else ("186", "85")
    answer(page, {"weight": "56.5", "temperature": "36.6", "systolic": high})
    reach(page, "#missing-pulse")
    page.keyboard.type("ND")
    if language == "zh":
        reach(page, "#reason")
        page.keyboard.type("source")
    save(page)
    answer(page, {"diastolic": low})
    with page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        page.keyboard.press("Tab")
    again = page.context.new_page()
    page.close()  # the browser was closed in the middle
    again.goto(f"{WEEK_4}examination/1/")
    expect(again.locator("#in-diastolic")).to_have_value(low)
    expect(again.locator("#in-systolic")).to_have_value(high)
    expect(again.locator("#missing-pulse")).to_have_value("ND")


def thread(page: Page, item: str, words: str) -> None:
    """Answer a query beside its question and stay on the page."""
    reach(page, f"#item-{item} .thread textarea")
    page.keyboard.type(words)
    reach(page, f"#item-{item} .thread button")
    page.keyboard.press("Enter")
    expect(page.locator(f"#item-{item} .thread")).to_contain_text(f"↩ {words}")


def test_a_coordinators_results_queries_and_change_of_a_drug(sign_in):
    page: Page = sign_in("coordinator", "02")
    subject = "/demo/subjects/02-001/"
    page.goto(subject + "screening/laboratory/1/")
    answer(page, {"urine_protein": "<0.1"})
    reach(page, "#in-esr")
    page.keyboard.press("Alt+2")  # the sample was lost
    expect(page.locator("#missing-esr")).to_have_value("LOST")
    reach(page, "#reason")
    page.keyboard.type("The laboratory's report")
    save(page)
    expect(page.locator("#in-urine_protein")).to_have_value("<0.1")
    page.goto(subject + "screening/examination/1/")
    answer(page, {"temperature": "39.4", "systolic": "184"})
    reach(page, "#reason")
    page.keyboard.type("Read again")
    save(page)
    for item, words in (("temperature", "Measured twice"), ("systolic", "After the stairs")):
        thread(page, item, words)
    page.goto(subject)
    go(page, f'a[href="{subject}log/medication/1/"]')
    answer(page, {"drug": "Prednisone"})
    reach(page, "#in-drug_class")
    page.keyboard.type("Glu")
    answer(page, {"drug_dose": "10 mg daily", "drug_start": "UNK-MAR-2021", "drug_ongoing": "n"})
    answer(page, {"drug_stop": "20210401"})
    save(page)
    go(page, 'a[href$="medication/2/?from=1"]')
    answer(page, {"drug_dose": "5 mg daily", "drug_start": "2021年4月2日", "drug_ongoing": "y"})
    save(page)
    page.goto(subject)
    rows = page.locator("#log-medication tbody tr")
    expect(rows).to_have_count(2)
    page.goto(subject + "log/medication/1/")
    expect(page.locator("#in-drug_start")).to_have_value("MAR-2021")  # the day is not known, and never the first


def test_an_assessors_visit(sign_in):
    page: Page = sign_in("assessor", "02")
    for hidden in ("log/adverse_events/1/", "screening/laboratory/1/", "screening/background_treatment/1/"):
        answer_to = page.goto(f"/demo/subjects/02-001/{hidden}")
        assert answer_to is not None
        assert answer_to.status == 404
    page.goto("/demo/subjects/")
    reach(page, "#find")
    page.keyboard.type("02-001")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go(page, 'main a[href$="/screening/"]')
    go(page, 'main a[href$="/screening/assessment/1/"]')
    answer(page, {"pga": "1.2", "seizure": "n", "psychosis": "n"})
    reach(page, "#reason")
    page.keyboard.type("Read again")
    save(page)
    reach(page, 'form[action$="/sign/"] input[required]')  # who signs says again who they are
    page.keyboard.type("assessor-02")
    go(page, 'form[action$="/sign/"] button')
    expect(page.locator(".signed .tag.complete")).to_be_visible()
    answer(page, {"pga": "1.3"})
    reach(page, "#reason")
    page.keyboard.type("Typing error")
    save(page)
    expect(page.locator(".signed .tag.due")).to_be_visible()  # the signature holds no more

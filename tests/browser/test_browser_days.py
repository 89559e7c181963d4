"""Days of a trial in a real browser, with several people at work: screening to randomisation, and the night of an
emergency with the morning after it.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_browser_emergency import fill
from tests.browser.test_browser_keyboard import save

pytestmark = pytest.mark.slow
ARM = re.compile("(?i)sodium chloride|placebo|\\b120 mg powder")
BOOK = "/demo/subjects/01-002/"
LABORATORY = BOOK + "screening/laboratory/1/"
NOW = BOOK + "randomise/now/"


def corrected(page: Page, value: str, reason: str) -> None:
    """Another result of one test, with the reason."""
    page.goto(LABORATORY)
    page.locator("#in-alt").fill(value)
    page.locator("#reason").fill(reason)
    save(page)


def is_sure(page: Page) -> None:
    """The page before randomising, ready for its button."""
    page.goto(BOOK + "randomise/")
    page.locator("input[name=sure]").check()


def test_from_a_criterion_that_is_not_met_to_one_randomisation_whatever_happens_on_the_way(sign_in):
    coordinator: Page = sign_in("coordinator")
    investigator: Page = sign_in("investigator")
    corrected(coordinator, "212", "The laboratory's report")
    investigator.goto(BOOK + "eligibility/")
    expect(investigator.locator("tr", has_text="E1").locator(".tag")).to_have_text("present")
    expect(investigator.get_by_role("button", name="Confirm eligibility")).to_be_disabled()
    corrected(coordinator, "21", "Typing error")
    investigator.reload()
    expect(investigator.locator(".head .tag")).to_have_text("all criteria met")
    investigator.locator("input[name=again]").fill("investigator-01")
    investigator.get_by_role("button", name="Confirm eligibility").click()
    expect(investigator.locator(".note.ok")).to_be_visible()

    second, third = coordinator.context.new_page(), coordinator.context.new_page()
    for tab in (coordinator, second, third):
        is_sure(tab)

    def cut(route):
        route.fetch()
        route.abort()

    coordinator.route("**" + NOW, cut, times=1)
    coordinator.get_by_role("button", name="Randomise now").click()  # it was recorded, and the answer was lost
    coordinator.wait_for_url(re.compile("chrome-error|randomise"))
    second.get_by_role("button", name="Randomise now").dblclick()
    expect(second.locator("#problems")).to_contain_text("conduct.E022")
    coordinator.goto(BOOK)
    expect(coordinator.locator(".head .tag").first).to_have_text("randomised")
    third.get_by_role("button", name="Randomise now").click()
    expect(third.locator("#problems")).to_contain_text("conduct.E022")
    trail = sign_in("monitor")
    trail.goto(BOOK + "trail/?kind=Randomised")
    expect(trail.locator("tbody tr")).to_have_count(1)
    for page in (coordinator, second, third, trail):
        assert not ARM.search(page.content())

    coordinator.goto(BOOK + "week_0/")
    coordinator.locator("#on").fill("2021-04-15")
    coordinator.locator('form[action$="/hold/"] button').click()
    pharmacist = sign_in("pharmacist")
    pharmacist.goto("/demo/pharmacy/")
    expect(pharmacist.locator('[data-subject="01-002"]')).to_be_visible()


def test_the_night_of_an_emergency_and_the_morning_after(sign_in):
    """In a study of its own, so that the code breaks of other tests do not count as this doctor's."""
    book = "/pharmacy/subjects/01-002/"
    doctor: Page = sign_in("investigator", width=390, height=844)
    fill(doctor, book + "code-break/")
    doctor.get_by_role("link", name="Enter the adverse event").click()
    doctor.locator("#in-ae_term").fill("Anaphylaxis")
    doctor.locator("#in-ae_onset").fill("2021-04-15")
    save(doctor)
    doctor.get_by_role("link", name="Serious adverse event").click()
    doctor.locator("#k-why").select_option("life_threatening")
    doctor.locator("#k-reason").fill("at home, in the night")
    doctor.get_by_role("button", name="Start the clock").click()
    expect(doctor.locator(".clocks")).to_contain_text("running")
    expect(doctor.locator("main")).to_contain_text("Anaphylaxis")
    for role in ("sponsor", "monitor"):
        morning = sign_in(role)
        for path in ("/pharmacy/unmaskings/", book, book + "trail/", "/pharmacy/today/"):
            morning.goto(path)
            assert not ARM.search(morning.content()), (role, path)
        morning.goto("/pharmacy/unmaskings/")
        expect(morning.locator("main")).to_contain_text("01-002")
        morning.goto("/pharmacy/subjects/01-003/")
        expect(morning.locator("main")).not_to_contain_text("masking of this participant")
        morning.goto(book)
        expect(morning.locator("main")).to_contain_text("masking of this participant")

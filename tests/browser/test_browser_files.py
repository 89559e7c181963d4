"""A scanned report is chosen, survives a refusal, is saved, replaced with a reason, and fetched again."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Page, expect

FORM = "/demo/subjects/01-002/screening/screening_laboratory/1/"
SAVED = re.compile(r"Saved at \d\d:\d\d:\d\d, act \d+")
SCAN, BETTER = b"%PDF-1.7 the report", b"%PDF-1.7 the report, straight"


def choose(page: Page, content: bytes, name: str = "report.pdf") -> None:
    """A file picked in the browser's own dialogue."""
    page.locator("#in-screening_report").set_input_files({"name": name, "mimeType": "", "buffer": content})


def save(page: Page) -> None:
    """The form saved, with its reason."""
    page.locator("#reason").fill("Source corrected")
    page.keyboard.press("Control+s")


def fetched(page: Page) -> tuple[str, bytes]:
    """The file as the link beside the question gives it: stored by the browser, never opened."""
    with page.expect_download() as download:
        page.locator("#item-screening_report .answer a").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_scan_is_chosen_refused_saved_replaced_and_fetched(sign_in):
    page: Page = sign_in("coordinator")
    page.goto(FORM)
    note = page.locator("#item-screening_report .chosen")
    expect(note).to_be_hidden()
    page.context.set_offline(True)
    choose(page, SCAN)
    expect(note).to_have_text(re.compile("^report.pdf is chosen, not saved. Only Save keeps it"))
    save(page)
    expect(page.locator("#saved")).to_have_text(re.compile("Not saved: the server did not answer"))
    page.context.set_offline(False)
    page.locator("#missing-hbsag").select_option("LOST")  # beside an answer: refused
    save(page)
    expect(page.locator("#problem-hbsag")).to_contain_text("web.E001")
    expect(note).to_have_text(re.compile("^report.pdf is chosen, not saved"))
    assert page.evaluate("document.querySelector('#in-screening_report').files[0].name") == "report.pdf"
    page.locator("#missing-hbsag").select_option("")
    save(page)
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(note).to_be_hidden()
    assert fetched(page) == ("report.pdf", SCAN)
    choose(page, BETTER, "better.pdf")
    page.locator("#reason").fill("")
    page.keyboard.press("Control+s")
    expect(page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    save(page)
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert fetched(page) == ("better.pdf", BETTER)
    page.locator("#item-screening_report .tools a").click()
    trail = page.locator("table.wide")
    expect(trail).to_contain_text(f"SHA-256 {hashlib.sha256(SCAN).hexdigest()}")
    expect(trail).to_contain_text(f"SHA-256 {hashlib.sha256(BETTER).hexdigest()}")

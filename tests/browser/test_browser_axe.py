"""No page keeps anybody out: axe finds nothing serious, text reflows at 400 %, and forced colours lose nothing."""

import pytest

from tests.browser.accessibility import serious, walk
from tests.browser.test_browser_screens import PAGES

# One page of each making, in one language; every page of every role in both is with the longer sweeps.
SPREAD = {
    "investigator": ("matrix", "casebook", "eligibility", "randomise", "code-break", "unmasking", "log-row", "today"),
    "coordinator": ("visit", "unscheduled", "early-termination", "laboratory"),
    "data_manager": ("study",),
    "monitor": ("trail", "queries", "style"),
    "coordinator 11": ("kits", "kit-of-a-visit"),
    "supply_manager": ("supply",),
}
ROLES = (
    "coordinator", "investigator", "nurse", "assessor", "pharmacist", "unmasked_monitor", "monitor", "data_manager",
    "statistician", "dsmb_statistician", "committee_chair", "committee_member", "sponsor", "administrator",
    "coordinator 11", "coordinator 12", "supply_manager",
)  # fmt: skip


@pytest.mark.parametrize(("role", "language"), list(zip(SPREAD, ("en", "zh") * 3, strict=True)))
def test_axe_finds_nothing_serious_on_a_spread_of_pages(sign_in, role, language):
    page = sign_in(*role.split(), language=language)
    found = {}
    for name in SPREAD[role]:
        page.goto(PAGES[name][1])
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found[name] = serious(page)
    assert not any(found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_serious_on_any_kind_of_page_of_any_role(sign_in, role, language):
    page = sign_in(*role.split(), language=language)
    files = (".pdf", ".html", ".csv")
    found = {path: serious(page) for path in walk(page, "/", skip=lambda path: path.endswith(files))}
    assert len(found) > 3
    assert not any(found.values()), {path: each for path, each in found.items() if each}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_serious_on_a_printed_sheet(sign_in, language):
    page = sign_in("coordinator", language=language, bypass_csp=True)
    for sheet in (
        "subjects/01-001/casebook.html",
        "subjects/01-001/randomised.html",
        "subjects/01-001/week_0/checklist.html",
        "protocol/forms.html",
    ):
        page.goto(f"/demo/{sheet}")
        assert serious(page) == [], sheet

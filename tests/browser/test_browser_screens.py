"""Every page in both languages, on a screen and on a phone: pictures for the eye, and what can be measured measured."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCREENS = Path(__file__).parents[1] / "output" / "screens"
PAGES = {  # name → role, with a site that is not 01, and address
    "studies": ("investigator", "/"),
    "study": ("data_manager", "/demo/"),
    "matrix": ("investigator", "/demo/subjects/"),
    "casebook": ("investigator", "/demo/subjects/01-001/"),
    "casebook-new": ("investigator", "/demo/subjects/01-003/"),
    "eligibility": ("investigator", "/demo/subjects/01-002/eligibility/"),
    "randomise": ("investigator", "/demo/subjects/01-004/randomise/"),
    "code-break": ("investigator", "/demo/subjects/01-001/code-break/"),
    "unmasking": ("investigator", "/demo/subjects/01-001/unmasking/"),
    "unmaskings": ("monitor", "/demo/unmaskings/"),
    "visit": ("coordinator", "/demo/subjects/01-001/week_0/"),
    "unscheduled": ("coordinator", "/demo/subjects/01-001/unscheduled_1/"),
    "early-termination": ("coordinator", "/demo/subjects/01-001/early_termination/"),
    "form": ("coordinator", "/demo/subjects/01-001/week_0/examination/1/"),
    "laboratory": ("coordinator", "/demo/subjects/01-001/week_0/laboratory/1/"),
    "assessment": ("assessor", "/demo/subjects/01-001/week_0/assessment/1/"),
    "bilag": ("assessor", "/demo/subjects/01-001/week_0/bilag/1/"),
    "log-row": ("investigator", "/demo/subjects/01-001/log/adverse_events/2/"),
    "locked": ("nurse", "/done/subjects/01-001/screening/examination/1/"),
    "trail": ("monitor", "/demo/subjects/01-001/week_0/examination/1/systolic/trail/"),
    "trail-subject": ("monitor", "/demo/subjects/01-001/trail/"),
    "today": ("investigator", "/demo/today/"),
    "queries": ("monitor", "/demo/queries/"),
    "protocol": ("monitor", "/demo/protocol/"),
    "report": ("monitor", "/demo/report/"),
    "design": ("sponsor", "/demo/design/"),
    "pharmacy": ("pharmacist", "/pharmacy/pharmacy/"),
    "infusion": ("nurse", "/demo/subjects/01-001/week_2/infusion/"),
    "serious": ("investigator", "/demo/subjects/01-001/serious/1/"),
    "medication": ("coordinator", "/demo/subjects/01-001/medication/"),
    "lock": ("data_manager", "/demo/lock/"),
    "sign": ("assessor", "/demo/signatures/look/?code=01-001"),
    "kits": ("coordinator 11", "/tablets/kits/"),
    "kits-on-the-way": ("coordinator 12", "/tablets/kits/"),
    "kit-of-a-visit": ("coordinator 11", "/tablets/subjects/11-001/week_0/"),
    "supply": ("supply_manager", "/tablets/supply/"),
    "style": ("monitor", "/style/"),
    "nothing": ("monitor", "/demo/subjects/01-999/"),
}
# Small on purpose: keys, marks and codes beside the text.
_SMALLEST_CHINESE = """() => [...document.querySelectorAll('main *')].filter((each) =>
    [...each.childNodes].some((node) => node.nodeType === 3 && /[\\u4e00-\\u9fff]/.test(node.textContent))
    && !each.matches('sup, .c, option') && each.getClientRects().length
    && parseFloat(getComputedStyle(each).fontSize) < 14).map((each) => each.textContent.trim().slice(0, 30))"""
_SMALL_TARGETS = """() => [...document.querySelectorAll('button, summary, .c, input, select, textarea, nav a')]
    .filter((each) => !each.matches('[type=radio], [type=hidden], span'))
    .filter((each) => each.getClientRects().length && !each.closest('[hidden]'))
    .filter((each) => { const target = each.matches('[type=checkbox]') ? each.closest('label') : each;
                        const box = target.getBoundingClientRect();
                        return box.width < 24 || box.height < 24; })
    .map((each) => each.outerHTML.slice(0, 80))"""


# Each language and each size once; the other two pairs are with the longer sweeps.
@pytest.mark.parametrize(
    ("width", "height", "language"),
    [
        pytest.param(1366, 768, "en", id="screen-en", marks=pytest.mark.slow),
        pytest.param(390, 844, "zh", id="phone-zh"),
        pytest.param(1366, 768, "zh", id="screen-zh", marks=pytest.mark.slow),
        pytest.param(390, 844, "en", id="phone-en", marks=pytest.mark.slow),
        # 1280 × 1024 at 400 %: text reflows without scrolling both ways (WCAG 2.2, 1.4.10)
        pytest.param(320, 256, "en", id="zoomed-en", marks=pytest.mark.slow),
        pytest.param(320, 256, "zh", id="zoomed-zh", marks=pytest.mark.slow),
    ],
)
def test_every_page_fits_and_can_be_read(sign_in, language, width, height):
    SCREENS.mkdir(parents=True, exist_ok=True)
    browsers: dict[str, Page] = {}
    for name, (role, path) in PAGES.items():
        if role not in browsers:
            browsers[role] = sign_in(*role.split(), language=language, width=width, height=height)
        page = browsers[role]
        page.goto(path)
        page.screenshot(path=SCREENS / f"{name}-{language}-{width}.png", full_page=width < 500)
        broad = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert broad <= 0, f"{name}: {broad} px too broad"
        assert page.evaluate(_SMALL_TARGETS) == [], name
        assert page.locator("html").get_attribute("lang").startswith(language), name
        assert page.evaluate(_SMALLEST_CHINESE) == [], name


def test_at_400_percent_the_pages_of_a_visit_reflow(sign_in):
    page = sign_in("coordinator", width=320, height=256)
    for name in ("matrix", "visit", "laboratory", "today"):
        page.goto(PAGES[name][1])
        broad = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert broad <= 0, f"{name}: {broad} px too broad"


def test_forced_colours_keep_states_and_chosen_answers_apart(sign_in):
    """Where the system replaces every colour, a state is still a glyph and a chosen answer still looks chosen."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page = sign_in("coordinator", forced_colors="active")
    page.goto(PAGES["matrix"][1])
    page.screenshot(path=SCREENS / "matrix-forced-colours.png")
    glyphs = page.evaluate(_GLYPHS)
    assert len(set(glyphs.values())) == len(glyphs) > 3, glyphs
    page.goto(PAGES["visit"][1] + "examination/1/")
    page.screenshot(path=SCREENS / "form-forced-colours.png")
    page.goto("/demo/subjects/01-001/week_0/infusion/1/")
    page.screenshot(path=SCREENS / "answers-forced-colours.png")
    looks = page.evaluate(_CHOSEN_AND_NOT)
    assert looks
    assert all(chosen != other for chosen, other in looks), looks


# What the style sheet draws in a cell, by its state.
_GLYPHS = """() => Object.fromEntries([...document.querySelectorAll('.legend .c')].map((each) =>
    [each.className, getComputedStyle(each, '::before').content + getComputedStyle(each, '::after').content]))"""
# How the label of a chosen answer and of one beside it are drawn.
_CHOSEN_AND_NOT = """() => { const look = (input) => { const s = getComputedStyle(input.closest('label'));
    return [s.backgroundColor, s.color, s.outline, s.fontWeight].join(); };
  return [...document.querySelectorAll('.seg')].filter((seg) => seg.querySelector('input:checked')).map((seg) =>
    [look(seg.querySelector('input:checked')), look(seg.querySelector('input:not(:checked)'))]); }"""


def test_the_door(chromium, site):
    SCREENS.mkdir(parents=True, exist_ok=True)
    for language, locale in (("en", "en-GB"), ("zh", "zh-CN")):
        for width, height in ((1366, 768), (390, 844)):
            page = chromium.new_page(locale=locale, viewport={"width": width, "height": height}, base_url=site)
            page.goto("/")
            page.screenshot(path=SCREENS / f"door-{language}-{width}.png", full_page=width < 500)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.close()


_CONTRAST = """() => {
  const linear = (x) => x / 255 <= .03928 ? x / 255 / 12.92 : ((x / 255 + .055) / 1.055) ** 2.4;
  const light = (c) => { const v = c.map(linear);
                         return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parts = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
                         return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const behind = (each) => { for (let e = each; e; e = e.parentElement) {
                               const c = parts(getComputedStyle(e).backgroundColor);
                               if (c[3] > 250) return c.slice(0, 3); }
                             return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter((each) => each.getClientRects().length
      && [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      && !each.matches('option, .away, .skip, :disabled') && parseFloat(getComputedStyle(each).fontSize) > 0)
    .map((each) => { const [a, b] = [light(parts(getComputedStyle(each).color).slice(0, 3)), light(behind(each))];
                     const words = each.textContent.trim().slice(0, 30);
                     return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), words, each.className]; })
    .filter((found) => found[0] < 4.5); }"""


# axe reads the contrast of the same pages in the light.
@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_text_stands_out_from_what_is_behind_it(sign_in, scheme):
    page = sign_in("investigator", color_scheme=scheme)
    for name in ("matrix", "casebook", "eligibility", "code-break", "unmasking", "log-row", "style"):
        page.goto(PAGES[name][1])
        assert page.evaluate(_CONTRAST) == [], name

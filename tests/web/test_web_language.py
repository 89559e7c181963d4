"""The catalogue: nothing untranslated, nothing unknown, nothing left over; and the reader's choice of language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import equipoise.web
from equipoise.conduct.acts import ACTS, SubjectAct
from equipoise.conduct.infusions import STEPS
from equipoise.conduct.lock_acts import LOCK_ACTS
from equipoise.conduct.messages import MESSAGES as CONDUCT
from equipoise.items import STATES, Missing, PartialDate, Problem
from equipoise.simulation.design.exploring import SCHEMES
from equipoise.web import language as say
from equipoise.web.kit_stock import STATUSES as STATUSES_OF_KITS
from equipoise.web.matrix import MARKS
from equipoise.web.messages import MESSAGES as WEB
from equipoise.web.serious import STATES as SERIOUS_STATES
from equipoise.web.status import FORM_STATES, SUBJECT_STATES, VISIT_STATES
from equipoise.web.texts import TEXTS
from equipoise.web.today import GROUPS
from equipoise.web.views.deviations import CATEGORIES
from equipoise.web.views.emergency import WHY
from equipoise.web.views.infusions import WHAT
from equipoise.web.views.participant import ERRORS, FAILURES, HOW_ENDED
from equipoise.web.views.pharmacy import RECORDS, SAYS
from equipoise.web.views.queries import STATUSES
from equipoise.web.views.unmaskings import IMPACT, KINDS, ON, WHOM
from equipoise.web.views.visits import BECAUSE, MISTAKEN, MODES, REPLACED, UNSCHEDULED

LOCK_KINDS = [kind.__name__ for kind in LOCK_ACTS]
REFUSED_BAGS = ("wrong_person", "wrong_bag", "cover_damaged")
ROOM = Path(equipoise.web.__file__).parent
SOURCES = {
    path: path.read_text()
    for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.html")]
    if path.parent.name != "texts" and path.name != "messages.py"
}
# Ids that are put together from a family and a code.
FAMILIES = {
    "form.": FORM_STATES, "subject.": SUBJECT_STATES, "state.": STATES, "how.": HOW_ENDED,
    "because.": (*ERRORS, *BECAUSE, *UNSCHEDULED), "design.scheme.": SCHEMES,
    "design.": (
        "risk", "hazard_ratio", "leaves", "participants", "treated_with_event", "reference_with_event", "unknown",
        "correct_guess", "imbalance",
    ),
    "failure.": FAILURES, "mode.": MODES, "mode.mark.": MARKS, "query.": STATUSES,
    "queries.waits.": STATUSES, "queries.none.": STATUSES, "criterion.": ("met", "not_met", "unknown", "hidden"),
    "exclusion.": ("met", "not_met"),
    "sees.": ("fills", "yes", "partly", "no"), "flag.": ("H", "L"), "deviation.": (*CATEGORIES, "wrong_kit"),
    "act.": (
        *(kind for kind, act in ACTS.items() if issubclass(act, SubjectAct)), "SiteActivated", "StudyOpened",
        *LOCK_KINDS,
        "LockRequested.lock", "LockRequested.unlock", "RoleGranted", "RoleAccepted", "RoleEnded",
        "UnmaskingReported", "UnmaskingAssessed", "RecruitmentStopped", "RecruitmentResumed",
        "SupplyDeclared", "KitsShipped", "KitsReceived", "KitsQuarantined", "KitsDecided",
        "KitsWithdrawn", "KitsDestroyed", "kit", "replaces", "assigned", "units",
        "because", "how", "mode", "slot", "bag", "quantity",
    ),
    "lock.asked.": ("lock", "unlock"), "lock.ask.": ("lock", "unlock"), "lock.grant.": ("lock", "unlock"),
    "mark.": MARKS,
    "pharmacy.says.": SAYS, "pharmacy.kind.": (*RECORDS, "preparation"),
    "kit.": STATUSES_OF_KITS, "kits.because.": {*REPLACED, *MISTAKEN},
    "entry.hint.": ("date", "partial_date", "expected"),
    "rule.": ("uln", "lln", "below_limit", "above_limit", "reported", "visit.date", "consent.date"),
    "people.state.": ("holds", "waits", "over", "ended"),
    "serious.state.": SERIOUS_STATES,
    "infusion.state.": STEPS, "infusion.step.": WHAT[:5],
    "infusion.found.": ("matches", *REFUSED_BAGS), "infusion.refused.": REFUSED_BAGS,
    "today.": (*GROUPS, "before_randomising", "eligibility"), "today.state.": ("unsaved", "unsigned", "void"),
    "print.": ("question", "answer", "unit", "variable", "rule"),
    "print.signature.": ("form", "by", "at", "meaning", "digest"),
    "print.trail.": ("number", "at", "by", "what", "change", "reason", "hash"),
    "casebook.": ("consent", "eligible", "randomised", "stopped", "ended"),
    "visit.": (*VISIT_STATES, "earliest", "target", "latest"),
    "why.": WHY, "whom.": WHOM, "unmasking.kind.": KINDS, "impact.": IMPACT, "concern.": ON,
    "break.": ("why", "reason", "event", "told"), "unmasking.": ("how", "whom"),
    "error.title.": ("400", "403", "404", "500"), "error.what.": ("400", "403", "404", "500"),
}  # fmt: skip


@pytest.mark.parametrize("identifier", TEXTS)
def test_a_text_stands_in_both_languages(identifier):
    en, zh = TEXTS[identifier]
    assert en.strip()
    assert zh.strip()
    assert re.findall(r"{\w+}", en) == re.findall(r"{\w+}", zh) or set(re.findall(r"{\w+}", en)) == set(
        re.findall(r"{\w+}", zh)
    )
    if re.search(r"[A-Za-z]{2}", en):
        assert re.search(r"[\u4e00-\u9fff]", zh) or en in ("–",) or "YYYY" in zh


@pytest.mark.parametrize("identifier", WEB)
def test_a_problem_stands_in_both_languages(identifier):
    message = WEB[identifier]
    assert all(part.strip() for part in message)
    assert set(re.findall(r"{\w+}", message.en)) == set(re.findall(r"{\w+}", message.zh))


def used() -> set[str]:
    literal = {found for text in SOURCES.values() for found in re.findall(r'"([a-z_]+(?:\.[A-Za-z_0-9]+)+)"', text)}
    return literal | {family + code for family, codes in FAMILIES.items() for code in codes}


def test_no_text_is_left_over():
    assert set(TEXTS) - used() == set()


def test_every_id_that_is_used_is_known():
    called = {
        found
        for path, text in SOURCES.items()
        for found in re.findall(
            r'\{% t "([\w.]+)" ?(?:\w+=[^%]*)?%\}' if path.suffix == ".html" else r'text\("([\w.]+)"', text
        )
    }
    families = {family + code for family, codes in FAMILIES.items() for code in codes}
    assert (called | families) - set(TEXTS) == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("fr,zh-TW;q=0.5", "zh"), ("", "en"), ("x" * 500, "en")],
)
def test_the_browser_says_which_language_is_read(client, header, language):
    html = client.get("/style/", headers={"accept-language": header}).content.decode()
    assert f'lang="{say.TAGS[language]}"' in html


@pytest.mark.django_db(databases=["default", "allocator"])
def test_a_choice_of_language_lasts_and_comes_back_to_the_same_page(enter):
    client = enter("monitor")
    answer = client.post("/language/", {"language": "zh", "back": "/demo/queries/?status=closed"})
    assert answer.headers["Location"] == "/demo/queries/?status=closed"
    assert "质疑" in client.get("/demo/queries/").content.decode()
    client.post("/sign-out/")
    assert 'lang="zh-CN"' in client.get("/").content.decode()


@pytest.mark.django_db(databases=["default", "allocator"])
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "x"])
def test_a_choice_of_language_leads_nowhere_else(client, back):
    assert client.post("/language/", {"language": "zh", "back": back}).headers["Location"] == "/"


def test_dates_times_and_answers_are_said_in_the_readers_way():
    assert say.day(date(2021, 3, 9), "en") == "09-MAR-2021"
    assert say.day(date(2021, 3, 9), "zh") == "2021-03-09"
    assert say.words(PartialDate(2021, 3), "en") == "MAR-2021"
    assert say.words(PartialDate(2021), "zh") == "2021"
    moment = datetime(2021, 3, 9, 18, 5, 7, tzinfo=UTC)
    assert say.moment(moment, "Asia/Shanghai", "en") == "10-MAR-2021 02:05:07 Asia/Shanghai (UTC+08:00)"
    assert say.moment(moment, "America/New_York", "zh") == "2021-03-09 13:05:07 America/New_York (UTC-05:00)"
    assert say.words(Missing("ND"), "zh") == "ND · 未做"
    assert (say.words(True, "en"), say.words(False, "zh"), say.words(None, "en")) == ("Yes", "否", "")
    assert say.words(Decimal("1.10"), "en") == "1.10"
    assert say.derived(Decimal("113.6397"), "en") == "113.64"
    assert say.derived(Decimal("20"), "en") == "20"


def test_problems_are_said_in_chinese_by_their_id_and_what_fills_their_places():
    found = Problem("conduct.E041", "x", "english", "hint", params={"date": "2021-04-01"})
    assert say.said(found, "en") == ("english", "hint")
    assert say.said(found, "zh") == (
        CONDUCT["conduct.E041"].zh.format(date="2021-04-01"),
        CONDUCT["conduct.E041"].hint_zh,
    )
    assert say.said(Problem("conduct.E041", "x", "english"), "zh") == ("english", "")
    assert say.said(Problem("nobody.E1", "x", "english"), "zh") == ("english", "")


def test_powers_in_units_are_raised():
    assert say.unit("10^9/L", "en") == "10⁹/L"
    assert say.unit("m^-2", "en") == "m⁻²"
    assert say.unit("mmol/L", "zh") == "mmol/L"

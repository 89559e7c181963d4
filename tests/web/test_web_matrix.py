"""The subject matrix: every state by its rule, and light enough for a large trial."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from equipoise.conduct.acts import Person
from equipoise.conduct.checks import asked
from equipoise.conduct.environment import History, RowEnvironment
from equipoise.conduct.snapshot import Query, Subject, VisitState
from equipoise.items import Missing
from equipoise.protocol.load import load
from equipoise.web import deployment
from equipoise.web.matrix import cells_html, chosen, columns, row
from equipoise.web.status import Progress, View, form_state, subject_state, visit_state, window
from equipoise.web.visibility import sight
from tests.web.web_world import TRIAL

PROTOCOL, _ = load(TRIAL.read_bytes())
assert PROTOCOL is not None
DAY_0 = date(2021, 4, 15)
NEW = Subject("01-001", "01", datetime(2021, 4, 1, tzinfo=UTC))
SCREENED = replace(NEW, consent=date(2021, 4, 1))
RANDOMISED = replace(SCREENED, eligible=date(2021, 4, 14), randomised=DAY_0, slot="KKKK-KKKK")


def view(today: date = date(2021, 5, 13), *, locked: bool = False, role: str = "coordinator") -> View:
    return View(sight(PROTOCOL, Person("x", role, "01")), today, locked, Progress(PROTOCOL))


def held(subject: Subject, visit: str, status: str = "held", mode: str = "site", **values: object) -> Subject:
    state = VisitState(status, DAY_0, mode, "", 1)
    kept = {**subject.values, **{(visit, form, 1): answers for form, answers in values.items()}}
    return replace(subject, visits={**subject.visits, visit: state}, values=kept)


def state(subject: Subject, visit: str, today: date = date(2021, 5, 13), **how: object) -> str:
    return visit_state(view(today, **how), subject, PROTOCOL.visit_by_id[visit])


GIVEN = {"infusion_given": False, "not_infused_because": "infection"}
DOSED = held(RANDOMISED, "week_2", infusion=GIVEN)
UNKNOWN = held(RANDOMISED, "week_2", infusion={**GIVEN, "not_infused_because": Missing("UNK")})
STARTED = held(RANDOMISED, "week_2", infusion={"infusion_given": True})
ASKED = replace(DOSED, queries={"q": Query("q", ("week_2", "infusion", 1), "infusion_given", "person", "?", "open")})

CASES = [
    ("before consent nothing is due", NEW, "screening", {}, "not_due"),
    ("screening after consent", SCREENED, "screening", {}, "due"),
    ("week 4 before day 0 is set", SCREENED, "week_4", {}, "not_due"),
    ("the day before the window", RANDOMISED, "week_4", {"today": date(2021, 5, 9)}, "not_due"),
    ("the first day of the window", RANDOMISED, "week_4", {"today": date(2021, 5, 10)}, "due"),
    ("the last day of the window", RANDOMISED, "week_4", {"today": date(2021, 5, 16)}, "due"),
    ("the day after the window", RANDOMISED, "week_4", {"today": date(2021, 5, 17)}, "overdue"),
    ("held and nothing entered", held(RANDOMISED, "week_2"), "week_2", {}, "in_progress"),
    ("held and all entered", DOSED, "week_2", {}, "complete"),
    ("a needed answer is open", STARTED, "week_2", {}, "in_progress"),
    ("declared missing is an answer", UNKNOWN, "week_2", {}, "complete"),
    ("an open query", ASKED, "week_2", {}, "query"),
    ("a query the role does not see", ASKED, "week_2", {"role": "assessor"}, "complete"),
    ("missed", held(RANDOMISED, "week_2", "missed"), "week_2", {}, "missed"),
    ("locked", DOSED, "week_2", {"locked": True}, "locked"),
    ("locked and never held", RANDOMISED, "week_4", {"locked": True}, "not_expected"),
    ("after the end", replace(RANDOMISED, ended=date(2021, 5, 1)), "week_4", {}, "not_expected"),
    ("before the end", replace(RANDOMISED, ended=date(2021, 5, 20)), "week_4", {"today": date(2021, 6, 1)}, "overdue"),
    ("a screen failure", replace(SCREENED, screen_failure=("E1",)), "week_0", {}, "not_expected"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "visit", "how", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_state_of_a_visit(subject, visit, how, expected):
    assert state(subject, visit, **how) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (SCREENED, "screening"),
        (replace(SCREENED, eligible=DAY_0), "eligible"),
        (replace(SCREENED, screen_failure=("E1",)), "failed"),
        (RANDOMISED, "randomised"),
        (replace(RANDOMISED, treatment_stopped=DAY_0), "stopped"),
        (replace(RANDOMISED, ended=DAY_0, how_ended="completed"), "completed"),
        (replace(RANDOMISED, ended=DAY_0, how_ended="lost"), "left"),
    ],
)
def test_the_state_of_a_participant(subject, expected):
    assert subject_state(subject, view().seen) == expected


def test_who_does_not_see_treatment_does_not_see_that_it_stopped():
    assert subject_state(replace(RANDOMISED, treatment_stopped=DAY_0), view(role="assessor").seen) == "randomised"


def test_a_form_counts_what_the_role_sees():
    assert form_state(view(), DOSED, ("week_2", "infusion", 1)) == "complete"
    assert form_state(view(), DOSED, ("week_2", "laboratory", 1)) == "empty"
    assert form_state(view(role="monitor"), ASKED, ("week_2", "infusion", 1)) == "query"


def test_what_was_worked_out_is_worked_out_again_when_the_participant_changes():
    progress = Progress(PROTOCOL)
    partly = held(RANDOMISED, "week_2", infusion={"infusion_given": True})
    assert progress.of(partly)["week_2", "infusion", 1] >= {"infusion_start", "bag_number"}
    assert progress.of(replace(partly, drafts={}, last_sequence=9)) is progress.of(partly)
    assert not progress.of(DOSED)
    seen = sight(PROTOCOL, Person("x", "coordinator", "01"))
    assert progress.standing(DOSED, seen) is progress.standing(DOSED, seen)
    assert not progress.standing(DOSED, seen).queried
    assert progress.standing(ASKED, seen).queried == {("week_2", "infusion", 1)}


def test_a_row_is_made_again_when_the_participant_or_the_day_or_the_lock_changes():
    progress, seen = Progress(PROTOCOL), sight(PROTOCOL, Person("x", "coordinator", "01"))
    before, after = (View(seen, date(2021, 5, day), False, progress) for day in (9, 10))
    week_4 = [visit.id for visit in columns(PROTOCOL)].index("week_4")
    first = row(before, RANDOMISED)
    assert row(before, RANDOMISED) is first
    assert [row(now, RANDOMISED).cells[week_4].state for now in (before, after)] == ["not_due", "due"]
    due = 'class="c due" href="01-001/week_4/"'
    assert due in cells_html(after, RANDOMISED, "en")
    assert due not in cells_html(replace(after, locked=True), RANDOMISED, "en")
    assert row(after, ASKED).queries == 1
    assert cells_html(after, ASKED, "zh") != cells_html(after, ASKED, "en")


def slowly(view: View, subject: Subject, key: tuple[str, str, int]) -> str:
    """The state of a form by its definition, question by question."""
    if key in {query.key for query in view.seen.queries(subject) if query.status == "open"}:
        return "query"
    answers, form = subject.values.get(key, {}), PROTOCOL.form_by_id[key[1]]
    if not view.seen.form(form.id) or all(answers.get(item.id) is None for item in view.seen.items(form)):
        return "empty"
    env = RowEnvironment(answers, History(PROTOCOL, subject).at(key[0]))
    needed = [i for i in view.seen.items(form) if i.required and view.seen.rule(i.when or "true")]
    return "in_progress" if any(answers.get(i.id) is None and asked(i, env) for i in needed) else "complete"


@pytest.mark.django_db(databases=["default", "allocator"])
def test_what_is_kept_of_a_participant_is_what_every_role_would_work_out():
    subjects = [*deployment.ledger("demo").snapshot().subjects.values(), replace(STARTED, code="01-009")]
    kept, seen_states = Progress(PROTOCOL), set()
    for role in PROTOCOL.roles:
        here = View(sight(PROTOCOL, Person("x", role.id, "01")), date(2021, 9, 1), False, kept)
        for subject in subjects:
            for key in ((visit.id, form, 1) for visit in PROTOCOL.visits[:3] for form in visit.forms):
                assert form_state(here, subject, key) == slowly(here, subject, key), (role.id, subject.code, key)
                seen_states.add(form_state(here, subject, key))
    assert seen_states == {"query", "empty", "in_progress", "complete"}


def test_a_window_is_counted_from_day_0():
    assert window(RANDOMISED, PROTOCOL.visit_by_id["week_4"]) == (
        date(2021, 5, 10),
        date(2021, 5, 13),
        date(2021, 5, 16),
    )
    assert window(SCREENED, PROTOCOL.visit_by_id["week_4"]) is None


def test_rows_are_found_by_code_site_and_state():
    rows = [row(view(), replace(RANDOMISED, code=code, site=code[:2])) for code in ("01-001", "01-012", "02-001")]
    assert [r.code for r in chosen(rows, find="012", site="", state="")] == ["01-012"]
    assert [r.code for r in chosen(rows, find="０１－０１２", site="", state="")] == ["01-012"]
    assert [r.code for r in chosen(rows, find="", site="02", state="")] == ["02-001"]
    assert chosen(rows, find="", site="", state="failed") == []


@pytest.mark.django_db(databases=["default", "allocator"])
class TestThePage:
    """The matrix in the browser."""

    def test_states_are_words_with_links(self, enter):
        html = enter("coordinator").get("/demo/subjects/").content.decode()
        assert '<a class="c query" href="01-001/week_0/">open query</a>' in html
        assert '<a class="c in_progress" href="01-001/week_2/">in progress · remote</a><sup>R</sup>' in html
        assert "02-001" not in html
        assert "4 subjects" in html
        assert re.search(r'<a href="01-003/">01-003</a>', html)

    def test_the_whole_study_has_all_sites_and_a_filter(self, enter):
        client = enter("monitor")
        assert "02-001" in client.get("/demo/subjects/").content.decode()
        assert "02-001" not in client.get("/demo/subjects/?site=01").content.decode()
        assert "01-003" not in client.get("/demo/subjects/?find=02-").content.decode()
        assert "No subject fits" in client.get("/demo/subjects/?find=zzz").content.decode()

    def test_a_role_that_does_not_see_the_query_does_not_see_its_mark(self, enter):
        html = enter("pharmacist").get("/demo/subjects/").content.decode()
        assert "1 open queries" in html or "1 open" in html
        assert "3 open queries" not in html

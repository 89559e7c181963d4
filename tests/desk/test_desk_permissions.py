"""Who may do what: every method, for every role, at the own site and at another."""

import inspect
from datetime import timedelta
from itertools import pairwise

import pytest

from equipoise.conduct.acts import Person
from equipoise.desk import Desk, Refused
from equipoise.envelopes import new_key
from equipoise.randomisation import seeded
from tests.desk.at_work import (
    ADMINISTRATOR,
    LISTKEEPER,
    MANAGER,
    MONITOR,
    PRESSURE,
    PROTOCOL,
    RANDOMISED,
    SCREENED,
    SPONSOR,
    Study,
    done,
    ids,
    person,
)  # fmt: skip

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
CODE = "11-001"
KEY = new_key("unmasked_statistician", seeded(b"key"), demo=True)

# Each method: the permission it needs, and how it is called. A method without a line here fails a test.
METHODS = {
    "activate_site": ("administer", lambda desk, **by: desk.activate_site("11", **by)),
    "load_list": ("administer", lambda desk, **by: desk.load_list(b"", "", **by)),
    "load_locks": ("administer", lambda desk, **by: desk.load_locks(b"", "", **by)),
    "replace_list": ("administer", lambda desk, **by: desk.replace_list(b"", "", reason="theft", **by)),
    "replace_locks": ("administer", lambda desk, **by: desk.replace_locks(b"", "", reason="theft", **by)),
    "reconcile": ("administer", lambda desk, **by: desk.reconcile(**by)),
    "break_code": (
        "break_code",
        lambda desk, **by: desk.break_code(CODE, why="other", adverse_event=False, told="-", reason="r", **by),
    ),
    "report_unmasking": (
        "view",
        lambda desk, **by: desk.report_unmasking(
            subject=CODE, how="suspected", whom="assessor", on=SCREENED, text="", **by
        ),
    ),
    "assess_unmasking": (
        "lock",
        lambda desk, **by: desk.assess_unmasking(
            "r", data="none", participant="none", others="none", measures="m", **by
        ),
    ),
    "stop_recruitment": ("lock", lambda desk, **by: desk.stop_recruitment(reason="safety", **by)),
    "resume_recruitment": ("lock", lambda desk, **by: desk.resume_recruitment(reason="the board agrees", **by)),
    "request_lock": ("lock", lambda desk, **by: desk.request_lock(reason="all is clean", **by)),
    "request_unlock": ("lock", lambda desk, **by: desk.request_unlock(reason="an error", **by)),
    "lock": ("lock", lambda desk, **by: desk.lock("r", **by)),
    "unlock": ("lock", lambda desk, **by: desk.unlock("r", **by)),
    "decline_lock": ("lock", lambda desk, **by: desk.decline_lock("r", reason="not yet", **by)),
    "freeze": ("lock", lambda desk, **by: desk.freeze(CODE, **by)),
    "freeze_every_casebook": ("lock", lambda desk, **by: desk.freeze_every_casebook(**by)),
    "unfreeze": ("lock", lambda desk, **by: desk.unfreeze(CODE, reason="a late result", **by)),
    "sign_forms": (
        "sign",
        lambda desk, **by: desk.sign_forms([(CODE, ("screening", "history", 1))], after=0, meaning="m", **by),
    ),
    "record_opening": ("open_list", lambda desk, **by: desk.record_opening(commitment="c", slots=1, **by)),
    "request_look": ("recommend", lambda desk, **by: desk.request_look("safety_1", **by)),
    "release_look": (
        "hold_look",
        lambda desk, **by: desk.release_look("safety_1", cut=1, information=0, slots=1, to=KEY.public, **by),
    ),
    "recommend": ("recommend", lambda desk, **by: desk.recommend("safety_1", "continue", **by)),
    "screen": ("screen", lambda desk, **by: desk.screen(site="11", **by)),
    "consent": ("consent", lambda desk, **by: desk.consent(CODE, document="v", language="zh", on=SCREENED, **by)),
    "confirm_eligibility": ("confirm_eligibility", lambda desk, **by: desk.confirm_eligibility(CODE, **by)),
    "fail_screening": (
        "confirm_eligibility", lambda desk, **by: desk.fail_screening(CODE, reasons=["I1"], on=SCREENED, **by),
    ),
    "randomise": ("randomise", lambda desk, **by: desk.randomise(CODE, on=RANDOMISED, **by)),
    "mark_randomised_in_error": (
        "confirm_eligibility",
        lambda desk, **by: desk.mark_randomised_in_error(CODE, because="other", reason="r", **by),
    ),
    "hold_visit": ("enter", lambda desk, **by: desk.hold_visit(CODE, "screening", on=SCREENED, **by)),
    "miss_visit": ("enter", lambda desk, **by: desk.miss_visit(CODE, "week_4", because="ill", **by)),
    "save_form": ("enter", lambda desk, **by: desk.save_form(CODE, "screening", "blood_pressure", PRESSURE, **by)),
    "draft_form": (
        "enter", lambda desk, **by: desk.draft_form(CODE, "screening", "blood_pressure", {"pulse": ("7", "")}, **by),
    ),
    "discard_draft": ("enter", lambda desk, **by: desk.discard_draft(CODE, "screening", "blood_pressure", **by)),
    "mark_row_in_error": (
        "enter", lambda desk, **by: desk.mark_row_in_error(CODE, "adverse_events", 1, reason="r", **by),
    ),
    "sign_form": ("sign", lambda desk, **by: desk.sign_form(CODE, "screening", "history", meaning="m", **by)),
    "release_dose": ("dispense", lambda desk, **by: desk.release_dose(CODE, "week_0", **by)),
    "doubt_envelope": ("dispense", lambda desk, **by: desk.doubt_envelope(CODE, "week_0", **by)),
    "declare_supply": ("dispense", lambda desk, **by: desk.declare_supply("11", enough=True, **by)),
    "stop_treatment": ("stop_treatment", lambda desk, **by: desk.stop_treatment(CODE, on=SCREENED, because="c", **by)),
    "end_participation": (
        "end_participation", lambda desk, **by: desk.end_participation(CODE, on=SCREENED, how="withdrew", **by),
    ),
    "raise_query": ("query", lambda desk, **by: desk.raise_query(CODE, "screening", "history", "age", text="?", **by)),
    "answer_query": ("answer", lambda desk, **by: desk.answer_query(CODE, "q", text="!", **by)),
    "close_query": ("query", lambda desk, **by: desk.close_query(CODE, "q", **by)),
    "close_queries": ("query", lambda desk, **by: desk.close_queries([(CODE, "q")], **by)),
    "record_deviation": (
        "enter", lambda desk, **by: desk.record_deviation(CODE, "week_4", category="c", text="t", **by),
    ),
    "know_serious": (
        "enter", lambda desk, **by: desk.know_serious(CODE, 1, aware=desk.clock(), on=SCREENED, **by),
    ),
    "send_safety_report": (
        "report_safety",
        lambda desk, **by: desk.send_safety_report(CODE, 1, clock="another", sent=desk.clock(), **by),
    ),
    "downgrade_serious": ("report_safety", lambda desk, **by: desk.downgrade_serious(CODE, 1, reason="r", **by)),
    "check_bag": (
        "enter", lambda desk, **by: desk.check_bag(CODE, "week_0", wristband="", bag="", cover_intact=True, **by),
    ),
    "step_infusion": (
        "enter", lambda desk, **by: desk.step_infusion(CODE, "week_0", "stop", at=desk.clock(), **by),
    ),
    "take_vital_signs": (
        "enter", lambda desk, **by: desk.take_vital_signs(CODE, "week_0", {}, at=desk.clock(), **by),
    ),
    "see_reaction": (
        "enter",
        lambda desk, **by: desk.see_reaction(CODE, "week_0", at=desk.clock(), grade="mild", sign="itching", **by),
    ),
}  # fmt: skip
READS = {"history", "running_out"}
MATTER_OF_THE_STUDY = {
    "activate_site", "load_list", "load_locks", "replace_list", "replace_locks", "reconcile", "assess_unmasking",
    "stop_recruitment", "resume_recruitment", "lock", "unlock",
    "record_opening", "request_look", "release_look", "recommend", "declare_supply",
}  # fmt: skip
ROLES = [role.id for role in PROTOCOL.roles]


@pytest.fixture
def study():
    made = Study()
    made.screened("11")
    return made


@pytest.fixture
def empty():
    """A study in which nobody was screened."""
    return Study("empty")


def test_every_method_of_the_desk_is_in_the_table():
    named = {name for name, _ in inspect.getmembers(Desk, inspect.isfunction) if not name.startswith("_")}
    assert named - READS == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_only_a_role_that_may_gets_past_the_door(study, name):
    permission, call = METHODS[name]
    for role in PROTOCOL.roles:
        outcome = call(study.desk, by=person(role.id), key=study.key())
        refused = ids(outcome) == ["desk.E001"] if isinstance(outcome, Refused) else False
        assert refused is (permission not in role.may), role.id


@pytest.mark.parametrize("name", sorted(set(METHODS) - MATTER_OF_THE_STUDY - {"screen"}))
def test_somebody_elses_participant_looks_as_if_there_were_none(study, empty, name):
    permission, call = METHODS[name]
    for role in (role for role in PROTOCOL.roles if permission in role.may and role.scope == "site"):
        here, nowhere = (call(each.desk, by=Person("s", role.id, "12"), key=each.key()) for each in (study, empty))
        assert here.problems == nowhere.problems, role.id
        assert [problem.params for problem in here.problems] == [problem.params for problem in nowhere.problems]


def test_nobody_screens_at_a_site_where_they_do_not_work(study):
    outcome = study.desk.screen(site="11", by=person("coordinator", "12"), key=study.key())
    assert ids(outcome) == ["desk.E002"]


@pytest.mark.parametrize("name", METHODS)
def test_a_role_the_protocol_does_not_know_may_nothing(study, name):
    outcome = METHODS[name][1](study.desk, by=Person("x", "superuser", "11"), key=study.key())
    assert ids(outcome) == ["desk.E001"]


@pytest.mark.parametrize("name", METHODS)
def test_a_refusal_by_permission_keeps_nothing(study, name):
    before = study.ledger.snapshot()
    METHODS[name][1](study.desk, by=Person("x", "superuser", "11"), key=study.key())
    assert study.ledger.snapshot() == before


@pytest.mark.parametrize("form", [form for form in PROTOCOL.forms if not form.repeats], ids=lambda form: form.id)
def test_only_who_fills_in_a_form_saves_it(study, form):
    for role in (role for role in PROTOCOL.roles if "enter" in role.may):
        outcome = study.desk.save_form(CODE, "screening", form.id, {}, by=person(role.id), key=study.key())
        may = role.id in form.filled_by and form.id not in role.hidden_forms
        assert (ids(outcome)[0] == "desk.E003") is not may


def test_a_person_without_a_role_fills_in_nothing():
    from equipoise.desk.permission import may_fill

    assert may_fill(PROTOCOL, Person("x", "superuser"), PROTOCOL.forms[0])[0].id == "desk.E003"


def test_a_whole_participation_goes_through_the_hands_of_those_who_may(study):
    """Every permission of the desk is used once by somebody who has it, so that no rule refuses everybody."""
    study.load_list()
    code = study.randomised()
    coordinator, investigator, pharmacist = (person(role) for role in ("coordinator", "investigator", "pharmacist"))
    desk, key = study.desk, study.key
    study.hold(code, "week_0", RANDOMISED)
    study.prepared(code, "week_0")
    done(desk.release_dose(code, "week_0", by=pharmacist, key=key()))
    done(desk.sign_form(code, "screening", "history", meaning="reviewed", by=investigator, key=key()))
    done(desk.raise_query(code, "screening", "history", "age", text="?", by=MONITOR, key="q"))
    done(desk.answer_query(code, "q", text="!", by=coordinator, key=key()))
    done(desk.close_query(code, "q", by=MONITOR, key=key()))
    done(desk.miss_visit(code, "week_4", because="ill", by=coordinator, key=key()))
    done(desk.record_deviation(code, "week_4", category="visit", text="ill", by=coordinator, key=key()))
    later = RANDOMISED + timedelta(days=40)
    done(desk.stop_treatment(code, on=later, because="participant", by=investigator, key=key()))
    done(desk.end_participation(code, on=later, how="withdrew", by=investigator, key=key()))
    failing = study.seen()
    done(desk.fail_screening(failing, reasons=["I1", "other"], on=SCREENED, by=investigator, key=key()))
    study.lock()
    done(desk.request_unlock(by=MANAGER, key="unlock?", reason="an error"))
    done(desk.unlock("unlock?", by=SPONSOR, key=key()))
    study.lock("again")
    done(desk.record_opening(commitment="c", slots=32, by=LISTKEEPER, key=key()))
    acts = list(study.ledger.acts())
    assert all(earlier.at < later.at for earlier, later in pairwise(acts))
    assert {act.act.kind for act in acts} >= {
        "DoseReleased",
        "QueryClosed",
        "ListOpened",
        "ScreenFailed",
        "VisitMissed",
    }
    assert acts[0].by == ADMINISTRATOR

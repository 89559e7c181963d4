"""Edit checks ask and never block; criteria are met, not met or unknown; strata are known or not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.conduct.checks import asked, findings, read_answers, unanswered
from equipoise.conduct.eligibility import judge
from equipoise.conduct.environment import History, RowEnvironment
from equipoise.conduct.snapshot import Subject, VisitState
from equipoise.conduct.strata import WHOLE, strata, stratum_of
from equipoise.items import Missing, PartialDate
from equipoise.protocol.load import load

PROTOCOL = load((Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
DAY = date(2026, 3, 2)
HISTORY, PRESSURE = ("screening", "history", 1), ("screening", "blood_pressure", 1)
SUBJECT = Subject(
    code="11-001", site="11", screened=datetime(2026, 3, 1, tzinfo=UTC), consent=DAY,
    visits={"screening": VisitState("held", DAY, "site", "", 1)},
    values={
        HISTORY: {
            "age": 51, "sex": "female", "diabetes": False, "secondary_hypertension": False, "stroke_ever": False,
            "hypertension_since": PartialDate(2019), "washed_out_since": date(2026, 2, 1),
        },
        PRESSURE: {"systolic_1": 150, "systolic_2": 150, "systolic_3": 150, "diastolic": 94},
        ("screening", "laboratory", 1): {"potassium": Decimal("4.2"), "creatinine": 66},
    },
)  # fmt: skip


def test_what_is_unanswered_is_asked_wanted_and_has_neither_an_answer_nor_a_reason():
    form, whole = PROTOCOL.form_by_id["history"], SUBJECT.values[HISTORY]
    behind = History(PROTOCOL, SUBJECT).at("screening")
    assert unanswered(PROTOCOL, form, whole, behind) == set()
    assert unanswered(PROTOCOL, form, {**whole, "age": None, "sex": Missing("ND")}, behind) == {"age"}


def found(form, answers, visit="screening", subject=SUBJECT):
    values = {**subject.values, (visit, form, 1): answers}
    env = History(PROTOCOL, replace(subject, values=values)).at(visit)
    return [
        (each.item, each.check, each.strength) for each in findings(PROTOCOL, PROTOCOL.form_by_id[form], answers, env)
    ]


def changed(key, **answers):
    return replace(SUBJECT, values={**SUBJECT.values, key: {**SUBJECT.values[key], **answers}})


@pytest.mark.parametrize(
    ("form", "answers", "expected"),
    [
        ("blood_pressure", {}, []),
        ("blood_pressure", {"diastolic": 94}, []),  # the other side of the check is not known
        ("blood_pressure", {"diastolic": Missing("ND"), "systolic_1": 150, "systolic_2": 150, "systolic_3": 150}, []),
        (
            "blood_pressure",
            {"diastolic": 110, "systolic_1": 110, "systolic_2": 108, "systolic_3": 112},
            [("diastolic", "pressure_order", "impossible")],
        ),
        (
            "blood_pressure",
            {"systolic_1": 175, "systolic_2": 150, "systolic_3": 150, "diastolic": 80},
            [("systolic_1", "pressure_spread", "unlikely")],
        ),
        (
            "blood_pressure",
            {"systolic_1": 190, "systolic_2": 185, "systolic_3": 180, "diastolic": 80},
            [("systolic_1", "pressure_crisis", "notable")],
        ),
        ("blood_pressure", {"pulse": 44}, [("pulse", "expected_range", "unlikely")]),
        ("blood_pressure", {"pulse": 121}, [("pulse", "expected_range", "unlikely")]),
        ("blood_pressure", {"pulse": 45}, []),
        ("history", {"stroke_last": DAY, "stroke_ever": False}, [("stroke_last", "not_asked", "unlikely")]),
        ("history", {"stroke_last": DAY, "stroke_ever": None}, []),  # perhaps it is asked
        ("history", {"stroke_last": Missing("UNK"), "stroke_ever": False}, [("stroke_last", "not_asked", "unlikely")]),
        ("history", {"hypertension_since": PartialDate(2026, 3)}, []),  # perhaps on the first of the month
        (
            "history",
            {"hypertension_since": PartialDate(2026, 4)},
            [("hypertension_since", "history_since", "impossible")],
        ),
        ("laboratory", {"potassium": Decimal("5.4")}, [("potassium", "laboratory_potassium", "notable")]),
    ],
)
def test_a_check_speaks_only_when_it_is_certain(form, answers, expected):
    assert found(form, answers) == expected


def test_a_row_can_read_what_is_known_of_the_participant():
    check = PROTOCOL.form_by_id["adverse_events"].checks[0].model_copy(update={"expect": "consent.date <= ae_onset"})
    form = PROTOCOL.form_by_id["adverse_events"].model_copy(update={"checks": (check,)})
    env = History(PROTOCOL, SUBJECT).at("log")
    answers = {"ae_onset": PartialDate(2026, 2), "ae_outcome": "fatal"}
    assert [each.check for each in findings(PROTOCOL, form, answers, env)] == ["ae_fatal"]
    assert list(findings(PROTOCOL, form, answers, None)) == []


def test_a_check_that_reads_no_item_of_the_form_speaks_at_its_first():
    check = PROTOCOL.form_by_id["laboratory"].checks[0].model_copy(update={"expect": "age < 50"})
    form = PROTOCOL.form_by_id["laboratory"].model_copy(update={"checks": (check,)})
    env = History(PROTOCOL, SUBJECT).at("screening")
    assert [each.item for each in findings(PROTOCOL, form, {}, env)] == ["potassium"]


def test_what_is_outside_the_expected_is_said_in_both_languages():
    env = History(PROTOCOL, SUBJECT).at("screening")
    said = next(findings(PROTOCOL, PROTOCOL.form_by_id["blood_pressure"], {"pulse": 130}, env)).message
    assert "130" in said.en
    assert "45–120 /min" in said.zh


def test_a_question_is_asked_unless_it_certainly_is_not():
    item = PROTOCOL.form_by_id["history"].item_by_id["stroke_last"]
    for answer, expected in ((True, True), (False, False), (None, True), (Missing("UNK"), True)):
        assert asked(item, RowEnvironment({"stroke_ever": answer}, None)) is expected


def test_what_is_typed_is_read_item_by_item():
    form = PROTOCOL.form_by_id["history"]
    answers, problems = read_answers(PROTOCOL, form, {"age": "51", "sex": "femal", "diabetes": "", "wieght": "3"})
    assert answers == {"age": 51, "diabetes": None}
    assert [problem.id for problem in problems] == ["items.E013", "conduct.E050"]
    assert problems[1].params == {"form": "history.wieght"}


# --- Eligibility -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "key", "answers", "state"),
    [
        ("I1", HISTORY, {}, "met"),
        ("I1", HISTORY, {"age": 76}, "not_met"),
        ("I1", HISTORY, {"age": None}, "unknown"),
        ("I1", HISTORY, {"age": Missing("UNK")}, "unknown"),
        ("I2", PRESSURE, {"systolic_3": None}, "unknown"),
        ("E1", HISTORY, {}, "met"),
        ("E1", HISTORY, {"secondary_hypertension": True}, "not_met"),
        ("E1", HISTORY, {"secondary_hypertension": None}, "unknown"),
        ("E2", HISTORY, {"stroke_ever": False, "stroke_last": None}, "met"),
        ("E2", HISTORY, {"stroke_ever": True, "stroke_last": None}, "unknown"),
        ("E2", HISTORY, {"stroke_ever": True, "stroke_last": PartialDate(2026)}, "not_met"),
        ("E2", HISTORY, {"stroke_ever": True, "stroke_last": PartialDate(2025)}, "unknown"),
        ("E4", HISTORY, {"sex": None}, "unknown"),
    ],
)
def test_a_criterion_is_met_not_met_or_unknown(criterion, key, answers, state):
    judged = {each.criterion.id: each for each in judge(PROTOCOL, changed(key, **answers))}
    assert judged[criterion].state == state
    assert judged[criterion].inclusion is criterion.startswith("I")


def test_every_criterion_is_judged_in_order_with_what_it_was_judged_by():
    judged = judge(PROTOCOL, SUBJECT)
    eligibility = PROTOCOL.eligibility
    assert [each.criterion for each in judged] == [*eligibility.inclusion, *eligibility.exclusion]
    assert judged[1].values == (("systolic", 150),)
    assert {each.state for each in judge(PROTOCOL, replace(SUBJECT, values={}))} == {"unknown", "met"}


# --- Strata ----------------------------------------------------------------------------------------------


def stratified_by(*factors):
    randomisation = PROTOCOL.randomisation.model_copy(update={"strata": factors})
    return PROTOCOL.model_copy(update={"randomisation": randomisation})


def test_the_strata_are_every_combination():
    assert strata(PROTOCOL) == (
        "site=11|diabetes=yes", "site=11|diabetes=no", "site=12|diabetes=yes", "site=12|diabetes=no",
    )  # fmt: skip
    assert strata(stratified_by("sex")) == ("sex=female", "sex=male")
    assert strata(stratified_by("responder")) == ("responder=yes", "responder=no")
    assert strata(stratified_by()) == (WHOLE,)


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        (("site", "diabetes"), "site=11|diabetes=no"),
        (("sex",), "sex=female"),
        (("responder",), "responder=no"),
        ((), WHOLE),
    ],
)
def test_a_participant_belongs_to_one_of_them(factors, expected):
    protocol = stratified_by(*factors)
    assert stratum_of(protocol, SUBJECT) == expected
    assert expected in strata(protocol)


@pytest.mark.parametrize("answer", [None, Missing("UNK")])
def test_a_stratum_is_unknown_while_a_factor_is(answer):
    assert stratum_of(PROTOCOL, changed(HISTORY, diabetes=answer)) is None


@pytest.mark.parametrize(
    ("since", "asks"),
    [
        (PartialDate(2026, 3, 3), True), (PartialDate(2026, 4), True), (PartialDate(2027), True),
        (PartialDate(2026, 3, 2), False), (PartialDate(2026, 3), False), (PartialDate(2026), False),
        (Missing("UNK"), False), (None, False),
    ],
)  # fmt: skip
def test_a_date_that_can_only_lie_in_the_future_is_asked_about(since, asks):
    form, env = PROTOCOL.form_by_id["history"], History(PROTOCOL, SUBJECT).at("screening")
    spoke = [each.check for each in findings(PROTOCOL, form, {"hypertension_since": since}, env, today=DAY)]
    assert ("future_date" in spoke) is asks
    whole = findings(PROTOCOL, form, {"washed_out_since": date(2026, 3, 3)}, env, today=DAY)
    assert ("washed_out_since", "future_date") in [(each.item, each.check) for each in whole]

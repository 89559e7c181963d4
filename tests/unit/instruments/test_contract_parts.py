"""What the room says when a name is wrong, how it checks a protocol's use, and the small logic underneath."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from equipoise import instruments
from equipoise.instruments import columns
from equipoise.instruments.logic import all_of, any_of
from equipoise.instruments.result import written
from equipoise.items.missing import Missing

SLEDAI = instruments.get("sledai")


def test_a_misspelt_instrument_is_recognised():
    with pytest.raises(instruments.InstrumentError) as refused:
        instruments.get("sledia")
    assert refused.value.problem.id == "instrument.E001"
    assert refused.value.problem.message == "There is no instrument 'sledia'. Did you mean 'sledai'?"


def test_every_instrument_is_found_by_its_id():
    everything = instruments.all_instruments()
    assert [instruments.get(str(instrument)) for instrument in everything] == list(everything)


def test_a_protocol_is_told_what_is_wrong_with_its_use_of_an_instrument():
    problems = list(
        instruments.get("pga").check(
            "protocol.yaml:7", variant="lines", settings={"scale": "5", "scael": "3"}, inputs=["lines"], result="band_"
        )
    )
    assert [problem.id for problem in problems] == [
        "instrument.E002", "instrument.E006", "instrument.E004", "instrument.E003", "instrument.E005",
    ]  # fmt: skip
    assert all(problem.where.startswith("protocol.yaml:7") for problem in problems)
    assert "Did you mean 'line'?" in problems[-1].message


def test_a_protocol_is_warned_of_a_question_it_leaves_unanswered():
    problems = list(instruments.get("belimumab_dose").check("here", variant="per_kg", inputs=[]))
    assert [(problem.id, problem.level) for problem in problems] == [("instrument.E007", "warning")]
    assert list(instruments.get("belimumab_dose").check("here", variant="fixed", inputs=[])) == []


def test_the_digest_changes_with_everything_that_went_in():
    answers = {"rash": "absent"}
    sfi = instruments.get("sfi")
    digests = [
        SLEDAI.score(answers).input_digest,
        SLEDAI.score({"rash": "not_attributable"}).input_digest,
        SLEDAI.score(answers, variant="sledai_2k").input_digest,
        sfi.score({}).input_digest,
        sfi.score({}, settings={"sv1_requires_rise": "no"}).input_digest,
    ]
    assert len(set(digests)) == len(digests)
    assert sfi.score({}, settings={"sv1_requires_rise": "yes"}).input_digest == sfi.score({}).input_digest
    assert SLEDAI.score({"rash": "absent", "fever": None}).input_digest == digests[0]


def test_a_result_keeps_the_answers_it_was_made_of():
    answers = {"rash": "absent"}
    result = SLEDAI.score(answers)
    before = result.input_digest
    answers["rash"] = "present"
    assert result.input_digest == before


@pytest.mark.parametrize(("answer", "text"), [
    (Decimal("1.10"), "1.1"), (Decimal(100), "100"), (6, "6"), (True, True), (None, None), ("present", "present"),
    (date(2021, 3, 4), "2021-03-04"), (Missing("ND"), {"missing": "ND"}), (Decimal("NaN"), "NaN"),
])  # fmt: skip
def test_an_answer_has_one_spelling(answer, text):
    assert written(answer) == text


@pytest.mark.parametrize(("truths", "every", "some"), [
    ((), True, False), ((True, True), True, True), ((True, False), False, True), ((True, None), None, True),
    ((False, None), False, None), ((None, None), None, None), ((None, False, True), False, True),
])  # fmt: skip
def test_three_valued_logic(truths, every, some):
    """Kleene's strong logic."""
    assert (all_of(truths), any_of(truths)) == (every, some)


# --- Columns ----------------------------------------------------------------------------------------------------------


def test_a_column_keeps_millionths_and_refuses_finer_numbers():
    weight = instruments.get("sfi").column("weight", [Decimal("62.5"), None])
    assert weight.tolist() == [62_500_000, columns.UNKNOWN]
    with pytest.raises(ValueError, match="more than six decimal places"):
        instruments.get("sfi").column("weight", [Decimal("62.1234567")])


def test_a_column_holds_a_code_by_its_place():
    assert instruments.get("bilag_count").column("renal", ["E", "A"]).tolist() == [0, 4]


def test_columns_are_refused_like_answers():
    rash = SLEDAI.column("rash", ["present"])
    with pytest.raises(instruments.InstrumentError, match="Did you mean 'rash'"):
        SLEDAI.score_columns({"rahs": rash})
    with pytest.raises(ValueError, match="one length"):
        SLEDAI.score_columns({"rash": rash, "fever": np.concatenate([rash, rash])})
    with pytest.raises(ValueError, match="one length"):
        SLEDAI.score_columns({})


def test_an_input_without_a_column_is_unknown_in_every_row():
    scored = SLEDAI.score_columns({"rash": SLEDAI.column("rash", ["present", "absent"])})
    assert scored["total"].tolist() == [columns.UNKNOWN] * 2
    assert scored["lower"].tolist() == [2, 0]
    assert scored["upper"].tolist() == [105, 103]


# Two prednisone courses, an incomplete one, and one of them again; for instruments that have no column rule.
ROWS = {
    "prednisone_equivalent": [
        {"drug": "prednisone", "dose": Decimal("7.5"), "frequency": "once_daily"},
        {"drug": "dexamethasone", "dose": Decimal(4), "frequency": "alternate_days"},
        {"drug": "prednisone", "dose": None, "frequency": "once_daily"},
        {"drug": "prednisone", "dose": Decimal("7.5"), "frequency": "once_daily"},
    ],
    "sledai": [{"rash": "present", "fever": "absent"}, {"rash": "not_attributable"}],
    "sfi": [{"sledai_now": 9, "sledai_ref": 4, "hospitalised": True}, {"hospitalised": False}],
    "eular_acr_2019": [{"ana_positive": True}, {"ana_positive": False}],
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_without_a_column_rule_every_row_is_scored_as_one_patient(name):
    instrument = instruments.get(name)
    plain = replace(instrument, compute_columns=None)
    given = {q: instrument.column(q, [row.get(q) for row in ROWS[name]]) for q in instrument.input_by_id}
    assert plain.outcome_of_columns(given) is None
    by_rule, one_by_one = instrument.score_columns(given), plain.score_columns(given)
    assert {q: one_by_one[q].tolist() for q in instrument.results} == {
        q: by_rule[q].tolist() for q in instrument.results
    }


def test_a_result_that_no_column_can_hold_is_named():
    with pytest.raises(TypeError, match="has no column"):
        columns.encode_result(SLEDAI.outputs[0], date(2026, 1, 1))

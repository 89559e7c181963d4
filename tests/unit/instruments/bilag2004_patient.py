"""A patient whose lupus is quiet, fully assessed; a test changes what it is about."""

from decimal import Decimal

from equipoise import instruments
from equipoise.instruments.columns import decode

BILAG = instruments.get("bilag2004")
COUNTS = {"haemoglobin": 130, "white_cells": 6, "neutrophils": 4, "lymphocytes": 2, "platelets": 250}
URINE = {"urine_protein": "0.1", "urine_pcr": 10, "urine_acr": 5}
OTHER = {"systolic": 120, "diastolic": 75, "creatinine": 70, "gfr": 100}
NOW = COUNTS | URINE | OTHER
VALUES = NOW | {f"previous_{name}": value for name, value in (URINE | OTHER).items()}


def _quiet(question):
    if question.id in VALUES:
        return Decimal(VALUES[question.id])
    return question.codes[0] if question.codes else False


QUIET = {question.id: _quiet(question) for question in BILAG.inputs}
SLE = {name: True for name in QUIET if name.endswith("_sle")}


def exact(changed):
    return {name: Decimal(value) if name in VALUES and value is not None else value for name, value in changed.items()}


def score(changed, settings=None):
    """The result when some answers of the quiet patient are changed; None takes one away. Both roads must agree."""
    answers = {name: answer for name, answer in (QUIET | exact(changed)).items() if answer is not None}
    result = BILAG.score(answers, settings=settings or {})
    row = BILAG.score_columns(
        {name: BILAG.column(name, [answers.get(name)]) for name in BILAG.input_by_id}, settings=settings or {}
    )
    assert {o.id: decode(o, row[o.id])[0] for o in BILAG.outputs} == result.results
    return result


def grade(system, changed, settings=None):
    return score(changed, settings).results[f"grade_{system}"]

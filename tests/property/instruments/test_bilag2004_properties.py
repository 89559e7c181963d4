"""BILAG-2004 against an oracle written from the definition, with every answer given and with some hidden."""

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns
from tests.property.instruments.bilag2004_by_hand import BY_NUMBER, ITEM, POINTS, SCALE, SYSTEMS, grades

BILAG = instruments.get("bilag2004")
some = settings(max_examples=60, deadline=None)

# Values around the limits, so that every one of them is crossed often; all within the ranges of a clinic.
RANGES = {
    "systolic": (100, 200), "diastolic": (60, 120), "urine_protein": (0, 2), "urine_pcr": (0, 200),
    "urine_acr": (0, 200), "creatinine": (60, 260), "gfr": (20, 110),
    "haemoglobin": (60, 130), "white_cells": (0, 6), "neutrophils": (0, 3),
    "lymphocytes": (0, 2), "platelets": (0, 200),
}  # fmt: skip
RANGES |= {f"previous_{name}": bounds for name, bounds in RANGES.items() if f"previous_{name}" in ITEM}
# What a hidden answer could be at best and at worst; a symptom, yes or dipstick is worst at its last code.
BEST = {"systolic": 30, "diastolic": 10, "creatinine": 5, "gfr": 250, "previous_gfr": 0, "urine_protein": 0}
WORST = {"systolic": 350, "diastolic": 250, "creatinine": 3500, "gfr": 0, "previous_gfr": 250, "urine_protein": 100}
BEST |= {
    "previous_systolic": 350,
    "previous_diastolic": 250,
    "previous_creatinine": 3500,
    "previous_urine_protein": 100,
}
WORST |= {"previous_systolic": 30, "previous_diastolic": 10, "previous_creatinine": 5, "previous_urine_protein": 0}
COUNTS = ("haemoglobin", "white_cells", "neutrophils", "lymphocytes", "platelets")
BEST |= dict.fromkeys(COUNTS, 5000)
WORST |= dict.fromkeys(COUNTS, 0)
UNREAD = ("urine_pcr", "urine_acr", "urine_dipstick")


def answer_to(question):
    if question.id in RANGES:
        low, high = RANGES[question.id]
        return st.decimals(low, high, places=2) if high < 10 else st.integers(low, high).map(Decimal)
    if question.codes:
        return st.sampled_from([question.codes[0]] * 12 + list(question.codes))
    return st.sampled_from([False, False, False, True]) if question.rising else st.booleans()


COMPLETE = st.fixed_dictionaries({name: answer_to(question) for name, question in ITEM.items()})


def extreme(question, values, code):
    if question.id.removeprefix("previous_") in UNREAD:
        return Decimal(0) if not question.codes else question.codes[0]
    if question.id in values:
        return Decimal(values[question.id])
    return question.codes[code] if question.codes else bool(code)


@some
@given(COMPLETE)
def test_complete_answers_give_the_grades_of_the_definition(answers):
    result = BILAG.score(answers)
    expected = grades(answers)
    assert {system: result.results[f"grade_{system}"] for system in SYSTEMS} == {s: g for s, (g, _) in expected.items()}
    assert {system: result.results[f"new_{system}"] for system in SYSTEMS} == {s: n for s, (_, n) in expected.items()}
    found = [grade for grade, _ in expected.values()]
    assert result.value == sum(POINTS[grade] for grade in found)
    assert [result.results[f"count_{g.lower()}"] for g in "ABCDE"] == [found.count(grade) for grade in "ABCDE"]
    assert result.results["low_activity"] is ("A" not in found and found.count("B") <= 1)


@some
@given(COMPLETE, st.data())
def test_a_grade_is_known_exactly_when_no_hidden_answer_could_change_it(answers, data):
    hidden = data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1, max_size=40))
    shown = {name: answer for name, answer in answers.items() if name not in hidden}
    best = grades(shown | {name: extreme(ITEM[name], BEST, 0) for name in hidden})
    worst = grades(shown | {name: extreme(ITEM[name], WORST, -1) for name in hidden})
    result = BILAG.score(shown)
    for system in SYSTEMS:
        (lowest, _), (highest, _) = best[system], worst[system]
        assert result.results[f"grade_{system}"] == (lowest if lowest == highest else None), system
        assert result.contributions[system] == lowest
    lower, upper = (sum(POINTS[grade] for grade, _ in side.values()) for side in (best, worst))
    assert (result.lower, result.upper) == (lower, upper)
    assert result.value == (lower if lower == upper else None)
    assert set(result.unknown) <= hidden


@some
@given(COMPLETE, st.data())
def test_answering_what_does_not_matter_never_settles_the_score(answers, data):
    hidden = data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1, max_size=20))
    part = BILAG.score({name: answer for name, answer in answers.items() if name not in hidden})
    assume(part.value is None)
    told = BILAG.score({name: answer for name, answer in answers.items() if name not in part.unknown})
    assert told.value is None
    assert (told.lower, told.upper) == (part.lower, part.upper)


@some
@given(COMPLETE, st.sampled_from(sorted(BY_NUMBER.values())))
def test_an_item_that_becomes_present_never_improves_a_grade(answers, item):
    before = BILAG.score(answers | {item: "not_present"}).results
    after = BILAG.score(answers | {item: "same"}).results
    order = "EDCBA"
    assert all(order.index(before[f"grade_{s}"]) <= order.index(after[f"grade_{s}"]) for s in SYSTEMS)


@some
@given(COMPLETE, st.randoms(use_true_random=False))
def test_which_item_of_a_list_is_present_makes_no_difference(answers, random):
    """Within one list the scores may change places: the grade reads the list, not the order."""
    numbers = random.choice([[5, 7, 9, 11, 13], [39, 41], [57, 59, 60, 62], [71, 75], [2, 3, 4]])
    names = [BY_NUMBER[number] for number in numbers]
    shuffled = random.sample([answers[name] for name in names], len(names))
    moved = answers | dict(zip(names, shuffled, strict=True))
    assert BILAG.score(moved).results == BILAG.score(answers).results


RENAL = [question for question in BILAG.inputs if question.group == "renal"]
RENAL_WITH_GAPS = st.fixed_dictionaries({}, optional={question.id: answer_to(question) for question in RENAL})


@settings(max_examples=30, deadline=None)
@given(st.lists(RENAL_WITH_GAPS, min_size=4, max_size=8), st.data())
def test_renal_columns_say_what_rows_say_whatever_is_missing_and_however_it_is_read(rows, data):
    rows = [row | {"bilag_renal_sle": True} for row in rows]
    chosen = {
        setting.id: data.draw(st.sampled_from(setting.codes or ("yes", "no"))) for setting in BILAG.settings.values()
    }
    table = {question.id: BILAG.column(question.id, [row.get(question.id) for row in rows]) for question in RENAL}
    found = BILAG.score_columns(table, settings=chosen)
    for name in ("grade_renal", "new_renal"):
        output = next(output for output in BILAG.outputs if output.id == name)
        by_row = [BILAG.score(row, settings=chosen).results[name] for row in rows]
        assert columns.decode(output, found[name]) == by_row


@settings(max_examples=15, deadline=None)
@given(st.lists(COMPLETE, min_size=1, max_size=4), st.data())
def test_columns_with_gaps_say_what_rows_say_under_any_settings(rows, data):
    chosen = {
        setting.id: data.draw(st.sampled_from(setting.codes or ("yes", "no"))) for setting in BILAG.settings.values()
    }
    gaps = data.draw(st.sets(st.sampled_from(sorted(ITEM)), max_size=30))
    rows = [{name: a for name, a in row.items() if name not in gaps or i % 2} for i, row in enumerate(rows)]
    table = {name: BILAG.column(name, [row.get(name) for row in rows]) for name in ITEM}
    found = BILAG.score_columns(table, settings=chosen)
    for i, row in enumerate(rows):
        result = BILAG.score(row, settings=chosen)
        assert (found["lower"][i], found["upper"][i]) == (result.lower, result.upper)
        for output in BILAG.outputs:
            assert found[output.id][i] == columns.encode_result(output, result.results[output.id]), output.id


def test_the_published_scale_runs_from_not_present_to_new():
    assert all(ITEM[name].codes == SCALE for name in BY_NUMBER.values())
    assert len(BY_NUMBER) == 77

"""Grades against the printed table read aloud, against every completion of their gaps, and in many patients."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

GRADES = instruments.get("ctcae_v5")
FALLING = {
    "anemia": ["100", "80"], "white_blood_cell_decreased": ["3", "2", "1"],
    "lymphocyte_count_decreased": ["0.8", "0.5", "0.2"], "neutrophil_count_decreased": ["1.5", "1", "0.5"],
    "platelet_count_decreased": ["75", "50", "25"], "hypoalbuminaemia": ["30", "20"],
}  # fmt: skip
RISING = {"alt_increased": "1 3 5 20", "ast_increased": "1 3 5 20", "bilirubin_increased": "1 1.5 3 10",
          "alp_increased": "1 2.5 5 20", "creatinine_increased": "1 1.5 3 6"}  # fmt: skip
ABNORMAL_FROM = {"alt_increased": "1.5", "ast_increased": "1.5", "alp_increased": "2"}  # bilirubin: above 1.0
RANGE = {"anemia": (20, 300), "hypoalbuminaemia": (7, 100)}
ANYTHING = (Decimal("0.1"), Decimal(100_000))

CHOSEN = st.fixed_dictionaries({}, optional={
    "abnormal_baseline": st.sampled_from(["multiples_of_baseline", "multiples_of_uln"]),
    "grade_1_of_baseline": st.sampled_from(["at_least", "above"]),
    "creatinine_against_baseline": st.sampled_from(["yes", "no"]),
    "unknown_baseline": st.sampled_from(["ungradable", "not_compared"]),
})  # fmt: skip


def by_hand(term, person, chosen=None):
    """The grade of a complete set of answers, from the worst grade down."""
    chosen = chosen or {}
    value = Fraction(person["value"])
    if term in FALLING:
        limits = [Fraction(limit) for limit in FALLING[term]]
        for place in range(len(limits), 0, -1):
            if value < limits[place - 1]:
                return place + 1
        return int(value < Fraction(person["lln"]))
    times = [Fraction(each) for each in RISING[term].split()]
    uln, baseline = Fraction(person["uln"]), Fraction(person["baseline"])
    if term == "creatinine_increased":
        against_baseline = chosen.get("creatinine_against_baseline") != "no"
        of_uln = sum(value > each * uln for each in times)
        of_baseline = {False: 0, True: 2}[value > Fraction("1.5") * baseline] + (value > 3 * baseline)
        return max(of_uln, of_baseline if against_baseline else 0)
    if not person["baseline_abnormal"] or chosen.get("abnormal_baseline") == "multiples_of_uln":
        return sum(value > each * uln for each in times)
    grade = max((place for place, each in enumerate(times[1:], 2) if value > each * baseline), default=0)
    begins = Fraction(ABNORMAL_FROM.get(term, "1")) * baseline
    included = term in ABNORMAL_FROM and chosen.get("grade_1_of_baseline") != "above"
    return grade or int(value > begins or (included and value == begins))


@st.composite
def people(draw, term):
    """Everything answered, the value lying on and about the limits; what is said of the baseline is true."""
    person = dict.fromkeys(("lln", "uln", "baseline", "baseline_uln", "baseline_abnormal"))
    step = draw(st.sampled_from([Decimal(0), Decimal("-0.01"), Decimal("0.01"), Decimal(2)]))
    if term in FALLING:
        low, high = RANGE.get(term, (0, 200))
        person["lln"] = Decimal(draw(st.sampled_from([low or 1, *FALLING[term], 30, 75])))
        person["value"] = min(
            max(draw(st.sampled_from([person["lln"], *map(Decimal, FALLING[term])])) + step, low), high
        )
        return person
    person["uln"] = Decimal(draw(st.sampled_from(["1.2", "20", "40", "120"])))
    person["baseline"] = draw(st.sampled_from([Decimal(10), Decimal(40), person["uln"], person["uln"] * 2]))
    times = st.sampled_from([*map(Decimal, RISING[term].split()), Decimal("1.5"), Decimal(2)])
    person["value"] = max(draw(st.sampled_from([person["uln"], person["baseline"]])) * draw(times) + step, Decimal(1))
    if term != "creatinine_increased":
        person["baseline_uln"] = draw(st.sampled_from([Decimal(9), Decimal(40), person["uln"]]))
        person["baseline_abnormal"] = person["baseline"] > person["baseline_uln"]
    return person


@pytest.mark.parametrize("term", GRADES.variants)
@settings(deadline=None)
@given(st.data(), CHOSEN)
def test_a_grade_is_the_printed_one(term, data, chosen):
    person = data.draw(people(term))
    result = GRADES.score(person, variant=term, settings=chosen)
    assert result.value == by_hand(term, person, chosen)
    assert result.lower == result.value == result.upper


@pytest.mark.parametrize("term", GRADES.variants)
@settings(deadline=None)
@given(st.data())
def test_a_grade_is_known_exactly_when_every_completion_gives_it(term, data):
    """Gaps are filled with the least and the most there can be, and with what lies just beyond the baseline's limit."""
    person = {name: answer for name, answer in data.draw(people(term)).items() if answer is not None}
    hidden = sorted(data.draw(st.sets(st.sampled_from(sorted(person)), min_size=1, max_size=3)))
    known = {name: answer for name, answer in person.items() if name not in hidden}
    part = GRADES.score(known, variant=term)
    low, high = RANGE.get(term, (0, 200)) if term in FALLING else (0, 100_000)
    ends = {"value": (Decimal(low), Decimal(high)), "lln": (Decimal(low or "0.1"), Decimal(high)), "uln": ANYTHING}
    ends |= {
        "baseline": (Decimal(0), known.get("baseline_uln", Decimal("0.1")) + Decimal("0.000001"), Decimal(100_000))
    }
    ends |= {"baseline_uln": ANYTHING, "baseline_abnormal": (True, False)}
    completions = (known | dict(zip(hidden, filled, strict=True)) for filled in product(*(ends[n] for n in hidden)))
    possible = {by_hand(term, one) for one in completions if consistent(one)}
    assert part.value == (possible.pop() if len(possible) == 1 else None)
    assert all(part.lower <= grade <= part.upper for grade in possible)
    assert (part.unknown == ()) is (part.value is not None)
    assert set(part.unknown) <= set(hidden)


def consistent(person):
    if "baseline_abnormal" not in person:
        return True
    return person["baseline_abnormal"] is (person["baseline"] > person["baseline_uln"])


@pytest.mark.parametrize("term", FALLING)
@settings(deadline=None)
@given(st.data())
def test_a_lower_result_never_has_a_milder_grade(term, data):
    one, other = data.draw(people(term)), data.draw(people(term))
    lower, higher = sorted([one["value"], other["value"]])
    grades = [GRADES.score(one | {"value": value}, variant=term).value for value in (lower, higher)]
    assert grades[0] >= grades[1]


@pytest.mark.parametrize("term", GRADES.variants)
@settings(deadline=None)
@given(st.data(), CHOSEN)
def test_many_results_are_each_what_one_is(term, data, chosen):
    """Gaps, contradictions about the baseline and results in another unit among them."""
    group = data.draw(st.lists(people(term), min_size=1, max_size=6))
    for person in group:
        person["baseline_abnormal"] = data.draw(st.sampled_from([None, True, False]))
        for name in data.draw(st.sets(st.sampled_from(sorted(person)), max_size=3)):
            person[name] = data.draw(st.sampled_from([None, None, Decimal(10), Decimal(9000)]))
        if not isinstance(person["baseline_abnormal"], bool | None):
            person["baseline_abnormal"] = None
    columns = {name: GRADES.column(name, [person[name] for person in group]) for name in GRADES.input_by_id}
    together = GRADES.score_columns(columns, variant=term, settings=chosen)
    alone = [GRADES.score(person, variant=term, settings=chosen) for person in group]
    for output in GRADES.outputs:
        assert together[output.id].tolist() == [encode_result(output, one.results[output.id]) for one in alone]
    assert together["lower"].tolist() == [one.lower for one in alone]
    assert together["upper"].tolist() == [one.upper for one in alone]

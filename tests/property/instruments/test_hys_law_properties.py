"""The signal against its definition in fractions, against every completion of its gaps, and in many patients."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

LIVER = instruments.get("hys_law")

NORMAL = st.sampled_from([Decimal("1.2"), Decimal(17), Decimal(40), Decimal(120)])
TIMES = st.sampled_from([Decimal(text) for text in ("0.5", "1", "1.01", "1.99", "2", "2.01", "2.99", "3", "3.01", "8")])
CHOSEN = st.fixed_dictionaries({
    setting.id: st.sampled_from(setting.codes or ("0", "30", "365")) for setting in LIVER.settings.values()
})  # fmt: skip


@st.composite
def people(draw):
    """Everything answered, the results lying on and about the multiples that count."""
    person = {}
    for test in ("alt", "ast", "bilirubin", "alp"):
        person[f"{test}_uln"] = draw(NORMAL)
        person[test] = person[f"{test}_uln"] * draw(TIMES)
    person["days_between"] = draw(st.sampled_from([0, 0, 1, 29, 30, 31, 365]))
    person["other_causes_excluded"] = draw(st.booleans())
    return person


def screen_by_hand(person, chosen):
    times = {t: Fraction(person[t]) / Fraction(person[f"{t}_uln"]) for t in ("alt", "ast", "bilirubin")}
    highest = max(times["alt"], times["ast"])
    raised = highest >= 3 if chosen["aminotransferase"] == "at_least" else highest > 3
    jaundice = times["bilirubin"] > 2 if chosen["bilirubin"] == "above" else times["bilirubin"] >= 2
    near = chosen["samples"] == "one_sample" or person["days_between"] <= int(chosen["window_days"])
    return raised and jaundice and near


@settings(deadline=None)
@given(people(), CHOSEN)
def test_the_screen_is_its_definition(person, chosen):
    if chosen["samples"] == "one_sample":
        person["days_between"] = 0
    result = LIVER.score(person, settings=chosen)
    assert result.value is screen_by_hand(person, chosen)
    cholestasis = Fraction(person["alp"]) / Fraction(person["alp_uln"])
    none = {"below_2_uln": cholestasis < 2, "normal": cholestasis <= 1, "not_asked": True}[chosen["alp"]]
    assert result.results["biochemical"] is (result.value and none)


@settings(deadline=None)
@given(people(), CHOSEN, st.sets(st.sampled_from([i.id for i in LIVER.inputs]), min_size=1, max_size=3))
def test_it_is_known_exactly_when_every_completion_says_the_same(person, chosen, hidden):
    """A gap is filled with what lowers a multiple to nothing and with what raises it beyond every limit."""
    if chosen["samples"] == "one_sample":
        person["days_between"] = 0
    ends = {
        "days_between": (0, 365) if chosen["samples"] == "within_window" and chosen["window_days"] != "365" else (0,)
    }
    ends |= {"other_causes_excluded": (True, False)}
    filled = [ends.get(name, (Decimal("0.1"), Decimal(99999))) for name in sorted(hidden)]
    completions = [person | dict(zip(sorted(hidden), answers, strict=True)) for answers in product(*filled)]
    possible = {screen_by_hand(completion, chosen) for completion in completions}
    part = LIVER.score({name: a for name, a in person.items() if name not in hidden}, settings=chosen)
    if "days_between" in hidden and chosen["samples"] == "within_window" and chosen["window_days"] == "365":
        possible.add(part.value)  # a window as long as the longest answer: still asked, never taken as met
    assert part.value is (possible.pop() if len(possible) == 1 else None)


@settings(deadline=None)
@given(st.lists(people(), min_size=1, max_size=6), CHOSEN, st.data())
def test_many_patients_are_each_what_one_is(group, chosen, data):
    for person in group:
        for name in data.draw(st.sets(st.sampled_from(sorted(person)), max_size=4)):
            person[name] = None
    columns = {name: LIVER.column(name, [person[name] for person in group]) for name in LIVER.input_by_id}
    together = LIVER.score_columns(columns, settings=chosen)
    alone = [LIVER.score(person, settings=chosen).results for person in group]
    for output in LIVER.outputs:
        assert together[output.id].tolist() == [encode_result(output, one[output.id]) for one in alone], output.id

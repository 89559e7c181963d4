"""What is written is read back, and canonical JSON agrees with another implementation."""

from datetime import date

import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from equipoise.items import REASONS, STATES, Item, Missing, PartialDate, Problem, canonical, parse, read, shown, write

plain_text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), min_size=1, max_size=40)
ANSWERS = {
    "integer": st.integers(-(10**18), 10**18),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    "date": st.dates(date(1900, 1, 1)),
    "partial_date": st.builds(PartialDate, st.integers(1900, 9999), st.none() | st.integers(1, 12))
    | st.dates(date(1900, 1, 1)).map(lambda day: PartialDate(day.year, day.month, day.day)),
    "choice": st.sampled_from(["A", "B-2", "c.d"]),
    "yes_no": st.booleans(),
    "state": st.sampled_from(STATES),
    "text": plain_text,
}
typed_answers = st.sampled_from(sorted(ANSWERS)).flatmap(
    lambda kind: st.tuples(st.just(kind), ANSWERS[kind] | st.none() | st.sampled_from(sorted(REASONS)).map(Missing))
)
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(typed_answers)
def test_an_answer_survives_writing(case):
    kind, answer = case
    found = parse(kind, write(answer))
    assert (found, type(found)) == (answer, type(answer))


@given(typed_answers)
def test_what_is_shown_can_be_typed(case):
    kind, answer = case
    item = Item("x", kind, codes=("A", "B-2", "c.d"))
    typed = shown(answer)
    found = read(item, typed)
    if kind == "text" and isinstance(answer, str):
        # Free text is kept in one Unicode form without outer blanks; one that looks like a missing code becomes one.
        assert isinstance(found, Missing) or found is None or shown(read(item, found)) == found
    else:
        assert (found, type(found)) == (answer, type(answer))


@given(st.sampled_from(sorted(ANSWERS)), st.text(max_size=30) | st.text("0123456789-+.eE_ NaINFyesno", max_size=12))
@example("decimal", "-0.0")
@example("decimal", "1E5")
@example("integer", "-0")
@example("date", "2021-W11-5")
def test_parse_takes_nothing_but_what_is_written(kind, text):
    try:
        answer = parse(kind, text)
    except ValueError:
        return
    assert write(answer) == text


@given(st.sampled_from(sorted(ANSWERS)), st.text(max_size=70))
def test_any_typed_text_is_an_answer_that_can_be_kept_or_a_problem(kind, text):
    found = read(Item("x", kind, codes=("A",)), text)
    if not isinstance(found, Problem):
        written = write(found)
        assert parse(kind, written) == found
        assert canonical(written)


@given(json)
@example({"\ufb33": 1, "\U0001f600": 2, "\x7f": "\u2028\x1f\x08", "": [[], {}]})
def test_canonical_agrees_with_another_implementation(value):
    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError):
        return
    assert canonical(value) == expected

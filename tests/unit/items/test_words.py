"""Missing answers, partial dates, problems, items and canonical JSON."""

from datetime import date

import pytest

from equipoise.items import (
    REASONS,
    REASONS_IN_CHINESE,
    Item,
    Missing,
    PartialDate,
    Problem,
    canonical,
    digest,
    read_partial_date,
    unknown,
)  # fmt: skip


def test_a_reason_is_one_of_the_list():
    assert Missing("ND").reason == "ND"
    with pytest.raises(ValueError, match="'XX' is not one of the reasons ND, UNK"):
        Missing("XX")
    assert REASONS.keys() == REASONS_IN_CHINESE.keys()


@pytest.mark.parametrize(("parts", "first", "last"), [
    ((2021,), date(2021, 1, 1), date(2021, 12, 31)), ((2021, 2), date(2021, 2, 1), date(2021, 2, 28)),
    ((2020, 2), date(2020, 2, 1), date(2020, 2, 29)), ((2021, 12), date(2021, 12, 1), date(2021, 12, 31)),
    ((9999,), date(9999, 1, 1), date(9999, 12, 31)), ((9999, 12), date(9999, 12, 1), date(9999, 12, 31)),
    ((2021, 3, 19), date(2021, 3, 19), date(2021, 3, 19)), ((1,), date(1, 1, 1), date(1, 12, 31)),
])  # fmt: skip
def test_the_days_a_partial_date_can_be(parts, first, last):
    partial = PartialDate(*parts)
    assert (partial.earliest, partial.latest) == (first, last)
    assert partial.exact == (first if len(parts) == 3 else None)
    assert read_partial_date(str(partial)) == partial


@pytest.mark.parametrize("parts", [(2021, None, 5), (2021, 13), (2021, 0), (2021, 2, 30), (2021, 2, 0), (0,), (10000,)])
def test_no_such_date(parts):
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words
        PartialDate(*parts)


@pytest.mark.parametrize("text", ["", "21", "2021-3", "2021-03-19 ", "2021-03-19\n", "２０２１", "2021-02-30"])
def test_no_such_text_of_a_date(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words, or "is not a date"
        read_partial_date(text)


def test_a_problem_reads_as_a_sentence():
    assert str(Problem("x.E001", "here", "It is wrong.", "Mend it.")) == "here: error x.E001: It is wrong. Mend it."
    assert str(Problem("x.W001", "here", "It is odd.", level="warning")) == "here: warning x.W001: It is odd."


def test_problems_are_compared_and_kept_by_what_they_say():
    one, two = Problem("x.E001", "here", "m", params={"a": "1"}), Problem("x.E001", "here", "m")
    assert one == two
    assert len({one, two}) == 1


def test_unknown_says_what_was_meant():
    assert unknown("item", "wieght", ["weight", "height"]) == "There is no item 'wieght'. Did you mean 'weight'?"
    assert unknown("item", "zzz", ["weight"]) == "There is no item 'zzz'."


def test_an_item_is_frozen():
    with pytest.raises(AttributeError):
        Item("age", "integer").id = "other"


def test_canonical_bytes():
    assert canonical({"b": [1, True, None], "a": "é\n\u20ac"}) == '{"a":"é\\n\u20ac","b":[1,true,null]}'.encode()
    # RFC 8785, section 3.2.3: keys are ordered by UTF-16 code units, so the emoji (a surrogate pair) precedes U+FB33.
    assert list(map(str, canonical({"\ufb33": 1, "\U0001f600": 2}).decode())) == list('{"\U0001f600":2,"\ufb33":1}')
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # sha256sum of {}


@pytest.mark.parametrize(
    "value", [0.5, {"a": [1.0]}, 2**53, -(2**53), {1: "a"}, (1, 2), {"a": object()}, {"a": {2: 3}}]
)
def test_canonical_refuses_what_json_does_not_keep(value):
    with pytest.raises(TypeError):
        canonical(value)

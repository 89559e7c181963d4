"""The physician global assessment: a mark on a line, a value on a scale, and the bands of PISCOS."""

from decimal import Decimal

import pytest

from equipoise import instruments
from equipoise.instruments.activity import pga

INSTRUMENT = instruments.get("pga")


def score(variant="", settings=None, **answers):
    typed = {key: Decimal(a) if isinstance(a, str) and a[0].isdigit() else a for key, a in answers.items()}
    return INSTRUMENT.score(typed, variant=variant, settings=settings or {})


@pytest.mark.parametrize(("mm", "line", "value"), [
    ("38", "100", "1.14"), ("38", "80", "1.425"), ("0", "100", "0"), ("100", "100", "3"), ("30", "90", "1"),
])  # fmt: skip
def test_a_mark_on_a_line_of_known_length(mm, line, value):
    assert score("line", mm=mm, line=line).value == Decimal(value)


@pytest.mark.parametrize(("scale", "read", "value"), [("3", "1.2", "1.2"), ("10", "5", "1.5"), ("100", "38", "1.14")])
def test_a_value_read_on_a_named_scale(scale, read, value):
    assert score("value", {"scale": scale}, value=read).value == Decimal(value)


@pytest.mark.parametrize(("variant", "answers", "where"), [
    ("line", {"mm": "90", "line": "80"}, "mm"), ("value", {"value": "3.1"}, "value"),
])  # fmt: skip
def test_beyond_the_end_of_the_scale_is_refused(variant, answers, where):
    result = score(variant, **answers)
    assert result.value is None
    assert [problem.where for problem in result.problems] == [f"pga / {where}"]
    assert where in result.unknown


def test_a_mark_without_the_length_of_its_line_is_unknown():
    assert score("line", mm="38").unknown == ("line",)


@pytest.mark.parametrize(("value", "band"), [
    ("0.49", "inactive"), ("0.5", "mild"), ("0.51", "mild"), ("0.99", "mild"), ("1", "mild"), ("1.01", "moderate"),
    ("1.99", "moderate"), ("2", "moderate"), ("2.01", "severe"), ("3", "severe"),
])  # fmt: skip
def test_the_bands_of_piscos(value, band):
    assert pga.band(Decimal(value)) == band
    assert score("value", value=value).results["band"] == band

"""Units in both languages: a word is said in the reader's, a symbol is the same everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from equipoise.protocol.load import load
from equipoise.reports.units import unit_beside, unit_in

TRIALS = sorted((Path(__file__).parents[3] / "trials").glob("*/protocol.yaml"))
# Symbols of the SI and beside it (BIPM, SI Brochure, 9th ed., tables 2 to 8), of activity, and of microscopy.
SYMBOLS = frozenset({
    "g", "mg", "µg", "ng", "kg", "L", "dL", "mL", "µL", "mol", "mmol", "µmol", "m", "cm", "mm", "mmHg", "h", "min", "U",
    "IU", "C", "HPF",
})  # fmt: skip


def units(part: object) -> Iterator[str]:
    """Every plain unit in a protocol, wherever it stands."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if name == "unit" and isinstance(value, str):
                yield value
            yield from units(value)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from units(each)
    elif isinstance(part, dict):
        yield from units(tuple(part.values()))


@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_no_unit_of_a_trial_keeps_an_english_word_in_chinese(path):
    protocol = load(path.read_bytes())[0]
    found = {unit: unit_in("zh", unit) for unit in units(protocol)}
    assert any(found)
    words = {unit: set(re.findall(r"[A-Za-zµ]+", said)) - SYMBOLS for unit, said in found.items()}
    assert not {unit: left for unit, left in words.items() if left}


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ("years", "years", "岁"), ("mg/day", "mg/day", "mg/日"), ("points", "points", "分"),
        ("mmol/L", "mmol/L", "mmol/L"),
        ("10^9/L", "10⁹/L", "10⁹/L"), ("m^-2", "m⁻²", "m⁻²"), ("", "", ""),
    ],
)  # fmt: skip
def test_a_word_has_a_language_and_a_symbol_has_none(written, english, chinese):
    assert (unit_in("en", written), unit_in("zh", written)) == (english, chinese)


def test_years_of_a_duration_are_not_those_of_an_age():
    assert unit_beside("年龄", "zh", "years") == "岁"
    assert unit_beside("病程（年）", "zh", "years") == ""
    assert unit_beside("Years since diagnosis", "en", "years") == "years"

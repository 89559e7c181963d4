"""Units as they are printed: symbols in every language alike, words in the reader's."""

import re
from typing import Final

_POWER: Final = re.compile(r"\^(-?[0-9]+)")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_IN_CHINESE: Final = {
    "years": "岁", "days": "天", "points": "分", "mg/day": "mg/日", "mL/day": "mL/日", "/min": "次/分",
}  # fmt: skip

_NAMED: Final = ("（年）", "（月）", "（周）", "（天）")  # how a Chinese name ends that says its unit itself


def unit_in(language: str, written: str) -> str:
    """A unit of a protocol with its powers raised, and in Chinese where it is or has a word."""
    said = _IN_CHINESE.get(written, written) if language == "zh" else written
    return _POWER.sub(lambda power: power[1].translate(_RAISED), said)


def unit_beside(name: str, language: str, written: str) -> str:
    """A unit beside the name of what it measures; none where the name ends in its own, as 病程（年） of no age."""
    return "" if name.endswith(_NAMED) else unit_in(language, written)

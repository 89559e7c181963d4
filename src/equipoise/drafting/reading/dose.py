"""A dose and a route, from the words that describe an arm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from equipoise.drafting.lines import plain
from equipoise.drafting.reading.numbers import decimal

_AMOUNT: Final = re.compile(
    r"(?i)(?P<before>[-–/]\s*|\bto\s+|[≤≥<>]\s*|\bup to\s+|(?:less|more) than\s+)?(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>mg|milligrams?|g|grams?|mcg|µg|μg|ug|micrograms?|ml|millilit(?:re|er)s?|iu|international units?|tablets?"
    r"|capsules?)(?![a-z])(?P<per>\s*(?:/|per)\s*(?:kg(?: body ?weight)?|m2|day|d\b|dose|week|hour|h\b|min|ml|l\b"
    r"|dl|kg/\w+))*"
    r"(?P<range>\s*(?:-|to)\s*\d)?"
)
_UNITS: Final = {"mg": ("mg", 0), "g": ("mg", 3), "mcg": ("mg", -3), "ml": ("mL", 0), "iu": ("IU", 0)}
_NAMES: Final = {
    "milligram": "mg", "gram": "g", "µg": "mcg", "μg": "mcg", "ug": "mcg", "microgram": "mcg", "millilitre": "ml",
    "milliliter": "ml", "international unit": "iu",
}  # fmt: skip
_ROUTES: Final = {
    "intravenous": r"intravenous(?:ly)?|\bi\.?v\.?\b(?! [ivx]+\b)",
    "subcutaneous": r"subcutaneous(?:ly)?|\bs\.?c\.?\b|\bsubcut\b",
    "intramuscular": r"intramuscular(?:ly)?|\bi\.?m\.?\b",
    "oral": r"\boral(?:ly)?\b(?! (?:mucositis|cavity|health|hygiene|steroid|prednis))|by mouth|\bp\.o\.|\bpo\b",
    "inhaled": r"inhal(?:ed|ation)",
    "topical": r"topical(?:ly)?",
    "intranasal": r"intranasal(?:ly)?|nasal spray",
    "intravitreal": r"intravitreal(?:ly)?",
    "intrathecal": r"intrathecal(?:ly)?",
    "rectal": r"\brectal(?:ly)?\b",
}


@dataclass(frozen=True, slots=True)
class AmountGiven:
    """A fixed amount, or one per kilogram, in a unit a protocol knows, and the words it was read from."""

    amount: Decimal
    unit: str
    words: str


def read_dose(text: str) -> AmountGiven | None:
    """The dose, where the words give exactly one: no range, no ceiling, no second amount, no unit a protocol lacks."""
    doses = list(_amounts(plain(text)))
    distinct = {(dose.amount, dose.unit) if dose else None for dose in doses}
    return doses[0] if len(distinct) == 1 and doses else None


def mentions_dose(text: str) -> bool:
    """Whether an amount of anything is mentioned."""
    return bool(
        re.search(r"(?i)\d\s*(?:mg|g|mcg|µg|μg|ug|ml|iu|units?|mci|gy|tablets?|capsules?|puffs?|drops?)\b", plain(text))
    )


def _amounts(text: str) -> Iterator[AmountGiven | None]:
    """Every amount; None for one that is a range, a rate or a ceiling."""
    if re.search(r"(?i)\d\s*(?:units?|mci|mbq|gy|puffs?|drops?|sachets?)\b", text):
        yield None
    for found in _AMOUNT.finditer(text):
        unit, places = _unit(found["unit"])
        number = decimal(found["number"])
        per = re.sub(r"\s", "", (found["per"] or "").lower())
        weight = per in ("/kg", "perkg", "/kgbodyweight", "perkgbodyweight")
        rate = bool(per) and not weight and per not in ("/dose", "perdose")
        several = len(re.findall(r"/|per", found[0][len(found["number"]) :])) > 1
        if not number or found["before"] or found["range"] or rate or several or (weight and unit != "mg"):
            yield None
        else:
            yield AmountGiven(number.scaleb(places), "mg/kg" if weight else unit, found[0].strip())


def _unit(word: str) -> tuple[str, int]:
    """The unit of a protocol, and the power of ten that leads to it."""
    word = word.lower()
    singular = word[:-1] if word.endswith("s") else word
    name = _NAMES.get(singular, singular)
    return _UNITS.get(name, (name, 0))


def read_route(text: str) -> str | None:
    """The route, where exactly one is named."""
    text = plain(text)
    found = {route for route, pattern in _ROUTES.items() if re.search(rf"(?i){pattern}", text)}
    return found.pop() if len(found) == 1 else None

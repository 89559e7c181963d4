"""Numbers as people write them in running text."""

import re
from decimal import Decimal
from typing import Final

_WORDS: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORD_NUMBER: Final = {word: str(value) for value, word in enumerate(_WORDS, start=1)}
_WORD: Final = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS)})\b")
_PARENTHESISED: Final = re.compile(r"\b(\d+) ?\((\d+)\)")


def digits(text: str) -> str:
    """The text with "four" and "four (4)" written as 4. "One or more", "no one" and the like keep their words."""
    spelled = _WORD.sub(lambda found: WORD_NUMBER[found[0].lower()], text)
    return _PARENTHESISED.sub(lambda found: found[1] if found[1] == found[2] else found[0], spelled)


def decimal(text: str) -> Decimal | None:
    """A number such as "7.0", "1,500" or "100,000"; None for anything that could be read in two ways ("1,5")."""
    text = text.strip()
    if "," in text and not re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        return None
    return Decimal(text.replace(",", "")) if re.fullmatch(r"[0-9,]+(?:\.[0-9]+)?", text) else None

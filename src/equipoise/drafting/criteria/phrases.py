"""The frame of a criterion and the words of comparing: what stands around the facts that it is about."""

import re
from typing import Final

from equipoise.drafting.lines import plain
from equipoise.drafting.reading.numbers import digits

# Words that turn a statement round or hang a condition on it.
_TURNS: Final = re.compile(
    r"\b(?:no|not|non|without|never|unless|except(?:ion|ing)?|excluding|excluded?|other than|neither|nor|none"
    r"|free of|lack|absence"
    r"|absent|cannot|can't|unable|n't|however|although|but|only if|if|provided|allowed|permitted|acceptable|may"
    r"|should|negative"
    r"|waive[dr]|discretion|eligible|discontinu\w+|stopped|ceased|instead|rather|depending|respectively|and/or|optional)\b|n't\b"
)
_COMPARISONS: Final = (
    (r"(?:is |are |of |be )?(?:greater than or equal(?: to)?|equal to or (?:greater|more|higher) than|at least"
     r"|no(?:t)? less than|not? lower than"
     r"|no(?:t)? fewer than|more than or equal to|a minimum of|minimum of)", "≥"),
    (r"(?:is |are |of |be )?(?:less than or equal(?: to)?|equal to or (?:less|lower) than|at most|no(?:t)? (?:more"
     r"|greater|higher) than"
     r"|not exceeding|does not exceed|lower than or equal to|a maximum of|maximum of|up to)", "≤"),
    (r"(?:is |are |of |be )?(?:greater than|more than|higher than|above|exceeding|exceeds|over)", ">"),
    (r"(?:is |are |of |be )?(?:less than|lower than|below|under|fewer than)", "<"),
)  # fmt: skip
_SUBJECT: Final = re.compile(
    r"^(?:(?:all |the |any |study |adult |eligible )*(?:patients?|subjects?|participants?|individuals?|volunteers?"
    r"|adults?|children|persons?"
    r"|people)|(?:males? (?:and|or|&|/) (?:non-pregnant )?females?|(?:wo)?men (?:and|or) (?:wo)?men|both sexes"
    r"|either sex)"
    r"(?: patients?| subjects?| participants?)?)\b[, ]*(?:must |should |who |that )*(?:are |is |be |have |has "
    r"|having |with |of )*"
)
_LEADING: Final = re.compile(r"^(?:(?:with|having|have|has|must have|must be|a|an|the|documented|known) )+")
_WHEN: Final = re.compile(
    r"[ ,]*(?:(?:\()?(?:at|on|during|before|prior to|by|as of) (?:the )?(?:time of )?(?:the )?(?:first |study "
    r"|initial |trial )?"
    r"(?:screening|baseline|enrol?lment|randomi[sz]ation|entry|consent|inclusion"
    r"|signing(?: of)?(?: the)? (?:informed )?consent"
    r"|informed consent|study entry|recruitment|registration|day of (?:consent|screening)|visit 1|diagnosis visit)"
    r"(?: visit| period)?(?:\))?)$"
)


def lower(text: str) -> str:
    """The text as the readers of criteria compare it."""
    return digits(plain(text)).lower().strip(" .;,")


def turns(text: str) -> bool:
    """Whether a word turns the meaning round, or hangs a condition on it."""
    return bool(_TURNS.search(text))


def with_signs(text: str) -> str:
    """The text with words of comparing written as signs."""
    for words, sign in _COMPARISONS:
        text = re.sub(rf"\b{words}\b", sign, text)
    text = re.sub(r"(?<=[≤≥<>]) ?(?:or equal(?: to)?) ", " ", text)
    return re.sub(r"\s+", " ", re.sub(r"\s*([≤≥<>])\s*", r" \1 ", text)).strip()


def unframed(text: str) -> str:
    """The text without who it is about ("Patients must have …") and when ("… at screening")."""
    text = re.sub(r"\s*,?\s*\binclusive\b\s*", "", text)
    before = None
    while before != text:
        before, text = text, _WHEN.sub("", text).strip(" .;,")
    return _LEADING.sub("", _SUBJECT.sub("", text)).strip()

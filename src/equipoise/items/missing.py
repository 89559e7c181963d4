"""Why an answer is not there. A missing answer is never zero, never "no" and never "absent"."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

MissingCode: TypeAlias = Literal["ND", "UNK", "NA", "NASK", "REF", "LOST"]

REASONS: Final = {
    "ND": "not done",
    "UNK": "unknown",
    "NA": "not applicable",
    "NASK": "not asked",
    "REF": "refused",
    "LOST": "sample lost",
}

REASONS_IN_CHINESE: Final = {
    "ND": "未做",
    "UNK": "不详",
    "NA": "不适用",
    "NASK": "未询问",
    "REF": "拒绝回答",
    "LOST": "标本丢失",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """An answer that a person declared missing, with one of the coded reasons above."""

    reason: str

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"{self.reason!r} is not one of the reasons {', '.join(REASONS)}")

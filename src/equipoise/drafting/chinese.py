"""Chinese for the standard words of a draft. What is not here is left to a person and marked."""

from typing import Final

from equipoise.drafting.yaml_text import Node

TO_DO: Final = "TO DO:"
TO_DO_ZH: Final = "待补充:"
_LONG: Final = 120
_SEE: Final = "见英文"

ROUTES: Final = {
    "intravenous": "静脉给药", "subcutaneous": "皮下注射", "intramuscular": "肌内注射", "oral": "口服",
    "inhaled": "吸入", "topical": "局部外用", "intranasal": "鼻内给药", "intravitreal": "玻璃体内注射",
    "intrathecal": "鞘内注射", "rectal": "直肠给药",
}  # fmt: skip


def label(en: str, zh: str = "") -> dict[str, Node]:
    """A text in both languages; a Chinese one that is not known repeats the English one behind the mark."""
    en = en.strip() or TO_DO
    return {"en": en, "zh": zh or f"{TO_DO_ZH} {en.removeprefix(TO_DO).strip() if len(en) <= _LONG else _SEE}"}


def unwritten(what_en: str, what_zh: str) -> dict[str, Node]:
    """A text that the record does not hold and a person has to write."""
    return {"en": f"{TO_DO} {what_en}", "zh": f"{TO_DO_ZH} {what_zh}"}

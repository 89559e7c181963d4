"""Texts of the time lines of medication."""

from typing import Final

from equipoise.web.texts.text import Text

MEDICATION: Final[dict[str, Text]] = {
    "medication.open": Text("Time line", "时间轴"),
    "medication.title": Text("Medication over time", "合并用药时间轴"),
    "medication.figure": Text(
        "Medication of {subject} over time; the tables below say the same",
        "{subject} 的合并用药时间轴；下方表格内容相同",
    ),
    "medication.means": Text(
        "Pale where a date is known in part; an arrow where the drug is still taken. "
        "A cross: the dose is not known at a visit.",
        "浅色为日期不完整的部分；箭头表示仍在使用。叉号：该次访视剂量未知。",
    ),
    "medication.high": Text(
        "Dashed: {high} a day, above which the dose counts as high.", "虚线：每日 {high}，超过此值视为高剂量。"
    ),
    "medication.no_dose": Text("No visit has been held.", "尚未进行访视。"),
    "medication.sources": Text("Conversion by:", "换算依据："),
}

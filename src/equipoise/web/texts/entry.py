"""Texts about how questions are answered: units, signs, what is missing, rows and files."""

from typing import Final

from equipoise.web.texts.text import Text

ENTRY: Final[dict[str, Text]] = {
    "entry.unit_of": Text("Unit: {label}", "单位：{label}"),
    "entry.hint.signs": Text("{signs} taken", "可填 {signs}"),
    "entry.rest": Text("Not done", "未做"),
    "entry.rest.empty": Text("Every question that is still empty:", "所有未填项目均记为："),
    "entry.rest.reason": Text("in words, if needed", "补充说明（选填）"),
    "entry.rest.save": Text("Fill in and save", "填入并保存"),
    "log.in_error": Text("entered in error", "误录"),
    "log.in_error_by": Text(
        "Entered in error: marked {at} by {by}. Reason: {reason}", "本行已标记为误录：{at}，{by}。原因：{reason}"
    ),
    "log.duplicate": Text("Duplicate", "复制"),
    "log.duplicate_row": Text("Duplicate row {number}", "复制第 {number} 行"),
    "log.mark": Text("This row was entered in error", "本行为误录"),
    "log.mark.means": Text(
        "The row keeps its number and stays in the audit trail. It counts no more, and this cannot be taken back.",
        "该行保留行号并留在稽查轨迹中，但不再计入数据；标记后不可撤销。",
    ),
    "log.mark.reason": Text("Why?", "原因"),
    "log.mark.do": Text("Mark as entered in error", "标记为误录"),
    "act.RowInError": Text("Row entered in error", "标记误录"),
    "rule.below_limit": Text("below the limit of detection", "低于检测限"),
    "rule.above_limit": Text("above the limit of measurement", "高于测量上限"),
    "rule.reported": Text("as reported", "报告值"),
}

"""Texts about deviations from the protocol."""

from typing import Final

from equipoise.web.texts.text import Text

DEVIATIONS: Final[dict[str, Text]] = {
    "nav.deviations": Text("Deviations", "偏离"),
    "deviation.visit_window": Text("visit window", "访视超窗"),
    "deviation.eligibility": Text("eligibility", "入选资格"),
    "deviation.consent": Text("consent", "知情同意"),
    "deviation.treatment": Text("study treatment", "研究治疗"),
    "deviation.prohibited_medication": Text("prohibited medication", "禁用药物"),
    "deviation.assessment": Text("assessment not as planned", "评估未按方案进行"),
    "deviation.major": Text("other, important", "其他（重要）"),
    "deviation.minor": Text("other, not important", "其他（非重要）"),
    "deviations.none": Text("No deviation is recorded.", "无方案偏离记录。"),
    "deviations.category": Text("Category", "类别"),
    "deviations.what": Text("What was not as the protocol says", "与方案不符之处"),
    "deviations.important": Text("Important", "重要"),
    "deviations.important_means": Text(
        "Important are the categories that the protocol names for the analysis.", "重要偏离为方案在分析部分指定的类别。"
    ),
    "deviations.show": Text("Show", "显示"),
    "deviations.all": Text("All", "全部"),
    "deviations.record": Text("Record a deviation", "登记方案偏离"),
    "deviations.record_means": Text(
        "No names, and never a word about the treatment somebody may have.",
        "不得填写姓名，不得涉及受试者可能接受的治疗。",
    ),
    "deviations.no_visit": Text("No visit", "与访视无关"),
    "deviations.no_form": Text("No form", "与表单无关"),
}

"""Texts of what is printed."""

from typing import Final

from equipoise.web.texts.text import Text

PRINTING: Final[dict[str, Text]] = {
    "print.foot": Text(
        "Printed {at} by {by} ({role}) · act {act} · ledger head {head}",
        "打印：{at}，{by}（{role}）· 记录号 {act} · 账本头 {head}",
    ),
    "print.casebook": Text("Casebook {code}", "病例报告册 {code}"),
    "print.blank": Text("Case report form, annotated", "注释病例报告表（空白）"),
    "print.schedule": Text("When each form is due", "各表单的填写时间"),
    "print.signatures": Text("Signatures", "电子签名"),
    "print.question": Text("Question", "问题"),
    "print.answer": Text("Answer", "答案"),
    "print.unit": Text("Unit", "单位"),
    "print.variable": Text("Variable", "变量名"),
    "print.rule": Text("Asked when", "填写条件"),
    "print.never_filled": Text("Not filled in.", "未填写。"),
    "print.filled_by": Text("Filled in by: {roles}", "填写人：{roles}"),
    "print.signed_by": Text("Signed by: {role}", "签名人：{role}"),
    "print.missing_codes": Text(
        "Where there is no answer, one of these codes says why: {codes}.", "无答案时请注明缺失代码：{codes}。"
    ),
    "print.ask": Text("Ask at every contact", "每次访视均须询问"),
    "print.void": Text("void: values changed since", "已失效：签名后数据有变更"),
    "print.signature.form": Text("Form", "表单"),
    "print.signature.by": Text("Signed by", "签名人"),
    "print.signature.at": Text("Date and time", "日期时间"),
    "print.signature.meaning": Text("Meaning", "含义"),
    "print.signature.digest": Text("SHA-256 of the values", "数据摘要 SHA-256"),
    "print.trail.number": Text("Act", "记录号"),
    "print.trail.at": Text("Date and time", "日期时间"),
    "print.trail.by": Text("By", "操作人"),
    "print.trail.what": Text("What", "操作"),
    "print.trail.change": Text("Old → new", "原值 → 新值"),
    "print.trail.reason": Text("Reason", "理由"),
    "print.trail.hash": Text("Hash", "哈希"),
    "print.randomised": Text("Randomisation of {code}", "受试者 {code} 随机确认单"),
    "print.randomised.masked": Text(
        "The envelope of this number is sealed. This paper does not say what is in it, and nobody at the site needs to "
        "know. In an emergency: the code break in the casebook, with the code-break card of this label.",
        "该编号对应的信封已密封。本确认单不含治疗分组，研究中心人员无需知晓。"
        "紧急情况下，请使用该编号的揭盲卡，在病例报告册中紧急揭盲。",
    ),
    "print.randomised.next": Text("Next visit", "下次访视"),
    "print.filed.by": Text("Filed by (name, signature)", "归档人（姓名、签名）"),
    "print.filed.on": Text("Date", "日期"),
    "print.randomised.link": Text("Confirmation (PDF)", "随机确认单（PDF）"),
    "print.pdf": Text("Print (PDF)", "打印（PDF）"),
    "print.checklist": Text("Checklist (PDF)", "访视清单（PDF）"),
    "print.as_page": Text("All on one page", "整页查看"),
}

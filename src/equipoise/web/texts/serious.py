"""Texts about serious adverse events and their clocks."""

from typing import Final

from equipoise.web.texts.text import Text

SERIOUS: Final[dict[str, Text]] = {
    "serious.title": Text("Serious adverse event", "严重不良事件（SAE）"),
    "serious.button": Text("Serious", "判为严重"),
    "serious.open": Text("Report", "报告"),
    "serious.column": Text("Serious", "严重性"),
    "serious.event": Text("The event, as it stands in its row", "事件现有记录"),
    "serious.edit": Text("Add or correct", "补充或更正"),
    "serious.why": Text("Why is it serious?", "判定为严重的依据"),
    "serious.aware": Text("The site has known since", "研究中心获知时间"),
    "serious.aware_means": Text(
        "The clock runs from the moment anybody at the site first knew, not from when it is entered here. "
        "Times are those of the site: {zone}.",
        "时限自研究中心任何人员首次获知起算，而非录入时间。时间为中心当地时间：{zone}。",
    ),
    "serious.time": Text("Time", "时间"),
    "serious.start": Text("It is serious: start the clock", "确认为严重，开始计时"),
    "serious.earlier": Text("The site knew earlier", "更正为更早的获知时间"),
    "serious.reason": Text("Reason for the change", "更改原因"),
    "serious.clocks": Text("Clocks", "报告时限"),
    "serious.duty": Text("Duty", "报告事项"),
    "serious.since": Text("Counted from", "起算时间"),
    "serious.due": Text("Due", "截止时间"),
    "serious.sent": Text("Sent", "发出时间"),
    "serious.none": Text("No clock runs.", "目前没有运行中的时限。"),
    "serious.send": Text("Send the report", "提交报告"),
    "serious.send_again": Text("Send a follow-up", "提交随访报告"),
    "serious.send_means": Text(
        "Sends the event as it stands in its row to the sponsor, now.", "将事件现有记录立即提交申办者。"
    ),
    "serious.submitted": Text("Submitted on", "提交日期"),
    "serious.submit": Text("Record the submission", "登记已提交"),
    "serious.follow_up_of": Text("Follow-up: {duty}", "随访报告：{duty}"),
    "serious.downgrade": Text("Not serious after all", "降级为非严重"),
    "serious.downgrade_means": Text(
        "The clocks stop. What was reported stands, and a follow-up says that the event was downgraded.",
        "报告时限停止；已提交的报告保留，须以随访报告说明降级。",
    ),
    "serious.downgraded": Text("This event was downgraded: it is not serious.", "该事件已降级为非严重。"),
    "serious.state.running": Text("running", "计时中"),
    "serious.state.pressing": Text("due soon", "即将到期"),
    "serious.state.overdue": Text("OVERDUE", "已超期"),
    "serious.state.unannounced": Text("say since when", "须填写获知时间"),
    "serious.state.in_time": Text("sent in time", "已按时提交"),
    "serious.state.late": Text("sent late", "逾期提交"),
    "serious.say": Text("serious; say since when the site has known", "严重，须填写研究中心获知时间"),
    "today.safety": Text("Serious adverse events", "严重不良事件"),
    "act.SeriousEventKnown": Text("Known to be serious", "登记为严重不良事件"),
    "act.SafetyReportSent": Text("Safety report sent", "提交安全性报告"),
    "act.SeriousEventDowngraded": Text("Downgraded: not serious", "降级为非严重"),
}

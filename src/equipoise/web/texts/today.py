"""Texts of the page a day begins with."""

from typing import Final

from equipoise.web.texts.text import Text

TODAY: Final[dict[str, Text]] = {
    "nav.today": Text("Today", "今日"),
    "today.kinds": Text("What waits for you", "待办事项"),
    "today.what": Text("What to do", "待办内容"),
    "today.by": Text("Date", "日期"),
    "today.until": Text("until", "截至"),
    "today.more": Text("then {number} more", "其后还有 {number} 次"),
    "today.to_fill": Text("{visit}: forms to fill in, {number}", "{visit}：待填表单 {number} 份"),
    "today.before_randomising": Text("Randomise", "随机入组"),
    "today.eligibility": Text("Decide on eligibility", "判定是否入组"),
    "today.nothing": Text("Nothing waits for you.", "暂无待办事项。"),
    "today.unsaved": Text("Typed and not saved", "已填写未保存"),
    "today.alarms": Text("Alarm: repeated code breaks", "警报：多次紧急揭盲"),
    "today.code_break": Text("Code broken by {name}; ask why", "{name} 已紧急揭盲，请核实原因"),
    "today.decisions": Text("Decisions", "待决定"),
    "today.visits": Text("Visits due", "应进行的访视"),
    "today.forms": Text("Forms to fill in", "待填写的表单"),
    "today.queries": Text("Queries", "质疑"),
    "today.signatures": Text("To sign", "待签名"),
    "today.soon": Text("In the next seven days", "未来七天"),
    "today.state.unsaved": Text("not saved", "未保存"),
    "today.state.unsigned": Text("to sign", "待签名"),
    "today.state.void": Text("values changed, sign again", "数据已变更，需重新签名"),
}

"""Texts of the audit trail as it is searched."""

from typing import Final

from equipoise.web.texts.text import Text

TRAILS: Final[dict[str, Text]] = {
    "trail.open": Text("Search and export", "检索与导出"),
    "trail.export": Text("As a file (CSV)", "导出（CSV）"),
    "trail.every_kind": Text("every act", "全部操作"),
    "trail.every_form": Text("every form", "全部表单"),
    "trail.every_item": Text("every question", "全部问题"),
    "trail.since": Text("From", "自"),
    "trail.until": Text("To", "至"),
    "trail.order": Text("Order", "排序"),
    "trail.newest": Text("newest first", "最新在前"),
    "trail.oldest": Text("oldest first", "最早在前"),
    "trail.search": Text("Search", "检索"),
    "trail.first": Text("From the beginning", "回到开头"),
    "trail.not_here": Text(
        "Nothing you see among the acts looked through so far. Go further.",
        "已检索的记录中没有您可见的内容，请继续向后检索。",
    ),
    "act.StudyOpened": Text("Study opened", "研究建立"),
}

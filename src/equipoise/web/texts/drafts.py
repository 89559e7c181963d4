"""Texts about what was typed and is not saved yet."""

from typing import Final

from equipoise.web.texts.text import Text

DRAFTS: Final[dict[str, Text]] = {
    "draft.kept": Text("Kept as a draft at {at} · not saved yet", "草稿已于 {at} 留存 · 尚未保存"),
    "draft.in_browser": Text(
        "The server does not answer. Kept in this browser; it is sent as soon as the connection is back.",
        "服务器无响应。内容已留存在本浏览器，连接恢复后将自动发送。",
    ),
    "draft.waits_for_you": Text(
        "You are signed out. What you typed is kept in this browser for you alone; sign in again and come back here.",
        "您已退出登录。所填内容已加密留存在本浏览器，仅您本人重新登录后可见。",
    ),
    "draft.on_the_page": Text(
        "Not kept yet: it is on this page only. Leave the page open.", "尚未留存：内容仅在本页面上，请勿关闭页面。"
    ),
    "draft.elsewhere": Text(
        "This form was saved in another window. Reload to see it.", "此表单已在另一窗口保存，请刷新页面查看。"
    ),
    "draft.left": Text(
        "Typed here and not saved: {number}, the last at {at}. Filled in below.",
        "您曾在此填写 {number} 项而未保存（最后于 {at}），已填入下方。",
    ),
    "draft.discard": Text("Let go of it", "放弃这些内容"),
    "draft.mark": Text("typed, not saved", "已填写，未保存"),
    "draft.theirs": Text("{by} saved meanwhile, {at}: {value}", "{by} 已于 {at} 保存：{value}"),
    "draft.nothing": Text("no answer", "无答案"),
    "draft.take": Text("Take this", "采用此答案"),
    "draft.form": Text("not saved", "未保存"),
    "act.FormDrafted": Text("Typed, not saved", "填写未保存（草稿）"),
    "act.DraftDiscarded": Text("Draft let go of", "放弃草稿"),
}

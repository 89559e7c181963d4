"""What the pages themselves refuse, in the languages of the product."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "web.E001": Message(
        "There is an answer and a missing code.", "同时填写了答案和缺失代码。",
        "Keep one of the two.", "请只保留其中一项。",
    ),
    "web.E002": Message(
        "Somebody saved this form while you were typing. Changed: {items}.",
        "您填写期间，他人已保存此表单。已变更：{items}。",
        "Look at the audit trail of these answers; save again to replace them.",
        "请查看这些字段的稽查轨迹；再次保存将替换已保存的数据。",
    ),
    "web.E003": Message(
        "An earlier save of this page was recorded. What you typed since then is not saved yet.",
        "本页此前的保存已记录，此后填写的内容尚未保存。",
        "Save again.", "请再次保存。",
    ),
    "web.E004": Message(
        "A date is needed.", "请填写日期。",
        "Write year, month and day, such as 2021-03-19.", "请按年-月-日填写，例如 2021-03-19。",
    ),
    "web.E005": Message(
        "The step was not confirmed.", "尚未确认此操作。",
        "Tick the box to confirm.", "请勾选确认框。",
    ),
    "web.E006": Message(
        "Something is missing: {field}.", "缺少内容：{field}。",
        "Fill it in.", "请填写。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

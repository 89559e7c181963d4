"""What the desk says when somebody may not do something, in the languages of the product."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "desk.E001": Message(
        "The role {role} may not do this.", "{role} 角色无此权限。",
        "Ask somebody whose role allows it.", "请由有权限的人员操作。",
    ),
    "desk.E002": Message(
        "There is no such participant.", "没有该受试者。",
        "Check the code.", "请核对编号。",
    ),
    "desk.E003": Message(
        "The role {role} does not fill in this form.", "{role} 角色不填写此表单。",
        "Ask somebody whose role does.", "请由负责填写的人员操作。",
    ),
    "desk.E004": Message(
        "A factor of the stratification is not known yet.", "分层因素尚未填写完整。",
        "Enter it on the screening forms.", "请在筛选表单中补充。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A refusal in English, with what fills its places so that it can be said in another language."""
    message = MESSAGES[identifier]
    return Problem(identifier, where, message.en.format(**params), message.hint_en.format(**params), params=params)

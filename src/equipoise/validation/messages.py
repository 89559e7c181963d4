"""What is said about a folder of cases that cannot be read, in the languages of the product."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "case.E001": Message(
        "There is no case in this folder.", "该文件夹中没有案例。",
        "It holds cases.csv for instruments, cases.json for statistics, or folders with them.",
        "文件夹中应有 cases.csv（量表）或 cases.json（统计方法），或含有它们的子文件夹。",
    ),
    "case.E002": Message(
        "The file cannot be read: {reason}.", "无法读取文件：{reason}。",
        "Look whether it is complete and UTF-8.", "请检查文件是否完整并为 UTF-8 编码。",
    ),
    "case.E003": Message(
        "The case cannot be read: {reason}.", "无法读取案例：{reason}。",
        "Every case has a method, inputs, what is expected, and a source.", "每个案例须有方法、输入、预期结果和来源。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places."""
    return problem_from(MESSAGES, identifier, where, **params)

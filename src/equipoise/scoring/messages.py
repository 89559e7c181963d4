"""What is said about a file that does not hold what an instrument asks, in the languages of the product."""

from dataclasses import replace
from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from
from equipoise.items.messages import in_chinese as item_in_chinese

MESSAGES: Final[dict[str, Message]] = {
    "table.E001": Message(
        "The file is not UTF-8 text.", "文件不是 UTF-8 文本。",
        "Save it as UTF-8; in a spreadsheet choose 'CSV UTF-8'.", "请另存为 UTF-8；电子表格中请选择“CSV UTF-8”。",
    ),
    "table.E002": Message(
        "The file is empty.", "文件为空。",
        "The first line of a table names its columns.", "表格第一行应为列名。",
    ),
    "table.E003": Message(
        "The file cannot be read as {format}: {reason}.", "无法按 {format} 格式读取文件：{reason}。",
        "Check this line, or say with --format what the file is.", "请检查此行，或用 --format 指明文件格式。",
    ),
    "table.E004": Message(
        "The column '{name}' stands twice.", "列“{name}”重复出现。",
        "Rename or remove one of them.", "请重命名或删除其中一列。",
    ),
    "table.E005": Message(
        "The row has {found} cells, and the table has {expected} columns.",
        "该行有 {found} 个单元格，而表格有 {expected} 列。",
        "The whole row counts as not answered until it is corrected.", "更正之前，整行按未填写处理。",
    ),
    "table.E006": Message(
        "There is no input '{name}' of {instrument}.", "{instrument} 没有名为“{name}”的输入项。",
        "Did you mean '{meant}'? A column that is no input is kept with --keep.",
        "您要写的是“{meant}”吗？非输入项的列可用 --keep 保留。",
    ),
    "table.E007": Message(
        "There is no input '{name}' of {instrument}.", "{instrument} 没有名为“{name}”的输入项。",
        "A column that is no input is kept with --keep {name}, or left out of the file.",
        "非输入项的列可用 --keep {name} 保留，或从文件中删去。",
    ),
    "table.E008": Message(
        "There is no column '{name}' to keep.", "没有可保留的列“{name}”。",
        "The columns are {columns}.", "现有的列：{columns}。",
    ),
    "table.E009": Message(
        "The column '{name}' cannot be kept: a result has the same name.", "无法保留列“{name}”：与结果列同名。",
        "Rename it in the file.", "请在文件中重命名该列。",
    ),
    "table.E010": Message(
        "This is not an object with the answers of one patient.", "此处不是一名患者的作答对象。",
        'Write {{"input": answer, ...}}. The row counts as not answered.',
        '请写成 {{"输入项": 作答, ...}}。该行按未填写处理。',
    ),
    "table.E011": Message(
        "{why}", "{why}",
        "It counts as not answered until it is corrected.", "更正之前按未填写处理。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places; what cannot be printed is shown as a box."""
    return problem_from(MESSAGES, identifier, where, **{name: printable(text) for name, text in params.items()})


def printable(text: str) -> str:
    """The text as it can be shown on a terminal, at most 80 characters of it."""
    shown = "".join(sign if sign.isprintable() else "\N{WHITE SQUARE}" for sign in text[:81])
    return shown if len(shown) <= 80 else shown[:79] + "…"


def in_chinese(found: Problem) -> Problem:
    """The same problem said in Chinese; one that comes from another room is translated there or stays as it is."""
    message = MESSAGES.get(found.id)
    if message is None:
        return item_in_chinese(found)
    return replace(found, message=message.zh.format(**found.params), hint=message.hint_zh.format(**found.params))

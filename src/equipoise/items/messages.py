"""What the problems of this room say, in English and in Chinese: fixed sentences with named places to fill."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from equipoise.items.problem import Level, Problem


class Message(NamedTuple):
    """A sentence in both languages, and what to do about it."""

    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""


_ANSWERS: Final = {
    "items.E001": Message(
        "'{text}' is not a missing code.", "“{text}”不是缺失代码。",
        "The codes are {codes}.", "可用的缺失代码：{codes}。",
    ),
    "items.E002": Message(
        "The answer is too long: {length} characters, and at most {most} are kept.",
        "填写内容过长：共 {length} 个字符，最多 {most} 个。",
        "Shorten it.", "请精简内容。",
    ),
    "items.E003": Message(
        "'{text}' is not a whole number.", "“{text}”不是整数。",
        "Write digits only, such as 12 or -3.", "请只填写数字，例如 12 或 -3。",
    ),
    "items.E004": Message(
        "'{text}' is not a number.", "“{text}”不是数值。",
        "Write it plainly, such as 12 or 0.75.", "请按普通数字填写，例如 12 或 0.75。",
    ),
    "items.E005": Message(
        "'{text}' has a comma.", "“{text}”中含有逗号。",
        "Write a decimal point, and nothing between thousands.", "小数请用小数点，千位之间不加分隔符。",
    ),
    "items.E006": Message(
        "{value} has more than {places} decimal places.", "{value} 的小数位数超过 {places} 位。",
        "Write what the source says, with at most {places} decimal places.",
        "请按原始记录填写，最多保留 {places} 位小数。",
    ),
    "items.E007": Message(
        "{value} is impossible: the least that can be is {bound}.", "{value} 不可能出现：下限为 {bound}。",
        "Check the number and its unit against the source.", "请与原始记录核对数值和单位。",
    ),
    "items.E008": Message(
        "{value} is impossible: the most that can be is {bound}.", "{value} 不可能出现：上限为 {bound}。",
        "Check the number and its unit against the source.", "请与原始记录核对数值和单位。",
    ),
    "items.E009": Message(
        "'{text}' is not a date.", "“{text}”不是可识别的日期。",
        "Write year, month and day, such as 2021-03-19.", "请按年-月-日填写，例如 2021-03-19。",
    ),
    "items.E010": Message(
        "{value} is not a day of the calendar.", "{value} 不是日历上存在的日期。",
        "Check the day and the month against the source.", "请与原始记录核对月份和日期。",
    ),
    "items.E011": Message(
        "{value} does not say the day.", "{value} 缺少具体日期。",
        "Give year, month and day, or a missing code such as ?UNK.",
        "请填写完整的年月日；不详时填写缺失代码，如 ?UNK。",
    ),
    "items.E012": Message(
        "'{text}' is not one of the answers.", "“{text}”不在可选答案之内。",
        "Choose one of {codes}.", "请从以下选项中选择：{codes}。",
    ),
    "items.E013": Message(
        "'{text}' is not one of the answers.", "“{text}”不在可选答案之内。",
        "Did you mean '{meant}'?", "您要填写的是“{meant}”吗？",
    ),
    "items.E014": Message(
        "'{text}' is neither yes nor no.", "“{text}”既不是“是”，也不是“否”。",
        "Answer yes or no, or give a missing code such as ?UNK.", "请填写“是”或“否”；不详时填写缺失代码，如 ?UNK。",
    ),
    "items.E015": Message(
        "The text contains a character that cannot be kept: {character}.", "文本中含有无法保存的字符：{character}。",
        "Type it again without copying hidden characters.", "请删除隐藏字符后重新输入。",
    ),
    "items.E016": Message(
        "{value} is too long ago to be right.", "{value} 年代过早，不可能正确。",
        "Write the year with four digits, 1900 or later.", "请用四位数填写年份，且不早于 1900 年。",
    ),
    "items.E017": Message(
        "'{text}' is not in a unit of this question.", "“{text}”的单位不在本题允许的单位之内。",
        "The units are {units}.", "允许的单位：{units}。",
    ),
    "items.E018": Message(
        "'{text}' has the sign {sign}, which this question does not take.", "本题不接受符号“{sign}”：“{text}”。",
        "Write the number as reported; where there is none, choose why it is missing.",
        "请填写报告中的数值；无数值时请选择缺失原因。",
    ),
    "items.E019": Message(
        "'{text}' is not the number of a row.", "“{text}”不是行号。",
        "Choose a row from the list.", "请从列表中选择一行。",
    ),
    "items.W001": Message(
        "{value} is unusually low: {bound} or more is expected.", "{value} 偏低：预期不低于 {bound}。",
        "Check it against the source; keep it if it is right.", "请与原始记录核对；确认无误可保留。",
    ),
    "items.W002": Message(
        "{value} is unusually high: {bound} or less is expected.", "{value} 偏高：预期不高于 {bound}。",
        "Check it against the source; keep it if it is right.", "请与原始记录核对；确认无误可保留。",
    ),
}  # fmt: skip

_RULES: Final = {
    "rule.E001": Message(
        "The rule is empty.", "规则为空。",
        "Write a condition, such as age >= 18.", "请写出条件，例如 age >= 18。",
    ),
    "rule.E002": Message(
        "The rule is too long: {length} characters, and at most {most} are read.",
        "规则过长：共 {length} 个字符，最多 {most} 个。",
        "Give part of it a name as a derivation.", "请将其中一部分定义为派生变量。",
    ),
    "rule.E003": Message(
        "{part} is not part of the rule language.", "规则语言中没有 {part}。",
        "A rule has names, numbers, texts in quotes, comparisons, and / or / not, + - * / and the listed functions.",
        "规则只能使用名称、数字、加引号的文本、比较、and / or / not、+ - * / 以及列出的函数。",
    ),
    "rule.E004": Message(
        "{part} is not part of the rule language.", "规则语言中没有 {part}。",
        "Write {instead}.", "请改写为 {instead}。",
    ),
    "rule.E005": Message(
        "The rule cannot be read: {part} does not fit where it stands.", "规则无法读取：{part} 的位置不正确。",
        "Look for a missing operator, bracket or quotation mark.", "请检查是否缺少运算符、括号或引号。",
    ),
    "rule.E006": Message(
        "The rule is too deeply nested or has too many parts.", "规则嵌套过深或组成部分过多。",
        "Give part of it a name as a derivation.", "请将其中一部分定义为派生变量。",
    ),
    "rule.E007": Message(
        "The number {part} is not written plainly.", "数字 {part} 的写法不规范。",
        "Write digits with at most one decimal point, such as 0.75.", "请只用数字和一个小数点，例如 0.75。",
    ),
    "rule.E008": Message(
        "Texts are neither joined nor marked with a letter: {part}.", "文本不能拼接，引号前也不能加字母：{part}。",
        'Write one text in plain quotation marks, such as "A".', '请用普通引号写一个文本，例如 "A"。',
    ),
    "rule.E009": Message(
        "{part} is not the name of an item.", "{part} 不是条目名称。",
        "Names have small letters, digits and underscores, a letter first; at most {most} are joined by points.",
        "名称由小写字母、数字和下划线组成，以字母开头；用点连接的部分最多 {most} 个。",
    ),
    "rule.E010": Message(
        "There is no function '{name}'.", "没有名为“{name}”的函数。",
        "The functions are {functions}.", "可用的函数：{functions}。",
    ),
    "rule.E011": Message(
        "There is no function '{name}'.", "没有名为“{name}”的函数。",
        "Did you mean '{meant}'?", "您要写的是“{meant}”吗？",
    ),
    "rule.E012": Message(
        "{name} takes {expected}, and was given {given}.", "{name} 需要 {expected}，实际给出 {given}。",
        "Arguments are separated by commas.", "参数之间用逗号分隔。",
    ),
    "rule.E013": Message(
        "{part} is neither true nor false, and that is needed here.", "此处需要真假判断，而 {part} 不是。",
        "Compare it with something, such as x >= 2.", "请写成比较，例如 x >= 2。",
    ),
    "rule.E014": Message(
        "{part} compares things of different kinds.", "{part} 比较了不同类型的内容。",
        "Compare numbers with numbers, and texts with texts.", "数字只能与数字比较，文本只能与文本比较。",
    ),
    "rule.E015": Message(
        "{part} asks which of two is greater, and only numbers and dates have an order.",
        "{part} 比较了大小，但只有数字和日期有大小之分。",
        'List the codes that are meant, such as grade in ("A", "B").', '请列出所指的代码，例如 grade in ("A", "B")。',
    ),
    "rule.E016": Message(
        "{part} is not a list of numbers or a list of texts.", "{part} 不是数字列表，也不是文本列表。",
        'Write the values themselves, such as ("A", "B").', '请直接列出取值，例如 ("A", "B")。',
    ),
    "rule.E017": Message(
        "A comparison with 'not_assessed' is always unknown: {part}.",
        "与 'not_assessed' 比较的结果始终未知：{part}。",
        "Write known(...) or not known(...).", "请使用 known(...) 或 not known(...)。",
    ),
    "rule.E018": Message(
        "'{name}' is a function and stands here without its brackets.", "“{name}”是函数，此处缺少括号。",
        "Write {instead}.", "请写成 {instead}。",
    ),
    "rule.E019": Message(
        "round needs the number of places as a plain number from 0 to {most}, not {part}.",
        "round 的小数位数必须是 0 到 {most} 的数字，不能是 {part}。",
        "Write, for example, round(x, 1).", "例如 round(x, 1)。",
    ),
    "rule.E020": Message(
        "{part} divides by zero.", "{part} 的除数为零。",
        "Check the divisor.", "请检查除数。",
    ),
    "rule.E021": Message(
        "{part} is not a number, and one is needed here.", "此处需要数字，而 {part} 不是数字。",
        "Write a number or the name of an item that has one.", "请填写数字或数值型条目的名称。",
    ),
    "rule.E022": Message(
        "{part} is neither a number nor a date, and one is needed here.", "此处需要数字或日期，而 {part} 两者都不是。",
        "Texts and truth values are compared with == and not calculated with.",
        "文本和真假值只能用 == 比较，不能参与计算。",
    ),
    "rule.E023": Message(
        "{part} is not a date, and one is needed here.", "此处需要日期，而 {part} 不是日期。",
        "Write the name of an item that has a date, such as visit.date.", "请填写日期型条目的名称，例如 visit.date。",
    ),
}  # fmt: skip

MESSAGES: Final[dict[str, Message]] = {**_ANSWERS, **_RULES}


def problem_from(messages: Mapping[str, Message], identifier: str, where: str, **params: str) -> Problem:
    """The problem with this id among a room's messages, in English, with what fills its places; W is a warning."""
    message = messages[identifier]
    level: Level = "warning" if ".W" in identifier else "error"
    return Problem(identifier, where, message.en.format(**params), message.hint_en.format(**params), level, params)


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places."""
    return problem_from(MESSAGES, identifier, where, **params)


def in_chinese(found: Problem) -> Problem:
    """The same problem said in Chinese; one that does not come from this room stays as it is."""
    message = MESSAGES.get(found.id)
    if message is None:
        return found
    return replace(found, message=message.zh.format(**found.params), hint=message.hint_zh.format(**found.params))

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
        "Somebody saved another answer while you were typing.",
        "您填写期间，他人保存了不同的答案。",
        "Take theirs, or save again to put yours in its place.",
        "可采用对方的答案，或再次保存以您的答案替换。",
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
    "web.E008": Message(
        "Words in the text could tell the treatment: {words}.", "文字中含有可能透露用药的词语：{words}。",
        "Leave them out. If they are needed, confirm: then only unmasked readers get the text.",
        "请删去这些词语；如确有必要，请勾选确认，此时文字仅供非盲人员阅读。",
    ),
    "web.E020": Message(
        "{kit} is no number of a kit.", "{kit} 不是有效的药盒编号。",
        "Scan or type it again from the label.", "请对照标签重新扫描或输入。",
    ),
    "web.E021": Message(
        "A temperature is needed.", "请填写温度。",
        "Write it in degrees Celsius, such as 21.5.", "请按摄氏度填写，例如 21.5。",
    ),
    "web.E022": Message(
        "A whole number is needed.", "请填写整数。",
        "Count what is left and write the number.", "请清点剩余数量后填写。",
    ),
    "web.E030": Message(
        "No record was chosen.", "未选择任何记录。",
        "Tick the records you have looked at and want to sign.", "请勾选已核对并要签署的记录。",
    ),
    "web.E031": Message(
        "Somebody changed this form after you looked at it, or it is signed already.",
        "您核对之后此表单已被修改，或已签名。",
        "Look at it again, then sign.", "请重新核对后再签名。",
    ),
    "web.E032": Message(
        "Nobody with this e-mail has an account here.", "没有使用此邮箱的账户。",
        "Check the e-mail. An account is made by whoever keeps the server, with 'equipoise user invite'.",
        "请核对邮箱。账户由服务器维护人员用 equipoise user invite 建立。",
    ),
    "web.E025": Message(
        "A time of day is needed.", "请填写时间。",
        "Write hours and minutes, such as 14:05.", "请按时:分填写，例如 14:05。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

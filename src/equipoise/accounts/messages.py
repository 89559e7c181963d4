"""What is said at the entrance, in the languages of the product. None of it tells whether an account exists."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "accounts.E001": Message(
        "The e-mail, the password or the code is not right.", "电子邮箱、密码或验证码不正确。",
        "Enter them again; a code of the app is good for half a minute, and once.",
        "请重新输入；验证器的验证码半分钟内有效，且只能使用一次。",
    ),
    "accounts.E002": Message(
        "Too many wrong attempts: passwords and six-digit codes are not accepted for a quarter of an hour.",
        "错误次数过多：一刻钟内不接受密码和六位验证码。",
        "Use a passkey, or a recovery code in place of the six digits: these two roads are never shut.",
        "请使用通行密钥，或以恢复码代替六位验证码：这两种方式始终可用。",
    ),
    "accounts.E003": Message(
        "This invitation was used, has expired, or never was.", "该邀请链接已使用、已过期或不存在。",
        "Ask whoever administers the study for a new one.", "请向研究管理人员索取新的邀请链接。",
    ),
    "accounts.E004": Message(
        "This password is too short, too common, or too like your name.", "密码过短、过于常见或与姓名过于相似。",
        "Take 15 characters or more, such as four words nobody would guess.",
        "请使用至少 15 个字符，例如几个不易猜到的词。",
    ),
    "accounts.E005": Message(
        "The two passwords differ.", "两次输入的密码不一致。", "Type it again in both places.", "请重新输入两次。",
    ),
    "accounts.E006": Message(
        "The six digits are not those of the app.", "六位验证码不正确。",
        "Wait for the next code and type it. The clock of the phone must be right.",
        "请等待下一个验证码后再输入，并确认手机时间准确。",
    ),
    "accounts.E007": Message(
        "The passkey could not be verified.", "通行密钥验证失败。",
        "Try again, or sign in with password and code.", "请重试，或使用密码和验证码登录。",
    ),
    "accounts.E008": Message(
        "It is not proved that this is you, so nothing was recorded.", "未能确认您的身份，未记录任何内容。",
        "Use your passkey, or enter your password or a code.", "请使用通行密钥，或输入密码或验证码。",
    ),
    "accounts.E009": Message(
        "Type {person} to confirm that this is you.", "请输入 {person} 以确认身份。",
        "It stands at the top of the page.", "它显示在页面顶部。",
    ),
    "accounts.E010": Message(
        "The first time in a session both are needed: the password and a code.",
        "每次登录后首次确认须同时输入密码和验证码。",
        "After that one of them is enough until you sign out.", "此后至退出登录前，输入其中一项即可。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

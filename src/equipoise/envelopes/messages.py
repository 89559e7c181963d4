"""What sealing and opening say when something is wrong, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message
from equipoise.items.problem import Problem

_SEALING: Final = {
    "envelopes.E001": Message(
        "There is nothing to seal: the plan has no slot.", "没有可封存的内容：分配计划中没有随机号。",
        "Draw the list first.", "请先生成随机分配表。",
    ),
    "envelopes.E002": Message(
        "Nobody could open this list.", "没有任何人能够开启这份随机分配表。",
        "Name the unmasked roles' public keys.", "请指定非盲角色的公钥。",
    ),
    "envelopes.E003": Message(
        "A recipient is named twice.", "同一接收人出现两次。",
        "Each needs a role and a key of its own.", "每位接收人须有各自的角色和密钥。",
    ),
    "envelopes.E004": Message(
        "The key of {role} is a demonstration key: its private half is known to everybody.",
        "{role} 的密钥为演示密钥，其私钥是公开的。",
        "Make a new key for each role.", "请为每个角色生成新的密钥。",
    ),
    "envelopes.E005": Message(
        "The strata do not all have the same number of slots.", "各分层的随机号数量不一致。",
        "Draw as many for each.", "请为每个分层生成相同数量的随机号。",
    ),
    "envelopes.E006": Message(
        "The names of the stratum {stratum} and its arm are too long to be sealed.",
        "分层 {stratum} 与组别的名称过长，无法封存。",
        "Use shorter ids.", "请使用较短的标识。",
    ),
}  # fmt: skip

_OPENING: Final = {
    "envelopes.E010": Message(
        "This envelope is not addressed to {role}.", "该信封不是封给 {role} 的。",
        "Use the key of a recipient of the list.", "请使用接收人的密钥。",
    ),
    "envelopes.E011": Message(
        "The share for {role} does not open with this key.", "无法用此密钥解开封给 {role} 的份额。",
        "It is another key than the list was sealed for, or the envelope was altered.",
        "密钥与封存时使用的不一致，或信封已被改动。",
    ),
    "envelopes.E012": Message(
        "The envelope and its second share do not belong together, or one of them was altered.",
        "信封与第二份额不匹配，或其中之一已被改动。",
        "Compare the envelope with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E013": Message(
        "What is inside is not what the published commitment covers.", "信封内容与已公布的承诺值不符。",
        "Compare the envelope with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E014": Message(
        "The allocator has this slot at another place than the list gives it.",
        "该随机号在分配器中的位置与分配表不一致。",
        "Find out how the allocator's store was changed.", "请查明分配器数据被改动的原因。",
    ),
    "envelopes.E015": Message(
        "The {count} slots are not all the slots of the published commitment.",
        "这 {count} 个随机号不是已公布承诺值所涵盖的全部随机号。",
        "An envelope was left out or put in. Compare with another copy of the sealed list.",
        "信封有缺失或增加，请与封存分配表的其他副本核对。",
    ),
    "envelopes.E016": Message(
        "This label is on two envelopes.", "两个信封使用了同一标签。",
        "Compare with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E017": Message(
        "There is an envelope without a second lock, or a lock without an envelope.",
        "存在没有第二把锁的信封，或没有信封的第二把锁。",
        "Compare the list and the allocator's store with their copies.", "请将分配表和分配器数据分别与其副本核对。",
    ),
}  # fmt: skip

_FILES: Final = {
    "envelopes.E020": Message(
        "This is not a private key of Equipoise, or it is damaged.", "该文件不是 Equipoise 私钥，或已损坏。",
        "Take the other copy of the file.", "请使用该文件的另一份副本。",
    ),
    "envelopes.E021": Message(
        "The passphrase is not right, or the file was altered.", "口令不正确，或文件已被改动。",
        "Try again; then take the other copy of the file.", "请重试；仍不成功时，使用该文件的另一份副本。",
    ),
    "envelopes.E022": Message(
        "This is not a file of the kind {form}, or it is damaged.", "该文件不是 {form} 类型的文件，或已损坏。",
        "Take the other copy of the file.", "请使用该文件的另一份副本。",
    ),
}  # fmt: skip

MESSAGES: Final[dict[str, Message]] = {**_SEALING, **_OPENING, **_FILES}


def problem(identifier: str, where: str, **params: str) -> Problem:
    """What is wrong in English, with what fills its places so that it can be said in another language."""
    message = MESSAGES[identifier]
    return Problem(identifier, where, message.en.format(**params), message.hint_en.format(**params), params=params)

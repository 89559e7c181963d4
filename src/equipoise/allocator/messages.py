"""What the allocator says when it refuses, in the languages of the product. A masked person sees the first only."""

from typing import Final

from equipoise.items.messages import Message, problem_from
from equipoise.items.problem import Problem

MESSAGES: Final[dict[str, Message]] = {
    "allocator.E001": Message(
        "The participant cannot be randomised now.", "目前无法为该受试者进行随机。",
        "Do not give any trial treatment. Call the trial's randomisation service.",
        "请勿给予任何试验用药，并联系本试验的随机化支持人员。",
    ),
    "allocator.E002": Message(
        "This cannot be opened now.", "目前无法开启。",
        "A role that may, a reason, and an assigned slot or a locked study are all needed.",
        "须同时具备：相应权限的角色、开启理由，以及已分配的随机号或已锁定的研究。",
    ),
    "allocator.E003": Message(
        "There is no second lock in the file.", "文件中没有第二把锁的数据。",
        "Take the file of second locks as it was sealed.", "请使用封存时生成的原始文件。",
    ),
    "allocator.E004": Message(
        "A label is given twice.", "同一标签出现两次。",
        "Take the file of second locks as it was sealed.", "请使用封存时生成的原始文件。",
    ),
    "allocator.E005": Message(
        "The positions of a stratum are not 1, 2, 3 and so on.", "某一分层的序号不是从 1 开始连续编号。",
        "Take the file of second locks as it was sealed.", "请使用封存时生成的原始文件。",
    ),
    "allocator.E006": Message(
        "The name of a stratum is longer than {most} characters.", "分层名称超过 {most} 个字符。",
        "Use shorter ids.", "请使用较短的标识。",
    ),
    "allocator.E007": Message(
        "Another list of this study is already here.", "本研究已载入另一份随机分配表。",
        "If it is the same list, sealed again, replace it with 'equipoise load locks --replace'.",
        "如系同一分配表重新封存，请使用 equipoise load locks --replace 替换。",
    ),
    "allocator.E030": Message(
        "No kit can be dispensed now.", "目前无法发放药盒。",
        "Give nothing from another participant's kit. Call the trial's supply manager.",
        "请勿挪用其他受试者的药盒，并联系本试验的药品供应管理员。",
    ),
    "allocator.E031": Message(
        "Another list of kits of this lot is already here.", "该批次已载入另一份药盒清单。",
        "A list that is in use is not replaced.", "使用中的清单不可替换。",
    ),
    "allocator.E008": Message(
        "The ledger and the allocator contradict each other about who has which slot.",
        "研究记录与随机分配器对随机号归属的记载不一致。",
        "Nothing was changed. Stop recruitment, and compare both with their backups.",
        "未作任何更改。请停止招募，并将两者与各自的备份核对。",
    ),
    "allocator.E009": Message(
        "What was released for this request was shown before.", "本次申请的放行码此前已显示过。",
        "If it is still needed, ask anew; that is recorded again.", "如仍需要，请重新申请；系统将再次记录。",
    ),
    "allocator.E010": Message(
        "These second locks are not for the slots of the list that is here.", "第二把锁与现有分配表的随机号不对应。",
        "Take the locks of the same list, sealed again.", "请使用同一分配表重新封存时生成的文件。",
    ),
    "allocator.E013": Message(
        "Draw {number}, of participant {subject}, is not what the seed gives.",
        "第 {number} 次抽取（受试者 {subject}）与种子推算的结果不一致。",
        "Nobody is randomised until it is found out who changed the allocator's store.",
        "在查明分配器数据被何人改动之前，不得再进行随机。",
    ),
    "allocator.E011": Message(
        "The arms of this study are not drawn as participants come: it has a list.",
        "本研究使用预先生成的随机分配表，并非在受试者入组时实时抽取。",
        "No allocator needs to be unlocked.", "无须解锁分配器。",
    ),
    "allocator.E012": Message(
        "The sealed seed and the second locks do not belong together.", "封存的种子与第二把锁不匹配。",
        "Take the file of second locks as it was sealed.", "请使用封存时生成的原始文件。",
    ),
    "allocator.E020": Message(
        "This record cannot be added: its bag has no open order, or is recorded already.",
        "无法添加此记录：该药袋没有已打开的配药单，或其配制已登记。",
        "Open the pharmacy's page anew. A correction is a record of its own.", "请重新打开药房页面。更正须另行登记。",
    ),
    "allocator.E021": Message(
        "The record after this one cannot be read.", "此记录之后的一条记录无法读取。",
        "Keep the database as it is, and compare it with its last copy.", "请保留数据库现状，并与最近一次备份核对。",
    ),
    "allocator.E022": Message(
        "{count} bags were released, as the ledger says, without a record of their preparation; the first is {bag}.",
        "账本显示有 {count} 个药袋已发放，但台账中没有其配制记录；第一个为 {bag}。",
        "Records were removed: compare the register with its last copy.", "记录可能已被删除，请与最近一次备份核对。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

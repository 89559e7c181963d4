"""What the desk says when somebody may not do something, in the languages of the product."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "desk.E001": Message(
        "The role {role} may not do this.", "{role} 角色无此权限。",
        "Ask somebody whose role allows it.", "请由有权限的人员操作。",
    ),
    "desk.E002": Message(
        "You do not work at site {site}.", "您不是 {site} 中心的人员。",
        "Ask somebody of that site.", "请由该中心人员操作。",
    ),
    "desk.E003": Message(
        "The role {role} does not fill in this form.", "{role} 角色不填写此表单。",
        "Ask somebody whose role does.", "请由负责填写的人员操作。",
    ),
    "desk.E004": Message(
        "A factor of the stratification is not known yet.", "分层因素尚未填写完整。",
        "Enter it on the screening forms.", "请在筛选表单中补充。",
    ),
    "desk.E005": Message(
        "This cannot be recorded: {part} is not what it should be.", "无法记录：{part} 的内容不符合要求。",
        "Open the page anew and enter it again.", "请重新打开页面后再次填写。",
    ),
    "desk.E006": Message(
        "The key of {recipient} is not one that may take a look.", "{recipient} 的密钥不可用于期中审查。",
        "Take the public key that the list was sealed for, in the role the protocol names.",
        "请使用封存随机分配表时所用、且属于方案指定角色的公钥。",
    ),
    "desk.E007": Message(
        "The look {look} was released to another key.", "{look} 已放行给另一密钥。",
        "Ask again with the key whose fingerprint stands in the act.", "请使用操作记录中所列指纹对应的密钥。",
    ),
    "desk.E008": Message(
        "Criterion {criterion} was met when eligibility was confirmed, and is not any more.",
        "确认入选资格时符合标准 {criterion}，目前已不符合。",
        "Correct the value it is judged by, or record a screen failure.", "请更正判断所依据的数据，或登记筛选失败。",
    ),
    "desk.E009": Message(
        "Randomisation is halted: the ledger and the allocator do not agree about who has a slot.",
        "随机功能已暂停：研究记录与随机分配器对随机号归属的记载不一致。",
        "Do not give any trial treatment. The operator runs 'equipoise reconcile', or loads the second locks again.",
        "请勿给予任何试验用药。请运维人员执行 equipoise reconcile，或重新载入第二把锁。",
    ),
    "desk.E010": Message(
        "The ledger has participants in slots that the allocator has not given them.",
        "研究记录中有受试者的随机号与随机分配器不符。",
        "The allocator is behind: load its second locks again, and compare both with their backups.",
        "随机分配器数据较旧：请重新载入第二把锁，并将两者与各自的备份核对。",
    ),
    "desk.E030": Message(
        "No dose of {visit} may be prepared for this participant now.", "目前不能为该受试者配制 {visit} 的药物。",
        "Look at the orders again: the visit may be missed, out of its window, or the dose released.",
        "请刷新配药单：该访视可能已缺失、不在时间窗内，或药物已放行。",
    ),
    "desk.E031": Message(
        "The order of {visit} was not opened.", "{visit} 的配药单尚未打开。",
        "Open it in the pharmacy's workspace, and prepare the dose.", "请在药房工作区打开配药单并配制。",
    ),
    "desk.E032": Message(
        "The preparation of {bag} is not recorded.", "{bag} 的配制尚未登记。",
        "Record it; then release the dose.", "请先登记配制，再放行。",
    ),
    "desk.E033": Message(
        "A dose is released {minutes} minutes after its order was opened at the earliest, whatever is in it.",
        "无论内容为何，药物最早须在打开配药单 {minutes} 分钟后方可放行。",
        "Wait until the time shown.", "请等至所示时间。",
    ),
    "desk.E034": Message(
        "This study's sealed list is not on the server.", "服务器上没有本研究的封存分配表。",
        "Ask the administrator to load it.", "请由管理员载入。",
    ),
    "desk.E035": Message(
        "The role {role} does not sign this form.", "{role} 角色不签署此表单。",
        "Ask somebody whose role does.", "请由负责签署的人员签名。",
    ),
    "desk.E040": Message(
        "The role {role} knows arms, and masked people read what is written here.",
        "{role} 角色为非盲，而此处内容由设盲人员阅读。",
        "Keep it in the records of the pharmacy.", "请记录于药房台账。",
    ),
    "desk.E041": Message(
        "Words in the text could tell the treatment: {words}.", "文字中含有可能透露用药的词语：{words}。",
        "Leave them out.", "请删去这些词语。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

"""What stops an analysis: arms that may not be used, and results that contradict themselves."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

_ARMS: Final = {
    "analysis.E001": Message(
        "The study is not locked, and before the lock no analysis may use the true arms.",
        "研究尚未锁定；锁定之前，任何分析都不得使用真实分组。",
        "Leave out --opened and --sealed: the analysis then runs on dummy arms.",
        "请去掉 --opened 和 --sealed，分析将使用虚拟分组。",
    ),
    "analysis.E002": Message(
        "The ledger does not say that the list was opened.", "账本中没有开启分配表的记录。",
        "Record the opening first; until then the analysis runs on dummy arms.",
        "请先登记开启分配表；在此之前，分析使用虚拟分组。",
    ),
    "analysis.E003": Message(
        "The opened list is that of the study {found}, and this one is {study}.",
        "该开启的分配表属于研究 {found}，而本研究为 {study}。",
        "Take the list of this study.", "请使用本研究的分配表。",
    ),
    "analysis.E004": Message(
        "The slots of the opened list do not make the commitment that the ledger recorded when the list was opened.",
        "该分配表的随机号与账本中登记的承诺值不符。",
        "The file was changed, or is that of another list. Take the file that `equipoise open` wrote.",
        "文件已被改动，或属于另一份分配表。请使用 equipoise open 生成的文件。",
    ),
    "analysis.E005": Message(
        "The opened list has {found} slots, and the ledger recorded {recorded} when it was opened.",
        "该分配表有 {found} 个随机号，而账本登记为 {recorded} 个。",
        "Take the file that `equipoise open` wrote.", "请使用 equipoise open 生成的文件。",
    ),
    "analysis.E006": Message(
        "The slot of {subject} is not in the opened list, or stands in another stratum there.",
        "{subject} 的随机号不在该分配表中，或所属分层不一致。",
        "The list is not the one that was sealed for this study. Compare with another copy before anything else.",
        "该表不是为本研究封存的分配表。请先与其他副本核对。",
    ),
    "analysis.E007": Message(
        "The opened list names an arm that the protocol has not: {arm}.", "该分配表中的组别 {arm} 不在方案中。",
        "Take the protocol under which the list was sealed.", "请使用封存分配表时的方案。",
    ),
}  # fmt: skip

_CHECKS: Final = {
    "analysis.E020": Message(
        "The risk ratio {ratio} times the risk of the reference arm {reference} is not the risk of the arm {treated}.",
        "相对危险度 {ratio} 乘以对照组的率 {reference} 不等于试验组的率 {treated}。",
        "Rows of a two-by-two table are arms, columns are event and no event: look for a transposed table.",
        "四格表的行为组别、列为是否发生事件：请检查表格是否转置。",
    ),
    "analysis.E021": Message(
        "The odds ratio {ratio} is not that of the counts, {expected}.",
        "优势比 {ratio} 与例数算得的 {expected} 不符。",
        "Look for a transposed table or another denominator.", "请检查表格是否转置、分母是否一致。",
    ),
    "analysis.E022": Message(
        "The risk difference {difference} is not the difference of the risks, {expected}.",
        "率差 {difference} 与两组率之差 {expected} 不符。",
        "Differences are arm minus reference.", "差值应为试验组减对照组。",
    ),
    "analysis.E023": Message(
        "The proportion {estimate} is not {n} of {N}.", "比例 {estimate} 与 {n}/{N} 不符。",
        "Numerator and denominator belong to another line.", "分子或分母取自另一行。",
    ),
    "analysis.E024": Message(
        "The estimate {estimate} lies outside its limits {lower} to {upper}.",
        "估计值 {estimate} 不在其置信区间 {lower}–{upper} 之内。",
        "Estimate and interval belong to different lines or scales.", "估计值与区间取自不同的行或尺度。",
    ),
    "analysis.E025": Message(
        "{what}: {found}, and {expected} by another count.", "{what}：此处为 {found}，另一处计得 {expected}。",
        "Two parts of the report count different people.", "报告两处统计的人群不一致。",
    ),
    "analysis.E026": Message(
        "The count {n} is not between 0 and {N}.", "例数 {n} 不在 0 到 {N} 之间。",
        "Numerator and denominator belong to another line.", "分子或分母取自另一行。",
    ),
    "analysis.E027": Message(
        "The p value {p} is not between 0 and 1.", "P 值 {p} 不在 0 到 1 之间。",
        "Another number stands in its place.", "该处为其他数值。",
    ),
}  # fmt: skip

MESSAGES: Final[dict[str, Message]] = {**_ARMS, **_CHECKS}


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

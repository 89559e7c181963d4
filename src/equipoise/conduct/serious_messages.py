"""What is said when a serious adverse event may not be recorded so, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message

SERIOUS_MESSAGES: Final[dict[str, Message]] = {
    "conduct.E150": Message(
        "There is no adverse event {row} of this participant.", "该受试者没有第 {row} 条不良事件记录。",
        "Enter the event in the log of adverse events first.", "请先在不良事件表中录入该事件。",
    ),
    "conduct.E151": Message(
        "This moment has not come yet.", "该时间尚未到来。",
        "Look at the date and the time.", "请核对日期和时间。",
    ),
    "conduct.E152": Message(
        "The site knew of this event earlier by what is recorded; its clock is never moved to a later time.",
        "已记录的获知时间更早；报告时限不得后移。",
        "Only an earlier moment can take its place.", "只能更正为更早的时间。",
    ),
    "conduct.E153": Message(
        "This event is not known to be serious.", "该事件尚未登记为严重不良事件。",
        "Say first since when the site knows that it is.", "请先登记研究中心获知的时间。",
    ),
    "conduct.E154": Message(
        "No clock {clock} runs for this event.", "该事件没有适用的报告时限 {clock}。",
        "Look at the clocks of the event again.", "请重新查看该事件的报告时限。",
    ),
    "conduct.E155": Message(
        "A report needs the name of the event.", "报告须包含事件名称。",
        "Enter the event's name in its row; everything else may follow later.",
        "请在不良事件记录中填写事件名称，其余内容可在随访报告中补充。",
    ),
    "conduct.E156": Message(
        "A report cannot go out before its clock began to run.", "报告发出时间不得早于时限起算时间。",
        "Look at the date and the time.", "请核对日期和时间。",
    ),
    "conduct.E158": Message(
        "Row {row} was known as a serious adverse event.", "第 {row} 条已登记为严重不良事件。",
        "Downgrade the event first, with the reason; then mark the row.",
        "请先说明理由并撤销其严重性判定，再标记误录。",
    ),
}  # fmt: skip

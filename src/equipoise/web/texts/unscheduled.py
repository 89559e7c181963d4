"""What the pages say of visits outside the schedule: those nobody planned, and that of who leaves early."""

from typing import Final

from equipoise.web.texts.text import Text

UNSCHEDULED: Final[dict[str, Text]] = {
    "unscheduled.record": Text("Record an unscheduled visit", "登记计划外访视"),
    "unscheduled.heading": Text("U", "计划外"),
    "unscheduled.column": Text("Unscheduled visits", "计划外访视"),
    "unscheduled.because": Text("Why the participant was seen", "访视原因"),
    "unscheduled.means": Text(
        "A visit nobody planned: fill in what was assessed, leave the other forms empty.",
        "不在计划内的访视：填写已评估的表单，其余留空。",
    ),
    "leaving.heading": Text("ET", "提前终止"),
    "leaving.means": Text(
        "For a participant who leaves the study before its end. It has no window; if the participant does not come, "
        "record it as missed.",
        "适用于提前退出研究的受试者。该访视无时间窗；受试者未到访时，请登记为缺失访视。",
    ),
    "leaving.first": Text("If the participant comes once more:", "如受试者还会再来一次："),
    "because.worsening": Text("suspected worsening of the disease", "疑似疾病加重"),
    "because.adverse_event": Text("adverse event", "不良事件"),
    "because.repeat": Text("to repeat or follow up a result", "复查或随访检查结果"),
}

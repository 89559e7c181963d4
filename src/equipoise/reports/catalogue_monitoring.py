"""The texts of interim monitoring: open and closed report, boundary, recommendation; in English and in Chinese."""

from typing import Final

MONITORING: Final[dict[str, tuple[str, str]]] = {
    # --- Frame
    "interim": ("INTERIM DATA: not final", "期中数据：非最终数据"),
    "confidential": ("CLOSED: committee only", "闭门报告：仅供委员会阅读"),
    "open_report": ("Open report · {look}", "公开报告 · {look}"),
    "closed_report": ("Closed report · {look}", "闭门报告 · {look}"),
    "the_look": ("The look", "本次审查"),
    "look": ("Look", "审查"),
    "trial": ("Trial", "试验"),
    "cut": ("Data cut", "数据截点"),
    "cut_text": ("everything recorded up to act {acts}, {day}", "截至账本第{acts}条记录（{day}）的全部数据"),
    "receives": ("Goes to", "报告接收方"),
    "due_when": ("Planned for", "计划时点"),
    "due_information": (
        "{share}% of the information: {wanted} of {planned}",
        "信息量达到{share}%：{wanted}/{planned}",
    ),
    "due_participants": ("{wanted} participants seen at {visit}", "{wanted}例受试者完成{visit}"),
    "due_date": ("{day}", "{day}"),
    "reached": ("Reached at the cut", "截点时已达到"),
    "reached_text": ("{reached} (planned for this look: {wanted})", "{reached}（本次审查计划值：{wanted}）"),
    "information_events": ("Information is counted in events.", "信息量以事件数计。"),
    "information_people": (
        "Information is counted in participants whose primary outcome can be judged.",
        "信息量以主要结局可判定的受试者例数计。",
    ),
    # --- Open report
    "open_note": (
        "This report holds numbers of the whole trial only. Nothing in it is split by what participants receive, and "
        "results that could tell it are left out.",
        "本报告仅含全试验合并数据，不按受试者所接受的治疗分列，可能提示治疗分配的结果未列入。",
    ),
    "suppressed_note": (
        "Counts from 1 to {most} are shown as <{least}. Where one count of a whole could be found by subtraction, the "
        "next smallest is not shown either.",
        "1至{most}之间的计数显示为“<{least}”。若可由合计减出被隐去的计数，则次小的计数亦不显示。",
    ),
    "not_shown": ("not shown", "不显示"),
    "recruitment_title": ("Screened and randomised, by site", "各中心筛选与随机例数"),
    "screened": ("Screened", "筛选"),
    "pooled_flow_title": ("What became of those randomised", "随机受试者的去向"),
    "completeness": ("Completeness of the data", "数据完整性"),
    "completeness_title": (
        "Forms entered of those due at visits held, by form",
        "已完成访视应填表单的录入情况",
    ),
    "entered": ("Entered", "已录入"),
    "due_forms": ("Due", "应录入"),
    "open_queries": ("Queries not closed: {n}", "未关闭质疑：{n}条"),
    "withheld_forms": (
        "Forms left out because their results could tell what is received: {n}",
        "因结果可能提示治疗分配而未列入的表单：{n}张",
    ),
    "pooled_endpoints": ("Primary endpoints, pooled", "主要终点（合并）"),
    "pooled_endpoints_title": ("How far the primary endpoints are known", "主要终点的可判定情况"),
    "judged": ("Participants", "受试者例数"),
    "known_outcome": ("Outcome known", "结局已知"),
    "pooled_events": ("With the event", "发生事件"),
    "pooled_rate": ("Rate", "发生率"),
    "per_100_years": ("{rate} per 100 person-years", "{rate}/100人年"),
    "pooled_safety_title": (
        "Participants with adverse events after randomisation",
        "随机后发生不良事件的受试者",
    ),
    # --- Boundary
    "boundary": ("The planned boundary", "预设界值"),
    "boundary_title": ("{arm} against {reference}: {estimand}", "{arm}与{reference}比较：{estimand}"),
    "boundary_at": ("At the look", "本次审查"),
    "boundary_final": ("At the end", "最终分析"),
    "monitoring_information": ("Information reached of planned", "已达到/计划信息量"),
    "monitoring_alpha_spent": ("Error of the first kind spent so far", "累计消耗的I类错误"),
    "monitoring_efficacy_bound": ("Efficacy bound (nominal level)", "有效性界值（名义检验水准）"),
    "monitoring_futility_bound": ("Futility bound", "无效性界值"),
    "monitoring_statistic": ("Statistic, normal equivalent (P)", "检验统计量（正态当量，P值）"),
    "monitoring_crossed": ("Crossed", "是否越过界值"),
    "monitoring_effect": ("Effect with its ordinary interval", "效应估计（常规置信区间）"),
    "monitoring_repeated": ("Repeated confidence interval (P)", "重复置信区间（P值）"),
    "monitoring_stagewise": (
        "Median-unbiased estimate, stage-wise interval (P)",
        "中位数无偏估计及分阶段排序置信区间（P值）",
    ),
    "monitoring_power_planned": ("Conditional power: the effect planned for", "条件把握度：设计效应"),
    "monitoring_power_current_trend": ("Conditional power: the trend observed", "条件把握度：当前趋势"),
    "monitoring_power_null": ("Conditional power: no effect", "条件把握度：无效应"),
    "monitoring_power_predictive": ("Predictive power", "预测把握度"),
    "crossed_efficacy": ("yes, for efficacy", "是，越过有效性界值"),
    "crossed_futility": ("yes, for futility", "是，越过无效性界值"),
    "crossed_harm": ("yes, in the direction of harm", "是，越过有害方向的界值"),
    "crossed_none": ("no", "否"),
    "boundary_note": (
        "The statistic is positive in the direction of benefit. Repeated intervals hold whatever is decided "
        "(Jennison and Turnbull 1989); the median-unbiased estimate orders outcomes by stage (Tsiatis, Rosner and "
        "Mehta 1984). Conditional power counts the looks still to come (Lan and Wittes 1988).",
        "检验统计量以获益方向为正。重复置信区间不受决定影响（Jennison与Turnbull，1989）；中位数无偏估计按阶段排序"
        "（Tsiatis、Rosner与Mehta，1984）；条件把握度计入后续各次审查（Lan与Wittes，1988）。",
    ),
    "nonbinding_note": (
        "The futility bound does not bind: going on beyond it costs no error of the first kind.",
        "无效性界值为非约束性：越过后继续试验不增加I类错误。",
    ),
    "boundary_not_tested": (
        "The boundary cannot be tested at this cut: {reason}.",
        "本次截点无法进行界值检验：{reason}。",
    ),
    "safety_only": (
        "This look is at safety only: it tests nothing and spends no error of the first kind.",
        "本次审查仅针对安全性，不进行有效性检验，不消耗I类错误。",
    ),
    "looks_held": (
        "{held} of {planned} planned looks at efficacy were held before; what error they have left is tested here.",
        "计划的{planned}次有效性期中分析中已进行{held}次；此处按剩余的I类错误进行检验。",
    ),
    # --- Key page
    "key_page": ("Which letter is which arm", "组别代码对照"),
    "letter": ("Letter", "代码"),
    # --- Recommendation
    "recommendation": ("Recommendation of the data monitoring committee", "数据监查委员会建议书"),
    "recommendation_letter": (
        "The committee has reviewed the data of this look. It recommends (mark one):",
        "委员会已审阅本次期中数据，建议如下（单选）：",
    ),
    "recommend_continue": ("to continue the trial without modification", "按现行方案继续试验"),
    "recommend_modify": ("to continue with the modifications written below", "按下述修改意见继续试验"),
    "recommend_stop_efficacy": ("to stop the trial for efficacy", "因有效性提前终止试验"),
    "recommend_stop_futility": ("to stop the trial for futility", "因无效性提前终止试验"),
    "recommend_stop_safety": ("to stop the trial for safety", "因安全性提前终止试验"),
    "modifications": ("Modifications (no data, no reasons)", "修改意见（不得包含数据和理由）"),
    "chair": ("Chair", "主席"),
    "signature_date": ("Signature, date", "签名、日期"),
    "recommendation_note": (
        "This page goes to the sponsor. Its wording is fixed and holds no data. The chair also signs the "
        "recommendation in the ledger, where nothing but the line marked above stands.",
        "本页提交申办者，措辞固定，不含任何数据。主席另在账本中签署同一建议，其中仅记录上方所选内容。",
    ),
    "closed_minutes": ("Closed minutes: stay with the committee", "闭门会议纪要：由委员会保存"),
    "present": ("Members present", "出席委员"),
    "votes": ("Votes", "表决结果"),
    "grounds": ("Grounds", "理由"),
    "keep_until": ("Kept closed until the list is opened.", "揭盲前不得公开。"),
    "worst": ("By worst severity", "按最高严重程度"),
}

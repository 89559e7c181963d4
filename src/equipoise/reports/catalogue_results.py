"""The fixed texts of the report that speak of results: endpoints, estimands, safety and methods."""

from typing import Final

RESULTS: Final[dict[str, tuple[str, str]]] = {
    # --- Estimands
    "primary": ("Primary endpoint", "主要终点"),
    "secondary": ("Secondary endpoints", "次要终点"),
    "exploratory": ("Exploratory endpoints", "探索性终点"),
    "safety_tier": ("Safety endpoints", "安全性终点"),
    "population": ("Population", "人群"),
    "treatments": ("Treatments compared", "比较的治疗"),
    "treatments_text": ("{arms}, against {reference}", "{arms}，对照为{reference}"),
    "endpoint": ("Variable", "变量"),
    "endpoint_through": ("{label} (through {visit})", "{label}（截至{visit}）"),
    "summary": ("Summary measure", "群体层面汇总"),
    "treatment_stopped_event": ("treatment stopped", "停止治疗"),
    "withdrawn_event": ("left the trial", "退出试验"),
    "missed_assessment_event": ("assessment missed", "漏评估"),
    "died_event": ("death", "死亡"),
    "prohibited_medication_event": ("prohibited medication", "使用禁用药物"),
    "treatment_policy": ("treatment policy", "疗法策略"),
    "composite": ("composite", "复合变量策略"),
    "hypothetical": ("hypothetical", "假想策略"),
    "while_on_treatment": ("while on treatment", "在治策略"),
    "principal_stratum": ("principal stratum", "主层策略"),
    # --- Results
    "result_title": ("{label}: result", "{label}：结果"),
    "event_line": ("Event or counted as one, n/N (%)", "发生事件（含按事件计者），n/N（%）"),
    "interval_of_risk": ("interval of the proportion, %", "比例的置信区间，%"),
    "unknown_line": ("Outcome unknown, n", "结局未知，n"),
    "comparison": ("{arm} against {reference}", "{arm}对比{reference}"),
    "risk_difference": ("Risk difference, percentage points ({level}% CI)", "率差，百分点（{level}% CI）"),
    "risk_ratio": ("Risk ratio ({level}% CI)", "相对危险度（{level}% CI）"),
    "odds_ratio": ("Odds ratio ({level}% CI)", "优势比（{level}% CI）"),
    "hazard_ratio": ("Hazard ratio ({level}% CI)", "风险比（{level}% CI）"),
    "mean_difference": ("Difference of adjusted means ({level}% CI)", "校正均值之差（{level}% CI）"),
    "test": ("p value", "P值"),
    "events_line": ("Events, n/N", "事件，n/N"),
    "risk_at_end": (
        "Risk by day {day} (Kaplan–Meier), % ({level}% CI)",
        "第{day}天累积风险（Kaplan-Meier），%（{level}% CI）",
    ),
    "median_time": ("Median time, days ({level}% CI)", "中位时间，天（{level}% CI）"),
    "not_reached": ("not reached", "未达到"),
    "baseline_mean": ("At baseline, mean (SD)", "基线，均值（标准差）"),
    "final_mean": ("At {visit}, mean (SD)", "{visit}，均值（标准差）"),
    "outcome_mean": ("Change, mean (SD)", "变化值，均值（标准差）"),
    "adjusted_mean": ("Adjusted mean ({level}% CI)", "校正均值（{level}% CI）"),
    "analysed_n": ("Analysed, n of N", "纳入分析，n/N"),
    "main": ("Main analysis", "主要分析"),
    "sensitivity": ("Sensitivity {n}", "敏感性分析{n}"),
    "within_strata": ("within strata of: {strata}", "按{strata}分层"),
    "missing_event": ("unknown = event", "未知者计为发生事件"),
    "missing_no_event": ("unknown = no event", "未知者计为未发生事件"),
    "missing_complete_case": ("unknown left out", "剔除未知者"),
    "missing_complete_visits": ("known at every visit only", "仅纳入各次访视均有数据者"),
    "missing_available": ("everyone with a value", "纳入所有有数据者"),
    "bound": ("What the unknown could change", "未知结局的影响范围"),
    "bound_event": ("all unknown = event", "所有未知者均计为事件"),
    "bound_no_event": ("all unknown = no event", "所有未知者均计为无事件"),
    "bound_arm_event": (
        "unknown = event in {arm}, none in {reference}",
        "未知者：{arm}计为事件，{reference}计为无事件",
    ),
    "bound_reference_event": (
        "unknown = none in {arm}, event in {reference}",
        "未知者：{arm}计为无事件，{reference}计为事件",
    ),
    "forest": ("{label}: difference from {reference}", "{label}：与{reference}之差"),
    "favours_arm": ("better than {reference}", "优于{reference}"),
    "favours_reference": ("worse than {reference}", "劣于{reference}"),
    "percentage_points": ("percentage points", "百分点"),
    "curve": ("{label}: proportion still free of the event", "{label}：未发生事件的比例"),
    "curve_caption": (
        "Kaplan–Meier, band: {level}% pointwise limits (log-log); ticks: censored. "
        "Beyond the last planned visit few are still followed. {test}",
        "Kaplan-Meier曲线，色带：{level}%逐点置信限（log-log变换）；短竖线：删失。末次计划访视之后仍在随访者很少。{test}",
    ),
    "weeks": ("weeks since randomisation", "随机后周数"),
    "at_risk": ("At risk", "风险集人数"),
    "trajectory": ("{label} over time", "{label}随时间的变化"),
    "trajectory_caption": (
        "Mean with {level}% interval of those attending, everyone randomised. Numbers of participants below.",
        "全部随机受试者中到访者的均值及{level}%置信区间，下方为例数。",
    ),
    "reading_event": (
        "{label}: {n1} of {N1} ({p1}%) with {arm} and {n0} of {N0} ({p0}%) with {reference}; difference {rd} "
        "percentage points ({level}% CI {ci}), p\u00a0{p}.",
        "{label}：{arm}{n1}/{N1}例（{p1}%），{reference}{n0}/{N0}例（{p0}%）；"
        "率差{rd}个百分点（{level}% CI {ci}），P\u00a0{p}。",
    ),
    "reading_unknown": (
        "The outcome was not known in {u1} and {u0} of them; {missing}. Whatever it was, the difference lies between "
        "{low} and {high} percentage points.",
        "其中分别有{u1}例和{u0}例结局未知，{missing}。无论其真实结局如何，率差介于{low}至{high}个百分点之间。",
    ),
    "reading_mean": (
        "{label}: adjusted mean {m1} with {arm} and {m0} with {reference}; difference {d} ({level}% CI {ci}), "
        "p\u00a0{p}.",
        "{label}：{arm}校正均值{m1}，{reference}{m0}；差值{d}（{level}% CI {ci}），P\u00a0{p}。",
    ),
    "reading_time": (
        "{label}: hazard ratio {hr} ({level}% CI {ci}) for {arm} against {reference}, p\u00a0{p}.",
        "{label}：{arm}对比{reference}，风险比{hr}（{level}% CI {ci}），P\u00a0{p}。",
    ),
    "reading_none": (
        "{label}, {arm} against {reference}: not estimable ({reason}).",
        "{label}，{arm}对比{reference}：无法估计（{reason}）。",
    ),
    "counted_event": ("here they count as events", "本分析中计为发生事件"),
    "counted_no_event": ("here they count as having no event", "本分析中计为未发生事件"),
    "counted_complete_case": ("here they are left out", "本分析中予以剔除"),
    "counted_available": ("here they are left out", "本分析中予以剔除"),
    "ended_withdrew": ("withdrew before the last assessment", "末次评估前退出"),
    "ended_lost": ("lost before the last assessment", "末次评估前失访"),
    "ended_died": ("died before the last assessment", "末次评估前死亡"),
    "ended_other": ("left before the last assessment", "末次评估前因其他原因离开"),
    "last_assessment_missed": ("last assessment missed", "未完成末次评估"),
    "not_reached_reason": ("last assessment not reached yet", "尚未到末次评估"),
    "answer_not_known": ("assessed, but not everything it needs is known", "已评估，但所需信息不全"),
    "binary_title": ("{tier}: proportions", "{tier}：比例"),
    "means_title": ("{tier}: means", "{tier}：均值"),
    "times_title": ("{tier}: times to an event", "{tier}：事件发生时间"),
    "binary_note": (
        "Events as counted by each endpoint's rule for unknown outcomes; how many were unknown stands behind the plus "
        "sign. Lower is better unless marked ↑.",
        "事件数按各终点对未知结局的处理规则计算，加号后为未知例数。除标注↑者外，数值越低越好。",
    ),
    # --- Methods
    "methods_frame": (
        "{set}: {n} participants. Intervals are two-sided {level}%. Nothing is adjusted for multiple comparisons; only "
        "the primary endpoint is confirmatory. Differences are arm minus {reference}, ratios arm over {reference}.",
        "{set}：{n}例。置信区间均为双侧{level}%。未做多重性校正，仅主要终点为确证性。差值为各组减去{reference}，比值为各组除以{reference}。",
    ),
    "methods_event": (
        "An endpoint of yes or no is “yes” if its rule holds at any assessment after baseline through the last one, "
        "“no” only if it certainly does not hold at every assessment attended, the last one among them, and otherwise "
        "unknown.",
        "二分类终点：基线后至末次评估期间任一次评估符合规则即为“是”；"
        "仅当所有已完成评估（含末次评估）均确定不符合规则时为“否”；其余为未知。",
    ),
    "methods_time": (
        "Time runs from the day of randomisation (day 0) to the assessment that first shows the event, or is censored "
        "at the last assessment with a known answer.",
        "时间自随机当日（第0天）计至首次评估到事件之日；未发生者于末次结果已知的评估时删失。",
    ),
    "methods_mean": (
        "Means are compared by analysis of covariance, adjusted for the value at baseline and for {factors}.",
        "均值比较采用协方差分析，以基线值及{factors}为协变量。",
    ),
    "methods_used": ("Methods used: {methods}.", "所用方法：{methods}。"),
    "two_proportions": ("two proportions", "两组率的比较"),
    "survival": ("time-to-event analysis", "生存分析"),
    "ancova": ("analysis of covariance", "协方差分析"),
    "methods_repeated": (
        "The mixed model for repeated measures has arm by visit, the value at baseline by visit and the factors of the "
        "randomisation as fixed effects, restricted maximum likelihood, and degrees of freedom by Kenward and Roger "
        "(first order); everybody with a value at baseline and at one visit after it contributes.",
        "重复测量混合模型以组别×访视、基线值×访视及随机分层因素为固定效应，"
        "采用限制性最大似然估计及Kenward–Roger（一阶）自由度；"
        "具有基线值及至少一次基线后数值者均纳入。",
    ),
    "mmrm": ("mixed model for repeated measures", "重复测量混合模型（MMRM）"),
    "covariance": ("{structure} covariance", "{structure}协方差结构"),
    "covariance_us": ("unstructured", "非结构化"),
    "covariance_toep": ("Toeplitz", "Toeplitz"),
    "covariance_toeph": ("heterogeneous Toeplitz", "异质Toeplitz"),
    "covariance_adh": ("heterogeneous antedependence", "异质前依赖"),
    "covariance_ar1": ("autoregressive", "一阶自回归"),
    "covariance_ar1h": ("heterogeneous autoregressive", "异质一阶自回归"),
    "covariance_cs": ("compound symmetric", "复合对称"),
    "covariance_csh": ("heterogeneous compound symmetric", "异质复合对称"),
    "summary_function": ("description", "描述性统计"),
}

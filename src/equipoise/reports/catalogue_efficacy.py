"""The fixed texts of the report about estimands, sensitivity analyses, subgroups, components and recurrent events."""

from typing import Final

EFFICACY: Final[dict[str, tuple[str, str]]] = {
    # --- Estimands in words
    "estimands": ("What is estimated", "估计目标"),
    "estimands_text": (
        "Each estimand by its five attributes (ICH E9(R1)), as the protocol has them; those that differ in their "
        "variable alone stand together. The first event after randomisation that has another strategy than treatment "
        "policy decides what a participant contributes.",
        "各估计目标按ICH E9(R1)的五个属性列出，内容取自方案文件；仅变量不同者合并列出。"
        "受试者的贡献由随机后首个不采用疗法策略的伴发事件决定。",
    ),
    "event_and_strategy": ("Event: {event}", "伴发事件：{event}"),
    "estimands_alike": ("{first}, and {n} alike", "{first}，以及同类{n}项"),
    "variables": ("Variables", "变量"),
    "lost_event": ("lost to follow-up", "失访"),
    "pandemic_event": ("disturbed by the pandemic", "受疫情影响"),
    # --- Sensitivity and supplementary analyses
    "sensitivity_title": ("{label}: the main analysis and the others", "{label}：主要分析与其他分析"),
    "analysis_column": ("Analysis", "分析"),
    "same_estimand": ("Sensitivity: the same estimand", "敏感性分析：同一估计目标"),
    "other_estimands": ("Supplementary: other estimands", "补充分析：其他估计目标"),
    "difference_short": ("Difference ({level}% CI)", "差值（{level}% CI）"),
    "points_short": ("Difference, pp ({level}% CI)", "率差，%（{level}% CI）"),
    "ratio_short": ("Risk ratio ({level}% CI)", "相对危险度（{level}% CI）"),
    "hazard_short": ("Hazard ratio ({level}% CI)", "风险比（{level}% CI）"),
    "rate_short": ("Rate ratio ({level}% CI)", "率比（{level}% CI）"),
    "share_note": (
        "Arms: participants counted with the event, of those analysed. A per cent alone is a Kaplan–Meier risk at the "
        "last planned visit.",
        "各组：计为事件者/纳入分析者。仅列百分比者为至末次计划访视的Kaplan-Meier累积风险。",
    ),
    "means_note": ("Arms: adjusted mean and the number analysed.", "各组：校正均值及纳入分析例数。"),
    "episodes_note": ("Arms: episodes per participant and year.", "各组：每人年发作次数。"),
    "events_note_short": ("Arms: participants with the event, of all.", "各组：发生事件者/总例数。"),
    "forest_ratio": ("{label}: ratio to {reference}", "{label}：与{reference}之比"),
    "hazard_ratio_axis": ("hazard ratio", "风险比"),
    "rate_ratio_axis": ("rate ratio", "率比"),
    "unknown_title": (
        "Yes or no: outcomes that are not known, and how far they could move the difference",
        "二分类终点：结局未知例数及其对率差的可能影响",
    ),
    "unknown_n": ("Not known: {arm}", "结局未知：{arm}"),
    "lowest": ("Lowest possible, pp ({level}% CI)", "可能的最低值，百分点（{level}% CI）"),
    "highest": ("Highest possible, pp ({level}% CI)", "可能的最高值，百分点（{level}% CI）"),
    "main_short": ("Main analysis, pp ({level}% CI)", "主要分析，百分点（{level}% CI）"),
    "unknown_note": (
        "Lowest and highest: every unknown outcome an event in one arm and none in the other. Outcomes that a strategy "
        "turned into a failure are still unknown here.",
        "最低值与最高值：一组的未知结局全部计为事件，另一组全部计为无事件。因策略而计为失败者在此仍按未知处理。",
    ),
    # --- Tipping point
    "tipping_point": ("tipping point", "临界点分析"),
    "tipping_title": ("{label}: tipping point, {arm} against {reference}", "{label}：临界点分析，{arm}对比{reference}"),
    "tipping_arm": ("events among the {n} unknown with {arm}", "{arm}{n}例未知者中的事件数"),
    "tipping_below": ("p ≤ {alpha}, {arm} lower", "P≤{alpha}，{arm}较低"),
    "tipping_above": ("p ≤ {alpha}, {arm} higher", "P≤{alpha}，{arm}较高"),
    "tipping_none": ("p > {alpha}", "P>{alpha}"),
    "tipping_caption": (
        "Each cell is one way in which the unknown outcomes could have turned out; its colour is the result of a test.",
        "每一格表示未知结局的一种可能组合，颜色为相应的检验结果。",
    ),
    "tipping_line": ("p > {alpha} in {n} of {N} ways", "{N}种组合中{n}种P>{alpha}"),
    # --- Functions
    "logistic": ("logistic regression, standardised", "Logistic回归（标准化）"),
    "kaplan_meier": ("Kaplan–Meier risk at the last visit", "末次访视时的Kaplan-Meier累积风险"),
    "negative_binomial": ("negative binomial regression", "负二项回归"),
    "andersen_gill": ("proportional rates, robust variance", "比例率模型（稳健方差）"),
    "reference_based": ("reference-based imputation", "基于参照组的填补"),
    "jump_to_reference": ("jump to reference", "跳转至参照组（J2R）"),
    "copy_reference": ("copy reference", "复制参照组（CR）"),
    "copy_increments": ("copy increments in reference", "复制参照组增量（CIR）"),
    "missing_at_random": ("missing at random", "随机缺失（MAR）"),
    "methods_reference_based": (
        "Reference-based imputation fills the gaps of a mixed model by their conditional means; what follows the end "
        "of treatment or participation is imputed from the reference arm, every other gap as missing at random; "
        "analysis of covariance follows, its errors by the jackknife (Wolbers et al. 2022).",
        "基于参照组的填补：以混合模型的条件均值填补缺失值；停止治疗或退出后的数据按参照组填补，其余缺失按随机缺失填补；"
        "随后进行协方差分析，标准误由刀切法估计（Wolbers等，2022）。",
    ),
    "adjusted_for": ("adjusted for: {names}", "校正：{names}"),
    "methods_count": (
        "Episodes of a count are apart by at least {n} known assessment(s) without the event; the time to the last "
        "known assessment is the exposure.",
        "计数终点：两次发作之间至少有{n}次结果已知且未出现事件的评估；以至末次已知评估的时间为暴露量。",
    ),
    # --- Recurrent events
    "episodes_line": ("Episodes", "发作次数"),
    "with_episodes_line": ("Participants with any, n/N (%)", "至少一次者，n/N（%）"),
    "followed_years": ("Years of follow-up", "随访人年"),
    "rate_line": ("Episodes per participant and year", "每人年发作次数"),
    "mean_events_line": (
        "Mean number by day {day} ({level}% CI)",
        "至第{day}天的平均累积次数（{level}% CI）",
    ),
    "rate_ratio": ("Rate ratio ({level}% CI)", "率比（{level}% CI）"),
    "episodes_title": ("{tier}: episodes", "{tier}：发作次数"),
    "rates_column": ("{arm}: episodes (a year)", "{arm}：次数（每人年）"),
    "mean_function": ("{label}: mean number per participant", "{label}：人均累积次数"),
    "mean_function_caption": (
        "Mean cumulative function (Nelson–Aalen), band: {level}% pointwise limits on the log scale.",
        "平均累积函数（Nelson-Aalen），色带：{level}%逐点置信限（对数尺度）。",
    ),
    "reading_rate": (
        "{label}: {r1} episodes per participant and year with {arm} and {r0} with {reference}; rate ratio {rr} "
        "({level}% CI {ci}), p\u00a0{p}.",
        "{label}：{arm}每人年{r1}次，{reference}{r0}次；率比{rr}（{level}% CI {ci}），P\u00a0{p}。",
    ),
    "reading_risk": (
        "{label}: Kaplan–Meier risk {p1}% with {arm} and {p0}% with {reference}; difference {rd} percentage points "
        "({level}% CI {ci}), p\u00a0{p}.",
        "{label}：Kaplan-Meier累积风险{arm}为{p1}%，{reference}为{p0}%；率差{rd}个百分点（{level}% CI {ci}），"
        "P\u00a0{p}。",
    ),
    # --- Subgroups
    "subgroups": ("Subgroups", "亚组分析"),
    "subgroups_text": (
        "The groups were chosen in the protocol. They are small and many: a single one that stands out is what chance "
        "does. The p value asks whether the effects of a variable's groups differ from each other (Cochran's Q), not "
        "whether any of them differs from nothing.",
        "亚组均在方案中预先指定。亚组例数少而数目多，个别亚组结果突出可由机遇所致。"
        "P值检验同一变量各亚组的效应是否不同（Cochran Q检验），而非某一亚组有无效应。",
    ),
    "subgroups_title": ("{label}: {arm} against {reference} in subgroups", "{label}：亚组中{arm}对比{reference}"),
    "everybody": ("Everybody", "全体"),
    "interaction_p": ("p (int.)", "交互P"),
    "subgroups_caption": (
        "Interaction: Cochran's Q over the groups. No p value within a group.",
        "交互作用：各亚组间的Cochran Q检验；亚组内不做检验。",
    ),
    "not_grouped": ("{variable}: not known in {n} of {N}.", "{variable}：{N}例中{n}例未知。"),
    # --- Components
    "components": ("What the endpoint is made of", "终点的组成"),
    "components_note": (
        "Participants n (%), each counted once in a line, and assessments after the comma. Several can stand at one "
        "assessment. Everybody randomised.",
        "受试者n（%），每行每例只计一次；逗号后为评估次数。同一次评估可同时计入多项。全部随机受试者。",
    ),
    "components_caption": (
        "Share of everybody randomised in whom it was seen at least once.",
        "全部随机受试者中至少出现一次者的比例。",
    ),
    # --- Over time
    "trajectory_share_caption": (
        "Proportion with {level}% interval of those attending in whom it is known, everyone randomised. How many that "
        "are stands below.",
        "全部随机受试者中到访且结果已知者的比例及{level}%置信区间，下方为结果已知的例数。",
    ),
}

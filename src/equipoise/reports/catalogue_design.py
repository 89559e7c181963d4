"""The fixed texts of the design report: what was assumed, what simulated trials found, and how sure that is."""

from typing import Final

DESIGN: Final[dict[str, tuple[str, str]]] = {
    "design_report": ("Report of a design", "设计报告"),
    "design_lead": (
        "Every number here comes from simulated trials. It says what follows from the assumptions and nothing about "
        "any treatment; no result of a real trial was used.",
        "本报告所有数字均来自模拟试验，仅说明由假设推导出的结果，不能说明任何治疗的效果；未使用任何真实试验的结果。",
    ),
    "design_seed": ("Seed of the random numbers", "随机数种子"),
    "design_trials": ("Simulated trials of each design", "每个设计的模拟试验次数"),
    "design_scenario": ("Scenario: {name}", "情景：{name}"),
    "design_analyses": ("Analyses", "分析"),
    "design_monitored": ("with the looks, at the stop", "含期中分析，以停止时为准"),
    "design_randomisation_test": ("by the randomisation test", "随机化检验"),
    "design_cells": ("Share of trials that reject, by what is assumed", "不同假设下拒绝原假设的试验比例"),
    "design_course": ("What a trial looks like on average", "试验平均情况"),
    "design_rejects": ("Rejects, % (MC error)", "拒绝比例，%（蒙特卡罗误差）"),
    "design_truth": ("Truth", "真值"),
    "design_no_truth": (
        "What is assumed leaves none of these analyses a single true value, so bias and coverage are not told.",
        "在上述假设下，各项分析均无唯一真值，故不列偏倚和覆盖率。",
    ),
    "design_mean": ("Mean estimate", "估计均值"),
    "design_bias": ("Bias (MC error)", "偏倚（蒙特卡罗误差）"),
    "design_coverage": ("Coverage, % (MC error)", "覆盖率，%（蒙特卡罗误差）"),
    "design_spread": ("SE: empirical, model", "标准误：经验、模型"),
    "design_quantity": ("Quantity", "指标"),
    "design_average": ("Mean (MC error)", "均值（蒙特卡罗误差）"),
    "design_per_arm": ("{what}: {arm}", "{what}：{arm}"),
    "design_size": ("Participants", "受试者例数"),
    "design_with_event": ("participants with the event", "发生事件的受试者"),
    "design_unknown": ("participants with an unknown outcome", "结局未知的受试者"),
    "design_onsets": ("events, recurrent ones included", "事件数（含复发事件）"),
    "duration_weeks": ("Weeks from the first entry to the end of follow-up", "首例入组至随访结束的周数"),
    "imbalance": ("By how many participants the arms differ", "两组例数之差"),
    "correct_guess": ("Next allocations guessed right", "猜中下一分组的比例"),
    "design_figure": ("{label}: share of trials that reject", "{label}：拒绝原假设的试验比例"),
    "design_figure_caption": (
        "Bands and bars: 1.96 Monte-Carlo standard errors to either side. Dotted line: the significance level.",
        "色带与竖线为±1.96倍蒙特卡罗标准误。点线为显著性水平。",
    ),
    "design_assumed": ("What is assumed", "假设"),
    "design_assumption": ("Assumption", "假设"),
    "design_assumed_value": ("Value", "取值"),
    "design_factors": ("Factors balanced", "平衡因素"),
    "design_varied": ("varied, as in the table above", "取多个值，见上表"),
    "design_weeks": ("Weeks since recruitment began", "入组开始后的周数"),
    "design_recruitment": ("Course of recruitment", "入组进度"),
    "design_recruitment_caption": (
        "The line is the middle of 500 simulated trials; the darker band holds half of them, both bands nine of ten.",
        "实线为500次模拟试验的中位数；深色带含半数试验，两色带合计含九成试验。",
    ),
    "design_target": ("Target: {target}", "目标：{target}例"),
    "design_full": (
        "Target reached: {middle} in the middle; {first} to {last} in nine of ten",
        "达到目标：中位{middle}；九成试验在{first}至{last}之间",
    ),
    "design_crossing": ("{label}: share of trials stopped by each look", "{label}：至各次期中分析时已停止的试验比例"),
    "design_crossing_caption": (
        "Cumulative; bands and bars: 1.96 Monte-Carlo standard errors to either side.",
        "累计比例；色带与竖线为±1.96倍蒙特卡罗标准误。",
    ),
    "design_stock": (
        "Share of trials in which a dose is missed because a site is out of stock",
        "因中心缺药而漏用至少一剂的试验比例",
    ),
    "design_shares_caption": (
        "Bands and bars: 1.96 Monte-Carlo standard errors to either side.",
        "色带与竖线为±1.96倍蒙特卡罗标准误。",
    ),
    "design_look": ("Look", "期中分析序次"),
    "stopped_efficacy": ("for efficacy", "因有效"),
    "stopped_futility": ("for futility", "因无效"),
    "stopped_harm": ("for harm", "因有害"),
    "design_methods": ("How this was computed", "计算方法"),
    "design_methods_text": (
        "Trials were simulated from the protocol and the scenario at the level of analysis rows. The share that "
        "rejects is the power, or the type I error where there is no effect; a test that cannot be computed does not "
        "reject. Bias is the mean estimate less the truth, the value for first events in the population assumed with "
        "everybody followed to the end; a dash stands where there is no single true value. Monte-Carlo standard "
        "errors: Morris, White and Crowther, Statistics in Medicine 2019;38:2074. Random numbers: Philox4x32-10, a "
        "stream for each trial and participant, so that the same seed gives the same numbers everywhere.",
        "模拟试验依据方案与情景文件在分析数据行层面产生。拒绝比例即检验效能；无效应时即Ⅰ类错误率；无法计算的检验视为未拒绝。"
        "偏倚为估计均值减真值，真值指所假设人群中全部受试者完成随访时首次事件对应的数值；无唯一真值时以短横线表示。"
        "蒙特卡罗标准误见Morris、White和Crowther，Statistics in Medicine 2019;38:2074。"
        "随机数采用Philox4x32-10，每个试验和受试者各有独立序列，相同种子在任何机器上得到相同结果。",
    ),
}

"""Texts of the page on which a design is tried out."""

from typing import Final

from equipoise.web.texts.text import Text

DESIGN: Final[dict[str, Text]] = {
    "nav.design": Text("Design", "设计"),
    "design.title": Text("Try out a design", "试算设计方案"),
    "design.lead": Text(
        "SIMULATED. Power in invented trials that follow the protocol and the assumptions below. Nothing recorded in "
        "this study is used.",
        "模拟结果。根据方案与下列假设模拟的试验中的检验效能，未使用本研究已记录的任何数据。",
    ),
    "design.assumed": Text("What is assumed", "假设"),
    "design.risk": Text("Participants with the event in the control arm, %", "对照组发生事件的比例，%"),
    "design.hazard_ratio": Text("Effect: hazard ratio (1 is none)", "效应：风险比HR（1为无效应）"),
    "design.leaves": Text("Lost by the end, %", "随访结束前退出，%"),
    "design.participants": Text("Participants, both arms", "两组总例数"),
    "design.scheme": Text("Randomisation", "随机化方法"),
    "design.scheme.blocks_random": Text("Blocks of 4 and 6 at random", "随机区组（4、6）"),
    "design.scheme.blocks_4": Text("Blocks of 4", "固定区组（4）"),
    "design.scheme.big_stick": Text("Big stick, limit 3", "大棒法（上限3）"),
    "design.scheme.biased_coin": Text("Biased coin, 2/3", "偏币法（2/3）"),
    "design.scheme.wei_urn": Text("Wei's urn", "Wei氏瓮法"),
    "design.scheme.complete": Text("Complete randomisation", "完全随机"),
    "design.scheme.minimisation": Text("Minimisation, 0.8", "最小化随机（0.8）"),
    "design.compute": Text("Compute", "计算"),
    "design.curve": Text("Power by number of participants", "检验效能与例数"),
    "design.at": Text("With {participants} participants", "{participants}例时"),
    "design.power": Text("{analysis}: power", "{analysis}：检验效能"),
    "design.error": Text("± {error} points, Monte Carlo", "± {error}个百分点（蒙特卡罗误差）"),
    "design.treated_with_event": Text("With the event, treated", "试验组发生事件的例数"),
    "design.reference_with_event": Text("With the event, control", "对照组发生事件的例数"),
    "design.unknown": Text("Outcome unknown", "结局未知的例数"),
    "design.correct_guess": Text("Next allocation guessed right", "猜中下一分组的比例"),
    "design.imbalance": Text("Mean difference in size of the arms", "两组例数之差的均值"),
    "design.trials": Text("{trials} simulated trials of each size, seed 1", "每个例数模拟{trials}次，种子为1"),
    "design.growing": Text("more are being simulated …", "继续模拟中……"),
    "design.busy": Text("Another design is being computed; this one follows.", "正在计算另一个设计，稍后计算本设计。"),
    "design.cannot": Text("This cannot be tried out here", "无法在此试算"),
    "design.cannot_means": Text(
        "Either no estimand of the protocol compares events between two arms, or this randomisation is not for its "
        "arms, or minimisation has no factor: only the site is one here. The command `equipoise simulate` takes "
        "scenario files with more.",
        "方案中没有比较两组事件的估计目标，或该随机化方法不适用于这些组别，或最小化随机没有可平衡的因素（此处仅有研究中心）。"
        "可用 equipoise simulate 命令模拟。",
    ),
    "design.file": Text("The same from the command line", "用命令行复现"),
    "design.file_means": Text(
        "Save this as a file; the command gives the same numbers.", "保存为文件，用下列命令可得到相同结果。"
    ),
}

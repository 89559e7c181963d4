"""Every fixed text of the report, in English and in Chinese. Places in braces are filled when the text is printed."""

from dataclasses import dataclass
from typing import Final

from equipoise.protocol.schema import Label
from equipoise.reports.catalogue_assumptions import ASSUMPTIONS
from equipoise.reports.catalogue_belief import BELIEF
from equipoise.reports.catalogue_conduct import CONDUCT
from equipoise.reports.catalogue_design import DESIGN
from equipoise.reports.catalogue_efficacy import EFFICACY
from equipoise.reports.catalogue_monitoring import MONITORING
from equipoise.reports.catalogue_outputs import OUTPUTS
from equipoise.reports.catalogue_results import RESULTS
from equipoise.reports.catalogue_safety import SAFETY
from equipoise.reports.catalogue_unmasking import UNMASKING
from equipoise.reports.units import unit_in

_FRAME: Final[dict[str, tuple[str, str]]] = {
    # --- Marks and frame
    "simulated": ("SIMULATED DATA: no real participant", "模拟数据：不涉及任何真实受试者"),
    "dummy": ("DUMMY ARMS: the comparison of arms means nothing", "虚拟分组：组间比较没有任何意义"),
    "report": ("Report of results", "结果报告"),
    "contents": ("Contents", "目录"),
    "other_language": ("中文", "English"),
    "page": ("Page", "第"),
    "page_of": ("of", "页，共"),
    "page_end": ("", "页"),
    "data": ("data (CSV)", "数据（CSV）"),
    "figure": ("Figure {n}.", "图{n}"),
    "table": ("Table {n}.", "表{n}"),
    "all": ("All", "合计"),
    "not_estimable": ("not estimable: {reason}", "无法估计：{reason}"),
    "participants": ("participants", "受试者"),
    # --- Title page
    "facts": ("The trial", "试验概况"),
    "registration": ("Registration", "注册号"),
    "sponsor": ("Sponsor", "申办者"),
    "investigators": ("Investigators", "研究者"),
    "condition": ("Condition", "适应证"),
    "phase": ("Phase", "分期"),
    "design": ("Design", "设计"),
    "design_text": (
        "{model}, randomised {ratio} ({arms}); strata: {strata}; masked: {masked}",
        "{model}，按{ratio}随机（{arms}）；分层因素：{strata}；设盲对象：{masked}",
    ),
    "none": ("none", "无"),
    "size": ("Participants", "受试者例数"),
    "size_text": (
        "{planned} planned; {screened} assessed and {randomised} randomised in these data",
        "计划{planned}例；本数据集筛选{screened}例，随机{randomised}例",
    ),
    "sites": ("Sites", "研究中心"),
    "site_factor": ("site", "研究中心"),
    "protocol_version": ("Protocol", "方案版本"),
    "protocol_version_text": ("version {version} of {dated}", "版本{version}，{dated}"),
    "period": ("Randomisation", "随机入组时间"),
    "period_text": ("{first} to {last}", "{first}至{last}"),
    "data_are": ("Data", "数据性质"),
    "data_real": ("as recorded in the ledger", "账本记录的数据"),
    "data_simulated": (
        "simulated by a computer; they say nothing about any treatment",
        "由计算机模拟产生，不能说明任何治疗的效果",
    ),
    "data_dummy": (
        "the arms are invented (dummy), drawn before the list was opened",
        "分组为虚拟分组，在揭盲之前随机产生",
    ),
    "parallel": ("parallel groups", "平行组"),
    "single_group": ("single group", "单组"),
    "crossover": ("crossover", "交叉"),
    "factorial": ("factorial", "析因"),
    "sequential": ("sequential", "序贯"),
    "participant": ("participant", "受试者"),
    "care_provider": ("care provider", "医护人员"),
    "investigator": ("investigator", "研究者"),
    "outcomes_assessor": ("outcome assessor", "结局评估者"),
    "key_results": ("In short", "结果摘要"),
    # --- Flow and course
    "flow": ("Participant flow", "受试者流程"),
    "flow_caption": (
        "Participant flow (CONSORT 2025). A participant can fail several criteria.",
        "受试者流程图（CONSORT 2025）。同一受试者可不符合多项标准。",
    ),
    "assessed": ("Assessed for eligibility", "筛选"),
    "excluded": ("Not randomised", "未入组"),
    "undecided": ("still in screening", "仍在筛选期"),
    "randomised": ("Randomised", "随机"),
    "allocated": ("Allocated to {arm}", "分配至{arm}"),
    "received": ("received the treatment", "接受治疗"),
    "not_received": ("did not receive it", "未接受治疗"),
    "not_confirmed": ("not recorded whether received", "是否接受治疗无记录"),
    "follow_up": ("Follow-up", "随访"),
    "treatment_stopped": ("stopped treatment early", "提前停止治疗"),
    "completed": ("completed the trial", "完成试验"),
    "withdrew": ("withdrew", "退出"),
    "lost": ("lost to follow-up", "失访"),
    "died": ("died", "死亡"),
    "other": ("other reason", "其他原因"),
    "ongoing": ("still taking part", "仍在随访"),
    "analysed": ("Analysed", "纳入分析"),
    "course": ("Recruitment and attendance", "入组与访视完成情况"),
    "enrolment": ("Recruitment over time, by site", "各研究中心累计入组情况"),
    "attendance": ("Visits missed or held remotely, by month and site", "各中心按月的漏访及远程访视情况"),
    "attendance_caption": (
        "Share of the visits due in a month that were missed or held remotely. Empty: no visit was due.",
        "当月应进行的访视中漏访及远程访视的比例。空白：当月无应进行的访视。",
    ),
    "attendance_table": ("Visits after baseline, by how they went", "基线后访视完成情况"),
    "missed": ("missed", "漏访"),
    "remote": ("remote", "远程"),
    "at_site": ("at the site", "现场"),
    "home": ("at home", "上门"),
    "unrecorded": ("not recorded", "无记录"),
    "visits_due": ("Visits due", "应访视次数"),
    # --- Baseline
    "baseline": ("Who took part", "基线特征"),
    "baseline_title": ("Baseline characteristics of those randomised", "随机受试者的基线特征"),
    "baseline_note": (
        "Numbers: mean (SD); median [quartiles]. Categories: n (%) of those known. No tests: differences at baseline "
        "are due to chance when randomisation was right.",
        "计量资料：均值（标准差）；中位数[四分位数]。计数资料：n（%），以已知者为分母。不做组间检验：随机正确时，基线差异由机遇所致。",
    ),
    "median_quartiles": ("median [quartiles]", "中位数[四分位数]"),
    "missing": ("missing", "缺失"),
    "variable": ("Variable", "变量"),
    # --- Ends
    "deviations": ("Deviations from the protocol", "方案偏离"),
    "deviations_title": ("Participants with deviations, by category", "按类别统计的方案偏离受试者"),
    "any_deviation": ("Any deviation", "任何方案偏离"),
    "deviations_n": (
        "Participants n (%), and deviations after the comma. By site: of those randomised there. Important (ICH E3): "
        "{important}.",
        "受试者n（%），逗号后为偏离次数。各研究中心以该中心随机例数为分母。重要方案偏离（ICH E3）：{important}。",
    ),
    "deviation_eligibility": ("eligibility", "入选资格"),
    "deviation_consent": ("consent", "知情同意"),
    "deviation_treatment": ("study treatment", "研究治疗"),
    "deviation_medication": ("prohibited medication", "禁用药物"),
    "deviation_assessment": ("assessment not as planned", "评估未按方案进行"),
    "deviation_minor": ("other deviation, not important", "其他偏离（非重要）"),
    "because_illness": ("illness or hospital stay", "患病或住院"),
    "because_site": ("site closed or without staff", "中心关闭或人员不足"),
    "visit_window": ("Visit outside its window", "访视超窗"),
    "no_deviations": ("No deviation is recorded.", "无方案偏离记录。"),
    "sets": ("Analysis sets", "分析集"),
    "sets_title": ("Analysis sets and why participants are not in them", "分析集及未纳入原因"),
    "never_dosed": ("never dosed", "未接受任何给药"),
    "dose_not_confirmed": ("not recorded whether dosed", "是否给药无记录"),
    "not_eligible": ("a criterion was not met", "不符合入排标准"),
    "too_few_doses": ("fewer than 80% of the doses", "给药次数不足80%"),
    "not_completed": ("did not complete the trial", "未完成试验"),
    "major_deviation": ("major deviation", "重大方案偏离"),
    "listings": ("Appendix: listings", "附录：数据列表"),
    "major": ("major deviation", "重大方案偏离"),
    "screen_failures": ("Participants who were not randomised", "筛选失败受试者"),
    "discontinued": ("Participants who stopped treatment or left the trial", "停止治疗或退出试验的受试者"),
    "subject": ("Participant", "受试者"),
    "arm": ("Arm", "组别"),
    "reason": ("Reason", "原因"),
    "day": ("Day", "天数"),
    "what": ("What", "事件"),
    "nobody": ("Nobody.", "无。"),
    "consent_withdrawn": ("consent withdrawn", "撤回知情同意"),
    "unstated": ("no reason stated", "未说明原因"),
    "adverse_event": ("adverse event", "不良事件"),
    "pandemic": ("pandemic restriction", "疫情管控"),
    "participant_wish": ("participant's wish", "受试者意愿"),
    "investigator_decision": ("investigator's decision", "研究者决定"),
    "methods": ("Statistical methods", "统计方法"),
    "provenance": ("Where this report comes from", "报告来源"),
    "provenance_text": (
        "Every number in this report was computed from one protocol file and one ledger, named here by their digests. "
        "The same two give the same report, byte for byte.",
        "本报告的所有数字均由一份方案文件和一本账本计算得出，其摘要值如下。相同的方案与账本将逐字节生成相同的报告。",
    ),
    "protocol_digest": ("Protocol (SHA-256)", "方案摘要（SHA-256）"),
    "ledger_head": ("Last act of the ledger", "账本末条摘要"),
    "acts": ("Acts in the ledger", "账本记录条数"),
    "software": ("Software", "软件版本"),
    "seed": ("Seed of the simulation", "模拟种子"),
    "generated_from": ("Made from", "数据来源"),
    "protocol_short": ("protocol", "方案"),
    "ledger_short": ("ledger", "账本"),
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **_FRAME, **RESULTS, **EFFICACY, **SAFETY, **OUTPUTS, **MONITORING, **ASSUMPTIONS, **DESIGN, **CONDUCT,
    **UNMASKING, **BELIEF,
}  # fmt: skip

# Codes that people choose in acts, where their own word says more than the code.
_REASONS: Final = {
    "participant": "participant_wish", "investigator": "investigator_decision", "withdrew": "withdrew", "lost": "lost",
    "illness": "because_illness", "site": "because_site", "eligibility": "deviation_eligibility",
    "consent": "deviation_consent", "treatment": "deviation_treatment", "assessment": "deviation_assessment",
    "minor": "deviation_minor", "prohibited_medication": "deviation_medication",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    language: str

    def __call__(self, key: str, **places: object) -> str:
        """A text with its places filled. Raises KeyError for a text nobody wrote."""
        text = TEXTS[key][1 if self.language == "zh" else 0]
        return text.format(**places) if places else text

    def of(self, label: Label) -> str:
        """A label of the protocol."""
        return label.in_(self.language)

    def reason(self, code: str) -> str:
        """A coded reason in words; the code itself, readable, where the catalogue has none."""
        key = _REASONS.get(code, code)
        return self(key) if key in TEXTS else code.replace("_", " ")

    def unit(self, name: str, unit: str) -> str:
        """A name with its unit behind it; in Chinese not where the name already ends in one."""
        if not unit or (self.language == "zh" and name.endswith("）")):
            return name
        return self.bracketed(name, self.units(unit))

    def units(self, unit: str) -> str:
        """A unit in the language."""
        return unit_in(self.language, unit)

    def listed(self, words: list[str] | tuple[str, ...]) -> str:
        """Several words after one another."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def apart(self, words: list[str] | tuple[str, ...]) -> str:
        """Several phrases after one another, set further apart than a list."""
        return ("；" if self.language == "zh" else "; ").join(words)

    def named(self, name: str, words: str) -> str:
        """A name and, after a colon, what it is."""
        return f"{name}：{words}" if self.language == "zh" else f"{name}: {words}"

    def bracketed(self, words: str, inside: str) -> str:
        """Words with others in brackets behind them."""
        return f"{words}（{inside}）" if self.language == "zh" else f"{words} ({inside})"

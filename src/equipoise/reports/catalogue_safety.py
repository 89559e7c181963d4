"""The fixed texts of the report that speak of safety: exposure, adverse events, laboratory, medication, listings."""

from typing import Final

SAFETY: Final[dict[str, tuple[str, str]]] = {
    "safety": ("Safety", "安全性"),
    "not_known": ("not known", "不详"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "arm_size": ("{arm} (n = {n})", "{arm}（n = {n}）"),
    # --- Exposure
    "exposure": ("Exposure", "给药情况"),
    "exposure_title": ("Exposure to the study treatment ({set})", "研究治疗暴露情况：{set}"),
    "doses": ("Doses per participant, mean (SD)", "人均给药次数，均值（标准差）"),
    "doses_median": ("median [quartiles]; range", "中位数[四分位数]；范围"),
    "all_doses": ("All {n} doses, n (%)", "完成全部{n}次给药，n（%）"),
    "enough_doses": ("At least 80% of the {n} doses, n (%)", "完成{n}次给药的80%及以上，n（%）"),
    "doses_in_all": ("Doses in all", "总给药次数"),
    "duration": (
        "First to last dose, days (both counted), mean (SD)",
        "首次至末次给药天数（含首末日），均值（标准差）",
    ),
    "amount": ("Cumulative dose, {unit}, mean (SD)", "累积剂量（{unit}），均值（标准差）"),
    "compliance": (
        "Doses given of those expected while treatment went on, %, mean (SD)",
        "治疗期间应给药次数中实际给药的百分比，均值（标准差）",
    ),
    "treatment_years": ("Patient-years on treatment (first to last dose)", "治疗暴露患者年（首次至末次给药）"),
    "observation_years": ("Patient-years under observation (from the first dose)", "观察患者年（自首次给药起）"),
    "doses_expected": ("Of the doses expected while treatment went on", "治疗期间应给药次数中"),
    "interrupted_doses": ("interrupted or slowed", "暂停或减慢"),
    "outside_window_doses": ("outside the window of the visit", "超出访视窗"),
    "doses_given_how": ("Of the doses given", "已给药次数中"),
    "not_whole_doses": ("not given whole", "未全量给药"),
    "not_given_doses": ("not given, doses (%)", "未给药，次（%）"),
    "not_confirmed_doses": ("not recorded whether given, doses (%)", "是否给药无记录，次（%）"),
    "stopped_treatment": ("Stopped treatment early, n (%)", "提前停止治疗，n（%）"),
    "exposure_note": (
        "A dose is expected at each planned day before treatment or participation ended.",
        "治疗或研究参与结束之前的每个计划给药日均为应给药。",
    ),
    "amount_note": (
        "Amounts are the arm's dose times the doses given, also where a dose was not given whole.",
        "累积剂量为该组单次剂量乘以给药次数，未全量给药者亦按单次剂量计。",
    ),
    "distribution_title": ("Number of doses given ({set})", "给药次数分布：{set}"),
    "number_of_doses": ("Doses given", "给药次数"),
    # --- Adverse events
    "events": ("Adverse events", "不良事件"),
    "events_title": ("Treatment-emergent adverse events: overview ({set})", "治疗期不良事件（TEAE）汇总：{set}"),
    "column_difference": (
        "{arm} − {reference}: percentage points ({level}% CI)",
        "{arm}−{reference}：百分点（{level}% CI）",
    ),
    "column_rate": (
        "{arm}: n / patient-years: per 100 patient-years ({level}% CI)",
        "{arm}：n/患者年：每100患者年（{level}% CI）",
    ),
    "events_note": (
        "Participants n (%), each counted once in a line, and the number of events after the comma. {emergent} "
        "Differences of risk with the score interval of Miettinen and Nurminen. Nothing is tested.",
        "受试者n（%），每行每例只计一次；逗号后为事件次数。{emergent}率差的置信区间采用Miettinen–Nurminen得分法。未做假设检验。",
    ),
    "kinds_title": ("Treatment-emergent adverse events by kind ({set})", "按类别统计的治疗期不良事件：{set}"),
    "kinds_note": (
        "Kinds that occurred in at least one arm, the most frequent first.",
        "仅列出至少一组发生的类别，按发生频率由高到低排列。",
    ),
    "serious_title": ("Serious treatment-emergent adverse events by kind ({set})", "按类别统计的治疗期SAE：{set}"),
    "any_serious": ("Any serious adverse event", "任何SAE"),
    "rates_title": ("Exposure-adjusted incidence of first events ({set})", "暴露校正的首次事件发生率：{set}"),
    "rates_note": (
        "n: participants with an event. Each is at risk from the first day that counts to the first event of the line, "
        "else to the end of what counts as treatment-emergent. Exact Poisson limits (Garwood). Lines that did not "
        "occur in any arm are left out below the overview.",
        "n为发生事件的受试者数。风险暴露时间自首个计入日起，至该行首次事件或治疗期不良事件计入期结束止。置信区间采用精确Poisson法"
        "（Garwood）。汇总以下各部分仅列出至少一组发生的事件。",
    ),
    "emergent_first_dose": (
        "Treatment-emergent: begun on or after the day of the first dose",
        "治疗期不良事件：首次给药当日及之后发生",
    ),
    "emergent_randomisation": (
        "Treatment-emergent: begun on or after the day of randomisation",
        "治疗期不良事件：随机当日及之后发生",
    ),
    "emergent_to_end": (", to the end of participation; in doubt it counts.", "至研究参与结束；无法判定者计入。"),
    "emergent_days": (
        ", until {days} days after the last dose; in doubt it counts.",
        "至末次给药后{days}天；无法判定者计入。",
    ),
    "any": ("Any adverse event", "任何不良事件"),
    "related": ("Related to treatment in the investigator's view", "研究者判断与治疗有关"),
    "serious": ("Serious", "严重不良事件（SAE）"),
    "serious_related": ("Serious and related", "与治疗有关的SAE"),
    "severe": ("{severity} or worse", "{severity}及以上"),
    "stopping": ("Leading to the end of treatment", "导致永久停药"),
    "fatal": ("Fatal", "导致死亡"),
    "not_stated": ("not stated", "未填写"),
    "died_anyhow": (
        "Died (fatal event, or participation ended by death)",
        "死亡（致死性不良事件，或因死亡结束研究）",
    ),
    "any_special": ("Any of special interest", "任何特别关注的不良事件"),
    "ungraded": ("severity not known", "严重程度不详"),
    "category": ("By kind", "按类别"),
    "uncategorised": ("Kind not stated", "类别未填写"),
    "special": ("Adverse events of special interest", "特别关注的不良事件（AESI）"),
    "special_title": (
        "Adverse events of special interest ({set})",
        "特别关注的不良事件：{set}",
    ),
    "special_note": (
        "Events of special interest that did not occur are shown too. There are no p values: the trial was not made to "
        "compare rare events, and an interval says what a test would hide.",
        "未发生的特别关注事件亦列出。不报告P值：本研究并非为比较罕见事件而设计，置信区间可提供检验所掩盖的信息。",
    ),
    "terms_title": (
        "Treatment-emergent adverse events by kind and term ({set})",
        "按类别和名称统计的治疗期不良事件：{set}",
    ),
    "terms_note": (
        "Terms are the words of the sites, not coded with a dictionary; words that differ in case or spaces only are "
        "one term. The most frequent first.",
        "名称为研究中心原始描述，未经医学词典编码；仅大小写或空格不同者视为同一名称。按发生频率由高到低排列。",
    ),
    "coded_note": (
        "The kinds are those of the protocol; terms are the dictionary's preferred terms where an event is coded. The "
        "most frequent first.",
        "类别为方案所定；已编码事件采用词典首选术语。按发生频率由高到低排列。",
    ),
    "severity_title": ("Worst severity by kind ({set})", "各类不良事件的最高严重程度：{set}"),
    "severity_note": (
        "Participants n (%), each by the worst severity of their events of the kind.",
        "受试者n（%），每例按该类事件的最高严重程度计入。",
    ),
    "dots": ("Adverse events by kind", "各类不良事件"),
    "dots_caption": (
        "Left: share of participants with at least one event of the kind; hollow where an arm had none. Right: "
        "difference of risk from {reference} in percentage points, {level}% interval (Miettinen–Nurminen).",
        "左：至少发生一次该类事件的受试者比例，空心表示该组未发生。右：与{reference}的率差（百分点）及{level}%置信区间（Miettinen–Nurminen法）。",
    ),
    "difference_axis": ("difference from {reference}, percentage points", "与{reference}之差，百分点"),
    "share_axis": ("participants with an event", "发生事件的受试者"),
    "onset": ("Time to the first adverse event of special interest", "至首次特别关注不良事件的时间"),
    "onset_caption": (
        "Cumulative incidence by Kaplan–Meier from the first dose; ticks: end of observation. Death ends observation.",
        "自首次给药起的累积发生率（Kaplan-Meier法）；短竖线：观察结束。死亡视为观察结束。",
    ),
    "onset_weeks": ("weeks since the first dose", "首次给药后周数"),
    "onset_title": ("First adverse event of special interest ({set})", "首次特别关注的不良事件：{set}"),
    "onset_people": ("{arm}: n/N; earliest day", "{arm}：n/N；最早发生日"),
    "onset_risk": ("{arm}: risk by day {day}, % ({level}% CI)", "{arm}：第{day}天累积发生率，%（{level}% CI）"),
    "onset_note": (
        "Risk: 1 − Kaplan–Meier estimate. A dash: nobody is under observation so long.",
        "累积发生率为1−Kaplan-Meier估计值。“–”：无受试者观察至该时点。",
    ),
    "onset_earliest": ("{n}/{N}; day {day}", "{n}/{N}；第{day}天"),
    "onset_none": ("{n}/{N}", "{n}/{N}"),
    "still_possible_title": ("What no event still allows", "未观察到事件时仍可能的发生率"),
    "still_possible_text": (
        "Where none of N participants had an event, its true rate can still be as high as the number below (one-sided "
        "95% limit, exact: 1 − 0.05^(1/N); the rule of three gives about 3/N). Rare events cannot be excluded.",
        "若N例受试者中均未观察到某事件，其真实发生率的单侧95%上限（精确法：1 − 0.05^(1/N)；“三法则”约为3/N）如下。"
        "不能排除罕见事件。",
    ),
    "still_possible_line": ("none of {N}: up to {upper}%", "{N}例中0例：上限{upper}%"),
    # --- Laboratory
    "laboratory": ("Laboratory", "实验室检查"),
    "laboratory_title": (
        "Laboratory: baseline, last visit and change ({set})",
        "实验室检查：基线、末次访视及变化：{set}",
    ),
    "change_at": ("change at {visit}", "{visit}较基线变化"),
    "laboratory_visits_title": ("Laboratory by visit ({set})", "各访视实验室检查结果：{set}"),
    "laboratory_note": (
        "n; mean (SD). Changes are from baseline, of those with both results. Baseline is the last result up to the "
        "baseline visit.",
        "n；均值（标准差）。变化为有基线值者较基线的变化。基线为基线访视及之前的末次结果。",
    ),
    "laboratory_dummy": (
        "Results that could tell the arms are left out until the list has been opened.",
        "揭盲之前，可能提示分组的检验结果不予列出。",
    ),
    "shift_title": (
        "Laboratory: shift from baseline to the worst result after it ({set})",
        "实验室检查：基线至基线后最差结果的变化：{set}",
    ),
    "arm_and_baseline": ("Arm: at baseline", "组别：基线"),
    "shift_line": ("{arm}: {state}", "{arm}：{state}"),
    "low": ("low", "偏低"),
    "normal": ("normal", "正常"),
    "high": ("high", "偏高"),
    "low_and_high": ("low and high", "偏低及偏高"),
    "shift_note": (
        "Participants n (% of those of the line), by the limits of normal of the protocol. Low and high: both "
        "occurred. Not known: no result that could be judged; it is never counted as normal.",
        "受试者n（%，以该行例数为分母），按方案所列参考范围判定。“偏低及偏高”：两者均曾出现。“不详”：无可判定的结果，不计为正常。",
    ),
    "grades_title": (
        "Laboratory: highest CTCAE grade after baseline, by grade at baseline ({set})",
        "实验室检查：按基线分级统计的基线后最高CTCAE分级：{set}",
    ),
    "grade": ("grade {grade}", "{grade}级"),
    "grades_note": (
        "CTCAE 5.0, laboratory criteria only, participants n (% of those of the line). Where ALT, AST or bilirubin was "
        "abnormal at baseline, later grades are multiples of that baseline, so that an unchanged result has grade 0. "
        "Not known: no result, or a limit or baseline is missing.",
        "CTCAE 5.0版，仅按实验室标准；受试者n（%，以该行例数为分母）。ALT、AST或胆红素基线异常者，"
        "基线后分级按基线值的倍数计，因此结果无变化者为0级。“不详”：无结果，或缺少参考限或基线值。",
    ),
    "boxes": ("{label} by visit", "各访视{label}"),
    "boxes_caption": (
        "Box: quartiles and median; whiskers: least and greatest value. Dashed: limits of normal, of each sex where "
        "they differ. Numbers of participants below.",
        "箱体：四分位数及中位数；须线：最小值至最大值。虚线：方案所列参考范围界限（男女不同者分别标出）。下方为例数。",
    ),
    "liver": ("Liver signal", "肝脏信号"),
    "liver_figure": (
        "Peak aminotransferase against peak bilirubin after baseline (eDISH)",
        "基线后转氨酶峰值与总胆红素峰值（eDISH图）",
    ),
    "liver_caption": (
        "Each mark is a participant (filled: high together at one visit), both axes logarithmic, in multiples of the "
        "upper limit of normal (ULN). Lines at 3 × ULN and 2 × ULN (FDA guidance, July 2009; eDISH). The peaks may lie "
        "on different days: the upper right quadrant asks for a clinical review and is no diagnosis.",
        "每个标记为一例受试者（实心：同一访视同时升高），两轴均为正常值上限（ULN）倍数的对数刻度。分界线：3×ULN与2×ULN"
        "（FDA 2009年7月指南；eDISH）。两个峰值可不在同一天：右上象限提示需临床审阅，并非诊断。",
    ),
    "liver_x": ("peak ALT or AST, whichever is higher, × ULN", "ALT或AST峰值（取较高者），×ULN"),
    "liver_x_alt": ("peak ALT, × ULN", "ALT峰值，×ULN"),
    "corner_normal": ("normal or near normal", "正常或接近正常"),
    "corner_temple": ("Temple's corollary", "Temple推论"),
    "corner_cholestasis": ("cholestasis", "胆汁淤积"),
    "corner_hys_law": ("potential Hy's law", "潜在海氏法则（Hy's law）"),
    "liver_y": ("peak bilirubin, × ULN", "总胆红素峰值，×ULN"),
    "liver_title": ("Liver signal: participants by quadrant ({set})", "肝脏信号：各象限受试者：{set}"),
    "quadrant_normal": ("Neither (normal or near normal)", "均未达到（正常或接近正常）"),
    "quadrant_temple": ("Aminotransferase ≥ 3 × ULN only (Temple's corollary)", "仅转氨酶≥3×ULN（Temple推论）"),
    "quadrant_cholestasis": ("Bilirubin > 2 × ULN only (cholestasis)", "仅总胆红素>2×ULN（胆汁淤积）"),
    "quadrant_hys_law": ("Both (potential Hy's law)", "两者均达到（潜在海氏法则病例（Hy's law））"),
    "quadrant_unknown": ("Not known (a result or a limit of normal is missing)", "不详（缺少结果或参考限）"),
    "liver_signal": (
        "ALT or AST and bilirubin high together at one visit",
        "同一访视转氨酶与胆红素同时升高",
    ),
    "liver_note": (
        "Peaks after baseline. Together at one visit: ALT or AST of at least 3 × ULN and bilirubin above 2 × ULN in "
        "one sample, without cholestasis where alkaline phosphatase is measured.",
        "基线后峰值。同一访视：同一标本ALT或AST≥3×ULN且总胆红素>2×ULN，测定碱性磷酸酶者须无胆汁淤积。",
    ),
    "liver_list_title": ("Participants for a review of the liver", "需进行肝脏审阅的受试者"),
    "peak": ("{name} peak, × ULN (day)", "{name}峰值，×ULN（天）"),
    "peak_alt": ("ALT", "ALT"),
    "peak_ast": ("AST", "AST"),
    "peak_bilirubin": ("Bilirubin", "总胆红素"),
    "same_visit": ("Together at", "同时升高的访视"),
    # --- Medication
    "medication": ("Concomitant medication", "合并用药"),
    "medication_title": ("Concomitant medication by class ({set})", "按类别统计的合并用药：{set}"),
    "any_medication": ("Any concomitant medication", "任何合并用药"),
    "medication_note": (
        "Participants n (%), each counted once in a line, with a drug taken at any time from the first to the last "
        "dose; in doubt it counts. Drug names are the sites' words, not coded with a dictionary.",
        "受试者n（%），每行每例只计一次；首次至末次给药期间任何时间使用者计入，无法判定者计入。药物名称为研究中心原始填写，未经词典编码。",
    ),
    "background_title": ("{label} over the trial ({set})", "研究期间{label}暴露：{set}"),
    "background_mean": ("Mean daily dose", "平均日剂量"),
    "background_cumulative": ("Dose in all", "累积剂量"),
    "background_days": ("Days covered", "覆盖天数"),
    "n_mean_sd": ("n; mean (SD)", "n；均值（标准差）"),
    "background_above": ("Ever above {high} after baseline, n (%)", "基线后曾高于{high}，n（%）"),
    "background_note": (
        "From baseline to the last assessment with a known dose; between assessments the dose is taken to change in a "
        "straight line. Participants with one known dose or none are not counted as zero: they are left out.",
        "自基线至末次已知剂量的评估；两次评估之间按线性变化计算。已知剂量不足两次者不计为零，不纳入本表。",
    ),
    "no_medication": ("No medication is recorded.", "无合并用药记录。"),
    # --- Deviations and listings
    "important_deviation": ("Important deviations", "重要方案偏离"),
    "deviations_by_site": ("Deviations by site", "各研究中心方案偏离"),
    "list_deaths": ("Deaths", "死亡列表"),
    "list_serious": ("Serious adverse events", "严重不良事件列表"),
    "list_stopping": ("Adverse events leading to the end of treatment", "导致永久停药的不良事件列表"),
    "listings_text": (
        "Participants by code. Days are counted from the first dose (day 1; the day before is day −1); ≥ marks a date "
        "of which only part is known, with the first day it can be. Dates are not shown, unless they stand in "
        "the words recorded. The same rows stand in the files of the report.",
        "受试者以编号列出。天数自首次给药日起计（首次给药日为第1天，其前一日为第−1天）；“≥”表示日期仅部分已知，取可能的最早一日。"
        "除原始记录文字外不显示日期。报告文件中另有相同内容的数据文件。",
    ),
    "list_days": ("In brackets the day, counted from the first dose.", "括号内为自首次给药起的天数。"),
    "list_events": ("All adverse events", "全部不良事件列表"),
    "list_deviations": ("Deviations from the protocol", "方案偏离列表"),
    "list_laboratory": ("Laboratory results of grade 3 or worse after baseline", "基线后3级及以上实验室检查异常列表"),
    "not_emergent": ("not treatment-emergent", "非治疗期"),
    "event": ("Event", "事件"),
    "kind": ("Kind", "类别"),
    "severity": ("Severity", "严重程度"),
    "begin_end": ("Day: begin–end", "开始–结束（天）"),
    "is_related": ("Related", "相关"),
    "is_serious": ("Serious", "严重"),
    "action": ("Action", "措施"),
    "outcome": ("Outcome", "转归"),
    "died_on": ("Day", "天数"),
    "last_dose_day": ("Last dose, day", "末次给药（天）"),
    "died_as": ("Recorded as", "记录来源"),
    "fatal_event": ("fatal adverse event: {term}", "致死性不良事件：{term}"),
    "ended_by_death": ("participation ended by death", "因死亡结束研究"),
    "visit": ("Visit", "访视"),
    "deviation": ("Deviation", "偏离"),
    "important": ("Important", "重要"),
    "analyte": ("Test", "检查项目"),
    "result": ("Result", "结果"),
    "limits_of_normal": ("Normal", "参考范围"),
    "before": ("Baseline", "基线"),
    "ctcae": ("Grade", "分级"),
    "screened_month": ("Consent (month)", "知情同意（月）"),
}

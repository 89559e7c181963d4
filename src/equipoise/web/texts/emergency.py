"""Texts of the code break, of the register of unmaskings, and of asking who somebody is once more."""

from typing import Final

from equipoise.web.texts.text import Text

EMERGENCY: Final[dict[str, Text]] = {
    # --- The code break ---
    "break.title": Text("Emergency code break", "紧急揭盲"),
    "break.link": Text("Code break …", "紧急揭盲…"),
    "break.when": Text(
        "Only when knowing the treatment changes what you do for this participant now. It is recorded before anything "
        "is shown, and shown once.",
        "仅在获知用药会改变当前处置时使用。系统先记录、后显示，且仅显示一次。",
    ),
    "break.needs": Text(
        "You need the code-break card with the label {label}. Do not open it yet.",
        "您需要标签为 {label} 的揭盲卡。请先不要开启。",
    ),
    "break.not_randomised": Text(
        "This participant is not randomised: there is nothing to break.", "该受试者尚未随机，无可揭盲内容。",
    ),
    "break.call": Text(
        "Server or card not at hand? Telephone the number on the instruction sheet that lies with the cards.",
        "系统不可用或找不到卡片？请拨打与卡片同放的说明单上的电话。",
    ),
    "break.earlier": Text("Registered before", "既往登记"),
    "break.was": Text("broken at {at} by {name}", "{name} 于 {at} 揭盲"),
    "break.was_not_shown": Text(
        "What was shown then is not shown again. If it is still needed, ask anew: that is recorded as well.",
        "当时显示的内容不再显示。如仍需要，请重新申请，系统将另行记录。",
    ),
    "break.why": Text("Medical reason", "医学理由"),
    "break.reason": Text("What happened, in a few words", "简要说明情况"),
    "break.event": Text("Is there an adverse event?", "是否发生不良事件？"),
    "break.told": Text("Who else is told the treatment?", "还将告知哪些人？"),
    "break.told_hint": Text("treating physicians, nobody else", "仅告知参与救治的医师"),
    "break.confirm": Text(
        "I confirm that this code break is needed now. Somebody unmasked at the sponsor is told.",
        "本人确认确需立即揭盲。系统将通知申办者的非盲人员。",
    ),
    "break.do": Text("Record and break the code", "记录并揭盲"),
    "why.life_threatening": Text("Life-threatening situation", "危及生命"),
    "why.serious_event": Text("Serious adverse event, treatment depends on it", "严重不良事件，处置取决于所用药物"),
    "why.overdose": Text("Overdose or wrong administration", "用药过量或错误给药"),
    "why.pregnancy": Text("Pregnancy", "妊娠"),
    "why.surgery": Text("Urgent surgery or anaesthesia", "急诊手术或麻醉"),
    "why.other": Text("Another medical emergency", "其他紧急医疗情况"),
    "break.card": Text("Now open the card {label} and type or scan its code", "现在请开启卡片 {label}，输入或扫描代码"),
    "break.card_hint": Text(
        "Six groups of five. O and 0, I, L and 1 are taken for each other. The code stays in this browser.",
        "共六组，每组五个字符。O 与 0，I、L 与 1 均视为相同。代码不会离开本浏览器。",
    ),
    "break.open": Text("Open the envelope", "开启信封"),
    "break.length": Text("{given} of 30 characters", "已输入 {given} / 30 个字符"),
    "break.place": Text(
        "Something is wrong in group {group}, character {character}. Compare it with the card.",
        "第 {group} 组第 {character} 个字符有误，请与卡片核对。",
    ),
    "break.several": Text(
        "More than one character is wrong. Compare group by group, or scan.",
        "有多个字符不正确，请逐组核对，或改用扫描。",
    ),
    "break.kind": Text("This is a genuine code, but not that of a card.", "该代码有效，但不是卡片上的代码。"),
    "break.other": Text(
        "This card does not belong to the participant. The label must be {label}.",
        "该卡片不属于这位受试者。标签应为 {label}。",
    ),
    "break.ready": Text("The code is complete.", "代码完整。"),
    "break.shown_once": Text(
        "Shown once. Write down what you need for the care of this participant, and tell nobody else.",
        "仅显示一次。请记录救治所需内容，勿告知无关人员。",
    ),
    "break.read": Text("I have read it: hide it", "已阅读，隐藏"),
    "break.arm": Text("Arm", "组别"),
    "break.product": Text("Product", "药品"),
    "break.by_hand": Text("Does it not open here?", "无法在此开启？"),
    "break.by_hand_how": Text(
        "On a computer with the program and the site's copy of the list: equipoise code-break --list sealed-list.json, "
        "with the code of the card and this release:",
        "可在装有本程序且存有本中心分配表副本的电脑上执行：equipoise code-break --list sealed-list.json，"
        "并输入卡片代码和以下放行码：",
    ),
    "break.no_envelope": Text(
        "The sealed list is not on this server. Use the site's copy, as below.",
        "本服务器上没有封存分配表，请按下述方法使用中心的副本。",
    ),
    "break.next": Text("What follows", "后续事项"),
    "break.next_treatment": Text(
        "Trial treatment goes on or stops as the protocol says; a code break alone does not end it. Follow-up goes on.",
        "试验用药是否继续按方案规定执行；揭盲本身不意味着停药。随访照常进行。",
    ),
    "break.next_event": Text("Enter the adverse event", "登记不良事件"),
    "break.next_sponsor": Text(
        "Notify the sponsor that the code was broken, without the treatment.", "通知申办者已揭盲，但不透露所用药物。",
    ),
    "break.next_quiet": Text(
        "Keep the treatment to those who care for the participant. It goes into no form, query or message.",
        "所用药物仅限救治人员知悉，不得写入任何表单、质疑或消息。",
    ),
    # --- What everybody sees ---
    "unmasking.masking": Text("Masking", "盲态"),
    "unmasking.notice": Text(
        "An event about the masking of this participant was registered. Do not ask for the treatment.",
        "该受试者登记了一起与盲态有关的事件。请勿打听其所用药物。",
    ),
    # --- Report ---
    "unmasking.report": Text("Report a suspected unmasking", "报告疑似破盲"),
    "unmasking.report_now": Text("Report", "报告"),
    "unmasking.report_means": Text(
        "Did somebody learn which treatment a participant has, or think so? Report it. Nobody is blamed, and you need "
        "not be sure. Do not write which treatment it is.",
        "是否有人得知或自认为得知某受试者的所用药物？请报告。报告不追究责任，也无须确定。请勿写明是何种药物。",
    ),
    "unmasking.at_large": Text("not about one participant", "不涉及特定受试者"),
    "unmasking.how": Text("What was it", "情况"),
    "unmasking.kind.code_break": Text("Code break", "紧急揭盲"),
    "unmasking.kind.suspected": Text("Suspected", "疑似破盲"),
    "unmasking.kind.accidental": Text("Accidental", "意外破盲"),
    "unmasking.kind.by_telephone": Text("Code break without the server", "系统外（电话）揭盲"),
    "unmasking.whom": Text("Who learnt it, or may have", "知悉或可能知悉者"),
    "whom.participant": Text("Participant or family", "受试者或家属"),
    "whom.investigator": Text("Investigator", "研究者"),
    "whom.assessor": Text("Assessor of the outcome", "结局评估者"),
    "whom.site_staff": Text("Other staff of the site", "中心其他人员"),
    "whom.sponsor_staff": Text("Sponsor, monitor or data management", "申办者、监查员或数据管理人员"),
    "whom.other": Text("Somebody else", "其他人员"),
    "unmasking.when": Text("When it happened", "发生时间"),
    "unmasking.time_means": Text(
        "The time is needed of a code break without the server; otherwise as far as it is known.",
        "系统外（电话）揭盲须填写时分；其他情况如已知请填写。",
    ),
    "unmasking.happened": Text("What happened", "经过"),
    "unmasking.text": Text("What happened (may stay empty)", "经过（可不填）"),
    "unmasking.anyway": Text(
        "Record it with these words; only unmasked readers will get the text", "仍按原文记录，文字仅供非盲人员阅读",
    ),
    # --- Register ---
    "unmasking.title": Text("Register of unmaskings", "破盲登记"),
    "unmasking.none": Text("No unmasking was registered.", "尚无破盲记录。"),
    "unmasking.means": Text(
        "Code breaks, accidents and suspicions, newest first. No arm stands here, for any reader.",
        "包括紧急揭盲、意外破盲和疑似破盲，按时间倒序排列。任何读者均不会在此看到组别。",
    ),
    "unmasking.withheld": Text("text withheld", "文字已屏蔽"),
    "unmasking.told": Text("Told besides", "另告知"),
    "unmasking.repeated": Text("several code breaks in a short time", "短时间内多次揭盲"),
    "unmasking.by": Text("Reported by", "报告人"),
    "unmasking.assessment": Text("Assessment", "评估"),
    "unmasking.open": Text("not assessed yet", "待评估"),
    "unmasking.assess": Text("Assess", "评估"),
    "unmasking.assess_again": Text("Assess again", "重新评估"),
    "unmasking.impact": Text("Impact", "影响"),
    "concern.data": Text("On the data", "对数据"),
    "concern.participant": Text("On the participant", "对受试者"),
    "concern.others": Text("On others", "对其他人"),
    "impact.none": Text("none", "无"),
    "impact.possible": Text("possible", "可能"),
    "impact.certain": Text("certain", "确定"),
    "unmasking.measures": Text("Measures", "处理措施"),
    "unmasking.event": Text("adverse event", "有不良事件"),
    "act.UnmaskingReported": Text("Unmasking reported", "破盲已报告"),
    "act.UnmaskingAssessed": Text("Unmasking assessed", "破盲已评估"),
}  # fmt: skip

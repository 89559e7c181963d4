"""What the conduct of a trial says when it refuses something, in the languages of the product."""

from typing import Final

from equipoise.conduct.infusion_messages import INFUSION_MESSAGES
from equipoise.conduct.kit_messages import KIT_MESSAGES
from equipoise.conduct.serious_messages import SERIOUS_MESSAGES
from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "conduct.E001": Message(
        "The study is locked; nothing changes any more.", "研究已锁定，数据不能再修改。",
        "Ask for the study to be unlocked, with a reason.", "如需更正，请说明理由并申请解锁。",
    ),
    "conduct.E002": Message(
        "There is no participant with this code.", "没有该受试者编号。",
        "Screen the participant first.", "请先登记筛选。",
    ),
    "conduct.E003": Message(
        "Site {site} is not in the protocol.", "方案中没有 {site} 中心。",
        "Amend the protocol to add a site.", "如需增加中心，请修订方案。",
    ),
    "conduct.E004": Message(
        "Site {site} is already active.", "{site} 中心已启动。",
    ),
    "conduct.E005": Message(
        "Site {site} is not active.", "{site} 中心尚未启动。",
        "Activate the site before screening.", "请先启动中心再筛选受试者。",
    ),
    "conduct.E006": Message(
        "The code {subject} is already in use.", "编号 {subject} 已被使用。",
        "Codes are never used twice.", "编号不可重复使用。",
    ),
    "conduct.E007": Message(
        "The code must begin with the site, {site}.", "编号须以中心号 {site} 开头。",
        "The system gives the next code.", "编号由系统依次分配。",
    ),
    "conduct.E010": Message(
        "No consent is recorded.", "尚未记录知情同意。",
        "Record the consent before anything else.", "请先记录知情同意。",
    ),
    "conduct.E011": Message(
        "{date} is in the future.", "{date} 为将来日期。",
        "Check the date.", "请核对日期。",
    ),
    "conduct.E012": Message(
        "Consent is already recorded.", "知情同意已记录。",
        "Give a reason to correct it, or record a new version.", "如需更正，请填写理由。",
    ),
    "conduct.E013": Message(
        "The date lies before consent ({date}).", "日期早于知情同意日期（{date}）。",
        "Check the date.", "请核对日期。",
    ),
    "conduct.E014": Message(
        "The date lies before randomisation ({date}).", "日期早于随机日期（{date}）。",
        "Check the date.", "请核对日期。",
    ),
    "conduct.E020": Message(
        "Criterion {criterion} is not met.", "不符合标准 {criterion}。",
        "Record a screen failure, or correct the value it was judged by.", "请登记筛选失败，或更正判断所依据的数据。",
    ),
    "conduct.E021": Message(
        "Criterion {criterion} cannot be judged yet.", "标准 {criterion} 尚无法判断。",
        "Enter the values it needs.", "请补充所需数据。",
    ),
    "conduct.E022": Message(
        "The participant is already randomised.", "该受试者已随机。",
    ),
    "conduct.E023": Message(
        "The participant is recorded as a screen failure.", "该受试者已登记为筛选失败。",
        "A person may be screened again under a new code.", "如需再次筛选，请使用新编号。",
    ),
    "conduct.E024": Message(
        "Eligibility is not confirmed.", "尚未确认入选资格。",
        "An investigator confirms it on the eligibility page.", "请研究者在入选资格页面确认。",
    ),
    "conduct.E025": Message(
        "A screen failure needs a reason.", "筛选失败须填写原因。",
    ),
    "conduct.E026": Message(
        "{reason!r} is not a criterion of this protocol.", "{reason!r} 不是本方案的标准编号。",
        "Use a criterion's id, consent_withdrawn or other.", "请使用标准编号、撤回知情同意或其他。",
    ),
    "conduct.E030": Message(
        "The participant is not randomised.", "该受试者尚未随机。",
        "Randomise first.", "请先随机。",
    ),
    "conduct.E040": Message(
        "There is no visit {visit!r} in this protocol.", "方案中没有访视 {visit!r}。",
    ),
    "conduct.E041": Message(
        "The visit would lie before consent ({date}).", "访视日期早于知情同意日期（{date}）。",
        "Check the date.", "请核对日期。",
    ),
    "conduct.E042": Message(
        "The date does not fit: {other} was on {date}.", "日期前后矛盾：{other} 的日期为 {date}。",
        "Check which of the two dates is wrong.", "请核对两次访视的日期。",
    ),
    "conduct.E043": Message(
        "Something was entered at this visit, so it was not missed.", "该访视已有数据，不能登记为缺失访视。",
        "Record it as held, remotely if need be.", "请登记为已完成访视（可为远程）。",
    ),
    "conduct.E044": Message(
        "This visit is already recorded otherwise.", "该访视已有不同的记录。",
        "Say why the earlier record was wrong.", "请说明原记录为何有误。",
    ),
    "conduct.E045": Message(
        "An unscheduled visit has a reason.", "计划外访视须有原因。",
        "Say why the participant was seen.", "请说明访视原因。",
    ),
    "conduct.E046": Message(
        "The next unscheduled visit is {visit}.", "下一次计划外访视应为 {visit}。",
        "Begin it on the participant's page.", "请从受试者页面开始登记。",
    ),
    "conduct.E047": Message(
        "Nobody planned this visit, so it cannot be missed.", "该访视不在计划内，不能登记为缺失访视。",
    ),
    "conduct.E050": Message(
        "There is no form or item {form!r}.", "没有表单或字段 {form!r}。",
    ),
    "conduct.E051": Message(
        "This form is not due at this visit.", "该访视不需要填写此表单。",
        "See the schedule of activities.", "请查看访视流程表。",
    ),
    "conduct.E052": Message(
        "The visit is not recorded as held.", "该访视尚未登记。",
        "Enter the date of the visit first.", "请先填写访视日期。",
    ),
    "conduct.E053": Message(
        "A changed answer needs a reason: {items}.", "修改已有数据须填写理由：{items}。",
        "Say why the earlier answer was wrong.", "请说明原数据为何有误。",
    ),
    "conduct.E054": Message(
        "There is no such row on this form.", "此表单没有该行。",
        "The rows of a log are numbered from 1; other forms have one row.",
        "日志表单的行号从 1 开始，其他表单只有一行。",
    ),
    "conduct.E055": Message(
        "There is nothing to sign on this form.", "此表单无可签名的内容。",
        "Enter it first.", "请先填写。",
    ),
    "conduct.E058": Message(
        "Row {row} was entered in error and does not change any more.", "第 {row} 行已标记为误录，不再更改。",
        "Add a new row.", "请新增一行。",
    ),
    "conduct.E059": Message(
        "There is no row {row} of {form} to refer to.", "{form} 中没有可引用的第 {row} 行。",
        "Choose one of the rows that are there.", "请从现有的行中选择。",
    ),
    "conduct.E060": Message(
        "No dose is due at this visit.", "该访视无需给药。",
    ),
    "conduct.E061": Message(
        "Trial treatment was stopped.", "试验用药已停止。",
        "Follow-up goes on without it.", "请继续随访，不再给药。",
    ),
    "conduct.E062": Message(
        "A dose was already released for this visit.", "该访视的药物已发放。",
    ),
    "conduct.E063": Message(
        "The participation ended on {date}.", "该受试者已于 {date} 结束参加。",
    ),
    "conduct.E070": Message(
        "There is no query {query}.", "没有质疑 {query}。",
    ),
    "conduct.E071": Message(
        "The query {query} is closed.", "质疑 {query} 已关闭。",
        "Raise a new one.", "请新建质疑。",
    ),
    "conduct.E072": Message(
        "The query {query} exists already.", "质疑 {query} 已存在。",
    ),
    "conduct.E080": Message(
        "The study is not locked.", "研究尚未锁定。",
        "The list is opened only after the lock.", "锁定后方可揭盲。",
    ),
    "conduct.E081": Message(
        "A reason is needed.", "须填写理由。",
    ),
    "conduct.E090": Message(
        "The protocol plans no look {look!r}.", "方案中没有计划 {look!r} 这次期中审查。",
        "Looks stand under `monitoring` in the protocol.", "期中审查在方案的 monitoring 部分规定。",
    ),
    "conduct.E091": Message(
        "The look {look} was already asked for.", "{look} 已提出申请。",
        "Each look is held once.", "每次期中审查只进行一次。",
    ),
    "conduct.E092": Message(
        "The look {look} was not asked for by somebody else.", "{look} 尚未由另一人提出申请。",
        "The chair of the committee asks for it; another person holds it.", "须由委员会主席申请，由另一人实施。",
    ),
    "conduct.E093": Message(
        "The look {look} was already released.", "{look} 的数据已放行。",
        "Each look is held once.", "每次期中审查只进行一次。",
    ),
    "conduct.E094": Message(
        "The look {look} was not held yet.", "{look} 尚未进行。",
        "A recommendation follows a look.", "应在期中审查之后提出建议。",
    ),
    "conduct.E095": Message(
        "A recommendation after {look} is already signed.", "{look} 之后的建议已签署。",
    ),
    "conduct.E096": Message(
        "No reason stands with a recommendation: everybody reads it.", "建议为公开内容，不得附理由。",
        "Reasons belong into the committee's closed minutes.", "理由应记入委员会闭门会议纪要。",
    ),
    "conduct.E097": Message(
        "The look {look} does not test this.", "{look} 未计划进行此项检验。",
        "Recommend what the look can show.", "请按本次审查的内容提出建议。",
    ),
    "conduct.E098": Message(
        "The look {look} does not follow {other}, which was held.", "{look} 未在已进行的 {other} 之后。",
        "Cut after the look before was released; hold looks at efficacy in the order of the protocol.",
        "数据截点应在前一次审查放行之后；有效性期中分析应按方案顺序进行。",
    ),
    "conduct.E099": Message(
        "Nobody was randomised by the cut of {look}.", "{look} 的数据截点之前尚无受试者随机入组。",
        "Choose a later cut.", "请选择更晚的截点。",
    ),
    "conduct.E100": Message(
        "Consent was given on {document}, which is not a version in use.",
        "知情同意书版本为 {document}，并非现行版本。",
        "Obtain consent on a version in use and record it.", "请以现行版本重新取得知情同意并登记。",
    ),
    "conduct.E101": Message(
        "Recruitment was stopped; nobody more is randomised.", "招募已停止，不再随机新的受试者。",
        "Ask the sponsor. The participant stays screened.", "请联系申办者；受试者保留筛选状态。",
    ),
    "conduct.E102": Message(
        "Recruitment is complete: {most} participants are randomised.", "{most} 名受试者已全部随机，试验入组完成。",
        "Ask the sponsor. The participant stays screened.", "请联系申办者；受试者保留筛选状态。",
    ),
    "conduct.E103": Message(
        "Recruitment is complete in {country}: {most} participants are randomised.",
        "{country} 的 {most} 名受试者已全部随机，入组完成。",
        "Ask the sponsor. The participant stays screened.", "请联系申办者；受试者保留筛选状态。",
    ),
    "conduct.E104": Message(
        "Recruitment is complete at site {site}: {most} participants are randomised.",
        "{site} 中心的 {most} 名受试者已全部随机，入组完成。",
        "Ask the sponsor. The participant stays screened.", "请联系申办者；受试者保留筛选状态。",
    ),
    "conduct.E105": Message(
        "Recruitment is stopped here already.", "此处招募已处于停止状态。",
    ),
    "conduct.E106": Message(
        "Recruitment was not stopped here.", "此处招募并未停止。",
    ),
    "conduct.E107": Message(
        "The participant is already recorded as randomised in error.", "该受试者已登记为误随机。",
    ),
    "conduct.E108": Message(
        "There is no such entry in the register of unmaskings.", "揭盲登记中无此记录。",
        "Open the register anew.", "请重新打开揭盲登记。",
    ),
    "conduct.E109": Message(
        "The measures are missing.", "尚未填写处理措施。",
        "Say what is done, or that nothing needs to be.", "请说明所采取的措施；如无需处理，请注明。",
    ),
    "conduct.E110": Message(
        "The protocol has no role {role}.", "方案中没有 {role} 角色。",
        "Take one of the roles of the protocol.", "请选用方案中的角色。",
    ),
    "conduct.E111": Message(
        "The role {role} is not given there.", "不能在此处授予 {role} 角色。",
        "Name a site of the protocol for a role of a site, and none for a role of the whole study.",
        "中心角色须指定方案中的中心；全研究角色不指定中心。",
    ),
    "conduct.E112": Message(
        "The role would end before it begins.", "角色的结束日期早于开始日期。",
        "Look at the two dates.", "请核对两个日期。",
    ),
    "conduct.E113": Message(
        "Nobody gives a role to themselves.", "不得为本人授予角色。",
        "Ask another person who administers the study.", "请由另一位研究管理人员办理。",
    ),
    "conduct.E114": Message(
        "The person has the role {role} there already.", "该人员在此处已有 {role} 角色。",
        "End it first to give it with other dates.", "如需更改日期，请先结束现有角色。",
    ),
    "conduct.E115": Message(
        "Whoever is {other} is not {role}: one of the two is masked and the other is not.",
        "{other} 不得兼任 {role}：二者一为设盲、一为非盲。",
        "Give the role to another person. Whoever has known arms is never masked again.",
        "请授予其他人员。知晓过分组者不得再担任设盲角色。",
    ),
    "conduct.E116": Message(
        "{role} and {other} are duties of two people.", "{role} 与 {other} 须由不同人员担任。",
        "Give the role to another person, or end the other one first.", "请授予其他人员，或先结束另一角色。",
    ),
    "conduct.E117": Message(
        "The person has no such role {role} to take up or to end.", "该人员没有可接受或可结束的 {role} 角色。",
        "Look at the delegation log.", "请查看授权分工表。",
    ),
    "conduct.E170": Message(
        "Something was asked for already and waits for a second person.", "已有一项申请等待另一人处理。",
        "It is granted, declined or taken back first.", "请先批准、拒绝或撤回该申请。",
    ),
    "conduct.E171": Message(
        "What was to be answered does not wait any more: it was granted, declined, or never asked for.",
        "该申请已不在等待中：可能已获批准、被拒绝，或从未提出。",
        "Open the page anew and see what waits.", "请重新打开页面，查看等待处理的申请。",
    ),
    "conduct.E172": Message(
        "Two people lock and unlock a study: who asked does not grant it.",
        "锁定与解锁须由两人完成：申请人不得自行批准。",
        "Ask another person who may lock the study.", "请由另一位有锁定权限的人员批准。",
    ),
    "conduct.E173": Message(
        "The request has expired: nobody granted it within three days.", "申请已过期：三天内无人批准。",
        "Ask again, with the reason.", "请说明理由，重新申请。",
    ),
    "conduct.E174": Message(
        "The form is frozen; nothing more is entered on it.", "该表单已冻结，不能再填写。",
        "A data manager may unfreeze it for a reason, or raise a query.",
        "如需更正，请由数据管理员说明理由后解除冻结，或提出质疑。",
    ),
    "conduct.E175": Message(
        "This is frozen already.", "已处于冻结状态。",
    ),
    "conduct.E176": Message(
        "This is not frozen by itself.", "该项未单独冻结。",
        "If the whole casebook is frozen, unfreeze the casebook.", "若整个病例报告表已冻结，请解除其冻结。",
    ),
    "conduct.E157": Message(
        "What happened is missing.", "未填写偏离内容。",
        "Say in a sentence what was not as the protocol says.", "请用一句话说明与方案不符之处。",
    ),
    "conduct.E118": Message(
        "This is code break number {count} here within {hours} hours.", "{hours} 小时内此处已是第 {count} 次紧急揭盲。",
        "If it is needed now, confirm it: nothing keeps it from happening. Somebody unmasked is told.",
        "如确需立即揭盲，请确认，系统不会阻止；同时将通知非盲人员。",
    ),
    **KIT_MESSAGES,
    **SERIOUS_MESSAGES,
    **INFUSION_MESSAGES,
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

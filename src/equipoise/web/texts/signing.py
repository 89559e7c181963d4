"""Texts of signing, of freezing and of the lock of two people."""

from typing import Final

from equipoise.web.texts.text import Text

SIGNING: Final[dict[str, Text]] = {
    "nav.signatures": Text("Sign", "签名"),
    "sign.stands": Text("signed", "已签名"),
    "sign.is_void": Text("signature void", "签名失效"),
    "signing.title": Text("What waits for your signature", "待您签名"),
    "signing.total": Text("{number} records", "{number} 份记录"),
    "signing.void": Text("signature void, sign again", "签名失效，需重新签名"),
    "signing.look": Text("Look and sign", "核对并签名"),
    "signing.look_chosen": Text("Look at those chosen", "核对所选受试者"),
    "signing.none": Text("Nothing waits for your signature.", "暂无待签名的记录。"),
    "signing.locked": Text("The study is locked; nothing is signed any more.", "研究已锁定，不能再签名。"),
    "signing.check": Text("Look at each record, then sign", "逐份核对后签名"),
    "signing.more": Text(
        "{number} more records wait. They come after these are signed.", "另有 {number} 份记录，签完本页后显示。"
    ),
    "signing.this": Text("sign this record", "签署此记录"),
    "signing.changed": Text("Changed since it was signed", "签名后的变更"),
    "signing.unanswered": Text("Without an answer: {number}", "未作答：{number} 项"),
    "signing.means": Text(
        "Your name is put under each ticked record as it stands on this page. One that somebody changes meanwhile is"
        " left out and named.",
        "您的姓名将签署在每份勾选记录的当前内容之下。其间被他人修改的记录不予签署，并会列出。",
    ),
    "signing.do": Text("Sign the ticked records", "签署所选记录"),
    "signing.done": Text("Signed: {number} records.", "已签署 {number} 份记录。"),
    "signing.left_out": Text(
        "Not signed: {subject}, {place}. It changed after you looked at it, or was signed meanwhile.",
        "未签署：{subject}，{place}。该记录在您核对后已变更，或已被签署。",
    ),
    "signing.together": Text("look and sign together", "集中核对并签名"),
    "lock.title": Text("Lock of the study", "研究锁定"),
    "lock.open": Text("Ask for it, grant it, see what is still open", "申请、批准、查看未完成事项"),
    "lock.asked.lock": Text("lock asked for; another person grants it", "已申请锁定，待另一人批准"),
    "lock.asked.unlock": Text("unlocking asked for; another person grants it", "已申请解锁，待另一人批准"),
    "lock.waits": Text("Waits for a second person", "待另一人处理"),
    "lock.expired": Text("request expired", "申请已过期"),
    "lock.by": Text("Asked for by", "申请人"),
    "lock.at": Text("Asked for at", "申请时间"),
    "lock.until": Text("Can be granted until", "批准截止时间"),
    "lock.mine": Text("You asked for this. Another person grants it.", "此申请由您提出，须由另一人批准。"),
    "lock.two": Text(
        "Two people do this: you ask, with the reason, and another person who may lock the study grants it within three"
        " days.",
        "须由两人完成：您说明理由提出申请，由另一位有锁定权限的人员在三天内批准。",
    ),
    "lock.ask.lock": Text("Ask for the lock", "申请锁定"),
    "lock.ask.unlock": Text("Ask for unlocking", "申请解锁"),
    "lock.grant.lock": Text("Grant it: lock the study", "批准并锁定研究"),
    "lock.grant.unlock": Text("Grant it: unlock the study", "批准并解锁研究"),
    "lock.decline": Text("Decline", "拒绝"),
    "lock.take_back": Text("Take it back", "撤回申请"),
    "lock.history": Text("What happened to the lock", "锁定记录"),
    "lock.never": Text("Nobody has asked for the lock yet.", "尚无人申请锁定。"),
    "lock.before": Text("Still open", "尚未完成"),
    "lock.open_queries": Text("Queries to answer", "待答复的质疑"),
    "lock.answered_queries": Text("Queries to settle", "待关闭的质疑"),
    "lock.unsigned": Text("Records to sign", "待签名的记录"),
    "lock.void": Text("Signatures that became void", "已失效的签名"),
    "frozen.title": Text("Frozen", "已冻结"),
    "frozen.means": Text(
        "On what is frozen nothing is entered; queries, signatures, doses, infusions, clocks of serious events and code"
        " breaks go on. Unlocking the study opens nothing that is frozen.",
        "冻结后不能录入，质疑、签名、给药、输液记录、严重不良事件报告时限与紧急揭盲照常。研究解锁不会解除冻结。",
    ),
    "frozen.casebook": Text("whole casebook frozen", "整个病例报告表已冻结"),
    "frozen.forms": Text("forms frozen: {number}", "已冻结表单：{number}"),
    "frozen.form": Text("frozen", "已冻结"),
    "frozen.form_means": Text(
        "This form is frozen: nothing more is entered on it. Queries go on.", "此表单已冻结，不能再录入，质疑照常。"
    ),
    "frozen.all": Text("Freeze every casebook", "冻结全部病例报告表"),
    "frozen.all_means": Text(
        "Nothing more is entered for {number} participants. Each can be unfrozen for a reason.",
        "{number} 名受试者将不能再录入；可逐个说明理由解除冻结。",
    ),
    "frozen.freezing": Text("Freezing", "冻结录入"),
    "frozen.do": Text("Freeze", "冻结"),
    "frozen.thaw": Text("Unfreeze", "解除冻结"),
    "mode.mark.void": Text("⊘", "⊘"),
    "mode.mark.frozen": Text("❄", "❄"),
    "mark.remote": Text("remote", "远程"),
    "mark.home": Text("at home", "居家"),
    "mark.void": Text("signature void", "签名失效"),
    "mark.frozen": Text("forms frozen", "有表单已冻结"),
    "visit.frozen": Text("frozen", "已冻结"),
}

"""Texts of accounts: the entrance, invitations, roles to choose from, proving it again, the delegation log."""

from typing import Final

from equipoise.web.texts.text import Text

ACCOUNTS: Final[dict[str, Text]] = {
    # --- The entrance ---
    "entrance.title": Text("Sign in", "登录"),
    "entrance.passkey": Text("Sign in with a passkey", "使用通行密钥登录"),
    "entrance.passkey_means": Text(
        "The fingerprint, face or PIN of this computer, of your phone, or a security key. Nothing is typed.",
        "使用本机、手机的指纹、面容、PIN 码或安全密钥，无需输入密码。",
    ),
    "entrance.words": Text("Or with password and code", "或使用密码和验证码登录"),
    "entrance.email": Text("E-mail", "电子邮箱"),
    "entrance.password": Text("Password", "密码"),
    "entrance.code": Text("Code", "验证码"),
    "entrance.code_means": Text(
        "Six digits from your app, or one of your recovery codes.", "验证器应用中的六位验证码，或一个恢复码。"
    ),
    "entrance.enter": Text("Sign in", "登录"),
    "entrance.none": Text(
        "Accounts are made by invitation. Whoever administers your study sends you one, also when you have lost your "
        "phone.",
        "账户仅凭邀请开通。如需开通账户或手机遗失，请联系研究管理人员。",
    ),
    "entrance.failed": Text("The passkey was not used. Nothing was sent.", "未使用通行密钥，未发送任何内容。"),
    "entrance.unable": Text(
        "This browser cannot use passkeys here. Use password and code.",
        "此浏览器无法使用通行密钥，请使用密码和验证码。",
    ),
    # --- Roles ---
    "seats.title": Text("Where do you work today?", "请选择今天的研究与角色"),
    "seats.lead": Text(
        "A study is seen through one role at a time. Everything you do is recorded under that role.",
        "每次只能以一个角色进入研究，所有操作均记录在该角色下。",
    ),
    "seats.enter": Text("Enter", "进入"),
    "seats.go_on": Text("Go on", "继续"),
    "seats.accept": Text("Accept the role and enter", "接受角色并进入"),
    "seats.accept_means": Text(
        "By accepting you confirm in the delegation log that you take on these duties.",
        "接受即表示您在授权分工表中确认承担该职责。",
    ),
    "seats.until": Text("until {day}", "至 {day}"),
    "seats.none": Text(
        "You have no role in any study today. Ask whoever administers it.",
        "您今天在任何研究中均无角色，请联系研究管理人员。",
    ),
    # --- Invitation ---
    "invitation.title": Text("Welcome, {name}", "欢迎，{name}"),
    "invitation.renewal": Text("Set up a further way to sign in", "设置其他登录方式"),
    "invitation.lead": Text(
        "Set up how you sign in. Nobody else can do it for you, and nobody else ever knows your password. The name "
        "above is printed beside your signatures: if it is wrong, do not go on, and ask for it to be corrected.",
        "请设置您的登录方式。他人无法代为设置，也不会知晓您的密码。上方姓名将印在您的签名旁，如有错误请勿继续，并要求更正。",
    ),
    "invitation.good_until": Text("This link is good once, until {moment}.", "本链接仅可使用一次，有效期至 {moment}。"),
    "invitation.roles": Text("Your roles", "您的角色"),
    "invitation.passkey": Text("With a passkey", "使用通行密钥"),
    "invitation.recommended": Text("recommended", "推荐"),
    "invitation.passkey_name": Text("A name for it, such as “laptop on ward 5”", "为其命名，例如“五病区笔记本”"),
    "invitation.make_passkey": Text("Make a passkey", "创建通行密钥"),
    "invitation.words": Text("With a password and an app on your phone", "使用密码和手机验证器应用"),
    "invitation.scan": Text(
        "Scan this with an authenticator app, or type the key into it.", "请用验证器应用扫描，或在应用中手动输入密钥。"
    ),
    "invitation.secret": Text("Key", "密钥"),
    "invitation.password_means": Text(
        "15 characters or more. A few words nobody would guess are better than signs nobody can remember.",
        "至少 15 个字符。几个不易猜到的词优于难以记忆的符号。",
    ),
    "invitation.password_again": Text("Password again", "再次输入密码"),
    "invitation.app_code": Text("Six digits the app shows now", "应用当前显示的六位验证码"),
    "invitation.set": Text("Set up", "完成设置"),
    "invitation.gone": Text("This link is not good", "链接无效"),
    "recovery.title": Text("Your recovery codes", "您的恢复码"),
    "recovery.lead": Text(
        "Print or write these down now; they are not shown again. With your password each signs you in once in place "
        "of the six digits: when the phone is lost, and when codes are shut after wrong attempts.",
        "请立即打印或抄写，恢复码不再显示。手机遗失或验证码因错误次数过多被停用时，可配合密码以恢复码代替六位验证码，每个限用一次。",
    ),
    "recovery.only_passkey": Text(
        "You have no password, so these serve when you sign or break a code in an open session. Make a second passkey, "
        "on your phone or on a security key, before you need one.",
        "您未设置密码，恢复码可用于会话中的签名或紧急揭盲。请尽早在手机或安全密钥上创建第二个通行密钥。",
    ),
    "recovery.on": Text("I have kept them: go on", "已妥善保存，继续"),
    # --- One's own account ---
    "account.title": Text("Your account", "我的账户"),
    "account.name": Text("Name, as printed beside signatures", "签名旁印制的姓名"),
    "account.person": Text("Id in the ledger", "账本中的编号"),
    "account.passkeys": Text("Passkeys", "通行密钥"),
    "account.used": Text("last used {moment}", "上次使用：{moment}"),
    "account.never": Text("never used", "从未使用"),
    "account.app": Text("Password and app", "密码和验证器应用"),
    "account.set": Text("set up", "已设置"),
    "account.not_set": Text("not set up", "未设置"),
    "account.renew": Text("Set up another way to sign in", "设置其他登录方式"),
    "account.renew_means": Text(
        "A further passkey, or a password and an app. New recovery codes replace the old ones.",
        "添加通行密钥，或设置密码和应用。新的恢复码将取代旧的恢复码。",
    ),
    "account.end": Text("Sign out everywhere", "退出所有会话"),
    "account.end_means": Text(
        "Ends every session of yours at once, this one too.", "立即结束您的所有会话，包括当前会话。"
    ),
    # --- Proving it again ---
    "again.title": Text("Confirm that this is you", "请确认是您本人"),
    "again.person": Text("Type {person}", "请输入 {person}"),
    "again.passkey": Text("Confirm with a passkey", "使用通行密钥确认"),
    "again.first": Text(
        "The first time in a session: password and code.", "本次登录后首次确认：密码和验证码均须输入。"
    ),
    "again.recovery": Text("Or one of your recovery codes.", "或输入一个恢复码。"),
    "again.later": Text("Password, or a code.", "输入密码或验证码其中一项。"),
    # --- The delegation log ---
    "people.title": Text("Delegation log", "授权分工表"),
    "people.name": Text("Name", "姓名"),
    "people.role": Text("Role", "角色"),
    "people.from": Text("From", "开始"),
    "people.to": Text("Until", "结束"),
    "people.by": Text("Given by", "授权人"),
    "people.accepted": Text("Taken up", "接受时间"),
    "people.state": Text("State", "状态"),
    "people.none": Text("Nobody was given a role yet.", "尚未授予任何角色。"),
    "people.whole": Text("whole study", "全部中心"),
    "people.end": Text("End a role", "终止角色"),
    "people.end_means": Text("It counts at once, in every open session.", "立即生效，适用于所有会话。"),
    "people.state.holds": Text("in force", "有效"),
    "people.state.waits": Text("not taken up", "待接受"),
    "people.state.over": Text("not in these days", "不在有效期内"),
    "people.state.ended": Text("ended", "已终止"),
    "session.idle": Text("Are you still there?", "您还在吗？"),
    "session.longest": Text("Your session ends soon", "本次登录即将结束"),
    "session.idle_means": Text(
        "You will be signed out, because nothing was done here for a while. What you typed is kept for you.",
        "由于长时间无操作，系统即将退出登录。您填写的内容会为您保留。",
    ),
    "session.longest_means": Text(
        "A session lasts twelve hours and cannot be extended. What you typed is kept for you: sign in again and go on.",
        "每次登录最长十二小时，不能延长。您填写的内容会为您保留，重新登录后可继续。",
    ),
    "session.seconds": Text("seconds left", "秒后退出"),
    "session.stay": Text("Stay signed in", "继续使用"),
    "session.understood": Text("Understood", "知道了"),
    "people.review": Text("User review (CSV)", "用户审阅表（CSV）"),
    "give.title": Text("Give a role", "授予角色"),
    "give.who": Text("E-mail of the person, or the id in the log", "人员邮箱，或授权分工表中的编号"),
    "give.who_demo": Text("Id of the person", "人员编号"),
    "give.look": Text("Look what is possible", "查看可授予的角色"),
    "give.may": Text("Which roles go together with what they have", "可与现有角色兼任的角色"),
    "give.possible": Text("Possible", "可授予"),
    "give.no": Text("not possible", "不可授予"),
    "give.has": Text("Roles now", "现有角色"),
    "give.none": Text("None in this study.", "在本研究中暂无角色。"),
    "give.means": Text(
        "The role is theirs once they take it up, on entering it for the first time.",
        "对方首次进入并接受后，角色生效。",
    ),
    "give.do": Text("Give the role", "授予"),
}

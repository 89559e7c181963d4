"""What sealing and opening say when something is wrong, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message, problem_from
from equipoise.items.problem import Problem

_SEALING: Final = {
    "envelopes.E001": Message(
        "There is nothing to seal: the plan has no slot.", "没有可封存的内容：分配计划中没有随机号。",
        "Draw the list first.", "请先生成随机分配表。",
    ),
    "envelopes.E002": Message(
        "Nobody could open this list.", "没有任何人能够开启这份随机分配表。",
        "Name the unmasked roles' public keys.", "请指定非盲角色的公钥。",
    ),
    "envelopes.E003": Message(
        "A recipient is named twice.", "同一接收人出现两次。",
        "Each needs a role and a key of its own.", "每位接收人须有各自的角色和密钥。",
    ),
    "envelopes.E004": Message(
        "The key of {role} is a demonstration key: its private half is known to everybody.",
        "{role} 的密钥为演示密钥，其私钥是公开的。",
        "Make a new key for each role.", "请为每个角色生成新的密钥。",
    ),
    "envelopes.E005": Message(
        "The strata do not all have the same number of slots.", "各分层的随机号数量不一致。",
        "Draw as many for each.", "请为每个分层生成相同数量的随机号。",
    ),
    "envelopes.E006": Message(
        "The names of the stratum {stratum} and its arm are too long to be sealed.",
        "分层 {stratum} 与组别的名称过长，无法封存。",
        "Use shorter ids.", "请使用较短的标识。",
    ),
    "envelopes.E007": Message(
        "{role} is no unmasked role of the protocol.", "{role} 不是方案中的非盲角色。",
        "The unmasked roles are {roles}.", "非盲角色包括：{roles}。",
    ),
    "envelopes.E008": Message(
        "The escrow key needs three holders with a key each, and {given} are named.",
        "托管密钥须由三位持有人分别持有各自的密钥，目前指定了 {given} 位。",
        "Name three different public keys.", "请指定三个不同的公钥。",
    ),
    "envelopes.W001": Message(
        "Only one key of the role {role} can open an envelope.", "角色 {role} 只有一个密钥能够开启信封。",
        "If it is lost, dosing stops until others have wrapped the list anew. Name a second holder.",
        "该密钥一旦丢失，须由他人重新封装后才能继续给药。请再指定一位持有人。",
    ),
    "envelopes.W002": Message(
        "A stratum has {slots} slots, and all {participants} participants could be in it.",
        "每个分层有 {slots} 个随机号，而全部 {participants} 名受试者可能都在同一分层。",
        "A list that ends tells something. Add slots with --buffer.",
        "分配表用尽会泄露信息，请用 --buffer 增加随机号。",
    ),
    "envelopes.W003": Message(
        "Fewer than two people are named as present.", "登记的在场人员不足两人。",
        "Two people watch each other: name both with --by.", "应有两人在场互相监督，请用 --by 登记两人。",
    ),
    "envelopes.W004": Message(
        "This machine has no font with Chinese characters, so the cards are in English only.",
        "本机没有中文字体，卡片仅印英文。",
        "Install one, such as Noto Sans CJK, and seal again.", "请安装中文字体（如 Noto Sans CJK）后重新封存。",
    ),
}  # fmt: skip

_OPENING: Final = {
    "envelopes.E010": Message(
        "This envelope is not addressed to {role}.", "该信封不是封给 {role} 的。",
        "Use the key of a recipient of the list.", "请使用接收人的密钥。",
    ),
    "envelopes.E011": Message(
        "The share for {role} does not open with this key.", "无法用此密钥解开封给 {role} 的份额。",
        "It is another key than the list was sealed for, or the envelope was altered.",
        "密钥与封存时使用的不一致，或信封已被改动。",
    ),
    "envelopes.E012": Message(
        "The envelope and its second share do not belong together, or one of them was altered.",
        "信封与第二份额不匹配，或其中之一已被改动。",
        "Compare the envelope with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E013": Message(
        "What is inside is not what the published commitment covers.", "信封内容与已公布的承诺值不符。",
        "Compare the envelope with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E014": Message(
        "The allocator has this slot at another place than the list gives it.",
        "该随机号在分配器中的位置与分配表不一致。",
        "Find out how the allocator's store was changed.", "请查明分配器数据被改动的原因。",
    ),
    "envelopes.E015": Message(
        "The {count} slots are not all the slots of the published commitment.",
        "这 {count} 个随机号不是已公布承诺值所涵盖的全部随机号。",
        "An envelope was left out or put in. Compare with another copy of the sealed list.",
        "信封有缺失或增加，请与封存分配表的其他副本核对。",
    ),
    "envelopes.E016": Message(
        "This label is on two envelopes.", "两个信封使用了同一标签。",
        "Compare with another copy of the sealed list.", "请与封存分配表的其他副本核对。",
    ),
    "envelopes.E017": Message(
        "There is an envelope without a second lock, or a lock without an envelope.",
        "存在没有第二把锁的信封，或没有信封的第二把锁。",
        "Compare the list and the allocator's store with their copies.", "请将分配表和分配器数据分别与其副本核对。",
    ),
    "envelopes.E018": Message(
        "Card and release together open no envelope of this list.", "卡片与放行码合在一起不能开启本分配表的任何信封。",
        "Take the card with the label that was named with the release, and the list of this trial.",
        "请核对卡片标签是否与放行时告知的标签一致，并使用本试验的分配表。",
    ),
    "envelopes.E019": Message(
        "There is no envelope {label} in this list.", "本分配表中没有信封 {label}。",
        "Compare the label with the one that was assigned.", "请与已分配的标签核对。",
    ),
}  # fmt: skip

_FILES: Final = {
    "envelopes.E020": Message(
        "This is not a private key of Equipoise, or it is damaged.", "该文件不是 Equipoise 私钥，或已损坏。",
        "Take the other copy of the file.", "请使用该文件的另一份副本。",
    ),
    "envelopes.E021": Message(
        "The passphrase is not right, or the file was altered.", "口令不正确，或文件已被改动。",
        "Try again; then take the other copy of the file.", "请重试；仍不成功时，使用该文件的另一份副本。",
    ),
    "envelopes.E022": Message(
        "This is not a file of the kind {form}, or it is damaged.", "该文件不是 {form} 类型的文件，或已损坏。",
        "Take the other copy of the file.", "请使用该文件的另一份副本。",
    ),
    "envelopes.E023": Message(
        "The passphrase has {given} characters, and at least {least} are needed.",
        "口令只有 {given} 个字符，至少需要 {least} 个。",
        "Four or five words that have nothing to do with each other are long and easy to remember.",
        "可用四五个互不相关的词语组成，既长又便于记忆。",
    ),
    "envelopes.E024": Message(
        "The public key beside it is another one.", "旁边的公钥文件与该私钥不一致。",
        "Take the public key that was written with this private key.", "请使用与该私钥同时生成的公钥文件。",
    ),
    "envelopes.W005": Message(
        "Others on this machine may read the file.", "本机其他用户可以读取该文件。",
        "Let nobody but yourself read it (mode 0600).", "请将文件权限设为仅本人可读（0600）。",
    ),
}  # fmt: skip

_CODES: Final = {
    "envelopes.E030": Message(
        "This is not a code: it has {given} of 30 characters.",
        "这不是有效的代码：应有 30 个字符（现有 {given} 个）。",
        "Six groups of five letters and digits; there is no U in them.", "共六组，每组五个字母或数字，不含字母 U。",
    ),
    "envelopes.E031": Message(
        "A character of the code is not right.", "代码中有字符不正确。",
        "Compare it group by group, or scan it.", "请逐组核对，或扫描二维码。",
    ),
    "envelopes.E033": Message(
        "A character of the code is not right: group {group}, character {character}.",
        "代码中有字符不正确：第 {group} 组第 {character} 个字符。",
        "Compare this place with the paper. It is never corrected for you.", "请与纸面核对此处；系统不会代为更正。",
    ),
    "envelopes.E032": Message(
        "This code is genuine, and another is asked for here.", "该代码有效，但不是此处所需的代码。",
        "The card, the release and the two halves of a second lock have codes of their own.",
        "卡片、放行码以及第二把锁的前后两半各有不同的代码。",
    ),
}  # fmt: skip

_ESCROW: Final = {
    "envelopes.E040": Message(
        "This share is not addressed to {holder}, or was altered.", "该份额不是封给 {holder} 的，或已被改动。",
        "Use the key of the holder it was sealed for.", "请使用该份额持有人的密钥。",
    ),
    "envelopes.E041": Message(
        "This is no share of the escrow key: it does not agree with what was published of it.",
        "该份额与已公布的承诺不符，不是托管密钥的份额。",
        "Do not leave the ceremony with it. Afterwards: take the other copy.",
        "封存仪式上发现此问题时请勿离场；事后发现时请使用另一份副本。",
    ),
    "envelopes.E042": Message(
        "These are not two different shares of one splitting.", "这不是同一次拆分所得的两个不同份额。",
        "Shares made before and after a new splitting do not fit together.", "重新拆分前后的份额不能混用。",
    ),
    "envelopes.E043": Message(
        "The copy of the second locks does not open with this key, or was altered.",
        "无法用此密钥开启第二把锁的备份，或备份已被改动。",
        "Take the copy that was made with this escrow key.", "请使用与该托管密钥同时生成的备份。",
    ),
}  # fmt: skip

_CEREMONY: Final = {
    "envelopes.E050": Message(
        "The file cannot be read: {said}.", "无法读取文件：{said}。",
        "Check its name and who may read it.", "请检查文件名和读取权限。",
    ),
    "envelopes.E051": Message(
        "There is something of this name already, and nothing is overwritten.", "已存在同名文件或文件夹，不会覆盖。",
        "Choose another name.", "请使用其他名称。",
    ),
    "envelopes.E052": Message(
        "This is a deployment's folder or environment: a list is not sealed where it is used.",
        "这是在用系统的目录或环境：不得在使用分配表的机器上封存。",
        "Seal on a machine of its own that is offline, in an empty place.", "请在专用的离线机器上、在空目录中封存。",
    ),
    "envelopes.E053": Message(
        "A line of the file of recipients is not understood: {line}.", "接收人文件中有无法识别的行：{line}。",
        "Each line is 'recipient FILE', 'escrow FILE' or 'keeper FILE', with the file of a public key.",
        "每行应为“recipient 公钥文件”“escrow 公钥文件”或“keeper 公钥文件”。",
    ),
    "envelopes.E054": Message(
        "This is no quorum: two holders of the escrow key, or two recipients, are needed.",
        "人数不足：须有两位托管密钥持有人，或两位接收人。",
        "Give the key files of two different people with --quorum.", "请用 --quorum 指定两位不同人员的密钥文件。",
    ),
    "envelopes.E055": Message(
        "The list's commitment is not the published one.", "分配表的承诺值与已公布的承诺值不一致。",
        "This is not the list that was sealed, or it was exchanged. Compare with another copy before anything else.",
        "这不是当初封存的分配表，或已被调换。请先与其他副本核对。",
    ),
    "envelopes.E056": Message(
        "The folder has no file {name}, or copies of it that differ.", "文件夹中缺少 {name} 文件，或其各副本不一致。",
        "Put it there once. If copies differ, find out which is the one whose digest stands in the transcript.",
        "请只放一份；若副本不一致，请按封存记录中的摘要值确认哪一份为原件。",
    ),
    "envelopes.E057": Message(
        "The folder could not be written: {said}. Nothing of it was kept.", "无法写入文件夹：{said}。未保留任何内容。",
        "Make room and run the command again; what it made is gone.",
        "请检查磁盘空间后重新运行该命令；本次生成的内容已作废。",
    ),
    "envelopes.E060": Message(
        "The archive was not sealed for the key of {holder}.", "该归档不是为 {holder} 的密钥封存的。",
        "Take the key whose public half was handed in for this look.", "请使用为本次审查提交公钥所对应的私钥。",
    ),
    "envelopes.E061": Message(
        "The archive was altered after it was sealed.", "归档在封存后被改动。",
        "Ask the independent statistician for it again.", "请向独立统计师重新索取。",
    ),
}  # fmt: skip

_ARRIVAL: Final = {
    "envelopes.E070": Message(
        "The published text names another protocol than the study's, or none.",
        "已公布的文本未载明本研究方案的摘要值，或载明的是另一方案。",
        "The list was drawn for another version of the protocol. Open the study under that version, or seal anew.",
        "该分配表是按另一版本的方案生成的。请按该版本建立研究，或重新封存。",
    ),
    "envelopes.E071": Message(
        "This is not the sealed list whose digest was published.", "该封存分配表与已公布的摘要值不符。",
        "Take the file as it was sealed. Find out how it was changed before you go on.",
        "请使用封存时的原始文件，并先查明文件被改动的原因。",
    ),
    "envelopes.E072": Message(
        "These are not the second locks whose digest was published.", "第二把锁的文件与已公布的摘要值不符。",
        "Take the file as it was sealed, or have two holders of the escrow key recover it.",
        "请使用封存时的原始文件，或由两位托管密钥持有人恢复。",
    ),
    "envelopes.E073": Message(
        "This was sealed for the study {given}, and here is {study}.", "该文件属于研究 {given}，而此处为 {study}。",
        "Take the files of this study's ceremony.", "请使用本研究封存时生成的文件。",
    ),
    "envelopes.E074": Message(
        "This list was sealed for a demonstration: everybody can open it.", "该分配表仅供演示，任何人都能开启。",
        "Make keys with 'equipoise keys new' and seal a list with 'equipoise seal'.",
        "请用 equipoise keys new 生成密钥，并用 equipoise seal 正式封存。",
    ),
    "envelopes.E075": Message(
        "Another sealed list of this study is already here.", "本研究已载入另一份封存分配表。",
        "If it is the same list, wrapped or sealed again, replace it with 'equipoise load list --replace'.",
        "如系同一分配表重新封装或重新封存，请使用 equipoise load list --replace 替换。",
    ),
    "envelopes.E077": Message(
        "There is no sealed list here to be replaced.", "此处没有可替换的封存分配表。",
        "Load it without --replace.", "请不带 --replace 载入。",
    ),
    "envelopes.E076": Message(
        "These are not the slots of the list that is here, or their commitment is another.",
        "该分配表与现有分配表的随机号或承诺值不一致。",
        "Only the same list, wrapped or sealed again, may take its place.",
        "只有重新封装或重新封存的同一分配表才可替换。",
    ),
}  # fmt: skip

_KITS: Final[dict[str, Message]] = {
    "envelopes.E090": Message(
        "The names of study and lot {lot} are too long together.", "研究标识与批号 {lot} 合计过长。",
        "Use a shorter lot.", "请使用较短的批号。",
    ),
    "envelopes.E091": Message(
        "The packs are not those that were published with this lot.", "药箱清单与该批次公布的不一致。",
        "Take the files of the lot's ceremony, and the text as it was published.",
        "请使用该批次封存时的文件及公布的原文。",
    ),
    "envelopes.E092": Message(
        "The study is not supplied with kits.", "本研究不采用药盒供应。",
        "Kits stand under `supply` in the protocol.", "药盒供应在方案的 supply 部分规定。",
    ),
}  # fmt: skip

_SEED: Final = {
    "envelopes.E080": Message(
        "The seed is not the one whose digest was published.", "种子与已公布的摘要值不符。",
        "Take the file of second locks as it was sealed. Find out how it was changed before you go on.",
        "请使用封存时生成的第二把锁原始文件，并先查明其被改动的原因。",
    ),
    "envelopes.E081": Message(
        "The published text names another seed than the file has, or none.",
        "已公布的文本未载明种子的摘要值，或载明的是另一种子。",
        "Take the text and the file of one ceremony.", "请使用同一次封存仪式的文本和文件。",
    ),
    "envelopes.E082": Message(
        "Nobody could unlock the allocator: no keeper is named.", "未指定任何可解锁分配器的人员。",
        "Name the public key of an unmasked role in the file of recipients: 'keeper FILE'.",
        "请在接收人文件中写明非盲角色的公钥：“keeper 公钥文件”。",
    ),
    "envelopes.E083": Message(
        "A keeper is named, and the procedure {procedure} has no allocator to unlock.",
        "接收人文件中指定了 keeper，但 {procedure} 方法无须解锁分配器。",
        "Leave the line out.", "请删去该行。",
    ),
    "envelopes.E084": Message(
        "The envelopes do not lie in the order that the seed gives.", "信封的排列顺序与种子推算的顺序不一致。",
        "List and seed are not of one ceremony. Compare both with other copies.",
        "分配表与种子并非来自同一次封存仪式，请分别与其他副本核对。",
    ),
    "envelopes.W006": Message(
        "Only one key can unlock the allocator.", "只有一个密钥能够解锁分配器。",
        "If it is lost, nobody is randomised until two holders of the escrow key have helped. Name a second keeper.",
        "该密钥一旦丢失，须由两位托管密钥持有人协助后才能继续随机。请再指定一位。",
    ),
}  # fmt: skip

_REGISTER: Final = {
    "envelopes.E120": Message(
        "The record has {given} bytes; {most} fit into its box.", "记录有 {given} 字节，最多可容纳 {most} 字节。",
        "Shorten the remarks.", "请缩短备注。",
    ),
    "envelopes.E121": Message(
        "The key of {holder} does not open this record.", "{holder} 的密钥不能打开此记录。",
        "Take the key whose public half the list was sealed for.", "请使用封存分配表时所用公钥对应的私钥。",
    ),
    "envelopes.E122": Message(
        "This record was altered after it was sealed, or stands where it does not belong.",
        "此记录在封存后被改动，或不在其原有位置。",
        "Keep the register as it is, and tell the trial's data manager which record it is.",
        "请保留台账现状，并将该记录编号告知本试验的数据管理员。",
    ),
    "envelopes.E124": Message(
        "This record is not there; the next one found is {found}.", "此记录缺失，其后为第 {found} 条记录。",
        "Keep the register as it is, and compare it with its last copy.", "请保留台账现状，并与最近一次备份核对。",
    ),
    "envelopes.E125": Message(
        "This record does not follow the one before it: the chain was cut here.",
        "此记录与前一条记录不衔接，链条在此处断开。",
        "Keep the register as it is, and compare it with its last copy.", "请保留台账现状，并与最近一次备份核对。",
    ),
    "envelopes.E123": Message(
        "This is no sealed record of the pharmacy's register.", "这不是药房台账的封存记录。",
        "Open the page anew and enter it again.", "请重新打开页面后再次填写。",
    ),
}  # fmt: skip

MESSAGES: Final[dict[str, Message]] = {
    **_SEALING, **_OPENING, **_FILES, **_CODES, **_ESCROW, **_CEREMONY, **_ARRIVAL, **_SEED, **_REGISTER, **_KITS,
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)

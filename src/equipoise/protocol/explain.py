"""A protocol in plain tables: what happens when, and who sees what. For reading before anything is signed."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from equipoise.protocol.load import digest
from equipoise.protocol.schedule import Encounter, Visit
from equipoise.protocol.schema import Permission, Protocol, Role

Row: TypeAlias = tuple[str, ...]

WIDEST: Final = 120
_WORDS: Final = {
    "en": {
        "form": "Form", "week": "Week", "days": "Days", "due": "×", "masked": "masked", "unmasked": "unmasked",
        "may": "May: ", "hidden": "Kept from it: ", "nothing": "nothing", "form_of": "form {name}",
        "shown": "shown only to {roles}", "role_says": "by its role", "version": "version", "and": ", ",
        "because": ": ", "schedule": "Schedule", "roles": "Roles", "role_is": "{role} ({state})",
        "counts": "{contacts} contacts, {given} with treatment ({label})",
    },
    "zh": {
        "form": "表单", "week": "周", "days": "天", "due": "×", "masked": "设盲", "unmasked": "非盲",
        "may": "权限：", "hidden": "不可见：", "nothing": "无", "form_of": "表单 {name}",
        "shown": "仅{roles}可见", "role_says": "按角色设定", "version": "版本", "and": "、",
        "because": "：", "schedule": "研究日程表", "roles": "角色与可见范围", "role_is": "{role}（{state}）",
        "counts": "共 {contacts} 次访视，其中 {given} 次给药（{label}）",
    },
}  # fmt: skip
_PERMISSIONS: Final[dict[Permission, tuple[str, str]]] = {
    "view": ("view", "查看"), "screen": ("screen", "筛选"), "consent": ("record consent", "记录知情同意"),
    "enter": ("enter data", "录入"), "confirm_eligibility": ("confirm eligibility", "确认入选"),
    "randomise": ("randomise", "随机化"), "sign": ("sign", "签名"), "dispense": ("dispense", "配发药物"),
    "query": ("raise queries", "发出质疑"), "answer": ("answer queries", "答复质疑"),
    "stop_treatment": ("stop treatment", "终止给药"), "end_participation": ("end participation", "结束参与"),
    "break_code": ("break the code", "紧急揭盲"), "lock": ("lock the trial", "锁定数据库"),
    "open_list": ("open the allocation list", "打开随机分配表"), "analyse": ("analyse", "统计分析"),
    "administer": ("administer accounts", "管理账户"), "audit": ("read the audit trail", "查看稽查轨迹"),
    "hold_look": ("hold interim looks", "实施期中分析"),
    "handle_kits": ("receive, dispense and take back kits", "接收、发放和回收药盒"),
    "manage_supply": ("manage the supply of kits", "管理药盒供应"),
    "recommend": ("recommend for the committee", "代表委员会提出建议"),
    "report_safety": ("report serious events", "报告严重不良事件"),
    "account": ("check the accountability of the products", "核查试验用药品清点与台账"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visibility:
    """What one role may do, and what is kept from it: whole forms, and single items each with the reason."""

    role: str
    masked: bool
    may: tuple[Permission, ...]
    hidden_forms: tuple[str, ...]
    hidden_items: tuple[tuple[str, str], ...]


# --- What happens when ----------------------------------------------------------------------------------------------


def schedule_table(protocol: Protocol, language: str = "en") -> list[Row]:
    """The schedule of activities: a heading of visits, their weeks and windows, then one row for each form.

    The visits outside the schedule, which have neither, come last.
    """
    return _schedule(protocol, _contacts(protocol), language)


def _contacts(protocol: Protocol) -> tuple[Encounter, ...]:
    return (*protocol.visits, *protocol.outside)


def _schedule(protocol: Protocol, visits: Sequence[Encounter], language: str) -> list[Row]:
    words = _WORDS[language]
    planned = [visit if isinstance(visit, Visit) else None for visit in visits]
    rows: list[Row] = [
        (words["form"], *(visit.label.in_(language) for visit in visits)),
        (words["week"], *(str(visit.week) if visit else "" for visit in planned)),
        (words["days"], *(f"{visit.earliest}…{visit.latest}" if visit else "" for visit in planned)),
    ]
    due = (activity.form for activity in protocol.schedule.activities)
    listed = dict.fromkeys((*due, *(form for visit in protocol.outside for form in visit.forms)))
    for form in listed:
        label = protocol.form_by_id[form].label.in_(language)
        rows.append((label, *(words["due"] if form in visit.forms else "" for visit in visits)))
    return rows


# --- Who sees what --------------------------------------------------------------------------------------------------


def visibility(protocol: Protocol, language: str = "en") -> tuple[Visibility, ...]:
    """For each role: whether it is masked, what it may do, and what is kept from it and why."""
    return tuple(
        Visibility(role.id, role.masked, role.may, role.hidden_forms, tuple(_hidden(protocol, role, language)))
        for role in protocol.roles
    )


def _hidden(protocol: Protocol, role: Role, language: str) -> Iterator[tuple[str, str]]:
    words = _WORDS[language]
    for item in protocol.masking.items:
        if (item.level == "masked" and role.masked) or role.id in item.hidden_from:
            yield item.item, item.reason.in_(language)
    yield from ((item, words["role_says"]) for item in role.hidden_items)
    for derivation in protocol.derivations:
        if derivation.shown_to is not None and role.id not in derivation.shown_to:
            names = words["and"].join(protocol.role_by_id[name].label.in_(language) for name in derivation.shown_to)
            yield derivation.id, words["shown"].format(roles=names)


# --- The whole ------------------------------------------------------------------------------------------------------


def explain(protocol: Protocol, language: str = "en") -> str:
    """The protocol as plain text of at most 120 columns where its words allow: identity, schedule, roles."""
    words = _WORDS[language]
    lines = [
        protocol.study.title.in_(language),
        f"{protocol.id} · {words['version']} {protocol.version} · {protocol.dated}",
        f"SHA-256 {digest(protocol)}",
        _counts(protocol, language),
        "",
        words["schedule"],
        *_schedule_lines(protocol, language),
        "",
        words["roles"],
        *(line for seen in visibility(protocol, language) for line in _role_lines(protocol, seen, language)),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _counts(protocol: Protocol, language: str) -> str:
    """Such as "16 contacts, 14 with treatment (Infusion)"."""
    return _WORDS[language]["counts"].format(
        contacts=len(protocol.visits),
        given=sum(protocol.treatment.form in visit.forms for visit in protocol.visits),
        label=protocol.treatment.label.in_(language),
    )


def _schedule_lines(protocol: Protocol, language: str) -> Iterator[str]:
    """The table, in as many pieces one below the other as its width needs."""
    contacts = _contacts(protocol)
    whole = _schedule(protocol, contacts, language)
    first, *columns = (max(map(_width, column)) for column in zip(*whole, strict=True))
    piece: list[Encounter] = []
    used = first
    for visit, width in zip(contacts, columns, strict=True):
        if piece and used + 2 + width > WIDEST:
            yield from (*_aligned(_schedule(protocol, piece, language)), "")
            piece, used = [], first
        piece.append(visit)
        used += 2 + width
    yield from _aligned(_schedule(protocol, piece, language))


def _role_lines(protocol: Protocol, seen: Visibility, language: str) -> Iterator[str]:
    """A role, what it may do, and what is kept from it, one line for each reason."""
    words = _WORDS[language]
    state = words["masked" if seen.masked else "unmasked"]
    yield words["role_is"].format(role=protocol.role_by_id[seen.role].label.in_(language), state=state)
    may = [_PERMISSIONS[permission][language == "zh"] for permission in seen.may]
    yield from _wrapped(words["may"], may, words["and"])
    by_reason: dict[str, list[str]] = {}
    for item, reason in seen.hidden_items:
        by_reason.setdefault(reason, []).append(item)
    forms = [words["form_of"].format(name=form) for form in seen.hidden_forms]
    if forms or not by_reason:
        yield from _wrapped(words["hidden"], forms or [words["nothing"]], words["and"])
    for reason, items in by_reason.items():
        yield from _wrapped(words["hidden"] + reason.rstrip(".。") + words["because"], items, words["and"])


def _wrapped(head: str, parts: Sequence[str], between: str) -> Iterator[str]:
    """The parts in a row under their heading, broken between parts where the line would be too long."""
    line, fresh = f"  {head}", True
    for i, part in enumerate(parts):
        text = part + (between if i + 1 < len(parts) else "")
        if _width(line + text) > WIDEST and not fresh:
            yield line
            line = "      "
        line, fresh = line + text, False
    yield line


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

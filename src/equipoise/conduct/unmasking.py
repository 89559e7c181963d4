"""The register of unmaskings: code breaks, accidents and suspicions, each with what it means. No arm is in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from equipoise.conduct.acts import CodeBroken, Recorded, UnmaskingAssessed, UnmaskingReported
from equipoise.conduct.messages import problem
from equipoise.items import Problem
from equipoise.protocol.masking import CodeBreakAlarm

Kind = Literal["code_break", "by_telephone", "accidental", "suspected"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an unmasking means, as the sponsor's or the data manager's latest judgement has it."""

    data: str
    participant: str
    others: str
    measures: str
    withheld: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unmasking:
    """One entry of the register. `id` is the key of the act that made it; `on` is a day at no site in particular."""

    id: str
    kind: Kind
    subject: str  # "" where it concerns nobody in particular
    site: str
    on: date
    at: datetime
    by: str
    role: str
    happened: datetime | None = None  # where it was reported later; a code break here happened when it was recorded
    whom: str = ""
    why: str = ""
    adverse_event: bool = False
    told: str = ""  # as entered
    confirmed: bool = False  # a code break after several others
    text: str = ""
    withheld: bool = False
    assessment: Assessment | None = None


def registered(register: Mapping[str, Unmasking], recorded: Recorded) -> dict[str, Unmasking]:
    """The register after a code break, a report, or an assessment of one of them."""
    act, by, at = recorded.act, recorded.by, recorded.at
    if isinstance(act, UnmaskingAssessed):
        judged = Assessment(act.data, act.participant, act.others, act.measures, act.withheld, by.id, at)
        return {**register, act.report: replace(register[act.report], assessment=judged)}
    entry = Unmasking(recorded.id, "code_break", "", by.site, at.date(), at, by.id, by.role)
    if isinstance(act, CodeBroken):
        said = {name: getattr(act, name) for name in ("subject", "why", "adverse_event", "told", "confirmed")}
        entry = replace(entry, **said)
    if isinstance(act, UnmaskingReported):
        said = {name: getattr(act, name) for name in ("subject", "site", "on", "happened", "whom", "text", "withheld")}
        entry = replace(entry, kind=act.how, **said)
    return {**register, entry.id: entry}


def alarming(
    register: Mapping[str, Unmasking], alarm: CodeBreakAlarm | None, *, site: str, by: str, now: datetime
) -> Iterator[Problem]:
    """That another code break at a site, or by a person, would be one too many within the hours of the alarm."""
    if alarm is None:
        return
    since = now - timedelta(hours=alarm.hours)
    here = [each for each in register.values() if each.kind == "code_break" and (each.site == site or each.by == by)]
    count = 1 + sum(each.at > since for each in here)
    if count >= alarm.breaks:
        yield problem("conduct.E118", site, count=str(count), hours=str(alarm.hours))

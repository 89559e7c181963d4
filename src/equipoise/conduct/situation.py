"""What an act is judged on, what a rule is, and the rules that acts of many kinds share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from equipoise.conduct.act import Act
from equipoise.conduct.delegation import Grant
from equipoise.conduct.kits import Kit
from equipoise.conduct.locks import LockRequest
from equipoise.conduct.messages import problem
from equipoise.conduct.snapshot import LookState, Recruitment, Subject
from equipoise.conduct.unmasking import Unmasking
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol


@dataclass(frozen=True, slots=True)
class Situation:
    """What an act is judged on: the protocol, what is known of the study and the participant, and the moment."""

    protocol: Protocol
    active_sites: tuple[str, ...]
    locked: bool
    subject: Subject | None
    now: datetime
    reason: str = ""
    by: str = ""  # who acts
    looks: Mapping[str, LookState] = field(default_factory=dict)
    recruitment: Recruitment = field(default_factory=Recruitment)
    grants: tuple[Grant, ...] = ()
    unmaskings: Mapping[str, Unmasking] = field(default_factory=dict)
    kits: Mapping[str, Kit] = field(default_factory=dict)
    lock_request: LockRequest | None = None
    follows: bool = False  # the act follows from another one, which was judged before it

    @property
    def known(self) -> Subject:
        """The participant an act concerns. Raises ValueError for nobody, whom `decisions.refusals` refuses first."""
        if self.subject is None:
            raise ValueError("judged without a subject")
        return self.subject

    @property
    def today(self) -> date:
        """The date where the day is furthest on."""
        return last_today(self.now)


def last_today(now: datetime) -> date:
    """The date where the day is furthest on (UTC+14): no site's today is ever taken for the future."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


Rule = Callable[[Any, Situation], Iterator[Problem]]


def where(act: Act) -> str:
    """The place of a problem: whose form at which visit an act is about, or its kind."""
    parts = [getattr(act, name, None) for name in ("subject", "visit", "form")]
    return " / ".join(part for part in parts if part) or act.kind


def study_is_open(act: Act, s: Situation) -> Iterator[Problem]:
    """The study is not locked."""
    if s.locked:
        yield problem("conduct.E001", where(act))


def has_a_reason(act: Act, s: Situation) -> Iterator[Problem]:
    """A reason was given."""
    if not s.reason:
        yield problem("conduct.E081", act.kind)

"""Serious adverse events at the desk: since when they are known, what was reported, and a downgrade.

The event stands once, in its row of the log of adverse events. What is said here goes into that row, in one transaction
with the act that starts or stops the clocks.
"""

from collections.abc import Mapping
from datetime import date, datetime

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.locks import form_key
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.signatures import digest_of
from equipoise.desk.filing import Filing
from equipoise.desk.messages import problem
from equipoise.desk.recording import made
from equipoise.items import Answer
from equipoise.ledger.store import Decision
from equipoise.protocol.names import LOG
from equipoise.protocol.schema import Clock, Permission, Protocol


class SafetyReporting(Filing):
    """What a site tells the sponsor, and the sponsor the authority."""

    def know_serious(
        self, subject: str, event: int, *, aware: datetime, on: date, seriousness: str = "", by: Person, key: str,
        reason: str = "",
    ) -> Outcome:  # fmt: skip
        """Record that an adverse event is serious and since when the site knows: `on` is that moment's day there.

        `seriousness` is the code of why; "" leaves what the row says. An earlier moment corrects the one recorded.
        """
        names = self.protocol.safety.adverse_events
        act = made(a.SeriousEventKnown, subject=subject, form=names.form, repeat=event, aware=aware)
        said: dict[str | None, Answer] = {names.serious: True, names.aware: on}
        if seriousness:
            said[names.seriousness] = seriousness
        return self._with_row(act, said, permission="enter", by=by, key=key, reason=reason)

    def downgrade_serious(self, subject: str, event: int, *, by: Person, key: str, reason: str) -> Outcome:
        """Record that an event is not serious after all, for a reason. What was reported stands, and asks for more."""
        names = self.protocol.safety.adverse_events
        act = made(a.SeriousEventDowngraded, subject=subject, form=names.form, repeat=event)
        said: dict[str | None, Answer] = {names.serious: False, names.aware: None, names.seriousness: None}
        return self._with_row(act, said, permission="report_safety", by=by, key=key, reason=reason)

    def send_safety_report(
        self, subject: str, event: int, *, clock: str, sent: datetime, by: Person, key: str
    ) -> Outcome:
        """Record that a report which a clock asks for went out: to the sponsor by the site, on from there by it."""
        place = (LOG, self.protocol.safety.adverse_events.form, event)
        asked = {each.id: each for each in self.protocol.safety.clocks}.get(clock)
        if asked is not None and not has_duty(self.protocol, by, asked):
            return Refused((problem("desk.E001", by.role, role=by.role),))

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            values = known.values.get(place, {}) if known else {}
            act = made(
                a.SafetyReportSent, subject=subject, form=place[1], repeat=event, clock=clock, sent=sent,
                values=digest_of(values),
            )  # fmt: skip
            return self._judged(act, fold, by, "report_safety")

        return self._append(decide, by=by, key=key)

    def _with_row(
        self, act: a.SeriousEventKnown | a.SeriousEventDowngraded | Refused, said: Mapping[str | None, Answer], *,
        permission: Permission, by: Person, key: str, reason: str,
    ) -> Outcome:  # fmt: skip
        """Record an act, by who fills in the log, together with what it says in the row of the event."""
        if isinstance(act, Refused):
            return act
        answers = {item: answer for item, answer in said.items() if item is not None}
        place, form = form_key(act), self.protocol.form_by_id[act.form]

        def decide(fold: Fold) -> Decision:
            judged = self._judged(act, fold, by, permission, form=form, reason=reason)
            if isinstance(judged, Refused):
                return judged
            filed = self._filed(fold, act.subject, place, form, answers, by, reason, follows=True)
            return filed if isinstance(filed, Refused) else [act, *filed]

        return self._append(decide, by=by, key=key, reason=reason)


def has_duty(protocol: Protocol, by: Person, clock: Clock) -> bool:
    """Whether a person reports what a clock asks for: those of a site on its awareness, those of the study on the
    sponsor's."""
    role = protocol.role_by_id.get(by.role)
    return role is not None and "report_safety" in role.may and (role.scope == "site") == (clock.awareness == "site")

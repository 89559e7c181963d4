"""Serious adverse events and their clocks: since when a duty runs, until when it is to be done, and whether it was.

The hours and whose awareness counts are the protocol's. The site's awareness is the moment the site says; the
sponsor's is the first report of a site (ICH E2A: day 0). Nothing that is entered later moves either of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from equipoise.conduct.environment import History, row_of, rule
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.items import Answer
from equipoise.protocol.names import LOG
from equipoise.protocol.schema import Clock, Protocol

CLOCK_STATES: Final = ("running", "pressing", "overdue", "in_time", "late")
_PRESSING: Final = 0.8  # of the time, from which on a duty is shown as pressing


@dataclass(frozen=True, slots=True)
class Duty:
    """One report that is, or was, to be sent: by when it is due, and when it went out."""

    clock: Clock
    follow_up: bool  # what was changed after a report, and not the first report
    since: datetime
    due: datetime
    sent: datetime | None = None

    def state(self, now: datetime) -> str:
        """How the duty stands at a moment, one of `CLOCK_STATES`."""
        if self.sent is not None:
            return "in_time" if self.sent <= self.due else "late"
        if now > self.due:
            return "overdue"
        return "pressing" if now - self.since > _PRESSING * (self.due - self.since) else "running"


def unannounced(protocol: Protocol, subject: Subject) -> Iterator[FormKey]:
    """The rows that say serious, where nobody has said since when the site knows: no clock can run for them."""
    names = protocol.safety.adverse_events
    for key in subject.rows(names.form):
        known = subject.serious.get(key)
        if subject.values[key].get(names.serious) is True and (known is None or known.downgraded):
            yield key


def duties(protocol: Protocol, subject: Subject, key: FormKey) -> tuple[Duty, ...]:
    """Every report that an event asks for, in the order of the protocol's clocks; none before its awareness is known.

    A clock whose rule is not certainly true does not run. A report that went out stays, whatever is entered later;
    of a row that was entered in error nothing is asked any more.
    """
    if key not in subject.serious or key not in subject.values:
        return ()
    env = row_of(protocol, protocol.form_by_id[key[1]], subject.values[key], History(protocol, subject).at(LOG))
    return tuple(duty for clock in protocol.safety.clocks for duty in _of(clock, protocol, subject, key, env))


def _of(clock: Clock, protocol: Protocol, subject: Subject, key: FormKey, env: Mapping[str, Answer]) -> Iterator[Duty]:
    known = subject.serious[key]
    sent = [report.sent for report in known.reports if report.clock == clock.id]
    since = known.aware if clock.awareness == "site" else _told_sponsor(protocol, subject, key)
    runs = bool(sent) or (not known.downgraded and rule(clock.starts).evaluate(env) is True)
    if since is None or not runs:
        return
    first = Duty(clock, False, since, since + timedelta(hours=clock.hours))
    yield replace(first, sent=sent[0]) if sent else first
    new = next((changed for changed in known.changes if sent and changed > sent[-1]), None)
    if new is not None and clock.follow_up_hours is not None:
        yield Duty(clock, True, new, new + timedelta(hours=clock.follow_up_hours))


def _told_sponsor(protocol: Protocol, subject: Subject, key: FormKey) -> datetime | None:
    """When the first report of the site went out; None while it did not."""
    sites = {clock.id for clock in protocol.safety.clocks if clock.awareness == "site"}
    return next((report.sent for report in subject.serious[key].reports if report.clock in sites), None)

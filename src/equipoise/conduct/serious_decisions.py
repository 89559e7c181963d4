"""What is allowed when with serious adverse events: a clock begins once, and never later than it began."""

from collections.abc import Iterator
from typing import Any, Final

from equipoise.conduct import serious_acts as s_
from equipoise.conduct.act import Act
from equipoise.conduct.environment import known
from equipoise.conduct.locks import form_key
from equipoise.conduct.messages import problem
from equipoise.conduct.serious_events import duties
from equipoise.conduct.situation import Rule, Situation, has_a_reason
from equipoise.conduct.snapshot import SeriousEvent
from equipoise.items import Problem


def _event(act: Any, s: Situation) -> SeriousEvent | None:
    found = s.known.serious.get(form_key(act))
    return None if found is None or found.downgraded else found


def _is_an_adverse_event(act: Any, s: Situation) -> Iterator[Problem]:
    if act.form != s.protocol.safety.adverse_events.form or form_key(act) not in s.known.values:
        yield problem("conduct.E150", act.subject, row=str(act.repeat))


def _was_by_now(act: s_.SeriousEventKnown | s_.SafetyReportSent, s: Situation) -> Iterator[Problem]:
    if (act.aware if isinstance(act, s_.SeriousEventKnown) else act.sent) > s.now:
        yield problem("conduct.E151", act.subject)


def _clock_is_not_moved_later(act: s_.SeriousEventKnown, s: Situation) -> Iterator[Problem]:
    before = _event(act, s)
    if before is None:
        return
    if act.aware >= before.aware:
        yield problem("conduct.E152", act.subject)
    if not s.reason:
        yield problem("conduct.E081", act.subject)


def _is_known_to_be_serious(act: Any, s: Situation) -> Iterator[Problem]:
    if _event(act, s) is None:
        yield problem("conduct.E153", act.subject)


def _clock_runs(act: s_.SafetyReportSent, s: Situation) -> Iterator[Problem]:
    mine = [duty for duty in duties(s.protocol, s.known, form_key(act)) if duty.clock.id == act.clock]
    if not mine:
        yield problem("conduct.E154", act.subject, clock=act.clock)
    elif act.sent < mine[-1].since:
        yield problem("conduct.E156", act.subject)


def _has_a_term(act: s_.SafetyReportSent, s: Situation) -> Iterator[Problem]:
    """Of the four criteria a report needs at least (ICH E2B(R3) 3.3.1), three are there by who sends it and about
    whom: a patient, a reporter and the study treatment."""
    values = s.known.values.get(form_key(act), {})
    if not known(values.get(s.protocol.safety.adverse_events.term)):
        yield problem("conduct.E155", act.subject)


SERIOUS_RULES: Final[dict[type[Act], tuple[Rule, ...]]] = {
    s_.SeriousEventKnown: (_is_an_adverse_event, _was_by_now, _clock_is_not_moved_later),
    s_.SafetyReportSent: (_clock_runs, _has_a_term, _was_by_now),
    s_.SeriousEventDowngraded: (_is_known_to_be_serious, has_a_reason),
}

"""What is allowed when at an infusion: the right bag at the right person first, then one step after the other."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from equipoise.conduct import infusion_acts as i
from equipoise.conduct.act import Act
from equipoise.conduct.infusions import STEPS, whole
from equipoise.conduct.messages import problem
from equipoise.conduct.situation import Rule, Situation
from equipoise.items import Problem

_AHEAD: Final = timedelta(minutes=1)  # as far as a device's clock may be ahead of the server's


def _is_recorded_here(act: Any, s: Situation) -> Iterator[Problem]:
    if s.protocol.treatment.infusion is None:
        yield problem("conduct.E165", act.subject)


def _has_its_bag(act: Any, s: Situation) -> Iterator[Problem]:
    if act.visit not in s.known.doses:
        yield problem("conduct.E160", act.subject)
    elif not s.known.held(act.visit):
        yield problem("conduct.E052", act.subject)


def _comes_now(act: i.InfusionStepped | i.BagChecked, s: Situation) -> Iterator[Problem]:
    state = s.known.infusion(act.visit).state
    step = act.step if isinstance(act, i.InfusionStepped) else "check"
    if step not in (("check",) if state in ("waiting", "ready") else ()) + STEPS[state]:
        yield problem("conduct.E161", act.subject)


def _was_by_now(act: Any, s: Situation) -> Iterator[Problem]:
    if act.at > s.now + _AHEAD:
        yield problem("conduct.E151", act.subject)


def _follows_the_last(act: i.InfusionStepped, s: Situation) -> Iterator[Problem]:
    last = s.known.infusion(act.visit).last
    if last is not None and act.at < last:
        yield problem("conduct.E162", act.subject)


def _says_how_much(act: i.InfusionStepped, s: Situation) -> Iterator[Problem]:
    if act.step in ("start", "rate", "restart") and act.rate is None:
        yield problem("conduct.E163", act.subject)
    if act.step == "end" and act.volume is None:
        yield problem("conduct.E164", act.subject)


def _was_in_the_bag(act: i.InfusionStepped, s: Situation) -> Iterator[Problem]:
    most = whole(s.protocol)
    if most is not None and act.volume is not None and act.volume > most:
        yield problem("conduct.E168", act.subject, whole=str(most))


def _is_graded(act: i.ReactionSeen, s: Situation) -> Iterator[Problem]:
    record = s.protocol.treatment.infusion
    if record is not None and act.grade not in record.grades:
        yield problem("conduct.E166", act.subject, grade=act.grade)


def _something_was_measured(act: i.VitalSignsTaken, s: Situation) -> Iterator[Problem]:
    if not act.signs:
        yield problem("conduct.E167", act.subject)


_AT_THE_BEDSIDE: Final[tuple[Rule, ...]] = (_is_recorded_here, _has_its_bag)
INFUSION_RULES: Final[dict[type[Act], tuple[Rule, ...]]] = {
    i.BagChecked: (*_AT_THE_BEDSIDE, _comes_now),
    i.InfusionStepped: (*_AT_THE_BEDSIDE, _comes_now, _was_by_now, _follows_the_last, _says_how_much, _was_in_the_bag),
    i.VitalSignsTaken: (*_AT_THE_BEDSIDE, _was_by_now, _something_was_measured),
    i.ReactionSeen: (*_AT_THE_BEDSIDE, _was_by_now, _is_graded),
}

"""When a look of the data monitoring committee may be asked for, held and answered."""

from collections.abc import Iterator
from typing import Any

from equipoise.conduct import acts as a
from equipoise.conduct.messages import problem
from equipoise.conduct.situation import Situation
from equipoise.items import Problem


def look_is_planned(act: Any, s: Situation) -> Iterator[Problem]:
    """The look is one of the protocol's."""
    plan = s.protocol.monitoring
    if plan is None or act.look not in plan.look_by_id:
        yield problem("conduct.E090", act.look, look=act.look)


def look_is_new(act: a.LookRequested, s: Situation) -> Iterator[Problem]:
    """The look was not asked for before."""
    if act.look in s.looks:
        yield problem("conduct.E091", act.look, look=act.look)


def another_person_asked(act: a.LookReleased, s: Situation) -> Iterator[Problem]:
    """Two people hold a look: one asked for it, another releases it, once."""
    state = s.looks.get(act.look)
    if state is None or state.requested_by == s.by:
        yield problem("conduct.E092", act.look, look=act.look)
    elif state.cut:
        yield problem("conduct.E093", act.look, look=act.look)


def follows_the_looks_before(act: a.LookReleased, s: Situation) -> Iterator[Problem]:
    """A look sees that others were held before it, because what they spent is read from the acts up to its cut; looks
    at efficacy come in the order in which the error is spent."""
    plan = s.protocol.monitoring
    place = {look.id: number for number, look in enumerate(plan.efficacy_looks)} if plan is not None else {}
    for other, state in s.looks.items():
        if state.cut and (act.cut < state.released or place.get(other, -1) > place.get(act.look, len(place))):
            yield problem("conduct.E098", act.look, look=act.look, other=other)


def somebody_was_randomised(act: a.LookReleased, s: Situation) -> Iterator[Problem]:
    """There is somebody to look at."""
    if not act.slots:
        yield problem("conduct.E099", act.look, look=act.look)


def look_was_held(act: a.RecommendationSigned, s: Situation) -> Iterator[Problem]:
    """A recommendation follows a look that was held, once."""
    state = s.looks.get(act.look)
    if state is None or not state.cut:
        yield problem("conduct.E094", act.look, look=act.look)
    elif state.recommendation:
        yield problem("conduct.E095", act.look, look=act.look)


def says_no_reason(act: a.RecommendationSigned, s: Situation) -> Iterator[Problem]:
    """A recommendation gives no reason: it could tell what was seen."""
    if s.reason:
        yield problem("conduct.E096", act.look)


def was_tested(act: a.RecommendationSigned, s: Situation) -> Iterator[Problem]:
    """What stops a trial was tested at the look."""
    plan = s.protocol.monitoring
    look = plan.look_by_id.get(act.look) if plan is not None else None
    if plan is None or look is None or act.recommendation not in ("stop_efficacy", "stop_futility"):
        return
    futile = plan.boundary is not None and plan.boundary.futility is not None
    if not look.efficacy or (act.recommendation == "stop_futility" and not futile):
        yield problem("conduct.E097", act.look, look=act.look)

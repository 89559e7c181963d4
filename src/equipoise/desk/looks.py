"""Holding a look: counting what was reached at its cut, recording that it is released, and handing over what opens it.

The act comes first and the second locks after it, so that none is ever given without a record. An interrupted request
is finished by asking again under the same key.
"""

from typing import cast

from equipoise.allocator import door
from equipoise.analysis.information import boundary_estimand, information, question_of
from equipoise.analysis.pooled import pooled
from equipoise.conduct.acts import LookReleased, Person, Recorded
from equipoise.conduct.cut import Cut, up_to
from equipoise.conduct.fold import fold
from equipoise.conduct.outcome import Refused
from equipoise.conduct.snapshot import Snapshot
from equipoise.desk.desk import Desk
from equipoise.desk.messages import problem
from equipoise.envelopes import RoleKey, SealedList
from equipoise.ledger.look_package import write_package
from equipoise.ledger.sealed import sealed_list
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import RandomSource


def hold_look(
    desk: Desk, look: str, *, to: RoleKey, cut: Cut | None, by: Person, key: str, random: RandomSource
) -> bytes | Refused:
    """Release a look that was asked for: the package that only `to` can open, or why there is none.

    `cut` is the last act or day to be seen; None is everything. Raises LookupError for a study without a sealed list.
    """
    sealed, plan = sealed_list(desk.ledger.study), desk.protocol.monitoring
    if plan is None or to.role != plan.statistician or to.recipient not in sealed.recipients:
        return Refused((problem("desk.E006", look, recipient=to.recipient),))
    seen = at_cut(desk, cut)
    outcome = desk.release_look(
        look, cut=seen.acts, information=_information(look, seen, desk.protocol), slots=len(_randomised(seen)), to=to,
        by=by, key=key,
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return outcome
    return _package(desk, outcome.acts[0], sealed, to, random)


def at_cut(desk: Desk, cut: Cut | None) -> Snapshot:
    """What was known at a cut."""
    return fold(desk.ledger.study, desk.protocol, up_to(desk.ledger.acts(), cut))


def _package(desk: Desk, released: Recorded, sealed: SealedList, to: RoleKey, random: RandomSource) -> bytes | Refused:
    """What the act has released, sealed for the key that the act names. Asked again, it is of the same cut."""
    act = cast("LookReleased", released.act)
    if act.fingerprint != to.fingerprint:
        return Refused((problem("desk.E007", act.look, look=act.look),))
    given = door.shares_for_look(
        study=desk.ledger.study, look=act.look, subjects=_randomised(at_cut(desk, act.cut)), by=released.by.id,
        role=released.by.role, reason=f"look {act.look}", at=released.at, released_by=released.id,
        entitled=[role.id for role in desk.protocol.roles if "hold_look" in role.may],
    )  # fmt: skip
    if isinstance(given, door.Refused):
        return Refused((given.problem,))
    rows = (row for row in desk.ledger.rows() if row.sequence <= act.cut)
    shares = {each.label: each.share for each in given}
    return write_package(act.look, desk.ledger.protocol_text(), rows, sealed, shares, to, random)


def _randomised(seen: Snapshot) -> list[str]:
    return [subject.code for subject in seen.subjects.values() if subject.slot]


def _information(look: str, seen: Snapshot, protocol: Protocol) -> int:
    """What the boundary counts, at a look that tests it; 0 at any other."""
    plan = protocol.monitoring
    planned = plan.look_by_id.get(look) if plan is not None else None
    if planned is None or not planned.efficacy:
        return 0
    return information(question_of(boundary_estimand(protocol), pooled(seen, protocol)))

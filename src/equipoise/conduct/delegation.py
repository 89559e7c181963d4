"""The delegation log: who was given which role, where, for how long; and the duties one person never holds together.

Three separations hold in every trial, and a protocol may declare more under `separate_duties`:

- Nobody who knows arms is masked. Whoever took up an unmasked role never gets a masked one; whoever has a masked one
  gets an unmasked one only after giving it up.
- Whoever gives out roles (`administer`) neither makes nor corrects data, and the other way round.
- Whoever enters data does not lock the study.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from equipoise.conduct.acts import RoleAccepted, RoleEnded, RoleGranted
from equipoise.conduct.messages import problem
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol, Role

if TYPE_CHECKING:
    from equipoise.conduct.acts import Recorded

Delegation = RoleGranted | RoleAccepted | RoleEnded

ADMINISTERS: Final = frozenset({"administer"})
ENTERS: Final = frozenset({"enter", "answer"})
LOCKS: Final = frozenset({"lock"})
MAKES_DATA: Final = ENTERS | LOCKS | frozenset({
    "screen", "consent", "confirm_eligibility", "randomise", "sign", "dispense", "query", "stop_treatment",
    "end_participation", "break_code", "open_list", "hold_look", "report_safety",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grant:
    """A role a person was given, and how far that has got. Numbers are those of acts; 0 is not yet."""

    person: str
    name: str
    role: str
    site: str
    start: date
    end: date | None
    by: str
    given: int
    accepted: int = 0
    ended: int = 0

    @property
    def place(self) -> tuple[str, str, str]:
        """Person, role and site: of these one grant at most goes on at a time."""
        return self.person, self.role, self.site

    def holds(self, on: date) -> bool:
        """Whether the role may be used on a day, by somebody who took it up."""
        return not self.ended and self.start <= on and (self.end is None or on <= self.end)


def after(grants: Sequence[Grant], act: Delegation, recorded: "Recorded") -> tuple[Grant, ...]:
    """The log once another act is recorded."""
    if isinstance(act, RoleGranted):
        by, given = recorded.by.id, recorded.sequence
        return (*grants, Grant(act.person, act.name, act.role, act.site, act.start, act.end, by, given))
    before, number = standing(grants, act), recorded.sequence
    accepted = isinstance(act, RoleAccepted)
    return tuple(
        each if each is not before else replace(each, accepted=number) if accepted else replace(each, ended=number)
        for each in grants
    )


def standing(grants: Sequence[Grant], act: Delegation) -> Grant | None:
    """The grant that goes on for the person, role and site of an act."""
    place = (act.person, act.role, act.site)
    return next((grant for grant in grants if grant.place == place and not grant.ended), None)


def contradictions(act: RoleGranted, grants: Sequence[Grant], protocol: Protocol, *, by: str) -> Iterator[Problem]:
    """Why somebody is not given a role: it is not there, not at that site, not for them, or not beside another duty."""
    role = protocol.role_by_id.get(act.role)
    if role is None:
        yield problem("conduct.E110", act.role, role=act.role)
        return
    sites = {site.id for site in protocol.sites} if role.scope == "site" else {""}
    if act.site not in sites:
        yield problem("conduct.E111", act.site or act.role, role=act.role)
    if act.end is not None and act.end < act.start:
        yield problem("conduct.E112", act.person)
    if act.person == by:
        yield problem("conduct.E113", act.person)
    if standing(grants, act) is not None:
        yield problem("conduct.E114", act.person, role=act.role)
    yield from _duties_together(act, role, grants, protocol)


def _duties_together(act: RoleGranted, role: Role, grants: Sequence[Grant], protocol: Protocol) -> Iterator[Problem]:
    for grant in grants:
        if grant.person != act.person:
            continue
        other = protocol.role_by_id[grant.role]
        told = bool(grant.accepted) and not other.masked and role.masked  # what was learnt is not forgotten
        if told or (not grant.ended and role.masked != other.masked):
            yield problem("conduct.E115", act.person, role=act.role, other=grant.role)
        elif not grant.ended and _apart(role, other, protocol):
            yield problem("conduct.E116", act.person, role=act.role, other=grant.role)


def _apart(one: Role, other: Role, protocol: Protocol) -> bool:
    """Whether two roles are duties of two people."""
    if any({one.id, other.id} <= set(apart.roles) and one.id != other.id for apart in protocol.separate_duties):
        return True
    pairs = ((ADMINISTERS, MAKES_DATA), (ENTERS, LOCKS))
    return any(
        (left & set(a.may) and right & set(b.may)) for left, right in pairs for a, b in ((one, other), (other, one))
    )

"""The delegation log at the desk: giving somebody a role, taking it up, ending it."""

from datetime import date

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.outcome import Outcome
from equipoise.desk.desk import Desk
from equipoise.desk.recording import made


def grant_role(
    desk: Desk, person: str, name: str, role: str, site: str = "", *, start: date, end: date | None = None,
    by: Person, key: str,
) -> Outcome:  # fmt: skip
    """Give a person a role, at a site or for the whole study."""
    act = made(a.RoleGranted, person=person, name=name, role=role, site=site, start=start, end=end)
    return desk._study(act, "administer", by=by, key=key)


def accept_role(desk: Desk, role: str, site: str = "", *, by: Person, key: str) -> Outcome:
    """Take up a role one was given. Nobody does it for somebody else."""
    return desk._study(made(a.RoleAccepted, person=by.id, role=role, site=site), None, by=by, key=key)


def end_role(desk: Desk, person: str, role: str, site: str = "", *, by: Person, key: str, reason: str) -> Outcome:
    """Take a role from a person."""
    act = made(a.RoleEnded, person=person, role=role, site=site)
    return desk._study(act, "administer", by=by, key=key, reason=reason)

"""Who may do what: the roles of the protocol, and the site a person works at."""

from equipoise.conduct.acts import Person
from equipoise.desk.messages import problem
from equipoise.items import Problem
from equipoise.protocol.schema import Form, Permission, Protocol


def permitted(protocol: Protocol, by: Person, permission: Permission, site: str = "") -> tuple[Problem, ...]:
    """Why a person may not do something, at a site where there is one to name; empty when they may."""
    role = protocol.role_by_id.get(by.role)
    if role is None or permission not in role.may:
        return (problem("desk.E001", by.role, role=by.role),)
    if site and not works_at(protocol, by, site):
        return (problem("desk.E002", site, site=site),)
    return ()


def works_at(protocol: Protocol, by: Person, site: str) -> bool:
    """Whether a person works at a site, or for the whole study. Who does not must not learn who takes part there."""
    role = protocol.role_by_id.get(by.role)
    return role is not None and (role.scope == "study" or by.site == site)


def may_fill(protocol: Protocol, by: Person, form: Form) -> tuple[Problem, ...]:
    """Why a person may not fill in a form; empty when they may."""
    role = protocol.role_by_id.get(by.role)
    if role is None or by.role not in form.filled_by or form.id in role.hidden_forms:
        return (problem("desk.E003", form.id, role=by.role),)
    return ()


def may_sign(protocol: Protocol, by: Person, form: Form | None) -> tuple[Problem, ...]:
    """Why a person may not sign a form; empty when they may, and for a form that is not there."""
    if form is None or (form.signed_by == by.role and form.id not in protocol.role_by_id[by.role].hidden_forms):
        return ()
    return (problem("desk.E035", form.id, role=by.role),)

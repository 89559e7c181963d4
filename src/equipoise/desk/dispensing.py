"""When a prepared dose may leave the pharmacy: its order was opened, the least time has passed, its record is there.

None of the three depends on the arm: the time is the same for all, and there is one record for each bag.
"""

from datetime import datetime, timedelta
from functools import cached_property

from equipoise.allocator import register
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.desk.messages import problem
from equipoise.desk.recording import Recording, made
from equipoise.envelopes import SealedList
from equipoise.items import Problem
from equipoise.ledger.sealed import sealed_list
from equipoise.ledger.store import Decision
from equipoise.protocol.schema import Permission, Preparation


class Dispensing(Recording):
    """What leaves the pharmacy, and what it says of its supply."""

    @cached_property
    def sealed(self) -> SealedList:
        """The sealed list, read once for each desk. Raises LookupError while there is none."""
        return sealed_list(self.ledger.study)

    def release_dose(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome:
        """Hand over what was prepared, under a random label that says nothing about what is in it.

        Where the protocol says how doses are prepared, not before the order was opened for the least time, and the
        preparation recorded.
        """
        plan = self.protocol.treatment.preparation

        def decide(fold: Fold) -> Decision:
            judged = self._judged(made(a.DoseReleased, subject=subject, visit=visit, bag="-"), fold, by, "dispense")
            if isinstance(judged, Refused):
                return judged
            if plan is None:
                return [a.DoseReleased(subject=subject, visit=visit, bag=self.label())]
            order = bag_to_release(self.ledger.study, subject, visit, plan, self.clock())
            if isinstance(order, Problem):
                return Refused((order,))
            return [a.DoseReleased(subject=subject, visit=visit, bag=order.bag, quantity=quantity_of(plan))]

        return self._append(decide, by=by, key=key)

    def doubt_envelope(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome:
        """Record that a participant's envelope did not open as it was sealed."""
        return self._act(made(a.EnvelopeDoubted, subject=subject, visit=visit), "dispense", by=by, key=key)

    def declare_supply(self, site: str, *, enough: bool, by: Person, key: str) -> Outcome:
        """Say whether a site has what it needs to treat everybody. It is said for all products at once."""
        role = self.protocol.role_by_id.get(by.role)
        permission: Permission = "account" if role is not None and "account" in role.may else "dispense"
        act = a.SupplyDeclared(site=site, enough=enough)
        return self._study(act, permission, by=by, key=key, site=site)


def ready_from(order: register.Order, plan: Preparation) -> datetime:
    """The earliest moment at which a dose may be released."""
    return order.at + timedelta(minutes=plan.least_minutes)


def bag_to_release(study: str, subject: str, visit: str, plan: Preparation, now: datetime) -> register.Order | Problem:
    """The order whose bag may leave now, or why none may."""
    order = register.orders(study=study, subjects=[subject]).get((subject, visit))
    if order is None:
        return problem("desk.E031", subject, visit=visit)
    if not order.prepared:
        return problem("desk.E032", subject, bag=order.bag)
    if now < ready_from(order, plan):
        return problem("desk.E033", subject, minutes=str(plan.least_minutes))
    return order


def quantity_of(plan: Preparation) -> str:
    """What is handed over, as it is written: `250 mL`."""
    return f"{plan.quantity.amount.normalize():f} {plan.quantity.unit}"

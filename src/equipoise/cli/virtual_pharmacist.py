"""The pharmacist of a rehearsal, who does at the desk what the page does in a browser: open, prepare, seal a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from equipoise.allocator import door
from equipoise.conduct.acts import Person
from equipoise.conduct.outcome import Refused
from equipoise.desk import Desk, pharmacy
from equipoise.envelopes import Place, PrivateKey, open_slot, seal_entry
from equipoise.items import Problem
from equipoise.items.canonical import Json
from equipoise.protocol.dose import one_dose
from equipoise.randomisation import RandomSource

LOT: Final = "SIMULATED-1"
T = TypeVar("T")


class RehearsalError(Exception):
    """The rehearsal cannot go on, and why."""


@dataclass(frozen=True, slots=True)
class VirtualPharmacist:
    """The device of each site's pharmacist with its private key, and a source for what is drawn when a record is
    sealed. Where keys are not bound to sites, one key is on all of them."""

    desk: Desk
    keys: Mapping[str, PrivateKey]  # by site
    random: RandomSource

    def reveal(self, subject: str) -> str:
        """The arm of an assigned participant, from the released envelope."""
        known, study = self.desk.ledger.subject(subject), self.desk.ledger.study
        if known is None:
            raise RehearsalError(f"there is no participant {subject}")
        key = self.keys[known.site]
        entitled = {role.id for role in self.desk.protocol.roles if "dispense" in role.may}
        released = door.release_share(
            study=study, label=known.slot, by=key.role, role=key.role,
            reason="preparation", at=self.desk.clock(), entitled=entitled,
        )  # fmt: skip
        share = _granted(released)
        slot = self.desk.sealed.slot(share.label)
        if slot is None:
            raise RehearsalError(f"the envelope of {subject} is not in the list")
        return open_slot(self.desk.sealed.context, slot, share.share, key)

    def prepare(self, subject: str, visit: str, by: Person) -> None:
        """Open the order of a dose, and record its preparation in the sealed register."""
        today = self.desk.clock().date()
        opened = _granted(pharmacy.open_order(self.desk, subject, visit, today=today, by=by))
        arm = open_slot(opened.context, opened.slot, opened.share, self.keys[by.site])
        bag, record = opened.order.bag, self.random(16).hex()
        content = self._content(arm, opened.weight, today) | {"subject": subject, "visit": visit, "bag": bag}
        place = Place(self.desk.ledger.study, by.site, record, bag)
        readers = _granted(pharmacy.register_keys(self.desk, by.site))
        sealed = _granted(seal_entry(content, place, readers, self.random))
        _granted(pharmacy.add_record(self.desk, sealed.json(), record=record, bag=bag, by=by))

    def _content(self, arm: str, weight: Decimal | None, today: date) -> dict[str, Json]:
        protocol = self.desk.protocol
        dose = one_dose(protocol, protocol.arm_by_id[arm], weight)
        units = dose.units if dose is not None else 1
        product = protocol.arm_by_id[arm].product
        lines: list[Json] = [{"product": product, "lot": LOT, "expiry": "", "units": units, "wasted": 0}]
        return {"kind": "preparation", "day": today.isoformat(), "lines": lines, "second": "SIMULATED"}


def _granted(answer: T | Refused | door.Refused | Problem) -> T:
    """What was asked for, or an end of the rehearsal with the reason."""
    match answer:
        case Refused():
            raise RehearsalError("\n".join(map(str, answer.problems)))
        case door.Refused():
            raise RehearsalError(str(answer.problem))
        case Problem():
            raise RehearsalError(str(answer))
    return answer

"""What virtual staff need of the place they work at: the functions that the pages call, and nothing more."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol as Interface

from equipoise.conduct.acts import Person
from equipoise.conduct.environment import History
from equipoise.conduct.outcome import Outcome
from equipoise.protocol.schema import Protocol


class Stockroom(Interface):
    """What the staff need of a study that is supplied with kits, as `desk.kits.KitDesk` is."""

    def resupply(self, site: str, *, depot: str, by: Person, key: str) -> Outcome: ...

    def receive(
        self, shipment: str, *, site: str, received: Sequence[str], by: Person, key: str,
        damaged: Sequence[str] = (), missing: Sequence[str] = (), excursion: bool = False,
    ) -> Outcome: ...  # fmt: skip

    def kits_of(self, shipment: str) -> tuple[str, ...]: ...

    def dispense_kit(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome: ...

    def return_kit(self, subject: str, kit: str, *, units: int, by: Person, key: str) -> Outcome: ...


class Pharmacist(Interface):
    """A pharmacist with a device of their own, where envelopes are opened and records sealed."""

    def reveal(self, subject: str) -> str:
        """The arm in the envelope of an assigned participant, which nobody else at the site learns."""

    def prepare(self, subject: str, visit: str, by: Person) -> None:
        """Open the order of a dose, and record its preparation."""


class Workplace(Interface):
    """A study open for work, as `desk.Desk` is."""

    protocol: Protocol

    def history(self, subject: str) -> History: ...

    def screen(self, *, site: str, by: Person, key: str) -> Outcome: ...

    def consent(
        self, subject: str, *, document: str, language: str, on: date, by: Person, key: str, reason: str = ""
    ) -> Outcome: ...

    def confirm_eligibility(self, subject: str, *, by: Person, key: str) -> Outcome: ...

    def fail_screening(self, subject: str, *, reasons: Sequence[str], on: date, by: Person, key: str) -> Outcome: ...

    def randomise(self, subject: str, *, on: date, by: Person, key: str) -> Outcome: ...

    def hold_visit(
        self, subject: str, visit: str, *, on: date, by: Person, key: str, mode: str = "site", because: str = "",
        reason: str = "",
    ) -> Outcome: ...  # fmt: skip

    def miss_visit(self, subject: str, visit: str, *, because: str, by: Person, key: str) -> Outcome: ...

    def save_form(
        self, subject: str, visit: str, form: str, answers: Mapping[str, str], *, by: Person, key: str,
        repeat: int = 1, reason: str = "",
    ) -> Outcome: ...  # fmt: skip

    def sign_form(
        self, subject: str, visit: str, form: str, *, meaning: str, by: Person, key: str, repeat: int = 1
    ) -> Outcome: ...

    def release_dose(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome: ...

    def know_serious(
        self, subject: str, event: int, *, aware: datetime, on: date, seriousness: str = "", by: Person, key: str,
        reason: str = "",
    ) -> Outcome: ...  # fmt: skip

    def send_safety_report(
        self, subject: str, event: int, *, clock: str, sent: datetime, by: Person, key: str
    ) -> Outcome: ...

    def stop_treatment(self, subject: str, *, on: date, because: str, by: Person, key: str) -> Outcome: ...

    def end_participation(
        self, subject: str, *, on: date, how: str, by: Person, key: str, because: str = ""
    ) -> Outcome: ...

    def answer_query(self, subject: str, query: str, *, text: str, by: Person, key: str) -> Outcome: ...

    def close_query(self, subject: str, query: str, *, by: Person, key: str) -> Outcome: ...

"""A small study at work: the fictitious trial of tablets, its people, and shortcuts to each stage of a participant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from equipoise.allocator import door
from equipoise.conduct.acts import Person
from equipoise.conduct.strata import strata
from equipoise.desk import Desk, Done, Refused, pharmacy
from equipoise.envelopes import Place, SecondLock, new_key, seal, seal_entry
from equipoise.ledger.models import SealedList
from equipoise.ledger.sealed import keep
from equipoise.ledger.store import Ledger, open_study
from equipoise.protocol.load import load
from equipoise.randomisation import seeded

FILE = Path(__file__).parents[2] / "trials" / "hypertension-tablets" / "protocol.yaml"
KITS_TEXT = FILE.read_bytes()
# As if a pharmacist prepared the tablets.
PREPARED = b"\n  form: dispensing\n  preparation: {quantity: {amount: 35, unit: tablets}, least_minutes: 15}\n"
TEXT = re.sub(rb"\nsupply:\n(  .*\n)+", b"\n", KITS_TEXT).replace(b"\n  form: dispensing\n", PREPARED)
PROTOCOL = load(TEXT)[0]
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
SCREENED = date(2026, 3, 2)
RANDOMISED = SCREENED + timedelta(days=14)

HISTORY = {
    "age": "51", "sex": "female", "diabetes": "no", "hypertension_since": "2019-05", "secondary_hypertension": "no",
    "stroke_ever": "no", "washed_out_since": "2026-02-10",
}  # fmt: skip
PRESSURE = {"systolic_1": "152", "systolic_2": "150", "systolic_3": "151", "diastolic": "94", "pulse": "72"}
LABORATORY = {"potassium": "4.2", "creatinine": "66"}
EVENT = {
    "ae_term": "headache", "ae_category": "other", "ae_onset": "2026-03", "ae_severity": "mild", "ae_serious": "no",
    "ae_related": "no", "ae_outcome": "recovered",
}  # fmt: skip


def person(role: str, site: str = "11") -> Person:
    """Somebody in a role of the study, at a site when the role belongs to one."""
    scope = PROTOCOL.role_by_id[role].scope
    return Person(f"{role}-{site}", role, site) if scope == "site" else Person(role, role)


ADMINISTRATOR, MONITOR, MANAGER = person("administrator"), person("monitor"), person("data_manager")
SPONSOR = person("sponsor")
LISTKEEPER = person("unmasked_statistician")


@dataclass
class Study:
    """A study with its sites open, and its list in the allocator when asked for."""

    id: str = "tablets"
    now: datetime = NOW
    slots: int = 8
    text: bytes = TEXT
    simulated: bool = True
    numbers: Iterator[int] = field(default_factory=count)
    labels: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.ledger: Ledger = open_study(
            self.id, self.text, name=FILE.name, simulated=self.simulated, by=ADMINISTRATOR, at=self.now, key="open"
        )
        self.desk = self.another_desk(self.ledger)
        for site in ("11", "12"):
            done(self.desk.activate_site(site, by=ADMINISTRATOR, key=f"site-{site}"))

    def another_desk(self, ledger: Ledger) -> Desk:
        """A desk on a ledger object of its own, as another process has."""
        return Desk(ledger, clock=self.clock, label=lambda: f"BAG-{next(self.labels):03d}")

    def clock(self) -> datetime:
        """Time passes with every look at the clock, and is what a test says it is."""
        self.now += timedelta(seconds=1)
        return self.now

    def key(self) -> str:
        """A key for one act."""
        return f"key-{next(self.numbers)}"

    def load_list(self) -> None:
        """A list with a few slots in every stratum; nobody here knows what is in it."""
        number = count()
        locks = [
            SecondLock(f"SLOT{next(number):04d}", stratum, position, bytes(32), bytes(16))
            for stratum in strata(PROTOCOL)
            for position in range(1, self.slots + 1)
        ]
        assert isinstance(door.load(self.id, locks), door.Loaded)

    def lock(self, again: str = "") -> Done:
        """The study locked, as two people do."""
        done(self.desk.request_lock(by=SPONSOR, key=f"ask{again}", reason="all is clean"))
        return done(self.desk.lock(f"ask{again}", by=MANAGER, key=f"lock{again}"))

    # --- Shortcuts ----------------------------------------------------------------------------------------

    def screened(self, site: str = "11") -> str:
        """A participant with a code and nothing else."""
        given = done(self.desk.screen(site=site, by=person("coordinator", site), key=self.key()))
        return given.acts[0].act.subject

    def consented(self, site: str = "11") -> str:
        """A participant who agreed to take part."""
        code = self.screened(site)
        by = person("investigator", site)
        done(self.desk.consent(code, document="v1", language="zh", on=SCREENED, by=by, key=self.key()))
        return code

    def seen(self, site: str = "11", **history: str) -> str:
        """A participant whose screening visit is entered."""
        code = self.consented(site)
        self.hold(code, "screening", SCREENED)
        self.save(code, "screening", "history", HISTORY | history)
        self.save(code, "screening", "blood_pressure", PRESSURE)
        self.save(code, "screening", "laboratory", LABORATORY)
        return code

    def eligible(self, site: str = "11") -> str:
        """A participant found eligible."""
        code = self.seen(site)
        done(self.desk.confirm_eligibility(code, by=person("investigator", site), key=self.key()))
        return code

    def randomised(self, site: str = "11") -> str:
        """A participant with a slot."""
        code = self.eligible(site)
        done(self.desk.randomise(code, on=RANDOMISED, by=person("coordinator", site), key=self.key()))
        return code

    def hold(self, code: str, visit: str, on: date) -> Done:
        """A visit that took place."""
        return done(self.desk.hold_visit(code, visit, on=on, by=person("coordinator", code[:2]), key=self.key()))

    def prepared(self, code: str, visit: str) -> None:
        """A dose whose order was opened, whose preparation is recorded, and whose least time has passed."""
        by = person("pharmacist", code[:2])
        if not SealedList.objects.filter(study=self.id).exists():
            self.seal_envelopes()
        known = self.ledger.subject(code)
        today = ((known.randomised if known else None) or RANDOMISED) + timedelta(
            days=PROTOCOL.visit_by_id[visit].day if visit in PROTOCOL.visit_by_id else 0
        )
        opened = pharmacy.open_order(self.desk, code, visit, today=today, by=by)
        assert isinstance(opened, pharmacy.Opened), opened
        record = f"{next(self.numbers):032x}"
        keys = pharmacy.register_keys(self.desk)
        place = Place(self.id, by.site, record, opened.order.bag)
        sealed = seal_entry({"kind": "preparation"}, place, keys, seeded(record.encode()))
        row = pharmacy.add_record(self.desk, sealed.json(), record=record, bag=place.bag, by=by)
        assert not isinstance(row, Refused), row
        self.now += timedelta(minutes=15)

    def seal_envelopes(self) -> None:
        """Envelopes for the slots of `load_list`, under the same labels; what is in them nobody asks."""
        key = new_key("pharmacist", seeded(b"key"), demo=True).public
        plan = {"all": ("high",) * self.slots * len(strata(PROTOCOL))}
        made, _ = seal(self.id, plan, [key], seeded(b"list"), demo=True)
        slots = (replace(slot, label=f"SLOT{number:04d}") for number, slot in enumerate(made.slots))
        assert keep(replace(made, slots=tuple(slots)))

    def save(self, code: str, visit: str, form: str, answers: dict[str, str], **more: object) -> Done:
        """A form, filled in by the first role that may."""
        by = person(PROTOCOL.form_by_id[form].filled_by[0], code[:2])
        return done(self.desk.save_form(code, visit, form, answers, by=by, key=self.key(), **more))


def done(outcome: object) -> Done:
    """The outcome, which must not be a refusal."""
    assert isinstance(outcome, Done), outcome
    return outcome


def ids(outcome: object) -> list[str]:
    """What a refusal says."""
    return [problem.id for problem in outcome.problems]

"""A small invented world in the reference trial, made at the desk as its staff would make it."""

import itertools
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from equipoise.allocator import door
from equipoise.conduct.acts import DoseReleased, Person
from equipoise.conduct.checks import asked
from equipoise.conduct.environment import History, row_of
from equipoise.desk import Desk, Done
from equipoise.envelopes import Card, Code, SealedList, SecondLock, new_key, seal_with_cards, write_code
from equipoise.items import Problem, read
from equipoise.ledger.sealed import keep
from equipoise.ledger.store import Ledger, open_study
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import Form, FormItem
from equipoise.randomisation import seeded
from equipoise.web.deployment import bag_label

TRIAL = Path(__file__).parents[2] / "trials" / "belimumab-sle" / "protocol.yaml"
ADMINISTRATOR = Person("administrator", "administrator")
DATA_MANAGER = Person("data_manager", "data_manager")
SPONSOR = Person("sponsor", "sponsor")
UNMASKED = Person("unmasked_monitor", "unmasked_monitor")
STAFF = ("coordinator", "investigator", "nurse", "assessor", "pharmacist")
SCREENED = date(2021, 4, 1)

# What makes a participant eligible; everything else is answered as dully as can be.
_ANSWERS = {
    "inflamed_joints": "0",
    "age": "34", "sex": "female", "height": "162.0", "weight": "56.5", "regimen_since": "2020", "sle_since": "2015-06",
    "antimalarial": "hydroxychloroquine", "antimalarial_dose": "400", "alt": "18", "ast": "20", "creatinine": "55",
    "pga": "0.5", "white_cells": "5.20", "neutrophils": "3.10", "lymphocytes": "1.60", "urine_protein": "0.10",
    "urine_rbc": "1.0", "urine_wbc": "1.0", "c3": "0.95", "c4": "0.22", "anti_dsdna": "12.0", "platelets": "210",
    "ana": "negative",
}  # fmt: skip


def person(role: str, site: str = "01") -> Person:
    """An invented member of staff, by the name the demo door gives."""
    return Person(f"{role}-{site}", role, site)


class World:
    """A study with a few participants, each as far as somebody took them."""

    def __init__(self, study: str, *, simulated: bool = True, now: datetime | None = None) -> None:
        self.now = now or datetime(2021, 9, 1, 3, 0, tzinfo=UTC)
        self.ledger: Ledger = open_study(
            study, TRIAL.read_bytes(), name=TRIAL.name, simulated=simulated, by=ADMINISTRATOR, at=self.now, key="open"
        )
        self.protocol = self.ledger.protocol
        self.desk = Desk(self.ledger, clock=lambda: self.now, label=bag_label)
        self._keys = (f"{study}-{number}-{secrets.token_hex(6)}" for number in itertools.count())
        for site in ("01", "02"):
            self.done(self.desk.activate_site(site, by=ADMINISTRATOR, key=self.key()))

    def key(self) -> str:
        """A key for one act."""
        return next(self._keys)

    def done(self, outcome: object) -> Done:
        """The outcome, which must not be a refusal."""
        assert isinstance(outcome, Done), outcome
        return outcome

    def screen(self, site: str = "01") -> str:
        """A new participant."""
        done = self.done(self.desk.screen(site=site, by=person("coordinator", site), key=self.key()))
        return done.acts[0].act.subject

    def consent(self, code: str, on: date = SCREENED) -> None:
        """Consent, by the site's investigator."""
        by = person("investigator", code[:2])
        self.done(self.desk.consent(code, document="2.1", language="zh", on=on, by=by, key=self.key()))

    def hold(self, code: str, visit: str, on: date, mode: str = "site") -> None:
        """A visit that took place."""
        by = person("coordinator", code[:2])
        self.done(self.desk.hold_visit(code, visit, on=on, mode=mode, by=by, key=self.key()))

    def fill(self, code: str, visit: str, form: str, repeat: int = 1, **answers: str) -> Done:
        """A form, filled in by the first role that may; questions that do not apply stay empty."""
        spec = self.protocol.form_by_id[form]
        role = spec.filled_by[0]
        by = UNMASKED if role == "unmasked_monitor" else person(role, code[:2])
        texts = self.answers(code, visit, spec, answers)
        return self.done(self.desk.save_form(code, visit, form, texts, by=by, key=self.key(), repeat=repeat))

    def answers(self, code: str, visit: str, form: Form, given: dict[str, str]) -> dict[str, str]:
        """An answer to every question of a form that is asked."""
        subject = self.ledger.snapshot().subjects[code]
        behind = None if visit == "log" else History(self.protocol, subject).at(visit)
        texts: dict[str, str] = {}
        read_so_far: dict[str, object] = {}
        for item in form.items:
            if asked(item, row_of(self.protocol, form, read_so_far, behind)):
                texts[item.id] = given.get(item.id, _ANSWERS.get(item.id) or self._dull(item, subject.visits, visit))
                answer = read(item_of(item, self.protocol), texts[item.id])
                assert not isinstance(answer, Problem), answer
                read_so_far[item.id] = answer
        return texts

    def _dull(self, item: FormItem, visits: object, visit: str) -> str:
        match item.type:
            case "yes_no":
                return "no"
            case "state":
                return "absent"
            case "choice":
                return self.protocol.code_lists[item.codes][0].code
            case "date":
                return str(SCREENED)
            case "partial_date":
                return "2016"
            case "text":
                return "as in the source"
            case "link" | "file":
                return ""
        low, high = item.expected or item.range or (0, 10)
        return format((low + high) / 2, f".{item.places or 0}f")

    def release(self, code: str, visit: str, bag: str) -> None:
        """A bag that left the pharmacy with this number; how it may is told in `web_pharmacy`."""
        act = DoseReleased(subject=code, visit=visit, bag=bag, quantity="250 mL")
        by = person("pharmacist", code[:2])
        self.done(self.ledger.append(lambda _: [act], key=self.key(), by=by, at=self.now, reason=""))

    def fill_visit(self, code: str, visit: str) -> None:
        """Every form that is due at a visit."""
        for form in self.protocol.visit_by_id[visit].forms:
            self.fill(code, visit, form)

    def take_to_screening(self, site: str = "01") -> str:
        """A participant whose screening visit is entered."""
        code = self.screen(site)
        self.consent(code)
        self.hold(code, "screening", SCREENED)
        self.fill_visit(code, "screening")
        return code

    def take_to_eligible(self, site: str = "01") -> str:
        """A participant whose eligibility is confirmed."""
        code = self.take_to_screening(site)
        by = person("investigator", site)
        self.done(self.desk.confirm_eligibility(code, by=by, key=self.key()))
        return code

    def take_to_randomised(self, site: str = "01", on: date | None = None) -> str:
        """A participant who is randomised."""
        code = self.take_to_eligible(site)
        by, day = person("investigator", site), on or SCREENED + timedelta(days=14)
        self.done(self.desk.randomise(code, on=day, by=by, key=self.key()))
        return code


ARMS = ("belimumab", "placebo")
_KEY = new_key("pharmacist", seeded(b"web world"), demo=True)
_SEALED: dict[str, tuple[SealedList, tuple[SecondLock, ...], tuple[Card, ...]]] = {}


def sealed_slots(study: str) -> tuple[SealedList, tuple[SecondLock, ...], tuple[Card, ...]]:
    """A list of twenty slots at each of two sites with its locks and cards, the same for every test."""
    if study not in _SEALED:
        plan = {f"site={site}": ARMS * 10 for site in ("01", "02")}
        _SEALED[study] = seal_with_cards(study, plan, [_KEY.public], seeded(b"web world", study), demo=True)
    return _SEALED[study]


def load_slots(study: str) -> None:
    """Slots for the door to hand out; the list lies where a server keeps it."""
    sealed, locks, _ = sealed_slots(study)
    keep(sealed)
    loaded = door.load(study, locks)
    assert isinstance(loaded, door.Loaded), loaded


def card_of(study: str, label: str) -> str:
    """The code on the card with a label."""
    return next(write_code(Code.CARD, card.secret) for card in sealed_slots(study)[2] if card.label == label)


def make_demo(study: str) -> World:
    """The study most tests look at: five participants at two sites, each at another stage."""
    load_slots(study)
    world = World(study)
    first = world.take_to_randomised()  # 01-001
    world.hold(first, "week_0", SCREENED + timedelta(days=14))
    for form in world.protocol.visit_by_id["week_0"].forms:
        if form != "bilag":
            world.fill(first, "week_0", form, **({"systolic": "182"} if form == "examination" else {}))
    world.hold(first, "week_2", SCREENED + timedelta(days=30), mode="remote")
    world.fill(first, "log", "adverse_events", ae_term="Headache", ae_onset="2021-05")
    world.fill(first, "log", "masked_results", igg="7.13")
    world.take_to_screening()  # 01-002
    world.screen()  # 01-003: no consent yet
    world.take_to_eligible("02")  # 02-001
    world.take_to_eligible()  # 01-004
    return world


def make_done(study: str) -> World:
    """A study that is over: locked, and its list opened."""
    load_slots(study)
    world = World(study, simulated=False)
    world.take_to_randomised()
    world.done(world.desk.request_lock(by=DATA_MANAGER, key="lock-asked", reason="all is clean"))
    world.done(world.desk.lock("lock-asked", by=SPONSOR, key=world.key()))
    world.done(world.desk.record_opening(commitment="0" * 64, slots=40, by=UNMASKED, key=world.key()))
    return world

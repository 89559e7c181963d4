"""The desk of a study with kits: a lot arrives, is shipped, received, dispensed, replaced and taken back."""

from datetime import date, timedelta

import pytest

from equipoise.allocator import door, kit_door
from equipoise.allocator.kit_choosing import unlock_kits
from equipoise.conduct.acts import Person
from equipoise.conduct.strata import strata
from equipoise.desk.desk import Desk, Refused
from equipoise.desk.kits import KitDesk
from equipoise.envelopes import hold_kits, new_key, seal
from equipoise.ledger.sealed import keep
from equipoise.protocol.load import digest, load
from equipoise.protocol.supply import Handout
from equipoise.randomisation import seeded
from equipoise.randomisation.kits import draw_packs
from tests.desk.at_work import ADMINISTRATOR, KITS_TEXT, NOW, RANDOMISED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

PROTOCOL = load(KITS_TEXT)[0]
KEY = new_key("pharmacist", seeded(b"key"), demo=True)
PLAN = dict.fromkeys(strata(PROTOCOL), ("high", "low", "placebo", "high"))
LIST, LOCKS = seal("tablets", PLAN, [KEY.public], seeded(b"list"), demo=True)
EXPIRY = date(2028, 1, 31)


def lot(name="L1", packs=3, seed=b"lot"):
    drawn = draw_packs(PROTOCOL.randomisation.ratio, PROTOCOL.kits.pack, packs, seeded(seed))
    return hold_kits(
        name, drawn, [KEY.public], [KEY.public], seeded(seed, "seal"), study="tablets", expiry=EXPIRY, depot="central",
        protocol=digest(PROTOCOL), demo=True,
    )  # fmt: skip


L1, L2 = lot(), lot("L2", 1, b"another")
MANAGER, CRC, OTHER_CRC = (Person("m", "supply_manager"), person("coordinator"), person("coordinator", "12"))


class KitStudy(Study):
    """The study with its kits on the way."""

    def another_desk(self, ledger):
        return KitDesk(ledger, clock=self.clock, label=lambda: f"SHIP-{next(self.labels):03d}", choose=None)

    def load_list(self):
        keep(LIST)
        assert isinstance(door.load(self.id, LOCKS), door.Loaded)

    def load_lot(self, held=L1, **changes):
        files = held.files
        name = held.lot.lot
        given = {
            "listed": files[f"web-host/kits-{name}.json"], "packs": files[f"web-host/packs-{name}.json"],
            "published": files[f"publish/kits-{name}.txt"].decode(), **changes,
        }  # fmt: skip
        return self.desk.load_kits(**given, by=ADMINISTRATOR, key=self.key())

    def load_kit_locks(self, held=L1, text=None):
        name = held.lot.lot
        published = text or held.files[f"publish/kits-{name}.txt"].decode()
        file = held.files[f"allocator/kit-locks-{name}.json"]
        return self.desk.load_kit_locks(name, file, published, by=ADMINISTRATOR, key=self.key())

    def stocked(self):
        self.load_list()
        done(self.load_lot())
        done(self.load_kit_locks())
        self.desk.choose = unlock_kits("tablets", [LIST, L1.sealed], KEY, reserve=24, random=seeded(b"choose"))
        shipped = done(self.desk.resupply("11", depot="central", by=MANAGER, key=self.key())).acts[0].act
        kits = self.desk.kits_of(shipped.shipment)
        done(self.desk.receive(shipped.shipment, site="11", received=kits, by=CRC, key=self.key()))
        return kits

    def treated(self):
        code = self.randomised()
        self.hold(code, "week_0", RANDOMISED)
        return code


@pytest.fixture
def study():
    return KitStudy(text=KITS_TEXT)


@pytest.fixture
def stocked(study):
    study.kits = study.stocked()
    return study


def kit(study, number):
    return study.ledger.snapshot().kits[number]


def test_a_lot_is_loaded_once_as_it_was_published(study):
    assert done(study.load_lot()).acts[0].act.packs == dict(L1.lot.packs)
    assert ids(study.load_lot()) == ["conduct.E133"]
    assert ids(study.load_lot(L2, packs=b"{}")) == ["envelopes.E022"]
    again = lot("L1", 2, b"other")
    assert ids(study.load_lot(again)) == ["envelopes.E075"]


def test_the_second_locks_of_a_lot_are_those_that_were_published(study):
    done(study.load_lot())
    assert done(study.load_kit_locks()).acts[0].act.kits == 180
    assert ids(study.load_kit_locks(text="nothing")) == ["envelopes.E070"]
    assert done(study.load_kit_locks()).acts[0].act.kits == 180


def test_other_second_locks_than_those_that_are_there_are_refused(study):
    done(study.load_lot())
    done(study.load_kit_locks())
    assert ids(study.load_kit_locks(lot("L1", 3, b"forged"))) == ["allocator.E031"]


def test_a_site_is_sent_whole_packs_until_it_has_its_minimum(stocked):
    assert len(stocked.kits) == 120
    assert stocked.desk.resupply("11", depot="central", by=MANAGER, key="again").acts == ()
    packs = {kit(stocked, number).pack for number in stocked.kits}
    assert len(packs) == 2
    rest = sorted(set(L1.lot.packs) - packs)
    sent = done(stocked.desk.ship("12", rest[:1], depot="central", by=MANAGER, key="ship"))
    assert set(stocked.desk.kits_of(sent.acts[0].act.shipment)) == set(L1.lot.packs[rest[0]])


def test_a_participant_gets_one_kit_of_the_own_arm_for_a_visit(stocked):
    code = stocked.treated()
    given = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act
    assert kit(stocked, given.kit).subject == code
    assert done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act == given
    assert ids(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="b")) == ["conduct.E141"]
    arms = stocked.desk.choose.arms
    assert arms[given.kit] == arms[stocked.ledger.subject(code).slot]


def test_a_replacement_is_given_in_the_act_that_says_what_became_of_the_first(stocked):
    code = stocked.treated()
    first = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act.kit
    swap = stocked.desk.replace_kit(code, "week_0", first, because="lost", by=CRC, key="b", reason="left on the bus")
    second = done(swap).acts[0].act.kit
    assert (kit(stocked, first).status, kit(stocked, second).status) == ("lost", "dispensed")
    assert stocked.ledger.subject(code).doses == {"week_0": (second,)}
    arms = stocked.desk.choose.arms
    assert arms[first] == arms[second]
    assert ids(
        stocked.desk.replace_kit(code, "week_0", first, because="lost", by=CRC, key="c", reason="again")
    ) == ["conduct.E143"]  # fmt: skip
    done(stocked.desk.return_kit(code, second, units=7, by=CRC, key="d"))
    assert kit(stocked, second).units_back == 7


def test_a_visit_hands_out_as_many_kits_as_the_protocol_says(stocked):
    handouts = {"week_0": Handout(kits=2, lasts=56)}
    plan = PROTOCOL.kits.model_copy(update={"handouts": handouts})
    supply = PROTOCOL.supply.model_copy(update={"kits": plan})
    stocked.desk.protocol = stocked.ledger.protocol = PROTOCOL.model_copy(update={"supply": supply})
    code = stocked.treated()
    acts = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts
    one, two = (each.act.kit for each in acts)
    assert stocked.ledger.subject(code).doses == {"week_0": (one, two)}
    arms = stocked.desk.choose.arms
    assert arms[one] == arms[two] == arms[stocked.ledger.subject(code).slot]
    assert done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts == acts
    swap = stocked.desk.replace_kit(code, "week_0", one, because="damaged", by=CRC, key="b", reason="wet")
    (three,) = (each.act.kit for each in done(swap).acts)
    assert stocked.ledger.subject(code).doses == {"week_0": (two, three)}
    for number in (two, three):
        done(stocked.desk.return_kit(code, number, units=3, by=CRC, key=number))
    assert [stocked.ledger.snapshot().kits[each].status for each in (two, three)] == ["returned"] * 2


@pytest.mark.parametrize("same", [True, False], ids=["of the same content", "of another content"])
def test_a_wrong_kit_is_recorded_alike_whatever_is_in_it_and_the_next_is_right(stocked, same):
    """Everything that is answered, recorded and given after the mistake has the same form."""
    code, arms = stocked.treated(), stocked.desk.choose.arms
    assigned = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act.kit
    wrong = next(n for n in stocked.kits if n != assigned and (arms[n] == arms[assigned]) == same)
    told = stocked.desk.misallocate_kit(
        code, "week_0", wrong, assigned=assigned, by=CRC, key="b", reason="the wrong shelf"
    )
    act, deviation = (each.act for each in done(told).acts)
    assert (act.kind, deviation.category, deviation.text) == ("KitMisallocated", "wrong_kit", f"{wrong} / {assigned}")
    assert [kit(stocked, n).status for n in (assigned, wrong)] == ["not_dispensed", "misallocated"]
    swap = stocked.desk.replace_kit(code, "week_0", wrong, because="misallocated", by=CRC, key="c", reason="wrong kit")
    right = done(swap).acts[0].act.kit
    stocked.hold(code, "week_4", RANDOMISED + timedelta(days=28))
    later = done(stocked.desk.dispense_kit(code, "week_4", by=CRC, key="d")).acts[0].act.kit
    assert arms[right] == arms[later] == arms[assigned]
    done(stocked.desk.return_kit(code, wrong, units=35, by=CRC, key="e"))
    assert (kit(stocked, wrong).status, kit(stocked, wrong).subject) == ("returned", code)


def test_a_kit_that_another_participant_took_is_replaced_for_whom_it_was_assigned(stocked):
    one, other = stocked.treated(), stocked.treated()
    mine, theirs = (
        done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key=code)).acts[0].act.kit for code in (one, other)
    )
    done(stocked.desk.misallocate_kit(one, "week_0", theirs, assigned=mine, by=CRC, key="a", reason="mixed up"))
    swap = stocked.desk.replace_kit(other, "week_0", theirs, because="misallocated", by=CRC, key="b", reason="taken")
    new = done(swap).acts[0].act.kit
    arms = stocked.desk.choose.arms
    assert arms[new] == arms[theirs]
    assert (kit(stocked, theirs).subject, kit(stocked, theirs).status) == (one, "misallocated")


def test_kits_leave_the_depot_on_the_days_of_the_timetable_alone(study):
    done(study.load_lot())
    pack = sorted(L1.lot.packs)[:1]
    for days in range(1, 7):
        study.now = NOW + timedelta(days=days)
        assert ids(study.desk.resupply("11", depot="central", by=MANAGER, key=study.key())) == ["conduct.E145"]
        assert ids(study.desk.ship("11", pack, depot="central", by=MANAGER, key=study.key())) == ["conduct.E145"]
    study.now = NOW + timedelta(days=7)
    done(study.desk.ship("11", pack, depot="central", by=MANAGER, key=study.key()))


def test_without_anybody_unlocked_nothing_is_dispensed_and_nothing_recorded(stocked):
    code, before = stocked.treated(), stocked.desk.choose
    stocked.desk.choose = None
    head = stocked.ledger.snapshot().head
    assert ids(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")) == ["allocator.E030"]
    assert stocked.ledger.snapshot().head == head
    stocked.desk.choose = before
    done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a"))


def test_a_kit_given_before_a_crash_is_the_kit_of_the_act_after_it(stocked, monkeypatch):
    code = stocked.treated()
    gives = once_failing(kit_door.give_kits)
    monkeypatch.setattr("equipoise.desk.kits.kit_door.give_kits", gives)
    with pytest.raises(RuntimeError, match="power"):
        stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")
    monkeypatch.undo()
    first = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act.kit
    assert sum(each.status == "dispensed" for each in stocked.ledger.snapshot().kits.values()) == 1
    assert done(stocked.load_kit_locks())
    assert kit(stocked, first).subject == code


def once_failing(method):
    def call(*args, **kwargs):
        method(*args, **kwargs)
        raise RuntimeError("power is gone")

    return call


@pytest.mark.parametrize(("given", "refused"), [("Z00000001", "conduct.E139"), ("aside", "conduct.E142")])
def test_a_kit_that_the_door_should_not_have_given_is_not_recorded(stocked, monkeypatch, given, refused):
    code, aside = stocked.treated(), stocked.kits[0]
    done(stocked.desk.quarantine([aside], site="11", by=CRC, key="q", reason="the fridge failed"))
    number = aside if given == "aside" else given
    wrong = kit_door.GivenKit(code, "week_0", 0, number, stocked.now)
    monkeypatch.setattr("equipoise.desk.kits.kit_door.give_kits", lambda **_: [wrong])
    assert ids(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")) == [refused]
    assert "week_0" not in stocked.ledger.subject(code).doses


def test_only_kits_that_may_be_dispensed_are(stocked):
    code = stocked.treated()
    aside = done(stocked.desk.quarantine(stocked.kits, site="11", by=CRC, key="q", reason="the fridge failed")).acts[0]
    assert len(aside.act.kits) == 120
    assert ids(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")) == ["allocator.E030"]
    kept, back = stocked.kits[:20], stocked.kits[20:]
    decide = stocked.desk.decide_quarantine
    done(decide(kept, site="11", usable=False, by=MANAGER, key="k", reason="above 25 degrees"))
    done(decide(back, site="11", usable=True, by=MANAGER, key="r", reason="within limits"))
    given = done(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")).acts[0].act.kit
    assert given in back
    done(stocked.desk.destroy(kept, site="11", by=CRC, key="d"))
    spare = next(number for number in back if number != given)
    done(stocked.desk.withdraw([spare], site="11", because="damaged", by=CRC, key="w", reason="dropped"))
    assert kit(stocked, spare).status == "damaged"


def test_an_expiring_kit_is_not_at_hand(stocked):
    code = stocked.treated()
    stocked.now = stocked.now.replace(year=2027) + timedelta(days=560)
    assert ids(stocked.desk.dispense_kit(code, "week_0", by=CRC, key="a")) == ["allocator.E030"]


def test_a_shipment_that_arrives_otherwise_than_sent_is_told_apart(study):
    done(study.load_lot())
    shipped = done(study.desk.resupply("12", depot="central", by=MANAGER, key="s")).acts[0].act.shipment
    first, second, *rest = study.desk.kits_of(shipped)
    receive = study.desk.receive
    refused = receive(shipped, site="12", received=rest, by=OTHER_CRC, key="a")
    assert ids(refused) == ["conduct.E137"]
    done(
        receive(
            shipped, site="12", received=rest, damaged=[first], missing=[second], excursion=True, by=OTHER_CRC, key="b"
        )
    )
    found = [kit(study, number).status for number in (first, second, rest[0])]
    assert found == ["damaged", "missing", "pre_quarantined"]


# --- Who may --------------------------------------------------------------------------------------------------------

KIT = "A00000001"
METHODS = {
    "load_kits": ("administer", lambda desk, **by: desk.load_kits(b"", b"", "", **by)),
    "load_kit_locks": ("administer", lambda desk, **by: desk.load_kit_locks("L1", b"", "", **by)),
    "ship": ("manage_supply", lambda desk, **by: desk.ship("11", ["PACK0001"], depot="central", **by)),
    "resupply": ("manage_supply", lambda desk, **by: desk.resupply("11", depot="attic", **by)),
    "receive": ("handle_kits", lambda desk, **by: desk.receive("SHIP-1", site="11", received=[KIT], **by)),
    "quarantine": ("handle_kits", lambda desk, **by: desk.quarantine([KIT], site="11", reason="r", **by)),
    "decide_quarantine": (
        "manage_supply", lambda desk, **by: desk.decide_quarantine([KIT], site="11", usable=True, reason="r", **by),
    ),
    "withdraw": (
        "handle_kits", lambda desk, **by: desk.withdraw([KIT], site="11", because="missing", reason="r", **by),
    ),
    "destroy": ("handle_kits", lambda desk, **by: desk.destroy([KIT], site="11", **by)),
    "dispense_kit": ("handle_kits", lambda desk, **by: desk.dispense_kit("11-001", "week_0", **by)),
    "replace_kit": (
        "handle_kits", lambda desk, **by: desk.replace_kit("11-001", "week_0", KIT, because="lost", reason="r", **by),
    ),
    "misallocate_kit": (
        "handle_kits", lambda desk, **by: desk.misallocate_kit("11-001", "week_0", KIT, reason="r", **by),
    ),
    "return_kit": ("handle_kits", lambda desk, **by: desk.return_kit("11-001", KIT, units=1, **by)),
}  # fmt: skip


def test_every_method_about_kits_is_in_the_table():
    named = {name for name in vars(KitDesk) if not name.startswith("_")}
    assert named - {"kits_of"} == set(METHODS)
    assert issubclass(KitDesk, Desk)


@pytest.mark.parametrize("name", METHODS)
def test_only_a_role_that_may_gets_past_the_door(study, name):
    permission, call = METHODS[name]
    for role in PROTOCOL.roles:
        by = Person("p", role.id, "11" if role.scope == "site" else "")
        outcome = call(study.desk, by=by, key=study.key())
        refused = ids(outcome) == ["desk.E001"] if isinstance(outcome, Refused) else False
        assert refused is (permission not in role.may), role.id


@pytest.mark.parametrize("name", ["receive", "quarantine", "withdraw", "destroy"])
def test_nobody_handles_kits_of_a_site_where_they_do_not_work(study, name):
    assert ids(METHODS[name][1](study.desk, by=OTHER_CRC, key="k")) == ["desk.E002"]


@pytest.mark.parametrize("name", METHODS)
def test_a_study_without_kits_refuses_every_one(name):
    plain = Study()
    desk = KitDesk(plain.ledger, clock=plain.clock, label=lambda: "SHIP-1", choose=None)
    plain.screened("11")
    role = next(r for r in PROTOCOL.roles if METHODS[name][0] in r.may)  # fmt: skip
    outcome = METHODS[name][1](desk, by=Person("p", role.id, "11" if role.scope == "site" else ""), key="k")
    assert "conduct.E130" in ids(outcome) or name == "load_kits"


def test_what_cannot_be_is_refused_before_anything_is_asked(stocked):
    code = stocked.treated()
    assert (
        ids(stocked.desk.replace_kit(code, "week_0", "?", because="l", by=CRC, key="a", reason="r"))
        == ["desk.E005"] * 2
    )
    assert ids(stocked.desk.quarantine([], site="11", by=CRC, key="b", reason="r")) == ["desk.E005"]

"""Looks at the desk: who asks, who holds them, what is handed over, and what nobody may do."""

from dataclasses import replace

import pytest

from equipoise.allocator import door
from equipoise.conduct.strata import strata
from equipoise.desk.looks import at_cut, hold_look
from equipoise.envelopes import SealError, new_key, read_archive, seal, seal_archive
from equipoise.items import Problem
from equipoise.ledger.look_package import read_package
from equipoise.ledger.sealed import keep
from equipoise.randomisation import seeded
from tests.desk.at_work import NOW, PROTOCOL, RANDOMISED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

STATISTICIAN = new_key("unmasked_statistician", seeded(b"statistician"), demo=True)
PHARMACIST = new_key("pharmacist", seeded(b"pharmacist"), demo=True)
CHAIR, HOLDER = person("committee_chair"), person("unmasked_statistician")
PLAN = dict.fromkeys(strata(PROTOCOL), ("high", "placebo", "low", "high"))
SEALED, LOCKS = seal("tablets", PLAN, [STATISTICIAN.public, PHARMACIST.public], seeded(b"list"), demo=True)


@pytest.fixture
def study():
    made = Study()
    keep(SEALED)
    assert isinstance(door.load("tablets", LOCKS), door.Loaded)
    return made


def asked(study, look="safety_1", by=CHAIR):
    return study.desk.request_look(look, by=by, key=study.key())


def hold(study, look="safety_1", to=STATISTICIAN, by=HOLDER, cut=None, key="held"):
    return hold_look(study.desk, look, to=to.public, cut=cut, by=by, key=key, random=seeded(b"package"))


def acts(study, kind):
    return [each.act for each in study.ledger.acts(kinds=[kind])]


def test_the_package_opens_those_randomised_by_the_cut_with_the_statistician_s_key(study):
    first = study.randomised()
    cut = study.ledger.snapshot().acts
    second = study.randomised()
    done(asked(study))
    package = read_package(hold(study, cut=cut), STATISTICIAN)
    opened = package.opened(STATISTICIAN)
    assert opened.arms == {first: "high"}
    assert not opened.dummy
    assert (package.look.id, package.day, package.sealed) == ("safety_1", NOW.date(), SEALED)
    assert package.snapshot == at_cut(study.desk, cut)
    assert second not in package.snapshot.subjects
    (act,) = acts(study, "LookReleased")
    assert (act.cut, act.slots, act.information, act.recipient) == (cut, 1, 0, "unmasked_statistician")
    assert act.fingerprint == STATISTICIAN.public.fingerprint
    assert "arm" not in str(act.body())


def test_what_the_boundary_counts_is_recorded_at_a_look_at_efficacy(study):
    code = study.randomised()
    for visit, systolic in (("week_0", "150"), ("week_12", "130")):
        study.hold(code, visit, RANDOMISED if visit == "week_0" else RANDOMISED.replace(month=6, day=1))
        pressure = {f"systolic_{place}": systolic for place in (1, 2, 3)} | {"diastolic": "94", "pulse": "72"}
        study.save(code, visit, "blood_pressure", pressure)
    study.randomised()
    done(asked(study, "interim_1"))
    hold(study, "interim_1")
    (act,) = acts(study, "LookReleased")
    assert (act.slots, act.information) == (2, 1)


def test_asking_again_under_the_same_key_gives_the_package_of_the_same_cut(study):
    study.randomised()
    done(asked(study))
    first = hold(study)
    study.randomised()
    again = read_package(hold(study), STATISTICIAN)
    assert again.snapshot == read_package(first, STATISTICIAN).snapshot
    assert len(acts(study, "LookReleased")) == 1
    assert ids(hold(study, key="another")) == ["conduct.E093"]


def test_nobody_else_opens_the_package(study):
    study.randomised()
    done(asked(study))
    package = hold(study)
    assert read_package(package, PHARMACIST).id == "envelopes.E060"
    taken = read_package(package, STATISTICIAN)
    with pytest.raises(SealError):  # the second locks alone are nothing
        taken.opened(new_key("unmasked_statistician", seeded(b"thief"), demo=True))
    with pytest.raises(SealError):
        replace(taken, shares={}).opened(STATISTICIAN)
    with pytest.raises(SealError, match="without a second lock"):
        replace(taken, sealed=replace(SEALED, slots=())).opened(STATISTICIAN)


def test_a_key_that_may_not_take_a_look_is_refused_before_anything_is_recorded(study):
    study.randomised()
    done(asked(study))
    never_sealed_for = new_key("unmasked_statistician", seeded(b"x"), demo=True, holder="X")
    for key in (PHARMACIST, never_sealed_for):
        assert ids(hold(study, to=key)) == ["desk.E006"]
    study.desk.protocol = PROTOCOL.model_copy(update={"monitoring": None})
    assert ids(hold(study)) == ["desk.E006"]
    assert acts(study, "LookReleased") == []


def test_another_key_under_the_same_name_gets_nothing(study):
    study.randomised()
    done(asked(study))
    hold(study)
    assert ids(hold(study, to=new_key("unmasked_statistician", seeded(b"thief"), demo=True))) == ["desk.E007"]


def test_who_asks_and_who_holds(study):
    study.randomised()
    assert ids(asked(study, by=HOLDER)) == ["desk.E001"]
    assert ids(asked(study, "Interim 1")) == ["desk.E005"]
    assert ids(hold(study)) == ["conduct.E092"]
    done(asked(study))
    assert ids(hold(study, by=CHAIR)) == ["desk.E001"]
    assert ids(hold(study, look="unplanned")) == ["conduct.E090", "conduct.E092"]
    assert ids(hold(study, cut=2)) == ["conduct.E099"]


def test_the_door_must_agree(study, monkeypatch):
    study.randomised()
    done(asked(study))
    monkeypatch.setattr(door, "shares_for_look", lambda **_: door.Refused(Problem("allocator.E002", "x", "shut")))
    assert ids(hold(study)) == ["allocator.E002"]


def test_the_recommendation_is_a_word_and_carries_nothing(study):
    study.randomised()
    done(asked(study))
    hold(study)
    assert ids(study.desk.recommend("safety_1", "stop now", by=CHAIR, key="a")) == ["desk.E005"]
    assert ids(study.desk.recommend("safety_1", "continue", by=HOLDER, key="b")) == ["desk.E001"]
    (recorded,) = done(study.desk.recommend("safety_1", "continue", by=CHAIR, key="c")).acts
    assert recorded.act.body() == {"look": "safety_1", "recommendation": "continue"}
    assert recorded.reason == ""
    assert study.ledger.snapshot().looks["safety_1"].recommendation == "continue"


# --- A package that is not what it should be -------------------------------------------------------------


@pytest.fixture
def parts(study):
    study.randomised()
    done(asked(study))
    return read_archive(hold(study), STATISTICIAN)[1]


def repacked(parts, look="safety_1"):
    file = seal_archive("tablets", look, parts, [STATISTICIAN.public], seeded(b"r"), demo=True)
    return read_package(file, STATISTICIAN)


def test_an_altered_act_is_named(parts):
    rows = parts["acts.jsonl"].splitlines()
    assert repacked(parts | {"acts.jsonl": b"\n".join(rows[:3] + rows[4:])}).id == "ledger.E001"
    altered = rows[1].replace(b"administrator", b"administratrix")
    assert altered != rows[1]
    assert repacked(parts | {"acts.jsonl": b"\n".join([rows[0], altered, *rows[2:]])}).id == "ledger.E002"


@pytest.mark.parametrize(
    "changed",
    [
        {"acts.jsonl": b""}, {"acts.jsonl": b"{}"}, {"sealed-list.json": b"{}"}, {"protocol.yaml": b"id: x"},
        {"second-locks.json": b"[]"},
    ],
    ids=lambda each: f"{next(iter(each))}-{len(next(iter(each.values())))}",
)  # fmt: skip
def test_parts_that_do_not_belong_together_are_no_package(parts, changed):
    assert repacked(parts | changed).id == "ledger.E007"


def test_an_archive_of_something_else_is_no_package(parts):
    assert repacked({"closed.html": b"<p>"}).id == "ledger.E007"
    assert repacked(parts, look="no_such_look").id == "ledger.E007"
    assert not isinstance(repacked(parts), Problem)

"""A list comes to its servers as it was published, once; a lost allocator's store comes back with everybody's slot."""

import pytest
from django.db import connections

from equipoise.allocator import door
from equipoise.conduct.strata import strata
from equipoise.envelopes import COMMITMENT, SEALED_LIST, SECOND_LOCKS, hold, new_key
from equipoise.ledger.sealed import sealed_list
from equipoise.ledger.verify import verify
from equipoise.protocol.load import digest
from equipoise.randomisation import seeded
from tests.conftest import with_triggers_down
from tests.desk.at_work import ADMINISTRATOR, PROTOCOL, RANDOMISED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

PLAN = dict.fromkeys(strata(PROTOCOL), ("a", "b", "b", "a"))
KEYS = [new_key("pharmacist", seeded(b"p", name), demo=True, holder=name).public for name in ("A", "B")]
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name).public for name in ("A", "B", "C")]


def ceremony(seed=b"loading"):
    held = hold("tablets", PLAN, KEYS, HOLDERS, seeded(seed), protocol=digest(PROTOCOL), demo=True)
    files = held.files
    text = files[f"publish/{COMMITMENT}"].decode()
    return files[f"web-host/{SEALED_LIST}"], files[f"allocator/{SECOND_LOCKS}"], text


LIST, LOCKS, TEXT = ceremony()
SLOTS = 4 * len(PLAN)


@pytest.fixture
def study():
    return Study()


def load(study, which="locks", file=None, text=TEXT):
    method, usual = {"list": (study.desk.load_list, LIST), "locks": (study.desk.load_locks, LOCKS)}[which]
    return method(file or usual, text, by=ADMINISTRATOR, key=study.key())


def kinds(outcome):
    return [each.act.kind for each in outcome.acts]


def given(study):
    return {each.subject: each.label for each in door.assignments(study=study.id)}


def recorded(study):
    return {each.act.subject: each.act.slot for each in study.ledger.acts(kinds=["Randomised"])}


def lose_the_store(*conditions):
    """The rows of the allocator's database are gone, as after a disk that was not backed up (or backed up earlier)."""

    def lose():
        with connections["allocator"].cursor() as cursor:
            for statement in conditions or ("DELETE FROM allocator_slot", "DELETE FROM allocator_counter"):
                cursor.execute(statement)

    with_triggers_down(["allocator"], lose)


def randomise(study, code):
    return study.desk.randomise(code, on=RANDOMISED, by=person("coordinator", code[:2]), key=study.key())


def test_each_half_is_recorded_once_and_once_more_changes_nothing(study):
    first = [done(load(study, which)).acts[0].act for which in ("list", "locks")]
    assert [act.body() for act in first] == [
        {"sealing": "1", "slots": SLOTS}, {"slots": SLOTS, "strata": len(PLAN), "restored": 0},
    ]  # fmt: skip
    assert bytes(LIST) == sealed_file(study)
    assert [kinds(done(load(study, which))) for which in ("list", "locks")] == [[], []]
    code = study.randomised()
    assert sealed_list(study.id).slot(study.ledger.subject(code).slot) is not None


def sealed_file(study):
    from equipoise.ledger.models import SealedList

    return bytes(SealedList.objects.get(study=study.id).file)


@pytest.mark.parametrize(
    ("which", "index", "identity"), [("list", 0, "envelopes.E055"), ("locks", 1, "envelopes.E072")]
)
def test_another_file_than_was_published_leaves_nothing(study, which, index, identity):
    before = study.ledger.snapshot()
    assert ids(load(study, which, ceremony(b"another")[index])) == [identity]
    assert study.ledger.snapshot() == before
    assert door.assign(study=study.id, stratum=next(iter(PLAN)), subject="11-001", at=study.now).problem
    with pytest.raises(LookupError):
        sealed_list(study.id)


@pytest.mark.parametrize(("which", "identity"), [("list", "envelopes.E075"), ("locks", "allocator.E007")])
def test_a_list_in_use_is_not_replaced(study, which, identity):
    done(load(study, "list")), done(load(study, "locks"))
    other = ceremony(b"another")
    assert ids(load(study, which, other[0] if which == "list" else other[1], other[2])) == [identity]
    assert sealed_file(study) == LIST


def test_a_demonstration_s_list_is_for_a_simulated_study_only():
    real = Study(simulated=False)
    assert ids(load(real, "list")) == ["envelopes.E074"]


def test_nothing_is_loaded_while_the_study_is_locked(study):
    study.lock()
    assert [ids(load(study, which)) for which in ("list", "locks")] == [["conduct.E001"]] * 2


def test_a_crash_before_the_ledger_has_it_ends_in_the_same_record(study, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load(study)
    assert kinds(done(load(study))) == ["SecondLocksLoaded"]
    assert kinds(done(load(study))) == []


# --- The allocator's store is lost (threat model, 3.4) ---------------------------------------------------------------


def test_everybody_has_their_slot_again_and_the_next_one_another(study):
    done(load(study))
    codes = [study.randomised(site) for site in ("11", "12", "11")]
    lose_the_store()
    assert given(study) == {}
    act = done(load(study)).acts[0].act
    assert (act.kind, act.restored) == ("SecondLocksLoaded", 3)
    assert given(study) == recorded(study)
    following = study.randomised("11")
    assert recorded(study)[following] not in {recorded(study)[code] for code in codes}
    assert kinds(done(load(study))) == []
    assert verify(study.ledger).problems == ()


def test_a_slot_the_ledger_never_heard_of_stays_given_to_nobody(study, monkeypatch):
    """The store gave it, the ledger failed, and the store was lost: nobody else is ever given it."""
    done(load(study))
    lost = study.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(study, lost)
    label = given(study)[lost]
    after = study.randomised()
    lose_the_store()
    assert done(load(study)).acts[0].act.restored == 1
    assert given(study) == {after: recorded(study)[after], f"lost {label}": label}
    assert done(randomise(study, lost)).acts[0].act.slot not in {label, recorded(study)[after]}


def test_an_older_copy_of_the_store_learns_what_happened_since(study):
    done(load(study))
    first = study.randomised()
    study.randomised()
    lose_the_store(
        f"UPDATE allocator_slot SET subject = NULL, assigned_at = NULL WHERE subject <> '{first}'",
        "UPDATE allocator_counter SET next_position = 2 WHERE next_position = 3",
    )
    assert done(load(study)).acts[0].act.restored == 1
    assert given(study) == recorded(study)


def test_a_contradiction_is_named_and_nothing_is_changed(study):
    done(load(study))
    code, other = study.randomised(), study.randomised("12")
    lose_the_store(
        f"UPDATE allocator_slot SET subject = 'SOMEBODY' WHERE subject = '{code}'",
        f"UPDATE allocator_slot SET subject = NULL, assigned_at = NULL WHERE subject = '{other}'",
    )
    before = given(study)
    assert ids(load(study)) == ["allocator.E008"]
    assert given(study) == before == {"SOMEBODY": recorded(study)[code]}

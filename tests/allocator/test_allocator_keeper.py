"""The unlocked allocator behind the door: one envelope each, the same whenever asked, and nothing at rest to read."""

from dataclasses import replace

import pytest
from django.db import OperationalError, connections

from equipoise.allocator import door
from equipoise.allocator import keeper as room
from equipoise.allocator.keeper import Unlocked
from equipoise.allocator.questions import ChooseKit, Drawn, DrawNext, Ready, Shut, State, read_answer, write
from equipoise.envelopes import new_key, open_payloads, read_locks, read_seed, seal
from equipoise.items import Problem
from equipoise.randomisation import seeded
from tests.allocator.minimised import (
    DYNAMIC,
    ENTROPY,
    HELD,
    KEEPER,
    LOCKS,
    NOW,
    PHARMACIST,
    PROFILES,
    administrator,
    assign,
    ceremony,
    keeper,
    load,
    lose_the_store,
    unlocked,
)

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

ARM_OF = {each.slot: each.arm for each in open_payloads(HELD.sealed, read_locks(LOCKS)[1], PHARMACIST)}


@pytest.fixture(autouse=True)
def loaded():
    assert load() == door.Loaded(slots=24, strata=1)


def rows(query):
    with connections["allocator"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def kept():
    return rows("SELECT number, subject, stratum, label FROM allocator_draw ORDER BY number")


def said(kept_open, question):
    return read_answer(kept_open.answer(write(question)))


# --- Giving envelopes ------------------------------------------------------------------------------------------------


def test_what_the_envelopes_hold_is_what_the_keeper_knows(monkeypatch):
    assert dict(unlocked(monkeypatch).unlocked.arm_of) == ARM_OF
    assert "arm_of" not in repr(Unlocked("trial", ARM_OF))


def test_each_participant_has_one_of_the_next_three_envelopes_and_the_others_stay_spare(monkeypatch):
    unlocked(monkeypatch)
    labels = door.labels(study="trial")
    given = [assign(f"S-{number}", PROFILES[number % 4]) for number in range(5)]
    for number, one in enumerate(given):
        block = labels[3 * number : 3 * number + 3]
        assert one.label in block
        names = dict(rows("SELECT label, subject FROM allocator_slot WHERE subject IS NOT NULL"))
        assert [names[label] for label in block] == [
            one.subject if label == one.label else f"spare {label}" for label in block
        ]
    assert kept() == [(n + 1, one.subject, one.stratum, one.label) for n, one in enumerate(given)]
    assert door.assignments(study="trial") == tuple(given)
    assert len({ARM_OF[one.label] for one in given}) > 1


def test_asking_again_gives_the_same_whatever_is_asked(monkeypatch):
    unlocked(monkeypatch)
    first = assign("S-1")
    assert [assign("S-1"), assign("S-1", PROFILES[3], ("S-9",))] == [first, first]
    assert len(kept()) == 1


def test_the_draw_does_not_hang_on_who_asks_but_on_the_number_and_the_factors(monkeypatch):
    """Nobody can ask for another arm by asking in another name."""
    held = unlocked(monkeypatch)
    asked = [said(held, DrawNext("trial", 1, subject, PROFILES[0])).label for subject in ("S-1", "S-2", "S-3")]
    assert len(set(asked)) == 1


def test_the_keeper_of_draws_has_no_kits(monkeypatch):
    held = unlocked(monkeypatch)
    assert said(held, ChooseKit("trial", door.labels(study="trial")[0], ("P:K",))) == Shut()


def test_a_keeper_that_starts_anew_knows_what_the_one_before_knew(monkeypatch):
    unlocked(monkeypatch)
    for number in range(4):
        assign(f"S-{number}", PROFILES[number])
    question = DrawNext("trial", 5, "S-5", PROFILES[2])
    answers = [said(keeper(), question).label for _ in range(2)]
    assert len(set(answers)) == 1
    assert assign("S-5", PROFILES[2]).label == answers[0]


def test_a_crash_before_the_draw_is_kept_ends_in_the_same_envelope(monkeypatch):
    held, objects = unlocked(monkeypatch), door.Draw.objects
    expected = said(held, DrawNext("trial", 1, "S-1", PROFILES[0])).label
    with monkeypatch.context() as broken:
        broken.setattr(objects, "create", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            assign("S-1")
    assert kept() == rows("SELECT 1 FROM allocator_slot WHERE subject IS NOT NULL") == []
    assert assign("S-1").label == expected


def test_at_rest_there_is_nothing_to_read(monkeypatch):
    unlocked(monkeypatch)
    for number in range(6):
        assign(f"S-{number}", PROFILES[number % 4])
    records = [bytes(record) for (record,) in rows("SELECT record FROM allocator_draw")]
    assert len({len(record) for record in records}) == 1
    assert len(set(records)) == 6
    for (file,) in rows("SELECT file FROM allocator_sealedseed"):
        assert ENTROPY not in bytes(file)
        assert ENTROPY.hex().encode() not in bytes(file)


def test_a_row_printed_in_a_log_names_a_draw_and_nothing_of_it(monkeypatch):
    from django.apps import apps

    unlocked(monkeypatch)
    assign("S-1")
    seeds, draws = (apps.get_model("allocator", name).objects for name in ("SealedSeed", "Draw"))
    assert (str(seeds.get()), str(draws.get())) == ("trial", "trial 1")


# --- When it is shut -------------------------------------------------------------------------------------------------


def test_a_locked_allocator_and_one_without_envelopes_refuse_in_the_same_words(monkeypatch):
    before = rows("SELECT * FROM allocator_slot"), kept()
    locked = assign("X-1")
    assert (rows("SELECT * FROM allocator_slot"), kept()) == before
    assert door.locked(study="trial") is True
    unlocked(monkeypatch)
    assert door.locked(study="trial") is False
    for number in range(DYNAMIC.slots):
        assert isinstance(assign(f"S-{number}", PROFILES[number % 4]), door.Assigned)
    assert assign("X-1") == locked
    assert locked.problem.id == "allocator.E001"
    asked = {"study": "trial", "role": "monitor", "entitled": {"monitor"}}
    assert door.running_out(**asked) == (door.RunningOut("all", ended=True),)


@pytest.mark.parametrize("stratum", ["", "site=11", "site=99|sex=f", "all"])
def test_factors_that_are_not_known_are_refused_and_keep_nothing(monkeypatch, stratum):
    unlocked(monkeypatch)
    assert assign("S-1", stratum).problem.id == "allocator.E001"
    assert kept() == []


def test_an_answer_that_is_no_envelope_of_theirs_is_refused(monkeypatch):
    far = door.labels(study="trial")[-1]
    for answer in (Drawn(far, b"r"), Ready("trial"), Shut(), None):
        monkeypatch.setattr(door, "ask", lambda _, answer=answer: answer)
        assert assign("S-1").problem.id == "allocator.E001"
    assert kept() == []


def test_what_is_no_question_of_this_study_is_not_answered(monkeypatch):
    held = unlocked(monkeypatch)
    assert said(held, State("trial")) == Ready("trial")
    for question in (State("other"), DrawNext("trial", 2, "S-1", PROFILES[0]), DrawNext("trial", 0, "S", PROFILES[0])):
        assert said(held, question) == Shut()
    last = DYNAMIC.slots + 1
    held.course.number = last
    monkeypatch.setattr(door, "draws", lambda **_: ())
    assert said(held, DrawNext("trial", last, "S-1", PROFILES[0])) == Shut()
    for data in (b"", b"[]", b"{}", b'{"is":"Shut"}', b'{"is":"State","study":7}', b"\xff"):
        assert read_answer(held.answer(data)) == Shut()
    with pytest.raises(TypeError):
        held._answered(object())


def test_while_the_database_is_away_nothing_is_answered(monkeypatch):
    held = unlocked(monkeypatch)
    closed = []
    with monkeypatch.context() as away:
        away.setattr(room.connections[room.ALLOCATOR], "close", lambda: closed.append(True))

        def no_draws(**_):
            raise OperationalError("the server went away")

        away.setattr(door, "draws", no_draws)
        assert said(held, State("trial")) == Shut()
    assert closed == [True]
    assert said(held, State("trial")) == Ready("trial")


def test_a_list_has_nothing_to_unlock(monkeypatch):
    _, locks = seal("listed", {"all": ("a", "b")}, [PHARMACIST.public], seeded(b"l"), demo=True)
    door.load("listed", locks)
    assert keeper("listed").id == keeper("nowhere").id == "allocator.E011"
    assert door.locked(study="listed") is False
    assert assign("S-1", "all", study="listed").label == locks[0].label or locks[1].label


def test_another_key_unlocks_nothing():
    assert keeper(key=PHARMACIST).id == "envelopes.E060"
    assert keeper(key=new_key("keeper", seeded(b"thief"), demo=True)).id == "envelopes.E060"


@pytest.mark.parametrize("wrong", [replace(DYNAMIC, study="another"), replace(DYNAMIC, slots=7)])
def test_a_seed_of_another_list_unlocks_nothing(wrong):
    """Its second locks are of the study `mixed`, with eight participants of three arms."""
    held = ceremony(replace(wrong, study="mixed") if wrong.slots == 7 else wrong)
    seed = read_seed(held.files["allocator/second-locks.json"])
    ours = ceremony(replace(DYNAMIC, study="mixed")).files["allocator/second-locks.json"]
    door.load("mixed", read_locks(ours)[1], seed=seed)
    assert keeper("mixed").id == "allocator.E012"


# --- Whoever changes the store is found -------------------------------------------------------------------------------


def third_label(number=2):
    """An envelope of a participant that is not the one given."""
    block, given = door.labels(study="trial")[3 * number - 3 : 3 * number], kept()[number - 1][3]
    return next(label for label in block if label != given)


@pytest.mark.parametrize("statement", [
    "UPDATE allocator_draw SET label = '{label}' WHERE number = 2",
    "UPDATE allocator_draw SET label = 'ANOTHER0' WHERE number = 2",
    "UPDATE allocator_draw SET stratum = 'site=12|sex=m' WHERE number = 2",
    "UPDATE allocator_draw SET stratum = 'all' WHERE number = 2",
    "UPDATE allocator_draw SET subject = 'S-99' WHERE number = 2",
    "UPDATE allocator_draw SET set_aside = '[\"S-0\"]' WHERE number = 2",
    "UPDATE allocator_draw SET record = x'00' WHERE number = 2",
    "UPDATE allocator_draw SET record = (SELECT record FROM allocator_draw WHERE number = 1) WHERE number = 2",
])  # fmt: skip
def test_a_changed_draw_is_named_and_nobody_more_is_randomised(monkeypatch, statement):
    unlocked(monkeypatch)
    for number in range(4):
        assign(f"S-{number}")
    administrator(statement.format(label=third_label()))
    found = keeper()
    assert isinstance(found, Problem)
    assert (found.id, found.params["number"]) == ("allocator.E013", "2")
    monkeypatch.setattr(room, "problem", lambda *_, **__: found)
    late = unlocked(monkeypatch, room.Keeper(Unlocked("trial", ARM_OF), course(), seeded(b"x")))
    assert assign("S-9").problem.id == "allocator.E001"
    assert said(late, State("trial")) == Shut()


def course():
    from equipoise.randomisation.dynamic import Course

    return Course(DYNAMIC, ENTROPY, door.labels(study="trial"))


# --- Spare envelopes stay shut ---------------------------------------------------------------------------------------


def test_a_spare_envelope_is_released_to_nobody(monkeypatch):
    unlocked(monkeypatch)
    given = assign("S-1")
    asked = {"study": "trial", "by": "p", "role": "p", "reason": "dose", "at": NOW, "entitled": {"p"}}
    assert isinstance(door.release_share(label=given.label, **asked), door.Released)
    for label in door.labels(study="trial")[:3]:
        if label != given.label:
            assert door.release_share(label=label, **asked).problem.id == "allocator.E002"
            assert door.release_code_break(subject=f"spare {label}", **asked).problem.id == "allocator.E002"
    assert isinstance(door.release_code_break(subject="S-1", **asked), door.CodeBreakReleased)


# --- The store is lost -----------------------------------------------------------------------------------------------


def test_a_lost_store_gives_everybody_their_envelope_again_and_goes_on_as_before(monkeypatch):
    unlocked(monkeypatch)
    given = [assign(f"S-{number}", PROFILES[number % 4], ("S-0",) if number > 2 else ()) for number in range(5)]
    expected = said(keeper(), DrawNext("trial", 6, "S-5", PROFILES[1])).label
    lose_the_store()
    assert load(given=given) == door.Loaded(24, 1, restored=5)
    assert door.assignments(study="trial") == tuple(given)
    names = [name for (name,) in rows("SELECT subject FROM allocator_slot WHERE position <= 15")]
    assert sum(name.startswith("spare ") for name in names) == 10
    unlocked(monkeypatch)
    assert assign("S-5", PROFILES[1]).label == expected
    assert load(given=given) == door.Loaded(24, 1, new=False)


def test_an_envelope_the_ledger_never_heard_of_stays_nobodys_and_the_rest_goes_on(monkeypatch):
    unlocked(monkeypatch)
    given = [assign(f"S-{number}", PROFILES[number % 4]) for number in range(5)]
    lose_the_store()
    known = [each for each in given if each.subject != "S-2"]
    assert load(given=known).restored == 4
    names = [name for (name,) in rows("SELECT subject FROM allocator_slot ORDER BY position LIMIT 9")][6:]
    assert all(name.startswith("lost ") for name in names)
    held = unlocked(monkeypatch)
    assert (held.course.complete, held.course.number) == (False, 6)
    assert assign("S-2", PROFILES[2]).label in door.labels(study="trial")[15:18]


def test_a_contradiction_changes_nothing(monkeypatch):
    unlocked(monkeypatch)
    one, other = assign("S-1"), assign("S-2")
    swapped = (replace(one, label=other.label), replace(other, label=one.label))
    before = kept()
    for given in (swapped, (replace(one, subject="S-3"),), (replace(one, label="NOWHERE0"),)):
        assert load(given=given).problem.id == "allocator.E008"
    assert kept() == before


def test_another_seed_is_not_taken_for_the_one_in_use():
    other = ceremony(entropy=bytes(32)).files["allocator/second-locks.json"]
    assert load(other).problem.id == "allocator.E007"
    assert door.load("trial", read_locks(LOCKS)[1]).problem.id == "allocator.E007"
    assert KEEPER.demo is True

"""The door to the kits: one kit for each turn, never twice, chosen by whoever was unlocked, refused in one voice."""

from contextlib import suppress
from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error, IntegrityError, connections, transaction

from equipoise.allocator import door, kit_choosing, kit_door
from equipoise.allocator.kit_choosing import KitKeeper, choosing, unlock_kits
from equipoise.allocator.kit_door import GivenKit, RefusedKit
from equipoise.allocator.process import listening
from equipoise.allocator.questions import ChooseKit, Chosen, Ready, Shut, State, read_answer, write
from equipoise.envelopes import hold_kits, new_key, read_list, read_locks, seal
from equipoise.randomisation import seeded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
KEY, OTHER = (new_key("pharmacist", seeded(name), demo=True) for name in (b"key", b"other"))
LIST, LOCKS = seal("trial", {"S": ("a", "b")}, [KEY.public], seeded(b"list"), demo=True)
HELD = hold_kits(
    "L1", [["a", "b", "b"], ["a", "a", "b"]], [KEY.public], [KEY.public], seeded(b"kits"), study="trial",
    expiry=date(2028, 1, 1), depot="central", protocol="", demo=True,
)  # fmt: skip
KITS = read_list(HELD.files["web-host/kits-L1.json"])
KIT_LOCKS = read_locks(HELD.files["allocator/kit-locks-L1.json"])[1]
PACKS = HELD.lot.packs


@pytest.fixture(autouse=True)
def loaded():
    assert isinstance(door.load("trial", LOCKS), door.Loaded)
    assert kit_door.load_kits(study="trial", lot="L1", second_locks=KIT_LOCKS) == 6


@pytest.fixture
def slots():
    """The slots of two participants: the arms are a and b in this order."""
    return [door.assign(study="trial", stratum="S", subject=code, at=NOW).label for code in ("A-001", "A-002")]


def unlocked(key=KEY):
    return unlock_kits("trial", [LIST, KITS], key, reserve=0, random=seeded(b"choose"))


def give_some(slot, number=1, subject="A-001", visit="week_0", at_hand=PACKS, choose=None, at=NOW):
    return kit_door.give_kits(
        study="trial", subject=subject, visit=visit, number=number, slot=slot, at_hand=at_hand,
        choose=choose or unlocked(), at=at,
    )  # fmt: skip


def give(slot, *args, **asked):
    given = give_some(slot, 1, *args, **asked)
    return given if isinstance(given, RefusedKit) else given[0]


def without(*kits):
    return {pack: [number for number in numbers if number not in kits] for pack, numbers in PACKS.items()}


def arm_of(number):
    from equipoise.envelopes import open_payloads

    return {each.slot: each.arm for each in open_payloads(KITS, KIT_LOCKS, KEY)}[number]


def test_everybody_gets_kits_of_their_own_arm_until_there_are_none(slots):
    for slot, subject, arm in ((slots[0], "A-001", "a"), (slots[1], "A-002", "b")):
        given = []
        for _ in range(3):
            given.append(give(slot, subject, at_hand=without(*(each.number for each in given))))
        assert [arm_of(each.number) for each in given] == [arm] * 3
        assert [each.turn for each in given] == [0, 1, 2]
        assert len({each.number for each in given}) == 3
        assert give(slot, subject, at_hand=without(*(each.number for each in given))).problem.id == "allocator.E030"


def test_a_visit_is_given_as_many_kits_as_it_hands_out_or_none(slots):
    assert isinstance(give_some(slots[0], 4), RefusedKit)
    kits = apps.get_model("allocator", "Kit").objects
    assert not kits.filter(subject="A-001").exists(), "none of the four is spent"
    two = give_some(slots[0], 2)
    assert ([arm_of(each.number) for each in two], [each.turn for each in two]) == (["a", "a"], [0, 1])
    assert give_some(slots[0], 2) == two, "an interrupted request ends in the same kits"
    assert give_some(slots[0], 3)[:2] == two


def test_a_kit_that_was_given_and_cannot_be_dispensed_any_more_is_let_go(slots):
    first = give(slots[0])
    second = give(slots[0], at_hand=without(first.number))
    assert (second.turn, arm_of(second.number)) == (1, "a")
    assert second.number != first.number


def test_asking_again_gives_the_same_kit_at_the_same_time(slots):
    first = give(slots[0])
    assert give(slots[0], at=datetime(2026, 2, 1, tzinfo=UTC), choose=lambda *_: None) == first
    assert give(slots[0], visit="week_4").number != first.number


@pytest.mark.parametrize(
    "asked",
    [
        {"choose": lambda slot, at_hand: None},
        {"choose": lambda slot, at_hand: "NOSUCHKIT"},
        {"at_hand": {}},
        {"at_hand": {"P": ["NOSUCHKIT"]}},
        {"choose": unlocked(OTHER)},
    ],
)
def test_every_refusal_has_the_same_words(slots, asked):
    assert give(slots[0], **asked) == give(slots[0], at_hand={})
    free = next(lock.label for lock in LOCKS if lock.label not in slots) if len(LOCKS) > 2 else "FREESLOT"
    assert give(free) == give(slots[0], at_hand={})


def test_without_anybody_unlocked_nobody_gets_a_kit(slots):
    refused = kit_door.give_kits(
        study="trial", subject="A-001", visit="week_0", number=1, slot=slots[0], at_hand=PACKS, choose=None, at=NOW
    )
    assert isinstance(refused, RefusedKit)


def test_the_second_lock_of_a_free_slot_is_not_given():
    free = LIST.slots[0].label
    assert kit_door.shares_of(study="trial", slot=free, numbers=[]) is None


def test_loading_again_changes_nothing_and_another_list_is_refused():
    assert kit_door.load_kits(study="trial", lot="L1", second_locks=KIT_LOCKS) == 6
    assert kit_door.load_kits(study="trial", lot="L1", second_locks=KIT_LOCKS[1:]).problem.id == "allocator.E031"


def test_what_the_ledger_knows_is_given_again(slots):
    known = GivenKit("A-001", "week_0", 0, KIT_LOCKS[0].label, NOW)
    for _ in (1, 2):
        assert kit_door.load_kits(study="trial", lot="L1", second_locks=KIT_LOCKS, given=[known]) == 6
    assert give(slots[0]) == known


KIT_COLUMNS = "study, lot, number, share, subject, visit, turn, given_at"
NEW_KIT = f"INSERT INTO allocator_kit ({KIT_COLUMNS}) SELECT study, lot, 'NEW', share, 'A-003', '', 0, given_at"
GIVEN = "FROM allocator_kit WHERE subject IS NOT NULL"
BOTH = (
    "DELETE FROM allocator_kit", "UPDATE allocator_kit SET number = 'X'", "UPDATE allocator_kit SET subject = NULL",
    f"UPDATE allocator_kit SET visit = 'week_4' {GIVEN.removeprefix('FROM allocator_kit ')}", f"{NEW_KIT} {GIVEN}",
)  # fmt: skip
AS_REPLICA = "SET LOCAL session_replication_role = replica;"
ENGINE = {
    "sqlite": (f"INSERT OR REPLACE INTO allocator_kit (id, {KIT_COLUMNS}) SELECT id, {KIT_COLUMNS} {GIVEN}",),
    "postgresql": ("TRUNCATE allocator_kit", *(f"{AS_REPLICA} {each}" for each in (*BOTH, "TRUNCATE allocator_kit"))),
}  # fmt: skip


def test_the_database_takes_no_kit_back(slots):
    number = give(slots[0]).number
    for statement in (*BOTH, *ENGINE[connections["allocator"].vendor]):
        with pytest.raises(IntegrityError), transaction.atomic(using="allocator"):
            connections["allocator"].cursor().execute(statement)
    kept = apps.get_model("allocator", "Kit").objects
    assert (kept.count(), kept.get(number=number).subject) == (6, "A-001")


def test_an_envelope_that_does_not_open_is_nobodys(slots):
    choose = unlocked()
    assert choose("NOSLOT01", PACKS) is None
    with_stranger = {**PACKS, "PACK": ["NOSUCHKIT"]}
    assert choose(slots[0], with_stranger) in {number for kits in PACKS.values() for number in kits}


def test_somebody_unlocked_finds_out_whether_a_kit_holds_what_a_participant_is_to_take(slots):
    opened = unlocked()
    for numbers in PACKS.values():
        for number in numbers:
            assert [opened.agrees(slot, number) for slot in slots] == [arm_of(number) == arm for arm in ("a", "b")]
            assert unlocked(OTHER).agrees(slots[0], number) is None
    assert opened.agrees(slots[0], "NOSUCHKIT") is None
    assert opened.agrees("NOSLOT01", number) is None


# --- The process ------------------------------------------------------------------------------------------------------


def said(keeper, question):
    return read_answer(keeper.answer(question if isinstance(question, bytes) else write(question)))


def test_the_process_answers_about_its_own_study_only(slots):
    keeper = KitKeeper(unlocked())
    kits = tuple(f"{pack}:{number}" for pack, numbers in PACKS.items() for number in numbers)
    chosen = said(keeper, ChooseKit("trial", slots[0], kits))
    assert isinstance(chosen, Chosen)
    assert arm_of(chosen.kit) == "a"
    assert said(keeper, ChooseKit("trial", slots[0], ())) == Shut()
    assert said(keeper, ChooseKit("other", slots[0], kits)) == Shut()
    assert said(keeper, b"nonsense") == Shut()
    assert said(keeper, State("trial")) == Ready("trial")


def test_what_is_not_about_kits_another_keeper_answers():
    keeper = KitKeeper(unlocked(), lambda data: write(Ready("drawn")))
    assert said(keeper, State("trial")) == Ready("drawn")


def test_while_the_database_is_away_nobody_is_answered(slots, monkeypatch):
    def away(**_):
        raise Error("gone")

    monkeypatch.setattr(kit_choosing, "shares_of", away)
    monkeypatch.setattr(connections["allocator"], "close", lambda: None)
    assert said(KitKeeper(unlocked()), ChooseKit("trial", slots[0], ("P:K",))) == Shut()


def test_a_choice_goes_over_the_socket_and_back(slots, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ALLOCATOR_SOCKETS", str(tmp_path), raising=False)
    assert choosing("trial")(slots[0], PACKS) is None, "nobody listens"
    with listening(tmp_path / "allocator-trial.sock") as server:
        first = next(iter(PACKS.values()))[0]
        answering = Thread(target=one_answer, args=(server, lambda data: write(Chosen(first))))
        answering.start()
        assert choosing("trial")(slots[0], PACKS) == first
        answering.join()


def one_answer(server, answer):
    from equipoise.allocator import process

    with suppress(OSError):
        connection, _ = server.accept()
        with connection:
            process._one(connection, answer, 0.001)


def test_what_is_known_is_not_shown():
    row = apps.get_model("allocator", "Kit")(study="trial", number="K", share=b"secret")
    assert str(row) == "trial K"
    choose = unlocked()
    choose.arms["KIT"] = "the arm"
    assert "the arm" not in repr(choose) + repr(KitKeeper(choose))

"""What a ceremony makes: everything that is needed, nothing that tells, and a way back from each loss of a key."""

from dataclasses import replace

import pytest

from equipoise.envelopes import (
    SealError,
    check_commitment,
    commitment_of,
    escrow_key,
    hold,
    hold_again,
    new_key,
    open_list,
    open_payloads,
    open_slot,
    read_copy,
    read_list,
    read_locks,
    read_share,
    rewrap,
    write_opened,
)
from equipoise.randomisation import operating_system, seeded

PLAN = {"site=1": ("drug", "placebo", "placebo", "drug"), "site=2": ("placebo", "drug", "drug", "placebo")}
TWIN = {site: tuple({"drug": "placebo", "placebo": "drug"}[arm] for arm in arms) for site, arms in PLAN.items()}
LONGER = {
    site: tuple({"drug": "贝利尤单抗 10 mg/kg", "placebo": "p"}[arm] for arm in arms) for site, arms in PLAN.items()
}
PHARMACISTS = [new_key("pharmacist", seeded(b"p", name), demo=True, holder=name) for name in ("A", "B")]
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name) for name in ("A", "B", "C")]
SUCCESSOR = new_key("pharmacist", seeded(b"successor"), demo=True, holder="C")


def held(plan=PLAN, seed=b"ceremony"):
    recipients, holders = [key.public for key in PHARMACISTS], [key.public for key in HOLDERS]
    return hold("trial", plan, recipients, holders, seeded(seed), demo=True)


CEREMONY = held()
SEALED = CEREMONY.sealed
STUDY, LOCKS = read_locks(CEREMONY.files["allocator/second-locks.json"])
EXPECTED = {lock.label: PLAN[lock.stratum][lock.position - 1] for lock in LOCKS}


def escrow(ceremony=CEREMONY, who=(0, 2)):
    shares = [read_share(ceremony.files[f"escrow/share-{index + 1}.json"], HOLDERS[index]) for index in who]
    return escrow_key(shares)


# --- What is made ------------------------------------------------------------------------------------------------


def test_the_files_are_those_that_go_to_different_places():
    assert sorted(CEREMONY.files) == [
        "allocator/second-locks.json", "escrow/second-locks-for-escrow.json", "escrow/share-1.json",
        "escrow/share-2.json", "escrow/share-3.json", "publish/commitment.txt", "web-host/sealed-list.json",
    ]  # fmt: skip
    assert read_list(CEREMONY.files["web-host/sealed-list.json"]) == SEALED
    assert CEREMONY.strata == {"site=1": 4, "site=2": 4}
    assert SEALED.recipients == ("pharmacist/A", "pharmacist/B", "escrow")


@pytest.mark.parametrize("who", [(0, 1), (0, 2), (1, 2)], ids=str)
def test_any_two_holders_open_the_list(who):
    assert open_list(SEALED, LOCKS, escrow(who=who)) == EXPECTED


def test_one_holder_opens_nothing():
    assert escrow(who=(0,)).id == "envelopes.E042"
    with pytest.raises(SealError, match="not addressed"):
        open_list(SEALED, LOCKS, HOLDERS[0])


@pytest.mark.parametrize("plan", [TWIN, LONGER], ids=["exchanged", "longer names"])
def test_with_other_arms_every_file_has_the_same_size_and_all_but_two_the_same_bytes(plan):
    other = held(plan)
    assert {name: len(file) for name, file in other.files.items()} == {
        name: len(file) for name, file in CEREMONY.files.items()
    }
    different = {name for name, file in other.files.items() if file != CEREMONY.files[name]}
    assert different == {"web-host/sealed-list.json", "publish/commitment.txt"}
    assert (other.cards, other.escrow, other.strata) == (CEREMONY.cards, CEREMONY.escrow, CEREMONY.strata)


def test_no_file_names_an_arm():
    for file in CEREMONY.files.values():
        assert b"drug" not in file
        assert b"placebo" not in file
    assert b"site=" not in CEREMONY.files["web-host/sealed-list.json"]


def test_a_dump_and_one_key_open_only_what_was_released():
    released = LOCKS[3]
    for slot in SEALED.slots:
        if slot.label == released.label:
            assert open_slot(SEALED.context, slot, released.share, PHARMACISTS[0]) == EXPECTED[slot.label]
        else:
            with pytest.raises(SealError) as error:
                open_slot(SEALED.context, slot, released.share, PHARMACISTS[0])
            assert error.value.slot == slot.label


def test_a_real_ceremony_refuses_demonstration_keys():
    with pytest.raises(SealError) as error:
        hold("trial", PLAN, [PHARMACISTS[0].public], [h.public for h in HOLDERS], operating_system)
    assert error.value.problem.id == "envelopes.E004"


# --- The commitment ----------------------------------------------------------------------------------------------


def test_the_published_text_and_the_root_alone_are_both_compared():
    text = CEREMONY.files["publish/commitment.txt"].decode()
    assert check_commitment(SEALED, text) is None
    assert check_commitment(SEALED, SEALED.commitment) is None
    for other in ("", text.replace(SEALED.commitment, "0" * 64), held(TWIN).files["publish/commitment.txt"].decode()):
        assert check_commitment(SEALED, other).id == "envelopes.E055"


def test_the_opened_list_lets_anybody_make_the_commitment_again():
    payloads = open_payloads(SEALED, LOCKS, escrow())
    assert commitment_of(payloads) == SEALED.commitment
    assert write_opened(SEALED, payloads).count(b'"salt"') == 8


# --- Losses (threat model, §3.4) ---------------------------------------------------------------------------------


def test_one_pharmacist_s_key_is_lost_and_the_other_still_opens():
    assert open_list(SEALED, LOCKS, PHARMACISTS[1]) == EXPECTED


def test_two_holders_let_a_new_pharmacist_open_what_is_released_and_no_more():
    again = rewrap(SEALED, escrow(), seeded(b"again"), add=[SUCCESSOR.public], drop=["pharmacist/A"])
    assert again.recipients == ("pharmacist/B", "escrow", "pharmacist/C")
    assert again.commitment == SEALED.commitment
    slot, released = again.slots[0], LOCKS[0]
    assert open_slot(again.context, slot, released.share, SUCCESSOR) == EXPECTED[slot.label]
    for other in again.slots[1:]:
        with pytest.raises(SealError):
            open_slot(again.context, other, released.share, SUCCESSOR)
    with pytest.raises(SealError, match="not addressed"):
        open_slot(again.context, slot, released.share, PHARMACISTS[0])
    assert {tuple(slot.wraps) for slot in again.slots} == {again.recipients}


def test_all_keys_of_a_site_are_lost():
    again = rewrap(SEALED, escrow(), seeded(b"again"), add=[SUCCESSOR.public], drop=["pharmacist/A", "pharmacist/B"])
    assert open_list(again, LOCKS, SUCCESSOR) == EXPECTED


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        ({"drop": ["nobody"]}, "E010"),
        ({"drop": ["pharmacist/A", "pharmacist/B", "escrow"]}, "E002"),
        ({"add": [PHARMACISTS[0].public]}, "E003"),
        ({"add": [SUCCESSOR.public, SUCCESSOR.public]}, "E003"),
    ],
    ids=str,
)
def test_a_wrapping_that_cannot_be_is_refused(change, identity):
    with pytest.raises(SealError) as error:
        rewrap(SEALED, PHARMACISTS[0], seeded(b"again"), **change)
    assert error.value.problem.id == f"envelopes.{identity}"


def test_a_recipient_is_dropped_without_another():
    again = rewrap(SEALED, PHARMACISTS[0], seeded(b"again"), drop=["pharmacist/B"])
    assert again.recipients == ("pharmacist/A", "escrow")
    assert open_list(again, LOCKS, PHARMACISTS[0]) == EXPECTED


def test_only_a_recipient_wraps_anew():
    with pytest.raises(SealError):
        rewrap(SEALED, SUCCESSOR, seeded(b"again"), add=[SUCCESSOR.public])


def test_the_allocator_s_store_is_lost_and_two_holders_get_the_second_locks_back():
    copy = CEREMONY.files["escrow/second-locks-for-escrow.json"]
    assert read_locks(read_copy(copy, escrow())) == (STUDY, LOCKS)


def test_two_shares_are_lost_and_a_pharmacist_wraps_for_a_new_escrow_key():
    fresh = new_key("escrow", seeded(b"fresh"), demo=True)
    again = rewrap(SEALED, PHARMACISTS[0], seeded(b"again"), add=[fresh.public], drop=["escrow"])
    assert open_list(again, LOCKS, fresh) == EXPECTED
    with pytest.raises(SealError):
        open_list(again, LOCKS, escrow())


def test_a_key_may_be_stolen_and_the_same_list_is_sealed_under_new_keys():
    payloads = open_payloads(SEALED, LOCKS, escrow())
    recipients, holders = [PHARMACISTS[1].public, SUCCESSOR.public], [key.public for key in HOLDERS]
    again = hold_again("trial", payloads, recipients, holders, seeded(b"second"), version="2", demo=True)
    _, locks = read_locks(again.files["allocator/second-locks.json"])
    assert again.sealed.commitment == SEALED.commitment
    assert open_list(again.sealed, locks, SUCCESSOR) == open_list(again.sealed, locks, escrow(again)) == EXPECTED
    assert {lock.label: (lock.stratum, lock.position) for lock in locks} == {
        lock.label: (lock.stratum, lock.position) for lock in LOCKS
    }
    old = {lock.label: lock for lock in LOCKS}
    for slot, lock in zip(again.sealed.slots, locks, strict=True):
        stolen = replace(slot, wraps=SEALED.slot(slot.label).wraps)
        assert lock.share != old[slot.label].share
        assert lock.release != old[slot.label].release
        for share in (lock.share, old[slot.label].share):  # the stolen key, the old dump, either second lock
            with pytest.raises(SealError):
                open_slot(again.sealed.context, stolen, share, PHARMACISTS[0])


def test_everything_is_lost_but_the_sealed_files_at_two_places_and_two_holders():
    files = {name: CEREMONY.files[name] for name in CEREMONY.files if name.startswith(("escrow/", "web-host/"))}
    key = escrow_key([read_share(files[f"escrow/share-{i + 1}.json"], HOLDERS[i]) for i in (1, 2)])
    _, locks = read_locks(read_copy(files["escrow/second-locks-for-escrow.json"], key))
    assert open_list(read_list(files["web-host/sealed-list.json"]), locks, key) == EXPECTED

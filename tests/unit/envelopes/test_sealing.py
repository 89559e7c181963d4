"""Sealing tells nothing, and opening accepts nothing but what was sealed."""

import json
from dataclasses import replace
from itertools import pairwise, product

import nacl.public
import pytest

from equipoise.envelopes import (
    SealError,
    commitment_of,
    new_key,
    open_list,
    open_payloads,
    open_slot,
    seal,
    write_list,
)
from equipoise.envelopes.boxes import data_key, lock, unlock, unwrap, wrap
from equipoise.randomisation import operating_system, seeded

ROLES = ("pharmacist", "escrow")
KEYS = {role: new_key(role, seeded(b"keys", role), demo=True) for role in ROLES}
PLAN = {"PUMCH": ("belimumab", "placebo", "placebo"), "RJH": ("placebo", "belimumab", "belimumab")}
TWIN = {
    site: tuple({"belimumab": "placebo", "placebo": "belimumab"}[arm] for arm in arms) for site, arms in PLAN.items()
}


def sealed(plan=PLAN, seed=b"list"):
    return seal("trial", plan, [key.public for key in KEYS.values()], seeded(seed), demo=True)


LIST, LOCKS = sealed()
BY_LABEL = {lock.label: lock for lock in LOCKS}
FIRST = LIST.slots[0]


def arm_of(label, plan=PLAN):
    second = BY_LABEL[label]
    return plan[second.stratum][second.position - 1]


def opened(slot=FIRST, share=None, role="pharmacist", context=LIST.context):
    return open_slot(context, slot, share or BY_LABEL[slot.label].share, KEYS[role])


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")


# --- What is sealed comes out again --------


@pytest.mark.parametrize(
    ("slot", "role"), list(product(LIST.slots, ROLES)), ids=lambda value: getattr(value, "label", value)
)
def test_each_recipient_opens_each_released_slot(slot, role):
    assert opened(slot, role=role) == arm_of(slot.label)


def test_the_whole_list_opens_after_the_lock():
    assert open_list(LIST, LOCKS, KEYS["escrow"]) == {label: arm_of(label) for label in BY_LABEL}


def test_the_published_opening_gives_the_commitment_again():
    payloads = open_payloads(LIST, LOCKS, KEYS["escrow"])
    assert commitment_of(reversed(payloads)) == LIST.commitment
    altered = (replace(payloads[0], arm="other"), *payloads[1:])
    assert commitment_of(altered) != LIST.commitment


def test_a_seed_seals_the_same_list_again_and_entropy_never_does():
    assert sealed() == (LIST, LOCKS)
    keys = [new_key(role, operating_system).public for role in ROLES]
    one, other = (seal("trial", PLAN, keys, operating_system)[0] for _ in range(2))
    assert {slot.label for slot in one.slots}.isdisjoint(slot.label for slot in other.slots)
    assert one.commitment != other.commitment


# --- Nothing that is not locked depends on the arm --------


def test_with_the_arms_exchanged_only_locked_bytes_and_commitment_differ():
    twin, twin_locks = sealed(TWIN)
    assert twin_locks == LOCKS
    for slot, other in zip(LIST.slots, twin.slots, strict=True):
        assert (slot.label, slot.wraps) == (other.label, other.wraps)
        assert slot.ciphertext != other.ciphertext
        assert len(slot.proof) == len(other.proof)
    assert twin.commitment != LIST.commitment


@pytest.mark.parametrize("arm", ["a", "b" * 64, "贝利尤单抗", 'quoted "arm"\\'])
def test_every_envelope_has_one_size(arm):
    named, _ = sealed({"S": (arm, "placebo", arm)})
    assert {len(slot.ciphertext) for slot in named.slots} == {24 + 256 + 16}
    assert {len(wrapped) for slot in named.slots for wrapped in slot.wraps.values()} == {32 + 16 + 32}
    assert {tuple(slot.wraps) for slot in named.slots} == {ROLES}


def test_no_arm_and_no_place_can_be_read_in_what_the_server_holds():
    file = write_list(LIST)
    for word in (b"belimumab", b"placebo", b"PUMCH", b"stratum", b"position"):
        assert word not in file


def test_rows_stand_in_the_order_of_random_labels():
    many, locks = sealed(dict.fromkeys("ABCD", ("belimumab", "placebo") * 50))
    labels = [slot.label for slot in many.slots]
    assert labels == sorted(labels) == [lock.label for lock in locks]
    places = [(lock.stratum, lock.position) for lock in locks]
    ascending = sum(one < other for one, other in pairwise(places))
    assert 150 < ascending < 250  # of 399 neighbours; in list order it would be 399, at random 199.5 ± 6


def test_a_second_lock_is_not_shown_when_printed():
    assert LOCKS[0].share.hex() not in repr(LOCKS[0])
    assert repr(LOCKS[0].share) not in repr(LOCKS[0])
    assert repr(KEYS["escrow"].secret) not in repr(KEYS["escrow"])


# --- Two locks --------


@pytest.mark.parametrize("guess", [bytes(32), KEYS["pharmacist"].secret, b""])
def test_a_dump_and_a_private_key_open_nothing_without_the_second_lock(guess):
    for slot in LIST.slots:
        with pytest.raises(SealError) as error:
            open_slot(LIST.context, slot, guess, KEYS["pharmacist"])
        assert error.value.slot == slot.label


def test_the_wrapped_share_alone_is_compatible_with_every_key():
    """For any key there is a second share that gives it with this first one: the first alone tells nothing."""
    first = unwrap(FIRST.wraps["pharmacist"], KEYS["pharmacist"])
    for wanted in (bytes(32), b"\xff" * 32, seeded(b"any")(32)):
        second = bytes(a ^ b for a, b in zip(first, wanted, strict=True))
        assert data_key(first, second, b"slot") == data_key(wanted, bytes(32), b"slot")


def test_one_second_lock_opens_one_slot_only():
    opening = {
        (slot.label, second.label)
        for slot, second in product(LIST.slots, LOCKS)
        if not isinstance(attempt(slot, second.share), SealError)
    }
    assert opening == {(label, label) for label in BY_LABEL}


def attempt(slot, share):
    try:
        return open_slot(LIST.context, slot, share, KEYS["pharmacist"])
    except SealError as error:
        return error


# --- Tampering --------


IGNORED = 8 * (32 + 16 + 32) - 8 * 31 - 1  # X25519 ignores the top bit of a point; the box's nonce does not


def altered_slots():
    """Envelopes in which one thing is not as it was sealed."""
    for bit in range(0, 8 * len(FIRST.ciphertext), 37):
        yield f"ciphertext bit {bit}", replace(FIRST, ciphertext=flipped(FIRST.ciphertext, bit))
    wrapped = FIRST.wraps["pharmacist"]
    for bit in (*range(0, 8 * len(wrapped), 37), IGNORED):
        yield f"wrap bit {bit}", replace(FIRST, wraps={**FIRST.wraps, "pharmacist": flipped(wrapped, bit)})
    for index, (side, neighbour) in enumerate(FIRST.proof):
        changed = list(FIRST.proof)
        changed[index] = (side, flipped(neighbour, 5))
        yield f"proof {index}", replace(FIRST, proof=tuple(changed))
        changed[index] = ("left" if side == "right" else "right", neighbour)
        yield f"side {index}", replace(FIRST, proof=tuple(changed))
    yield "no proof", replace(FIRST, proof=())
    yield "short", replace(FIRST, ciphertext=FIRST.ciphertext[:20])
    yield "empty", replace(FIRST, ciphertext=b"")
    yield "short wrap", replace(FIRST, wraps={"pharmacist": b"short"})
    yield "other recipient's wrap", replace(FIRST, wraps={"pharmacist": FIRST.wraps["escrow"]})
    yield "no wrap", replace(FIRST, wraps={})
    other = LIST.slots[1]
    yield "other slot's wraps", replace(FIRST, wraps=other.wraps)
    yield "other slot's ciphertext", replace(FIRST, ciphertext=other.ciphertext)
    yield "other slot's proof", replace(FIRST, proof=other.proof)
    yield "other slot under this label", replace(other, label=FIRST.label)


@pytest.mark.parametrize("slot", [pytest.param(slot, id=name) for name, slot in altered_slots()])
def test_an_altered_envelope_is_refused_and_named(slot):
    with pytest.raises(SealError) as error:
        opened(slot)
    assert error.value.slot == FIRST.label
    assert FIRST.label in str(error.value)


def test_every_bit_of_the_second_share_counts():
    for bit in range(256):
        with pytest.raises(SealError) as error:
            opened(share=flipped(BY_LABEL[FIRST.label].share, bit))
        assert error.value.problem.id == "envelopes.E012"


@pytest.mark.parametrize(
    "change", [{"study": "other"}, {"version": "2"}, {"demo": False}, {"commitment": "00" * 32}], ids=str
)
def test_an_envelope_belongs_to_one_list(change):
    with pytest.raises(SealError):
        opened(context=replace(LIST.context, **change))


def test_a_wholly_forged_envelope_is_not_covered_by_the_commitment():
    """Whoever rules both stores can make shares, wraps and ciphertext that fit; not a proof."""
    forged, forged_locks = sealed(TWIN, seed=b"forger")
    with pytest.raises(SealError) as error:
        open_slot(LIST.context, forged.slots[0], forged_locks[0].share, KEYS["pharmacist"])
    assert error.value.problem.id == "envelopes.E013"


def test_two_rows_exchanged_are_both_refused():
    one, other = LIST.slots[:2]
    for slot in (replace(one, label=other.label), replace(other, label=one.label)):
        with pytest.raises(SealError) as error:
            opened(slot)
        assert error.value.slot == slot.label


def test_another_key_of_the_same_role_opens_nothing():
    stranger = new_key("pharmacist", seeded(b"stranger"), demo=True)
    with pytest.raises(SealError) as error:
        open_slot(LIST.context, FIRST, BY_LABEL[FIRST.label].share, stranger)
    assert error.value.problem.id == "envelopes.E011"


def replaced_locks(label, **change):
    return [replace(lock, **change) if lock.label == label else lock for lock in LOCKS]


MIDDLE = LIST.slots[3]


@pytest.mark.parametrize(
    ("slots", "locks", "identity", "named"),
    [
        ((*LIST.slots[:3], replace(MIDDLE, ciphertext=FIRST.ciphertext), *LIST.slots[4:]), LOCKS, "E012", MIDDLE.label),
        (LIST.slots, replaced_locks(MIDDLE.label, stratum="ELSE"), "E014", MIDDLE.label),
        (LIST.slots, replaced_locks(MIDDLE.label, position=9), "E014", MIDDLE.label),
        (LIST.slots[1:], LOCKS[1:], "E015", ""),
        ((FIRST, *LIST.slots), LOCKS, "E016", FIRST.label),
        (LIST.slots[1:], LOCKS, "E017", FIRST.label),
        (LIST.slots, LOCKS[1:], "E017", FIRST.label),
    ],
)
def test_an_altered_list_is_refused_and_the_slot_named(slots, locks, identity, named):
    with pytest.raises(SealError) as error:
        open_list(replace(LIST, slots=tuple(slots)), locks, KEYS["escrow"])
    assert (error.value.problem.id, error.value.slot) == (f"envelopes.{identity}", named)


def test_another_commitment_is_refused():
    with pytest.raises(SealError) as error:
        open_list(replace(LIST, commitment="ab" * 32), LOCKS, KEYS["escrow"])
    assert error.value.problem.id == "envelopes.E013"


# --- What is not sealed at all --------

REAL = [new_key(role, operating_system).public for role in ROLES]


@pytest.mark.parametrize(
    ("plan", "recipients", "identity"),
    [
        ({}, REAL, "E001"),
        ({"S": ()}, REAL, "E001"),
        (PLAN, [], "E002"),
        (PLAN, [REAL[0], replace(REAL[1], role=REAL[0].role)], "E003"),
        (PLAN, [REAL[0], replace(REAL[1], public=REAL[0].public)], "E003"),
        (PLAN, [REAL[0], KEYS["escrow"].public], "E004"),
        ({"S": ("a", "b"), "T": ("a",)}, REAL, "E005"),
        ({"S" * 80: ("a" * 100,)}, REAL, "E006"),
    ],
)
def test_what_cannot_be_sealed_is_said(plan, recipients, identity):
    with pytest.raises(SealError) as error:
        seal("trial", plan, recipients, operating_system)
    assert error.value.problem.id == f"envelopes.{identity}"


def test_a_demo_key_seals_in_a_demonstration_only():
    assert LIST.demo
    with pytest.raises(SealError, match="demonstration"):
        seal("trial", PLAN, [key.public for key in KEYS.values()], operating_system)


# --- The formats are the published ones --------


def test_a_wrap_is_a_sealed_box_of_libsodium():
    key = KEYS["pharmacist"]
    wrapped = wrap(b"\x07" * 32, key.public, seeded(b"fresh"))
    assert nacl.public.SealedBox(nacl.public.PrivateKey(key.secret)).decrypt(wrapped) == b"\x07" * 32
    theirs = nacl.public.SealedBox(nacl.public.PublicKey(key.public.public)).encrypt(b"\x09" * 32)
    assert unwrap(theirs, key) == b"\x09" * 32
    assert len(theirs) == len(wrapped)


def test_a_share_of_another_length_is_no_share():
    key = KEYS["pharmacist"]
    assert unwrap(wrap(b"short", key.public, seeded(b"fresh")), key) is None


def test_locked_bytes_that_are_no_payload_are_refused():
    label = FIRST.label
    second, first = BY_LABEL[label].share, unwrap(FIRST.wraps["escrow"], KEYS["escrow"])
    bound = LIST.context.of(label)
    for inside in (b"", b"\0" * 256, b"null\x80".ljust(256, b"\0"), json.dumps({"slot": label}).encode() + b"\x80"):
        locked = lock(inside, data_key(first, second, bound), bound, seeded(b"n"))
        with pytest.raises(SealError) as error:
            opened(replace(FIRST, ciphertext=locked), role="escrow")
        assert error.value.problem.id == "envelopes.E012"


def test_a_lock_opens_with_its_key_and_context_only():
    key, other = b"k" * 32, b"K" * 32
    locked = lock(b"inside", key, b"here", seeded(b"n"))
    assert unlock(locked, key, b"here") == b"inside"
    assert unlock(locked, other, b"here") is None
    assert unlock(locked, key, b"there") is None
    assert b"inside" not in locked

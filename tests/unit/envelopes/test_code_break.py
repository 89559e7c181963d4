"""The emergency: card and release together open exactly one envelope; each alone, and a dump alone, opens nothing."""

from dataclasses import replace
from itertools import product

import pytest

from equipoise.envelopes import SealError, new_key, open_broken, seal, seal_with_cards
from equipoise.envelopes.boxes import break_key, unlock
from equipoise.randomisation import seeded

KEY = new_key("pharmacist", seeded(b"key"), demo=True)
PLAN = {"PUMCH": ("a", "placebo", "a"), "RJH": ("placebo", "a", "placebo")}
TWIN = {site: tuple({"a": "placebo", "placebo": "a"}[arm] for arm in arms) for site, arms in PLAN.items()}


def sealed(plan=PLAN, seed=b"list"):
    return seal_with_cards("trial", plan, [KEY.public], seeded(seed), demo=True)


LIST, LOCKS, CARDS = sealed()
RELEASE = {lock.label: lock.release for lock in LOCKS}
CARD = {card.label: card.secret for card in CARDS}


def opens(card, release, listed=LIST):
    try:
        return open_broken(listed, card, release)
    except SealError as error:
        return error


def test_card_and_release_open_the_one_envelope_they_belong_to():
    opened = {
        (card, release): found.slot
        for card, release in product(CARD, RELEASE)
        if not isinstance(found := opens(CARD[card], RELEASE[release]), SealError)
    }
    assert opened == {(label, label): label for label in CARD}


def test_what_they_open_is_what_was_drawn():
    for lock in LOCKS:
        payload = opens(CARD[lock.label], lock.release)
        assert payload.arm == PLAN[lock.stratum][lock.position - 1]


@pytest.mark.parametrize("guess", [b"", bytes(16), bytes(32), KEY.secret], ids=["none", "zeros", "long", "a key"])
def test_one_half_and_a_guess_open_nothing(guess):
    for label in CARD:
        for card, release in ((CARD[label], guess), (guess, RELEASE[label]), (guess, guess)):
            assert opens(card, release).problem.id == "envelopes.E018"


def test_a_card_with_a_private_key_or_a_second_lock_opens_nothing():
    for lock in LOCKS:
        for other in (lock.share[:16], lock.share[16:], KEY.secret[:16]):
            assert opens(CARD[lock.label], other).problem.id == "envelopes.E018"


def test_every_bit_of_both_halves_counts():
    label = LOCKS[0].label
    for bit in range(128):
        flip = 1 << bit
        wrong = (int.from_bytes(CARD[label], "big") ^ flip).to_bytes(16, "big")
        assert isinstance(opens(wrong, RELEASE[label]), SealError)
        wrong = (int.from_bytes(RELEASE[label], "big") ^ flip).to_bytes(16, "big")
        assert isinstance(opens(CARD[label], wrong), SealError)


def changed(label, **change):
    return replace(LIST, slots=tuple(replace(s, **change) if s.label == label else s for s in LIST.slots))


def test_an_altered_envelope_is_refused_and_named():
    slot, other = LIST.slots[:2]
    bent = bytes([slot.ciphertext[0] ^ 1, *slot.ciphertext[1:]])
    for change in ({"ciphertext": bent}, {"ciphertext": other.ciphertext}, {"proof": other.proof}):
        error = opens(CARD[slot.label], RELEASE[slot.label], changed(slot.label, **change))
        assert (error.problem.id, error.slot) in {("envelopes.E012", slot.label), ("envelopes.E013", slot.label)}


def test_a_code_break_does_not_open_under_another_label_or_in_another_list():
    slot, other = LIST.slots[:2]
    moved = changed(other.label, code_break=slot.code_break)
    bound = LIST.context.of_break(other.label)
    assert unlock(slot.code_break, break_key(CARD[slot.label], RELEASE[slot.label], bound), bound) is None
    assert opens(CARD[slot.label], RELEASE[slot.label], moved).slot == slot.label
    for change in ({"version": "2"}, {"study": "other"}, {"demo": False}):
        assert opens(CARD[slot.label], RELEASE[slot.label], replace(LIST, **change)).problem.id == "envelopes.E018"


# --- Nothing of it depends on the arm -----------------------------------------------------------------------------


def test_with_the_arms_exchanged_cards_and_releases_and_wrapped_keys_are_the_same():
    twin, locks, cards = sealed(TWIN)
    assert (locks, cards) == (LOCKS, CARDS)
    assert [slot.code_break for slot in twin.slots] == [slot.code_break for slot in LIST.slots]


def test_every_code_break_has_one_size():
    assert {len(slot.code_break) for slot in LIST.slots} == {24 + 32 + 16}


def test_sealing_with_and_without_cards_gives_the_same_list():
    assert seal("trial", PLAN, [KEY.public], seeded(b"list"), demo=True) == (LIST, LOCKS)


def test_the_halves_are_not_shown_when_printed():
    assert repr(CARDS[0].secret) not in repr(CARDS[0])
    assert repr(LOCKS[0].release) not in repr(LOCKS[0])

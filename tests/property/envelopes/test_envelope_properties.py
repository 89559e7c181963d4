"""What holds for every plan, every set of recipients and every change of a bit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.envelopes import (
    SealError,
    new_key,
    open_list,
    open_slot,
    read_list,
    read_locks,
    seal,
    write_list,
    write_locks,
)
from equipoise.envelopes.payload import read_padded
from equipoise.randomisation import seeded

names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@st.composite
def plans(draw):
    length = draw(st.integers(1, 6))
    arms = st.lists(names, min_size=length, max_size=length).map(tuple)
    return draw(st.dictionaries(names, arms, min_size=1, max_size=3))


@settings(max_examples=60, deadline=None)  # many boxes, on a machine that may be busy
@given(plans(), st.integers(1, 4), st.binary(min_size=1, max_size=8), names)
def test_what_is_sealed_comes_out_again(plan, recipients, seed, study):
    keys = [new_key(f"role{number}", seeded(seed, "key", str(number)), demo=True) for number in range(recipients)]
    sealed, locks = seal(study, plan, [key.public for key in keys], seeded(seed, "list"), demo=True)
    assert {(lock.stratum, lock.position) for lock in locks} == {
        (stratum, position) for stratum, arms in plan.items() for position in range(1, len(arms) + 1)
    }
    expected = {lock.label: plan[lock.stratum][lock.position - 1] for lock in locks}
    again = read_list(write_list(sealed))
    study_again, locks_again = read_locks(write_locks(study, locks))
    assert study_again == study
    for key in keys:
        assert open_list(again, locks_again, key) == expected


KEY = new_key("pharmacist", seeded(b"key"), demo=True)
LIST, LOCKS = seal("trial", {"S": ("a", "b", "a", "b")}, [KEY.public], seeded(b"list"), demo=True)


@given(st.integers(0, 3), st.sampled_from(["ciphertext", "wrap", "share"]), st.data())
def test_one_changed_bit_is_found_and_named(index, part, data):
    slot, share = LIST.slots[index], LOCKS[index].share
    whole = {"ciphertext": slot.ciphertext, "wrap": slot.wraps["pharmacist"], "share": share}[part]
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    if part == "ciphertext":
        slot = replace(slot, ciphertext=bytes(changed))
    elif part == "wrap":
        slot = replace(slot, wraps={"pharmacist": bytes(changed)})
    else:
        share = bytes(changed)
    with pytest.raises(SealError) as error:
        open_slot(LIST.context, slot, share, KEY)
    assert error.value.slot == slot.label


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(file):
    for read in (read_list, read_locks):
        assert read(file).id == "envelopes.E022"
    assert read_padded(file) is None

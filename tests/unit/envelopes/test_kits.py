"""Kits are numbered from one pool and sealed like slots; no file alone says anything; only the published arrives."""

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.envelopes import (
    PackedLot,
    SealError,
    hold_kits,
    kit_number,
    new_key,
    open_list,
    read_archive,
    read_kit_number,
    read_list,
    read_locks,
    receive_kits,
    receive_locks,
)
from equipoise.envelopes.labels import ALPHABET
from equipoise.randomisation import seeded
from equipoise.randomisation.kits import choose_kit, draw_packs

KEY, PACKER, OTHER = (new_key(name, seeded(name.encode()), demo=True) for name in ("pharmacist", "packer", "other"))
DRAWN = draw_packs({"high": 2, "low": 1, "placebo": 1}, 8, 5, seeded(b"packs"))


def held(contents=DRAWN, lot="L1", study="tablets", seed=b"kits"):
    return hold_kits(
        lot, contents, [KEY.public], [PACKER.public], seeded(seed), study=study, expiry=date(2028, 1, 31),
        depot="central", protocol="p" * 64, demo=True,
    )  # fmt: skip


HELD = held()
PLACES = ("web-host/kits-L1.json", "web-host/packs-L1.json", "allocator/kit-locks-L1.json", "publish/kits-L1.txt")
LISTED, PACKS, LOCKS, TEXT = (HELD.files[name] for name in PLACES)
PUBLISHED = re.sub(r"(protocol +sha256 ).*", r"\g<1>" + "a" * 64, TEXT.decode())


def arrived(listed=LISTED, packs=PACKS, text=PUBLISHED, **more):
    return receive_kits(listed, packs, text, **{"study": "tablets", "protocol": "a" * 64, "demo": True, **more})


def test_each_kit_opens_to_the_arm_that_the_packing_list_says():
    opened = open_list(read_list(LISTED), read_locks(LOCKS)[1], KEY)
    about, files = read_archive(HELD.files["packer/packing-list.sealed"], PACKER)
    rows = list(csv.DictReader(io.StringIO(files["packing-list.csv"].decode())))
    assert about == "packing list of lot L1"
    assert {row["kit"]: row["arm"] for row in rows} == opened
    assert [row["kit"] for row in rows if row["pack"] == rows[0]["pack"]] == list(HELD.lot.packs[rows[0]["pack"]])
    by_pack = sorted(sorted(opened[kit] for kit in kits) for kits in HELD.lot.packs.values())
    assert by_pack == [sorted(["high"] * 4 + ["low"] * 2 + ["placebo"] * 2)] * 5


def test_the_packing_list_is_for_the_packer_alone():
    assert read_archive(HELD.files["packer/packing-list.sealed"], OTHER).id == "envelopes.E060"


def test_numbers_are_of_one_pool_in_no_order_and_each_has_its_check():
    numbers = [kit for kits in HELD.lot.packs.values() for kit in kits]
    assert len({*numbers, *HELD.lot.packs}) == 45
    assert all(read_kit_number(number) == number for number in numbers)
    assert [slot.label for slot in read_list(LISTED).slots] == sorted(numbers)
    listed = json.loads(PACKS)["packs"]
    assert list(listed) == sorted(listed)
    assert all(kits == sorted(kits) for kits in listed.values())


def test_neither_size_nor_order_depends_on_the_arms():
    other = {"high": "placebo", "low": "high", "placebo": "low"}
    exchanged = held([[other[arm] for arm in pack] for pack in DRAWN])
    assert {name: len(file) for name, file in exchanged.files.items()} == {n: len(f) for n, f in HELD.files.items()}
    assert exchanged.lot == HELD.lot
    assert exchanged.files["allocator/kit-locks-L1.json"] == LOCKS


@given(st.text(ALPHABET, min_size=8, max_size=8), st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(label, place, sign):
    number = kit_number(label)
    wrong = number[:place] + sign + number[place + 1 :]
    assert read_kit_number(wrong) == (number if wrong == number else None)
    assert read_kit_number(number.lower()) == number
    assert read_kit_number(f" {number[:3]}-{number[3:6]} {number[6:]}") == number


@pytest.mark.parametrize("typed", ["", "ABCDEFGH", "ABCDEFGHJK", "ÄBCDEFGHJ"])
def test_what_is_no_number_is_none(typed):
    assert read_kit_number(typed) is None


def test_what_was_published_is_received():
    sealed, lot = arrived()
    assert (sealed, lot) == (read_list(LISTED), HELD.lot)
    assert lot == PackedLot("tablets", "L1", date(2028, 1, 31), "central", lot.packs)
    assert receive_locks(LOCKS, PUBLISHED, study="tablets/kits/L1", protocol="a" * 64) == read_locks(LOCKS)[1]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"packs": b"{}"}, "envelopes.E022"),
        ({"packs": PACKS.replace(b"2028-01-31", b"2029-01-31")}, "envelopes.E091"),
        ({"packs": PACKS.replace(b'"L1"', b'"L2"')}, "envelopes.E073"),
        ({"study": "other"}, "envelopes.E073"),
        ({"text": re.sub("packs.*", "", PUBLISHED)}, "envelopes.E091"),
        ({"listed": LISTED + b" "}, "envelopes.E071"),
        ({"protocol": "b" * 64}, "envelopes.E070"),
        ({"demo": False}, "envelopes.E074"),
    ],
)
def test_what_was_not_published_is_not_kept(changed, fault):
    assert arrived(**changed).id == fault


def test_packs_of_another_study_do_not_pass():
    packs = PACKS.replace(b'"tablets"', b'"tableta"')
    assert arrived(packs=packs).id == "envelopes.E091"


def test_a_name_that_is_too_long_is_not_sealed():
    with pytest.raises(SealError) as error:
        held(study="s" * 60)
    assert error.value.problem.id == "envelopes.E090"


# --- Drawing packs, and choosing a kit --------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 4), st.binary(min_size=1))
def test_every_pack_holds_the_ratio(times, packs, seed):
    drawn = draw_packs({"a": 2, "b": 1}, 3 * times, packs, seeded(seed))
    assert [(pack.count("a"), pack.count("b")) for pack in drawn] == [(2 * times, times)] * packs


@pytest.mark.parametrize("size", [0, 4, 5])
def test_a_pack_that_does_not_hold_the_ratio_is_not_drawn(size):
    with pytest.raises(ValueError, match="ratio"):
        draw_packs({"a": 2, "b": 1}, size, 1, seeded(b"s"))


AT_HAND = st.dictionaries(
    st.sampled_from("PQRS"), st.sets(st.integers(0, 9), max_size=8), max_size=4
).map(lambda packs: {pack: [f"{pack}{number}" for number in kits] for pack, kits in packs.items()})  # fmt: skip


@given(AT_HAND, st.sets(st.integers(0, 9)), st.integers(0, 4), st.binary(min_size=1))
def test_a_kit_is_chosen_whenever_there_is_one_of_the_arm(at_hand, mine, reserve, seed):
    of_arm = {f"{pack}{number}" for pack in at_hand for number in mine}
    there = {kit for kits in at_hand.values() for kit in kits} & of_arm
    chosen = choose_kit(at_hand, of_arm, reserve, seeded(seed))
    assert chosen in there if there else chosen is None


def test_a_pack_is_drawn_in_proportion_to_what_is_left_over_all_arms_above_its_reserve():
    """The share of the arm in a pack does not count: 9 to 3 above a reserve of 1, whatever is in them."""
    at_hand = {"P": [f"P{n}" for n in range(10)], "Q": [f"Q{n}" for n in range(4)], "R": ["R0"]}
    for of_arm in ({"P0", "Q0", "Q1", "Q2", "R0"}, {f"P{n}" for n in range(10)} | {"Q0", "R0"}):
        source, times = seeded(b"proportion"), 4000
        packs = [choose_kit(at_hand, of_arm, 1, source)[0] for _ in range(times)]
        assert abs(packs.count("P") / times - 0.75) < 4 * (0.75 * 0.25 / times) ** 0.5
        assert packs.count("R") == 0

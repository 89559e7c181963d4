"""The pharmacy's register: sealed for its readers, bound to its place, of one size, chained."""

import json
from dataclasses import replace

import pytest

from equipoise.envelopes import (
    Place,
    Row,
    SealedRecord,
    broken_record,
    hash_of,
    new_key,
    open_entry,
    read_record,
    read_register,
    seal_entry,
    write_register,
)
from equipoise.envelopes.boxes import SHARE_BYTES, lock, wrap
from equipoise.items import Problem
from equipoise.randomisation import operating_system, seeded

KEYS = {name: new_key(name, seeded(b"register", name), demo=True) for name in ("pharmacist", "monitor", "escrow")}
READERS = [key.public for key in KEYS.values()]
PLACE = Place("trial", "01", "0" * 32, "ABC-DEF")
CONTENT = {"kind": "preparation", "day": "2026-03-01", "remark": "贝利尤单抗"}
SEALED = seal_entry(CONTENT, PLACE, READERS, operating_system)


def row(number, previous):
    place = replace(PLACE, record=f"{number:032x}", bag="")
    sealed = seal_entry(CONTENT, place, READERS, operating_system)
    at = f"2026-03-01T09:0{number}:00+00:00"
    return Row(place, number, at, "p", "r", sealed, previous, hash_of(place, number, at, "p", "r", sealed, previous))


FIRST = row(1, "")
SECOND = row(2, FIRST.hash)


@pytest.mark.parametrize("reader", KEYS)
def test_every_reader_opens_a_record(reader):
    assert open_entry(SEALED, PLACE, KEYS[reader]) == CONTENT


def test_somebody_else_does_not():
    stranger = new_key("pharmacist", operating_system, demo=True)
    other = new_key("nurse", operating_system, demo=True)
    assert open_entry(SEALED, PLACE, stranger).id == open_entry(SEALED, PLACE, other).id == "envelopes.E121"


@pytest.mark.parametrize("change", [{"study": "x"}, {"site": "02"}, {"record": "1" * 32}, {"bag": ""}])
def test_a_record_opens_in_its_own_place_only(change):
    assert open_entry(SEALED, replace(PLACE, **change), KEYS["monitor"]).id == "envelopes.E122"


def test_a_changed_bit_is_seen():
    altered = replace(SEALED, box=SEALED.box[:-1] + bytes([SEALED.box[-1] ^ 1]))
    assert open_entry(altered, PLACE, KEYS["monitor"]).id == "envelopes.E122"


@pytest.mark.parametrize("inside", [b"no JSON", b"[1]", b"[" * 4000])
def test_what_holds_no_record_is_none(inside):
    key = operating_system(SHARE_BYTES)
    wraps = {"monitor": wrap(key, KEYS["monitor"].public, operating_system)}
    sealed = SealedRecord(lock(inside, key, PLACE.bound(), operating_system), wraps)
    assert open_entry(sealed, PLACE, KEYS["monitor"]).id == "envelopes.E122"


def test_a_record_has_one_size_whatever_it_says():
    sizes = {len(seal_entry({"remark": "x" * n}, PLACE, READERS, operating_system).box) for n in (0, 1, 4000)}
    assert sizes == {24 + 4096 + 16}


def test_what_does_not_fit_is_said():
    problem = seal_entry({"remark": "x" * 4090}, PLACE, READERS, operating_system)
    assert isinstance(problem, Problem)
    assert problem.id == "envelopes.E120"


def test_a_record_that_is_sent_has_its_size_and_its_readers():
    assert read_record(SEALED.json(), KEYS) == SEALED
    sent = SEALED.json()
    short = {**sent, "box": sent["box"][:-8]}
    fewer = {**sent, "wraps": {name: each for name, each in sent["wraps"].items() if name != "escrow"}}
    long = {**sent, "wraps": {**sent["wraps"], "escrow": sent["wraps"]["escrow"] + "AAAA"}}
    for wrong in (short, fewer, long, {}, None, [], {"box": 1, "wraps": {}}, {"box": "", "wraps": {"a": "!"}}):
        assert read_record(wrong, KEYS).id == "envelopes.E123"


def said(*rows):
    found = broken_record(rows)
    return (found.id, found.where) if found else None


def test_rows_left_out_altered_or_moved_are_named():
    assert said(FIRST, SECOND) is None
    assert said() is None
    assert said(SECOND) == said(SECOND, FIRST) == ("envelopes.E124", "trial 01 record 1")
    for change in ({"by": "x"}, {"at": "2026"}, {"role": "x"}, {"sealed": SEALED}, {"hash": "0"}, {"previous": "x"}):
        assert said(replace(FIRST, **change), SECOND) == ("envelopes.E122", "trial 01 record 1"), change
    assert said(replace(FIRST, place=PLACE), SECOND)[0] == "envelopes.E122"
    assert said(FIRST, replace(SECOND, by="x")) == ("envelopes.E122", "trial 01 record 2")


def test_a_chain_made_again_from_the_middle_is_seen_where_it_was_cut():
    """The second row as if another had stood before it: its own hash fits, the chain does not."""
    other = hash_of(SECOND.place, 2, SECOND.at, SECOND.by, SECOND.role, SECOND.sealed, "0" * 64)
    assert said(FIRST, replace(SECOND, previous="0" * 64, hash=other)) == ("envelopes.E125", "trial 01 record 2")


def test_a_register_comes_back_from_its_file():
    file = write_register("trial", "01", [FIRST, SECOND])
    assert read_register(file) == (FIRST, SECOND)
    for wrong in (b"", b"{}", json.dumps({**json.loads(file), "rows": [{}]}).encode()):
        assert read_register(wrong).id == "envelopes.E022"

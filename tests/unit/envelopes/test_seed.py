"""The sealed seed and the records of its draws: who opens them, what is published of them, what is found altered."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from equipoise.envelopes import (
    COMMITMENT,
    SECOND_LOCKS,
    SealedSeed,
    SealError,
    Seed,
    hold,
    new_key,
    open_record,
    open_seed,
    read_locks,
    read_seed,
    receive_locks,
    receive_seed,
    seal_record,
    seal_seed,
    seed_digest,
)
from equipoise.randomisation import seeded

KEEPER, OTHER, ESCROW = (new_key(role, seeded(role.encode()), demo=True) for role in ("keeper", "other", "escrow"))
PHARMACIST = new_key("pharmacist", seeded(b"p"), demo=True)
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name).public for name in "ABC"]
CONTENT = b'{"seed":"00"}'
SEED = Seed(CONTENT, 2, (KEEPER.public,))
SEALED = seal_seed("trial", SEED, ESCROW.public, seeded(b"seal"), demo=True)
ENTROPY = bytes(range(32))


def ceremony(seed=SEED):
    plan = {"all": ("a", "b", "b", "a")}
    files = hold(
        "trial", plan, [PHARMACIST.public], HOLDERS, seeded(b"c"), protocol="f" * 64, seed=seed, demo=True
    ).files
    return files[f"allocator/{SECOND_LOCKS}"], files[f"publish/{COMMITMENT}"].decode()


# --- The seed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [KEEPER, ESCROW])
def test_a_keeper_and_the_escrow_key_open_it(key):
    assert open_seed(SEALED, key) == CONTENT


def test_nobody_else_opens_it():
    assert open_seed(SEALED, OTHER).id == "envelopes.E060"
    assert open_seed(SEALED, replace(OTHER, role="keeper")).id == "envelopes.E060"


def test_another_seed_than_was_published_is_found():
    another = seal_seed("trial", replace(SEED, content=b"another"), ESCROW.public, seeded(b"x"), demo=True)
    assert open_seed(replace(another, digest=SEALED.digest), KEEPER).id == "envelopes.E080"
    assert open_seed(replace(SEALED, file=SEALED.file[:-1] + b"x"), KEEPER).id == "envelopes.E061"


def test_its_size_does_not_depend_on_what_is_inside():
    other = seal_seed("trial", replace(SEED, content=CONTENT * 20), ESCROW.public, seeded(b"y"), demo=True)
    assert len(other.file) == len(SEALED.file)
    assert CONTENT.hex() not in repr(SEED) + repr(SEALED)


def test_without_a_keeper_and_with_a_demonstration_s_key_nothing_is_sealed():
    with pytest.raises(SealError) as nobody:
        seal_seed("trial", replace(SEED, keepers=()), ESCROW.public, seeded(b"z"), demo=True)
    assert nobody.value.problem.id == "envelopes.E082"
    with pytest.raises(SealError) as shown:
        seal_seed("trial", SEED, ESCROW.public, seeded(b"z"))
    assert shown.value.problem.id == "envelopes.E004"


# --- In the ceremony and at the server -------------------------------------------------------------------------------


def test_it_lies_with_the_second_locks_and_its_digest_is_published():
    locks, text = ceremony()
    found = read_seed(locks)
    assert isinstance(found, SealedSeed)
    assert (found.digest, found.choices, open_seed(found, KEEPER)) == (seed_digest(CONTENT), 2, CONTENT)
    assert f"seed         sha256 {seed_digest(CONTENT)}\n" in text
    assert receive_seed(locks, text) == found
    assert len(receive_locks(locks, text, study="trial", protocol="f" * 64)) == len(read_locks(locks)[1]) == 4


def test_a_list_has_none_and_its_text_is_as_before():
    locks, text = ceremony(None)
    assert read_seed(locks) is receive_seed(locks, text) is None
    assert "seed" not in text
    assert "\n\n\n" not in text + ceremony()[1]


def test_a_text_that_names_another_seed_is_refused():
    locks, text = ceremony()
    assert receive_seed(locks, text.replace(seed_digest(CONTENT), "0" * 64)).id == "envelopes.E081"
    assert receive_seed(locks, ceremony(None)[1]).id == "envelopes.E081"


@pytest.mark.parametrize("seed", [7, {}, {"file": "?", "digest": "", "choices": 2}, {"file": "", "digest": ""}])
def test_a_seed_that_cannot_be_read_is_a_problem(seed):
    read = json.loads(ceremony()[0])
    assert receive_seed(json.dumps(read | {"seed": seed}).encode(), "").id == "envelopes.E022"
    assert b64encode(b64decode(read["seed"]["file"])).decode() == read["seed"]["file"]


# --- The records -----------------------------------------------------------------------------------------------------


def test_a_record_is_of_one_size_and_bound_to_its_draw():
    records = [seal_record(text, ENTROPY, b"draw 1", seeded(text)) for text in (b'{"arm":"a"}', b'{"arm":"placebo"}')]
    assert len({len(record) for record in records}) == 1
    assert open_record(records[1], ENTROPY, b"draw 1") == b'{"arm":"placebo"}'
    for seed, context in ((ENTROPY[::-1], b"draw 1"), (ENTROPY, b"draw 2")):
        assert open_record(records[0], seed, context) is None
    assert open_record(records[0][:-1] + b"!", ENTROPY, b"draw 1") is None
    assert open_record(b"short", ENTROPY, b"draw 1") is None


def test_a_record_that_is_too_long_is_an_error_of_programming():
    with pytest.raises(ValueError, match="513"):
        seal_record(b"x" * 513, ENTROPY, b"", seeded(b"r"))

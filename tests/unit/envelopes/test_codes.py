"""Codes that people type: what is written is read, a slip is found, and one kind is never taken for another."""

import pytest

from equipoise.envelopes import Code, read_code, read_lock_code, slip_in, write_code, write_lock_code
from equipoise.envelopes.labels import ALPHABET
from equipoise.randomisation import seeded

SECRET = seeded(b"code")(16)
CODE = write_code(Code.CARD, SECRET)


def plain(code):
    return code.replace("-", "")


def test_a_code_is_six_groups_of_five_and_comes_back():
    assert [len(group) for group in CODE.split("-")] == [5] * 6
    for kind in Code:
        assert read_code(write_code(kind, SECRET), kind) == SECRET
    assert len({write_code(kind, SECRET) for kind in Code}) == 4


@pytest.mark.parametrize(
    "typed",
    [CODE.lower(), f"{CODE}\n", CODE.replace("-", " "), plain(CODE), f" {CODE} ", f"EQUIPOISE:7K3MQ9TX:{CODE}"],
    ids=["small", "line end", "spaces", "no hyphens", "blanks around", "scanned"],
)
def test_a_code_is_read_as_a_person_or_a_scanner_gives_it(typed):
    assert read_code(typed, Code.CARD) == SECRET


def test_letters_that_look_like_digits_are_forgiven():
    code = write_code(Code.CARD, bytes(16))
    assert code.startswith("00000")
    assert read_code(code.replace("0", "O"), Code.CARD) == bytes(16)


@pytest.mark.parametrize("typed", ["", "7K3MQ", CODE + "0"])
def test_what_is_no_code_is_said(typed):
    assert read_code(typed, Code.CARD).id == "envelopes.E030"


@pytest.mark.parametrize("place", [1, 5, 6, 30])
@pytest.mark.parametrize("sign", ["U", "é", "*", ""])
def test_the_place_of_one_wrong_character_is_named_and_nothing_is_corrected(place, sign):
    right = plain(CODE)[place - 1]
    wrong = sign or next(each for each in ALPHABET if each != right)
    typed = plain(CODE)[: place - 1] + wrong + plain(CODE)[place:]
    found = read_code(f"EQUIPOISE:7K3MQ9TX:{typed}", Code.CARD)
    assert (found.id, found.params) == (
        "envelopes.E033",
        {"group": str((place - 1) // 5 + 1), "character": str((place - 1) % 5 + 1)},
    )


def test_a_code_without_a_slip_has_no_place_to_name():
    assert (slip_in(CODE), slip_in("short")) == (None, None)


def test_a_code_of_another_kind_is_said():
    assert read_code(CODE, Code.RELEASE).id == "envelopes.E032"


def test_a_code_holds_sixteen_bytes():
    with pytest.raises(ValueError, match="16"):
        write_code(Code.CARD, b"short")


def test_the_second_lock_is_two_codes_in_their_order():
    share = seeded(b"share")(32)
    written = write_lock_code(share)
    assert read_lock_code(written) == share
    first, second = written.split(" ")
    assert read_lock_code(f"{second} {first}").id == "envelopes.E032"
    assert read_lock_code(first).id == "envelopes.E030"
    assert read_lock_code(f"{first} {second[:-1]}").id == "envelopes.E030"


# --- The checksum is the Reed-Solomon code the module says it is -------------------------------------------------


def times(a, b):
    """GF(32) from its definition: multiply the polynomials over GF(2), then reduce by x⁵ + x² + 1."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << bit - 5
    return product


def value_at(word, point):
    value = 0
    for each in word:
        value = times(value, point) ^ each
    return value


@pytest.mark.parametrize("seed", range(20))
def test_every_code_word_vanishes_at_four_powers_of_the_root(seed):
    word = [ALPHABET.index(each) for each in plain(write_code(Code(seed % 4), seeded(str(seed).encode())(16)))]
    point = 1
    for _ in range(4):
        point = times(point, 2)
        assert value_at(word, point) == 0
    assert value_at([word[0] ^ 1, *word[1:]], 2) != 0

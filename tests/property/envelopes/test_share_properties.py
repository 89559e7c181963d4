"""What holds for every key, every line and every slip of the pen."""

import json
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise.envelopes import (
    ESCROW,
    Code,
    PrivateKey,
    escrow_files,
    holder_of,
    new_key,
    read_code,
    read_copy,
    read_heading,
    read_share,
    slip_in,
    write_code,
)
from equipoise.envelopes.labels import ALPHABET
from equipoise.envelopes.shares import ORDER, join, lies_on_line, split
from equipoise.items.problem import Problem
from equipoise.randomisation import seeded

KEY = new_key(ESCROW, seeded(b"escrow"), demo=True)
HOLDERS = [new_key("holder", seeded(b"holder", name), demo=True, holder=name) for name in "ABC"]

secrets = st.binary(min_size=32, max_size=32)
scalars = st.integers(1, ORDER - 1)


def number(secret):
    """RFC 7748's decoding of an X25519 private key, bit by bit."""
    octets = bytearray(secret)
    octets[0] &= 248
    octets[31] = octets[31] & 127 | 64
    return int.from_bytes(octets, "little")


def line(secret, slope):
    return split(secret, lambda _: slope.to_bytes(32, "little"))


@given(secrets, scalars)
def test_any_two_of_three_shares_give_the_key_and_each_can_be_checked(secret, slope):
    shares, public = line(secret, slope), PrivateKey("escrow", secret).public.public
    for two in combinations(shares, 2):
        assert int.from_bytes(join(two), "little") == number(secret)
        assert join(two[::-1]) == join(two)
    assert all(lies_on_line(share, public) for share in shares)


@given(secrets, scalars, secrets, st.integers(0, 2))
def test_one_share_agrees_with_every_key_in_exactly_one_way(secret, slope, other, index):
    """The slope is drawn evenly, and for each key one slope gives this share: the share says nothing of the key."""
    seen = line(secret, slope)[index].value
    needed = (int.from_bytes(seen, "little") - number(other)) * pow(index + 1, -1, ORDER) % ORDER
    assume(needed)
    assert line(other, needed)[index].value == seen
    assert needed == slope or number(other) % ORDER != number(secret) % ORDER


@given(st.sampled_from(Code), st.binary(min_size=16, max_size=16), st.data())
def test_up_to_four_mistyped_characters_are_caught(kind, secret, data):
    code = write_code(kind, secret).replace("-", "")
    places = data.draw(st.lists(st.integers(0, 29), min_size=1, max_size=4, unique=True))
    typed = list(code)
    for place in places:
        typed[place] = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    found = read_code("".join(typed), kind)
    named = slip_in("".join(typed))
    assert found.id == ("envelopes.E031" if named is None else "envelopes.E033")
    if len(places) < 4:  # one is named; two and three are never taken for one, since codes differ in five places
        assert named == (places[0] + 1 if len(places) == 1 else None)


@given(st.sampled_from(Code), st.binary(min_size=16, max_size=16), st.data())
def test_two_exchanged_characters_are_caught(kind, secret, data):
    code = write_code(kind, secret).replace("-", "")
    one, other = sorted(data.draw(st.lists(st.integers(0, 29), min_size=2, max_size=2, unique=True)))
    assume(code[one] != code[other])
    swapped = code[:one] + code[other] + code[one + 1 : other] + code[one] + code[other + 1 :]
    assert read_code(swapped, kind).id == "envelopes.E031"


@settings(max_examples=30)
@given(st.text(max_size=80), st.sampled_from(Code))
def test_no_text_breaks_the_reader(typed, kind):
    found = read_code(typed, kind)
    assert isinstance(found, bytes) or found.id.startswith("envelopes.E03")


@given(st.text(max_size=20), st.text(max_size=20), secrets)
def test_a_fingerprint_says_role_holder_and_key(role, holder, secret):
    one = new_key(role, lambda _: secret, holder=holder).public
    assert len(one.fingerprint.split("-")) == 5
    for other in (
        new_key(role + "x", lambda _: secret, holder=holder),
        new_key(role, lambda _: secret, holder=holder + "x"),
        new_key(role, lambda _: secret, holder=holder, demo=True),
        new_key(role, lambda _: bytes(31) + b"\x01", holder=holder),
    ):
        assume(other.public != one)
        assert other.public.fingerprint != one.fingerprint


FILES = escrow_files("trial", KEY, [key.public for key in HOLDERS], seeded(b"files"), locks=b"locks", demo=True)
JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_readers(file):
    for read in (read_share, read_copy):
        assert read(file, KEY).id == "envelopes.E022"
    assert read_heading(file).id == "envelopes.E020"
    assert holder_of(file) == ""


@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_field_of_another_type_breaks_the_readers(name, data):
    fields = json.loads(FILES[name])
    fields[data.draw(st.sampled_from(sorted(set(fields) - {"study", "holder"})))] = data.draw(JUNK)
    file = json.dumps(fields).encode()
    assume(fields != json.loads(FILES[name]))
    for read, key in ((read_share, HOLDERS[0]), (read_copy, KEY)):
        assert isinstance(read(file, key), Problem)

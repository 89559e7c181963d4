"""A sealed archive: who is named reads it, nobody else, and its size is the same whatever is in it."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.envelopes import SealError, archive, new_key, read_archive, seal_archive
from equipoise.envelopes.boxes import lock, wrap
from equipoise.items import Problem
from equipoise.randomisation import seeded

CHAIR, MEMBER, STRANGER = (new_key("member", seeded(b"k", name), demo=True, holder=name) for name in "CMS")
FILES = {"closed.html": "高剂量".encode(), "figures/flow.svg": b"\x00\xff" * 40, "empty": b""}


def sealed(files=FILES, to=(CHAIR, MEMBER), least=4096, seed=b"random", **more):
    recipients = [key.public for key in to]
    return seal_archive("trial", "interim_1", files, recipients, seeded(seed), least=least, demo=True, **more)


def test_each_recipient_opens_it_alone_and_nobody_else():
    for key in (CHAIR, MEMBER):
        assert read_archive(sealed(), key) == ("interim_1", FILES)
    refused = read_archive(sealed(), STRANGER)
    assert (refused.id, refused.params["holder"]) == ("envelopes.E060", "member/S")


def test_a_key_under_the_name_of_another_opens_nothing():
    thief = new_key("member", seeded(b"thief"), demo=True, holder="C")
    assert read_archive(sealed(), thief).id == "envelopes.E060"


@given(st.dictionaries(st.text(max_size=9), st.binary(max_size=300), max_size=4))
def test_what_is_in_it_comes_out_and_the_size_is_always_the_same(files):
    made = sealed(files)
    assert read_archive(made, MEMBER) == ("interim_1", files)
    assert len(made) == len(sealed({"one": b"1"}))


def test_beyond_the_least_the_size_is_a_power_of_two():
    noise = {"noise": seeded(b"noise")(5000)}
    _, _, locked = sealed(noise).partition(b"\n")
    assert len(locked) - 40 == 8192  # a nonce of 24 bytes and a tag of 16
    assert read_archive(sealed(noise), CHAIR) == ("interim_1", noise)


@pytest.mark.parametrize("place", [0.1, 0.5, -2])
def test_a_changed_bit_is_found(place):
    made = bytearray(sealed())
    at = made.index(b"interim_1") if place == 0.1 else int(len(made) * place) if place > 0 else place
    made[at] ^= 1
    assert read_archive(bytes(made), CHAIR).id == "envelopes.E061"


@pytest.mark.parametrize(
    "file",
    [
        b"", b"no archive", b"[]\n", b'{"format":"another"}\n', b'{"format":"equipoise.sealed-archive.1"}\n',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_archive_is_said_so(file):
    assert read_archive(file, CHAIR).id == "envelopes.E022"


def by_hand(packed):
    """An archive as anybody can make it who has the public key."""
    key, random = b"k" * 32, seeded(b"hand")
    wraps = {CHAIR.recipient: archive.written(wrap(key, CHAIR.public, random))}
    heading = json.dumps({"format": archive.FORMAT, "about": "x", "recipients": wraps}).encode()
    return heading + b"\n" + lock(packed, key, heading, random)


@pytest.mark.parametrize("inside", [b"not compressed", zlib.compress(b"no json"), zlib.compress(b"[1]"), b""])
def test_what_was_not_packed_here_is_a_problem_and_no_crash(inside):
    assert read_archive(by_hand(inside + b"\x80"), CHAIR).id == "envelopes.E022"


def test_what_unpacks_to_more_than_the_most_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "_MOST", 50)
    assert isinstance(read_archive(sealed(), CHAIR), Problem)


@pytest.mark.parametrize(("to", "id_"), [((), "E002"), ((CHAIR, CHAIR), "E003")])
def test_recipients_that_cannot_be_are_refused(to, id_):
    with pytest.raises(SealError) as refused:
        sealed(to=to)
    assert refused.value.problem.id == f"envelopes.{id_}"


def test_a_demonstration_key_reads_nothing_real():
    with pytest.raises(SealError) as refused:
        seal_archive("trial", "x", FILES, [CHAIR.public], seeded(b"r"))
    assert refused.value.problem.id == "envelopes.E004"

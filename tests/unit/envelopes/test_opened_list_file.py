"""The file of an opened list: what `equipoise open` writes is read back, and anything else is refused with a reason."""

import json

import pytest

from equipoise.envelopes import commitment_of, new_key, open_payloads, read_opened, seal, write_opened
from equipoise.items import Problem
from equipoise.randomisation import seeded

KEY = new_key("pharmacist", seeded(b"key"), demo=True)
SEALED, LOCKS = seal(
    "trial", {"a": ("drug", "placebo"), "b": ("placebo", "drug")}, [KEY.public], seeded(b"seal"), demo=True
)
PAYLOADS = open_payloads(SEALED, LOCKS, KEY)
FILE = write_opened(SEALED, PAYLOADS)


def changed(**fields):
    return json.dumps({**json.loads(FILE), **fields}).encode()


def test_an_opened_list_comes_back_with_every_slot():
    read = read_opened(FILE)
    assert (read.study, read.version, read.commitment) == ("trial", SEALED.version, SEALED.commitment)
    assert read.payloads == PAYLOADS
    assert commitment_of(read.payloads) == SEALED.commitment


@pytest.mark.parametrize(
    "file",
    [
        b"", b"\xff", b"[]", changed(format="equipoise.sealed-list.2"), changed(slots=None), changed(slots=[{}]),
        changed(slots=[{**json.loads(FILE)["slots"][0], "salt": "no hex"}]),
        changed(slots=[{**json.loads(FILE)["slots"][0], "position": "first"}]),
    ],
    ids=["empty", "no text", "a list", "another file", "no slots", "an empty slot", "no salt", "no position"],
)  # fmt: skip
def test_anything_else_is_refused(file):
    assert isinstance(read_opened(file), Problem)

"""Keys, labels and files: what is written is read back, and anything else is refused with a reason."""

import json

import pytest

from equipoise.envelopes import (
    LIGHT,
    Effort,
    PrivateKey,
    RoleKey,
    check_passphrase,
    new_key,
    read_heading,
    read_label,
    read_list,
    read_locks,
    read_private_key,
    read_public_key,
    seal,
    write_list,
    write_locks,
    write_private_key,
    write_public_key,
)
from equipoise.envelopes.labels import ALPHABET, new_labels
from equipoise.items.problem import Problem
from equipoise.randomisation import operating_system, seeded

KEY = new_key("pharmacist", seeded(b"key"), demo=True)
QUICK = Effort(1, 8192)  # Argon2id's least: these tests are about the format
PASSPHRASE = "correct horse 电池"
FILE = write_private_key(KEY, PASSPHRASE, seeded(b"file"), QUICK)


def changed(**fields):
    return json.dumps({**json.loads(FILE), **fields}).encode()


def test_a_private_key_comes_back_with_its_passphrase_only():
    assert read_private_key(FILE, PASSPHRASE) == KEY
    assert read_private_key(FILE, PASSPHRASE + " ").id == "envelopes.E021"
    assert KEY.secret not in FILE
    assert KEY.secret.hex().encode() not in FILE


def test_the_usual_effort_is_written_into_the_file():
    assert read_private_key(write_private_key(KEY, PASSPHRASE, seeded(b"file"), LIGHT), PASSPHRASE) == KEY


@pytest.mark.parametrize(
    ("fields", "identity"),
    [
        ({"role": "escrow"}, "E021"),
        ({"demo": False}, "E021"),
        ({"public": "00" * 32}, "E021"),
        ({"passes": 2}, "E021"),
        ({"extra": 1}, "E021"),
        ({"secret": ""}, "E021"),
        ({"memory": 2**50}, "E020"),
        ({"passes": 10**9}, "E020"),
        ({"passes": 0}, "E020"),
        ({"format": "other"}, "E020"),
        ({"role": 1}, "E020"),
        ({"demo": "no"}, "E020"),
        ({"salt": "00"}, "E020"),
        ({"secret": "zz"}, "E020"),
        ({"secret": None}, "E020"),
    ],
    ids=str,
)
def test_an_altered_key_file_is_refused(fields, identity):
    problem = read_private_key(changed(**fields), PASSPHRASE)
    assert isinstance(problem, Problem)
    assert problem.id == f"envelopes.{identity}"


@pytest.mark.parametrize("file", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 5000])
def test_what_is_no_file_of_ours_is_refused(file):
    for read in (read_list, read_locks, read_public_key):
        assert read(file).id == "envelopes.E022"
    assert read_private_key(file, PASSPHRASE).id == "envelopes.E020"


def test_a_short_passphrase_is_for_demonstrations():
    real = new_key("pharmacist", operating_system)
    with pytest.raises(ValueError, match="passphrase"):
        write_private_key(real, "short", operating_system, QUICK)
    assert read_private_key(write_private_key(KEY, "short", operating_system, QUICK), "short") == KEY


def test_the_length_of_a_passphrase_is_what_is_asked():
    assert check_passphrase("x" * 12) is None
    refused = check_passphrase("x" * 11)
    assert refused.id == "envelopes.E023"
    assert "11 characters" in refused.message


def test_a_passphrase_is_the_same_from_every_keyboard():
    file = write_private_key(KEY, "ﬁve ＡＢＣ é", seeded(b"file"), QUICK)
    assert read_private_key(file, "five ABC e\u0301") == KEY


def test_the_holder_is_kept_and_makes_the_recipient():
    key = new_key("pharmacist", seeded(b"key"), demo=True, holder="Li Na")
    assert key.recipient == key.public.recipient == "pharmacist/Li Na"
    assert KEY.recipient == "pharmacist"
    file = write_private_key(key, PASSPHRASE, seeded(b"file"), QUICK)
    assert read_private_key(file, PASSPHRASE) == key
    assert read_heading(file) == key.public
    assert read_public_key(write_public_key(key.public)) == key.public


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", changed(format="other"), changed(holder=1), changed(public="00")])
def test_the_heading_of_no_key_is_refused(file):
    assert read_heading(file).id == "envelopes.E020"


def test_a_public_key_comes_back():
    assert read_public_key(write_public_key(KEY.public)) == KEY.public
    wrong = json.loads(write_public_key(KEY.public)) | {"demo": "false"}
    assert read_public_key(json.dumps(wrong).encode()).id == "envelopes.E022"


def test_the_list_and_the_locks_come_back():
    sealed, locks = seal("trial", {"S": ("a", "b", "a")}, [KEY.public], seeded(b"list"), demo=True)
    assert read_list(write_list(sealed)) == sealed
    assert read_locks(write_locks("trial", locks)) == ("trial", locks)
    assert read_list(write_locks("trial", locks)).id == "envelopes.E022"
    assert read_list(write_list(sealed).replace(b'"ciphertext":"', b'"ciphertext":"*', 1)).id == "envelopes.E022"
    assert sealed.slot(locks[1].label) == sealed.slots[1]
    assert sealed.slot("NOTTHERE") is None


def test_the_sealed_list_holds_no_second_share():
    sealed, locks = seal("trial", {"S": ("a", "b", "a")}, [KEY.public], seeded(b"list"), demo=True)
    shares = [row["share"] for row in json.loads(write_locks("trial", locks))["locks"]]
    assert len(set(shares)) == 3
    assert not any(share.encode() in write_list(sealed) for share in shares)


def test_a_key_has_thirty_two_bytes():
    with pytest.raises(ValueError, match="32"):
        RoleKey("pharmacist", b"short")
    with pytest.raises(ValueError, match="32"):
        PrivateKey("pharmacist", b"short")


def test_a_private_key_gives_the_public_key_of_the_published_example():
    """RFC 7748, section 6.1: Alice's key pair."""
    alice = PrivateKey("a", bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
    assert alice.public.public.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"


# --- Labels --------


def test_labels_are_drawn_evenly_and_never_twice():
    same, other = b"\0\0\0\0\0", b"\xff\xff\xff\xff\xfe"
    script = iter([same, same, other, same])
    assert list(new_labels(2, lambda _: next(script))) == ["00000000", "ZZZZZZZY"]


def test_every_character_is_five_bits_of_the_draw():
    for index, character in enumerate(ALPHABET):
        number = sum(index << 5 * place for place in range(8))
        assert list(new_labels(1, lambda _, number=number: number.to_bytes(5, "big"))) == [character * 8]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("7k3m-q9tx", "7K3MQ9TX"), (" 7K3M Q9TX ", "7K3MQ9TX"), ("OoIiLl00", "00111100"),
        ("7K3MQ9T", None), ("7K3MQ9TXX", None), ("7K3MQ9TU", None), ("", None), ("７K3MQ9TX", None),
    ],
)  # fmt: skip
def test_a_label_is_read_as_a_person_types_it(typed, label):
    assert read_label(typed) == label

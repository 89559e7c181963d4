"""The escrow key in three shares: each holder can check, two can open, and one knows nothing."""

import json
from dataclasses import replace
from itertools import combinations

import nacl.bindings
import pytest

from equipoise.envelopes import (
    ESCROW,
    PrivateKey,
    SealError,
    escrow_files,
    escrow_key,
    holder_of,
    new_key,
    read_copy,
    read_share,
    share_out,
)
from equipoise.envelopes.shares import ORDER, Line, Share, join, lies_on_line, split
from equipoise.items.problem import Problem
from equipoise.randomisation import operating_system, seeded

KEY = new_key(ESCROW, seeded(b"escrow"), demo=True)
HOLDERS = [new_key("holder", seeded(b"holder", name), demo=True, holder=name) for name in ("A", "B", "C")]
SHARES = split(KEY.secret, seeded(b"line"))
FILES = share_out("trial", KEY, [holder.public for holder in HOLDERS], seeded(b"line"), demo=True)


def test_the_order_is_that_of_the_published_curve():
    """RFC 7748, section 4.1: the order of the prime subgroup, in hexadecimal."""
    assert f"{ORDER:x}" == "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)), ids=str)
def test_any_two_shares_give_the_key(pair):
    again = PrivateKey(ESCROW, join([SHARES[index] for index in pair]), demo=True)
    assert again.public == KEY.public
    theirs = new_key("x", seeded(b"other"))
    assert nacl.bindings.crypto_scalarmult(again.secret, theirs.public.public) == nacl.bindings.crypto_scalarmult(
        KEY.secret, theirs.public.public
    )


def test_two_shares_of_different_splittings_give_another_key():
    other = split(KEY.secret, seeded(b"another line"))
    joined = PrivateKey(ESCROW, join([SHARES[0], other[1]]), demo=True)
    assert joined.public != KEY.public


def test_a_holder_can_check_a_share_alone():
    assert all(lies_on_line(share, KEY.public.public) for share in SHARES)
    first, second, _ = SHARES
    for wrong in (
        replace(first, value=second.value),
        replace(first, index=2),
        replace(first, line=Line(first.line.slope, first.line.key)),
        replace(first, line=Line(bytes(32), first.line.slope)),
        replace(first, value=b"short"),
        Share(1, bytes(32), Line(b"", b"")),
    ):
        assert not lies_on_line(wrong, KEY.public.public)
    assert not lies_on_line(first, HOLDERS[0].public.public)


def test_a_scalar_outside_the_group_is_drawn_again():
    drawn = iter([bytes(32), b"\xff" * 32, (5).to_bytes(32, "little")])
    shares = split(KEY.secret, lambda _: next(drawn))
    values = [int.from_bytes(share.value, "little") for share in shares]
    assert (values[1] - values[0]) % ORDER == (values[2] - values[1]) % ORDER == 5


# --- Files --------------------------------------------------------------------------------------------------------


def test_each_share_is_for_one_holder_and_shares_of_two_give_the_key():
    held = [read_share(file, holder) for file, holder in zip(FILES, HOLDERS, strict=True)]
    assert [share.index for share, _ in held] == [1, 2, 3]
    for two in combinations(held, 2):
        assert escrow_key(two).public == KEY.public
    assert [holder_of(file) for file in FILES] == ["holder/A", "holder/B", "holder/C"]
    assert holder_of(b"{}") == holder_of(b"\xff") == holder_of(b'{"holder": "A", "format": "other"}') == ""


def test_no_share_stands_in_a_file_in_the_clear():
    for file, share in zip(FILES, SHARES, strict=True):
        assert share.value.hex().encode() not in file
        assert repr(share.value) not in repr(share)
    assert len({len(file) for file in FILES}) == 1


def test_a_share_opens_for_its_holder_only():
    assert read_share(FILES[0], HOLDERS[1]).id == "envelopes.E040"
    assert read_share(FILES[0], KEY).id == "envelopes.E040"


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        ({"index": 2}, "E041"),
        ({"index": 0}, "E022"),
        ({"index": "1"}, "E022"),
        ({"index": True}, "E022"),
        ({"line": {"key": "00" * 32, "slope": "00" * 32}}, "E041"),
        ({"escrow": {"role": "escrow", "public": "11" * 32, "demo": True}}, "E041"),
        ({"share": ""}, "E040"),
        ({"format": "other"}, "E022"),
    ],
    ids=str,
)
def test_an_altered_share_is_refused(change, identity):
    file = json.dumps({**json.loads(FILES[0]), **change}).encode()
    found = read_share(file, HOLDERS[0])
    assert isinstance(found, Problem)
    assert found.id == f"envelopes.{identity}"


def test_one_share_twice_or_shares_of_two_lines_are_no_two_shares():
    one = read_share(FILES[0], HOLDERS[0])
    fresh = share_out("trial", KEY, [holder.public for holder in HOLDERS], seeded(b"new line"), demo=True)
    assert escrow_key([one, one]).id == "envelopes.E042"
    assert escrow_key([one]).id == "envelopes.E042"
    assert escrow_key([one, read_share(fresh[1], HOLDERS[1])]).id == "envelopes.E042"
    assert escrow_key([read_share(fresh[0], HOLDERS[0]), read_share(fresh[1], HOLDERS[1])]).public == KEY.public


def test_the_holders_are_three_with_keys_of_their_own():
    public = [holder.public for holder in HOLDERS]
    for holders in (public[:2], [*public[:2], public[0]], [*public, KEY.public]):
        with pytest.raises(SealError) as error:
            share_out("trial", KEY, holders, seeded(b"line"), demo=True)
        assert error.value.problem.id == "envelopes.E008"
    with pytest.raises(SealError) as error:
        share_out("trial", new_key(ESCROW, operating_system), public, operating_system)
    assert error.value.problem.id == "envelopes.E004"


def test_the_copy_of_the_second_locks_opens_with_the_escrow_key_only():
    files = escrow_files("trial", KEY, [h.public for h in HOLDERS], seeded(b"f"), locks=b"the locks", demo=True)
    copy = files["escrow/second-locks-for-escrow.json"]
    assert read_copy(copy, KEY) == b"the locks"
    assert b"the locks" not in copy
    assert read_copy(copy, HOLDERS[0]).id == "envelopes.E043"
    bent = json.loads(copy)
    bent["locks"] = bent["locks"][:-4] + "AAAA"
    assert read_copy(json.dumps(bent).encode(), KEY).id == "envelopes.E043"
    assert read_copy(b"{}", KEY).id == "envelopes.E022"
    assert len(escrow_files("trial", KEY, [h.public for h in HOLDERS], seeded(b"f"), demo=True)) == 3

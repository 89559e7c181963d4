"""A sealed archive: files that only named key holders can read, of a size that says nothing about what is in them.

What is inside is compressed, then filled up to a power of two of at least `least` bytes, so that two reports that
differ in a number here and there have archives of one size. The heading says in the clear for whom it is sealed.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from equipoise.envelopes.boxes import SHARE_BYTES, lock, unlock, unwrap, wrap
from equipoise.envelopes.files import unwritten, written
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.messages import problem
from equipoise.envelopes.seal import refuse_recipients
from equipoise.items.canonical import Json, canonical
from equipoise.items.problem import Problem

FORMAT: Final = "equipoise.sealed-archive.1"
REPORT_BYTES: Final = 2**22  # the least size of an archive with a report, in which one fits
SMALL_BYTES: Final = 2**20  # for an archive with a page or two
_MOST: Final = 2**28  # bytes that an archive is unpacked to
_END: Final = b"\x80"  # then zeros (ISO/IEC 7816-4)
_LINE: Final = b"\n"


def seal_archive(
    study: str, about: str, files: Mapping[str, bytes], recipients: Sequence[RoleKey], random: RandomSource, *,
    least: int = REPORT_BYTES, demo: bool = False,
) -> bytes:  # fmt: skip
    """The archive of these files for these key holders; each opens it alone.

    `about` says in the clear what it is, such as the look of a report. Raises SealError for recipients that cannot be.
    """
    refuse_recipients(recipients, demo)
    key = random(SHARE_BYTES)
    wraps: dict[str, Json] = {each.recipient: written(wrap(key, each, random)) for each in recipients}
    heading = canonical({"format": FORMAT, "study": study, "about": about, "demo": demo, "recipients": wraps})
    packed = zlib.compress(canonical({name: written(content) for name, content in files.items()}), 9)
    return heading + _LINE + lock(_filled(packed, least), key, heading, random)


def read_archive(file: bytes, key: PrivateKey) -> tuple[str, dict[str, bytes]] | Problem:
    """What an archive is about and its files, or why this key does not open it."""
    heading, _, locked = file.partition(_LINE)
    try:
        read: dict[str, Any] = json.loads(heading)
        if read["format"] != FORMAT:
            return _no_archive()
        wrapped = unwritten(read["recipients"].get(key.recipient, ""))
        about = str(read["about"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _no_archive()
    data_key = unwrap(wrapped, key)
    if data_key is None:
        return problem("envelopes.E060", "archive", holder=key.recipient)
    packed = unlock(locked, data_key, heading)
    if packed is None:
        return problem("envelopes.E061", "archive")
    try:
        return about, _unpacked(packed)
    except (ValueError, AttributeError, zlib.error):  # whoever has the public key can seal what they like
        return _no_archive()


def _filled(packed: bytes, least: int) -> bytes:
    return (packed + _END).ljust(max(least, 1 << len(packed).bit_length()), b"\0")


def _unpacked(filled: bytes) -> dict[str, bytes]:
    packed = filled.rstrip(b"\0").removesuffix(_END)
    text = zlib.decompressobj().decompress(packed, _MOST)  # cut off where it is longer, which is then no JSON
    return {str(name): unwritten(content) for name, content in json.loads(text).items()}


def _no_archive() -> Problem:
    return problem("envelopes.E022", "file", form=FORMAT)

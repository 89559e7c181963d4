"""What the bytes of a file carry beside its pages: programs, a second file, a lock, the place where it was taken.

A file is kept for ever and opened on other people's machines. Whatever is found here keeps it out. It is a net, not a
virus scanner: it looks where readers of such files look, and inside a PDF's compressed objects.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from equipoise.items.file import MEGABYTE, MOST_MEGABYTES
from equipoise.items.messages import problem
from equipoise.items.problem import Problem

# Actions and attachments of ISO 32000-1, 12.6.4, 7.11.4 and 12.7.8; XFA is a second form with scripts of its own.
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|Rendition|GoToE)(?![A-Za-z0-9])|/XFA[\s\[]"
)
_LOCKED: Final = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")  # how a name may spell a sign (ISO 32000-1, 7.3.5)
_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_FILTER: Final = re.compile(rb"/[A-Za-z0-9]+Decode(?![A-Za-z0-9])|/DecodeParms")
_MOST: Final = MOST_MEGABYTES * MEGABYTE  # of one compressed object, inflated
_MOST_IN_ALL: Final = 8 * _MOST  # of all of them: they describe and hold no pictures, so that they are far smaller
_PIECE: Final = 16_384  # of a compressed object, at a time: whatever stands behind its end is copied

# Where a reader finds a PDF that does not begin at once, what a browser sniffs (WHATWG MIME Sniffing, 5), and the
# longest end of an archive (PKWARE APPNOTE, 4.3.16).
_PDF_WITHIN, _SNIFFED, _ARCHIVE_END = 1024, 1445, 65_557
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|script|svg|body|iframe|\?php)", re.IGNORECASE)

_EXIF: Final = re.compile(rb"(?:Exif\0\0|eXIf)(?=II\*\0|MM\0\*)")  # in JPEG and in PNG, also inside a PDF
_GPS, _LATITUDE = 0x8825, 2  # tags of CIPA DC-008 (Exif), 4.6.3 and 4.6.6


def faults(item: str, name: str, content: bytes) -> Iterator[Problem]:
    """Why the answer to an item cannot be this file: what was found in its content."""
    return (problem(fault, item, name=name) for fault in _faults(content))


def _faults(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF-"):
        yield from _faults_of_pdf(content)
    if _is_two(content):
        yield "items.E024"
    tails = (memoryview(content)[found.end() :] for found in _EXIF.finditer(content))
    if b"GPSLatitude" in content or any(_has_position(tail) for tail in tails):
        yield "items.E025"


def _faults_of_pdf(content: bytes) -> Iterator[str]:
    plain = _plain(content)
    acts, shut = _ACTIVE.search(plain) is not None, _LOCKED.search(plain) is not None
    for inside in _compressed_objects(content):
        acts = acts or (inside is not None and _ACTIVE.search(_plain(inside)) is not None)
        shut = shut or inside is None
    if acts:
        yield "items.E023"
    if shut:
        yield "items.E026"


def _plain(part: bytes | bytearray) -> bytes:
    return _ESCAPED.sub(lambda sign: bytes.fromhex(sign[1].decode()), part)


def _compressed_objects(content: bytes) -> Iterator[bytearray | None]:
    """What is inside the object streams of a PDF (ISO 32000-1, 7.5.7), one after the other; None, and no more, for one
    that cannot be looked into or with which they are too much."""
    end, left = 0, _MOST_IN_ALL
    for begin in _STREAM.finditer(content):
        described, end = _plain(content[end : begin.start()]), begin.end()
        filters = set(_FILTER.findall(described)) if b"/ObjStm" in described else set()
        if not filters:
            continue
        inside = _inflated(memoryview(content)[end:], min(_MOST, left)) if filters == {b"/FlateDecode"} else None
        yield inside
        if inside is None:
            return
        left -= len(inside)


def _inflated(data: memoryview, most: int) -> bytearray | None:
    reader, inflated = zlib.decompressobj(), bytearray()
    try:
        for at in range(0, len(data), _PIECE):
            inflated += reader.decompress(data[at : at + _PIECE], most + 1 - len(inflated))
            if reader.eof or len(inflated) > most:
                break
    except zlib.error:
        return None
    return inflated if reader.eof and len(inflated) <= most else None


def _is_two(content: bytes) -> bool:
    """Whether another program would take a file for an archive, a page, or a PDF that begins later."""
    late = content.find(b"%PDF-", 0, _PDF_WITHIN) > 0
    return late or b"PK\5\6" in content[-_ARCHIVE_END:] or _MARKUP.search(content, 0, _SNIFFED) is not None


def _has_position(tiff: memoryview) -> bool:
    """Whether metadata tell a latitude."""
    order = "<" if bytes(tiff[:2]) == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        at = dict(_directory(tiff, order, first)).get(_GPS)
        return at is not None and _LATITUDE in dict(_directory(tiff, order, at))
    except struct.error:
        return False


def _directory(tiff: memoryview, order: str, at: int) -> Iterator[tuple[int, int]]:
    """The tags of a directory of TIFF 6.0 (section 2), each with its value as a number."""
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHII", tiff, at + 2 + 12 * entry)
        yield tag, value

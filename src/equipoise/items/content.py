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
        pages = [content, *_compressed_objects(content)]
        if any(_ACTIVE.search(_plain(part)) for part in pages if part is not None):
            yield "items.E023"
        if None in pages or _LOCKED.search(_plain(content)):
            yield "items.E026"
    if _is_two(content):
        yield "items.E024"
    if b"GPSLatitude" in content or any(_has_position(content[found.end() :]) for found in _EXIF.finditer(content)):
        yield "items.E025"


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda sign: bytes.fromhex(sign[1].decode()), part)


def _compressed_objects(content: bytes) -> Iterator[bytes | None]:
    """What is inside the object streams of a PDF (ISO 32000-1, 7.5.7); None for one that cannot be looked into."""
    end = 0
    for begin in _STREAM.finditer(content):
        described, end = _plain(content[end : begin.start()]), begin.end()
        filters = set(_FILTER.findall(described)) if b"/ObjStm" in described else set()
        if filters:
            yield _inflated(memoryview(content)[end:]) if filters == {b"/FlateDecode"} else None


def _inflated(data: memoryview) -> bytes | None:
    reader = zlib.decompressobj()
    try:
        inflated = reader.decompress(data, _MOST)
    except zlib.error:
        return None
    return inflated if reader.eof else None


def _is_two(content: bytes) -> bool:
    """Whether another program would take a file for an archive, a page, or a PDF that begins later."""
    late = content.find(b"%PDF-", 0, _PDF_WITHIN) > 0
    return late or b"PK\5\6" in content[-_ARCHIVE_END:] or _MARKUP.search(content, 0, _SNIFFED) is not None


def _has_position(tiff: bytes) -> bool:
    """Whether metadata tell a latitude."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        at = dict(_directory(tiff, order, first)).get(_GPS)
        return at is not None and _LATITUDE in dict(_directory(tiff, order, at))
    except struct.error:
        return False


def _directory(tiff: bytes, order: str, at: int) -> Iterator[tuple[int, int]]:
    """The tags of a directory of TIFF 6.0 (section 2), each with its value as a number."""
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHII", tiff, at + 2 + 12 * entry)
        yield tag, value

"""A file as an answer: which content it is, how large, of which kind, and what it was called."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

MediaType: TypeAlias = Literal["application/pdf", "image/jpeg", "image/png"]

# How the content of each kind begins (ISO 32000-1, 7.5.2; ISO/IEC 10918-1, B.1.1.3; PNG third edition, 5.2).
BEGINNINGS: Final[dict[MediaType, bytes]] = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
UNKNOWN_MEDIA: Final = "application/octet-stream"
ENDINGS: Final = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
MEGABYTE: Final = 1_000_000
MOST_MEGABYTES: Final = 20  # no protocol may allow more in one file
_LONGEST_NAME: Final = 100
_UNSAFE: Final = re.compile(r'[/\\:*?"<>|;%]')
_WRITTEN: Final = re.compile(r"(?P<digest>[0-9a-f]{64}) (?P<size>0|[1-9][0-9]*) (?P<media>[a-z]+/[a-z-]+) (?P<name>.+)")


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file by the SHA-256 of its content, its size in bytes, the kind its first bytes are of, and a safe name."""

    digest: str
    size: int
    media: str
    name: str

    def __str__(self) -> str:
        return f"{self.digest} {self.size} {self.media} {self.name}"


def refer(name: str, content: bytes) -> FileReference:
    """The reference to a file. Its kind is read from the content; the name it was given decides nothing."""
    media = media_of(content)
    return FileReference(hashlib.sha256(content).hexdigest(), len(content), media, clean_name(name, media))


def media_of(content: bytes) -> str:
    """What the first bytes say a file is."""
    return next((media for media, first in BEGINNINGS.items() if content.startswith(first)), UNKNOWN_MEDIA)


def in_kinds(media: Iterable[str]) -> str:
    """Media types as people say them: PDF, JPEG."""
    return ", ".join(each.partition("/")[2].upper() for each in media)


def clean_name(name: str, media: str) -> str:
    """A name that every system can keep and no system can misread, with the ending of what the file really is."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    kept = "".join("_" if _UNSAFE.match(sign) else sign for sign in last if sign == " " or _is_visible(sign))
    plain = " ".join(kept.split()).strip(". ") or "file"
    endings = ENDINGS.get(media, ("",))
    if plain.casefold().endswith(endings) and len(plain) <= _LONGEST_NAME:
        return plain
    return plain[: _LONGEST_NAME - len(endings[0])].rstrip(". ") + endings[0]


def _is_visible(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CZ"


def parse_file(written: str) -> FileReference:
    """The reference that was written. Anything that is no reference with a clean name raises ValueError."""
    found = _WRITTEN.fullmatch(written)
    if found is None or clean_name(found["name"], found["media"]) != found["name"]:
        raise ValueError(f"{written!r} is not how a file is written")
    return FileReference(found["digest"], int(found["size"]), found["media"], found["name"])

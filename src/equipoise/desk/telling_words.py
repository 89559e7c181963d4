"""Words that could tell an arm, found in what somebody writes. A net, not a wall: it catches names, not hints."""

import re
from collections.abc import Iterator
from typing import Final

from equipoise.protocol.schema import Label, Protocol

_WORD: Final = re.compile(r"[a-z][a-z-]{3,}")
GENERIC: Final = (
    "placebo", "sham", "saline", "verum", "active arm", "active drug", "active treatment", "control arm",
    "control group", "experimental arm", "real drug", "dummy", "unblinded", "unmasked as", "was on the drug",
    "安慰剂", "盐水", "活性药", "试验药", "对照药", "试验组", "对照组", "治疗组", "真药", "假药", "揭盲结果", "假手术",
)  # fmt: skip


def telling_words(text: str, protocol: Protocol) -> tuple[str, ...]:
    """The words of a text that name an arm or a product, or speak of one, in both languages; in the order found."""
    plain = " ".join(text.lower().split())
    found = {word: place for word in _telling(protocol) if (place := _place(word, plain)) >= 0}
    return tuple(sorted(found, key=lambda word: (found[word], word)))


def _telling(protocol: Protocol) -> Iterator[str]:
    """Ids, labels and their parts. A part that every arm and every product has tells nothing."""
    yield from GENERIC
    for things in (protocol.arms, protocol.products):
        yield from (thing.id.lower() for thing in things)
        yield from (text.lower() for thing in things for text in _texts(thing.label))
        parts = [{part for text in _texts(thing.label) for part in _WORD.findall(text.lower())} for thing in things]
        yield from sorted(set().union(*parts) - set.intersection(*parts))


def _texts(label: Label) -> tuple[str, ...]:
    return tuple(text for text in (label.en, label.zh) if text)


def _place(word: str, text: str) -> int:
    """Where a word stands in a text; an English one by itself, so that "low" is not in "follow"; −1 if nowhere."""
    if not word.isascii():
        return text.find(word)
    found = re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)
    return found.start() if found else -1

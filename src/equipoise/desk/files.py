"""The contents of the files that a form names: an act names only what is handed over with it, or stood there before."""

from collections.abc import Iterable, Iterator, Mapping

from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Refused
from equipoise.conduct.snapshot import FormKey
from equipoise.desk.messages import problem
from equipoise.desk.telling_words import telling_words
from equipoise.items import Answer, FileReference, Problem, faults, refer
from equipoise.protocol.schema import Protocol


def handed_over(read: Mapping[str, Answer], files: Iterable[bytes]) -> dict[str, bytes]:
    """By its digest, each content that an answer describes as it is; a content that no answer names is not kept."""
    brought = [(refer("", content), content) for content in files]
    named = {(file.digest, file.size, file.media) for file in read.values() if isinstance(file, FileReference)}
    return {found.digest: content for found, content in brought if (found.digest, found.size, found.media) in named}


def unfit(read: Mapping[str, Answer], handed: Mapping[str, bytes], protocol: Protocol) -> Iterator[Problem]:
    """Why files that are handed over are not kept: what their bytes carry, and names that could tell an arm."""
    for item, file in read.items():
        if not isinstance(file, FileReference) or file.digest not in handed:
            continue
        yield from faults(item, file.name, handed[file.digest])
        if words := telling_words(file.name.replace("_", " "), protocol):
            yield problem("desk.E043", item, words=", ".join(words))


def without_content(
    fold: Fold, subject: str, place: FormKey, read: Mapping[str, Answer], handed: Mapping[str, bytes]
) -> Refused | None:
    """A refusal if a file is named whose content was not handed over: nobody takes over another record's file."""
    known = fold.subjects.get(subject)
    before = known.values.get(place, {}) if known else {}
    wrong = [
        item
        for item, answer in read.items()
        if isinstance(answer, FileReference) and answer.digest not in handed and before.get(item) != answer
    ]
    return Refused(tuple(problem("desk.E042", item) for item in wrong)) if wrong else None

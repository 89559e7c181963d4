"""The contents of the files that a form names: an act names only what is handed over with it, or stood there before."""

from collections.abc import Iterable, Mapping

from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Refused
from equipoise.conduct.snapshot import FormKey
from equipoise.desk.messages import problem
from equipoise.items import Answer, FileReference, refer


def handed_over(read: Mapping[str, Answer], files: Iterable[bytes]) -> dict[str, bytes]:
    """By its digest, each content that an answer describes as it is; a content that no answer names is not kept."""
    contents = {refer("", content).digest: content for content in files}
    named = [answer for answer in read.values() if isinstance(answer, FileReference)]
    return {
        file.digest: contents[file.digest]
        for file in named
        if file.digest in contents and refer(file.name, contents[file.digest]) == file
    }


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

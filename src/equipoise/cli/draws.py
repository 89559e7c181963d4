"""The draws of a study whose arms are drawn as participants come: taken from its ledger, and made again at the end."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from equipoise.allocator.messages import problem as of_allocator
from equipoise.cli.ceremony import read_bytes, stop, sure
from equipoise.envelopes import (
    SECOND_LOCKS,
    Payload,
    PrivateKey,
    RoleKey,
    SealedSeed,
    Seed,
    open_seed,
    problem,
    read_seed,
)
from equipoise.items import Problem
from equipoise.items.canonical import Json, canonical
from equipoise.randomisation.dynamic import Allocated, Course, Dynamic, read_dynamic

ALLOCATIONS: Final = "allocations.json"
FORMAT: Final = "equipoise.allocations.1"


def write_allocations(study: str, given: Sequence[tuple[str, str, str, Sequence[str]]]) -> bytes:
    """The file of who was given which envelope: participant, factors, label, and who was set aside at that time."""
    rows: list[Json] = [
        {"subject": subject, "stratum": stratum, "label": label, "set_aside": [*set_aside]}
        for subject, stratum, label, set_aside in given
    ]
    return canonical({"format": FORMAT, "study": study, "allocations": rows})


def draws_again(folder: Path, payloads: Sequence[Payload], keys: Sequence[PrivateKey]) -> str:
    """What making every draw again has shown, in a sentence; "" for a list. A draw that is not as the seed gives it
    ends the command with its name. `folder` holds the second locks and, beside them, the allocations."""
    found = _seed(folder, keys)
    if found is None:
        return ""
    dynamic, seed = found
    file = next(iter(sorted(folder.rglob(ALLOCATIONS))), None)
    if file is None:
        return f"The draws were not made again: there is no {ALLOCATIONS} in {folder}."
    places = sorted(payloads, key=lambda each: each.position)
    if tuple(each.arm for each in places) != dynamic.all_envelopes(seed):
        stop(problem("envelopes.E084", str(folder)))
    course = Course(dynamic, seed, [each.slot for each in places])
    again = [_again(course, given) for given in _allocated(file, places, len(dynamic.arms))]
    made = sum(again)
    rest = f"; {len(again) - made} cannot be, since an envelope before them is nobody's" if made < len(again) else ""
    return f"{made} draws were made again and gave the envelopes that were given{rest}."


def seed_again(folder: Path, keys: Sequence[PrivateKey], keepers: Sequence[RoleKey]) -> Seed | None:
    """The seed of a folder, to be sealed for other keepers; None for a list."""
    sealed = _sealed(folder)
    return None if sealed is None else Seed(_content(sealed, keys), sealed.choices, tuple(keepers))


def _again(course: Course, given: Allocated) -> bool:
    """Whether a draw could be compared; one that is another ends the command."""
    draw = course.add(given)
    if draw is None:
        stop(of_allocator("allocator.E013", course.dynamic.study, number=str(given.number), subject=given.subject))
    return bool(draw.chances)


def _allocated(file: Path, places: Sequence[Payload], choices: int) -> list[Allocated]:
    """The allocations of a file in the order of their draws, which is that of their envelopes."""
    number = {each.slot: (each.position - 1) // choices + 1 for each in places}
    try:
        read: dict[str, Any] = json.loads(read_bytes(file))
        if read["format"] != FORMAT:
            raise ValueError(FORMAT)
        rows = [(str(row["subject"]), str(row["stratum"]), tuple(row["set_aside"]), str(row["label"]))
                for row in read["allocations"]]  # fmt: skip
    except (ValueError, TypeError, KeyError, RecursionError):
        stop(problem("envelopes.E022", str(file), form=FORMAT))
    if strange := [label for *_, label in rows if label not in number]:
        stop(problem("envelopes.E019", str(file), label=strange[0]))
    given = (Allocated(number[label], subject, stratum, aside, label) for subject, stratum, aside, label in rows)
    return sorted(given, key=lambda each: each.number)


def _seed(folder: Path, keys: Sequence[PrivateKey]) -> tuple[Dynamic, bytes] | None:
    """The specification and the seed of a folder; None for a list."""
    sealed = _sealed(folder)
    if sealed is None:
        return None
    read = read_dynamic(_content(sealed, keys))
    return stop(problem("envelopes.E080", SECOND_LOCKS)) if read is None else read


def _sealed(folder: Path) -> SealedSeed | None:
    file = sorted(folder.rglob(SECOND_LOCKS))[0]
    found = read_seed(read_bytes(file))
    return None if found is None else sure(found, file)


def _content(sealed: SealedSeed, keys: Sequence[PrivateKey]) -> bytes:
    """What is inside the sealed seed, by the first of these keys that opens it; the last one's reason if none does."""
    opened = [open_seed(sealed, key) for key in keys]
    return next((each for each in opened if not isinstance(each, Problem)), None) or sure(opened[-1], SECOND_LOCKS)

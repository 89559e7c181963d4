"""Verification: every act is read again, every hash computed again, every projection made again and compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import connection, transaction

from equipoise.conduct.acts import FormSigned
from equipoise.conduct.fold import Fold
from equipoise.conduct.locks import form_key
from equipoise.conduct.signatures import digest_of
from equipoise.conduct.snapshot import Snapshot
from equipoise.items import FileReference, Problem
from equipoise.ledger.chain import GENESIS, Row, broken, recorded
from equipoise.ledger.files import compare_files, named_by
from equipoise.ledger.models import Act, ActPlace, Study, Value
from equipoise.ledger.places import PlaceRow, places_of, write_places
from equipoise.ledger.projection import Place, values_of, write_values
from equipoise.ledger.store import Ledger
from equipoise.protocol.schema import Protocol

Progress = Callable[[int, int], None]
_OFTEN: Final = 500  # acts between two words of progress


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: how many acts stand, the head they end in, and the first thing that does not."""

    study: str
    acts: int
    head: str
    problems: tuple[Problem, ...]
    snapshot: Snapshot


def verify(ledger: Ledger, *, progress: Progress | None = None) -> Verification:
    """Replay a study from its first act and compare everything that can be compared. Nobody can add meanwhile.

    `progress` is told now and then how many of how many acts are done.
    """
    with transaction.atomic():
        Study.objects.select_for_update().filter(id=ledger.study).first()
        with _whatever_it_says():
            return _verify(ledger, progress or (lambda done, of: None))


@contextmanager
def _whatever_it_says() -> Iterator[None]:
    """Read text that is not text any more, so that the act it stands in can be named: SQLite keeps any bytes."""
    if connection.vendor != "sqlite":
        yield
        return
    database = connection.connection
    usual, database.text_factory = database.text_factory, partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        database.text_factory = usual


def _counted(ledger: Ledger, progress: Progress) -> Iterator[Row]:
    total = max(Act.objects.filter(study=ledger.study).count(), 1)
    for number, row in enumerate(ledger.rows(), start=1):
        if number % _OFTEN == 0 or number == total:
            progress(number, total)
        yield row


def _verify(ledger: Ledger, progress: Progress) -> Verification:
    folding = Fold(ledger.study, ledger.protocol)
    previous, count = GENESIS, 0
    values: Projection = {}
    places: set[PlaceRow] = set()
    files: dict[FileReference, int] = {}
    problems: list[Problem] = []
    for row in _counted(ledger, progress):
        problem = broken(row, count + 1, previous)
        if problem is None:
            problem = _replay(folding, row, values, ledger.protocol, files)
        if problem is not None:
            problems.append(problem)
            break
        previous, count = row.hash, count + 1
        places.update(places_of([row]))
    if not problems:
        problems += [*_compare(ledger, count, previous, values)] or _compare_places(ledger, places)
        problems += compare_files(files, ledger.study)
    return Verification(ledger.study, count, previous, tuple(problems), folding.snapshot())


Projection = dict[Place, tuple[str | None, str, int]]


def _replay(
    folding: Fold, row: Row, values: Projection, protocol: Protocol, files: dict[FileReference, int]
) -> Problem | None:
    try:
        each = recorded(row)
        folding.add(each)
        for _, file in named_by(each.act, protocol):
            files.setdefault(file, each.sequence)
    except (ValueError, KeyError) as error:
        where = f"{row.study} act {row.sequence}"
        return Problem("ledger.E004", where, f"This act cannot be read: {type(error).__name__}.")
    if isinstance(each.act, FormSigned) and not _bound(each.act, folding):
        where = f"{row.study} act {row.sequence}"
        return Problem("ledger.E021", where, "This signature is not over the values that stood when it was given.")
    for value in values_of(row, each.act):
        values[value.place] = (value.value, value.missing, value.sequence)
    return None


def _bound(act: FormSigned, folding: Fold) -> bool:
    values = folding.subjects[act.subject].values.get(form_key(act), {})
    return act.values == digest_of(values)


def _compare(ledger: Ledger, count: int, head: str, values: Projection) -> Iterator[Problem]:
    study = Study.objects.filter(id=ledger.study).first()
    if study is None or (study.sequence, study.head) != (count, head):
        end = "nothing" if study is None else f"act {study.sequence}"
        message = f"The study says it ends at {end}; the chain ends at act {count}."
        yield Problem("ledger.E005", ledger.study, message, "Acts at the end were removed, or the head was changed.")
    stored = _stored(ledger.study)
    if stored != values:
        different = sorted(place for place in stored.keys() | values.keys() if stored.get(place) != values.get(place))
        message = f"{len(different)} stored values differ from what the acts say."
        yield Problem("ledger.E006", " / ".join(map(str, different[0])), message, "`equipoise verify --rebuild`")


def _compare_places(ledger: Ledger, places: set[PlaceRow]) -> Iterator[Problem]:
    stored = {PlaceRow(*row) for row in ActPlace.objects.filter(study=ledger.study).values_list(*PlaceRow._fields)}
    if stored != places:
        different = sorted(place.sequence for place in stored ^ places)
        message = f"Of {len(different)} acts the place does not stand where they are searched."
        yield Problem("ledger.E020", f"{ledger.study} act {different[0]}", message, "`equipoise verify --rebuild`")


def _stored(study: str) -> Projection:
    columns = ("subject", "visit", "form", "repeat", "item", "value", "missing", "sequence")
    rows = Value.objects.filter(study=study).values_list(*columns).iterator(5000)
    return {(s, v, f, r, i): (value, missing, sequence) for s, v, f, r, i, value, missing, sequence in rows}


def rebuild(ledger: Ledger) -> int:
    """Make the projections again from the acts; how many values there are."""
    with transaction.atomic():
        Study.objects.select_for_update().get(id=ledger.study)
        Value.objects.filter(study=ledger.study).delete()
        ActPlace.objects.filter(study=ledger.study).delete()
        with connection.cursor() as cursor:
            for row in ledger.rows(kinds=["FormSaved"]):
                write_values(cursor, list(values_of(row, recorded(row).act)))
            write_places(cursor, ledger.rows())
    return Value.objects.filter(study=ledger.study).count()

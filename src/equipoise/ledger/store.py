"""One study's ledger: the one function that adds acts, and everything that reads them."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from equipoise.conduct.acts import ACTS, Act, Person, Recorded, StudyOpened, SubjectAct
from equipoise.conduct.fold import Fold
from equipoise.conduct.kits import Kit
from equipoise.conduct.outcome import Done, Outcome, Refused
from equipoise.conduct.snapshot import FormKey, Snapshot, Subject
from equipoise.ledger.chain import COLUMNS, GENESIS, Row, recorded, seal_row
from equipoise.ledger.files import write_files
from equipoise.ledger.models import Act as StoredAct
from equipoise.ledger.models import ProtocolText, Study
from equipoise.ledger.places import write_places
from equipoise.ledger.projection import values_of, write_values
from equipoise.protocol.load import digest, load
from equipoise.protocol.schema import Protocol

Decision = Sequence[Act] | Refused

_QUOTED: Final = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERT: Final = f"INSERT INTO ledger_act ({_QUOTED}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
_SELECT: Final = f"SELECT {_QUOTED} FROM ledger_act WHERE study = %s"  # noqa: S608


_HEAD: Final = (
    "SELECT s.sequence, s.head, a.sequence FROM ledger_study s"
    " LEFT JOIN ledger_act a ON a.study = s.id AND a.key = %s WHERE s.id = %s"
)
_LAST_SET: Final = (
    "SELECT MAX(sequence) FROM ledger_value"
    " WHERE study = %s AND subject = %s AND visit = %s AND form = %s AND repeat = %s"
)
_FIELDS: Final = attrgetter(*COLUMNS)


class Head(NamedTuple):
    """The last act of a study; `recorded` when an act with the key that was asked for is there."""

    sequence: int
    hash: str
    recorded: int | None = None


class Ledger:
    """A study's acts. What is known is kept folded in memory and catches up with the database by itself."""

    def __init__(self, study: str, protocol: Protocol) -> None:
        self.study = study
        self.protocol = protocol
        self._lock = threading.RLock()
        self._fold = Fold(study, protocol)

    @classmethod
    def of(cls, study: str) -> "Ledger":
        """The ledger of a study that was opened here. Raises LookupError when there is none."""
        opened = StoredAct.objects.filter(study=study, kind="StudyOpened").order_by("sequence").first()
        if opened is None:
            raise LookupError(f"there is no study {study!r} here")
        return cls(study, _parse(ProtocolText.objects.get(digest=opened.protocol)))

    # --- Adding ---------------------------------------------------------------------------------------------------

    def append(
        self, decide: Callable[[Fold], Decision], *, key: str, by: Person, at: datetime, reason: str = "",
        several: bool = False, files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Outcome:  # fmt: skip
        """Record what a person did, and what follows from it, in one transaction.

        `decide` sees everything known so far and answers with acts or a refusal. `key` makes a repeated request
        harmless: it is answered with what was recorded the first time. With `several`, every act is what the person
        did; otherwise the first is, and the others follow from it by themselves. `files` are the
        contents that the acts name, by digest.
        """
        with self._lock:
            with transaction.atomic(), connection.cursor() as cursor:
                head = self._locked_head(cursor, key)
                if head.recorded:
                    return Done(self._recorded_under(key), again=True)
                self._catch_up(head)
                decision = decide(self._fold)
                if isinstance(decision, Refused):
                    return decision
                if not decision:
                    return Done(())
                rows = self._chain(head, decision, key=key, by=by, at=at, reason=reason, several=several)
                write_acts(cursor, rows, decision)
                write_files(cursor, files)
            done = tuple(recorded(row, act) for row, act in zip(rows, decision, strict=True))
            for each in done:
                self._fold.add(each)
            return Done(done)

    def _chain(
        self, head: Head, acts: Sequence[Act], *, key: str, by: Person, at: datetime, reason: str, several: bool
    ) -> list[Row]:
        rows: list[Row] = []
        for number, act in enumerate(acts):
            rows.append(
                seal_row(
                    act,
                    study=self.study,
                    sequence=head.sequence + number + 1,
                    key=key if number == 0 else f"{key}..{number}" if several else f"{key}.{number}",
                    at=at,
                    by=by if number == 0 or several else _SYSTEM,
                    site=self._site_of(act, by),
                    reason=reason if number == 0 or several else "",
                    protocol=self._fold.protocol or (act.protocol if isinstance(act, StudyOpened) else ""),
                    previous=rows[-1].hash if rows else head.hash,
                )
            )
        return rows

    def _site_of(self, act: Act, by: Person) -> str:
        if isinstance(act, SubjectAct):
            known = self._fold.subjects.get(act.subject)
            return known.site if known else getattr(act, "site", "")
        return getattr(act, "site", by.site)

    # --- Reading --------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """What is known now."""
        with self._lock:
            self._catch_up(self._head())
            return self._fold.snapshot()

    def subject(self, code: str) -> Subject | None:
        """What is known of one participant, as of the last act this process has seen."""
        return self._fold.subjects.get(code)

    def kits(self) -> Mapping[str, Kit]:
        """What is known of each kit, as of the last act this process has seen."""
        return dict(self._fold.kits)

    def rows(self, *, after: int = 0, subject: str = "", kinds: Sequence[str] = ()) -> Iterator[Row]:
        """The stored acts in order, perhaps of one participant or some kinds only."""
        where, parameters = " AND sequence > %s", cast("list[str | int]", [self.study, after])
        if subject or _of_the_study(kinds):  # the index of participants has the acts that concern none of them too
            where, parameters = where + " AND subject = %s", [*parameters, subject]
        if kinds:
            where += f" AND kind IN ({marks(kinds)})"
            parameters += list(kinds)
        with connection.cursor() as cursor:
            cursor.execute(f"{_SELECT}{where} ORDER BY sequence", parameters)
            while batch := cursor.fetchmany(2000):
                yield from (Row(*fields) for fields in batch)

    def acts(self, *, after: int = 0, subject: str = "", kinds: Sequence[str] = ()) -> Iterator[Recorded]:
        """The acts in order, perhaps of one participant or some kinds only."""
        return (recorded(row) for row in self.rows(after=after, subject=subject, kinds=kinds))

    def last_set(self, subject: str, place: FormKey, items: Collection[str]) -> Recorded | None:
        """The act that last set one of these questions of a form; None where none of them was ever set."""
        with connection.cursor() as cursor:
            where: list[str | int] = [self.study, self.study, subject, *place, *items]
            cursor.execute(f"{_SELECT} AND sequence = ({_LAST_SET} AND item IN ({marks(items)}))", where)
            found = cursor.fetchone()
        return None if found is None else recorded(Row(*found))

    def last_change(self, subject: str, place: FormKey) -> int:
        """The number of the act that last set any question of a form; 0 where none was ever set."""
        with connection.cursor() as cursor:
            cursor.execute(_LAST_SET, [self.study, subject, *place])
            (found,) = cursor.fetchone()
        return found or 0

    def protocol_text(self) -> bytes:
        """The text of the protocol file that the study is under."""
        return ProtocolText.objects.get(digest=digest(self.protocol)).text.encode()

    def _head(self) -> Head:
        """Where the chain ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequence, head FROM ledger_study WHERE id = %s", [self.study])
            return Head(*cursor.fetchone())

    def _locked_head(self, cursor: CursorWrapper, key: str) -> Head:
        """Where the chain ends, and whether an act has this key; nobody adds to it until this transaction is over.

        PostgreSQL waits for the row in a statement of its own: what follows then sees what was committed meanwhile.
        """
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM ledger_study WHERE id = %s FOR UPDATE", [self.study])
        cursor.execute(_HEAD, [key, self.study])
        return Head(*cursor.fetchone())

    def _recorded_under(self, key: str) -> tuple[Recorded, ...]:
        with connection.cursor() as cursor:
            cursor.execute(f"{_SELECT} AND key = %s", [self.study, key])
            first = cursor.fetchone()
            if first is None:
                return ()
            acts, begins = [recorded(Row(*first))], f"{key}."
            cursor.execute(
                f"{_SELECT} AND sequence > %s AND substr(key, 1, %s) = %s ORDER BY sequence",
                [self.study, acts[0].sequence, len(begins), begins],
            )
            for each in (recorded(Row(*fields)) for fields in cursor.fetchall()):
                together = each.by.id == acts[0].by.id and each.id.startswith(f"{begins}.")
                if each.sequence == acts[-1].sequence + 1 and (each.by.id == _SYSTEM.id or together):
                    acts.append(each)
            return tuple(acts)

    def _catch_up(self, head: Head) -> None:
        if head.hash == (self._fold.head or GENESIS):
            return
        if not self._is_past():  # a transaction around an earlier one was undone
            self._fold = Fold(self.study, self.protocol)
        for each in self.acts(after=self._fold.sequence):
            self._fold.add(each)

    def _is_past(self) -> bool:
        """Whether the last act this process has seen stands in the chain."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM ledger_act WHERE study = %s AND sequence = %s AND hash = %s",
                [self.study, self._fold.sequence, self._fold.head],
            )
            return cursor.fetchone() is not None


_SYSTEM: Final = Person("system", "system")


def write_acts(cursor: CursorWrapper, rows: Sequence[Row], acts: Iterable[Act]) -> int:
    """Store acts of one study, chained by their rows, with their places and values; how many values there are.

    At least one act, and in a transaction: readers find the last act where the study's head says it is.
    """
    cursor.executemany(_INSERT, [_FIELDS(row) for row in rows])
    write_places(cursor, rows)
    values = [value for row, act in zip(rows, acts, strict=True) for value in values_of(row, act)]
    write_values(cursor, values)
    last = rows[-1]
    cursor.execute(
        "UPDATE ledger_study SET sequence = %s, head = %s WHERE id = %s", [last.sequence, last.hash, last.study]
    )
    return len(values)


def _of_the_study(kinds: Collection[str]) -> bool:
    """Whether acts of these kinds never concern a participant."""
    return bool(kinds) and not any(issubclass(ACTS[kind], SubjectAct) for kind in kinds)


def marks(values: Collection[object]) -> str:
    """Where a statement takes values: a mark for each."""
    return ", ".join(["%s"] * len(values))


def open_study(study: str, text: bytes, *, name: str, simulated: bool, by: Person, at: datetime, key: str) -> Ledger:
    """Begin a study under a protocol file; opening it again changes nothing.

    Raises ValueError for a file that is no protocol, and for another protocol than the one the study has.
    """
    protocol, problems = load(text, name=name)
    if protocol is None:
        raise ValueError("\n".join(map(str, problems)))
    identity = digest(protocol)
    with transaction.atomic():
        Study.objects.get_or_create(id=study, defaults={"head": GENESIS, "demo": simulated})
        ProtocolText.objects.get_or_create(digest=identity, defaults={"name": name, "text": text.decode()})
    ledger = Ledger(study, protocol)
    opened = StudyOpened(protocol=identity, protocol_version=protocol.version, simulated=simulated)
    ledger.append(lambda fold: [] if fold.protocol else [opened], key=key, by=by, at=at)
    if ledger.snapshot().protocol != identity:
        raise ValueError(f"the study {study!r} is open under another protocol")
    return ledger


def _parse(stored: ProtocolText) -> Protocol:
    protocol, problems = load(stored.text.encode(), name=stored.name)
    if protocol is None or digest(protocol) != stored.digest:
        raise ValueError(f"the stored protocol {stored.digest} is not what it was: {list(map(str, problems))}")
    return protocol

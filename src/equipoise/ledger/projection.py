"""Values: the current answer to every item, projected from the acts as they are recorded."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from equipoise.conduct.acts import Act, FormSaved
from equipoise.ledger.chain import Row

Place = tuple[str, str, str, int, str]  # subject, visit, form, repeat, item

_PLACE: Final = ("study", "subject", "visit", "form", "repeat", "item")
_COLUMNS: Final = (*_PLACE, "value", "missing", "sequence")


class ValueRow(NamedTuple):
    """One current answer, as the table holds it."""

    study: str
    subject: str
    visit: str
    form: str
    repeat: int
    item: str
    value: str | None
    missing: str
    sequence: int

    @property
    def place(self) -> Place:
        """Where the answer stands."""
        return self[1:6]


def _upsert() -> str:
    columns, place = (", ".join(f'"{name}"' for name in names) for names in (_COLUMNS, _PLACE))
    return (
        f"INSERT INTO ledger_value ({columns}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
        f" ON CONFLICT ({place})"
        " DO UPDATE SET value = excluded.value, missing = excluded.missing, sequence = excluded.sequence"
    )


_UPSERT: Final = _upsert()


def values_of(row: Row, act: Act) -> Iterator[ValueRow]:
    """The answers an act sets."""
    if isinstance(act, FormSaved):
        for item, (_, new) in act.changes.items():
            value, missing = (None, new["missing"]) if isinstance(new, dict) else (new, "")
            yield ValueRow(row.study, act.subject, act.visit, act.form, act.repeat, item, value, missing, row.sequence)


def write_values(cursor: Any, values: Sequence[ValueRow]) -> None:
    """Make these the current answers."""
    if values:
        cursor.executemany(_UPSERT, values)

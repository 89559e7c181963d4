"""The pharmacy's accountability: what came, and where it is now, by product and lot, from the records as opened.

Every record moves units from one account to another, as in double-entry bookkeeping, so that what was received is
always what is in stock, in quarantine, used, returned, destroyed or lost (ICH E6(R3) 3.15.3). What can be wrong is that
an account falls below zero, or that a count finds another number; both are said. The pharmacist's page computes the
same in the browser (`static/web/pharmacy/stock.js`); a test compares the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

ACCOUNTS: Final = ("received", "stock", "quarantine", "used", "returned", "destroyed", "lost")


class Move(NamedTuple):
    """Units that go from one account to another; the outside world is `received`, which only grows."""

    units: str  # the key of a line that says how many
    source: str
    target: str


MOVES: Final[Mapping[str, tuple[Move, ...]]] = {
    "receipt": (Move("units", "received", "stock"),),
    "preparation": (Move("units", "stock", "used"), Move("wasted", "stock", "destroyed")),
    "excursion": (Move("units", "stock", "quarantine"),),
    "quarantine": (Move("units", "stock", "quarantine"),),
    "reinstatement": (Move("units", "quarantine", "stock"),),
    "return": (Move("units", "stock", "returned"),),
    "destruction": (Move("units", "stock", "destroyed"),),
    "loss": (Move("units", "stock", "lost"),),
    "count": (),
    "correction": (),
}
_FROM_EITHER: Final = ("return", "destruction", "loss")  # from stock, or where the record says so from quarantine


@dataclass(slots=True)
class LotBalance:
    """One lot of a product at one site. `expiry` is as last written; `counted` and `found` are of the last count."""

    product: str
    lot: str
    expiry: str = ""
    accounts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))
    counted: int | None = None
    expected: int | None = None  # what stock and quarantine held when it was counted
    below_zero: bool = False

    @property
    def agrees(self) -> bool:
        """Whether nothing fell below zero and the last count found what it should."""
        return not self.below_zero and self.counted == self.expected


class Entry(NamedTuple):
    """A record as opened: its name in the register, and what it says."""

    record: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accountability:
    """The balance of every lot by product and lot, and the names of records that could not be understood."""

    lots: tuple[LotBalance, ...]
    unread: tuple[str, ...]


def accountability(entries: Iterable[Entry], day: str = "9999-12-31") -> Accountability:
    """Where every unit is at the end of a day (ISO 8601), from a site's records in the order of the register.

    A correction takes back the record it names. Records of one day count in the order in which they were written.
    """
    everything = list(entries)
    understood = [each for each in everything if _is_understood(each.content)]
    taken_back = {each.content.get("of") for each in understood if each.content["kind"] == "correction"}
    lots: dict[tuple[str, str], LotBalance] = {}
    for entry in sorted(understood, key=lambda each: each.content["day"]):
        if entry.record not in taken_back and entry.content["day"] <= day:
            for line in entry.content.get("lines", []):
                _post(entry.content, line, lots)
    unread = tuple(each.record for each in everything if each not in understood)
    return Accountability(tuple(lot for _, lot in sorted(lots.items())), unread)


def _is_understood(content: Mapping[str, Any]) -> bool:
    """Whether the kind is known, the day is text, and every line names its lot and whole numbers of units."""
    kind, lines = content.get("kind"), content.get("lines", [])
    known = isinstance(kind, str) and kind in MOVES and isinstance(content.get("day"), str)
    of = isinstance(content.get("of", ""), str)
    return known and of and isinstance(lines, list) and all(isinstance(line, dict) and _is_line(line) for line in lines)


def _is_line(line: Mapping[str, Any]) -> bool:
    named = all(isinstance(line.get(key), str) for key in ("product", "lot"))
    return named and all(type(line.get(key, 0)) is int and line.get(key, 0) >= 0 for key in ("units", "wasted"))


def _post(content: Mapping[str, Any], line: Mapping[str, Any], lots: dict[tuple[str, str], LotBalance]) -> None:
    key = (line["product"], line["lot"])
    lot = lots.setdefault(key, LotBalance(*key))
    lot.expiry = str(line.get("expiry") or lot.expiry)
    if content["kind"] == "count":
        lot.counted, lot.expected = line.get("units", 0), lot.accounts["stock"] + lot.accounts["quarantine"]
    for move in MOVES[content["kind"]]:
        either = content["kind"] in _FROM_EITHER and content.get("from") == "quarantine"
        _move(lot, line.get(move.units, 0), "quarantine" if either else move.source, move.target)


def _move(lot: LotBalance, units: int, source: str, target: str) -> None:
    lot.accounts[target] += units
    lot.accounts[source] += units if source == "received" else -units
    lot.below_zero = lot.below_zero or lot.accounts[source] < 0

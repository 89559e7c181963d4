"""Where an organ system stands: whether its grade is at least A, B or C, and whether it rests on something new."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from equipoise.instruments.activity.bilag2004_rules import POINTS, SCALE
from equipoise.instruments.logic import all_of, any_of, negated
from equipoise.instruments.reading import Given

Triple: TypeAlias = tuple[bool | None, bool | None, bool | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """One organ system. `at_least` and `new` are for A, B and C; `lacking` are the unanswered questions that matter.

    Because a worse answer never gives a better grade, what is certain of `at_least` bounds the grade exactly.
    """

    at_least: Triple
    new: Triple
    lacking: tuple[str, ...]

    def exactly(self, before: bool | None) -> dict[str, bool | None]:
        """For each grade, whether it is this system's; involvement `before` tells D from E."""
        a, b, c = self.at_least
        return {
            "E": all_of((negated(c), negated(before))),
            "D": all_of((negated(c), before)),
            "C": all_of((c, negated(b))),
            "B": all_of((b, negated(a))),
            "A": a,
        }

    def rests_on_new(self) -> bool | None:
        """Whether something scored worse or new gives the grade; a system graded D or E has nothing new."""
        a, b, c = self.at_least
        new_a, new_b, new_c = self.new
        return any_of((all_of((a, new_a)), all_of((b, negated(a), new_b)), all_of((c, negated(b), new_c))))

    def lowest(self, before: bool | None) -> str:
        """The grade that stands whatever the unanswered questions hide."""
        sure = next((grade for grade, held in zip("ABC", self.at_least, strict=True) if held), "")
        return sure or ("D" if before else "E")

    def most_points(self) -> int:
        """The points if every unanswered question hid the worst."""
        highest = next((grade for grade, held in zip("ABC", self.at_least, strict=True) if held is not False), "E")
        return POINTS[highest]


def scored(code: str | None, least: int) -> bool | None:
    """Whether an item is scored at least so: 1 improving, 2 same, 3 worse, 4 new."""
    return None if code is None else SCALE.index(code) >= least


def at_least(wanted: int, truths: Iterable[bool | None]) -> bool | None:
    """Whether so many of them are true; unknown while the open ones decide."""
    held = list(truths)
    if held.count(True) >= wanted:
        return True
    return None if held.count(True) + held.count(None) >= wanted else False


def open_grades(grades: Triple) -> str:
    """Those of A, B and C that may or may not be reached."""
    return "".join(grade for grade, held in zip("ABC", grades, strict=True) if held is None)


def unanswered(given: Given, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the questions that have no answer, each once."""
    return given.missing(*dict.fromkeys(names))


def total(standings: Iterable[Standing]) -> tuple[Decimal, Decimal]:
    """The least and the most points."""
    held = list(standings)
    return Decimal(sum(POINTS[one.lowest(None)] for one in held)), Decimal(sum(one.most_points() for one in held))

"""A protocol that fits the schema but is not yet judged: what the checks look at, and how they speak."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final, TypeAlias

from equipoise.items.problem import Level, Problem, unknown
from equipoise.protocol.lines import Lines, Path, short
from equipoise.protocol.names import Names, index
from equipoise.protocol.schedule import Visit, read_weeks, visits_of, with_forms
from equipoise.protocol.schema import FormItem, Protocol

FIRST_WEEK: Final = -520
LAST_WEEK: Final = 2080
MOST_VISITS: Final = 400


@dataclass(frozen=True)
class Draft:
    """The protocol, its lines, and its names as far as they can be made out."""

    protocol: Protocol
    lines: Lines

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """The visits whose weeks can be read, at most a few hundred, with the forms due at them."""
        schedule = self.protocol.schedule
        readable = [pattern for pattern in schedule.visits if only_weeks(pattern.weeks)]
        visits = islice((visit for pattern in readable for visit in visits_of(pattern)), MOST_VISITS)
        return with_forms(visits, [activity for activity in schedule.activities if weeks_of(activity.at) is not None])

    @cached_property
    def names(self) -> Names:
        """What each name refers to; of two with the same id, the first."""
        return index(self.protocol, self.visits)

    @cached_property
    def knows_every_visit(self) -> bool:
        """Whether every week in the schedule could be read, so that a visit not found is truly not there."""
        patterns = self.protocol.schedule.visits
        return all(only_weeks(pattern.weeks) for pattern in patterns) and len(self.visits) < MOST_VISITS

    @cached_property
    def knows_what_is_due(self) -> bool:
        """Whether every activity names a form and visits that exist, so that a form not due is truly not due."""
        forms = {form.id for form in self.protocol.forms}
        times = {time for visit in self.visits for time in (visit.id, visit.week)}
        return self.knows_every_visit and all(
            activity.form in forms and (weeks := weeks_of(activity.at)) is not None and times.issuperset(weeks)
            for activity in self.protocol.schedule.activities
        )

    @cached_property
    def masked_items(self) -> frozenset[str]:
        """The items that are kept from every masked role."""
        return frozenset(item.item for item in self.protocol.masking.items if item.level == "masked")

    def all_items(self) -> Iterator[tuple[Path, FormItem]]:
        """Every question of every form with its path."""
        for i, form in enumerate(self.protocol.forms):
            for j, item in enumerate(form.items):
                yield ("forms", i, "items", j), item

    def problem(self, id_: str, path: Path, message: str, hint: str = "") -> Problem:
        """An error at a path."""
        return self._say(id_, path, message, hint, "error")

    def warning(self, id_: str, path: Path, message: str, hint: str = "") -> Problem:
        """Something that may be meant, and should be looked at."""
        return self._say(id_, path, message, hint, "warning")

    def _say(self, id_: str, path: Path, message: str, hint: str, level: Level) -> Problem:
        return Problem(id_, self.lines.where(path), short(message, 500), short(hint, 500), level)

    def reference(
        self, id_: str, kind: str, name: str, known: Iterable[str] | Mapping[str, object], path: Path
    ) -> Iterator[Problem]:
        """A problem if the name is not known, with the one that was probably meant."""
        if name not in known:
            yield self.problem(id_, path, unknown(kind, name, known))


Check: TypeAlias = Callable[[Draft], Iterator[Problem]]


@lru_cache(maxsize=4096)
def weeks_of(text: str) -> tuple[int | str, ...] | None:
    """The weeks and visit ids of a text, or None if it cannot be read or goes beyond a lifetime."""
    try:
        weeks = read_weeks(text)
    except ValueError:
        return None
    inside = all(isinstance(week, str) or FIRST_WEEK <= week <= LAST_WEEK for week in weeks)
    return weeks if inside else None


@lru_cache(maxsize=4096)
def only_weeks(text: str) -> bool:
    """Whether a text is a list of weeks and nothing else."""
    weeks = weeks_of(text)
    return weeks is not None and all(isinstance(week, int) for week in weeks)

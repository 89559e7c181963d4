"""What is asked of a run: the instrument, its variants and settings, and which columns are kept; and what is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.reading import Choices
from equipoise.items import Problem
from equipoise.items.problem import meant
from equipoise.scoring.messages import problem

OWN_COLUMNS = ("unknown", "problems")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run: sound once `check_use` found nothing."""

    instrument: Instrument
    variants: tuple[str, ...]
    settings: Mapping[str, str]
    keep: tuple[str, ...] = ()

    @property
    def choices(self) -> Choices:
        """The settings in force, as the rule reads them."""
        return self.instrument.choices(self.settings)

    def column(self, variant: str, name: str) -> str:
        """The name of a column of results: with several variants, "selena.total"."""
        return f"{variant}.{name}" if len(self.variants) > 1 else name

    @property
    def result_columns(self) -> tuple[str, ...]:
        """The columns that are written after those that are kept."""
        named = (*self.instrument.results, OWN_COLUMNS[0])
        return (*(self.column(variant, name) for variant in self.variants for name in named), OWN_COLUMNS[1])


def check_use(wanted: Wanted) -> Iterator[Problem]:
    """What is wrong with the variants and settings."""
    for variant in wanted.variants:
        yield from wanted.instrument.check(wanted.instrument.id, variant=variant)
    yield from wanted.instrument.check(wanted.instrument.id, settings=wanted.settings)


def check_columns(wanted: Wanted, names: Iterable[str], where: str) -> Iterator[Problem]:
    """What is wrong with the columns of a file: one that is neither asked nor kept, or kept and not there."""
    names = tuple(names)
    asked = wanted.instrument.input_by_id
    for name in names:
        if name not in asked and name not in wanted.keep:
            yield _not_asked(wanted.instrument, name, where)
    for name in wanted.keep:
        if name not in names:
            yield problem("table.E008", where, name=name, columns=", ".join(names))
        elif name in wanted.result_columns:
            yield problem("table.E009", where, name=name)


def _not_asked(instrument: Instrument, name: str, where: str) -> Problem:
    near = meant(name, instrument.input_by_id)
    if near:
        return problem("table.E006", where, name=name, instrument=instrument.id, meant=near)
    return problem("table.E007", where, name=name, instrument=instrument.id)

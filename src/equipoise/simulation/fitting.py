"""Whether a scenario fits a protocol: every arm, site, form, item, code and event it names must be there.

A name that nothing answers to would be passed over in silence, and the simulated trial would be another than the one
that was asked for.
"""

from collections.abc import Container, Iterable, Iterator, Mapping

from equipoise.items import Problem, unknown
from equipoise.protocol.lines import Lines, Path
from equipoise.protocol.names import codes_of
from equipoise.protocol.schema import FormItem, Protocol
from equipoise.simulation.scenario import Draw, LogRow, Scenario, read_with_lines

Wrong = tuple[Path, str, str]  # where, id, what


def read_for(protocol: Protocol, data: bytes, *, name: str) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario written in a file, if it is one and fits the protocol; otherwise every place where it does not."""
    scenario, problems, lines = read_with_lines(data, name)
    if scenario is None:
        return None, problems
    problems = misfits(scenario, protocol, lines)
    return (None if problems else scenario), problems


def misfits(scenario: Scenario, protocol: Protocol, lines: Lines) -> tuple[Problem, ...]:
    """Everything a scenario names that the protocol, or the scenario itself, does not have."""
    fitting = _Fitting(scenario, protocol)
    return tuple(Problem(id_, lines.where(path), said) for path, id_, said in fitting.wrong())


class _Fitting:
    def __init__(self, scenario: Scenario, protocol: Protocol) -> None:
        self.scenario, self.protocol = scenario, protocol
        self.items = {i.id: i for form in protocol.forms if not form.repeats for i in form.items}
        self.logs = {form.id: {i.id: i for i in form.items} for form in protocol.forms if form.repeats}
        self.events = {
            name
            for event, latent in scenario.latent.items()
            for name in (event, f"severe_{event}", *(f"{event}_{kind}" for kind in latent.kinds))
        }

    def wrong(self) -> Iterator[Wrong]:
        sites = {site.id for site in self.protocol.sites}
        yield from _missing(("sites",), "scenario.E002", "site", self.scenario.sites, sites)
        forms = self.protocol.form_by_id
        skips = self.scenario.attendance.remote_skips
        yield from _missing(("attendance", "remote_skips"), "scenario.E003", "form", skips, forms)
        yield from self._rates()
        for number, failure in enumerate(self.scenario.screening.failures):
            named = {**failure.answers, **failure.days_before}
            path: Path = ("screening", "failures", number)
            yield from _missing(path, "scenario.E004", "item", named, self.items)
        yield from _missing(("items",), "scenario.E004", "item", self.scenario.items, self.items)
        for name, draw in self.scenario.items.items():
            if name in self.items:
                yield from self._draw(("items", name), draw, self.items[name])
        for number, row in enumerate(self.scenario.rows):
            yield from self._row(("rows", number), row)

    def _rates(self) -> Iterator[Wrong]:
        for name, latent in self.scenario.latent.items():
            yield from self._arms(("latent", name, "per_year"), latent.per_year)
        for name in ("stops_treatment", "leaves"):
            if (leaving := getattr(self.scenario, name)) is not None:
                yield from self._arms((name, "per_year"), leaving.per_year)

    def _row(self, path: Path, row: LogRow) -> Iterator[Wrong]:
        yield from self._arms((*path, "per_year"), row.per_year)
        if row.form not in self.logs:
            yield (*path, "form"), "scenario.E003", unknown("repeating form", row.form, self.logs)
            return
        items = self.logs[row.form]
        yield from _missing((*path, "answers"), "scenario.E004", "item", row.answers, items)
        for name, draw in row.answers.items():
            if name in items:
                yield from self._draw((*path, "answers", name), draw, items[name])

    def _draw(self, path: Path, draw: Draw, item: FormItem) -> Iterator[Wrong]:
        yield from self._arms((*path, "drift_per_week"), draw.drift_per_week)
        rises = draw.level.rise if draw.level else {}
        for key, named in (("shift", draw.shift), ("during", draw.during), ("onset", draw.onset), ("level", rises)):
            yield from _missing((*path, key), "scenario.E005", "event", named, self.events)
        codes = codes_of(item, self.protocol)
        given = (*(draw.choose or ()), *((draw.fixed,) if draw.fixed is not None else ()))
        if item.type in ("choice", "state"):
            yield from _missing(path, "scenario.E006", f"answer to {item.id!r}", given, codes)
        if item.type == "yes_no":
            yield from _missing(path, "scenario.E006", f"answer to {item.id!r}", given, ("yes", "no"))
        for key, inner in (("during", draw.during), ("onset", draw.onset), ("each", draw.each)):
            for name, other in inner.items():
                yield from self._draw((*path, key, name), other, item)

    def _arms(self, path: Path, named: Mapping[str, float]) -> Iterator[Wrong]:
        yield from _missing(path, "scenario.E001", "arm", named, self.protocol.arm_by_id)


def _missing(path: Path, id_: str, kind: str, named: Iterable[str], there: Container[str]) -> Iterator[Wrong]:
    known = there if isinstance(there, Iterable) else ()
    for name in named:
        if name not in there:
            yield (*path, name), id_, unknown(kind, name, known)

"""The report of a design: operating characteristics from simulated trials, as a table gives them, in words and figures.

It reads the tidy table that a simulation writes, one row for each design and characteristic. The columns are those of
`_COLUMNS`; every other one is what a grid sets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from equipoise.protocol.load import digest
from equipoise.protocol.schema import Estimand, Protocol
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph
from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.design_assumptions import About, assumptions_table, called, named
from equipoise.reports.design_looks import stopping_lines
from equipoise.reports.design_told import told_tables
from equipoise.reports.figures import Figure
from equipoise.reports.figures.recruitment import recruitment_fan
from equipoise.reports.figures.rejection import Line, crossing_figure, rejection_figure, stock_figure
from equipoise.reports.numbers import Number, plain, with_error
from equipoise.reports.page import to_page
from equipoise.reports.provenance import this_software
from equipoise.reports.report import Report
from equipoise.reports.sensitivity import settings_words
from equipoise.reports.table import Row, Table, to_csv
from equipoise.reports.typeset import chinese_font, to_pdf

MARK = "SIMULATED"
_COLUMNS = (
    "DATA", "scenario", "participants", "analysis", "variant", "characteristic", "value", "monte_carlo_error", "trials",
    "seed",
)  # fmt: skip
_BYTE_ORDER = b"\xef\xbb\xbf"
Cell = tuple[object, ...]  # the values of a grid's keys


def design_files(found: pl.DataFrame, protocol: Protocol, about: Mapping[str, About]) -> dict[str, bytes]:
    """Every file of the report by its path, in the languages of the protocol; `about` tells more of each scenario."""
    files: dict[str, bytes] = {}
    for language in protocol.languages:
        report = compose_design(found, protocol, about, Words(language))
        files |= dict(_of_language(report, Words(language), len(protocol.languages) > 1))
    return files


def _of_language(report: Report, words: Words, both: bool) -> Iterator[tuple[str, bytes]]:
    chinese = report.language == "zh"
    tail = ".zh" if chinese else ""
    yield f"design{tail}.html", to_page(report, words, ("design.html" if chinese else "design.zh.html") if both else "")
    if not chinese or chinese_font():
        yield f"design{tail}.pdf", to_pdf(report, words)
    for figure in report.figures:
        yield f"figures/{figure.id}{tail}.svg", figure.svg
        yield f"figures/{figure.id}.csv", figure.data.select(pl.lit(MARK).alias("DATA"), pl.all()).write_csv().encode()
    for table in report.tables:
        folder = "tables/zh" if chinese else "tables"
        yield f"{folder}/{table.id}.csv", (_BYTE_ORDER if chinese else b"") + to_csv(table, MARK)


def compose_design(found: pl.DataFrame, protocol: Protocol, about: Mapping[str, About], words: Words) -> Report:
    """The report in one language."""
    names = found["scenario"].unique(maintain_order=True).to_list()
    scenarios = [_Scenario(n, name, found.filter(pl.col("scenario") == name), protocol, words)
                 for n, name in enumerate(names, start=1)]  # fmt: skip
    blocks = [
        Heading("design", words("design_report")),
        Paragraph(words("design_lead"), strong=True),
        Facts(tuple(_facts(found, protocol, words))),
        *(block for scenario in scenarios for block in scenario.blocks(about.get(scenario.name, About()))),
        Heading("methods", words("design_methods")),
        Paragraph(words("design_methods_text")),
    ]
    study = protocol.study
    return Report(
        title=words.of(study.title), subtitle=f"{study.acronym} · {words('design_report')}", language=words.language,
        marks=(words("simulated"),), foot=f"{words('protocol_short')} {digest(protocol)[:16]} · {this_software()}",
        blocks=tuple(_numbered(blocks, words)),
    )  # fmt: skip


def _facts(found: pl.DataFrame, protocol: Protocol, words: Words) -> Iterator[tuple[str, str]]:
    trials = sorted(set(found["trials"].to_list()))
    version = words("protocol_version_text", version=protocol.version, dated=protocol.dated)
    yield words("protocol_version"), version
    yield words("design_trials"), " – ".join(f"{n:,}" for n in dict.fromkeys((trials[0], trials[-1])))
    yield words("design_seed"), str(found["seed"][0])


def _numbered(blocks: list[Block], words: Words) -> Iterator[Block]:
    tables = figures = 0
    for block in blocks:
        match block:
            case Table():
                tables += 1
                yield replace(block, title=f"{words('table', n=tables)} {block.title}")
            case Figure():
                figures += 1
                yield replace(block, title=f"{words('figure', n=figures)} {block.title}")
            case _:
                yield block


@dataclass(frozen=True)
class _Scenario:
    """One scenario with all cells of its grid."""

    number: int
    name: str
    found: pl.DataFrame
    protocol: Protocol
    words: Words

    def blocks(self, about: About) -> Iterator[Block]:
        """Its section: what is assumed; one design in full, or a grid as a table and figures; looks and recruitment."""
        yield Heading(f"scenario_{self.number}", self.words("design_scenario", name=self.name))
        if about.text is not None:
            yield Paragraph(self.words.of(about.text))
        if len(self.cells) > 1:
            yield self.grid_table()
            yield from self.figures()
        else:
            yield self.analyses_table()
            yield self.course_table()
        yield from told_tables(f"told_{self.number}", self.told(), self.words)
        yield from self.stopping()
        if about.recruitment is not None and about.recruitment.height:
            target = int(self.found["participants"][0])
            yield recruitment_fan(f"recruitment_{self.number}", about.recruitment, target, about.start, self.words)
        if about.assumed:
            varied = dict.fromkeys(self.keys)
            yield assumptions_table(f"assumed_{self.number}", about, varied, self.protocol, self.words)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What the grid sets, with more than one value."""
        others = [name for name in self.found.columns if name not in _COLUMNS] + ["participants"]
        return tuple(name for name in others if self.found[name].n_unique() > 1)

    @cached_property
    def numbers(self) -> dict[tuple[Cell, str, str, str], Number]:
        """Values and errors by cell, analysis, variant and characteristic."""
        return {
            (tuple(row[key] for key in self.keys), row["analysis"], row["variant"], row["characteristic"]): (
                row["value"], row["monte_carlo_error"],
            )
            for row in self.found.iter_rows(named=True)
        }  # fmt: skip

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of the grid in their order."""
        return tuple(dict.fromkeys(cell for cell, _, _, _ in self.numbers))

    @cached_property
    def analyses(self) -> tuple[tuple[str, str], ...]:
        """The analyses and their variants in their order."""
        return tuple(dict.fromkeys((a, v) for _, a, v, _ in self.numbers if a))

    def label(self, analysis: str, variant: str) -> str:
        """What an analysis is called: the main one with how it takes unknown outcomes where it takes them in some way,
        a sensitivity analysis with its own name or else how it is done.
        """
        estimand = self._estimand(analysis)
        if variant in _CONDUCTED:
            return self.words.bracketed(self.words.of(estimand.label), self.words(_CONDUCTED[variant]))
        number = variant.removeprefix("sensitivity_")
        name, method = self.words.of(estimand.label), estimand.method
        if number.isdecimal():
            other = estimand.sensitivity[int(number) - 1]
            how = settings_words(self.words, other, lambda each: called(each, self.protocol, self.words))
            return self.words.bracketed(name, self.words.of(other.label) if other.label is not None else how)
        told = method.function == "two_proportions" and f"missing_{method.missing}" in TEXTS
        return self.words.bracketed(name, self.words(f"missing_{method.missing}")) if told else name

    def _estimand(self, analysis: str) -> Estimand:
        return next(each for each in self.protocol.estimands if each.id == analysis)

    def analyses_table(self) -> Table:
        """Of each analysis how often it rejects, and how good its estimates are; without truths where none has one."""
        known = any(self.numbers[self.cells[0], *each, "truth"][0] is not None for each in self.analyses)
        columns = [name for name in _WIDTHS if known or name not in _OF_A_TRUTH]
        rows = []
        for each in self.analyses:
            line = self._line(*each)
            rows.append(Row((self.label(*each), *(line[name] for name in columns[1:]))))
        return Table(
            f"analyses_{self.number}", self.words("design_analyses"), tuple(map(self.words, columns)), tuple(rows),
            () if known else (self.words("design_no_truth"),), widths=tuple(_WIDTHS[name] for name in columns),
        )  # fmt: skip

    def _line(self, analysis: str, variant: str) -> dict[str, str]:
        def number(name: str) -> Number:
            return self.numbers[self.cells[0], analysis, variant, name]

        spread = f"{plain(number('empirical_error')[0], 3)}, {plain(number('model_error')[0], 3)}"
        return {
            "design_rejects": with_error(number("rejected"), 100.0, 1, 2), "design_truth": plain(number("truth")[0], 3),
            "design_mean": plain(number("mean_estimate")[0], 3), "design_bias": with_error(number("bias"), 1.0, 4, 4),
            "design_coverage": with_error(number("coverage"), 100.0, 1, 2), "design_spread": spread,
        }  # fmt: skip

    def course_table(self) -> Table:
        """What a trial looks like on average."""
        words = self.words
        rows = []
        for what in ("with_event", "unknown", "onsets"):
            for side in ("treated", "reference"):
                named = words("design_per_arm", what=words(f"design_{what}"), arm=self._arm(side))
                rows.append((named, self.numbers[self.cells[0], "", "", f"{side}_{what}"]))
        rows += [(words(name), self.numbers[self.cells[0], "", "", name]) for name in _OF_THE_TRIAL]
        shown = tuple(Row((name, with_error(number, 1.0, 2, 3))) for name, number in rows if number[0] is not None)
        columns = (words("design_quantity"), words("design_average"))
        return Table(f"course_{self.number}", words("design_course"), columns, shown)

    def _arm(self, side: str) -> str:
        reference = self._estimand(self.analyses[0][0]).reference_arm
        arms = [arm for arm in self.protocol.arms if (arm.id == reference) == (side == "reference")]
        return self.words.of(arms[0].label)

    def grid_table(self) -> Table:
        """One line for each cell of the grid: what was assumed, and how often each analysis rejects."""
        labels = tuple(self.label(*each) for each in self.analyses)
        columns = (*(self._key(key) for key in self.keys), *labels)
        rows = tuple(
            Row((*map(_written, cell), *(self._rejects(cell, *each) for each in self.analyses))) for cell in self.cells
        )
        widths = (*(1.0 for _ in self.keys), *(1.5 for _ in labels))
        title = self.words.bracketed(self.words("design_cells"), self.words("design_rejects"))
        return Table(f"grid_{self.number}", title, columns, rows, widths=widths)

    def _rejects(self, cell: Cell, analysis: str, variant: str) -> str:
        return with_error(self.numbers[cell, analysis, variant, "rejected"], 100.0, 1, 2)

    def _key(self, key: str) -> str:
        return named(key, self.protocol, self.words)

    def told(self) -> list[tuple[str, dict[str, Number]]]:
        """The designs by what they assume, each with its numbers by their names."""
        numbers: dict[Cell, dict[str, Number]] = {}
        for (cell, _, _, name), number in self.numbers.items():
            numbers.setdefault(cell, {})[name] = number
        return [(self._assumed(dict(zip(self.keys, cell, strict=True))), numbers[cell]) for cell in self.cells]

    def stopping(self) -> Iterator[Figure]:
        """When trials stop, where any look was simulated."""
        looked = self.found.filter(pl.col("characteristic").str.contains("_at_look_"))
        if not looked.height:
            return
        labels = [self._assumed(dict(zip(self.keys, cell, strict=True))) for cell in self.cells]
        if lines := stopping_lines(looked, labels, self.keys, self.words):
            label = self.label(looked["analysis"][0], "")
            yield crossing_figure(f"looks_{self.number}", label, lines, self.words)

    def _assumed(self, values: Mapping[str, object]) -> str:
        """A combination of assumptions in words."""
        return self.words.listed([f"{self._key(key)} {_written(value)}" for key, value in values.items()])

    def figures(self) -> Iterator[Figure]:
        """Over the key with most numbers: how often the first analysis rejects, and how often stock runs out."""
        numeric = [key for key in self.keys if self.found[key].dtype.is_numeric()]
        if not numeric:
            return
        axis = max(numeric, key=lambda key: self.found[key].n_unique())
        analysis, variant = self.analyses[0]
        if drawn := self._lines(axis, analysis, variant, "rejected"):
            alpha, label = float(self.protocol.analysis.alpha), self.label(analysis, variant)
            yield rejection_figure(f"rejection_{self.number}", label, self._key(axis), drawn, alpha, self.words)
        if drawn := self._lines(axis, "", "", "out_of_stock"):
            yield stock_figure(f"stock_{self.number}", self._key(axis), drawn, self.words)

    def _lines(self, axis: str, analysis: str, variant: str, name: str) -> list[Line]:
        """A share over one key of the grid, with a line for each combination of the others; none that is not there."""
        place = self.keys.index(axis)
        lines: dict[str, list[tuple[float, float, float]]] = {}
        for cell in self.cells:
            others = self._assumed({key: at for key, at in zip(self.keys, cell, strict=True) if key != axis})
            value, error = self.numbers.get((cell, analysis, variant, name), (None, None))
            if value is not None and error is not None:
                lines.setdefault(others, []).append((float(str(cell[place])), value, error))
        return [Line(name, tuple(sorted(points))) for name, points in lines.items()]


# Variants of an analysis that come from how a trial is conducted, not from its method.
_CONDUCTED = {"monitored": "design_monitored", "randomisation_test": "design_randomisation_test"}
# The columns of the table of analyses, with the shares of its width; some of them need a true value.
_WIDTHS = {"design_analyses": 2.4, "design_rejects": 1.3, "design_truth": 0.8, "design_mean": 0.9, "design_bias": 1.2,
           "design_coverage": 1.2, "design_spread": 1.1}  # fmt: skip
_OF_A_TRUTH = frozenset({"design_truth", "design_bias", "design_coverage"})
_OF_THE_TRIAL = ("duration_weeks", "imbalance", "correct_guess")


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

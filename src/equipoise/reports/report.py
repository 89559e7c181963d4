"""The whole report as blocks in the order of a journal article, its tables and figures numbered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from equipoise.reports import section_efficacy as efficacy
from equipoise.reports import section_end as end
from equipoise.reports import section_trial as start
from equipoise.reports.blocks import Block, Heading, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.figures import Figure
from equipoise.reports.section_belief import belief
from equipoise.reports.section_components import components
from equipoise.reports.section_estimands import estimands
from equipoise.reports.section_laboratory import beside
from equipoise.reports.section_listings import listings
from equipoise.reports.section_monitoring import sequential
from equipoise.reports.section_references import references
from equipoise.reports.section_safety import safety
from equipoise.reports.section_subgroups import subgroup_forests
from equipoise.reports.section_unknown import unknown_outcomes
from equipoise.reports.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A report in one language: what stands on every page, and the blocks."""

    title: str
    subtitle: str
    language: str
    marks: tuple[str, ...]
    foot: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def sections(self) -> tuple[Heading, ...]:
        """The headings of the sections."""
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.level == 2)


def compose(tell: Teller, marks: tuple[str, ...]) -> Report:
    """The report of an analysis."""
    study = tell.analysis.protocol.study
    return Report(
        title=tell.words.of(study.title),
        subtitle=f"{study.acronym} · {tell.words('report')}",
        language=tell.words.language,
        marks=marks,
        foot=tell.provenance.footer(tell.words),
        blocks=tuple(numbered(tell.words, _blocks(tell))),
    )


def supplement(tell: Teller) -> Iterator[Table]:
    """The tables that stand beside the report; some of them may stand in it too."""
    yield from efficacy.details(tell)
    yield from beside(tell)


def _blocks(tell: Teller) -> Iterator[Block]:
    for section in (
        start.trial, efficacy.key_results, start.course, start.baseline, estimands, efficacy.primary, sequential,
        subgroup_forests, components, efficacy.others, unknown_outcomes, safety, end.deviations, belief,
        end.methods, references, end.provenance, listings,
    ):  # fmt: skip
        yield from section(tell)


def numbered(words: Words, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with their tables and figures numbered."""
    tables = figures = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            yield replace(block, title=f"{words('table', n=tables)} {block.title}")
        elif isinstance(block, Figure):
            figures += 1
            yield replace(block, title=f"{words('figure', n=figures)} {block.title}")
        else:
            yield block

"""The analysis plan as the protocol file says it: analysis sets, and each estimand by its five attributes."""

from collections.abc import Iterator

from equipoise.protocol.schema import Estimand
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import Told
from equipoise.reports.report import Report
from equipoise.reports.section_end import estimand_methods
from equipoise.reports.section_estimands import attributes
from equipoise.reports.table import Row, Table


def plan_report(tell: Teller, marks: tuple[str, ...]) -> Report:
    """The plan as a document of its own; it prints no result."""
    study = tell.analysis.protocol.study
    return Report(
        title=tell.words.of(study.title), subtitle=f"{study.acronym} · {tell.words('plan')}",
        language=tell.words.language, marks=marks, foot=tell.provenance.footer(tell.words), blocks=tuple(_plan(tell)),
    )  # fmt: skip


def _plan(tell: Teller) -> Iterator[Block]:
    words = tell.words
    yield Heading("plan", words("plan"))
    yield Paragraph(words("plan_lead"))
    yield _sets(tell)
    yield estimands_table(tell)


def _sets(tell: Teller) -> Table:
    words = tell.words
    rows = [
        Row((words.of(each.label), words(f"who_{each.who}"))) for each in tell.analysis.protocol.analysis.sets
    ]  # fmt: skip
    return Table(
        "plan_sets", words("sets_of_plan"), (words("sets_of_plan"), words("who")), tuple(rows),
        words=frozenset({0, 1}), widths=(1.0, 2.4),
    )  # fmt: skip


def estimands_table(tell: Teller) -> Table:
    """Each estimand with its five attributes (ICH E9(R1)), its estimator and its sensitivity analyses, as rows."""
    words = tell.words
    methods = dict(estimand_methods(tell))
    rows = [row for estimand in tell.analysis.protocol.estimands for row in _estimand(tell, estimand, methods)]
    return Table(
        "estimands", words("estimands_table"), (words("attribute"), words("meaning")), tuple(rows),
        words=frozenset({0, 1}), widths=(1.0, 2.4),
    )  # fmt: skip


def _estimand(tell: Teller, estimand: Estimand, methods: dict[str, str]) -> Iterator[Row]:
    told, words = Told(tell, estimand), tell.words
    yield Row((told.label,), heading=True)
    yield from (Row(line, indent=1) for line in attributes([told]))
    if not estimand.intercurrent_events:
        yield Row((words("intercurrent"), words("no_intercurrent")), indent=1)
    yield Row((words("estimator"), methods[told.label]), indent=1)

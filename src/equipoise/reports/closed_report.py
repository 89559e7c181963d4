"""The closed report of a look, by arm: for the committee, and for nobody else until the list is opened."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from equipoise.analysis import Analysis, analyse
from equipoise.analysis.ard import results
from equipoise.analysis.sequential import as_statistics, interim_test
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.protocol.monitoring import Look
from equipoise.protocol.schema import Protocol
from equipoise.reports import section_end as end
from equipoise.reports import section_monitoring as monitoring
from equipoise.reports import section_trial as start
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.look_facts import Occasion, heading, look_marks
from equipoise.reports.provenance import Provenance
from equipoise.reports.report import Report, numbered
from equipoise.reports.section_safety import safety


def closed_analysis(opened: OpenedSnapshot, protocol: Protocol, look: Look) -> Analysis:
    """What the closed report tells: the trial at its cut by arm and, at a look at efficacy, its test.

    Who belongs to the per-protocol set is known at the end, so it is not described.
    """
    lasting = tuple(each for each in protocol.analysis.sets if each.who != "per_protocol") or protocol.analysis.sets
    described = protocol.model_copy(update={"analysis": protocol.analysis.model_copy(update={"sets": lasting})})
    analysis = analyse(opened, described, estimands=())
    boundary = protocol.monitoring.boundary if protocol.monitoring is not None else None
    if not look.efficacy or boundary is None:
        return analysis
    tested = as_statistics(look.id, boundary, interim_test(look.id, replace(analysis.cohort, protocol=protocol)))
    return replace(analysis, results=results([*analysis.results.rows, *tested]))


def closed_report(analysis: Analysis, occasion: Occasion, words: Words, provenance: Provenance) -> Report:
    """The closed report in a language. The endpoints of the end are not in it: most have not reached them."""
    look = words.of(occasion.look.label)
    blocks = tuple(numbered(words, _blocks(Teller(analysis, words, provenance), occasion)))
    return _report(words("closed_report", look=look), look, analysis, words, provenance, blocks)


def _blocks(tell: Teller, occasion: Occasion) -> Iterator[Block]:
    yield from heading(occasion, tell.analysis.cohort, tell.words, closed=True)
    yield Heading("boundary", tell.words("boundary"))
    if occasion.look.efficacy:
        yield from monitoring.boundary(tell, occasion.look.id)
    else:
        yield Paragraph(tell.words("safety_only"))
    for section in (safety, start.course, start.baseline, end.deviations, end.provenance):
        yield from section(tell)


def key_page(
    letter: Mapping[str, str], analysis: Analysis, protocol: Protocol, words: Words, provenance: Provenance
) -> Report:
    """Which letter of a coded report is which arm, on a page of its own."""
    named = {mark: words.of(protocol.arm_by_id[arm].label) for arm, mark in letter.items()}
    lines = tuple(sorted(named.items()))
    blocks = (Heading("key", words("letter")), Facts(lines))
    return _report(words("key_page"), words("letter"), analysis, words, provenance, blocks)


def _report(
    title: str, subtitle: str, analysis: Analysis, words: Words, provenance: Provenance, blocks: tuple[Block, ...]
) -> Report:
    return Report(
        title=f"{analysis.protocol.study.acronym} · {title}", subtitle=subtitle, language=words.language,
        marks=look_marks(analysis.cohort.snapshot.simulated, words, closed=True), foot=provenance.footer(words),
        blocks=blocks,
    )  # fmt: skip

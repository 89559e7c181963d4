"""The open report of a look: the whole trial in one group. It is made of a `Snapshot`, which holds no arm.

What it leaves out it leaves out for everybody: forms with an item that could tell the arm, small counts, the names of
products and arms, the title of the trial, which may hold one, and everything of the randomisation but the numbers.
"""

from collections.abc import Iterator

from equipoise.analysis import Analysis
from equipoise.analysis.adverse_events import adverse_events
from equipoise.analysis.ard import results
from equipoise.analysis.completeness import COMPLETENESS, completeness, withheld_forms
from equipoise.analysis.course import ATTENDANCE, DEVIATIONS, attendance, deviations
from equipoise.analysis.flow import FLOW, flow
from equipoise.analysis.pooled import POOLED, pooled
from equipoise.analysis.safety import counted, safety_set
from equipoise.analysis.sets import analysis_sets
from equipoise.conduct.snapshot import Snapshot
from equipoise.protocol.schema import Protocol
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.figures import enrolment
from equipoise.reports.look_facts import Occasion, heading, look_marks
from equipoise.reports.numbers import out_of
from equipoise.reports.open_outcomes import endpoints, events
from equipoise.reports.provenance import Provenance
from equipoise.reports.report import Report, numbered
from equipoise.reports.suppression import shown, single, suppressed
from equipoise.reports.table import Row, Table

_HOW_ENDED = ("completed", "withdrew", "lost", "died", "other", "ongoing")
_HOW_HELD = {"site": "at_site", "home": "home", "remote": "remote", "missed": "missed"}


def pooled_analysis(snapshot: Snapshot, protocol: Protocol) -> Analysis:
    """What the open report counts, everybody in one group."""
    everybody = pooled(snapshot, protocol)
    sets, found = analysis_sets(everybody), adverse_events(everybody)
    rows = [
        *flow(everybody, sets), *attendance(everybody), *deviations(everybody), *completeness(everybody),
        *counted(everybody, found, sets[safety_set(everybody).id]),
    ]  # fmt: skip
    return Analysis(everybody, sets, (), found, results(rows))


def open_report(analysis: Analysis, occasion: Occasion, words: Words, provenance: Provenance) -> Report:
    """The open report in a language, from `pooled_analysis`."""
    tell = Teller(analysis, words, provenance)
    title = words("open_report", look=words.of(occasion.look.label))
    return Report(
        title=f"{analysis.protocol.study.acronym} · {title}",
        subtitle=title,
        language=words.language,
        marks=look_marks(analysis.cohort.snapshot.simulated, words, closed=False),
        foot=provenance.footer(words),
        blocks=tuple(numbered(words, _blocks(tell, occasion))),
    )


def _blocks(tell: Teller, occasion: Occasion) -> Iterator[Block]:
    words, plan = tell.words, tell.analysis.protocol.monitoring
    least = plan.smallest_count if plan is not None else 2
    yield from heading(occasion, tell.analysis.cohort, words, closed=False)
    yield Paragraph(words("open_note"))
    yield Paragraph(words("suppressed_note", most=least - 1, least=least))
    yield Heading("course", words("course"))
    yield enrolment(tell.analysis, words)
    yield _recruitment(tell)
    yield _flow(tell, least)
    yield _attendance(tell, least)
    yield from _completeness(tell)
    yield Heading("deviations", words("deviations"))
    yield _deviations(tell, least)
    yield from endpoints(tell, least)
    yield from events(tell, least)


def _recruitment(tell: Teller) -> Table:
    words, cohort = tell.words, tell.analysis.cohort

    def line(label: str, site: str) -> Row:
        here = [one for one in cohort.everybody if site in ("", one.subject.site)]
        randomised = sum(one.subject.randomised is not None for one in here)
        return Row((label, str(len(here)), str(randomised)))

    rows = [line(words.of(site.label), site.id) for site in cohort.protocol.sites]
    columns = ("", words("screened"), words("randomised"))
    return Table("recruitment", words("recruitment_title"), columns, (*rows, line(words("all"), "")))


def _flow(tell: Teller, least: int) -> Table:
    """Counts of one whole are hidden together; those that overlap, one by one."""
    words, count = tell.words, tell.analysis.results.count
    total = count(FLOW, "allocated", arm=POOLED.id)
    ended = suppressed({how: count(FLOW, how, arm=POOLED.id) for how in _HOW_ENDED}, least)
    stopped = suppressed(
        {"treatment_stopped": (n := count(FLOW, "treatment_stopped", arm=POOLED.id)), "others": total - n}, least
    )
    rows = [
        Row((words("randomised"), str(total))),
        Row((words("treatment_stopped"), shown(words, stopped["treatment_stopped"])), indent=1),
        *(Row((words(how), shown(words, ended[how])), indent=1) for how in _HOW_ENDED),
    ]
    return Table("flow", words("pooled_flow_title"), ("", words("participants")), tuple(rows))


def _attendance(tell: Teller, least: int) -> Table:
    words, results = tell.words, tell.analysis.results
    parts = {how: results.count(ATTENDANCE, "visits", level=how, arm=POOLED.id) for how in _HOW_HELD}
    cells = suppressed(parts, least)
    rows = [Row((words("visits_due"), str(sum(parts.values()))))]
    rows += [Row((words(key), shown(words, cells[how])), indent=1) for how, key in _HOW_HELD.items()]
    return Table("attendance", words("attendance_table"), ("", words("all")), tuple(rows))


def _completeness(tell: Teller) -> Iterator[Block]:
    words, results, forms = tell.words, tell.analysis.results, tell.analysis.protocol.form_by_id
    yield Heading("completeness", words("completeness"))
    rows = tuple(
        Row((words.of(forms[row.level].label), str(row.N), out_of(row.n, row.N)))
        for row in results.of(COMPLETENESS, "forms")
    )
    notes = [words("open_queries", n=results.count(COMPLETENESS, "queries"))]
    if withheld := withheld_forms(tell.analysis.protocol):
        notes.append(words("withheld_forms", n=len(withheld)))
    columns = ("", words("due_forms"), words("entered"))
    yield Table("completeness", words("completeness_title"), columns, rows, tuple(notes))


def _deviations(tell: Teller, least: int) -> Table:
    words = tell.words
    rows = [
        Row(
            (
                words.reason(row.level) if row.level else words("any_deviation"),
                single(row.n or 0, least),
            ),
            indent=1 if row.level else 0,
        )
        for row in tell.analysis.results.of(DEVIATIONS, "participants")
    ]
    return Table("deviations", words("deviations_title"), ("", words("participants")), tuple(rows))

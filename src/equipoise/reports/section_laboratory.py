"""The laboratory and the liver: results over time, shifts against the limits of normal, and the eDISH figure."""

from collections.abc import Iterator

from equipoise.analysis import LiverPeak
from equipoise.analysis.liver import LIVER, QUADRANTS
from equipoise.reports.blocks import Block, Heading, Teller
from equipoise.reports.exposure_tables import set_of
from equipoise.reports.figures import laboratory_boxes, liver_signal
from equipoise.reports.laboratory_displays import analytes, grades_table, shift_table, values_table, visits_table
from equipoise.reports.numbers import DASH, share
from equipoise.reports.study_days import multiple_on
from equipoise.reports.table import Row, Table


def laboratory(tell: Teller) -> Iterator[Block]:
    """What the laboratory found, where the protocol asks it anything."""
    if not tell.analysis.laboratory:
        return
    yield Heading("safety-laboratory", tell.words("laboratory"), 3)
    yield values_table(tell)
    for analyte in tell.analysis.protocol.laboratory.drawn:
        if analyte in analytes(tell):
            yield laboratory_boxes(tell.analysis, analyte, tell.words)
    yield shift_table(tell)
    if any(analyte in tell.analysis.protocol.laboratory.grades for analyte in analytes(tell)):
        yield grades_table(tell)
    if tell.analysis.liver:
        yield Heading("safety-liver", tell.words("liver"), 3)
        yield liver_signal(tell.analysis, tell.words)
        yield quadrants_table(tell)
        yield liver_table(tell)


def beside(tell: Teller) -> Iterator[Table]:
    """The tables of the laboratory that are too long for the report and stand beside it as files."""
    if tell.analysis.laboratory:
        yield visits_table(tell)


def quadrants_table(tell: Teller) -> Table:
    """Participants in each quadrant of the figure, and those whose results were high together at one visit."""
    words, results = tell.words, tell.analysis.results
    lines = [(quadrant, words(f"quadrant_{quadrant or 'unknown'}")) for quadrant in (*QUADRANTS, "")]
    rows = []
    for quadrant, label in lines:
        found = [results.get(LIVER, "quadrant", level=quadrant, arm=arm.id) for arm in tell.arms]
        rows.append(Row((label, *(share(row.n, row.N) if row else DASH for row in found))))
    found = [results.get(LIVER, "signal", arm=arm.id) for arm in tell.arms]
    rows.append(Row((words("liver_signal"), *(share(row.n, row.N) if row else DASH for row in found))))
    title = words("liver_title", set=set_of(tell))
    return Table("liver_quadrants", title, ("", *tell.columns()), tuple(rows), (words("liver_note"),))


def liver_table(tell: Teller) -> Table:
    """Whom a clinician should look at: both peaks high, or high together at one visit."""
    words = tell.words
    rows = [_peaks(tell, peak) for peak in tell.analysis.liver if peak.quadrant == "hys_law" or peak.signal_visits]
    names = ("alt", "ast", "bilirubin")
    peaks = [words("peak", name=words(f"peak_{name}")) for name in names]
    arm = () if tell.analysis.cohort.dummy else (words("arm"),)
    columns = (words("subject"), *arm, *peaks, words("same_visit"))
    notes = (words("list_days"),) if rows else (words("nobody"),)
    everything = frozenset(range(len(columns)))
    return Table("list_liver", words("liver_list_title"), columns, tuple(rows), notes, everything)


def _peaks(tell: Teller, peak: LiverPeak) -> Row:
    found = [multiple_on(tell, row) for row in (peak.alt, peak.ast, peak.bilirubin)]
    together = tell.words.listed([tell.visit(visit) for visit in peak.signal_visits]) or DASH
    arm = () if tell.analysis.cohort.dummy else (tell.arm(peak.arm),)
    return Row((peak.subject, *arm, *found, together))

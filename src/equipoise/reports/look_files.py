"""The reports of a look as files, in every language of the trial. The same cut gives the same bytes."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import polars as pl

from equipoise.analysis.coded import coded
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
from equipoise.protocol.schema import Protocol
from equipoise.reports.catalogue import Words
from equipoise.reports.closed_report import closed_analysis, closed_report, key_page
from equipoise.reports.look_facts import Occasion
from equipoise.reports.open_report import open_report, pooled_analysis
from equipoise.reports.page import to_page
from equipoise.reports.provenance import Provenance
from equipoise.reports.recommendation import closed_minutes, recommendation_form
from equipoise.reports.report import Report
from equipoise.reports.typeset import chinese_font, to_pdf

Files = dict[str, bytes]


def open_files(snapshot: Snapshot, protocol: Protocol, occasion: Occasion, provenance: Provenance) -> Files:
    """The open report. It takes no arm, so that none can be in it."""
    analysis = pooled_analysis(snapshot, protocol)
    return _written(protocol, "open", _mark(snapshot), lambda words: open_report(analysis, occasion, words, provenance))


def closed_files(
    opened: OpenedSnapshot, protocol: Protocol, occasion: Occasion, provenance: Provenance,
    letter: Mapping[str, str] | None = None,
) -> tuple[Files, Files]:  # fmt: skip
    """The closed report with the form of the recommendation; and the key of the letters, where arms are coded."""
    shown, told = coded(opened, protocol, letter) if letter else (opened, protocol)
    analysis = closed_analysis(shown, told, occasion.look)
    simulated, mark = opened.snapshot.simulated, _mark(opened.snapshot)
    files = _written(protocol, "closed", mark, lambda words: closed_report(analysis, occasion, words, provenance))
    for name, form in (("recommendation", recommendation_form), ("minutes", closed_minutes)):
        made = partial(form, protocol, occasion, simulated, provenance=provenance)
        files |= _written(protocol, name, mark, made)
    if not letter:
        return files, {}
    return files, _written(protocol, "key", mark, lambda words: key_page(letter, analysis, protocol, words, provenance))


def _mark(snapshot: Snapshot) -> str:
    return "SIMULATED; INTERIM" if snapshot.simulated else "INTERIM"


def _written(protocol: Protocol, name: str, mark: str, tell: Callable[[Words], Report]) -> Files:
    return dict(
        file
        for language in protocol.languages
        for file in _in_language(tell(Words(language)), Words(language), name, mark, len(protocol.languages) > 1)
    )


def _in_language(report: Report, words: Words, name: str, mark: str, both: bool) -> Iterator[tuple[str, bytes]]:
    """The page, the PDF (in Chinese only where the machine has a font for it), the drawings and their data."""
    tail, other = (".zh", "") if report.language == "zh" else ("", ".zh")
    yield f"{name}{tail}.html", to_page(report, words, f"{name}{other}.html" if both else "")
    if not tail or chinese_font():
        yield f"{name}{tail}.pdf", to_pdf(report, words)
    for figure in report.figures:
        yield f"figures/{figure.id}{tail}.svg", figure.svg
        if not tail:
            marked = figure.data.select(pl.lit(mark).alias("DATA"), pl.all())
            yield f"figures/{figure.id}.csv", marked.write_csv().encode()

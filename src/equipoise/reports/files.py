"""The report of a trial as files: pages and PDFs in both languages, drawings, tables, results and analysis rows.

Every row of a data file is marked in a first column `DATA` ("SIMULATED", "DUMMY ARMS"): it stays when the file is cut,
sorted or opened in a spreadsheet, as a comment or a file name would not. Real data with the true arms have no such
column. Nothing here reads a clock: the same snapshot and protocol give the same bytes.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

import polars as pl

from equipoise.analysis import Analysis, analyse
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.protocol.schema import Protocol
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.page import to_page
from equipoise.reports.provenance import Provenance, file_mark, marks
from equipoise.reports.report import Report, compose
from equipoise.reports.section_efficacy import details
from equipoise.reports.section_laboratory import beside
from equipoise.reports.table import Table, to_csv
from equipoise.reports.typeset import chinese_font, to_pdf

Progress = Callable[[int, int], None]

_NO_CHINESE: Final = (
    "report.zh.pdf was left out: this machine has no font with Chinese characters. report.zh.html is complete.\n"
    "未生成 report.zh.pdf：本机没有中文字体。report.zh.html 内容完整。\n"
)
_BYTE_ORDER: Final = b"\xef\xbb\xbf"  # spreadsheets in China take a CSV file for GBK without it


def report_files(
    opened: OpenedSnapshot, protocol: Protocol, provenance: Provenance, *, progress: Progress | None = None
) -> dict[str, bytes]:
    """Every file of the report, by its path. `notes.txt` is among them only where a file had to be left out.

    `progress` is told how many of how many stages are done: the analysis, each language, the data.
    """
    tell_progress = progress or (lambda done, of: None)
    stages = len(protocol.languages) + 2
    analysis = analyse(opened, protocol)
    files: dict[str, bytes] = {}
    for stage, language in enumerate(protocol.languages, start=1):
        tell_progress(stage, stages)
        words = Words(language)
        tell = Teller(analysis, words, provenance)
        report = compose(tell, marks(opened, words))
        files |= dict(_of_language(report, tell, file_mark(opened)))
    if "zh" in protocol.languages and "report.zh.pdf" not in files:
        files["notes.txt"] = _NO_CHINESE.encode()
    tell_progress(stages - 1, stages)
    files |= dict(_data(analysis, file_mark(opened)))
    tell_progress(stages, stages)
    return files


def _of_language(report: Report, tell: Teller, mark: str) -> Iterator[tuple[str, bytes]]:
    chinese = report.language == "zh"
    tail, folder = (".zh", "tables/zh/") if chinese else ("", "tables/")
    both = len(tell.analysis.protocol.languages) > 1
    other = ("report.html" if chinese else "report.zh.html") if both else ""
    yield f"report{tail}.html", to_page(report, tell.words, other)
    if not chinese or chinese_font():
        yield f"report{tail}.pdf", to_pdf(report, tell.words)
    for figure in report.figures:
        yield f"figures/{figure.id}{tail}.svg", figure.svg
        if not chinese:
            yield f"figures/{figure.id}.csv", _csv(figure.data, mark)
    for table in _once(chain(report.tables, details(tell), beside(tell))):
        yield f"{folder}{table.id}.csv", (_BYTE_ORDER if chinese else b"") + to_csv(table, mark)


def _once(tables: Iterator[Table] | chain[Table]) -> Iterator[Table]:
    seen: set[str] = set()
    for table in tables:
        if table.id not in seen:
            seen.add(table.id)
            yield table


def _data(analysis: Analysis, mark: str) -> Iterator[tuple[str, bytes]]:
    yield "ard.csv", _csv(analysis.results.frame(), mark)
    for name, frame in analysis.rows.items():
        yield f"adam/{name}.csv", _csv(frame, mark)


def _csv(frame: pl.DataFrame, mark: str) -> bytes:
    marked = frame.select(pl.lit(mark).alias("DATA"), pl.all()) if mark else frame
    return marked.write_csv().encode()

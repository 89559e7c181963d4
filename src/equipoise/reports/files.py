"""The report of a trial as files: pages and PDFs in both languages, drawings, tables, results and analysis rows.

Every row of a data file is marked in a first column `DATA` ("SIMULATED", "DUMMY ARMS"): it stays when the file is cut,
sorted or opened in a spreadsheet, as a comment or a file name would not. Real data with the true arms have no such
column. Nothing here reads a clock: the same snapshot and protocol give the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from equipoise.analysis import Analysis, analyse
from equipoise.analysis.checks import check_results
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.checks import check_blocks
from equipoise.reports.display import Display, displays, program_of
from equipoise.reports.display_page import Listed, display_page, index_page, path_of
from equipoise.reports.figures import Figure
from equipoise.reports.manifest import MANIFEST, manifest
from equipoise.reports.messages import MESSAGES
from equipoise.reports.page import to_page
from equipoise.reports.provenance import Provenance, file_mark, marks
from equipoise.reports.registry import registry_results
from equipoise.reports.report import compose, supplement
from equipoise.reports.rtf import display_rtf, to_rtf
from equipoise.reports.section_plan import plan_report
from equipoise.reports.table import Table, to_csv
from equipoise.reports.typeset import chinese_font, display_pdf, to_pdf, to_png

Progress = Callable[[int, int], None]

NOTES: Final = "notes.txt"  # there only where something had to be left out
_BYTE_ORDER: Final = b"\xef\xbb\xbf"  # spreadsheets in China take a CSV file for GBK without it


class ContradictionError(Exception):
    """What was to be printed contradicts itself or the results; nothing may be written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def report_files(
    opened: OpenedSnapshot, protocol: Protocol, provenance: Provenance, *, progress: Progress | None = None
) -> dict[str, bytes]:
    """Every file of the report, by its path. NOTES is among them only where files had to be left out.

    `progress` is told how many of how many stages are done: the analysis, each language, the data. Raises
    ContradictionError, with every problem, where the results or what would be printed of them do not hold together.
    """
    tell_progress = progress or (lambda done, of: None)
    stages = len(protocol.languages) + 2
    analysis = analyse(opened, protocol)
    _refuse(check_results(analysis))
    files: dict[str, bytes] = {}
    listed: list[Listed] = []
    for stage, language in enumerate(protocol.languages, start=1):
        tell_progress(stage, stages)
        tell = Teller(analysis, Words(language), provenance)
        told = _Told(tell, marks(opened, tell.words), file_mark(opened))
        files |= dict(_of_language(told))
        listed.append(Listed(tell.words, told.displays, _documents(tell)))
    if "zh" in protocol.languages and not chinese_font():
        left_out = MESSAGES["outputs.W001"]
        files[NOTES] = f"{left_out.en} {left_out.hint_en}\n{left_out.zh}{left_out.hint_zh}\n".encode()
    tell_progress(stages - 1, stages)
    files |= dict(_data(analysis, provenance, file_mark(opened)))
    files["index.html"] = index_page(listed, files, listed[0].words.of(protocol.study.title), _beside(listed, files))
    files[MANIFEST] = manifest(files, opened, provenance)
    tell_progress(stages, stages)
    return files


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise ContradictionError(found)


class _Told:
    """The report and the plan of one language with their displays, read through before anything is made of them."""

    def __init__(self, tell: Teller, marks: tuple[str, ...], mark: str) -> None:
        self.tell, self.mark = tell, mark
        self.report, self.plan = compose(tell, marks), plan_report(tell, marks)
        self.displays = displays(self.report, tell)
        _refuse(check_blocks((*self.report.blocks, *self.plan.blocks, *self.supplement), tell))

    @property
    def supplement(self) -> tuple[Table | Figure, ...]:
        """The displays that stand beside the report and not in it."""
        inside = {id(block) for block in self.report.blocks}
        return tuple(display.block for display in self.displays if id(display.block) not in inside)


def _documents(tell: Teller) -> dict[str, str]:
    tail = _tail(tell.words.language)
    return {f"report{tail}": tell.words("report"), f"analysis-plan{tail}": tell.words("plan")}


def _beside(listed: Iterable[Listed], files: Mapping[str, bytes]) -> dict[str, str]:
    """The files of data, each with what it is in every language."""
    said = {"ard.csv": "results_dataset", "registry-results.json": "registry_file", MANIFEST: "manifest_file"}
    words = [each.words for each in listed]
    rows = {name: Path(name).stem.upper() for name in sorted(files) if name.startswith("adam/")}
    return {**{name: " · ".join(w(key) for w in words) for name, key in said.items()}, **rows}


def _tail(language: str) -> str:
    return ".zh" if language == "zh" else ""


def _of_language(told: _Told) -> Iterator[tuple[str, bytes]]:
    words, chinese = told.tell.words, told.tell.words.language == "zh"
    tail, folder = _tail(words.language), "tables/zh/" if chinese else "tables/"
    with ThreadPoolExecutor(max_workers=1) as press:  # the typesetter works on the other core, Python waits for none
        pictures = [press.submit(_picture, display) for display in told.displays]
        printed = {name: press.submit(setting) for name, setting in _prints(told)}
        paired = zip(told.displays, pictures, strict=True)
        rtf = {program_of(display.block): display_rtf(display, picture.result()) for display, picture in paired}
        yield from _of_displays(told, rtf)
        yield from _of_documents(told, rtf)
        yield from ((name, setting.result()) for name, setting in printed.items())
    for figure in told.report.figures:
        yield f"figures/{figure.id}{tail}.svg", figure.svg
        if not chinese:
            yield f"figures/{figure.id}.csv", _csv(figure.data, told.mark)
    for table in _once(chain(told.report.tables, supplement(told.tell))):
        yield f"{folder}{table.id}.csv", (_BYTE_ORDER if chinese else b"") + to_csv(table, told.mark)


def _picture(display: Display) -> bytes:
    return to_png(display.block, display.language) if isinstance(display.block, Figure) else b""


def _prints(told: _Told) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What becomes a PDF, where the machine has the characters: each display, the report and the plan."""
    words = told.tell.words
    if words.language == "zh" and not chinese_font():
        return
    for display in told.displays:
        yield f"{path_of(display)}.pdf", partial(display_pdf, display, words)
    for name, report in (("report", told.report), ("analysis-plan", told.plan)):
        yield f"{name}{_tail(words.language)}.pdf", partial(to_pdf, report, words)


def _of_documents(told: _Told, rtf: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The report and the plan as pages and as RTF."""
    words, chinese = told.tell.words, told.tell.words.language == "zh"
    tail, other = _tail(words.language), "" if chinese else ".zh"
    both = len(told.tell.analysis.protocol.languages) > 1
    for name, report in (("report", told.report), ("analysis-plan", told.plan)):
        yield f"{name}{tail}.html", to_page(report, words, f"{name}{other}.html" if both else "")
        yield f"{name}{tail}.rtf", to_rtf(report, words, rtf)


def _of_displays(told: _Told, rtf: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each display on its own: as a page and as RTF."""
    words = told.tell.words
    index = "../../index.html" if words.language == "zh" else "../index.html"
    for display in told.displays:
        yield f"{path_of(display)}.html", display_page(display, words, index)
        yield f"{path_of(display)}.rtf", rtf[program_of(display.block)]


def _once(tables: Iterator[Table] | chain[Table]) -> Iterator[Table]:
    seen: set[str] = set()
    for table in tables:
        if table.id not in seen:
            seen.add(table.id)
            yield table


def _data(analysis: Analysis, provenance: Provenance, mark: str) -> Iterator[tuple[str, bytes]]:
    yield "ard.csv", _csv(analysis.results.frame(), mark)
    yield "registry-results.json", registry_results(analysis, provenance, mark)
    for name, frame in analysis.rows.items():
        yield f"adam/{name}.csv", _csv(frame, mark)


def _csv(frame: pl.DataFrame, mark: str) -> bytes:
    marked = frame.select(pl.lit(mark).alias("DATA"), pl.all()) if mark else frame
    return marked.write_csv().encode()

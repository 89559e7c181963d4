"""A folder of outputs: made whole from an analysis and put in its place in one step, or not at all."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from equipoise.analysis.messages import MESSAGES as OF_ANALYSIS
from equipoise.cli.ceremony import stop, write_folder
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.envelopes.messages import MESSAGES as OF_LISTS
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.reports import ContradictionError, Provenance, report_files
from equipoise.reports.messages import MESSAGES as OF_OUTPUTS

_MESSAGES = {**OF_ANALYSIS, **OF_OUTPUTS, **OF_LISTS}


def written(
    folder: Path, opened: OpenedSnapshot, protocol: Protocol, provenance: Provenance,
    progress: Callable[[int, int], None],
) -> list[str]:  # fmt: skip
    """Write every output into a new folder; the names of the files. A check that fails ends the command before that."""
    gc.disable()  # millions of small values and hardly a cycle among them: looking for some costs seconds
    try:
        files = report_files(opened, protocol, provenance, progress=progress)
    except ContradictionError as failed:
        stop(*failed.problems)
    finally:
        gc.enable()
    write_folder(folder, files)
    return [*files]


def said(problem: Problem, language: str) -> Problem:
    """A problem in a language; one whose words are not kept here stays as it is."""
    message = _MESSAGES.get(problem.id)
    if language != "zh" or message is None:
        return problem
    words, hint = (text.format(**problem.params) for text in (message.zh, message.hint_zh))
    return replace(problem, message=words, hint=hint)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path inside it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

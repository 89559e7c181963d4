"""Drafting: from the text or JSON of a registry record to the draft of a protocol file.

What the record says is read and quoted; what it does not say is left to a person and listed, never guessed.
"""

from dataclasses import replace

from equipoise.drafting.assemble import understand_record
from equipoise.drafting.draft import Draft, draft
from equipoise.drafting.lines import decode
from equipoise.drafting.page import read_page
from equipoise.drafting.record import Read, Record
from equipoise.drafting.study_json import looks_like_json, read_study
from equipoise.drafting.told import LARGEST
from equipoise.items.problem import Problem

__all__ = ["Draft", "Read", "Record", "draft", "read_record"]


def read_record(data: bytes, *, name: str) -> Record | list[Problem]:
    """The record in a file, a registry page as text or a ClinicalTrials.gov API v2 study; or why there is none.

    No bytes make this raise.
    """
    if len(data) > LARGEST:
        return [Problem("draft.E004", name, f"The file is larger than {LARGEST:,} bytes. That is no registry record.")]
    text = decode(data)
    if looks_like_json(text):
        return _of_study(text, name)
    told = read_page(text, name=name)
    if told is None:
        message = "No label of a registry page was found in this file."
        hint = "Copy the whole page of the record, or download it as JSON."
        return [Problem("draft.E001", name, message, hint)]
    return understand_record(told)


def _of_study(text: str, name: str) -> Record | list[Problem]:
    found = read_study(text, name=name)
    if isinstance(found, list):
        return found
    told, problems = found
    record = understand_record(told)
    return replace(record, todos=(*problems, *record.todos))

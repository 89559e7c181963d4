"""Comma-separated values as spreadsheets read them: UTF-8 with its mark, and no cell that is computed."""

import csv
import io
from collections.abc import Iterable


def first_line(headings: Iterable[str]) -> bytes:
    """The headings, after the mark without which spreadsheets misread Chinese."""
    return b"\xef\xbb\xbf" + line(headings)


def line(cells: Iterable[str]) -> bytes:
    """One line (RFC 4180)."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow([no_formula(cell) for cell in cells])
    return made.getvalue().encode()


def no_formula(cell: str) -> str:
    """A cell that no spreadsheet computes: what begins like a formula and is no number has an apostrophe before it."""
    risky = cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky and not cell[1:].replace(".", "", 1).isdigit() else cell

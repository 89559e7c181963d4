"""A table a clinician can read, executed: one row is one patient, the last column is what must come out."""

from decimal import Decimal, InvalidOperation

import pytest


@pytest.fixture
def spec():
    """Run `function` on every row; an empty cell is a question nobody answered; text after # is for the reader."""

    def run(table, function):
        lines = [line.split("#")[0].rstrip() for line in table.strip().splitlines()]
        header, _, *rows = (line for line in lines if line.strip())
        names = cells(header)
        assert rows
        for row in rows:
            *given, expected = cells(row)
            answers = {name: answer(text) for name, text in zip(names[:-1], given, strict=True)}
            assert spoken(function(**answers)) == expected, f"{row.strip()}"

    return run


def cells(line):
    return [cell.strip() for cell in line.split("|")]


def answer(text):
    if text in ("", "yes", "no"):
        return {"": None, "yes": True, "no": False}[text]
    try:
        return Decimal(text)
    except InvalidOperation:
        return text.replace(" ", "_")


def spoken(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value).replace("_", " ")

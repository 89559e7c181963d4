"""The page of the randomisation room says what the code has, and every number on it is what the code prints."""

import dataclasses
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

import equipoise.randomisation as room
from equipoise.randomisation.metrics import Metrics
from equipoise.randomisation.specification import PROCEDURES, TAKES
from tests.docs.statistics_pages import PARTS, REFERENCE, ROOT, failures, only_python, sections, signature

PAGE = REFERENCE / "randomisation.md"
TEXT = PAGE.read_text("utf-8")
SECTIONS = {section.name: section for section in sections(PAGE)}
# A weighted draw, a table of slots in steps, a message, chances and arms of a set of best ones.
INTERNAL = {"chosen", "leaps", "problem", "favouring", "chances_of", "best_of"}


def functions():
    """Every public function that a module of the room defines, by name; kernels and what is internal apart."""
    found = {}
    for path in Path(room.__path__[0]).glob("*.py"):
        module = import_module(f"equipoise.randomisation.{path.stem}") if path.stem != "__init__" else room
        if not path.stem.endswith("_kernels"):
            members = inspect.getmembers(module, inspect.isfunction)
            found |= {name: one for name, one in members if one.__module__ == module.__name__ and name[0] != "_"}
    return {name: one for name, one in found.items() if name not in INTERNAL}


def rows(heading):
    """The first cells of the table under a heading, without their backticks."""
    return re.findall(r"(?m)^\| `([^`]+)`", TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0])


def test_the_examples_print_what_the_page_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    said, count = failures(TEXT, PAGE.name)
    assert not said, said
    assert count > 50


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_procedure_has_its_section(procedure):
    section = SECTIONS[procedure]
    assert section.missing(("Takes", "Not for", "Numbers")) == []
    assert ">>> " in only_python(section.text)
    taken = re.search(r"(?m)^\*\*Takes\.\*\* (.+)", section.text)[1]
    expected = [name.strip("()") for name in TAKES[procedure]]
    assert re.findall(r"`(\w+)`", taken) == expected
    assert [name for name in TAKES[procedure] if name.startswith("(") and f"(`{name[1:-1]}`)" not in taken] == []


def test_every_metric_is_defined():
    fields = [field.name for field in dataclasses.fields(Metrics)]
    asked = [name for name, part in vars(Metrics).items() if isinstance(part, property)]
    assert sorted(rows("Metrics")) == sorted([*fields, *asked])


def test_every_function_has_its_section_or_its_row():
    calls = {call.split("(")[0]: call for call in rows("Drawing a list")}
    for name, function in functions().items():
        if name in SECTIONS:
            section = SECTIONS[name]
            assert section.call == signature(function)
            assert section.missing(PARTS) == []
        else:
            assert calls.pop(name, None) == signature(function)
    assert not calls
    assert set(SECTIONS) == {*PROCEDURES, *(set(functions()) & set(SECTIONS))}

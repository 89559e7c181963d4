"""The pages of methods say what the code has, and every number on them is what the code prints."""

import doctest
import re

import pytest

import equipoise.statistics as room
from equipoise.statistics import METHODS, REASONS
from tests.docs.statistics_figures import FIGURES, IMAGES
from tests.docs.statistics_pages import (
    CLASSES,
    DIFFERENCES,
    FUNCTIONS,
    INDEX,
    PAGES,
    PARTS,
    ROOT,
    TYPES,
    called_functions,
    class_row,
    failures,
    index_row,
    only_python,
    public_functions,
    sections,
    signature,
)

SECTIONS = [section for page in PAGES for section in sections(page)]


@pytest.mark.parametrize("page", [*PAGES, DIFFERENCES], ids=lambda page: page.stem)
def test_the_examples_of_a_page_print_what_it_says(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    said, count = failures(page.read_text("utf-8"), page.name)
    assert not said, said
    assert count or page == INDEX


# --- Functions ----------------------------------------------------------------------------------------------------


def test_every_function_has_one_section():
    assert sorted(section.name for section in SECTIONS) == FUNCTIONS


def test_a_public_function_of_a_shelf_is_documented_or_serves_the_room():
    text = "".join(page.read_text("utf-8") for page in PAGES)
    alone = public_functions(room) - called_functions(room) - set(FUNCTIONS)
    assert [name for name in sorted(alone) if f"`{name}()`" not in text] == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_section_has_its_call_its_parts_and_an_example(section):
    assert section.call == signature(getattr(room, section.name))
    assert section.missing(PARTS) == []
    assert ">>> " in only_python(section.text)


def test_every_method_and_reason_is_documented():
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in {*METHODS, *REASONS} if f"`{name}`" not in text] == []


def test_the_index_names_every_function_with_its_methods_and_papers():
    index = INDEX.read_text("utf-8")
    missing = [row for section in SECTIONS if (row := index_row(section)) not in index]
    assert not missing, "write in the index:\n" + "\n".join(missing)
    assert [page.name for page in PAGES if page != INDEX and f"]({page.name})" not in index] == []


# --- Types --------------------------------------------------------------------------------------------------------


def test_every_type_is_described_with_its_fields():
    text = TYPES.read_text("utf-8")
    missing = [row for name in CLASSES if (row := class_row(name)) not in text]
    assert not missing, "write there:\n" + "\n".join(missing)
    assert re.findall(r"(?m)^\| `(\w+)`", text) == CLASSES


# --- Figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_the_code_draws(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    committed = (IMAGES / f"{name}.svg").read_bytes()
    assert committed == FIGURES[name](), "write it again with `python -m tests.docs.statistics_figures`"


# --- Why our number differs ---------------------------------------------------------------------------------------


def test_every_difference_is_worked_out_and_says_where_the_other_number_is_from():
    pieces = re.split(r"(?m)^## (.+)$", DIFFERENCES.read_text("utf-8"))
    worked = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    assert len(worked) > 15
    assert [title for title, text in worked.items() if ">>> " not in text] == ["And smaller things"]


# --- The runner itself --------------------------------------------------------------------------------------------


def test_a_wrong_number_on_a_page_is_seen():
    page = "Words\n\n```python\n>>> 1 + 1\n{}\n```\n\n>>> not run\n"
    assert failures(page.format(2), "page") == ("", 1)
    said, _ = failures(page.format(3), "page")
    assert "line 4" in said
    assert "Got:\n    2" in said
    assert doctest.DocTestParser().get_examples(only_python("```text\n>>> 1\n2\n```\n")) == []

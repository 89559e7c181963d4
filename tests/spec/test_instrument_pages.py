"""Every instrument has a page a clinician can read; its tables are run and its lists are compared with the code."""

import json
import re

import pytest

from equipoise import instruments
from equipoise.instruments.describe import describe, described
from equipoise.items.item import STATES
from tests.spec.instrument_pages import PAGES, examples, run

ALL = instruments.all_instruments()
HEADINGS = ("## Rule", "## Worked examples", "## Traps", "## Everything it asks and answers")
EXAMPLES = [example for path in sorted(PAGES.glob("*.md")) for example in examples(path)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_of_a_page_is_true(example):
    assert run(example) == example.expected


def test_every_instrument_has_a_page_and_no_page_is_left_over():
    assert {path.stem for path in PAGES.glob("*.md")} == {str(instrument) for instrument in ALL}


@pytest.mark.parametrize("instrument", ALL, ids=str)
def test_a_page_has_its_parts_and_tells_everything(instrument):
    text = (PAGES / f"{instrument}.md").read_text("utf-8")
    assert text.startswith(f"# {instrument.title}\n")
    assert [heading for heading in HEADINGS if f"\n{heading}\n" not in text] == []
    if len(instrument.variants) > 1:
        assert "\n## Versions\n" in text
    expected = describe(instrument)
    assert text.endswith(f"{HEADINGS[-1]}\n\n{expected}\n"), f"write at the end of the page:\n{expected}"


TABLES = {
    "variants": "Variant", "results": "Result", "inputs": "Input", "settings": "Setting", "limits": "Limit",
    "sources": "Source",
}  # fmt: skip


@pytest.mark.parametrize("instrument", ALL, ids=str)
def test_programs_are_told_what_the_page_tells(instrument):
    told = json.loads(json.dumps(described(instrument)))
    page = describe(instrument)
    assert page.startswith(f"**{told['title']['en']}** ({told['title']['zh']}), `{told['id']}`, version")
    tables = re.findall(r"(?m)^\| (\w+) \|.*\n\|---.*((?:\n\| `.*)+)", page)
    assert {title: re.findall("\n\\| `([^`]+)`", rows) for title, rows in tables} == {
        title: [one["id"] for one in told[key]] for key, title in TABLES.items() if told[key]
    }
    for question in told["inputs"]:
        declared = instrument.input_by_id[question["id"]]
        codes = STATES if declared.type == "state" else declared.codes
        assert (question["required"], question["codes"]) == (declared.required, list(codes))


@pytest.mark.parametrize("instrument", ALL, ids=str)
def test_a_page_shows_every_variant_at_work(instrument):
    shown = {
        (e.given | e.fixed).get("variant", instrument.variants[0]) for e in EXAMPLES if e.instrument == instrument.id
    }
    assert set(instrument.variants) <= shown


def test_the_list_of_pages_is_the_list_of_instruments():
    index = (PAGES.parent / "instruments.md").read_text("utf-8")
    for instrument in ALL:
        assert f"| [`{instrument}`](instruments/{instrument}.md) | {instrument.title} |" in index

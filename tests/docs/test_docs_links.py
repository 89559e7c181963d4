"""Links lead somewhere, examples are taken from what they are examples of, and pages have their place."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from equipoise.protocol.load import load

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCED = re.compile(r"(?ms)^ *```.*?^ *```$")


def anchors(path):
    """The anchors of a page, as they are made from its headings."""
    titles = re.findall(r"(?m)^#+ (.+)$", FENCED.sub("", path.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = FENCED.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(found), f"{page.name} links to {target}"


def test_every_page_can_be_reached_from_the_readme():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
            waiting += [path for link in links if (path := (page.parent / link).resolve()).is_file()]
    apart = {"CHANGELOG.md", "docs/validation/README.md"}
    lost = {str(path.relative_to(ROOT)) for path in PAGES if path not in seen} - apart
    assert not lost


def test_the_lines_in_the_readme_are_lines_of_the_protocol():
    excerpt = re.search(r"(?ms)^```yaml\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"))[1].splitlines()
    protocol = (ROOT / "trials" / "belimumab-sle" / "protocol.yaml").read_text("utf-8").splitlines()
    place = -1
    for line in excerpt:
        assert line in protocol[place + 1 :], f"not in the protocol after the line before: {line}"
        place = protocol.index(line, place + 1)
    assert 15 <= len(excerpt) <= 30


def test_the_example_of_the_architecture_exists():
    found, problems = load((ROOT / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())
    assert found is not None, problems
    assert "rash" in found.form_by_id["assessment"].item_by_id


def test_every_picture_is_well_formed_and_says_what_it_shows():
    pictures = sorted((ROOT / "docs" / "images").glob("*.svg"))
    assert pictures
    for picture in pictures:
        tree = ElementTree.parse(picture)
        assert tree.find("{*}title").text.strip()
        assert tree.find("{*}desc").text.strip()


def test_the_glossary_is_in_order_and_in_both_languages():
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "GLOSSARY.md").read_text("utf-8"))[1:]
    terms = [term.split(" (")[0].lower() for term, _, _ in rows]
    assert terms == sorted(terms)
    assert len(terms) == len(set(terms)) > 50
    for term, chinese, meaning in rows:
        assert re.search(r"[\u4e00-\u9fff]", chinese), term
        assert meaning.strip().endswith((".", "。")), term


def test_the_rooms_of_the_architecture_are_the_rooms():
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")
    told = re.findall(r"(?m)^\| [^|]*\| `(\w+)` \|", text.split("## One parameter")[0])
    assert sorted(told) == sorted(path.parent.name for path in (ROOT / "src" / "equipoise").glob("*/__init__.py"))

"""Every benchmark has its place on the page, and the page names none that is not there. Seconds are nobody's test."""

import re

from tests.docs.statistics_pages import REFERENCE, ROOT


def test_every_benchmark_has_its_heading():
    text = (REFERENCE / "benchmarks.md").read_text("utf-8")
    modules = (ROOT / "benchmarks").glob("*.py")
    found = {path.stem for path in modules if re.search(r"(?m)^def claims\(", path.read_text("utf-8"))}
    told = set(re.findall(r"(?m)^### `(\w+)`$", text))
    assert told == found, f"measure and write a heading with its claims: {sorted(found - told)}"


def test_the_page_says_how_to_measure_again():
    text = (REFERENCE / "benchmarks.md").read_text("utf-8")
    assert "`make bench`" in text
    assert re.search(r"(?m)^bench:", (ROOT / "Makefile").read_text("utf-8"))

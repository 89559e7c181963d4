"""One laboratory value, four sets of criteria: the tables after `<!-- limits -->` on a page are run."""

import re
from decimal import Decimal

import pytest

from equipoise import instruments
from tests.spec.instrument_pages import PAGES, cells, name

_LIMITS = re.compile(r"<!-- limits -->\n((?:\|.*\n)+)")
TABLES = [
    (path.stem, table) for path in sorted(PAGES.glob("*.md")) for table in _LIMITS.findall(path.read_text("utf-8"))
]
ROWS = [
    pytest.param(name(limit), value, name(head), said, id=f"{page}: {value} {limit} {head}")
    for page, table in TABLES
    for header, _, *rows in [[cells(line) for line in table.splitlines()]]
    for limit, value, *answers in rows
    for head, said in zip(header[2:], answers, strict=True)
]


def test_the_limits_are_shown_where_the_sets_part_ways():
    assert {page for page, _ in TABLES} >= {"acr_1997"}


@pytest.mark.parametrize(("limit", "value", "criteria", "said"), ROWS)
def test_a_value_is_on_the_side_the_page_says(limit, value, criteria, said):
    threshold = instruments.get(criteria).thresholds.get(limit)
    assert said == ("not asked" if threshold is None else "yes" if threshold.met(Decimal(value)) else "no")

"""Whole numbers as they were sent: 0 is one, and what only looks like one is none."""

import pytest

from equipoise.web.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("99999", 99999)])
def test_a_whole_number_is_read(text, number):
    assert whole_number(text, 5) == number


@pytest.mark.parametrize("text", ["", "-1", " 1", "1.0", "1e3", "\u0663", "\u00b2", "100000", "9" * 5000])
def test_anything_else_is_none(text):
    assert whole_number(text, 5) is None

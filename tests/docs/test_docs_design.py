"""The page on the reference trial's design says what its commands find."""

import re

import pytest

from tests.docs.design_page import PAGE, TRIAL, table, tables

TEXT = PAGE.read_text("utf-8")
SLOW = ("control-rates", "null", "misclassification", "visits", "lockdown")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in tables(TEXT)]
)
def test_a_table_is_what_its_command_gives(name):
    assert tables(TEXT)[name] == table(name)


def test_each_table_stands_below_its_command():
    commands = re.findall(r"(?m)^equipoise simulate (\S+) (\S+) --trials 10000 --seed 1$", TEXT)
    assert [scenario.rpartition("/")[2] for _, scenario in commands] == [f"{name}.yaml" for name in tables(TEXT)]
    for name in tables(TEXT):
        assert (TRIAL / "scenarios" / f"{name}.yaml").is_file()


def test_it_is_marked():
    assert "**SIMULATED.**" in TEXT.split("\n\n")[1]

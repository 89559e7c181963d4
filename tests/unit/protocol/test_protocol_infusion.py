"""The record of an infusion names items and codes that are there; a slip of the pen is found in its line."""

from pathlib import Path

import pytest

from equipoise.protocol.check import read_protocol

TEXT = (Path(__file__).parents[3] / "trials" / "belimumab-sle" / "protocol.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("identity", "old", "new"),
    [
        ("protocol.E121", "    bag: bag_number\n", "    bag: bag_nummer\n"),
        ("protocol.E196", "    start: infusion_start\n", "    start: infusion_given\n"),
        ("protocol.E121", "    reaction: reaction\n", "    reaction: reactoin\n"),
        ("protocol.E133", "    no_reaction: none\n", "    no_reaction: nothing\n"),
        ("protocol.E133", "grades: {grade_1: mild,", "grades: {grade_1: mlid,"),
        ("protocol.E133", "grades: {grade_1: mild,", "grades: {grade_0: mild,"),
        ("protocol.E133", "    category: infusion_reaction\n", "    category: infusion\n"),
        ("protocol.E121", "vital_signs: [temperature,", "vital_signs: [temprature,"),
    ],
)
def test_a_slip_is_found_in_its_line(identity, old, new):
    assert TEXT.count(old) == 1
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    protocol, problems = read_protocol(TEXT.replace(old, new))
    assert protocol is None
    assert (identity, f"protocol.yaml:{line}") in {(problem.id, problem.where) for problem in problems}


def test_a_protocol_without_a_record_is_as_it_was():
    start, end = TEXT.index("  infusion:\n"), TEXT.index("  # CHOICE: 60 min for every bag,")
    protocol, problems = read_protocol(TEXT[:start] + TEXT[end:])
    assert problems == ()
    assert protocol.treatment.infusion is None
    assert "infusion" not in protocol.treatment.model_dump()

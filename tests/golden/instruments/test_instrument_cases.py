"""What papers, calculators and other programs print for a patient is what the instruments give.

`cases.csv` holds the input, what is expected, and whose it is, in the format of `equipoise validate`. Tolerances are
those of the source's own print: an exact number, so many decimal places, or the width of its last digit.
"""

from collections import Counter
from pathlib import Path

import pytest

from equipoise.validation import read_cases, run

CASES, PROBLEMS = read_cases(Path(__file__).parent)
# The weight of these patients is not printed, nor whether they were in hospital: what is printed leaves it open.
OPEN = {"sfi_classic"}


def test_every_case_can_be_read():
    assert (len(CASES), PROBLEMS) == (76, ())
    assert all(case.source for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.where}")
def test_the_instrument_gives_what_the_source_prints(case):
    (finding,) = run([case])
    assert finding.verdict == ("open" if case.method in OPEN else "agree"), (finding.found, finding.reason)


def test_no_method_is_left_out():
    methods = Counter(case.method for case in CASES)
    assert len(methods) == 32
    assert min(methods.values()) >= 1

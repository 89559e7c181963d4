"""`equipoise validate` reaches the statistical functions in the words of other programs: every case agrees.

The numbers, programs and tolerances are those of the files beside; the tests there call the functions themselves.
"""

from pathlib import Path

import pytest

from equipoise.validation import read_cases, run

HERE = Path(__file__).parent
FILES = (
    "cases.json",
    "designs.json",
    "longitudinal_r.json",
    "mmrm_cases.json",
    "named_cases.json",
    "rbmi_cases.json",
    "time_to_event_cases.json",
)
# Programs that stop before the optimum are met to a share of a standard error, and nobody else is.
EARLY = ("mmrm_cases.json", "rbmi_cases.json")


def cases_of(name, folder):
    """The cases of a file of any name, as a folder that `validate` reads."""
    (folder / "cases.json").write_bytes((HERE / name).read_bytes())
    (folder / "data").symlink_to(HERE / "data")
    return read_cases(folder)


@pytest.mark.parametrize("name", FILES)
def test_every_case_agrees(name, tmp_path):
    cases, problems = cases_of(name, tmp_path)
    assert problems == ()
    assert cases
    findings = list(run(cases))
    wrong = [(one.case.where, one.verdict, one.reason) for one in findings if one.verdict != "agree"]
    assert not wrong
    excused = [one.case.where for one in findings if "before the optimum" in one.reason]
    assert bool(excused) == (name in EARLY)

"""Conditional-mean imputation with the jackknife on the synthetic trial of `data/rbmi_data.csv`, by two other programs.

`longitudinal_r.json` is made by `longitudinal_r.R` from the definitions, with an optimiser that goes to the end;
`rbmi_cases.json` holds what rbmi 1.5.2 found with method_condmean(type = "jackknife"). rbmi stops its own fit at a
−2 log L about 2e-6 above the maximum, as mmrm does, so its numbers are met to a share of their standard error.
"""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.statistics import ReferenceBased, reference_based

HERE = Path(__file__).parent
WEEKS = (4, 8, 12, 24)
IN_R, IN_RBMI = (
    [one for one in json.loads((HERE / name).read_text(encoding="utf-8")) if one["method"].startswith("rbmi")]
    for name in ("longitudinal_r.json", "rbmi_cases.json")
)
# What stopping early leaves of an error: the largest found is 2e-4.
OF_AN_ERROR = 5e-4


def imputed(strategy: Any) -> ReferenceBased:
    with (HERE / "data" / "rbmi_data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last: dict[str, int | None] = {row["id"]: None for row in rows}
    last |= {row["id"]: int(row["week"]) for row in rows if row["chg"] != "NA"}
    found = reference_based(
        [float("nan") if row["chg"] == "NA" else float(row["chg"]) for row in rows],
        [int(row["arm"]) for row in rows],
        [row["id"] for row in rows],
        [int(row["week"]) for row in rows],
        {"base": [float(row["base"]) for row in rows]},
        reference=0,
        withdrawn_after={patient: week for patient, week in last.items() if week != 24},
        strategy=strategy,
        by_visit=["base"],
    )
    assert isinstance(found, ReferenceBased)
    return found


@pytest.mark.parametrize("case", IN_R, ids=lambda case: case["method"])
def test_the_numbers_of_base_r_are_met(case: dict[str, Any]) -> None:
    found, expected = imputed(case["input"]["strategy"]), case["expected"]
    for key, name in {"est": "estimate", "se": "standard_error", "lower": "lower", "p": "p_value"}.items():
        ours = [getattr(found.difference(1, week), name) for week in WEEKS]
        np.testing.assert_allclose(ours, expected[key], rtol=1e-6, err_msg=key)


@pytest.mark.parametrize("case", IN_RBMI, ids=lambda case: case["method"])
def test_the_numbers_of_rbmi_are_met_to_a_share_of_their_error(case: dict[str, Any]) -> None:
    found, expected = imputed(case["input"]["strategy"]), case["expected"]
    errors = np.array(expected["se"])
    ours = np.array([found.difference(1, week).estimate for week in WEEKS])
    assert np.all(np.abs(ours - expected["est"]) <= OF_AN_ERROR * errors)
    np.testing.assert_allclose([found.difference(1, week).standard_error for week in WEEKS], errors, rtol=OF_AN_ERROR)


def test_what_was_missing_is_counted() -> None:
    """Gaps by week and arm, counted in the file; nobody misses the last visit without having withdrawn."""
    found = imputed("JR")
    with (HERE / "data" / "rbmi_data.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["chg"] == "NA"]
    for place, week in enumerate(WEEKS):
        gaps = tuple(sum(int(row["week"]) == week and row["arm"] == arm for row in rows) for arm in "01")
        assert found.imputed[place] == gaps
    assert found.after_withdrawal[-1] == found.imputed[-1]

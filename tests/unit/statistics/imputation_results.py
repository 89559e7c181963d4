"""One result of every strategy and inference of reference-based imputation, and of what is planned in operations."""

from typing import Any, get_args

import numpy as np

from equipoise.statistics import (
    base_stock_supply,
    predicted_recruitment,
    reference_based,
    reference_based_multiple,
    tipping_point_delta,
)
from equipoise.statistics.means.imputation_model import Strategy

PATIENTS, WEEKS = 15, ("w2", "w4", "w8")
SUBJECT, PLACE = np.divmod(np.arange(PATIENTS * 3), 3)
VISIT = np.array(WEEKS)[PLACE].tolist()
ARM = np.array(["placebo", "low", "high"])[SUBJECT % 3].tolist()
SITE = np.where(SUBJECT % 4 > 1, "north", "south").tolist()
OUTCOME = np.random.default_rng(4).normal(size=(PATIENTS, 3)).cumsum(axis=1).ravel()
# Patient 4 (low) was seen at the first visit only, patient 5 (high) never after randomisation; 7 missed one visit.
OUTCOME[[13, 14, 15, 16, 17, 22]] = np.nan
WITHDRAWN = {4: "w2", 5: None}


def given(**changed: Any) -> dict[str, Any]:
    """The arguments of the functions, some of them changed."""
    arguments = {
        "outcome": OUTCOME,
        "arm": ARM,
        "subject": SUBJECT.tolist(),
        "visit": VISIT,
        "covariates": {"site": SITE},
        "reference": "placebo",
        "withdrawn_after": WITHDRAWN,
        "visits": WEEKS,
        "structure": "ar1",
    }
    return arguments | changed


def every_imputation_result() -> list[Any]:
    found: list[Any] = []
    for strategy in get_args(Strategy):
        once = reference_based(**given(strategy=strategy))
        random = np.random.default_rng(1)
        many = reference_based_multiple(**given(strategy=strategy, imputations=2, random=random))
        found += [once, once.difference("low", "w8"), many, many.adjusted_mean("high", "w4")]
    tipped = tipping_point_delta(**given(treatment="low", at="w8", treatment_deltas=(0.0, 5.0)))
    return [*found, tipped, predicted_recruitment(10, 0.5, 2.0, 12.0), base_stock_supply(3, 1.0, 2.0)]

"""One result of every covariance structure and inference of the mixed model, by its documented name."""

from typing import get_args

import numpy as np

from equipoise.statistics import MixedModelFit, mmrm, mmrm_by_visit
from equipoise.statistics.means.covariance_structures import Structure
from equipoise.statistics.means.kenward_roger import Freedom

PATIENTS, VISITS = 16, 3
SUBJECT, VISIT = np.divmod(np.arange(PATIENTS * VISITS), VISITS)
ARM, BASE = SUBJECT % 2, np.cos(SUBJECT)
OUTCOME = np.random.default_rng(1).normal(size=(PATIENTS, VISITS)).cumsum(axis=1).ravel()
X = np.column_stack([np.eye(VISITS)[VISIT], ARM])
NAMES = ("week 4", "week 8", "week 12", "arm")


def example(structure: Structure = "us", *, reml: bool = True) -> MixedModelFit:
    """A fit of complete invented data."""
    fit = mmrm(OUTCOME, X, SUBJECT, VISIT, names=NAMES, structure=structure, reml=reml)
    assert isinstance(fit, MixedModelFit)
    return fit


def every_mixed_result() -> list[object]:
    found: list[object] = []
    for structure in get_args(Structure):
        fit = example(structure)
        found += [fit, example(structure, reml=False), fit.joint_test(np.eye(4)[:2])]
        found += [fit.coefficient("arm", freedom=freedom) for freedom in get_args(Freedom)]
    by_visit = mmrm_by_visit(OUTCOME, ARM, SUBJECT, VISIT, {"base": BASE}, reference=0)
    return [*found, by_visit, by_visit.any_difference(), by_visit.difference(1, 2)]

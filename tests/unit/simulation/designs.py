"""Designs for the tests: the reference trial with a scenario written in a few lines."""

from functools import cache
from pathlib import Path

import numpy as np
import yaml

from equipoise.protocol.check import read_protocol
from equipoise.simulation.design.analysis_kernels import FACTS, RESULTS
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.running import Laboratory

TRIAL = Path(__file__).parents[3] / "trials" / "belimumab-sle"

SIMPLE = {
    "scenario": "simple",
    "participants": "60",
    "observed": "at_once",
    "analyses": [{"estimand": "time_to_first_flare_itt"}, {"estimand": "any_flare_itt", "sensitivity": "2"}],
    "randomisation": {"procedure": "permuted_blocks", "sizes": ["4"], "strata": "none"},
    "event": {"risk": "0.4"},
    "effect": {"risk": "0.25"},
    "leaves": {"per_year": {"belimumab": "0.1", "placebo": "0.1"}},
}  # fmt: skip


@cache
def protocol():
    """The reference trial's protocol."""
    found, problems = read_protocol((TRIAL / "protocol.yaml").read_bytes(), name="protocol.yaml")
    assert found is not None, problems
    return found


def in_ratio(**ratio):
    """The reference trial with its arms in another ratio; an arm that it does not have is like its first."""
    trial = protocol()
    arms = tuple(trial.arm_by_id.get(name) or trial.arms[0].model_copy(update={"id": name}) for name in ratio)
    randomisation = trial.randomisation.model_copy(update={"ratio": ratio})
    return trial.model_copy(update={"arms": arms, "randomisation": randomisation})


def read(*scenarios, trial=None):
    """The studies of scenarios given as mappings of texts, and the problems."""
    files = [(f"{n}.yaml", yaml.safe_dump(each, sort_keys=False).encode()) for n, each in enumerate(scenarios, 1)]
    return read_studies(trial or protocol(), files)


def study(trial=None, **changes):
    """The study of the simple scenario with other parts; a part that is None is left out."""
    told = {key: part for key, part in {**SIMPLE, **changes}.items() if part is not None}
    studies, problems = read(told, trial=trial)
    assert not problems, problems
    return studies[0]


def shipped(name):
    """The studies of a scenario file of the reference trial."""
    studies, problems = read_studies(protocol(), [(name, (TRIAL / "scenarios" / name).read_bytes())])
    assert not problems, problems
    return studies


def simulated(one, trials, seed=1, first=0):
    """Facts by name, and results by analysis and name, of some trials."""
    lines = Laboratory(one.design, seed).lines(first, trials)
    facts = dict(zip(FACTS, lines.T, strict=False))
    results = lines[:, len(FACTS) :].reshape(trials, -1, len(RESULTS))
    return facts, [dict(zip(RESULTS, results[:, place].T, strict=True)) for place in range(results.shape[1])]


def near(found, expected, error, times=4.5):
    """Whether a simulated number is within so many Monte-Carlo errors of what it should be."""
    return np.all(np.abs(np.asarray(found) - expected) <= times * np.asarray(error) + 1e-12)

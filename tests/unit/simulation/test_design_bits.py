"""Conducted designs: the same bits however many threads compute them, in whatever pieces, or on a cluster."""

import numpy as np
import pytest

from equipoise.simulation.design import running
from equipoise.simulation.design.cluster import cluster
from equipoise.simulation.design.running import Laboratory, Order, simulate
from tests.unit.simulation.designs import study
from tests.unit.simulation.test_design_cluster import ray  # noqa: F401
from tests.unit.simulation.test_design_looks import boundary
from tests.unit.simulation.test_design_sizes import BLINDED, PROMISING

ANY, FIRST = "any_flare_itt", "time_to_first_flare_itt"
LOOKS = {"looks": ["0.5"], "boundary": boundary(60, ANY)}
SCORE = {"variable": "sledai_total", "mean": "4", "deviation": "2", "within": ["0", "99"]}
SEX = {"sex": {"levels": {"female": {"share": "4"}, "male": {"share": "1", "hazard_ratio": "1.5"}}}}
PLAIN = {"participants": "60", "accrual": {"per_week": "4"}, "analyses": [{"estimand": FIRST}, {"estimand": ANY}]}
CONDUCTED = {
    "looks": {"monitoring": LOOKS},
    "re-estimation": {"re_estimation": {**BLINDED, "at_most": "90"}},
    "both": {"monitoring": LOOKS, "re_estimation": {**PROMISING, "at_most": "90"}},
    "scheme": {"randomisation_test": {"estimand": FIRST, "lists": "19"}, "predictability": "yes",
               "randomisation": {"procedure": "big_stick", "limit": "3"}},
    "minimisation": {"randomisation_test": {"estimand": FIRST, "lists": "19"}, "predictability": "yes",
                     "covariates": SEX, "randomisation": {"procedure": "minimisation"}},
    "strategies and models": {
        "observed": "at_visits", "score": SCORE, "covariates": SEX, "dies": {"per_year": {"placebo": "0.2"}},
        "stops_treatment": {"per_year": {"placebo": "0.4"}}, "monitoring": LOOKS,
        "analyses": [{"estimand": ANY, "sensitivity": "1"}, {"estimand": "sledai_change_itt", "sensitivity": "3"}],
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=CONDUCTED, ids=str)
def conducted(request):
    return study(**{**PLAIN, **CONDUCTED[request.param]}).design


def sums(design, workers, engine=None):
    *_, found = simulate(design, Order(14, 7, workers), None, engine)
    return found.trials, found.facts.tobytes(), found.analyses.tobytes()


def test_workers_cannot_be_seen(conducted, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 3)
    one, two, three = (sums(conducted, workers) for workers in (1, 2, 3))
    assert one[0] == 14
    assert one == two == three


def test_a_cluster_cannot_be_seen(conducted, monkeypatch, ray):  # noqa: F811
    monkeypatch.setattr(running, "CHUNK", 3)
    with cluster(2) as engine:
        assert sums(conducted, 1) == sums(conducted, 1, engine)


@pytest.mark.parametrize("size", [1, 4])
def test_a_trial_is_the_same_in_pieces_of_any_size(conducted, size):
    """Sums of other chunks may differ by the order of additions; what is summed may not."""
    whole = Laboratory(conducted, 7).lines(0, 9)
    laboratory = Laboratory(conducted, 7)
    pieces = [laboratory.lines(first, min(size, 9 - first)) for first in range(0, 9, size)]
    assert np.vstack(pieces).tobytes() == whole.tobytes()
    backwards = [Laboratory(conducted, 7).lines(number, 1) for number in (8, 4)]
    assert np.vstack(backwards).tobytes() == whole[[8, 4]].tobytes()

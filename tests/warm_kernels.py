"""Compiles the kernels before the tests begin, beside the linters: measuring coverage makes it twice as long."""

from pathlib import Path

import numpy as np

from equipoise.protocol.check import read_protocol
from equipoise.randomisation import Specification
from equipoise.randomisation.minimisation import Minimisation
from equipoise.randomisation.minimised_lists import minimised_lists
from equipoise.randomisation.rerandomisation import monte_carlo_test
from equipoise.randomisation.tables import simulated, table
from equipoise.simulation.design.exploring import try_out
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.replay import replay
from equipoise.statistics.warm import warm

TRIAL = Path(__file__).parents[1] / "trials" / "belimumab-sle"
SCENARIOS = ("scheme", "supply", "monitoring", "repeated")


def warm_lists() -> None:
    """Draw lists and test over them."""
    blocks = Specification("permuted_blocks", 4, (4,))
    simulated(table(blocks, (1, 1), 4), 4, 2, 1)
    monte_carlo_test([1.0, 2.0, 3.0, 4.0], [0, 1, 1, 0], blocks, lists=2)
    minimised_lists(Minimisation((1, 1)), ("site",), np.zeros((4, 1), np.int64), 1, trials=2)


def warm_designs() -> None:
    """Follow one trial of each of the scenarios that ask for more than their analyses."""
    protocol, _ = read_protocol((TRIAL / "protocol.yaml").read_bytes(), name="protocol.yaml")
    assert protocol is not None
    for name in SCENARIOS:
        file = TRIAL / "scenarios" / f"{name}.yaml"
        studies, _ = read_studies(protocol, [(file.name, file.read_bytes())])
        replay(studies[0].design, 1, 0)


if __name__ == "__main__":
    warm()
    try_out((TRIAL / "protocol.yaml").read_bytes())
    warm_lists()
    warm_designs()

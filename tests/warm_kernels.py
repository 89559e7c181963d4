"""Compiles the kernels before the tests begin, beside the linters: measuring coverage makes it twice as long."""

from pathlib import Path

from equipoise.simulation.design.exploring import try_out
from equipoise.statistics.warm import warm

if __name__ == "__main__":
    warm()
    try_out((Path(__file__).parents[1] / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())

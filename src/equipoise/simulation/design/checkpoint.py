"""A simulation so far, as a file: the sums over whole chunks of each design, by what identifies design and seed.

Floats are written with all their digits, so a simulation that goes on from a checkpoint ends with the same bits.
"""

import json
from collections.abc import Mapping

import numpy as np

from equipoise.simulation.design.analysis_kernels import FACTS
from equipoise.simulation.design.running import CHUNK
from equipoise.simulation.design.sums import KEPT, Sums


def write_checkpoint(so_far: Mapping[str, Sums]) -> bytes:
    """The sums of designs, by their identity."""
    told = {
        name: {"trials": sums.trials, "facts": sums.facts.tolist(), "analyses": sums.analyses.tolist()}
        for name, sums in so_far.items()
    }
    return json.dumps({**_SHAPE, "designs": told}).encode()


# A checkpoint of another shape says nothing to this version.
_SHAPE = {"chunk": CHUNK, "facts": list(FACTS), "kept": list(KEPT)}


def read_checkpoint(data: bytes) -> dict[str, Sums]:
    """The sums of a checkpoint; none if it was written by a version that keeps others, or is no checkpoint."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    if not isinstance(found, dict) or any(found.get(key) != value for key, value in _SHAPE.items()):
        return {}
    return {
        name: Sums(told["trials"], np.array(told["facts"]), np.array(told["analyses"]))
        for name, told in found["designs"].items()
    }

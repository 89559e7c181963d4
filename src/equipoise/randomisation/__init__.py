"""Drawing the allocation list: a restricted specification, the public ratio and a source of randomness give the arms.

What is drawn here is sealed in `envelopes` in the same breath, on a machine that is not the server.
"""

from equipoise.randomisation.messages import MESSAGES
from equipoise.randomisation.procedures import draw, draw_strata
from equipoise.randomisation.restricted import read_specification
from equipoise.randomisation.source import RandomSource, below, operating_system, seeded, shuffled
from equipoise.randomisation.specification import PROCEDURES, Procedure, Specification, check

__all__ = [
    "MESSAGES",
    "PROCEDURES",
    "Procedure",
    "RandomSource",
    "Specification",
    "below",
    "check",
    "draw",
    "draw_strata",
    "operating_system",
    "read_specification",
    "seeded",
    "shuffled",
]

"""What a laboratory's numbers mean: clearance, multiples of a limit, grades of toxicity."""

from typing import Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.laboratory import cockcroft_gault, uln_multiple

INSTRUMENTS: Final[tuple[Instrument, ...]] = (cockcroft_gault.INSTRUMENT, uln_multiple.INSTRUMENT)

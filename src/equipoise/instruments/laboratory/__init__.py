"""What a laboratory's numbers mean: clearance, filtration, protein in urine, multiples of a limit, grades."""

from typing import Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.laboratory import ckd_epi_2021, cockcroft_gault, ctcae_v5, hys_law, uln_multiple, upcr

INSTRUMENTS: Final[tuple[Instrument, ...]] = (
    cockcroft_gault.INSTRUMENT,
    ckd_epi_2021.INSTRUMENT,
    upcr.INSTRUMENT,
    uln_multiple.INSTRUMENT,
    hys_law.INSTRUMENT,
    ctcae_v5.INSTRUMENT,
)

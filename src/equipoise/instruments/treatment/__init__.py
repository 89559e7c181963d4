"""What was taken: doses made comparable, and the study drug's own dose."""

from typing import Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.treatment import belimumab_dose, prednisone_equivalent

INSTRUMENTS: Final[tuple[Instrument, ...]] = (prednisone_equivalent.INSTRUMENT, belimumab_dose.INSTRUMENT)

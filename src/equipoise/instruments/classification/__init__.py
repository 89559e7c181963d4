"""What was ever there: classification criteria and lasting damage."""

from typing import Final

from equipoise.instruments.classification import acr_1997, eular_acr_2019, sdi, slicc_2012
from equipoise.instruments.instrument import Instrument

INSTRUMENTS: Final[tuple[Instrument, ...]] = (
    eular_acr_2019.INSTRUMENT,
    slicc_2012.INSTRUMENT,
    acr_1997.INSTRUMENT,
    sdi.INSTRUMENT,
)

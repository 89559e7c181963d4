"""What became of the disease against baseline or against a target: response, low activity, remission."""

from typing import Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.response import bicla, doris_2021, lldas, sri

INSTRUMENTS: Final[tuple[Instrument, ...]] = (
    sri.INSTRUMENT,
    bicla.INSTRUMENT,
    lldas.INSTRUMENT,
    doris_2021.INSTRUMENT,
)

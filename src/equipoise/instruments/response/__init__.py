"""What became of the disease against baseline or against a target: response, low activity, remission."""

from typing import Final

from equipoise.instruments.instrument import Instrument

INSTRUMENTS: Final[tuple[Instrument, ...]] = ()

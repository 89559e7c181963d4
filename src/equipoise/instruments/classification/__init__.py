"""What was ever there: classification criteria and lasting damage."""

from typing import Final

from equipoise.instruments.instrument import Instrument

INSTRUMENTS: Final[tuple[Instrument, ...]] = ()

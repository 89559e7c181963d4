"""What the disease does now: indices of activity, flares, the physician's view."""

from typing import Final

from equipoise.instruments.activity import bilag_count, pga, sfi, sledai
from equipoise.instruments.instrument import Instrument

INSTRUMENTS: Final[tuple[Instrument, ...]] = (sledai.INSTRUMENT, sfi.INSTRUMENT, bilag_count.INSTRUMENT, pga.INSTRUMENT)

"""What the disease does now: indices of activity, flares, the physician's view."""

from typing import Final

from equipoise.instruments.activity import (
    bilag2004,
    bilag2004_flare,
    bilag_count,
    clasi,
    joint_counts,
    pga,
    sfi,
    sle_das,
    sledai,
    sledai_laboratory,
)
from equipoise.instruments.instrument import Instrument

INSTRUMENTS: Final[tuple[Instrument, ...]] = (
    sledai.INSTRUMENT,
    sledai_laboratory.INSTRUMENT,
    sfi.INSTRUMENT,
    sle_das.INSTRUMENT,
    bilag2004.INSTRUMENT,
    bilag2004_flare.INSTRUMENT,
    bilag_count.INSTRUMENT,
    pga.INSTRUMENT,
    clasi.INSTRUMENT,
    joint_counts.INSTRUMENT,
)

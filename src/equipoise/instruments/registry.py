"""Every instrument by its name."""

from typing import Final

from equipoise.instruments import (
    belimumab_dose,
    bilag_count,
    cockcroft_gault,
    pga,
    prednisone_equivalent,
    sfi,
    sledai,
    uln_multiple,
)
from equipoise.instruments.instrument import Instrument, InstrumentError
from equipoise.items.problem import Problem, unknown

_MODULES: Final = (
    sledai, sfi, bilag_count, pga, cockcroft_gault, uln_multiple, prednisone_equivalent, belimumab_dose,
)  # fmt: skip
_INSTRUMENTS: Final[dict[str, Instrument]] = {module.INSTRUMENT.id: module.INSTRUMENT for module in _MODULES}


def get(name: str) -> Instrument:
    """The instrument of this name. Raises `InstrumentError`, with the name probably meant, when there is none."""
    if name not in _INSTRUMENTS:
        raise InstrumentError(Problem("instrument.E001", name, unknown("instrument", name, _INSTRUMENTS)))
    return _INSTRUMENTS[name]


def all_instruments() -> tuple[Instrument, ...]:
    """Every instrument, in the order of the clinic: activity, flares, then laboratory and doses."""
    return tuple(_INSTRUMENTS.values())

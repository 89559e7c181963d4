"""Every instrument by its name."""

from typing import Final

from equipoise.instruments import activity, classification, laboratory, response, treatment
from equipoise.instruments.instrument import Instrument, InstrumentError
from equipoise.items.problem import Problem, unknown

_SHELVES: Final = (activity, response, classification, laboratory, treatment)
_INSTRUMENTS: Final[dict[str, Instrument]] = {one.id: one for shelf in _SHELVES for one in shelf.INSTRUMENTS}


def get(name: str) -> Instrument:
    """The instrument of this name. Raises `InstrumentError`, with the name probably meant, when there is none."""
    if name not in _INSTRUMENTS:
        raise InstrumentError(Problem("instrument.E001", name, unknown("instrument", name, _INSTRUMENTS)))
    return _INSTRUMENTS[name]


def all_instruments() -> tuple[Instrument, ...]:
    """Every instrument, in the order of the clinic: activity, response, classification, laboratory, treatment."""
    return tuple(_INSTRUMENTS.values())

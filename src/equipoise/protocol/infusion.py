"""How an infusion is recorded at the bedside, and where the form of the treatment keeps what the record says."""

from pydantic import Field

from equipoise.protocol.parts import Identifier, Part


class InfusionRecord(Part):
    """A record kept minute by minute, from which the form of the treatment is filled in: nobody types it twice.

    `bag` to `reaction` are items of that form. `grades` gives the code of `reaction` for each code of severity, and
    `no_reaction` the one for none; `category` is the kind of adverse event that a reaction is. `vital_signs` are items
    of other forms, whose words, units and ranges are asked during the infusion.
    """

    bag: Identifier
    start: Identifier
    minutes: Identifier
    rate: Identifier
    volume: Identifier
    reaction: Identifier
    no_reaction: str
    grades: dict[str, str]
    category: str
    vital_signs: tuple[Identifier, ...] = Field(default=())

"""What a registry record says, in its own words and before anything is understood: words, each with its place."""

from dataclasses import dataclass, field
from typing import Final

# A place holding more than this is no registry record.
LARGEST: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the record, and where it stands ("record.txt:41")."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class ToldArm:
    """One arm as the record describes it. `interventions` are written "Drug: name", or as a bare name."""

    label: Words
    type: str = ""
    description: Words | None = None
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """One outcome as the record describes it; `tier` is primary, secondary or exploratory."""

    tier: str
    measure: Words
    description: str = ""
    time_frame: str = ""


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A facility and its country."""

    facility: Words
    country: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything a record says. A field that is not told is absent from `fields`; its parts are in page order."""

    name: str
    fields: dict[str, tuple[Words, ...]] = field(default_factory=dict)
    arms: tuple[ToldArm, ...] = ()
    outcomes: tuple[ToldOutcome, ...] = ()
    places: tuple[ToldPlace, ...] = ()

    def first(self, *names: str) -> Words | None:
        """The first piece of the first of these fields that is told."""
        return next((self.fields[name][0] for name in names if self.fields.get(name)), None)

    def every(self, *names: str) -> tuple[Words, ...]:
        """All pieces of these fields, in order."""
        return tuple(words for name in names for words in self.fields.get(name, ()))

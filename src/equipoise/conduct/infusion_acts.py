"""The acts at an infusion. They name the bag by its random number and know nothing of what is in it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from equipoise.conduct.act import Name, SubjectAct

Scanned = Annotated[str, StringConstraints(max_length=64)]
InfusionStepKind = Literal["start", "rate", "stop", "restart", "end"]


class BagChecked(SubjectAct):
    """Wristband and bag were read at the bedside, and what was found: only a match may be given."""

    visit: Name
    wristband: Scanned
    bag: Scanned
    found: Literal["matches", "wrong_person", "wrong_bag", "cover_damaged"]


class InfusionStepped(SubjectAct):
    """An infusion was started, set to another rate, stopped, started again or ended: when, and at how many mL/h."""

    visit: Name
    step: InfusionStepKind
    at: AwareDatetime
    rate: Annotated[int, Field(ge=1, le=9999)] | None = None
    volume: Annotated[int, Field(ge=0, le=9999)] | None = None  # mL given in all, known at the end


class VitalSignsTaken(SubjectAct):
    """Vital signs during an infusion: item → value, as the protocol's items write them."""

    visit: Name
    at: AwareDatetime
    signs: dict[Name, str]


class ReactionSeen(SubjectAct):
    """A reaction to an infusion: when, how severe, in which words; `event` is its row in the log of adverse events."""

    visit: Name
    at: AwareDatetime
    grade: str
    sign: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    event: Annotated[int, Field(ge=1)]


INFUSION_ACTS = (BagChecked, InfusionStepped, VitalSignsTaken, ReactionSeen)

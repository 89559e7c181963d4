"""An infusion as it was recorded, and the form of the treatment that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from equipoise.conduct import infusion_acts as i
from equipoise.conduct.act import Act
from equipoise.items import FULL_WIDTH
from equipoise.protocol.schema import InfusionRecord, Protocol

# state → the steps that are possible in it
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": (),
    "ready": ("start",),
    "running": ("rate", "stop", "end"),
    "stopped": ("restart", "end"),
    "ended": (),
}
_AFTER: Final = {"start": "running", "rate": "running", "restart": "running", "stop": "stopped", "end": "ended"}


@dataclass(frozen=True, slots=True)
class Infusion:
    """What was recorded of one infusion, in the order of recording."""

    checks: tuple[i.BagChecked, ...] = ()
    steps: tuple[i.InfusionStepped, ...] = ()
    signs: tuple[i.VitalSignsTaken, ...] = ()
    reactions: tuple[i.ReactionSeen, ...] = ()

    @property
    def state(self) -> str:
        """How far it is, one of `STEPS`: it waits until wristband and bag were found to match."""
        if self.steps:
            return _AFTER[self.steps[-1].step]
        return "ready" if self.checks and self.checks[-1].found == "matches" else "waiting"

    @property
    def last(self) -> datetime | None:
        """The moment of the last step."""
        return self.steps[-1].at if self.steps else None


def infusion_after(before: Infusion, act: Act) -> Infusion:
    """An infusion once another act of it is recorded."""
    match act:
        case i.BagChecked():
            return replace(before, checks=(*before.checks, act))
        case i.InfusionStepped():
            return replace(before, steps=(*before.steps, act))
        case i.VitalSignsTaken():
            return replace(before, signs=(*before.signs, act))
    assert isinstance(act, i.ReactionSeen)  # noqa: S101 - the fourth and last kind
    return replace(before, reactions=(*before.reactions, act))


def plain(scanned: str) -> str:
    """What a scanner or a hand gave, without spaces, in capitals; full-width signs as their plain twins."""
    return "".join(scanned.translate(FULL_WIDTH).split()).upper()


def found_at(subject: str, bag: str, *, wristband: str, label: str, cover_intact: bool) -> str:
    """What comes of reading a wristband and a bag: the person first, since nothing else matters with another one."""
    if plain(wristband) != plain(subject):
        return "wrong_person"
    if plain(label) != plain(bag):
        return "wrong_bag"
    return "matches" if cover_intact else "cover_damaged"


def answers_of(protocol: Protocol, infusion: Infusion, bag: str, zone: str) -> dict[str, str]:
    """The form of the treatment as the record of an ended infusion says it, each answer as it would be typed.

    The duration is from the first start to the end, pauses among it, in whole minutes, one at least.
    """
    record, given = protocol.treatment.infusion, protocol.treatment.administration
    assert record is not None  # noqa: S101 - only such an infusion is recorded
    first, end = infusion.steps[0], infusion.steps[-1]
    said = {
        record.bag: bag,
        record.start: f"{first.at.astimezone(ZoneInfo(zone)):%H:%M}",
        record.minutes: str(max(1, round((end.at - first.at).total_seconds() / 60))),
        record.rate: str(max(step.rate for step in infusion.steps if step.rate is not None)),
        record.volume: str(end.volume),
        record.reaction: _worst(record, infusion),
    }
    told: dict[str | None, bool] = {}
    if given is not None:
        told = {given.given: True, given.whole: end.volume == whole(protocol), given.interrupted: _disturbed(infusion)}
    return said | {item: "yes" if true else "no" for item, true in told.items() if item is not None}


def whole(protocol: Protocol) -> int | None:
    """How many mL the whole bag is; None where the protocol does not say."""
    plan = protocol.treatment.preparation
    return int(plan.quantity.amount) if plan is not None and plan.quantity.unit == "mL" else None


def _disturbed(infusion: Infusion) -> bool:
    """Whether it was stopped for a time, or slowed."""
    rates = [step.rate for step in infusion.steps if step.rate is not None]
    return any(step.step == "stop" for step in infusion.steps) or rates != sorted(rates)


def _worst(record: InfusionRecord, infusion: Infusion) -> str:
    """The answer to the question about reactions: by the worst one, in the order in which the protocol grades."""
    seen = {reaction.grade for reaction in infusion.reactions}
    worst = [code for grade, code in record.grades.items() if grade in seen]
    return worst[-1] if worst else record.no_reaction


def row_of(protocol: Protocol, act: i.ReactionSeen, zone: str) -> dict[str, str]:
    """What a reaction says of its adverse event. The rest is for the investigator to add."""
    events, record = protocol.safety.adverse_events, protocol.treatment.infusion
    assert record is not None  # noqa: S101 - only such an infusion is recorded
    on = act.at.astimezone(ZoneInfo(zone)).date().isoformat()
    return {events.term: act.sign, events.category: record.category, events.onset: on, events.severity: act.grade}

"""How participants are assigned and treated: masking, ratio, procedure, and the arms with dose, route and regimen."""

import re
from collections.abc import Iterator
from typing import Final, TypeVar

from equipoise.drafting.reader import LONGEST_TEXT, Reader
from equipoise.drafting.reading import design
from equipoise.drafting.reading.dose import AmountGiven, mentions_dose, read_dose, read_route
from equipoise.drafting.reading.regimen import Regimen, mentions_time, read_regimen
from equipoise.drafting.record import ArmRead, Read
from equipoise.drafting.todo import CONFLICT, DOUBT, NOT_TOLD, NOT_UNDERSTOOD, shortened
from equipoise.drafting.told import ToldArm, Words

T = TypeVar("T")
LONGEST_READ: Final = 8000


def masking(reader: Reader) -> Read[tuple[str, ...]] | None:
    """Who is masked: four of four, nobody, or those that are named."""
    words = reader.told.first("masking")
    named = tuple(party.text for party in reader.told.every("who_masked"))
    if words and design.read_masked(words.text, named) is None:
        message = f"{shortened(words.text, 60)!r} does not say who is masked."
        hint = "List them under `masking.masked`; until then every role that can be masked is."
        reader.note(NOT_UNDERSTOOD, words.where, message, hint)
        return None
    return reader.word("masking", "masking", lambda text: design.read_masked(text, named))


def _texts_of_design(reader: Reader) -> Iterator[Words]:
    yield from (arm.description for arm in reader.told.arms if arm.description)
    yield from reader.told.every("model_description", "allocation", "summary", "description", "official_title")


def ratio_of(reader: Reader) -> Read[tuple[int, ...]] | None:
    """The ratio, where the record has exactly one and it has a share for each arm."""
    found: dict[tuple[int, ...], Read[tuple[int, ...]]] = {}
    for words in _texts_of_design(reader):
        for sentence in re.split(r"(?<=[a-z)])\.\s", words.text):
            if ratio := design.read_ratio(sentence):
                match = re.search(r".{0,40}\d\s*(?::|[- ]?to[- ]?)\s*\d.{0,80}", sentence)
                found.setdefault(ratio, Read(ratio, match[0] if match else sentence, words.where))
    fitting = [read for ratio, read in found.items() if len(ratio) == len(reader.told.arms)]
    if len(found) > 1:
        said = " and ".join(":".join(map(str, ratio)) for ratio in found)
        reader.note(
            CONFLICT, next(iter(found.values())).where, f"The record has the ratios {said}.", "Write the right one."
        )
        return None
    if found and not fitting:
        read = next(iter(found.values()))
        message = f"The ratio {':'.join(map(str, read.value))} does not fit the {len(reader.told.arms)} arms."
        reader.note(CONFLICT, read.where, message, "Write the shares of the arms.")
        return None
    return fitting[0] if fitting else None


def procedure(reader: Reader) -> Read[str] | None:
    """The way of randomising, where it is named."""
    for words in _texts_of_design(reader):
        if value := design.read_procedure(words.text):
            return Read(value, quoted("randomi", words)[0] or words.text, words.where)
    return None


def arm_read(reader: Reader, arm: ToldArm) -> ArmRead:
    """One arm as understood: its kind, dose, route and regimen, each only where the words leave no doubt."""
    description = arm.description
    everything = f"{arm.label.text}. {description.text if description else ''}"[:LONGEST_READ]
    type_ = design.read_arm_type(arm.type)
    if not type_:
        message = f"What kind of arm {shortened(arm.label.text, 60)!r} is was not read."
        reader.note(NOT_UNDERSTOOD, arm.label.where, message, "Write its `type:`.")
    route = read_route(everything)
    return ArmRead(
        label=Read(arm.label.text.strip()[:300], arm.label.text.strip(), arm.label.where),
        type=type_,
        description=Read(description.text[:LONGEST_TEXT], description.text, description.where) if description else None,
        interventions=arm.interventions[:10],
        dose=None if type_ in ("placebo_comparator", "no_intervention") else _dose(reader, arm, type_, everything),
        regimen=_regimen(reader, arm),
        route=_as_read(route, route[:5], arm) if route else None,
    )


def _as_read(value: T, words: str, arm: ToldArm) -> Read[T]:
    """A value with its words, looked up in the label and then in the description."""
    quote, where = quoted(words, arm.label, arm.description)
    whole = arm.description or arm.label
    return Read(value, quote or whole.text, where or whole.where)


def _regimen(reader: Reader, arm: ToldArm) -> Read[Regimen] | None:
    description = arm.description
    where, name = (description or arm.label).where, shortened(arm.label.text, 60)
    regimen = read_regimen((description or arm.label).text[:LONGEST_READ])
    if regimen is None and arm.type != "no_intervention":
        said = mentions_time(f"{arm.label.text}. {description.text if description else ''}"[:LONGEST_READ])
        message = f"When treatment is given in {name!r} {'could not be read' if said else 'is not told'}."
        reader.note(NOT_UNDERSTOOD if said else NOT_TOLD, where, message, "Write the weeks under `treatment.at`.")
    if regimen and regimen.doubt:
        reader.note(DOUBT, where, f"For {name!r}: {regimen.doubt}.", "Confirm the last week of `treatment.at`.")
    return _as_read(regimen, regimen.words, arm) if regimen else None


def _dose(reader: Reader, arm: ToldArm, type_: str, everything: str) -> Read[AmountGiven] | None:
    amount = read_dose(everything)
    where = (arm.description or arm.label).where
    if amount is not None:
        return _as_read(amount, amount.words, arm)
    if mentions_dose(everything):
        message = f"The dose of {shortened(arm.label.text, 60)!r} is not one fixed amount in a unit a protocol knows."
        reader.note(NOT_UNDERSTOOD, where, message, "Write `dose:`, or describe it in the arm.")
    elif type_ in ("experimental", "active_comparator") and not _is_no_medicine(arm):
        message = f"No dose was found for {shortened(arm.label.text, 60)!r}."
        reader.note(NOT_TOLD, where, message, "Write `dose:` if there is one.")
    return None


def _is_no_medicine(arm: ToldArm) -> bool:
    """Whether all that is given is of a kind that has no dose."""
    kinds = [name.split(":")[0].lower() for name in arm.interventions]
    return bool(kinds) and all(
        kind in ("device", "procedure", "behavioral", "diagnostic test", "other") for kind in kinds
    )


def quoted(words: str, *texts: Words | None) -> tuple[str, str]:
    """The words as the record has them, with the whole words around them, and their place; or two empty texts."""
    for text in texts:
        spaced = " ".join(text.text.split()) if text else ""
        at = spaced.lower().find(words.lower())
        if text and words and at >= 0:
            margin = 0 if len(words) >= 20 else 25
            start = spaced.rfind(" ", 0, max(at - margin, 0)) + 1 if at > margin else 0
            end = spaced.find(" ", at + len(words) + margin)
            return spaced[
                start if margin else at : len(spaced) if end < 0 else end if margin else at + len(words)
            ], text.where
    return "", ""

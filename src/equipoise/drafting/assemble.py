"""From what a record says to what can be understood of it: each value with its quotation, each gap with a to-do."""

import re
from datetime import date
from typing import Final, TypeVar

from equipoise.drafting.assignment import arm_read, masking, procedure, ratio_of
from equipoise.drafting.criteria.entries import Entry, read_entries, sort_criteria
from equipoise.drafting.reader import LONGEST_TEXT, Reader
from equipoise.drafting.reading import design
from equipoise.drafting.reading.ages import Age, read_age, read_age_range, says_no_limit
from equipoise.drafting.reading.outcome import read_kind, read_week
from equipoise.drafting.record import OutcomeRead, PlaceRead, Read, Record
from equipoise.drafting.todo import (
    LEFT_OUT,
    NOT_EXPRESSIBLE,
    NOT_TOLD,
    NOT_UNDERSTOOD,
    shortened,
)
from equipoise.drafting.told import Told, ToldOutcome

T = TypeVar("T")
MOST_ARMS: Final = 12
MOST_OUTCOMES: Final = 60
MOST_CRITERIA: Final = 99
MOST_PLACES: Final = 300


def understand_record(told: Told) -> Record:
    """The record of what was told, with a to-do for all that is missing, doubtful or beyond what a protocol can say."""
    reader = Reader(told)
    inclusion, exclusion = _criteria(reader)
    low, high = _ages(reader)
    arms = tuple(arm_read(reader, arm) for arm in reader.at_most(told.arms, MOST_ARMS, "arms"))
    enrolment = reader.word("number of participants", "enrolment", design.read_enrolment)
    _study_type(reader)
    return Record(
        name=told.name,
        title=reader.needed("title", "title", "official_title"),
        official_title=reader.text("official_title"),
        acronym=reader.text("acronym"),
        registration=_registration(reader),
        sponsor=reader.needed("sponsor", "sponsor"),
        investigators=reader.texts("investigators"),
        contact=reader.text("contact"),
        status=reader.needed("status", "status"),
        phase=_phase(reader),
        conditions=_conditions(reader),
        keywords=reader.texts("keywords"),
        interventions=reader.texts("interventions"),
        summary=_summary(reader),
        start=_start(reader),
        enrolment=enrolment,
        sex=reader.word("sex of participants", "sex", design.read_sex),
        minimum_age=low,
        maximum_age=high,
        purpose=reader.word("purpose", "purpose", design.read_purpose),
        allocation=reader.word("allocation", "allocation", design.read_allocation),
        model=reader.word("design", "model", design.read_model),
        masking=masking(reader),
        ratio=ratio_of(reader),
        procedure=procedure(reader),
        arms=arms,
        outcomes=tuple(_outcome(outcome) for outcome in reader.at_most(told.outcomes, MOST_OUTCOMES, "outcomes")),
        inclusion=inclusion,
        exclusion=exclusion,
        places=_places(reader),
        countries=reader.texts("countries"),
        todos=tuple(reader.todos),
    )


# --- What the study is ----------------------------------------------------------------------------------------------


def _study_type(reader: Reader) -> None:
    words = reader.told.first("study_type")
    if words and "interventional" not in words.text.lower():
        message = f"The record calls the study {shortened(words.text, 60)!r}; a protocol here is of a trial."
        reader.note(NOT_EXPRESSIBLE, words.where, message, "Make sure that participants are assigned a treatment.")
    texts = reader.told.every(
        "title", "official_title", "model_description", "summary", "description", "masking_description"
    )
    cluster = next((words for words in texts if design.is_cluster(words.text)), None)
    if cluster:
        message = "Groups of people are randomised, not persons; a protocol here randomises persons."
        reader.note(NOT_EXPRESSIBLE, cluster.where, message, "Do not run this draft before that is settled.")


def _registration(reader: Reader) -> Read[str] | None:
    for words in reader.told.every("registration", "identifiers"):
        if found := re.search(
            r"\b(?:NCT\d{8}|ChiCTR[-A-Z]*\d{8,10}|ISRCTN\d{8}|ACTRN\d{14}|EUCTR\d{4}-\d{6}-\d\d)\b", words.text
        ):
            return Read(found[0], found[0], words.where)
    reader.note(
        NOT_TOLD, reader.told.name, "The record does not tell its registration number.", "Write it in the draft."
    )
    return None


def _phase(reader: Reader) -> Read[str] | None:
    pieces = reader.told.every("phase")
    if not pieces:
        reader.note(NOT_TOLD, reader.told.name, "The record does not tell the phase.", "Write it in the draft.")
        return None
    texts = tuple(dict.fromkeys(piece.text.strip() for piece in pieces))
    value = design.read_phase(texts) or (design.read_phase(texts[:1]) if ":" not in pieces[0].where else None)
    if value is None:
        hint = "A protocol knows the phases 1, 1/2, 2, 2/3, 3, 4 and NA. Write the nearest, and say so."
        message = f"The phase {' and '.join(texts)!r} is none that a protocol knows."
        reader.note(NOT_UNDERSTOOD, pieces[0].where, message, hint)
        return None
    return Read(value, " and ".join(texts), pieces[0].where)


def _conditions(reader: Reader) -> tuple[Read[str], ...]:
    found = reader.texts("conditions")
    if not found:
        reader.note(NOT_TOLD, reader.told.name, "The record does not tell the condition.", "Write it in the draft.")
    return found


def _summary(reader: Reader) -> Read[str] | None:
    pieces = reader.told.every("summary") or reader.told.every("description")[:3]
    if not pieces:
        return None
    text = " ".join(" ".join(piece.text for piece in pieces).split())
    return Read(text[:LONGEST_TEXT], pieces[0].text.strip(), pieces[0].where)


def _start(reader: Reader) -> Read[str] | None:
    """A start that is known to the day, as 2021-03-19."""
    words = reader.told.first("start")
    if words is None:
        return None
    text = _written_date(words.text)
    if text is None:
        message = f"The start {shortened(words.text, 60)!r} is not a date known to the day."
        reader.note(NOT_UNDERSTOOD, words.where, message, "Write `start:` with year, month and day.")
        return None
    return Read(text, words.text.strip(), words.where)


_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def _written_date(text: str) -> str | None:
    """The day of "2021-03-19" or "March 19, 2021"; None for a month, and for a day that no calendar has."""
    if found := re.match(r"(\d{4})-(\d\d)-(\d\d)\b", text.strip()):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.match(r"([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})\b", text.strip()):
        names = [found[1].lower() in (name, name[:3]) for name in _MONTHS]
        year, month, day = int(found[3]), names.index(True) + 1 if True in names else 0, int(found[2])
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


# --- Who takes part -------------------------------------------------------------------------------------------------


def _criteria(reader: Reader) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    told = reader.told
    sorted_lines = sort_criteria(told.every("criteria"))
    if loose := [line for line in sorted_lines[""] if line.text.strip().lower() != "description"]:
        if loose and not any(told.every(name) or sorted_lines[name] for name in ("inclusion", "exclusion")):
            for entry in read_entries(loose):
                message = f"Neither inclusion nor exclusion is said of this criterion: {shortened(entry.text, 400)!r}."
                reader.note(NOT_UNDERSTOOD, entry.where, message, "Write it under its heading in the draft.")
        else:
            message = (
                f"Words before the first heading of the criteria were left out: {shortened(loose[0].text, 400)!r}."
            )
            reader.note(LEFT_OUT, loose[0].where, message, "Look whether they are a criterion.")
    lists = []
    for name in ("inclusion", "exclusion"):
        entries = read_entries([*told.every(name), *sorted_lines[name]])
        if not entries:
            reader.note(NOT_TOLD, told.name, f"No {name} criterion was found.", "Write them in the draft.")
        lists.append(reader.at_most(entries, MOST_CRITERIA - 3, f"{name} criteria"))
    return lists[0], lists[1]


def _ages(reader: Reader) -> tuple[Read[Age] | None, Read[Age] | None]:
    low, high = _age(reader, "minimum_age"), _age(reader, "maximum_age")
    words = reader.told.first("ages")
    if words is None:
        if not reader.told.first("minimum_age", "maximum_age"):
            reader.note(NOT_TOLD, reader.told.name, "The record does not tell the limits of age.", "Write them.")
        return low, high
    limits = read_age_range(words.text)
    if limits is None:
        reader.not_understood("range of ages", words)
        return low, high
    sides = [Read(limit, words.text.strip(), words.where) if limit else None for limit in limits]
    return low or sides[0], high or sides[1]


def _age(reader: Reader, name: str) -> Read[Age] | None:
    words = reader.told.first(name)
    if words is None or says_no_limit(words.text):
        return None
    age = read_age(words.text)
    if age is None:
        reader.not_understood(name.replace("_", " "), words)
    return Read(age, words.text.strip(), words.where) if age else None


def _outcome(outcome: ToldOutcome) -> OutcomeRead:
    measure = outcome.measure.text.strip()
    return OutcomeRead(
        outcome.tier,
        Read(measure[:500], measure, outcome.measure.where),
        read_kind(measure),
        outcome.time_frame[:300],
        read_week(outcome.time_frame),
    )


def _places(reader: Reader) -> tuple[PlaceRead, ...]:
    places = reader.at_most(reader.told.places, MOST_PLACES, "places")
    return tuple(
        PlaceRead(Read(place.facility.text[:300], place.facility.text, place.facility.where), place.country[:80])
        for place in places
    )

"""A ClinicalTrials.gov API v2 study: its modules, read where they have the shape they should have."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from equipoise.drafting.lines import clean
from equipoise.drafting.told import Told, ToldArm, ToldOutcome, ToldPlace, Words
from equipoise.items.problem import Problem

# Our field → where it stands in the protocol section of a study.
PATHS: Final[dict[str, str]] = {
    "registration": "identificationModule.nctId",
    "title": "identificationModule.briefTitle",
    "official_title": "identificationModule.officialTitle",
    "acronym": "identificationModule.acronym",
    "sponsor": "sponsorCollaboratorsModule.leadSponsor.name",
    "status": "statusModule.overallStatus",
    "start": "statusModule.startDateStruct.date",
    "completion": "statusModule.completionDateStruct.date",
    "summary": "descriptionModule.briefSummary",
    "description": "descriptionModule.detailedDescription",
    "conditions": "conditionsModule.conditions",
    "keywords": "conditionsModule.keywords",
    "study_type": "designModule.studyType",
    "phase": "designModule.phases",
    "allocation": "designModule.designInfo.allocation",
    "model": "designModule.designInfo.interventionModel",
    "model_description": "designModule.designInfo.interventionModelDescription",
    "purpose": "designModule.designInfo.primaryPurpose",
    "masking": "designModule.designInfo.maskingInfo.masking",
    "who_masked": "designModule.designInfo.maskingInfo.whoMasked",
    "masking_description": "designModule.designInfo.maskingInfo.maskingDescription",
    "enrolment": "designModule.enrollmentInfo.count",
    "criteria": "eligibilityModule.eligibilityCriteria",
    "sex": "eligibilityModule.sex",
    "minimum_age": "eligibilityModule.minimumAge",
    "maximum_age": "eligibilityModule.maximumAge",
    "volunteers": "eligibilityModule.healthyVolunteers",
}
_LINES: Final = ("criteria", "description", "summary")


@dataclass(slots=True)
class _Study:
    """The protocol section, and what was found to be out of shape in it."""

    name: str
    section: dict[str, Any]
    problems: list[Problem]

    def at(self, path: str) -> Any:
        """What stands at a path; None where nothing does, or where the way there is out of shape."""
        value: Any = self.section
        for depth, key in enumerate(path.split(".")):
            if value is not None and not isinstance(value, dict):
                self.misshapen(".".join(path.split(".")[:depth]), "is not a group of fields")
                return None
            value = None if value is None else value.get(key)
        return value

    def misshapen(self, path: str, words: str) -> None:
        """Note that a part was left out, once."""
        problem = Problem(
            "draft.T011", f"{self.name}:{path}", f"{path!r} {words}; it was left out.",
            "Look at it in the register and complete the draft by hand.", "warning",
        )  # fmt: skip
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, value: Any, path: str) -> str | None:
        """A text, a number or a truth value as clean text."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str | int):
            return clean(str(value)).strip() or None
        if value is not None:
            self.misshapen(path, "is not a text")
        return None

    def rows(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The groups of a list, each with its path."""
        for index, row in enumerate(self.listed(path)):
            if isinstance(row, dict):
                yield f"{path}[{index}]", row
            else:
                self.misshapen(f"{path}[{index}]", "is not a group of fields")

    def listed(self, path: str) -> list[Any]:
        """A list; empty where there is none."""
        value = self.at(path)
        if value is not None and not isinstance(value, list):
            self.misshapen(path, "is not a list")
        return value if isinstance(value, list) else []


def looks_like_json(text: str) -> bool:
    """Whether a file means to be JSON."""
    return text.lstrip()[:1] in ("{", "[")


def read_study(text: str, *, name: str) -> tuple[Told, list[Problem]] | list[Problem]:
    """What a study tells, with what was out of shape in it; or the problems that keep it from being read."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [Problem("draft.E002", name, "This begins like JSON, but is not.", "Download the record again.")]
    studies = _studies(found)
    if len(studies) != 1:
        return [_not_one(len(studies), name)]
    study = _Study(name, studies[0], [])
    fields = {key: words for key, path in PATHS.items() if (words := tuple(_words(study, key, path)))}
    fields |= {key: words for key, words in _people(study).items() if words}
    told = Told(name, fields, tuple(_arms(study)), tuple(_outcomes(study)), tuple(_places(study)))
    return told, study.problems


def _studies(found: Any) -> list[dict[str, Any]]:
    """The protocol sections of a study, of a list of studies, or of a page of search results."""
    if isinstance(found, dict) and "studies" in found:
        found = found["studies"]
    rows = found if isinstance(found, list) else [found]
    sections = [row.get("protocolSection", row) for row in rows if isinstance(row, dict)]
    return [part for part in sections if isinstance(part, dict) and any(key.endswith("Module") for key in part)]


def _not_one(count: int, name: str) -> Problem:
    if count:
        message, hint = f"This file holds {count} studies.", "Draft from a file that holds one."
        return Problem("draft.E003", name, message, hint)
    message, hint = "There is no study in this file.", "It should have a 'protocolSection' with modules."
    return Problem("draft.E001", name, message, hint)


def _words(study: _Study, key: str, path: str) -> Iterator[Words]:
    value = study.at(path)
    where = f"{study.name}:{path}"
    for index, part in enumerate(value if isinstance(value, list) else [value]):
        here = f"{path}[{index}]" if isinstance(value, list) else path
        text = study.text(part, here)
        pieces = text.split("\n") if text and key in _LINES else [text] if text else []
        yield from (Words(piece, where) for piece in pieces if piece.strip())


def _people(study: _Study) -> dict[str, tuple[Words, ...]]:
    path = "contactsLocationsModule"
    officials = (
        Words(name, f"{study.name}:{here}")
        for here, row in study.rows(f"{path}.overallOfficials")
        if (name := study.text(row.get("name"), here))
    )
    contacts = (
        Words(name, f"{study.name}:{here}")
        for here, row in study.rows(f"{path}.centralContacts")
        if (name := study.text(row.get("name"), here))
    )
    return {"investigators": tuple(officials), "contact": tuple(contacts)[:1]}


def _arms(study: _Study) -> Iterator[ToldArm]:
    for path, row in study.rows("armsInterventionsModule.armGroups"):
        if not (label := study.text(row.get("label"), f"{path}.label")):
            study.misshapen(path, "has no label")
            continue
        description = study.text(row.get("description"), f"{path}.description")
        names = row.get("interventionNames")
        yield ToldArm(
            Words(label, f"{study.name}:{path}.label"),
            (study.text(row.get("type"), f"{path}.type") or "").lower(),
            Words(" ".join(description.split()), f"{study.name}:{path}.description") if description else None,
            tuple(text for name in (names if isinstance(names, list) else []) if (text := study.text(name, path))),
        )


def _outcomes(study: _Study) -> Iterator[ToldOutcome]:
    for key, tier in (("primary", "primary"), ("secondary", "secondary"), ("other", "exploratory")):
        for path, row in study.rows(f"outcomesModule.{key}Outcomes"):
            if measure := study.text(row.get("measure"), f"{path}.measure"):
                description = study.text(row.get("description"), f"{path}.description") or ""
                frame = study.text(row.get("timeFrame"), f"{path}.timeFrame") or ""
                yield ToldOutcome(tier, Words(measure, f"{study.name}:{path}.measure"), description, frame)


def _places(study: _Study) -> Iterator[ToldPlace]:
    for path, row in study.rows("contactsLocationsModule.locations"):
        if facility := study.text(row.get("facility"), f"{path}.facility"):
            country = study.text(row.get("country"), f"{path}.country") or ""
            yield ToldPlace(Words(facility, f"{study.name}:{path}.facility"), country)

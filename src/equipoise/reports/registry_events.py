"""Adverse events as a registry asks for them: serious ones and others apart, by kind, with who was at risk."""

from collections.abc import Sequence
from functools import partial

from equipoise.analysis import Analysis
from equipoise.analysis.adverse_events import AdverseEvent
from equipoise.analysis.flow import FLOW
from equipoise.analysis.safety import safety_set
from equipoise.items.canonical import Json
from equipoise.reports.figures.adverse_events import kinds_of
from equipoise.reports.registry_groups import Object, of_groups


def adverse_events(analysis: Analysis) -> Object:
    """The module of adverse events: those after randomisation in the safety set; not known to be serious is other."""
    members = set(analysis.sets[safety_set(analysis.cohort).id].members)
    counted = [event for event in analysis.events if event.subject in members and event.emergent]
    serious = [event for event in counted if event.serious is True]
    other = [event for event in counted if event.serious is not True]
    return {
        "frequencyThreshold": "0", "timeFrame": "From randomisation to the last contact",
        "eventGroups": [_group(analysis, place, serious, other) for place in range(len(analysis.cohort.arms))],
        "seriousEvents": _listed(analysis, serious), "otherEvents": _listed(analysis, other),
    }  # fmt: skip


def _affected(events: Sequence[AdverseEvent], arm: str) -> int:
    return len({event.subject for event in events if event.arm == arm})


def _at_risk(analysis: Analysis, arm: str) -> int:
    return analysis.results.count(FLOW, "analysed", level=safety_set(analysis.cohort).id, arm=arm)


def _group(analysis: Analysis, place: int, serious: Sequence[AdverseEvent], other: Sequence[AdverseEvent]) -> Object:
    arm = analysis.protocol.arms[place]
    at_risk = _at_risk(analysis, arm.id)
    return {
        "id": f"EG{place:03}", "title": arm.label.en,
        "seriousNumAffected": _affected(serious, arm.id), "seriousNumAtRisk": at_risk,
        "otherNumAffected": _affected(other, arm.id), "otherNumAtRisk": at_risk,
        "deathsNumAffected": analysis.results.count(FLOW, "died", arm=arm.id),
        "deathsNumAtRisk": analysis.results.count(FLOW, "allocated", arm=arm.id),
    }  # fmt: skip


def _listed(analysis: Analysis, events: Sequence[AdverseEvent]) -> list[Json]:
    """The kinds of events, those of a free text by their term, in alphabetical order."""
    labels = {code: label.en for code, label in kinds_of(analysis).items()}
    by_term: dict[str, list[AdverseEvent]] = {}
    for event in events:
        by_term.setdefault(labels.get(event.category, event.term), []).append(event)
    return [
        {"term": term, "stats": of_groups("EG", analysis.cohort.arms, partial(_counts, analysis, by_term[term]))}
        for term in sorted(by_term)
    ]


def _counts(analysis: Analysis, events: Sequence[AdverseEvent], arm: str) -> Object:
    return {
        "numAffected": _affected(events, arm), "numAtRisk": _at_risk(analysis, arm),
        "numEvents": sum(event.arm == arm for event in events),
    }  # fmt: skip

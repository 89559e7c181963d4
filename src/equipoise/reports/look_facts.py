"""What stands at the head of an open and a closed report: which look, where it was cut, and how far the trial was."""

from dataclasses import dataclass
from datetime import date

from equipoise.analysis.cohort import Cohort
from equipoise.analysis.information import reached
from equipoise.protocol.monitoring import Look
from equipoise.reports.blocks import Facts, Heading
from equipoise.reports.catalogue import Words


@dataclass(frozen=True, slots=True)
class Occasion:
    """A look with the day of the last act it sees."""

    look: Look
    day: date


def look_marks(simulated: bool, words: Words, *, closed: bool) -> tuple[str, ...]:
    """What a reader must not overlook, for the head of every page."""
    found = [("simulated", simulated), ("interim", True), ("confidential", closed)]
    return tuple(words(key) for key, true in found if true)


def heading(occasion: Occasion, cohort: Cohort, words: Words, *, closed: bool) -> tuple[Heading, Facts]:
    """The facts of a look. They name the trial by its acronym: a title may name what is tested."""
    protocol, plan = cohort.protocol, cohort.protocol.monitoring
    if plan is None:
        raise LookupError(f"{protocol.id} plans no look")
    roles = plan.closed_report_to if closed else plan.open_report_to
    acts = cohort.snapshot.acts
    lines = [
        (words("trial"), protocol.study.acronym),
        (words("protocol_version"), words("protocol_version_text", version=protocol.version, dated=protocol.dated)),
        (words("look"), words.of(occasion.look.label)),
        (words("cut"), words("cut_text", acts=acts, day=occasion.day)),
        (words("due_when"), _due(occasion.look, cohort, words)),
        (words("reached"), _reached(occasion.look, cohort, words)),
        (words("receives"), words.listed([words.of(protocol.role_by_id[role].label) for role in roles])),
    ]
    return Heading("look", words("the_look")), Facts(tuple(line for line in lines if line[1]))


def _due(look: Look, cohort: Cohort, words: Words) -> str:
    when, plan = look.when, cohort.protocol.monitoring
    found = reached(when, cohort)
    if when.date is not None:
        return words("due_date", day=when.date)
    if found is None or plan is None:
        return ""
    if when.visit is not None:
        visit = words.of(cohort.protocol.visit_by_id[when.visit].label)
        return words("due_participants", wanted=found[1], visit=visit)
    planned = plan.boundary.information if plan.boundary is not None else 0
    share = f"{float(when.information or 0) * 100:g}"
    return words("due_information", share=share, wanted=found[1], planned=planned)


def _reached(look: Look, cohort: Cohort, words: Words) -> str:
    found = reached(look.when, cohort)
    return words("reached_text", reached=found[0], wanted=found[1]) if found is not None else ""

"""The analysis sets: who belongs to each, and why the others do not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.dosing import dosed, doses_due, given
from equipoise.conduct.eligibility import judge
from equipoise.protocol.schema import AnalysisSet

# The least share of the planned doses that counts as treated per protocol.
ENOUGH_DOSES = 0.8


@dataclass(frozen=True, slots=True)
class Members:
    """An analysis set: the codes of its members, and of everyone randomised who is not, with the reason's code."""

    id: str
    members: tuple[str, ...]
    excluded: tuple[tuple[str, str], ...]

    def of(self, cohort: Cohort) -> tuple[Participant, ...]:
        """The members as participants, in the order of their codes."""
        return tuple(cohort.by_code[code] for code in self.members)


def analysis_sets(cohort: Cohort) -> dict[str, Members]:
    """Every analysis set of the protocol, by its id."""
    return {wanted.id: members(cohort, wanted) for wanted in cohort.protocol.analysis.sets}


def members(cohort: Cohort, wanted: AnalysisSet) -> Members:
    """One analysis set, among those randomised.

    `randomised`: all of them. `dosed`: at least one dose is recorded as given. `per_protocol`: dosed, no criterion of
    eligibility certainly violated, treatment not stopped early, at least 80 % of the planned doses, participation
    completed, and no important deviation. Participants are analysed in the arm they were allocated to,
    also "as treated": the trial keeps no record of another treatment than the one allocated.
    """
    reasons = {one.code: next(_REASONS[wanted.who](one, cohort), "") for one in cohort.randomised}
    return Members(
        id=wanted.id,
        members=tuple(code for code, reason in reasons.items() if not reason),
        excluded=tuple((code, reason) for code, reason in reasons.items() if reason),
    )


def _of_everybody(one: Participant, cohort: Cohort) -> Iterator[str]:
    yield from ()


def _of_dosed(one: Participant, cohort: Cohort) -> Iterator[str]:
    if not dosed(one, cohort.protocol):
        unsure = any(given(one, visit, cohort.protocol) is None for visit in one.subject.doses)
        yield "dose_not_confirmed" if unsure else "never_dosed"


def _of_per_protocol(one: Participant, cohort: Cohort) -> Iterator[str]:
    yield from _of_dosed(one, cohort)
    if any(judged.state == "not_met" for judged in judge(cohort.protocol, one.subject)):
        yield "not_eligible"
    if one.subject.treatment_stopped is not None:
        yield "treatment_stopped"
    due = doses_due(cohort.protocol)
    if sum(given(one, visit, cohort.protocol) is True for visit in due) < ENOUGH_DOSES * len(due):
        yield "too_few_doses"
    if one.subject.how_ended != "completed":
        yield "not_completed"
    if any(category in cohort.protocol.analysis.important_deviations for _, category, *_ in one.subject.deviations):
        yield "major_deviation"


_REASONS: dict[str, Callable[[Participant, Cohort], Iterator[str]]] = {
    "randomised": _of_everybody,
    "dosed": _of_dosed,
    "per_protocol": _of_per_protocol,
}

"""Medication beside the study treatment: each record against the time on treatment, and who took what by class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.analysis.adverse_events import LogRow, log_rows, text_of, truth_of
from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.period import Day, Period, as_day, certainly_after, certainly_before, period
from equipoise.analysis.safety import same
from equipoise.protocol.schema import MedicationForm

MEDICATION = "medication"
PRIOR, CONCOMITANT, AFTER = "prior", "concomitant", "after"


@dataclass(frozen=True, slots=True)
class Medication:
    """One row of the medication log; dates as precise as they are known."""

    subject: str
    arm: str
    repeat: int
    drug: str
    drug_class: str
    start: Day | None
    stop: Day | None
    ongoing: bool | None
    dose: str
    reason: str
    when: str  # prior, concomitant or after; empty for somebody who was not randomised


def medications(cohort: Cohort) -> tuple[Medication, ...]:
    """Every record of everybody who was screened, in the order of participants and rows."""
    names = cohort.protocol.safety.medication
    if names is None:
        return ()
    return tuple(
        _record(one, row, names, period(one, cohort)) for one in cohort.everybody for row in log_rows(one, names.form)
    )


def _record(one: Participant, row: LogRow, names: MedicationForm, treated: Period) -> Medication:
    known = row.known
    start, stop = (as_day(known.get(item)) if item else None for item in (names.start, names.stop))
    return Medication(
        subject=one.code, arm=one.arm, repeat=row.repeat, drug=text_of(known, names.drug),
        drug_class=text_of(known, names.drug_class), start=start, stop=stop,
        ongoing=truth_of(known.get(names.ongoing)) if names.ongoing else None,
        dose=text_of(known, names.dose), reason=text_of(known, names.reason), when=when_taken(start, stop, treated),
    )  # fmt: skip


def when_taken(start: Day | None, stop: Day | None, treated: Period) -> str:
    """Prior: certainly stopped before the first dose. After: certainly begun after the last. Else, in doubt too,
    concomitant; a drug stopped on the day of the first dose or begun on that of the last one is."""
    if treated.first is None:
        return ""
    if certainly_before(stop, treated.first):
        return PRIOR
    return AFTER if certainly_after(start, treated.ended) else CONCOMITANT


def taken(cohort: Cohort, records: Sequence[Medication], people: Sequence[Participant]) -> Iterator[Statistic]:
    """Participants with concomitant medication by class and drug, each counted once in a line, and the records."""
    inside = {one.code for one in people}
    mine = [record for record in records if record.subject in inside and record.when == CONCOMITANT]
    lines: dict[tuple[str, str], list[Medication]] = {("any", ""): mine}
    named: dict[tuple[str, str], str] = {}
    for record in mine:
        lines.setdefault(("class", record.drug_class), []).append(record)
        drug = named.setdefault((record.drug_class, same(record.drug)), record.drug)
        lines.setdefault((f"drug/{record.drug_class}", drug), []).append(record)
    for (variable, level), found in lines.items():
        for arm in cohort.arms:
            here = [record for record in found if record.arm == arm]
            total = sum(one.arm == arm for one in people)
            for statistic, n in (("participants", len({r.subject for r in here})), ("records", len(here))):
                yield Statistic(
                    analysis=MEDICATION, statistic=statistic, variable=variable, level=level, arm=arm, n=n, N=total
                )

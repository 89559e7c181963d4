"""Laboratory results as rows: against the limits of normal, against baseline, and graded where a term is named.

A result without limits is neither normal nor abnormal: its indicator is empty. Nothing is converted or imputed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from equipoise.analysis.cohort import Cohort, Participant
from equipoise.instruments import get
from equipoise.protocol.names import names_of
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import FormItem, Protocol

LOW, NORMAL, HIGH, UNKNOWN = "LOW", "NORMAL", "HIGH", ""
INDICATORS: Final = (LOW, NORMAL, HIGH)
# A baseline compared with itself would always be unchanged, so it is graded against the limits of normal.
_OF_BASELINE: Final = {"abnormal_baseline": "multiples_of_uln", "creatinine_against_baseline": "no"}


@dataclass(frozen=True, slots=True)
class LabResult:
    """One result of one participant at one visit, planned or not."""

    subject: str
    arm: str
    analyte: str
    visit: str
    week: int | None  # None outside the schedule
    on: date
    day: int  # since randomisation
    value: Decimal
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    indicator: str  # LOW, NORMAL, HIGH, or empty where no limit of normal is known
    after: bool  # after baseline
    baseline: bool  # this is the baseline
    base: Decimal | None
    base_indicator: str
    grade: int | None = None
    base_grade: int | None = None

    @property
    def change(self) -> Decimal | None:
        """The change from baseline, after baseline."""
        return self.value - self.base if self.after and self.base is not None else None

    @property
    def of_upper(self) -> Decimal | None:
        """The result as a multiple of the upper limit of normal."""
        return self.value / self.upper if self.upper else None


def analysed_analytes(cohort: Cohort) -> dict[str, FormItem]:
    """The analytes with their items, in the order of the forms.

    What masking keeps from every masked role is left out; so is, while the arms are dummies, what could tell them.
    """
    levels = ("masked", "soft") if cohort.dummy else ("masked",)
    hidden = {entry.item for entry in cohort.protocol.masking.items if entry.level in levels}
    asked = names_of(cohort.protocol).items
    found: dict[str, FormItem] = {}
    for name, place in asked.items():
        if place.item.analyte and name not in hidden:
            found.setdefault(place.item.analyte, place.item)
    return found


def laboratory(cohort: Cohort) -> tuple[LabResult, ...]:
    """Every known result of everybody randomised, by analyte, participant and visit, planned or not."""
    made: list[LabResult] = []
    for analyte, item in analysed_analytes(cohort).items():
        results = [row for one in cohort.randomised for row in _results(one, item, cohort)]
        made.extend(_graded(results, analyte, cohort.protocol))
    return tuple(made)


def _results(one: Participant, item: FormItem, cohort: Cohort) -> Iterator[LabResult]:
    """The results of one participant and analyte; the baseline is the last one up to the baseline visit."""
    known = [(each, value) for each in cohort.took_place(one)
             if (value := _decimal(one.value(item.id, each.visit.id))) is not None]  # fmt: skip
    environment = one.history.at(cohort.protocol.schedule.baseline)
    lower, upper = (_decimal(environment.get(f"{item.id}.{which}")) for which in ("lln", "uln"))
    before = [(each, value) for each, value in known if not each.after]
    origin, base = before[-1] if before else (None, None)
    base_indicator = UNKNOWN if base is None else indicator(base, lower, upper)
    for each, value in known:
        week = each.visit.week if isinstance(each.visit, Visit) else None
        yield LabResult(
            subject=one.code, arm=one.arm, analyte=item.analyte, visit=each.visit.id, week=week, on=each.on,
            day=one.day(each.on), value=value, unit=item.unit, lower=lower, upper=upper,
            indicator=indicator(value, lower, upper), after=each.after,
            baseline=each is origin, base=base, base_indicator=base_indicator,
        )  # fmt: skip


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def indicator(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> str:
    """LOW below the lower limit, HIGH above the upper one, NORMAL between or at them, nothing without any limit."""
    if lower is not None and value < lower:
        return LOW
    if upper is not None and value > upper:
        return HIGH
    return UNKNOWN if lower is None and upper is None else NORMAL


# --- Grades -----------------------------------------------------------------------------------------------------------


def _graded(results: list[LabResult], analyte: str, protocol: Protocol) -> list[LabResult]:
    """The same results with their grade by CTCAE 5.0, where the protocol names the analyte's term."""
    term = protocol.laboratory.grades.get(analyte)
    if term is None or not results:
        return results
    before = [place for place, row in enumerate(results) if not row.after]
    after = [place for place, row in enumerate(results) if row.after]
    grades: dict[int, int | None] = {}
    for places, settings in ((before, _OF_BASELINE), (after, {})):
        found = _grades([results[place] for place in places], term, settings)
        grades.update(zip(places, found, strict=True))
    bases = {row.subject: grades[place] for place, row in enumerate(results) if row.baseline}
    return [replace(row, grade=grades[place], base_grade=bases.get(row.subject)) for place, row in enumerate(results)]


def _grades(rows: Sequence[LabResult], term: str, settings: Mapping[str, str]) -> list[int | None]:
    """The grade of each result; None while a limit, a baseline or the result leaves it open."""
    instrument = get("ctcae_v5")
    answers: dict[str, list[Decimal | None]] = {
        "value": [row.value for row in rows], "lln": [row.lower for row in rows], "uln": [row.upper for row in rows],
        "baseline": [row.base for row in rows], "baseline_uln": [row.upper for row in rows],
    }  # fmt: skip
    columns = {}
    for name, values in answers.items():
        low, high = instrument.input_by_id[name].low, instrument.input_by_id[name].high
        columns[name] = instrument.column(name, [_possible(value, low, high) for value in values])
    found = instrument.score_columns(columns, variant=term, settings=settings)["grade"]
    return [int(grade) if grade >= 0 else None for grade in found]


def _possible(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """A number that the instrument takes; None where it is outside."""
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        return None
    return value

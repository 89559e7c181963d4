"""The laboratory in numbers: each analyte by visit, and the shift from baseline to the worst result after it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.description import described
from equipoise.analysis.laboratory import HIGH, LOW, NORMAL, UNKNOWN, LabResult

VALUE, CHANGE, SHIFT, GRADES = "laboratory", "laboratory_change", "laboratory_shift", "laboratory_grades"
BOTH = "LOW AND HIGH"
STATES = (LOW, NORMAL, HIGH, BOTH, UNKNOWN)  # what the results after baseline come to
GRADED = ("0", "1", "2", "3", "4", "")

ByAnalyte = Mapping[str, Sequence[LabResult]]


def by_analyte(results: Sequence[LabResult]) -> dict[str, list[LabResult]]:
    """The results under their analyte, in the order in which the analytes come."""
    found: dict[str, list[LabResult]] = {}
    for row in results:
        found.setdefault(row.analyte, []).append(row)
    return found


def laboratory_statistics(
    cohort: Cohort, results: Sequence[LabResult], people: Sequence[Participant]
) -> Iterator[Statistic]:
    """Everything that is printed of the laboratory, among these people."""
    inside = {one.code for one in people}
    for analyte, rows in by_analyte([row for row in results if row.subject in inside]).items():
        for arm in cohort.arms:
            mine = [row for row in rows if row.arm == arm]
            members = [one.code for one in people if one.arm == arm]
            yield from _by_visit(cohort, analyte, arm, mine, len(members))
            yield from _shift(analyte, arm, mine, members)
            if analyte in cohort.protocol.laboratory.grades:
                yield from _grade_shift(analyte, arm, mine, members)


def _by_visit(cohort: Cohort, analyte: str, arm: str, rows: Sequence[LabResult], total: int) -> Iterator[Statistic]:
    """Results and changes at the baseline, which may come from screening, and at each visit after it."""
    at: dict[str, list[LabResult]] = {}
    for row in rows:
        if row.baseline or row.after:
            at.setdefault(row.visit if row.after else cohort.protocol.schedule.baseline, []).append(row)
    for visit in (cohort.to_baseline[-1], *cohort.after_baseline):
        here = at.get(visit.id, [])
        if not here and visit.id != cohort.protocol.schedule.baseline:
            continue
        values = [float(row.value) for row in here]
        yield from described(values, analysis=VALUE, variable=analyte, level=visit.id, arm=arm, total=total)
        if visit in cohort.after_baseline:
            changes = [float(row.change) for row in here if row.change is not None]
            yield from described(changes, analysis=CHANGE, variable=analyte, level=visit.id, arm=arm, total=total)


def worst_state(rows: Sequence[LabResult]) -> str:
    """What the results after baseline come to: low, normal, high, both low and high, or not known.

    Normal is only what was found normal: without a result that could be judged it is not known.
    """
    found = {row.indicator for row in rows if row.after}
    if {LOW, HIGH} <= found:
        return BOTH
    return next((state for state in (LOW, HIGH, NORMAL) if state in found), UNKNOWN)


def worst_grade(rows: Sequence[LabResult]) -> int | None:
    """The highest known grade after baseline; None where none is known."""
    return max((row.grade for row in rows if row.after and row.grade is not None), default=None)


def _of_each(rows: Sequence[LabResult], members: Sequence[str]) -> dict[str, list[LabResult]]:
    """The results of each member, also of those who have none."""
    found: dict[str, list[LabResult]] = {code: [] for code in members}
    for row in rows:
        found[row.subject].append(row)
    return found


def _shift(analyte: str, arm: str, rows: Sequence[LabResult], members: Sequence[str]) -> Iterator[Statistic]:
    """Participants by their state at baseline (variable/level of the row) and the worst one after it."""
    pairs = [
        (next((row.indicator for row in mine if row.baseline), UNKNOWN), worst_state(mine))
        for mine in _of_each(rows, members).values()
    ]
    yield from _crossed(SHIFT, analyte, arm, pairs, (LOW, NORMAL, HIGH, UNKNOWN), STATES)


def _grade_shift(analyte: str, arm: str, rows: Sequence[LabResult], members: Sequence[str]) -> Iterator[Statistic]:
    pairs = [
        (_written(next((row.grade for row in mine if row.baseline), None)), _written(worst_grade(mine)))
        for mine in _of_each(rows, members).values()
    ]
    yield from _crossed(GRADES, analyte, arm, pairs, GRADED, GRADED)


def _written(grade: int | None) -> str:
    return "" if grade is None else str(grade)


def _crossed(
    analysis: str, analyte: str, arm: str, pairs: Sequence[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]
) -> Iterator[Statistic]:
    """Every cell of a shift table: `level` is the baseline, `variant` what came after; N are those of the baseline."""
    cells, totals = Counter(pairs), Counter(before for before, _ in pairs)
    for before in rows:
        for after in columns:
            yield Statistic(
                analysis=analysis, statistic=f"to {after}", variable=analyte, level=before, arm=arm,
                n=cells[before, after], N=totals[before],
            )  # fmt: skip

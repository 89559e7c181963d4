"""Analysis rows of safety, shaped like ADaM: ADAE, ADEX, ADLB and ADCM, their columns named as CDISC names them.

Dates stand as precise as they are known and nothing is imputed: a study day is given for whole dates only.
"""

from collections.abc import Sequence

import polars as pl

from equipoise.analysis.adverse_events import AdverseEvent, severity_codes, worst_grades
from equipoise.analysis.cohort import Cohort
from equipoise.analysis.exposure import Dose, amount_of, course_of
from equipoise.analysis.laboratory import LabResult
from equipoise.analysis.medication import Medication
from equipoise.analysis.period import Day, Period, exact, period
from equipoise.protocol.schema import Protocol


def flag(truth: bool | None) -> str:
    """A CDISC flag: Y, N, or nothing where it is not known."""
    return "" if truth is None else "Y" if truth else "N"


Row = dict[str, object]


def adae(cohort: Cohort, events: Sequence[AdverseEvent]) -> pl.DataFrame:
    """One row per adverse event of everybody who was screened; AEWORST marks the participant's worst known severity."""
    protocol = cohort.protocol
    worst = worst_grades([event for event in events if event.emergent], severity_codes(protocol))
    periods = {one.code: period(one, cohort) for one in cohort.everybody}
    return _frame(
        [
            {
                **_key(event.subject, event.arm, protocol), "AESEQ": event.repeat, "AETERM": event.verbatim,
                "AEDECOD": event.term, "AECAT": event.category, "AESEV": event.severity, "AESER": flag(event.serious),
                "AEREL": flag(event.related), "AEACN": event.action, "AEOUT": event.outcome,
                "AESTDTC": _text(event.onset), "AEENDTC": _text(event.end), "ASTDY": event.onset_day,
                "AENDY": _study_day(event.end, periods[event.subject]), "TRTEMFL": flag(event.emergent),
                "AESEVFL": flag(event.severe), "AESTOPFL": flag(event.stopped), "AESDTH": flag(event.fatal),
                "AEWORST": flag(event.emergent and event.severity != "" and worst[event.subject] == event.severity),
                "AESI": ", ".join(event.special_interest),
            }
            for event in events
        ]
    )  # fmt: skip


def adex(cohort: Cohort) -> pl.DataFrame:
    """One row per randomised participant and dose due: handed over, given, and how."""
    doses = [dose for one in cohort.randomised for dose in course_of(one, cohort).doses]
    return _frame([_dose(dose, cohort) for dose in doses])


def _dose(dose: Dose, cohort: Cohort) -> Row:
    amount = amount_of(cohort, dose.arm)
    unit = cohort.protocol.arm_by_id[dose.arm].dose
    return {
        **_key(dose.subject, dose.arm, cohort.protocol), "AVISIT": dose.visit, "ADT": _text(dose.on),
        "RELEASFL": flag(dose.visit in cohort.by_code[dose.subject].subject.doses), "GIVENFL": flag(dose.given),
        "EXPECTFL": flag(dose.expected), "REASON": dose.because, "WHOLEFL": flag(dose.whole),
        "INTERFL": flag(dose.interrupted), "DAYSLATE": dose.days_late, "OUTWINFL": flag(dose.outside_window),
        "EXDOSE": amount if dose.given is True else None,
        "EXDOSU": unit.unit if unit is not None and amount is not None else "",
    }  # fmt: skip


def adlb(cohort: Cohort, results: Sequence[LabResult]) -> pl.DataFrame:
    """One row per randomised participant, analyte and visit with a known result.

    After baseline SHIFT1 says from which state to which; AWLOFL, AWHIFL and AWGRFL mark the lowest and the highest
    result and the highest known grade of a participant, the first where several are equal.
    """
    grades, worst = cohort.protocol.laboratory.grades, _worst(results)
    return _frame(
        [
            {
                **_key(row.subject, row.arm, cohort.protocol), "PARAMCD": row.analyte.upper(), "AVISIT": row.visit,
                "AVISITN": row.week, "ADT": str(row.on), "ADY": row.day, "AVAL": float(row.value), "AVALU": row.unit,
                "ANRLO": _float(row.lower), "ANRHI": _float(row.upper), "ANRIND": row.indicator,
                "ABLFL": "Y" if row.baseline else "", "BASE": _float(row.base), "BNRIND": row.base_indicator,
                "CHG": _float(row.change), "SHIFT1": _shift(row), "ATOXTERM": grades.get(row.analyte, ""),
                "ATOXGR": row.grade, "BTOXGR": row.base_grade,
                **{name: "Y" if row in marked else "" for name, marked in worst.items()},
            }
            for row in results
        ]
    )  # fmt: skip


def _shift(row: LabResult) -> str:
    """From the state at baseline to this one; nothing where one of them is not known."""
    known = row.after and row.base_indicator and row.indicator
    return f"{row.base_indicator} to {row.indicator}" if known else ""


def _worst(results: Sequence[LabResult]) -> dict[str, set[LabResult]]:
    """The results after baseline that are a participant's lowest, highest and of the highest grade."""
    courses: dict[tuple[str, str], list[LabResult]] = {}
    for row in results:
        if row.after:
            courses.setdefault((row.subject, row.analyte), []).append(row)
    graded = ([row for row in course if row.grade is not None] for course in courses.values())
    return {
        "AWLOFL": {min(course, key=lambda row: row.value) for course in courses.values()},
        "AWHIFL": {max(course, key=lambda row: row.value) for course in courses.values()},
        "AWGRFL": {max(course, key=lambda row: row.grade or 0) for course in graded if course},
    }


def adcm(cohort: Cohort, records: Sequence[Medication]) -> pl.DataFrame:
    """One row per medication record of everybody who was screened; partial dates as they are."""
    return _frame(
        [
            {
                **_key(record.subject, record.arm, cohort.protocol), "CMSEQ": record.repeat, "CMTRT": record.drug,
                "CMCLAS": record.drug_class, "CMSTDTC": _text(record.start), "CMENDTC": _text(record.stop),
                "CMENRTPT": "ONGOING" if record.ongoing else "", "CMDOSTXT": record.dose, "CMINDC": record.reason,
                "PREFL": _among(record.when, "prior"), "CONTRTFL": _among(record.when, "concomitant"),
                "FUPFL": _among(record.when, "after"),
            }
            for record in records
        ]
    )  # fmt: skip


def _among(when: str, wanted: str) -> str:
    return flag(when == wanted) if when else ""


def _study_day(day: Day | None, when: Period) -> int | None:
    known = exact(day)
    return when.day(known) if known is not None else None


def _key(subject: str, arm: str, protocol: Protocol) -> Row:
    return {"STUDYID": protocol.id, "USUBJID": f"{protocol.id}-{subject}", "ARMCD": arm}


def _text(day: object) -> str:
    return str(day) if day is not None else ""


def _float(value: object) -> float | None:
    return float(value) if value is not None else None  # type: ignore[arg-type]


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)

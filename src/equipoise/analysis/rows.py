"""Analysis rows shaped like ADaM: one frame per dataset, its columns named as CDISC names them.

ADSL has one row for everybody who was screened, ADTTE one per participant and time, ADEFF one per participant and
yes-or-no endpoint, ADQS one per participant, variable and visit. Those of safety are in `safety_rows`.
"""

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.cohort import Cohort, Participant, baseline_value, number
from equipoise.analysis.dosing import days_of_doses
from equipoise.analysis.events import event, time_to_event
from equipoise.analysis.safety_rows import Row, flag
from equipoise.analysis.sets import Members
from equipoise.items import Value
from equipoise.protocol.schema import Endpoint


def written(value: Value | None) -> str | float | None:
    """A value for a frame: numbers as numbers, everything else as text."""
    if isinstance(value, bool):
        return flag(value)
    return numeric if (numeric := number(value)) is not None else str(value) if value is not None else None


def adsl(cohort: Cohort, sets: dict[str, Members]) -> pl.DataFrame:
    """One row for everybody who was screened: site, stratum, arm, dates, sets and baseline variables."""
    return _frame([_subject(one, cohort, sets) for one in cohort.everybody])


def _subject(one: Participant, cohort: Cohort, sets: dict[str, Members]) -> Row:
    subject, protocol = one.subject, cohort.protocol
    doses = days_of_doses(one, protocol)
    randomised = subject.randomised is not None
    planned = protocol.arm_by_id[one.arm].label.en if one.arm else ("Screen failure" if subject.screen_failure else "")
    return {
        "STUDYID": protocol.id, "USUBJID": f"{protocol.id}-{one.code}", "SUBJID": one.code, "SITEID": subject.site,
        "RFICDTC": _day(subject.consent), "RANDFL": flag(randomised), "RANDDT": _day(subject.randomised),
        "STRATAR": subject.stratum, "STRATAV": subject.stratum_corrected or subject.stratum, "ARMCD": one.arm,
        "ARM": planned, "TRT01P": planned if one.arm else "", "TRT01A": planned if doses else "",
        "TRTFL": flag(bool(doses)) if randomised else "",
        "TRTSDT": _day(doses[0] if doses else None), "TRTEDT": _day(doses[-1] if doses else None),
        "DCTREAS": subject.stopped_because, "DCTDT": _day(subject.treatment_stopped),
        "EOSSTT": _end_of_study(one), "EOSDT": _day(subject.ended), "DCSREAS": _left_because(one),
        "SCRNFAIL": ", ".join(subject.screen_failure),
        **{_flag_name(name): flag(one.code in found.members) if randomised else "" for name, found in sets.items()},
        **{f"B_{name.upper()}": written(baseline_value(one, name, protocol)) for name in protocol.analysis.baseline},
    }  # fmt: skip


def _flag_name(analysis_set: str) -> str:
    """The column of a population flag, in eight characters."""
    return {"safety": "SAFFL", "per_protocol": "PPROTFL"}.get(analysis_set, f"{analysis_set.upper()[:6]}FL")


def _end_of_study(one: Participant) -> str:
    subject = one.subject
    if subject.randomised is None:
        return "SCREEN FAILURE" if subject.screen_failure else "SCREENING"
    if subject.ended is None:
        return "ONGOING"
    return "COMPLETED" if subject.how_ended == "completed" else "DISCONTINUED"


def _left_because(one: Participant) -> str:
    subject = one.subject
    if subject.ended is None or subject.how_ended == "completed":
        return ""
    return f"{subject.how_ended}: {subject.ended_because}" if subject.ended_because else subject.how_ended


def _day(day: object) -> str:
    return str(day) if day is not None else ""


def adtte(cohort: Cohort) -> pl.DataFrame:
    """One row per randomised participant and time-to-event endpoint; AVAL in days since randomisation."""
    wanted = [endpoint for endpoint in cohort.protocol.endpoints if endpoint.measure == "time_to_event"]
    return _frame([_time(one, endpoint, cohort) for endpoint in wanted for one in cohort.randomised])


def _time(one: Participant, endpoint: Endpoint, cohort: Cohort) -> Row:
    found = time_to_event(one, endpoint, cohort)
    censored = (
        "no assessment: censored at randomisation" if not found.visit else f"last known assessment: {found.visit}"
    )
    return {
        **_key(one, cohort), **_parameter(endpoint), "AVAL": found.days, "CNSR": 0 if found.event else 1,
        "STARTDT": _day(one.subject.randomised), "ADT": _day(found.on),
        "EVNTDESC": f"{endpoint.label.en}, first shown at {found.visit}" if found.event else "",
        "CNSDTDSC": "" if found.event else censored,
    }  # fmt: skip


def adeff(cohort: Cohort) -> pl.DataFrame:
    """One row per randomised participant and yes-or-no endpoint; AVALC is Y, N or nothing, and REASON says why."""
    wanted = [endpoint for endpoint in cohort.protocol.endpoints if endpoint.measure == "event"]
    return _frame([_event(one, endpoint, cohort) for endpoint in wanted for one in cohort.randomised])


def _event(one: Participant, endpoint: Endpoint, cohort: Cohort) -> Row:
    found = event(one, endpoint, cohort)
    return {
        **_key(one, cohort), **_parameter(endpoint), "AVALC": flag(found.state), "AVISIT": found.visit,
        "ADT": _day(found.on), "REASON": found.reason,
    }  # fmt: skip


def adqs(cohort: Cohort) -> pl.DataFrame:
    """One row per randomised participant, analysed variable and visit held at which it is known."""
    wanted = [endpoint.variable for endpoint in cohort.protocol.endpoints if endpoint.variable]
    variables = dict.fromkeys((*wanted, *cohort.protocol.analysis.trajectories))
    return _frame([row for name in variables for one in cohort.randomised for row in _visits(one, name, cohort)])


def _visits(one: Participant, name: str, cohort: Cohort) -> Iterator[Row]:
    protocol = cohort.protocol
    base = number(baseline_value(one, name, protocol))
    for visit in protocol.visits:
        on = one.held(visit.id)
        value = number(one.value(name, visit.id)) if on is not None else None
        if on is None or value is None:
            continue
        is_baseline = visit.id == protocol.schedule.baseline
        change = value - base if base is not None and visit in cohort.after_baseline else None
        yield {
            **_key(one, cohort), "PARAMCD": name.upper(), "AVISIT": visit.id, "AVISITN": visit.week, "ADT": _day(on),
            "ADY": one.day(on), "AVAL": value, "BASE": base, "CHG": change,
            "ABLFL": "Y" if is_baseline else "",
        }  # fmt: skip


def _key(one: Participant, cohort: Cohort) -> Row:
    return {"STUDYID": cohort.protocol.id, "USUBJID": f"{cohort.protocol.id}-{one.code}", "ARMCD": one.arm}


def _parameter(endpoint: Endpoint) -> Row:
    return {"PARAMCD": endpoint.id.upper(), "PARAM": endpoint.label.en}


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)

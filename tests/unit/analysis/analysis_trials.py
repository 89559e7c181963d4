"""Small trials made by hand: participants of the protocol `small`, whose endpoint is an itching that falls by two."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from equipoise.analysis import cohort
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot, Subject, VisitState
from equipoise.items import PartialDate
from equipoise.protocol.load import load
from equipoise.protocol.schema import Estimand

ROOT = Path(__file__).parents[3]
SMALL = load((ROOT / "tests" / "protocols" / "small.yaml").read_bytes())[0]
BELIMUMAB = load((ROOT / "trials" / "belimumab-sle" / "protocol.yaml").read_bytes())[0]
HYPERTENSION = load((ROOT / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
START = date(2024, 5, 6)
MISSED = "missed"
DAYS = {"screening": -14, "week_0": 0, "week_4": 28, "week_8": 56}


def person(code, itching=None, *, randomised=START, shift=0, dosed=True, events=(), **more):
    """A participant; `itching` maps a visit to a number, to None (held, not known) or to MISSED."""
    itching = {"screening": 7, "week_0": 6, **(itching or {})}
    anchor = randomised or START
    visits, values = {}, {("screening", "history", 1): history(code)}
    for visit, answer in itching.items():
        if answer == MISSED:
            visits[visit] = VisitState("missed", None, "", "pandemic", 1)
            continue
        late = shift if visit.startswith("week") and visit != "week_0" else 0
        visits[visit] = VisitState("held", anchor + timedelta(days=DAYS[visit] + late), "site", "", 1)
        values[visit, "assessment", 1] = {"itching": answer, "weight": 60}
        if visit in ("week_0", "week_4") and dosed is not None:
            values[visit, "dosing", 1] = {"handed_over": dosed}
    for repeat, row in enumerate(events, start=1):
        values["log", "events", repeat] = {"onset": anchor + timedelta(days=3), "event_grade": "mild", **row}
    doses = {visit: f"bag-{code}-{visit}" for visit in visits if visit in ("week_0", "week_4")} if dosed else {}
    subject = Subject(
        code=code, site=code[:2], screened=datetime(2024, 4, 1, tzinfo=UTC), consent=date(2024, 4, 1),
        randomised=randomised, stratum="one" if randomised else "", visits=visits, values=values, doses=doses,
    )  # fmt: skip
    return replace(subject, **more)


def history(code):
    return {"sex": "female", "born": PartialDate(1980, 1, 2), "severity": "moderate", "pregnant": False}


def opened(arms, *failures, dummy=False, simulated=True, locked=True):
    """An opened trial: {arm: participants}, and those who were not randomised."""
    everybody = [subject for people in arms.values() for subject in people] + list(failures)
    snapshot = Snapshot(
        study="small", protocol="d" * 64, simulated=simulated, subjects={s.code: s for s in everybody},
        sites=("01", "02"), locked=locked, head="a" * 64, acts=42,
    )  # fmt: skip
    return OpenedSnapshot(snapshot, {s.code: arm for arm, people in arms.items() for s in people}, dummy)


def made(arms, *failures, protocol=SMALL):
    return cohort(opened(arms, *failures), protocol)


def arm_of(name, results, first=1):
    """Participants with given courses: a list of {visit: itching}."""
    return [person(f"{name}-{place:03d}", course) for place, course in enumerate(results, start=first)]


BETTER = {"week_4": 6, "week_8": 4}
SAME = {"week_4": 6, "week_8": 6}
GONE = {"week_4": 6}


def with_estimands(*estimands, protocol=SMALL, **analysis):
    """The protocol with other estimands, and no looks at those it had."""
    changed = {"estimands": tuple(estimands), "monitoring": None}
    if analysis:
        changed["analysis"] = protocol.analysis.model_copy(update=analysis)
    return protocol.model_copy(update=changed)


def estimand(endpoint, function, *, id_="asked", sensitivity=(), population="everybody", **method):
    return Estimand.model_validate(
        {
            "id": id_, "endpoint": endpoint, "label": {"en": "Asked", "zh": "所问"}, "population": population,
            "reference_arm": "control", "summary": {"en": "Summary", "zh": "汇总"},
            "method": {"function": function, **method},
            "sensitivity": [{"function": function, **other} for other in sensitivity],
        }
    )  # fmt: skip

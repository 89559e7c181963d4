"""A trial of five people made by hand, with doses, adverse events, laboratory results and medication of every kind.

Two of them (01-001, 01-002) had belimumab, two (01-501, 01-502) placebo; 01-003 was randomised and never dosed.
Day 0 is 6 May 2024, the day of the first infusion; the study day of a date is the days since then plus one.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from analysis_trials import BELIMUMAB, START, opened

from equipoise.analysis import cohort
from equipoise.conduct.snapshot import Subject, VisitState
from equipoise.items import Missing, PartialDate

PROTOCOL = BELIMUMAB.model_copy(update={"estimands": ()})
DAYS = {"screening": -14, "week_0": 0, "week_2": 14, "week_4": 28, "week_8": 56}


def on(day):
    """The date that many days after the first infusion."""
    return START + timedelta(days=day)


def patient(code, *, infusions=(), laboratory=None, events=(), drugs=(), **more):
    """A participant seen at the visits to week 8; what is not given was not recorded."""
    visits = {visit: VisitState("held", on(day), "site", "", 1) for visit, day in DAYS.items()}
    values = {("screening", "demographics", 1): {"sex": "female", "age": 30}}
    for visit, answers in (laboratory or {}).items():
        values[visit, "laboratory", 1] = {name: Decimal(str(value)) for name, value in answers.items()}
    for visit, answers in dict(infusions).items():
        values[visit, "infusion", 1] = answers
    for form, rows in (("adverse_events", events), ("medication", drugs)):
        values |= {("log", form, repeat): row for repeat, row in enumerate(rows, start=1)}
    handed = {visit: f"bag-{code}-{visit}" for visit in dict(infusions)}
    subject = Subject(
        code=code, site=code[:2], screened=datetime(2024, 4, 1, tzinfo=UTC), consent=date(2024, 4, 1), randomised=START,
        stratum="01", visits=visits, values=values, doses=handed,
    )  # fmt: skip
    return replace(subject, **more)


def event(term, category, severity, day, **more):
    """A row of the log of adverse events; `day` counts from the first infusion."""
    return {
        "ae_term": term, "ae_category": category, "ae_severity": severity,
        "ae_onset": on(day) if isinstance(day, int) else day, "ae_serious": False, "ae_related": False,
        "ae_action": "none", "ae_outcome": "recovered", **more,
    }  # fmt: skip


GIVEN = {"infusion_given": True, "infusion_completed": True, "infusion_interrupted": False}
CUT_SHORT = {"infusion_given": True, "infusion_completed": False, "infusion_interrupted": True}
LEFT_OUT = {"infusion_given": False, "not_infused_because": "infection"}

FIRST = patient(
    "01-001",
    infusions={"week_0": GIVEN, "week_2": GIVEN, "week_4": CUT_SHORT, "week_8": LEFT_OUT},
    laboratory={
        "screening": {"alt": 30, "neutrophils": "4.5"}, "week_0": {"neutrophils": "4.0", "bilirubin": 10},
        "week_4": {"alt": 130, "bilirubin": 45, "neutrophils": "0.9"}, "week_8": {"alt": 20, "neutrophils": "3.0"},
    },
    events=[
        event("Pharyngitis", "infection", "grade_2", 9, ae_related=True),
        event("Pneumonia", "infection", "grade_3", 19, ae_serious=True, ae_serious_because="hospitalisation"),
        event("Headache", "other", Missing("UNK"), None, ae_serious=Missing("UNK")),
    ],
    drugs=[
        {"drug": "Prednisone", "drug_class": "steroid", "drug_start": PartialDate(2020), "drug_ongoing": True},
        {"drug": "Influenza vaccine", "drug_class": "other", "drug_start": on(-40), "drug_stop": on(-40)},
    ],
    ended=on(60), how_ended="withdrew",
)  # fmt: skip
SECOND = patient(
    "01-002",
    infusions={"week_0": GIVEN, "week_2": GIVEN, "week_4": GIVEN},
    laboratory={
        "week_0": {"alt": 100, "ast": 20, "bilirubin": 10}, "week_4": {"alt": 100, "ast": 20, "bilirubin": 10},
    },
    events=[
        event("Low mood", "depression", "grade_1", -3),
        event("Rash", "other", "grade_2", 30, ae_action="stopped", ae_end=on(35)),
    ],
    drugs=[{"drug": "Ibuprofen", "drug_class": "nsaid", "drug_start": on(40), "drug_ongoing": True}],
    treatment_stopped=on(30), stopped_because="adverse_event", ended=on(56), how_ended="lost",
)  # fmt: skip
NEVER = patient("01-003", events=[event("Cough", "infection", "grade_1", 5)])
FATAL = patient(
    "01-501",
    infusions={"week_0": GIVEN, "week_2": GIVEN, "week_4": GIVEN},
    laboratory={"week_0": {"alt": 20, "ast": 20, "bilirubin": 8}},
    events=[
        event("Sepsis", "infection", "grade_5", 40, ae_serious=True, ae_serious_because="death", ae_outcome="fatal",
              ae_end=on(45)),
    ],
    drugs=[{"drug": "prednisone ", "drug_class": "steroid", "drug_start": on(-100), "drug_ongoing": True}],
    ended=on(45), how_ended="died", deviations=(("week_4", "visit_window", "two days late"),),
)  # fmt: skip
UNSURE = patient(
    "01-502",
    infusions={"week_0": GIVEN, "week_2": GIVEN, "week_4": {}},
    laboratory={"week_0": {"alt": 5}, "week_4": {"alt": 50}, "week_8": {"alt": 6}},
    deviations=(("log", "major", "took another trial's drug"), ("week_4", "visit_window", "late")),
    ended=on(56), how_ended="completed",
)  # fmt: skip
PEOPLE = {"belimumab": [FIRST, SECOND, NEVER], "placebo": [FATAL, UNSURE]}
FAILED = patient(
    "02-001", events=[event("Cold", "infection", "grade_1", -20)], randomised=None, stratum="", visits={},
    screen_failure=("E5",),
)  # fmt: skip


def trial(*, dummy=False, protocol=PROTOCOL):
    """The five as a cohort."""
    return cohort(opened(PEOPLE, FAILED, dummy=dummy), protocol)


def treated(made):
    """Those who had a dose."""
    return tuple(one for one in made.randomised if one.code != "01-003")

"""One participant walks through the reference trial: every score and flare as a person would work it out on paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.analysis import cohort
from equipoise.analysis.events import readings, time_to_event
from equipoise.conduct.eligibility import judge
from equipoise.conduct.environment import History
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot, Subject, VisitState
from equipoise.items import compile_rule
from equipoise.protocol.check import read_protocol
from equipoise.protocol.schema import Protocol

TRIAL = Path(__file__).parents[3] / "trials" / "belimumab-sle"
RANDOMISED = date(2021, 6, 15)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    found, problems = read_protocol((TRIAL / "protocol.yaml").read_bytes())
    assert found is not None, "\n".join(map(str, problems))
    return found


# At every assessment: a woman of 60 kg with low C3 (2 points) and leukopenia of a drug (none): SLEDAI 2.
ONCE = {
    "demographics": {"age": 34, "sex": "female", "ethnic_group": "han", "height": Decimal("160.0")},
    "medical_history": {
        "sle_since": date(2016, 3, 1), "regimen_since": date(2021, 3, 1), "cyclophosphamide_ever": False,
        "b_cell_therapy_ever": False, "malignancy_ever": False, "zoster_ever": False, "hepatitis_b": False,
        "hepatitis_c": False, "hiv_infection": False, "active_tuberculosis": False, "nephritis_ever": False,
        **{
            f"{system}_ever": system in ("mucocutaneous", "musculoskeletal")
            for system in (
                "constitutional", "mucocutaneous", "neuropsychiatric", "musculoskeletal", "cardiorespiratory",
                "gastrointestinal", "ophthalmic", "haematological",
            )
        },
    },
    "screening_laboratory": {"hbsag": "negative", "tspot": "negative", "ana": "positive", "ana_titre": 640},
}  # fmt: skip
PHYSICIAN = (
    "seizure", "psychosis", "organic_brain", "visual", "cranial_nerve", "lupus_headache", "cva", "vasculitis",
    "myositis", "rash", "alopecia", "mucosal_ulcers", "pleurisy", "pericarditis", "fever",
)  # fmt: skip
QUIET = {
    "examination": {
        "weight": Decimal("60.0"), "temperature": Decimal("36.6"), "systolic": 118, "diastolic": 74,
    },
    "laboratory": {
        "haemoglobin": 120, "white_cells": Decimal("2.90"), "leukopenia_sle": False, "platelets": 180,
        "urine_rbc": Decimal("2.0"), "urine_wbc": Decimal("1.0"), "urine_cast": "none",
        "urine_protein": Decimal("0.20"), "alt": 22, "ast": 20, "creatinine": 60, "neutrophils": Decimal("2.05"),
        "lymphocytes": Decimal("0.80"), "bilag_renal_any": False, "bilag_haematological_any": False,
    },
    "immunology": {"anti_dsdna": Decimal("80.0"), "c3": Decimal("0.60"), "c4": Decimal("0.15")},
    "assessment": {"pga": Decimal("0.4"), "inflamed_joints": 0, **dict.fromkeys(PHYSICIAN, "absent")},
    "bilag": {
        f"bilag_{system}_any": False
        for system in (
            "constitutional", "mucocutaneous", "neuropsychiatric", "musculoskeletal", "cardiorespiratory",
            "gastrointestinal", "ophthalmic",
        )
    },
    "background_treatment": {
        "steroid_drug": "methylprednisolone", "steroid_dose": Decimal("8.00"), "steroid_frequency": "once_daily",
        "steroid_pulse": False, "antimalarial": "hydroxychloroquine", "immunosuppressant": "none",
    },
}  # fmt: skip
SINCE_BEFORE = {
    "laboratory": {"new_nephritis": False},
    "flare_components": {
        f"new_{what}": False
        for what in (
            "rash", "ulcers", "pleuritis", "pericarditis", "arthritis", "fever", "cns", "vasculitis", "myositis"
        )
    },
    "background_treatment": {
        "steroid_reason": "unchanged",
        "hospitalised": False,
        **{
            f"new_{drug}": False
            for drug in (
                "nsaid", "hydroxychloroquine", "cyclophosphamide", "azathioprine", "methotrexate", "mycophenolate",
                "calcineurin_inhibitor", "leflunomide", "biologic",
            )
        },
    },
}  # fmt: skip


def participant(protocol: Protocol, **visits: dict[str, object]) -> Subject:
    """A quiet participant; for each visit the answers that differ, by item."""
    values: dict[tuple[str, str, int], dict[str, object]] = {}
    for visit in protocol.visits:
        changed = visits.get(visit.id, {})
        for form in visit.forms:
            answers = dict(ONCE.get(form, {})) | QUIET.get(form, {})
            answers |= SINCE_BEFORE.get(form, {}) if visit.week > 0 else {}
            items = protocol.form_by_id[form].item_by_id
            values[visit.id, form, 1] = answers | {k: v for k, v in changed.items() if k in items}
    held = {
        visit.id: VisitState("held", RANDOMISED + timedelta(days=visit.day), "site", "", 1) for visit in protocol.visits
    }
    return Subject(
        code="01-001", site="01", screened=datetime(2021, 6, 1, tzinfo=UTC), consent=date(2021, 6, 1),
        randomised=RANDOMISED, visits=held, values=values,
    )  # fmt: skip


def at(protocol: Protocol, subject: Subject, visit: str, *wanted: str) -> tuple[object, ...]:
    environment = History(protocol, subject).at(visit)
    return tuple(environment.get(name) for name in wanted)


def test_the_quiet_participant_is_eligible(protocol):
    assert {j.criterion.id: j.state for j in judge(protocol, participant(protocol)) if j.state != "met"} == {}


def test_an_ungraded_system_leaves_one_criterion_unknown(protocol):
    subject = participant(protocol, screening={"bilag_mucocutaneous_any": None})
    assert {j.criterion.id: j.state for j in judge(protocol, subject) if j.state != "met"} == {"I2": "unknown"}


def test_scores_at_screening(protocol):
    found = at(
        protocol, participant(protocol), "screening",
        "sledai_total", "sledai_clinical", "bilag_score", "prednisone_daily", "bmi", "disease_years", "drug_volume",
    )  # fmt: skip
    assert found == (2, 0, 1, 10, Decimal("23.4"), 5, Decimal("1.5"))  # BILAG: one C for lymphocytes below 1


def test_bilag_2004_follows_from_items_and_numbers(protocol):
    """Skin affected before and quiet now is D; never affected is E; a lymphocyte count of 0.8 is C."""
    names = ("mucocutaneous", "neuropsychiatric", "renal", "haematological")
    subject = participant(protocol, week_8={
        "bilag_mucocutaneous_any": True, "bilag_neuropsychiatric_any": True, "bilag_skin_eruption_mild": "new",
        **{item.id: "not_present" for item in protocol.form_by_id["bilag"].items
           if item.when in ("bilag_mucocutaneous_any", "bilag_neuropsychiatric_any")
           and item.id != "bilag_skin_eruption_mild"},
        "urine_protein": Decimal("1.20"), "proteinuria_sle": True,
    })  # fmt: skip
    assert at(protocol, subject, "week_4", *(f"bilag_{name}" for name in names), "bilag_score") == (
        "D",
        "E",
        "E",
        "C",
        1,
    )
    assert at(protocol, subject, "week_8", *(f"bilag_{name}" for name in names), "bilag_score") == (
        "B",
        "E",
        "B",
        "C",
        17,
    )
    # What the trial has seen is remembered: the kidney was affected at week 8, and is D afterwards.
    assert at(protocol, subject, "week_12", *(f"bilag_{name}" for name in names)) == ("D", "E", "D", "C")


def test_low_disease_activity_and_remission(protocol):
    """SLEDAI-2K 2 (low C3), PGA 0.4: at 10 mg of prednisone neither state, at 5 mg both, with two joints neither."""
    five = {"steroid_dose": Decimal("4.00")}
    two_joints = five | {"inflamed_joints": 2}
    subject = participant(protocol, week_24={}, week_28=five, week_32=two_joints)
    wanted = ("sledai_total", "sledai_2k", "lldas", "doris")
    assert at(protocol, subject, "week_24", *wanted) == (2, 2, False, False)
    assert at(protocol, subject, "week_28", *wanted) == (2, 2, True, True)
    assert at(protocol, subject, "week_32", *wanted) == (2, 6, False, False)  # two joints are arthritis in 2K only


def test_a_response_needs_room_to_fall(protocol):
    high = {"fever": "present", "rash": "present"}
    subject = participant(protocol)
    assert at(protocol, subject, "week_52", "sri_4") == ("not_evaluable",)  # baseline 2
    subject = participant(protocol, week_0=high | {"alopecia": "present"})  # baseline 7, then 2
    assert at(protocol, subject, "week_52", "sledai_total", "sri_4") == (2, "yes")
    failed = participant(protocol, week_0=high | {"alopecia": "present"}, week_12={"new_azathioprine": True})
    assert at(protocol, failed, "week_52", "treatment_failed", "sri_4") == (True, "no")


def test_creatinine_clearance_is_cockcroft_and_gaults(protocol):
    (clearance,) = at(protocol, participant(protocol), "screening", "creatinine_clearance")
    by_hand = (140 - 34) * 60 * 0.85 / (72 * 60 / 88.4)
    assert float(clearance) == pytest.approx(by_hand, abs=0.01)


def test_nothing_new_is_no_flare_at_any_assessment_after_baseline(protocol):
    subject = participant(protocol)
    for visit in protocol.visits:
        if "flare_components" in visit.forms:
            assert at(protocol, subject, visit.id, "flare_severity", "flare", "severe_flare") == ("none", False, False)


def test_a_contact_without_assessment_says_nothing(protocol):
    assert at(protocol, participant(protocol), "week_2", "sledai_total", "flare", "flare_severity") == (
        None,
        None,
        None,
    )


def test_nothing_lies_before_screening(protocol):
    found = at(protocol, participant(protocol), "screening", "sledai_ref", "pga_ref", "prednisone_ref", "flare")
    assert found == (None, None, None, None)


def test_week_4_is_judged_against_week_0(protocol):
    rose = {"rash": "present", "pga": Decimal("0.8")}  # 2 to 4 is no rise by 3 …
    assert at(protocol, participant(protocol, week_4=rose), "week_4", "sledai_total", "flare") == (4, False)
    more = rose | {"fever": "present"}  # … and 2 to 5 is
    assert at(protocol, participant(protocol, week_4=more), "week_4", "sledai_total", "flare_severity") == (
        5, "mild_moderate",
    )  # fmt: skip


def test_above_twelve_is_severe_in_the_classic_index_only(protocol):
    """10 to 14 points and nothing else: severe in the classic index, mild or moderate in the modified one."""
    arthritis = {"inflamed_joints": 3, "rash": "present", "alopecia": "present"}
    subject = participant(protocol, week_8=arthritis, week_12=arthritis | {"myositis": "present"})
    wanted = ("sledai_total", "flare_severity", "severe_flare", "severe_flare_classic")
    assert at(protocol, subject, "week_8", "sledai_total") == (10,)
    assert at(protocol, subject, "week_12", *wanted) == (14, "mild_moderate", False, True)


@pytest.mark.parametrize(
    ("weight", "dose", "severity"),
    [
        ("60.0", "24.00", "mild_moderate"),  # 24 mg methylprednisolone = 30 mg prednisone = 0.5 mg/kg
        ("60.0", "26.00", "severe"),
        ("40.0", "16.00", "mild_moderate"),  # 20 mg: exactly half a milligram for 40 kg
        ("40.0", "16.40", "severe"),  # at 40 kg any rise above the ceiling of entry is severe
        ("80.0", "16.40", "mild_moderate"),
    ],
)
def test_the_weight_of_the_visit_decides_the_severity_of_a_steroid_rise(protocol, weight, dose, severity):
    raised = {"steroid_dose": Decimal(dose), "steroid_reason": "lupus", "weight": Decimal(weight)}
    assert at(protocol, participant(protocol, week_16=raised), "week_16", "flare_severity") == (severity,)


def test_a_steroid_raised_for_surgery_is_no_flare_and_is_kept_as_dose(protocol):
    raised = {"steroid_dose": Decimal("32.00"), "steroid_reason": "other"}
    subject = participant(protocol, week_16=raised)
    assert at(protocol, subject, "week_16", "prednisone_daily", "flare") == (40, False)
    assert at(protocol, subject, "week_20", "flare") == (False,)


@pytest.mark.parametrize(
    ("answers", "severity", "thanou"),
    [
        ({"new_pleuritis": True}, "mild_moderate", True),
        ({"new_hydroxychloroquine": True}, "mild_moderate", False),
        ({"new_mycophenolate": True}, "severe", False),
        ({"hospitalised": True}, "severe", True),
        ({"pga": Decimal("1.4")}, "mild_moderate", True),
        ({"pga": Decimal("2.6")}, "severe", True),
        ({"new_nephritis": True}, "none", False),  # severe only with more steroid, or in hospital
        ({"new_nephritis": True, "hospitalised": True}, "severe", True),
        ({"haemoglobin": 65, "haemolysis_sle": True}, "none", False),
        ({"haemoglobin": 65, "haemolysis_sle": True, "hospitalised": True}, "severe", True),
    ],
)
def test_each_part_of_the_index_reaches_it(protocol, answers, severity, thanou):
    subject = participant(protocol, week_24=answers)
    assert at(protocol, subject, "week_24", "flare_severity", "flare_thanou") == (severity, thanou)


def test_an_open_question_leaves_no_flare_unknown_but_not_a_flare(protocol):
    subject = participant(protocol, week_24={"new_pleuritis": None})
    assert at(protocol, subject, "week_24", "flare", "flare_severity") == (None, None)
    subject = participant(protocol, week_24={"new_pleuritis": None, "new_rash": True})
    assert at(protocol, subject, "week_24", "flare", "flare_severity") == (True, "mild_moderate")


def test_a_missed_assessment_leaves_the_reference_where_it_was(protocol):
    subject = participant(protocol, week_12={"new_rash": True})
    kept = {key: value for key, value in subject.values.items() if key[0] != "week_8"}
    subject = replace(subject, values=kept)
    assert at(protocol, subject, "week_12", "sledai_ref", "prednisone_ref", "flare") == (2, 10, True)
    assert at(protocol, subject, "week_8", "flare") == (None,)


def test_free_of_prednisone_is_two_assessments_long(protocol):
    stopped = {"steroid_drug": "none", "steroid_dose": None, "steroid_frequency": None}
    once = participant(protocol, week_52=stopped)
    twice = participant(protocol, week_48=stopped, week_52=stopped)
    rule = next(e.rule for e in protocol.endpoints if e.id == "prednisone_free")
    assert compile_rule(rule).evaluate(History(protocol, once).at("week_52")) is False
    assert compile_rule(rule).evaluate(History(protocol, twice).at("week_52")) is True
    assert compile_rule(rule).evaluate(History(protocol, twice).at("week_48")) is False


# --- Between two contacts ---------------------------------------------------------------------------------------------


def seen_between(protocol, forms, answers, **visits):
    """The participant, seen as well on day 40, between weeks 4 and 8; these forms were filled in then."""
    subject = participant(protocol, **visits)
    held = VisitState("held", RANDOMISED + timedelta(days=40), "site", "worsening", 1)
    values = {}
    for form in forms:
        filled = QUIET.get(form, {}) | SINCE_BEFORE.get(form, {})
        items = protocol.form_by_id[form].item_by_id
        values["unscheduled_1", form, 1] = filled | {k: v for k, v in answers.items() if k in items}
    return replace(
        subject, visits={**subject.visits, "unscheduled_1": held}, values={**subject.values, **values}
    )  # fmt: skip


def flares(protocol, subject):
    """The visits with a flare, and the day of the first as the endpoint has it."""
    found = cohort(OpenedSnapshot(snapshot_of(protocol, subject), {subject.code: "belimumab"}, dummy=False), protocol)
    endpoint = next(each for each in protocol.endpoints if each.id == "time_to_first_flare")
    seen = readings(found.randomised[0], endpoint, found)
    timed = time_to_event(found.randomised[0], endpoint, found)
    return [reading.visit.id for reading in seen if reading.state], timed.days if timed.event else None


def snapshot_of(protocol, subject):
    return Snapshot(
        study="btrial", protocol="d" * 64, simulated=True, subjects={subject.code: subject}, sites=("01",),
        locked=True, head="a" * 64, acts=1,
    )  # fmt: skip


def not_counted(protocol):
    plan = protocol.schedule.unscheduled.model_copy(update={"counts": False})
    return protocol.model_copy(update={"schedule": protocol.schedule.model_copy(update={"unscheduled": plan})})


def test_a_flare_between_two_contacts_is_one_though_it_has_gone_at_the_next(protocol):
    """CHOICE of the protocol file: it counts. The other reading, the planned assessments alone, is one word away."""
    subject = seen_between(protocol, protocol.schedule.unscheduled.forms, {"new_pleuritis": True})
    assert at(protocol, subject, "unscheduled_1", "sledai_ref", "flare_severity") == (2, "mild_moderate")
    assert flares(protocol, subject) == (["unscheduled_1"], 40)
    assert flares(not_counted(protocol), subject) == ([], None)


def test_a_steroid_raised_between_two_contacts_is_no_second_rise_at_the_next(protocol):
    raised = {"steroid_dose": Decimal("16.00"), "steroid_reason": "lupus"}  # prednisone 10 to 20 mg, at 60 kg
    after = {f"week_{week}": {"steroid_dose": Decimal("16.00")} for week in range(8, 53, 4)}
    subject = seen_between(protocol, protocol.schedule.unscheduled.forms, raised, **after)
    assert at(protocol, subject, "week_8", "prednisone_ref", "prednisone_daily") == (20, 20)
    assert flares(protocol, subject) == (["unscheduled_1"], 40)
    assert at(not_counted(protocol), subject, "week_8", "prednisone_ref") == (10,)
    assert flares(not_counted(protocol), subject) == (["week_8"], 56)


def test_an_extra_sample_alone_says_nothing_of_a_flare_and_moves_no_reference(protocol):
    subject = seen_between(protocol, ["laboratory"], {"platelets": 170})
    assert at(protocol, subject, "unscheduled_1", "flare", "sledai_total") == (None, None)
    assert at(protocol, subject, "week_8", "previous.platelets", "sledai_ref", "pga_ref") == (180, 2, Decimal("0.4"))
    assert flares(protocol, subject) == ([], None)


def test_what_an_extra_sample_showed_first_is_new_at_the_assessment_after_it(protocol):
    """Platelets fall below 60 between two contacts: severe in hospital, and no other visit can have said so."""
    low = {"platelets": 50}
    subject = seen_between(protocol, ["laboratory"], low, week_8={**low, "hospitalised": True})
    assert at(protocol, subject, "week_8", "new_thrombocytopenia", "flare_severity") == (True, "severe")

"""Whole records, several designs in several layouts: what is read of each, what is left to do, and a sound draft."""

import re
from pathlib import Path

import pytest
import yaml

from equipoise.drafting import Record, draft, read_record
from equipoise.drafting.lines import clean, decode
from equipoise.protocol.check import read_protocol

RECORDS = Path(__file__).parents[2] / "drafting_records"
NAMES = sorted(path.name for path in RECORDS.iterdir())


def record_of(name: str) -> Record:
    found = read_record((RECORDS / name).read_bytes(), name=name)
    assert isinstance(found, Record), found
    return found


def protocol_of(name: str):
    protocol, problems = read_protocol(draft(record_of(name)).text, "draft.yaml")
    assert protocol is not None, [str(problem) for problem in problems if problem.level == "error"]
    return protocol


def todos_of(name: str) -> set[tuple[str, str]]:
    return {(problem.id, problem.where) for problem in draft(record_of(name)).todos}


def rules_of(name: str) -> dict[str, str]:
    eligibility = protocol_of(name).eligibility
    return {criterion.id: criterion.rule for criterion in (*eligibility.inclusion, *eligibility.exclusion)}


# --- What holds for every record ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_draft_passes_the_check_with_warnings_only(name):
    protocol, problems = read_protocol(draft(record_of(name)).text, "draft.yaml")
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    assert protocol is not None
    assert "protocol.W001" in {problem.id for problem in problems}


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_stands_in_the_record(name):
    """A citation that cannot be found in the source would be an invention."""
    source = (RECORDS / name).read_text(encoding="utf-8")
    words = " ".join(clean(source.replace("\\n", "\n").replace("\\\\", "")).split())
    quotes = re.findall(r'# (?:from|time frame): "(.*)"(?: \(\S+\))?$', draft(record_of(name)).text, re.MULTILINE)
    assert quotes
    for quote in quotes:
        for piece in re.split(r" and |; | …$|: ", quote):
            assert piece.removesuffix(" …") in words


@pytest.mark.parametrize("name", NAMES)
def test_every_todo_is_a_warning_with_a_place_in_the_record(name):
    made = draft(record_of(name))
    assert made.todos
    for problem in made.todos:
        assert problem.level == "warning"
        assert re.fullmatch(r"draft\.T0\d\d", problem.id)
        assert problem.where == name or problem.where.startswith(f"{name}:")
        assert problem.message in made.text
        assert problem.hint


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt")])
def test_places_in_a_page_are_lines(name):
    """The line that a citation names holds the beginning of its words."""
    lines = clean(decode((RECORDS / name).read_bytes())).split("\n")
    for quote, number in re.findall(r'# from: "(.*)" \(\S+:(\d+)\)$', draft(record_of(name)).text, re.MULTILINE):
        first = quote.removesuffix(" …").split("; ")[0].split(": ")[0]
        assert any(first in " ".join(line.split()) for line in lines[int(number) - 1 : int(number) + 3])


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_is_plain_text_in_yaml_and_the_same_each_time(name):
    text = draft(record_of(name)).text
    assert text == draft(record_of(name)).text

    def scalars(value):
        parts = value.values() if isinstance(value, dict) else value
        return [value] if isinstance(value, str) else [leaf for part in parts for leaf in scalars(part)]

    assert all(isinstance(leaf, str) for leaf in scalars(yaml.load(text, Loader=yaml.BaseLoader)))
    assert not any(isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) for event in yaml.parse(text))


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt")])
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace(" ", "\u00a0"),
        lambda text: text.replace("<", "&lt;").replace("≥", "&ge;").replace("≤", "&#8804;"),
        lambda text: re.sub(r"\n+", "\n\n", text) if "\t" not in text else text,
        lambda text: text.replace("e", "e\u200b"),
    ],
    ids=["crlf", "no-break spaces", "entities", "blank lines", "zero width"],
)
def test_a_page_copied_by_another_browser_is_the_same_record(name, damage):
    def told(record):
        return (
            record.title and record.title.value,
            record.enrolment and record.enrolment.value,
            record.masking and record.masking.value,
            record.ratio and record.ratio.value,
            [(arm.label.value, arm.type, arm.regimen and arm.regimen.value) for arm in record.arms],
            [entry.text for entry in (*record.inclusion, *record.exclusion)],
        )

    source = (RECORDS / name).read_text(encoding="utf-8")
    damaged = read_record(damage(source).encode(), name=name)
    assert isinstance(damaged, Record)
    assert told(damaged) == told(record_of(name))


# --- What is read of each ---------------------------------------------------------------------------------------------


def test_lupus_prevention():
    protocol = protocol_of("lupus_prevention.txt")
    study = protocol.study
    assert (study.title.en, study.sponsor.en) == (
        "Low-Dose Telovimab to Keep Quiet Lupus Quiet",
        "University of Northfield",
    )
    assert (study.phase, study.purpose, study.model, study.sex) == ("3", "prevention", "parallel", "all")
    assert (study.participants, study.minimum_age, study.maximum_age) == (160, "18 Years", "65 Years")
    assert study.registrations == {"ClinicalTrials.gov": "NCT90000001"}
    assert [condition.en for condition in study.conditions] == ["Systemic Lupus Erythematosus", "Lupus Nephritis"]
    assert protocol.registry.overall_status == "Active, not recruiting"
    assert [(arm.id, arm.type, arm.product) for arm in protocol.arms] == [
        ("telovimab_3mg_kg", "experimental", "telovimab"),
        ("placebo", "placebo_comparator", "placebo"),
    ]
    assert (str(protocol.arms[0].dose.amount), protocol.arms[0].dose.unit) == ("3", "mg/kg")
    assert protocol.arms[1].dose is None
    assert protocol.treatment.route.en == "Intravenous"
    assert [visit.week for visit in protocol.visits if "treatment" in visit.forms] == [0, 2, 4, 8, 12, 16, 20, 24]
    assert protocol.randomisation.ratio == {"telovimab_3mg_kg": 2, "placebo": 1}
    assert protocol.masking.masked == ("participant", "care_provider", "investigator", "outcomes_assessor")


def test_lupus_criteria():
    rules = rules_of("lupus_prevention.txt")
    assert rules["I2"] == "sledai_total <= 4 and (bilag_a_count == 0 and bilag_b_count <= 1)"
    assert rules["I5"] == "i5_judged"
    assert rules["E4"] == "e4_judged"
    assert rules["E3"] == "cyclophosphamide_within_12_months"
    assert ("draft.T006", "lupus_prevention.txt:71") in todos_of("lupus_prevention.txt")


def test_oncology_with_a_single_arm():
    protocol = protocol_of("oncology_single_arm.txt")
    assert (protocol.study.model, protocol.study.phase, protocol.study.participants) == ("single_group", "2", 48)
    assert protocol.randomisation.ratio == {"ravotinib": 1}
    assert protocol.randomisation.procedure == "complete"
    assert protocol.masking.masked == ()
    assert not any(role.masked for role in protocol.roles)
    assert protocol.study.title.en.startswith("An Open-label Phase 2 Study")
    assert str(protocol.study.start) == "2023-02-14"
    assert protocol.estimands[0].method.function == "summary"
    rules = rules_of("oncology_single_arm.txt")
    assert rules["I5"] == "bilirubin <= 1.5 * bilirubin_upper_limit"
    assert rules["I6"] == "i6_judged"
    assert rules["I8"] == "i8_judged"
    assert rules["I9"] == "age >= 18"
    assert ("draft.T004", "oncology_single_arm.txt") in todos_of("oncology_single_arm.txt")


def test_asthma_crossover_says_what_a_protocol_cannot_hold():
    protocol = protocol_of("asthma_crossover.txt")
    assert protocol.study.model == "crossover"
    assert protocol.masking.masked == ("participant", "investigator")
    masked = {role.id for role in protocol.roles if role.masked}
    assert {"investigator", "statistician"} <= masked
    assert not {"nurse", "assessor", "pharmacist"} & masked
    assert [condition.en for condition in protocol.study.conditions] == ["Asthma"]
    todos = {
        problem.id: problem.message
        for problem in draft(record_of("asthma_crossover.txt")).todos
        if "crossover" in problem.message
    }
    assert "draft.T004" in todos


def test_vaccine_in_clusters():
    protocol = protocol_of("vaccine_cluster.txt")
    assert protocol.study.participants == 12000
    assert protocol.study.countries == ("Exampleland", "Samplestan")
    assert [arm.id for arm in protocol.arms] == ["typhoid_vaccine", "to_do_arm_2"]
    assert rules_of("vaccine_cluster.txt") == {
        "I1": "age_months >= 9 and age <= 15", "I2": "i2_judged", "I3": "i3_judged",
        "E1": "allergy_to_component_of_vaccines", "E2": "e2_judged",
    }  # fmt: skip
    todos = draft(record_of("vaccine_cluster.txt")).todos
    assert any(problem.id == "draft.T004" and "Groups of people" in problem.message for problem in todos)
    assert any(problem.id == "draft.T002" and "who is masked" in problem.message for problem in todos)


def test_diabetes_with_three_arms():
    protocol = protocol_of("diabetes_three_arm.txt")
    assert protocol.study.phase == "2/3"
    assert protocol.study.start is None
    assert protocol.randomisation.procedure == "permuted_blocks"
    assert protocol.randomisation.ratio == {"glucovex_5_mg": 2, "glucovex_10_mg": 2, "metformin": 1}
    assert [str(arm.dose.amount) for arm in protocol.arms if arm.dose] == ["5", "10", "1000"]
    assert [endpoint.measure for endpoint in protocol.endpoints] == ["change", "event", "time_to_event", "value"]
    assert protocol.estimands[0].reference_arm == "metformin"
    assert [visit.week for visit in protocol.visits] == [-2, 0, 24]
    todos = todos_of("diabetes_three_arm.txt")
    assert ("draft.T004", "diabetes_three_arm.txt:20") in todos  # daily intake
    assert ("draft.T002", "diabetes_three_arm.txt:17") in todos  # 30 February
    assert ("draft.T007", "diabetes_three_arm.txt:14") in todos  # the order of 2:2:1


def test_a_device_with_a_sham():
    protocol = protocol_of("device_trial.txt")
    assert (protocol.study.phase, protocol.study.purpose) == ("NA", "device_feasibility")
    assert [arm.type for arm in protocol.arms] == ["experimental", "placebo_comparator"]
    assert protocol.masking.masked == ("participant", "care_provider", "outcomes_assessor")
    assert protocol.endpoints[0].through == "week_8"
    assert protocol.registry.overall_status == "Completed"
    assert rules_of("device_trial.txt")["I3"] == "age >= 21 and age <= 75"
    assert not any("No dose" in problem.message for problem in draft(record_of("device_trial.txt")).todos)


def test_children_in_months():
    protocol = protocol_of("paediatric_months.txt")
    assert (protocol.study.minimum_age, protocol.study.maximum_age) == ("6 Months", "59 Months")
    rules = rules_of("paediatric_months.txt")
    assert rules["I1"] == "age_months >= 6 and age_months <= 59"
    assert rules["I2"] == "i2_judged"
    assert rules["I3"] == "weight > 5"
    assert ("draft.T002", "paediatric_months.txt:42") in todos_of("paediatric_months.txt")


def test_without_eligibility_there_is_one_criterion_to_write():
    protocol = protocol_of("missing_eligibility.txt")
    assert [criterion.text.en[:6] for criterion in protocol.eligibility.inclusion] == ["TO DO:"]
    assert protocol.eligibility.exclusion == ()
    assert protocol.arms[1].product == "no_product"
    assert protocol.study.participants == 1
    todos = todos_of("missing_eligibility.txt")
    assert ("draft.T002", "missing_eligibility.txt:26") in todos  # several dozen
    assert ("draft.T002", "missing_eligibility.txt:14") in todos  # early phase 1
    assert ("draft.T004", "missing_eligibility.txt:36") in todos  # not randomised


def test_a_truncated_page_keeps_what_it_has():
    protocol = protocol_of("truncated_page.txt")
    assert protocol.study.participants == 57
    assert [arm.id for arm in protocol.arms] == ["coagulin", "to_do_arm_2"]
    assert protocol.treatment.at == "0"


def test_a_study_in_json():
    protocol = protocol_of("migraine.json")
    assert (protocol.study.acronym, protocol.study.sex, protocol.id) == ("CALM", "female", "nct90000008")
    assert [site.label.en for site in protocol.sites] == ["Quayside Hospital", "Inland Clinic"]
    assert protocol.study.countries == ("Norway",)
    assert protocol.treatment.at == "0 to 20 by 4"
    assert [endpoint.through for endpoint in protocol.endpoints] == ["week_24", "week_24"]
    assert rules_of("migraine.json") == {
        "I1": "age >= 18 and age <= 70", "I2": "i2_judged", "I3": "informed_consent_signed", "I4": 'sex == "female"',
        "E1": "botulinum_toxin_within_4_months", "E2": "history_of_stroke", "E3": "creatinine > 2.0",
    }  # fmt: skip


def test_json_with_holes_says_where_they_are():
    record = record_of("nulls.json")
    assert [condition.value for condition in record.conditions] == ["Insomnia"]
    assert [place.facility.value for place in record.places] == ["Moonlight Clinic"]
    places = {problem.where for problem in record.todos if problem.id == "draft.T011"}
    assert "nulls.json:sponsorCollaboratorsModule.leadSponsor" in places
    assert "nulls.json:armsInterventionsModule.armGroups[1]" in places
    assert any("shift workers" in problem.message for problem in record.todos)


# --- Files that are no record -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "draft.E001"),
        (b"Dear colleague,\n\nthe trial begins on Monday.\n", "draft.E001"),
        (b"{}", "draft.E001"),
        (b"[]", "draft.E001"),
        (b'{"studies": []}', "draft.E001"),
        (b"[1, 2]", "draft.E001"),
        (b'{"protocolSection": ', "draft.E002"),
        (b'{"studies": [{"protocolSection": {"aModule": {}}}, {"protocolSection": {"aModule": {}}}]}', "draft.E003"),
        (b"x" * 4_000_001, "draft.E004"),
        (b"[" * 100_000, "draft.E002"),
    ],
    ids=["empty", "letter", "object", "list", "no studies", "numbers", "cut", "two", "large", "deep"],
)
def test_what_is_no_record_is_a_problem(data, problem):
    found = read_record(data, name="file")
    assert isinstance(found, list)
    assert [p.id for p in found] == [problem]
    assert found[0].level == "error"


def test_a_record_in_utf_16_and_one_saved_as_html():
    source = (RECORDS / "device_trial.txt").read_text(encoding="utf-8")
    wide = read_record(source.encode("utf-16"), name="r")
    page = (
        "<!DOCTYPE html><html><body>" + "".join(f"<div>{line}</div>" for line in source.split("\n")) + "</body></html>"
    )
    html = read_record(page.encode(), name="r")
    for found in (wide, html):
        assert isinstance(found, Record)
        assert found.enrolment is not None
        assert found.enrolment.value == 80
        assert len(found.arms) == 2


# --- Conflicts inside a record ----------------------------------------------------------------------------------------


def changed(name: str, old: str, new: str) -> Record:
    source = (RECORDS / name).read_text(encoding="utf-8")
    assert old in source
    found = read_record(source.replace(old, new).encode(), name="r.txt")
    assert isinstance(found, Record)
    return found


def conflicts(record: Record) -> list[str]:
    return [problem.message for problem in draft(record).todos if problem.id == "draft.T003"]


def test_two_ratios_are_a_conflict_and_neither_is_taken():
    record = changed(
        "lupus_prevention.txt",
        "Participants were randomized in a 2:1 ratio to telovimab/placebo. Placebo",
        "Randomized 3:1. Placebo",
    )
    assert record.ratio is None
    assert conflicts(record) == ["The record has the ratios 2:1 and 3:1."]


def test_ages_of_a_criterion_and_of_a_field_that_differ_are_a_conflict():
    record = changed("lupus_prevention.txt", "18 to 65 years old", "18 to 70 years old")
    assert conflicts(record) == [
        "The criterion of age reads 'age >= 18 and age <= 65', the fields of the record 'age >= 18 and age <= 70'."
    ]


def test_arms_that_are_treated_at_different_times_are_a_conflict():
    record = changed(
        "migraine.json", "Placebo subcutaneously every four weeks for 6 doses", "Placebo at weeks 0 and 4, injected"
    )
    assert conflicts(record) == ["The arms are treated at different times; a protocol has one timetable for all."]


def test_a_single_group_with_two_arms_is_a_conflict():
    record = changed("device_trial.txt", "Parallel Assignment", "Single Group Assignment")
    assert conflicts(record) == ["The record says single group, but has 2 arms."]
    assert read_protocol(draft(record).text)[0] is not None


def test_the_ratio_follows_the_names_after_it():
    record = changed("lupus_prevention.txt", "2:1 ratio to telovimab/placebo", "2:1 ratio to placebo/telovimab")
    protocol, _ = read_protocol(draft(record).text)
    assert protocol is not None
    assert protocol.randomisation.ratio == {"telovimab_3mg_kg": 1, "placebo": 2}


def test_the_same_result_in_two_units_is_asked_twice():
    record = changed(
        "diabetes_three_arm.txt", "• History of pancreatitis", "• Creatinine > 2 mg/dL\n• Creatinine > 180 umol/L"
    )
    protocol, _ = read_protocol(draft(record).text)
    assert protocol is not None
    rules = [criterion.rule for criterion in protocol.eligibility.exclusion]
    assert "creatinine > 2" in rules
    assert "creatinine_umol_l > 180" in rules
    units = {item.id: item.unit for item in protocol.form_by_id["screening"].items}
    assert (units["creatinine"], units["creatinine_umol_l"]) == ("mg/dL", "umol/L")

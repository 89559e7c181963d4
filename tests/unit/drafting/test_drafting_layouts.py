"""Turns of layout and of wording that a whole record would hide: small pages, one thing each."""

import json

import pytest

from equipoise.drafting import Record, draft, read_record
from equipoise.drafting.criteria.understand import understand
from equipoise.drafting.reading.regimen import read_regimen
from equipoise.protocol.check import read_protocol

HEAD = "Title: A Small Example Trial\nPhase: Phase 2\n"


def page(*lines: str) -> Record:
    found = read_record((HEAD + "\n".join(lines)).encode(), name="r.txt")
    assert isinstance(found, Record)
    protocol, problems = read_protocol(draft(found).text)
    assert protocol is not None, [str(problem) for problem in problems if problem.level == "error"]
    return found


def messages(record: Record, id_: str) -> list[str]:
    return [problem.message for problem in draft(record).todos if problem.id == id_]


def test_arms_written_with_their_type_behind_or_with_a_number_only():
    record = page(
        "Arms:", "Drug X (Experimental): 10 mg by mouth",
        "Arm 2: Usual care", "Description: as before", "Treatment: Usual care",
    )  # fmt: skip
    assert [(arm.label.value, arm.type) for arm in record.arms] == [("Drug X", "experimental"), ("Usual care", "")]
    assert record.arms[0].description is not None
    assert record.arms[0].description.value == "10 mg by mouth"
    assert record.arms[1].interventions == ("Usual care",)
    assert "What kind of arm 'Usual care' is was not read." in messages(record, "draft.T002")


def test_an_intervention_of_the_kind_other_is_no_arm():
    record = page("Arms:", "Experimental: Yoga", "Other: questionnaire", "No Intervention: Waiting list")
    assert [arm.label.value for arm in record.arms] == ["Yoga", "Waiting list"]
    assert record.arms[0].interventions == ("Other: questionnaire",)


def test_a_design_on_one_line():
    record = page(
        "Study Design: Allocation: Randomized, Endpoint Classification: Safety, "
        "Intervention Model: Parallel Assignment, Masking: Open Label, Primary Purpose: Treatment"
    )
    assert record.allocation is not None
    assert (record.allocation.value, record.model and record.model.value) == ("randomised", "parallel")
    assert (record.masking and record.masking.value, record.purpose and record.purpose.value) == ((), "treatment")


def test_words_of_the_text_are_not_taken_for_labels():
    record = page(
        "Inclusion Criteria:", "- Adults", "Disease: at least moderate", "Gender: whichever", "Age:", "18 and more",
        "Exclusion Criteria:", "- Cancer", "Gender: Female",
    )  # fmt: skip
    texts = [entry.text for entry in record.inclusion]
    assert "Disease: at least moderate" in texts[0]
    assert "Gender: whichever" in texts[0]
    assert record.sex is not None
    assert record.sex.value == "female"


def test_a_summary_ends_at_a_label_that_was_not_there_yet():
    record = page(
        "Brief Summary: It begins.", "Conditions: Gout", "Full description:", "Conditions: a word of the text"
    )
    assert [condition.value for condition in record.conditions] == ["Gout"]


def test_a_field_told_twice_in_two_ways_is_a_conflict():
    record = page("Enrollment: 40", "Primary Purpose: Treatment", "Enrollment: 60")
    assert record.enrolment is None
    assert messages(record, "draft.T003") == ["The record tells the number of participants as '40' and '60'."]


def test_outcomes_whose_time_frame_stands_on_the_next_line():
    record = page(
        "Primary Outcome:", "Pain", "Time Frame: 8 weeks", "Time Frame: 9 weeks", "Sleep", "Mood [Time Frame: week 4]"
    )
    assert [(outcome.measure.value, outcome.week) for outcome in record.outcomes] == [("Pain", 8), ("Mood", 4)]


def test_outcomes_without_a_time_frame():
    record = page("Primary Outcome:", "1. Pain", "2. Sleep")
    assert [outcome.measure.value for outcome in record.outcomes] == ["Pain", "Sleep"]


def test_identifiers_that_are_no_registration_number():
    record = page("Identifiers: PROT-7 | ISRCTN12345678")
    assert record.registration is not None
    assert record.registration.value == "ISRCTN12345678"
    assert page("Identifiers: PROT-7").registration is None


def test_more_than_a_draft_holds_is_said():
    record = page("Arms:", *(f"Experimental: Dose {n}" for n in range(20)))
    assert len(record.arms) == 12
    assert messages(record, "draft.T008") == ["The record has 20 arms; the draft holds the first 12."]


def test_limits_of_age_in_hours_are_left_to_a_person():
    record = page("Minimum Age: 6 Hours", "Inclusion Criteria:", "- Newborn")
    assert "The limits of age are in a unit no question asks for." in messages(record, "draft.T006")


def test_confirmations_reach_the_list_of_todos():
    record = page(
        "Arms:", "Experimental: X", "X is injected every 2 weeks for 8 weeks", "Inclusion Criteria:", "- Age > 18 years"
    )  # fmt: skip
    assert messages(record, "draft.T007") == [
        "For 'X': whether there is also a dose at week 8.",
        "I1: confirm whether somebody who is exactly 18 years old is meant.",
    ]


def test_dosing_too_often_to_be_listed_is_left_to_a_person():
    words = "X is infused on days 1 and 8 of each 21-day cycle for 40 cycles"
    record = page("Arms:", "Experimental: X", words)
    assert record.arms[0].regimen is not None
    assert len(record.arms[0].regimen.value.weeks) == 80
    assert any("more than one line of weeks" in message for message in messages(record, "draft.T004"))


def test_questions_with_one_name_and_two_meanings_are_two_questions():
    record = page(
        "Exclusion Criteria:", "- History of stroke", "- History of stroke", "- History of stroke.",
        "- Known history of stroke", "- Maximum > 3", "- Known > 3", "- Temperature > 38", "- Heart rate > 100 bpm",
    )  # fmt: skip
    protocol, _ = read_protocol(draft(record).text)
    assert protocol is not None
    rules = [criterion.rule for criterion in protocol.eligibility.exclusion]
    assert rules[:3] == ["history_of_stroke"] * 3
    assert rules[7] == "heart_rate > 100"
    assert len(set(rules)) == 6


def test_an_outcome_without_a_measure_is_passed_over():
    study = {
        "identificationModule": {"briefTitle": "T"},
        "outcomesModule": {"primaryOutcomes": [{"timeFrame": "8 weeks"}]},
    }
    found = read_record(json.dumps({"protocolSection": study}).encode(), name="s.json")
    assert isinstance(found, Record)
    assert found.outcomes == ()


@pytest.mark.parametrize(
    ("text", "inclusion"),
    [
        ("Age 5 to 48 hours", True),
        ("ALT, ALT > 3 x ULN", False),
        ("Platelets ≥ 100 x 10^9/L and ≥ 50 x 10^9/L", True),
        ("BMI ≥ 30 kg", True),
        ("Life expectancy > 3", True),
        ("Stable dose of prednisone (≤ 10 mg/day) and methylprednisolone (≤ 8 mg/day) for at least 4 weeks", True),
    ],
)
def test_more_that_is_left_to_a_person(text, inclusion):
    assert understand(text, inclusion=inclusion) is None


def test_a_heading_without_a_list_belongs_to_the_lines_below():
    record = page("Inclusion Criteria:", "Part B:", "ECOG ≤ 1", ";", "Exclusion Criteria:", "- a:", "Continued here")
    assert [entry.text for entry in record.inclusion] == ["Part B: ECOG ≤ 1"]
    assert [entry.text for entry in record.exclusion] == ["a: Continued here"]


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("injected fortnightly until week 4", (0, 2, 4)),
        ("dosed on days 1 and 29 of each 21-day cycle for 2 cycles", None),
        ("injected every 10 days until week 10", None),
        ("injected every 4 weeks for 3 weeks", None),
        ("injected every 4 weeks for 0 doses", None),
    ],
)
def test_more_intervals(text, weeks):
    regimen = read_regimen(text)
    assert (regimen and regimen.weeks) == weeks

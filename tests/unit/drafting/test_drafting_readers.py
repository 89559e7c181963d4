"""The readers of phrases, as tables: what each phrase means, and which phrases mean nothing certain."""

from decimal import Decimal

import pytest

from equipoise.drafting.reading import design
from equipoise.drafting.reading.ages import Age, read_age, read_age_range, says_no_limit
from equipoise.drafting.reading.dose import read_dose, read_route
from equipoise.drafting.reading.numbers import decimal, digits
from equipoise.drafting.reading.outcome import read_kind, read_week
from equipoise.drafting.reading.regimen import read_regimen
from equipoise.drafting.timetable import spans
from equipoise.protocol.schedule import read_weeks

Y = "years"


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("18 to 70 years old", (Age(18, Y), Age(70, Y))),
        ("18 Years to 70 Years   (Adult, Older Adult)", (Age(18, Y), Age(70, Y))),
        ("18 Years and older (Adult, Older Adult )", (Age(18, Y), None)),
        ("18+ years old", (Age(18, Y), None)),
        ("up to 17 Years", (None, Age(17, Y))),
        ("17 years and younger", (None, Age(17, Y))),
        ("6 Months to 5 Years (Child)", (Age(6, "months"), Age(5, Y))),
        ("6 to 59 months old", (Age(6, "months"), Age(59, "months"))),
        ("18–65 years", (Age(18, Y), Age(65, Y))),
        ("18 Years to N/A", (Age(18, Y), None)),
        ("N/A to 12 Weeks", (None, Age(12, "weeks"))),
        ("All", (None, None)),
        ("Under 18 years", None),
        ("18 to 70", None),
        ("adults", None),
        ("1.5 to 3 years", None),
        ("", None),
    ],
)
def test_ranges_of_age(text, limits):
    assert read_age_range(text) == limits


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("18 Years", Age(18, Y)),
        ("1 Day", Age(1, "days")),
        ("6 Months", Age(6, "months")),
        ("eighteen", None),
        ("18", None),
    ],
)
def test_one_age(text, age):
    assert read_age(text) == age


@pytest.mark.parametrize("text", ["N/A", "N/A (No limit)", "None", "no limit"])
def test_words_for_no_limit(text):
    assert says_no_limit(text)
    assert read_age(text) is None


@pytest.mark.parametrize(
    ("texts", "phase"),
    [
        (("Phase 4",), "4"), (("PHASE2", "PHASE3"), "2/3"), (("Phase 2/Phase 3",), "2/3"), (("Phase II",), "2"),
        (("Phase 1/Phase 2",), "1/2"), (("N/A",), "NA"), (("NA",), "NA"), (("Not Applicable",), "NA"),
        (("Early Phase 1",), None), (("EARLY_PHASE1",), None), (("Phase 9",), None), (("Phase",), None),
    ],
)  # fmt: skip
def test_phases(texts, phase):
    assert design.read_phase(texts) == phase


@pytest.mark.parametrize(
    ("text", "named", "masked"),
    [
        ("Quadruple Blind", (), design.PARTIES),
        ("QUADRUPLE", ("INVESTIGATOR", "PARTICIPANT", "CARE_PROVIDER", "OUTCOMES_ASSESSOR"), design.PARTIES),
        ("Quadruple (Participant, Care Provider, Investigator, Outcomes Assessor)", (), design.PARTIES),
        ("Double (Participant, Investigator)", (), ("participant", "investigator")),
        ("Double Blind (Subject, Caregiver)", (), ("participant", "care_provider")),
        ("DOUBLE", ("PARTICIPANT", "CARE_PROVIDER"), ("participant", "care_provider")),
        ("None (Open Label)", (), ()),
        ("NONE", (), ()),
        ("Open label", (), ()),
        ("Double Blind", (), None),
        ("Single", (), None),
        ("Triple (Participant, Investigator)", (), None),
        ("Double (Participant, Janitor)", (), None),
        ("", (), None),
    ],
)
def test_who_is_masked(text, named, masked):
    assert design.read_masked(text, named) == masked


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("231 patients", 231), ("1,200 participants", 1200), ("334 (estimated)", 334), ("12000", 12000), ("n=40", 40),
        ("0", None), ("-4", None), ("several dozen", None), ("10-20", None), ("20 per site", None), ("1.5", None),
        ("40 clusters", None), ("20 to 30 patients", None),
    ],
)  # fmt: skip
def test_enrolment(text, count):
    assert design.read_enrolment(text) == count


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("randomized in a 1:1 ratio to a or b", (1, 1)), ("randomised 2:1:1", (2, 1, 1)), ("in a 2-to-1 ratio", (2, 1)),
        ("allocation ratio 3 : 2", (3, 2)), ("diluted 1:10 in saline", None), ("the visit is at 10:30", None),
        ("randomised 1:1 in part one and 2:1 in part two", None), ("randomised", None),
    ],
)  # fmt: skip
def test_ratios(text, ratio):
    assert design.read_ratio(text) == ratio


def test_the_other_words_of_a_design():
    assert design.read_allocation("Non-Randomized") == "not_randomised"
    assert design.read_allocation("RANDOMIZED") == "randomised"
    assert design.read_allocation("perhaps") is None
    assert design.read_model("Crossover Assignment") == "crossover"
    assert design.read_model("SINGLE_GROUP") == "single_group"
    assert design.read_model("LATIN_SQUARE") is None
    assert design.read_purpose("SUPPORTIVE_CARE") == "supportive_care"
    assert design.read_purpose("Supportive Care") == "supportive_care"
    assert design.read_purpose("fun") is None
    assert [design.read_sex(text) for text in ("All", "FEMALE", "Men", "3")] == ["all", "female", "male", None]
    assert design.read_arm_type("Sham Comparator") == "placebo_comparator"
    assert design.read_arm_type("OTHER") == ""
    assert design.read_procedure("in permuted blocks of four") == "permuted_blocks"
    assert design.read_procedure("randomised by telephone") is None
    assert design.is_cluster("A cluster-randomised trial")
    assert not design.is_cluster("cluster headache")


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("Belimumab 2mg/kg", ("2", "mg/kg")),
        ("120 mg intravenously, and again 120 mg", ("120", "mg")),
        ("1 g once daily", ("1000", "mg")),
        ("200 mcg inhaled", ("0.200", "mg")),
        ("0.5 mL in the deltoid", ("0.5", "mL")),
        ("1,500 mg", ("1500", "mg")),
        ("5000 IU", ("5000", "IU")),
        ("2 tablets", ("2", "tablet")),
        ("0.9% saline", None),
        ("10 mg rising to 20 mg", None),
        ("5-10 mg", None),
        ("5 to 10 mg", None),
        ("up to 40 mg", None),
        ("≤ 20 mg", None),
        ("100 mg/m2", None),
        ("300 mg/day", None),
        ("2 mg/kg/day", None),
        ("5 mCi", None),
        ("100 mg with 10 units of insulin", None),
        ("1,5 mg", None),
        ("nothing", None),
    ],
)
def test_doses(text, dose):
    found = read_dose(text)
    assert (found and (found.amount, found.unit)) == (dose and (Decimal(dose[0]), dose[1]))


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("administered intravenously", "intravenous"), ("300 mg IV", "intravenous"), ("s.c. injection", "subcutaneous"),
        ("by mouth", "oral"), ("orally or intravenously", None), ("an infusion", None), ("worn on the back", None),
    ],
)  # fmt: skip
def test_routes(text, route):
    assert read_route(text) == route


FOURTEEN = (0, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("given at week 0, week 2, week 4 and then every 4 weeks until 48 weeks", FOURTEEN),
        ("300 mg at Weeks 0, 2 and 4, and every four weeks thereafter through Week 48", FOURTEEN),
        ("Infused on days 1, 15, 29", (0, 2, 4)),
        ("Injected on days 0, 7 and 14", (0, 1, 2)),
        ("given at weeks 0, 4 and 12", (0, 4, 12)),
        ("injected at baseline, week 4 and week 12", (0, 4, 12)),
        ("Injected every 2 weeks for 8 weeks", (0, 2, 4, 6)),
        ("an infusion every 4 weeks until week 12", (0, 4, 8, 12)),
        ("injection every other week until week 6", (0, 2, 4, 6)),
        ("infusion every 4 weeks from week 4 to week 12", (4, 8, 12)),
        ("100 mg IV Q3W for 4 cycles", (0, 3, 6, 9)),
        ("injection every 21 days for 3 cycles", (0, 3, 6)),
        ("once weekly 10 mg for 3 weeks", (0, 1, 2)),
        ("two doses 4 weeks apart, given intramuscularly", (0, 4)),
        ("dosed on days 1, 8 and 15 of each 28-day cycle for 2 cycles", (0, 1, 2, 4, 5, 6)),
        ("a single intravenous dose", (0,)),
        ("a single infusion on day 1", (0,)),
    ],
)
def test_weeks_of_dosing(text, weeks):
    regimen = read_regimen(text)
    assert regimen is not None
    assert regimen.weeks == weeks
    assert regimen.words.split()[0] in text.lower() or regimen.words[0].isdigit()


@pytest.mark.parametrize(
    "text",
    [
        "given every 3 weeks until disease progression",
        "given at 0, 1 and 6 months",
        "2 mg weekly for 4 weeks then every 2 weeks until week 24",
        "5 mg twice weekly for 12 weeks",
        "doses from weeks 0-12",
        "dose of 100 mg at week 0, 50 mg at week 2",
        "given every 4 weeks for up to 24 weeks",
        "given every 4 weeks",
        "given every month until week 24",
        "given on days 1 and 4",
        "given at weeks 4, 2 and 0",
        "given every 5 weeks until week 48, and every 7 weeks until week 90",
        "given at week 0 and then every 4 weeks until week 50",
        "dosed on days 1 and 8 of each 21-day cycle",
        "10 mg daily, titrated at week 4",
        "Participants are assessed every 4 weeks until week 48",
        "a walk in the park",
        "",
    ],
)
def test_what_is_no_certain_regimen(text):
    assert read_regimen(text) is None


def test_daily_intake_has_no_weeks_but_an_end():
    regimen = read_regimen("10 mg by mouth once daily for 12 weeks")
    assert regimen is not None
    assert (regimen.weeks, regimen.daily, regimen.through) == ((), "once daily", 12)


def test_a_period_leaves_the_dose_at_its_end_to_be_confirmed():
    regimen = read_regimen("Injected every 2 weeks for 24 weeks")
    assert regimen is not None
    assert regimen.doubt == "whether there is also a dose at week 24"


def test_two_sentences_that_disagree_give_nothing():
    assert read_regimen("Drug A is given at weeks 0 and 4. Drug B is given at weeks 0 and 8.") is None
    assert read_regimen("Drug A is given at weeks 0 and 4. It is infused at weeks 0 and 4.") is not None


def test_weeks_are_written_as_a_protocol_reads_them():
    assert spans(FOURTEEN) == "0, 2, 4 to 48 by 4"
    assert tuple(read_weeks(spans(FOURTEEN))) == FOURTEEN


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Change from baseline in HbA1c", "change"), ("Time to first flare", "time_to_event"),
        ("Overall survival", "time_to_event"), ("Overall Survival Rate", "event"), ("Incidence of mucositis", "event"),
        ("Proportion of participants who flare", "event"), ("Mean pain score", ""),
    ],
)  # fmt: skip
def test_kinds_of_outcome(text, kind):
    assert read_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("52 weeks", 52), ("Baseline, Week 24", 24), ("Weeks 21 to 24", 24), ("Day 28", 4), ("12-week", 12),
        ("6 months", None), ("3 years", None), ("Day -1 to Day 20", None), ("at discharge", None), ("", None),
    ],
)  # fmt: skip
def test_the_week_in_which_a_time_frame_ends(text, week):
    assert read_week(text) == week


def test_numbers_that_can_be_read_in_two_ways_are_not_read():
    assert decimal("1,500") == 1500
    assert decimal("1,5") is None
    assert decimal("7.0") == Decimal("7.0")
    assert decimal("x") is None
    assert digits("four (4) or five (6)") == "4 or 5 (6)"

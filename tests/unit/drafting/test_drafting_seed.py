"""The page the reference trial began from, where it is at hand; it is not part of the repository."""

from pathlib import Path

import pytest

from equipoise.drafting import Record, draft, read_record
from equipoise.protocol.check import read_protocol

SHARED = Path(__file__).parents[4] / "shared"
SEED = SHARED / "seed" / "registry-record.txt"
STUDIES = sorted((SHARED / "data" / "registry").glob("*.json"))


@pytest.mark.skipif(not SEED.exists(), reason="the registry page of the reference trial is not here")
def test_the_seed_becomes_a_sound_draft():
    record = read_record(SEED.read_bytes(), name=SEED.name)
    assert isinstance(record, Record)
    made = draft(record)
    protocol, problems = read_protocol(made.text)
    assert protocol is not None, problems
    assert {problem.id for problem in problems} == {"protocol.W001"}
    study = protocol.study
    assert (study.phase, study.purpose, study.participants) == ("4", "prevention", 231)
    assert (study.minimum_age, study.maximum_age, study.sex) == ("18 Years", "70 Years", "all")
    assert [visit.week for visit in protocol.visits if "treatment" in visit.forms] == [
        0, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48,
    ]  # fmt: skip
    assert set(protocol.randomisation.ratio.values()) == {1}
    assert len(protocol.masking.masked) == 4
    assert protocol.arms[0].dose is not None
    assert (str(protocol.arms[0].dose.amount), protocol.arms[0].dose.unit) == ("2", "mg/kg")
    assert {criterion.id: criterion.rule for criterion in protocol.eligibility.inclusion} == {
        "I1": "age >= 18 and age <= 70",
        "I2": "sledai_total <= 6 and (bilag_a_count == 0 and bilag_b_count <= 1)",
        "I3": "stable_regimen_30_days and prednisone_daily_dose <= 20",
        "I4": "informed_consent_signed",
    }
    assert [criterion.rule for criterion in protocol.eligibility.exclusion][:4] == [
        "alt > 2 * alt_upper_limit or ast > 2 * ast_upper_limit",
        "creatinine_clearance < 60",
        "cyclophosphamide_within_6_months",
        "b_cell_targeted_therapy_within_1_year",
    ]
    assert "draft.T006" not in {problem.id for problem in made.todos}


@pytest.mark.skipif(not STUDIES, reason="no public study is here")
@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_public_studies_become_sound_drafts(path):
    record = read_record(path.read_bytes(), name=path.name)
    assert isinstance(record, Record)
    protocol, problems = read_protocol(draft(record).text)
    assert protocol is not None, [str(problem) for problem in problems if problem.level == "error"]
    assert protocol.study.registrations == {"ClinicalTrials.gov": path.stem}

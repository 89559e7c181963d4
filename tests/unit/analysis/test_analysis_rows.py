"""Analysis rows: the columns of CDISC, one row for each of what the dataset is about, and nothing invented."""

from datetime import timedelta

from analysis_trials import BETTER, MISSED, SMALL, START, opened, person

from equipoise.analysis import analyse
from equipoise.protocol.schema import Endpoint

TIME = Endpoint.model_validate(
    {
        "id": "time", "label": {"en": "Time to relief", "zh": "缓解时间"}, "tier": "secondary", "objective": "relief",
        "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
    }
)  # fmt: skip
PROTOCOL = SMALL.model_copy(update={"endpoints": (*SMALL.endpoints, TIME)})
ARMS = {
    "active": [person("01-001", BETTER), person("01-002", {"week_4": None, "week_8": MISSED})],
    "control": [person("02-001", {"week_4": 7}, ended=START + timedelta(days=40), how_ended="withdrew")],
}
FAILED = person("02-002", randomised=None, screen_failure=("I2",))
ROWS = analyse(opened(ARMS, FAILED), PROTOCOL).rows


def row(dataset, **where):
    found = [r for r in ROWS[dataset].to_dicts() if all(r[name] == value for name, value in where.items())]
    assert len(found) == 1, where
    return found[0]


def test_adsl_has_everybody_who_was_screened():
    assert ROWS["adsl"]["SUBJID"].to_list() == ["01-001", "01-002", "02-001", "02-002"]
    failed, one = row("adsl", SUBJID="02-002"), row("adsl", SUBJID="01-001")
    assert (failed["RANDFL"], failed["ARMCD"], failed["EOSSTT"], failed["SCRNFAIL"]) == (
        "N",
        "",
        "SCREEN FAILURE",
        "I2",
    )
    assert (one["ARM"], one["RANDDT"], one["TRTFL"], one["TRTSDT"]) == ("Drops", "2024-05-06", "Y", "2024-05-06")
    assert row("adsl", SUBJID="02-001")["DCSREAS"] == "withdrew"
    assert one["B_SEX"] == "female"


def test_adtte_says_what_censored():
    event, unseen, left = (row("adtte", USUBJID=f"small-{code}") for code in ("01-001", "01-002", "02-001"))
    assert (event["AVAL"], event["CNSR"], event["CNSDTDSC"]) == (56, 0, "")
    assert (unseen["AVAL"], unseen["CNSR"]) == (0, 1)
    assert unseen["CNSDTDSC"].startswith("no assessment")
    assert (left["AVAL"], left["CNSR"], left["CNSDTDSC"]) == (28, 1, "last known assessment: week_4")


def test_adeff_leaves_the_unknown_empty_and_says_why():
    assert row("adeff", USUBJID="small-02-001")["AVALC"] == ""
    assert row("adeff", USUBJID="small-02-001")["REASON"] == "ended_withdrew"
    assert row("adeff", USUBJID="small-01-001")["AVALC"] == "Y"


def test_adqs_counts_change_from_baseline_after_baseline_only():
    found = {
        r["AVISIT"]: r for r in ROWS["adqs"].to_dicts() if r["USUBJID"] == "small-01-001" and r["PARAMCD"] == "ITCHING"
    }
    assert list(found) == ["screening", "week_0", "week_4", "week_8"]
    assert found["week_8"]["CHG"] == -2.0
    assert (found["week_8"]["BASE"], found["week_8"]["ADY"], found["week_8"]["AVISITN"]) == (6.0, 56, 8)
    assert (found["screening"]["CHG"], found["week_0"]["ABLFL"]) == (None, "Y")
    assert not [r for r in ROWS["adqs"].to_dicts() if r["USUBJID"] == "small-01-002" and r["AVISIT"] == "week_4"
                and r["PARAMCD"] == "ITCHING"]  # fmt: skip


def test_adex_has_a_row_for_every_dose_due():
    assert len(ROWS["adex"]) == 3 * 2
    assert row("adex", USUBJID="small-01-001", AVISIT="week_4")["GIVENFL"] == "Y"


def test_column_names_are_capitals():
    assert all(name == name.upper() for frame in ROWS.values() for name in frame.columns)


def test_adsl_has_the_stratum_of_the_slot_and_the_one_by_the_corrected_factors():
    mistaken = person("01-001", BETTER, stratum_corrected="two", randomised_in_error="not_eligible", dosed=False)
    found = analyse(opened({"active": [mistaken, person("01-002", BETTER)]}), PROTOCOL).rows["adsl"].to_dicts()
    assert [(each["STRATAR"], each["STRATAV"], each["TRTFL"]) for each in found] == [
        ("one", "two", "N"), ("one", "one", "Y"),
    ]  # fmt: skip

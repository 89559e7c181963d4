"""Analysis rows of safety: ADAE, ADEX, ADLB and ADCM hold what was recorded, with flags that follow from it."""

from analysis_trials import opened
from safety_trials import FAILED, PEOPLE, PROTOCOL

from equipoise.analysis import analyse

ROWS = analyse(opened(PEOPLE, FAILED), PROTOCOL).rows
ID = PROTOCOL.id


def rows(dataset, subject, **where):
    found = [row for row in ROWS[dataset].to_dicts() if row["USUBJID"] == f"{ID}-{subject}"]
    return [row for row in found if all(row[name] == value for name, value in where.items())]


def test_adae_flags_what_began_under_treatment():
    assert [(row["AETERM"], row["TRTEMFL"], row["ASTDY"]) for row in rows("adae", "01-001")] == [
        ("Pharyngitis", "Y", 10), ("Pneumonia", "Y", 20), ("Headache", "Y", None),
    ]  # fmt: skip
    assert [(row["AETERM"], row["TRTEMFL"], row["ASTDY"]) for row in rows("adae", "01-002")] == [
        ("Low mood", "N", -3), ("Rash", "Y", 31),
    ]  # fmt: skip
    assert rows("adae", "02-001")[0]["ARMCD"] == ""


def test_adae_leaves_empty_what_nobody_knows():
    headache = rows("adae", "01-001", AETERM="Headache")[0]
    assert (headache["AESEV"], headache["AESER"], headache["AESEVFL"], headache["AESTDTC"]) == ("", "", "", "")
    assert [row["AEWORST"] for row in rows("adae", "01-001")] == ["N", "Y", "N"]


def test_adae_says_what_an_event_led_to():
    rash, sepsis = rows("adae", "01-002", AETERM="Rash")[0], rows("adae", "01-501")[0]
    assert (rash["AESTOPFL"], rash["AENDY"], rash["AESDTH"]) == ("Y", 36, "N")
    assert (sepsis["AESDTH"], sepsis["AESEVFL"], sepsis["AESI"]) == ("Y", "Y", "serious_infection, death")


def test_adex_has_a_row_for_every_dose_due():
    doses = rows("adex", "01-001")
    assert len(doses) == 14
    week_4, week_8 = (next(row for row in doses if row["AVISIT"] == visit) for visit in ("week_4", "week_8"))
    assert (week_4["GIVENFL"], week_4["WHOLEFL"], week_4["INTERFL"], week_4["EXDOSE"]) == ("Y", "N", "Y", 120.0)
    assert (week_8["GIVENFL"], week_8["REASON"], week_8["EXDOSE"], week_8["EXPECTFL"]) == ("N", "infection", None, "Y")
    unconfirmed = rows("adex", "01-502", AVISIT="week_4")[0]
    assert (unconfirmed["RELEASFL"], unconfirmed["GIVENFL"], unconfirmed["WHOLEFL"]) == ("Y", "", "")


def test_adlb_shifts_from_baseline_and_marks_the_worst():
    alt = {row["AVISIT"]: row for row in rows("adlb", "01-001", PARAMCD="ALT")}
    assert (alt["screening"]["ABLFL"], alt["screening"]["SHIFT1"], alt["screening"]["CHG"]) == ("Y", "", None)
    assert (alt["week_4"]["SHIFT1"], alt["week_4"]["CHG"], alt["week_4"]["BASE"]) == ("NORMAL to HIGH", 100.0, 30.0)
    assert (alt["week_4"]["ATOXGR"], alt["week_4"]["BTOXGR"], alt["week_4"]["ATOXTERM"]) == (2, 0, "alt_increased")
    assert [(row["AWLOFL"], row["AWHIFL"], row["AWGRFL"]) for row in alt.values()] == [
        ("", "", ""), ("", "Y", "Y"), ("Y", "", ""),
    ]  # fmt: skip
    # Bilirubin was measured at week 0 (10) and week 4 (45); a woman's upper limit is 21.
    assert [row["SHIFT1"] for row in rows("adlb", "01-001", PARAMCD="BILIRUBIN")] == ["", "NORMAL to HIGH"]


def test_adcm_keeps_dates_as_they_are_known():
    prednisone, vaccine = rows("adcm", "01-001")
    assert (prednisone["CMSTDTC"], prednisone["CMENRTPT"], prednisone["CONTRTFL"]) == ("2020", "ONGOING", "Y")
    assert (vaccine["PREFL"], vaccine["CONTRTFL"], vaccine["FUPFL"]) == ("Y", "N", "N")


def test_column_names_are_capitals():
    assert all(column == column.upper() for name in ("adae", "adex", "adlb", "adcm") for column in ROWS[name].columns)

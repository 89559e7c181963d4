"""The pages of safety: every number is a result, both languages, and no arm in a listing before the list is opened."""

import re
from functools import cache

import pytest
from analysis_trials import HYPERTENSION, SAME, SMALL, opened, person
from safety_trials import FAILED, PEOPLE, PROTOCOL, event, on, patient

from equipoise.analysis import analyse
from equipoise.items import PartialDate
from equipoise.protocol.schema import BackgroundDose
from equipoise.reports import Provenance
from equipoise.reports.blocks import Heading, Paragraph, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.codes import coded, yes_or_no
from equipoise.reports.event_tables import kind_lines, onset_table, overview_table, severity_table, terms_table
from equipoise.reports.exposure_tables import exposure_table
from equipoise.reports.figures import Figure, adverse_event_dots, laboratory_boxes, liver_signal, onset_curves
from equipoise.reports.laboratory_displays import grades_table, shift_table, values_table
from equipoise.reports.numbers import plain
from equipoise.reports.section_end import deviations
from equipoise.reports.section_laboratory import beside, laboratory, liver_table, quadrants_table
from equipoise.reports.section_listings import deaths, deviation_listing, event_listing, listings, range_of
from equipoise.reports.section_medication import background_table, medication, medication_table
from equipoise.reports.section_safety import safety
from equipoise.reports.study_days import begin_to_end, multiple_on, study_day
from equipoise.reports.table import Table, to_html

PROVENANCE = Provenance("d" * 64, "a" * 64, 1, software="Equipoise")


@cache
def tell(language="en", *, dummy=False):
    return Teller(analyse(opened(PEOPLE, FAILED, dummy=dummy), PROTOCOL), Words(language), PROVENANCE)


def of(people, protocol=PROTOCOL, language="en"):
    return Teller(analyse(opened(people), protocol), Words(language), PROVENANCE)


def lines(table):
    return {row.cells[0]: row.cells[1:] for row in table.rows}


def tables(blocks):
    return [block for block in blocks if isinstance(block, Table)]


# --- Numbers come from the results ------------------------------------------------------------------------------------


def printed(analysis):
    """Every number of the results dataset as a table may print it, without its sign."""
    found = set()
    for row in analysis.results.rows:
        values = [row.estimate, row.lower, row.upper]
        for value in values:
            if value is not None:
                found |= {plain(abs(value) * scale, places) for scale in (1, 100) for places in (0, 1, 2)}
        found |= {str(n) for n in (row.n, row.N) if n is not None}
        if row.n is not None and row.N:
            found.add(plain(100 * row.n / row.N, 1))
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_number_in_a_table_of_safety_is_a_result(language):
    told = tell(language)
    known = printed(told.analysis)
    checked = 0
    for table in tables([*safety(told), *deviations(told), *beside(told)]):
        for row in table.rows:
            for place, cell in enumerate(row.cells):
                if place in table.words or row.heading:
                    continue
                for number in re.findall(r"\d+(?:\.\d+)?", cell):
                    assert number in known, (table.id, row.cells[0], cell)
                    checked += 1
    assert checked > 500


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_say_nothing_in_codes(language):
    text = " ".join(cell for table in tables([*safety(tell(language)), *listings(tell(language))])
                    for row in table.rows for cell in row.cells)  # fmt: skip
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", text)


# --- Tables by hand ---------------------------------------------------------------------------------------------------


def test_the_overview_prints_people_events_and_differences():
    table = overview_table(tell())
    assert table.columns[1:3] == ("Belimumab (n = 2)", "Placebo (n = 2)")
    found = lines(table)
    assert found["Any adverse event"][:2] == ("2 (100.0), 4", "1 (50.0), 1")
    assert found["Any adverse event"][2].startswith("50.0 (")
    assert found["Fatal"][:2] == ("0 (0.0)", "1 (50.0), 1")
    assert found["Grade 3 - severe or worse"][:2] == ("1 (50.0), 1", "1 (50.0), 1")
    assert found["Died (fatal event, or participation ended by death)"][:2] == ("0 (0.0)", "1 (50.0)")
    unstated = [row.cells[:3] for row in table.rows if row.cells[0] == "not stated"]
    assert unstated == [("not stated", "1 (50.0), 1", "0 (0.0)")] * 2  # serious, and severe
    assert "首次给药当日及之后发生" in overview_table(tell("zh")).footnotes[0]


def test_severity_that_nobody_knows_is_said():
    rows = [row.cells[0] for row in severity_table(tell()).rows]
    assert rows[rows.index("Other") + 1 :][:2] == ["Grade 2 - moderate", "severity not known"]


def test_kinds_are_sorted_and_what_nobody_stated_comes_last():
    stated = [event("a", "infection", "grade_1", 1), event("b", "infection", "grade_1", 2)]
    given = {"infusions": {"week_0": {"infusion_given": True}}}
    people = [
        patient("01-001", events=[*stated, event("c", None, "grade_1", 3)], **given),
        patient("01-002", events=[event("d", "other", "grade_1", 3)], **given),
        patient("01-003", events=[event("e", "other", "grade_1", 3)], **given),
    ]
    told = of({"belimumab": people, "placebo": []})
    assert [label for _, _, label in kind_lines(told)] == ["Other", "Infection, common pathogen", "Kind not stated"]
    assert lines(terms_table(told))["c"][0] == "1 (33.3), 1"


def test_free_text_kinds_have_terms_and_no_table_of_kinds():
    rows = [{"term": "Cold", "kind": "my own word", "serious": True}]
    told = of({"active": [person("01-001", SAME, events=rows)], "control": [person("01-002", SAME)]}, SMALL)
    found = {table.id for table in tables(safety(told))}
    assert "adverse_event_terms" in found
    assert not {"adverse_event_kinds", "serious_kinds", "medication", "background_dose"} & found
    assert [row.cells[0] for row in terms_table(told).rows] == ["Cold"]


def test_terms_of_a_dictionary_are_said_to_be_coded():
    names = PROTOCOL.safety.adverse_events.model_copy(update={"coded": "ae_term"})
    protocol = PROTOCOL.model_copy(update={"safety": PROTOCOL.safety.model_copy(update={"adverse_events": names})})
    assert "preferred terms" in terms_table(of(PEOPLE, protocol)).footnotes[0]


def test_exposure_reads_as_it_was_given():
    found = lines(exposure_table(tell()))
    assert found["Doses per participant, mean (SD)"][0] == "3.0 (0.0)"
    assert found["Cumulative dose, mg, mean (SD)"] == ("360.0 (0.0)", "–")
    assert found["interrupted or slowed"] == ("1 (16.7)", "0 (0.0)")
    assert found["not given, doses (%)"] == ("1 (14.3)", "0 (0.0)")
    assert found["Infection"] == ("1 (14.3)", "0 (0.0)")
    assert found["not recorded whether given, doses (%)"] == ("0 (0.0)", "1 (16.7)")
    assert "Cumulative dose, mg, mean (SD)" not in lines(exposure_table(tell(dummy=True)))
    assert (len(exposure_table(tell()).footnotes), len(exposure_table(tell(dummy=True)).footnotes)) == (2, 1)


def test_where_the_form_does_not_ask_how_nothing_is_said_of_it():
    found = lines(exposure_table(of({"active": [person("01-001", SAME)], "control": []}, SMALL)))
    assert "interrupted or slowed" not in found
    assert found["outside the window of the visit"] == ("0 (0.0)", "0")


def test_onset_names_the_earliest_day():
    assert lines(onset_table(tell()))["Serious infection"] == ("1/2; day 20", "1/2; day 41", "–", "–")
    assert onset_table(of({"belimumab": [], "placebo": []})) is None


def test_shifts_are_said_in_words():
    found = [row.cells for row in shift_table(tell()).rows]
    assert ("Placebo: low", "0", "0", "0", "1 (100.0)", "0", "1") in found  # low, normal, high, both, not known
    grades = [row.cells for row in grades_table(tell()).rows]
    assert grades_table(tell()).columns[1:3] == ("grade 0", "grade 1")
    assert any(cells[0] == "Belimumab: grade 1" and cells[1] == "1 (100.0)" for cells in grades)
    assert any(cells[0] == "Belimumab: not known" for cells in grades)


def test_results_without_a_spread_have_none():
    alone = of({"belimumab": [PEOPLE["belimumab"][0]], "placebo": []})
    assert next(row.cells for row in values_table(alone).rows if row.cells[0] == "Week 8")[1] == "1; 3.00"


def test_what_may_tell_the_arms_is_said_to_be_left_out():
    assert "left out until the list has been opened" in values_table(tell(dummy=True)).footnotes[1]
    assert len(values_table(tell()).footnotes) == 1


def test_the_liver_names_whom_to_review():
    assert lines(quadrants_table(tell()))["Both (potential Hy's law)"] == ("1 (50.0)", "0 (0.0)")
    assert [row.cells for row in liver_table(tell()).rows] == [
        ("01-001", "Belimumab", "3.2 (29)", "–", "2.1 (29)", "Week 4"),
    ]  # fmt: skip
    assert liver_table(tell(dummy=True)).rows[0].cells[:2] == ("01-001", "3.2 (29)")
    assert multiple_on(tell(), None) == "–"


def test_medication_stands_by_class_and_drug():
    found = lines(medication_table(tell()))
    assert found["Any concomitant medication"] == found["Corticosteroid"] == found["Prednisone"]
    assert found["Prednisone"] == ("1 (50.0)", "1 (50.0)")
    nothing = of({"belimumab": [patient("01-001")], "placebo": []})
    assert any(isinstance(block, Paragraph) for block in medication(nothing))
    assert coded(tell(), "medication", None, "x") == "x"


def test_the_background_dose_is_said_in_its_unit():
    found = lines(background_table(tell()))
    assert found["Mean daily dose (mg/day): n; mean (SD)"] == ("–", "–")
    assert found["Ever above 7.5 mg/day after baseline, n (%)"] == ("0", "0")
    with pytest.raises(ValueError, match="no background dose"):
        background_table(of({"active": [], "control": []}, SMALL))


def test_deviations_show_the_important_ones_and_the_sites():
    table = tables(deviations(tell()))[0]
    found = lines(table)
    assert found["Any deviation"] == ("0 (0.0), 0", "2 (100.0), 3")
    assert found["Important deviations"] == ("0 (0.0), 0", "1 (50.0), 1")
    assert found["Renji Hospital"] == ("0 (0.0), 0", "2 (100.0), 3")
    named = "eligibility, consent, study treatment, prohibited medication, major deviation"
    assert f"Important (ICH E3): {named}" in table.footnotes[0]
    assert any(isinstance(block, Paragraph) for block in deviations(of({"belimumab": [], "placebo": []})))


# --- Listings ---------------------------------------------------------------------------------------------------------


def test_listings_say_what_is_known_of_each_event():
    rows = [row.cells for row in event_listing(tell(), "list_events", lambda event: True).rows]
    assert (
        "01-001",
        "Belimumab",
        "Headache",
        "Other",
        "not known",
        "–",
        "not known",
        "no",
        "None",
        "Recovered",
    ) in rows
    mood = next(cells for cells in rows if cells[0] == "01-002")
    assert (mood[2], mood[5]) == ("Low mood (not treatment-emergent)", "−3 –")
    assert next(cells for cells in rows if cells[2] == "Rash")[5] == "31 – 36"
    cold = next(cells for cells in rows if cells[0] == "02-001")
    assert (cold[1], cold[5]) == ("–", "–")  # never randomised: no arm, and no first dose to count from


def test_a_death_is_listed_with_its_event_and_how_participation_ended():
    assert [row.cells for row in deaths(tell()).rows] == [
        ("01-501", "Placebo", "46", "29", "fatal adverse event: Sepsis; participation ended by death"),
    ]  # fmt: skip
    fatal = event("Stroke", "other", "grade_5", 3, ae_outcome="fatal", ae_end=on(4))
    told = of({"belimumab": [patient("01-001", events=[fatal]), patient("01-002", ended=on(9), how_ended="died")],
               "placebo": []})  # fmt: skip
    assert [row.cells[2:] for row in deaths(told).rows] == [
        ("5", "–", "fatal adverse event: Stroke"), ("10", "–", "participation ended by death"),
    ]  # fmt: skip


def test_laboratory_results_of_grade_3_are_listed():
    listed = {table.id: table for table in tables(listings(tell()))}
    row = listed["list_laboratory"].rows[0].cells
    assert row == ("01-001", "Belimumab", "Neutrophils (10⁹/L)", "Week 4", "29", "0.9", "1.8–6.3", "4.0", "3")


@pytest.mark.parametrize(("limits", "said"), [(("1", None), "≥ 1"), ((None, "2"), "≤ 2"), ((None, None), "–")])
def test_a_range_may_have_one_end(limits, said):
    assert range_of(*limits) == said


def test_deviations_and_leavers_are_listed():
    assert [row.cells[2:] for row in deviation_listing(tell()).rows][1:] == [
        ("–", "major deviation", "took another trial's drug", "yes"),
        ("Week 4", "Visit outside its window", "late", "no"),
    ]  # fmt: skip
    listed = {table.id: [row.cells for row in table.rows] for table in tables(listings(tell()))}
    assert ("01-002", "Belimumab", "stopped treatment early", "31", "adverse event") in listed["discontinued"]
    assert ("01-001", "Belimumab", "withdrew", "61", "no reason stated") in listed["discontinued"]
    assert listed["screen_failures"][0][2] == "2024-04"


def test_before_the_list_is_opened_no_listing_has_an_arm():
    labels = {"Belimumab", "Placebo"}
    shown = [set(cells) for table in tables(listings(tell())) for cells in (row.cells for row in table.rows)]
    assert any(labels & cells for cells in shown)
    for table in tables([*listings(tell(dummy=True)), *laboratory(tell(dummy=True))]):
        if len(table.words) == len(table.columns):  # a listing
            assert "Arm" not in table.columns
            assert not any(labels & set(row.cells) for row in table.rows), table.id


def test_a_protocol_that_asks_less_lists_less():
    told = Teller(analyse(opened({"high": [], "low": [], "placebo": []}), HYPERTENSION), Words("en"), PROVENANCE)
    found = {table.id: table for table in tables(listings(told))}
    assert "list_stopping" not in found
    assert "list_laboratory" not in found
    assert found["list_events"].columns == (
        "Participant", "Arm", "Event", "Kind", "Severity", "Day", "Serious", "Related", "Outcome",
    )  # fmt: skip
    assert found["list_events"].footnotes == ("Nobody.",)
    rows = [{"term": "Cold", "onset": on(3)}]
    small = of({"active": [person("01-001", SAME, events=rows)], "control": []}, SMALL)
    assert event_listing(small, "list_events", lambda event: True).rows[0].cells[5] == "4"


def test_days_of_which_only_part_is_known_are_marked():
    cohort = tell().analysis.cohort
    assert study_day(cohort, "01-001", PartialDate(2024, 6)) == "≥ 27"
    assert begin_to_end(cohort, "01-001", on(3), on(3)) == "4"
    assert yes_or_no(tell("zh"), None) == "不详"


def test_a_listing_is_folded_on_the_page_and_lies_across_on_paper():
    table = event_listing(tell(), "list_events", lambda event: True)
    assert "<details><summary>All adverse events [8]</summary>" in to_html(table)
    assert "<details>" not in to_html(overview_table(tell()))
    empty = event_listing(of({"belimumab": [], "placebo": []}), "list_events", lambda event: True)
    assert "<table" not in to_html(empty)
    assert "Nobody." in to_html(empty)
    assert next(block for block in listings(tell()) if isinstance(block, Heading)).turned


# --- Figures ----------------------------------------------------------------------------------------------------------


def words_of(figure):
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg.decode())


def test_the_liver_figure_has_logarithmic_axes_and_the_lines_of_hys_law():
    figure = liver_signal(tell().analysis, Words("en"))
    data = {row["subject"]: row for row in figure.data.to_dicts()}
    assert set(data) == {"01-001", "01-002"}  # the others have a peak that is not known
    assert (data["01-001"]["aminotransferase"], data["01-001"]["quadrant"]) == (130 / 40, "hys_law")
    assert data["01-001"]["bilirubin"] == pytest.approx(45 / 21)
    # Axes from 0.1 to 10 over 710 by 420 pixels: 3 × ULN lies at x = 130 + (log10 3 + 1)/2 · 710 = 654.38, 2 × ULN at
    # y = 458 − (log10 2 + 1)/2 · 420 = 184.78.
    svg = figure.svg.decode()
    assert 'x1="654.38" y1="458" x2="654.38" y2="38"' in svg
    assert 'x1="130" y1="184.78" x2="840" y2="184.78"' in svg
    assert {"3 × ULN", "2 × ULN", "potential Hy&apos;s law", "peak ALT or AST, whichever is higher, × ULN"} <= {
        word.replace("'", "&apos;") for word in words_of(figure)
    }


def test_without_ast_the_axis_says_so():
    lab = PROTOCOL.laboratory
    alone = lab.model_copy(update={"liver": lab.liver.model_copy(update={"ast": None})})
    told = of(PEOPLE, PROTOCOL.model_copy(update={"laboratory": alone}))
    assert "peak ALT, × ULN" in words_of(liver_signal(told.analysis, Words("en")))
    assert set(liver_signal(told.analysis, Words("en")).data["subject"]) == {"01-001", "01-002"}


def test_boxes_carry_the_numbers_of_the_results():
    figure = laboratory_boxes(tell().analysis, "alt", Words("en"))
    row = figure.data.filter(visit="week_4", arm="belimumab").to_dicts()[0]
    assert (row["minimum"], row["median"], row["maximum"], row["n"], row["week"]) == (100.0, 115.0, 130.0, 2, 4)
    assert {"0", "4", "8"} <= set(words_of(figure))
    assert isinstance(next(block for block in laboratory(tell()) if isinstance(block, Figure)), Figure)


def test_the_onset_figure_rises_where_events_began():
    figure = onset_curves(tell("zh").analysis, Words("zh"))
    first = figure.data.filter(arm="belimumab").to_dicts()
    assert [(row["day"], row["events"], row["risk"]) for row in first] == [(20.0, 1.0, 0.5), (57.0, 0.0, 0.5)]
    assert "首次给药后周数" in words_of(figure)
    assert onset_curves(of({"belimumab": [], "placebo": []}).analysis, Words("en")).data.is_empty()


def test_the_dots_carry_the_differences():
    data = adverse_event_dots(tell().analysis, Words("en")).data
    infection = data.filter(kind="infection", arm="belimumab").to_dicts()[0]
    assert (infection["share"], infection["difference"], infection["n"]) == (0.5, 0.0, 1)
    assert data.filter(kind="infection", arm="placebo")["difference"].to_list() == [None]


def test_a_background_dose_that_is_known_is_described():
    doses = SMALL.safety.model_copy(update={"background_dose": BackgroundDose(variable="itching", high="3.5")})
    protocol = SMALL.model_copy(update={"safety": doses, "estimands": (), "monitoring": None})
    people = {"active": [person("01-001", {"week_4": 4, "week_8": 2}), person("01-002", {"week_4": 4, "week_8": 2})],
              "control": [person("01-003", {})]}  # fmt: skip
    table = background_table(of(people, protocol))
    found = lines(table)
    # From 6 to 4 to 2 over 28 days each: 28 · 5 + 28 · 3 = 224, a mean of 4 a day.
    assert found["Dose in all: n; mean (SD)"] == ("2; 224 (0)", "–")
    assert found["Ever above 3.5 after baseline, n (%)"] == ("2 (100.0)", "0")
    without = SMALL.safety.model_copy(update={"background_dose": BackgroundDose(variable="itching")})
    shorter = background_table(of(people, protocol.model_copy(update={"safety": without})))
    assert len(shorter.rows) == len(table.rows) - 1


def test_the_onset_figure_steps_and_counts_who_is_still_at_risk():
    figure = onset_curves(tell().analysis, Words("en"))
    words = words_of(figure)
    # One of the two has the event on study day 20 and the other is observed to day 57, so the axis ends in week 8.
    row = words[len(words) - 1 - words[::-1].index("Belimumab") :][1:10]
    assert row == ["2", "2", "2", "1", "1", "1", "1", "1", "1"]
    path = re.findall(r'<path d="M([^"]*)" fill="none" stroke="#0a5a78"', figure.svg.decode())[1]  # after the legend
    points = [tuple(map(float, point.split(","))) for point in path.split("L")]
    assert points[0] == (130.0, 264.0)  # nobody at day 0
    assert [y for _, y in points[:3]] == [264.0, 264.0, points[2][1]]
    assert points[2][1] == pytest.approx(264 - 0.5 / 0.5 * 230)  # half of the arm, where the axis ends at 50 %

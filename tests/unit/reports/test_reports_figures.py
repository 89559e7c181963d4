"""Figures draw what the results say: each carries its data, and the marks stand where the data are."""

import re
from datetime import date, timedelta

import pytest
from analysis_trials import GONE, HYPERTENSION, SAME, SMALL, START, arm_of, estimand, opened, person, with_estimands

from equipoise.analysis import analyse
from equipoise.analysis.course import TRAJECTORY
from equipoise.analysis.fit_survival import curve
from equipoise.conduct.snapshot import VisitState
from equipoise.protocol.schema import Endpoint
from equipoise.reports import Provenance
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.estimand_tables import Told, result_table
from equipoise.reports.event_tables import kinds_table, overview_table
from equipoise.reports.figures import (
    adverse_event_dots,
    attendance_strip,
    enrolment,
    participant_flow,
    survival_curves,
    trajectory,
)
from equipoise.reports.figures.enrolment import months_between
from equipoise.reports.reading import reading
from equipoise.reports.section_end import deviations, methods
from equipoise.reports.table import Table

EN, ZH = Words("en"), Words("zh")
TIME = Endpoint.model_validate(
    {
        "id": "time", "label": {"en": "Time to relief", "zh": "缓解时间"}, "tier": "secondary", "objective": "relief",
        "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
    }
)  # fmt: skip
TIMED = estimand("time", "survival", id_="timed", test="logrank")
_ASKED = with_estimands(TIMED, estimand("itch", "ancova", id_="means", missing="available"))
PROTOCOL = _ASKED.model_copy(update={"endpoints": (*SMALL.endpoints, TIME)})
EARLY = {"week_4": 3, "week_8": 3}
LATE = ("week_4", "visit_window", "late")
ARMS = {
    "active": [*arm_of("01", [EARLY] * 3 + [SAME] * 4 + [GONE]), person("01-050", SAME, deviations=(LATE,))],
    "control": [*arm_of("01", [EARLY, SAME, SAME, {"week_4": "missed", "week_8": 5}], 501)],
}
ANALYSIS = analyse(opened(ARMS), PROTOCOL)
TELL = Teller(ANALYSIS, EN, Provenance("d" * 64, "a" * 64, 1, software="Equipoise"))


def words_of(figure):
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg.decode())


def test_curves_start_at_one_and_end_where_the_estimate_ends():
    figure = survival_curves(ANALYSIS, TIMED, EN)
    found = curve(ANALYSIS.question(TIMED), "active")
    paths = re.findall(r'<path d="([^"]*)" fill="none" stroke="#0a5a78"', figure.svg.decode())
    points = [tuple(map(float, point.split(","))) for point in paths[0].lstrip("M").split("L")]
    top, foot = 16.0, 346.0
    assert points[0][1] == top
    assert points[-1][1] == pytest.approx(foot - found.survival[-1] * (foot - top), abs=0.01)
    assert figure.data.filter(arm="active")["survival"].to_list() == found.survival.tolist()


def test_numbers_at_risk_stand_below():
    words = words_of(survival_curves(ANALYSIS, TIMED, EN))
    found = curve(ANALYSIS.question(TIMED), "active")
    # Ticks every week: the numbers at risk of each, in the row that begins with the arm's name.
    row = words[len(words) - 1 - words[::-1].index("Drops") + 1 :][:9]
    assert row == [str(n) for n in found.numbers_at_risk([7 * week for week in range(9)])]


def test_a_time_reads_aloud():
    told = Told(TELL, TIMED)
    sentence = next(reading(told))
    ratio = ANALYSIS.results.get("timed", "hazard_ratio", arm="active")
    assert f"hazard ratio {ratio.estimate:.2f}" in sentence
    rows = {row.cells[0]: row.cells[1:] for row in result_table(told).rows}
    assert rows["Events, n/N"] == ("3/9 (33.3%)", "1/4 (25.0%)")


def test_a_mean_reads_aloud():
    told = Told(TELL, PROTOCOL.estimands[1])
    row = ANALYSIS.results.get("means", "mean_difference", arm="active")
    assert row.why is not None or "difference" in next(reading(told))


def test_a_trajectory_carries_its_numbers():
    figure = trajectory(ANALYSIS, "itching", EN)
    rows = [row for row in ANALYSIS.results.of(TRAJECTORY) if row.variable == "itching"]
    assert figure.data["mean"].to_list() == [row.estimate for row in rows]
    assert figure.data["n"].to_list() == [row.n for row in rows]
    assert "随机后周数" in words_of(trajectory(ANALYSIS, "itching", ZH))


def test_recruitment_names_every_site_with_its_number():
    words = words_of(enrolment(ANALYSIS, EN))
    assert {"13 All", "13 First hospital"} <= set(words)
    assert not any("Second" in each for each in words)
    assert months_between(date(2023, 11, 30), date(2024, 2, 1)) == [
        date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1),
    ]  # fmt: skip


def test_missed_visits_are_shares_of_those_due():
    data = attendance_strip(ANALYSIS, EN).data.filter(site="01", month="2024-06", how="missed")
    # Target days 28 of everybody fall on 3 June; one of the thirteen was missed.
    assert (data["n"].to_list(), data["due"].to_list()) == ([1], [13])


def test_a_remote_visit_is_shown_as_remote():
    one = person("01-001", SAME)
    remote = {**one.visits, "week_4": VisitState("held", START + timedelta(days=28), "remote", "pandemic", 1)}
    found = analyse(opened({"active": [person("01-001", SAME, visits=remote)]}), SMALL)
    assert attendance_strip(found, EN).data.filter(site="01", how="remote", month="2024-06")["n"].to_list() == [1]


def test_the_flow_says_its_counts_in_both_languages():
    english, chinese = words_of(participant_flow(ANALYSIS, EN)), words_of(participant_flow(ANALYSIS, ZH))
    assert "Randomised (n = 13)" in english
    assert "随机 (n = 13)" in chinese
    assert "Allocated to Drops (n = 9)" in english


def three_arms():
    """Hypertension, with one kind of adverse event in each of two arms."""

    def one(code, kind):
        found = person(code, {})
        row = {"ae_term": "x", "ae_category": kind, "ae_onset": START, "ae_severity": "mild", "ae_serious": False}
        values = {("log", "adverse_events", 1): row} if kind else {}
        values["week_0", "dispensing", 1] = {"handed_out": True}
        visits = {"week_0": found.visits["week_0"]}
        return person(code, {}, values=values, visits=visits, doses={"week_0": "b"})

    arms = {
        "high": [one("11-001", "cough"), one("11-002", "cough")],
        "low": [one("11-003", "dizziness")],
        "placebo": [one("11-004", "")],
    }
    return analyse(opened(arms), HYPERTENSION)


def test_dots_show_the_kinds_that_occurred():
    figure = adverse_event_dots(three_arms(), EN)
    words = words_of(figure)
    assert {"Cough", "Dizziness"} <= set(words)
    assert "Hypotension or syncope" not in words
    share = figure.data.filter(kind="cough", arm="high")["share"].to_list()
    assert share == [1.0]


def test_the_table_of_events_has_a_column_for_every_arm():
    tell = Teller(three_arms(), ZH, TELL.provenance)
    assert overview_table(tell).columns[:4] == ("", "高剂量组（n = 2）", "低剂量组（n = 1）", "安慰剂组（n = 1）")
    assert len(overview_table(tell).columns) == 6  # and two differences from placebo
    cells = next(row.cells for row in kinds_table(tell).rows if row.cells[0] == "咳嗽")
    assert cells[:4] == ("咳嗽", "2 (100.0), 2", "0 (0.0)", "0 (0.0)")


def test_deviations_are_tabled_by_category():
    table = next(block for block in deviations(TELL) if isinstance(block, Table))
    assert [row.cells for row in table.rows] == [
        ("Any deviation", "1 (11.1), 1", "0 (0.0), 0"), ("Visit outside its window", "1 (11.1), 1", "0 (0.0), 0"),
        ("Important deviations", "0 (0.0), 0", "0 (0.0), 0"), ("Deviations by site",),
        ("First hospital", "1 (11.1), 1", "0 (0.0), 0"), ("Second hospital", "0, 0", "0, 0"),
    ]  # fmt: skip


def test_the_methods_are_made_from_the_estimands():
    said = " ".join(str(block) for block in methods(TELL))
    assert "time-to-event analysis (log-rank, Efron)" in said
    assert "analysis of covariance (everyone with a value)" in said
    assert "site, Severity" in said

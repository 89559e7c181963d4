"""The reports of a look: the open one the same whatever the arms are, the closed one by arm, a form without results."""

import re
from dataclasses import replace
from datetime import date

import pytest
from analysis_trials import BETTER, GONE, SAME, SMALL, arm_of, estimand, opened, person
from hypothesis import given
from hypothesis import strategies as st

from equipoise.analysis import analyse
from equipoise.analysis.coded import letters
from equipoise.analysis.sequential import FINAL, MONITORING
from equipoise.conduct.snapshot import LookState
from equipoise.protocol.schema import Endpoint
from equipoise.reports import Provenance, report_files
from equipoise.reports.blocks import Facts, Paragraph
from equipoise.reports.catalogue import Words
from equipoise.reports.closed_report import closed_analysis, closed_report
from equipoise.reports.look_facts import Occasion
from equipoise.reports.look_files import closed_files, open_files
from equipoise.reports.open_report import open_report, pooled_analysis
from equipoise.reports.recommendation import options, recommendation_form
from equipoise.reports.suppression import HIDDEN, shown, single, suppressed

PROVENANCE = Provenance("d" * 64, "a" * 64, 42, software="Equipoise 1")
EN, ZH = Words("en"), Words("zh")
COLD = {"term": "Cold", "kind": "infection", "serious": True, "related": True}
RASH = {"term": "Rash", "kind": "other", "event_grade": "severe", "serious": False}
ARMS = {
    "active": [*arm_of("01", [BETTER] * 8 + [GONE]), person("01-050", SAME, events=[COLD, RASH])],
    "control": [*arm_of("02", [BETTER] * 3 + [SAME] * 7), person("02-050", SAME, events=[COLD])],
}
FAILED = person("02-090", randomised=None, screen_failure=("I2",))
RUNNING = opened(ARMS, FAILED, locked=False)
TWIN = opened({"control": ARMS["active"], "active": ARMS["control"]}, FAILED, locked=False)
LOOK = {look.id: Occasion(look, date(2025, 6, 1)) for look in SMALL.monitoring.looks}


def arm_words(protocol=SMALL):
    labels = [label for thing in (*protocol.arms, *protocol.products) for label in (thing.label.en, thing.label.zh)]
    return {*labels, *(arm.id for arm in protocol.arms), *(product.id for product in protocol.products)}


def words_of(file):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", file.decode(), flags=re.DOTALL)


def said(report, title):
    """A table of a report by the beginning of its title: label → cells."""
    table = next(each for each in report.tables if title in each.title)
    return {row.cells[0]: row.cells[1:] for row in table.rows if len(row.cells) > 1}


def open_of(made=RUNNING, protocol=SMALL, look="half", words=EN):
    return open_report(pooled_analysis(made.snapshot, protocol), LOOK[look], words, PROVENANCE)


def closed_of(made=RUNNING, protocol=SMALL, look="half", words=EN):
    occasion = replace(LOOK[look], look=protocol.monitoring.look_by_id[look])
    return closed_report(closed_analysis(made, protocol, occasion.look), occasion, words, PROVENANCE)


# --- The open report -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files():
    return open_files(RUNNING.snapshot, SMALL, LOOK["half"], PROVENANCE)


def test_with_the_arms_exchanged_the_open_report_is_the_same_byte_for_byte(files):
    assert RUNNING.arms != TWIN.arms
    assert open_files(TWIN.snapshot, SMALL, LOOK["half"], PROVENANCE) == files
    assert {"open.html", "open.zh.html", "open.pdf", "figures/enrolment.csv", "figures/enrolment.zh.svg"} <= set(files)


@pytest.mark.parametrize("name", ["open.html", "open.zh.html", "figures/enrolment.csv", "figures/enrolment.svg"])
def test_no_arm_and_no_product_is_named_in_it(files, name):
    for word in arm_words():
        assert not re.search(rf"\b{re.escape(word)}\b", words_of(files[name])), (name, word)


def test_every_row_of_its_data_is_marked(files):
    lines = files["figures/enrolment.csv"].decode().splitlines()
    assert lines[0].startswith("DATA,")
    assert all(line.startswith("SIMULATED; INTERIM,") for line in lines[1:])
    real = replace(RUNNING.snapshot, simulated=False)
    assert b"\nINTERIM," in open_files(real, SMALL, LOOK["half"], PROVENANCE)["figures/enrolment.csv"]


def test_it_says_which_look_where_it_was_cut_and_how_far_the_trial_was():
    facts = dict(next(block for block in open_of().blocks if isinstance(block, Facts)).lines)
    assert facts["Planned for"] == "50% of the information: 20 of 40"
    assert (
        facts["Reached at the cut"] == "20 (planned for this look: 20)"
    )  # one left before the visit, and not the trial
    assert facts["Data cut"] == "everything recorded up to act 42, 2025-06-01"
    assert facts["Goes to"] == "Trial lead"
    by_visit = dict(next(block for block in open_of(look="safety").blocks if isinstance(block, Facts)).lines)
    assert by_visit["Planned for"] == "10 participants seen at Week 4"
    by_day = dict(next(block for block in open_of(look="spring").blocks if isinstance(block, Facts)).lines)
    assert (by_day["Planned for"], "Reached at the cut" in by_day) == ("2025-03-01", False)


def test_small_counts_are_not_shown():
    report = open_of()
    events = said(report, "adverse events after")
    assert (events["Any adverse event"], events["Serious"], events["Severe"]) == (("<3",), ("<3",), ("<3",))
    assert said(report, "became of those")["Randomised"] == ("21",)
    assert said(report, "by site")["All"] == ("22", "21")


def test_endpoints_are_counted_and_not_compared():
    (row,) = said(open_of(), "How far the primary").values()
    assert row == ("20", "20", "11", "55.0%")
    few = opened({"active": arm_of("01", [BETTER] * 2), "control": arm_of("02", [SAME] * 9)}, locked=False)
    assert said(open_of(few), "How far the primary")["Better"] == ("11", "11", "<3", "–")
    assert said(open_of(few, words=ZH), "主要终点的")["改善"][2] == "<3"


def with_primary(measure, **more):
    label = {"en": "Better", "zh": "改善"}
    asked = {"id": "better", "label": label, "tier": "primary", "objective": "relief", "measure": measure,
             "through": "week_8", **more}  # fmt: skip
    method = {"time_to_event": "survival", "change": "ancova"}[measure]
    estimands = (estimand("better", method, id_="main"),)
    return SMALL.model_copy(update={"endpoints": (Endpoint.model_validate(asked),), "estimands": estimands})


def test_times_have_a_rate_and_numbers_only_how_many_are_known():
    timed = with_primary("time_to_event", rule="itching_rise <= -2")
    people, known, events, rate = said(open_of(protocol=timed), "How far the primary")["Better"]
    assert (people, known, events) == ("21", "21", "11")
    assert re.fullmatch(r"[\d.]+ per 100 person-years", rate)
    nobody = opened({"active": arm_of("01", [SAME] * 3), "control": []}, locked=False)
    assert said(open_of(nobody, timed), "How far the primary")["Better"][2:] == ("0", "–")
    numbers = with_primary("change", variable="itching")
    assert said(open_of(protocol=numbers), "How far the primary")["Better"] == ("20", "20", "–", "–")


def test_what_could_tell_the_arm_is_left_out():
    telling = SMALL.masking.items[0].model_copy(update={"item": "kind"})
    masked = SMALL.model_copy(update={"masking": SMALL.masking.model_copy(update={"items": (telling,)})})
    assert "Infection" in said(open_of(), "adverse events after")
    assert "Infection" not in said(open_of(protocol=masked), "adverse events after")


def test_an_empty_trial_has_an_open_report():
    empty = opened({"active": [], "control": []}, locked=False)
    assert said(open_of(empty), "became of those")["Randomised"] == ("0",)


# --- Small counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "cells"),
    [
        ({"a": 0, "b": 4, "c": 20}, {"a": "0", "b": "<5", "c": HIDDEN}),
        ({"a": 3, "b": 4, "c": 20}, {"a": "<5", "b": "<5", "c": "20"}),
        ({"a": 5, "b": 9}, {"a": "5", "b": "9"}),
        ({"a": 2, "b": 8, "c": 7}, {"a": "<5", "b": "8", "c": HIDDEN}),
        ({"a": 2, "b": 0}, {"a": "<5", "b": "0"}),
    ],
)
def test_a_hidden_part_cannot_be_found_by_subtraction(parts, cells):
    assert suppressed(parts, 5) == cells


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=2))
def test_from_the_whole_and_what_is_shown_no_small_part_is_certain(parts):
    """Every hidden part has at least two values that fit what is shown, unless the whole itself is small."""
    cells = suppressed(parts, 5)
    hidden = [name for name, cell in cells.items() if cell in (HIDDEN, "<5")]
    assert all(cells[name] == str(count) for name, count in parts.items() if name not in hidden)
    if hidden and max(parts.values()) >= 5:
        left = sum(parts[name] for name in hidden)
        ways = [{0}]
        for name in hidden:
            values = range(1, 5) if cells[name] == "<5" else range(5, left + 1)
            ways.append({total + value for total in ways[-1] for value in values if total + value <= left})
        assert left in ways[-1]
        assert len(hidden) >= 2


def test_the_words_for_a_count_that_is_not_shown():
    assert (shown(EN, HIDDEN), shown(ZH, HIDDEN), shown(EN, "7"), single(4, 5), single(5, 5), single(0, 5)) == (
        "not shown", "不显示", "7", "<5", "5", "0",
    )  # fmt: skip


# --- The closed report -------------------------------------------------------------------------------------------


def test_the_boundary_stands_in_it_as_it_stands_in_the_results():
    analysis = closed_analysis(RUNNING, SMALL, LOOK["half"].look)
    rows = {row.statistic: row for row in analysis.results.of(MONITORING)}
    table = said(closed_of(), "Drops against Saline")
    assert table["Information reached of planned"] == ("20/40 (50.0%)",)
    assert table["Efficacy bound (nominal level)"][0].startswith(f"{rows['efficacy_bound'].estimate:.3f} (")
    assert table["Futility bound"] == (f"{rows['futility_bound'].estimate:.3f}".replace("-", "−"),)
    assert table["Crossed"] == (EN(f"crossed_{rows['crossed'].variable}"),)
    for name in ("planned", "current_trend", "null", "predictive"):
        assert table[EN(f"monitoring_power_{name}")] == (f"{rows[f'power_{name}'].estimate:.3f}",)
    assert "Repeated confidence interval (P)" in table
    assert analysis.estimands == ()  # the endpoints of the end are not estimated at a look


def test_who_keeps_to_the_protocol_is_known_at_the_end_and_can_still_be_what_is_tested():
    strict = SMALL.analysis.sets[0].model_copy(update={"id": "strict", "who": "per_protocol"})
    analysis = SMALL.analysis.model_copy(update={"sets": (*SMALL.analysis.sets, strict)})
    asked = SMALL.estimands[0].model_copy(update={"population": "strict"})
    protocol = SMALL.model_copy(update={"analysis": analysis, "estimands": (asked,)})
    found = closed_analysis(RUNNING, protocol, LOOK["half"].look)
    assert set(found.sets) == {"everybody"}
    assert {row.level for row in found.results.of(MONITORING)} == {"half"}


def test_a_look_at_safety_tests_nothing():
    report = closed_of(look="safety")
    assert any(isinstance(block, Paragraph) and block.text == EN("safety_only") for block in report.blocks)
    assert not any("against" in table.title for table in report.tables)


def test_a_boundary_that_cannot_be_tested_says_why():
    few = opened({"active": arm_of("01", [BETTER]), "control": []}, locked=False)
    text = [block.text for block in closed_of(few).blocks if isinstance(block, Paragraph)]
    assert any(line.startswith("The boundary cannot be tested at this cut:") for line in text)


def test_only_a_bound_that_does_not_bind_is_said_not_to():
    boundary = SMALL.monitoring.boundary
    binding = boundary.model_copy(update={"futility": boundary.futility.model_copy(update={"binding": True})})
    for changed, is_said in (
        (boundary, True),
        (binding, False),
        (boundary.model_copy(update={"futility": None}), False),
    ):
        plan = SMALL.monitoring.model_copy(update={"boundary": changed})
        table = next(t for t in closed_of(protocol=SMALL.model_copy(update={"monitoring": plan})).tables)
        assert (EN("nonbinding_note") in table.footnotes) is is_said


@pytest.fixture(scope="module")
def coded_files():
    return closed_files(RUNNING, SMALL, LOOK["half"], PROVENANCE, letters(["control", "active"]))


def test_under_letters_no_arm_is_named_but_on_the_page_apart(coded_files):
    report, key = coded_files
    for name in (each for each in report if each.endswith((".html", ".svg", ".csv"))):
        for word in arm_words():
            assert not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words_of(report[name])), (name, word)
    text = " ".join(words_of(key["key.html"]).split())
    assert "A Saline B Drops" in text
    assert set(key) >= {"key.html", "key.zh.html", "key.pdf"}


def test_by_name_there_is_no_page_of_letters():
    report, key = closed_files(RUNNING, SMALL, LOOK["half"], PROVENANCE)
    assert key == {}
    assert "Drops" in words_of(report["closed.html"])
    assert {"recommendation.html", "minutes.zh.html", "closed.pdf"} <= set(report)
    assert EN("confidential") in words_of(report["closed.html"])
    assert EN("confidential") in words_of(report["minutes.html"])


# --- The recommendation ------------------------------------------------------------------------------------------


def test_what_may_be_recommended_is_what_the_look_can_show():
    always = ("continue", "modify", "stop_safety")
    assert options(SMALL, LOOK["safety"]) == always
    assert options(SMALL, LOOK["half"]) == ("continue", "modify", "stop_efficacy", "stop_futility", "stop_safety")
    plan = SMALL.monitoring
    loose = plan.model_copy(update={"boundary": plan.boundary.model_copy(update={"futility": None})})
    assert options(SMALL.model_copy(update={"monitoring": loose}), LOOK["half"]) == (
        "continue", "modify", "stop_efficacy", "stop_safety",
    )  # fmt: skip


def test_the_form_is_the_same_whatever_was_found():
    one = closed_files(RUNNING, SMALL, LOOK["half"], PROVENANCE)[0]
    two = closed_files(TWIN, SMALL, LOOK["half"], PROVENANCE)[0]
    assert one["closed.html"] != two["closed.html"]
    for name in ("recommendation.html", "recommendation.zh.pdf", "minutes.html"):
        assert one.get(name) == two.get(name)
    assert EN("confidential") not in words_of(one["recommendation.html"])


def test_real_data_are_not_marked_as_simulated():
    form = recommendation_form(SMALL, LOOK["half"], False, EN, PROVENANCE)
    assert form.marks == ()


# --- At the end --------------------------------------------------------------------------------------------------


def test_the_report_of_the_end_tests_what_the_looks_have_left():
    made = opened(ARMS, FAILED)
    looks = {"half": LookState("chair", 9, 10, 12), "safety": LookState("chair", 5, 6)}
    ended = replace(made, snapshot=replace(made.snapshot, looks=looks))
    text = " ".join(words_of(report_files(ended, SMALL, PROVENANCE)["report.html"]).split())
    assert "1 of 2 planned looks at efficacy were held before" in text
    assert "Median-unbiased estimate, stage-wise interval (P)" in text
    assert "The futility bound does not bind" not in text  # nothing can be overruled any more
    row = next(analyse(ended, SMALL).results.of(MONITORING, "information"))
    assert (row.level, row.n, row.N) == (FINAL, 21, 40)


def test_a_running_trial_has_no_such_section():
    assert "planned looks at efficacy" not in words_of(report_files(RUNNING, SMALL, PROVENANCE)["report.html"])

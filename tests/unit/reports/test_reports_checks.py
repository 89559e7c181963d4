"""What is printed and is no result, or is not its count's per cent, is found and named; nothing sound is refused."""

from dataclasses import replace

import polars as pl
import pytest
from analysis_trials import estimand, opened, with_estimands
from report_trials import ARMS, FAILED, OPENED, PROTOCOL, PROVENANCE

from equipoise.analysis import analyse
from equipoise.protocol.schema import Endpoint
from equipoise.reports import ContradictionError, files, report_files
from equipoise.reports.blocks import Facts, Heading, Paragraph, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.checks import check_blocks
from equipoise.reports.figures import Figure
from equipoise.reports.provenance import marks
from equipoise.reports.report import compose
from equipoise.reports.table import Row, Table

TIME = Endpoint.model_validate(
    {
        "id": "time", "label": {"en": "Time to relief", "zh": "缓解时间"}, "tier": "secondary", "objective": "relief",
        "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
    }
)  # fmt: skip
TIMED = estimand("time", "survival", id_="timed", test="logrank")
_ALL = with_estimands(*PROTOCOL.estimands, TIMED)
WHOLE = _ALL.model_copy(update={"endpoints": (*_ALL.endpoints, TIME)})
ANALYSIS = analyse(opened(ARMS, FAILED), WHOLE)
TELLERS = {language: Teller(ANALYSIS, Words(language), PROVENANCE) for language in ("en", "zh")}
TELL = TELLERS["en"]
BLOCKS = {language: compose(tell, marks(OPENED, tell.words)).blocks for language, tell in TELLERS.items()}


def found(*blocks, language="en"):
    return [problem.id for problem in check_blocks(blocks, TELLERS[language])]


@pytest.mark.parametrize("language", TELLERS)
def test_a_sound_report_passes(language):
    assert {type(block) for block in BLOCKS[language]} == {Heading, Paragraph, Facts, Table, Figure}
    assert found(*BLOCKS[language], language=language) == []


def table(rows, id_="result_asked", **more):
    return Table(id_, "Title", ("", "Drops", "Saline"), tuple(Row(cells) for cells in rows), **more)


RISK = ANALYSIS.results.get("asked", "risk", arm="active")


@pytest.mark.parametrize(
    ("block", "identity"),
    [
        (Paragraph("The difference was 12.345 points."), "outputs.E010"),
        (Heading("h", "One of 987"), "outputs.E010"),
        (Facts((("Events", "4321"),)), "outputs.E010"),
        (table([("Risk ratio", "1.78 (0.64, 98.76)", "")]), "outputs.E010"),
        (table([("Seen in 555", "", "")]), "outputs.E010"),
        (table([("Events", f"{RISK.n}/{RISK.N} (66.6%)", "")]), "outputs.E011"),
        (Paragraph(f"It was {RISK.n} of {RISK.N} (66.8%)."), "outputs.E011"),
        (Paragraph(f"共{RISK.n}/{RISK.N}例（66.8%）。"), "outputs.E011"),
        (table([("Female", "3 (33.3)", "")], "baseline"), "outputs.E012"),
        (table([("Any", "9 (100.0)", "")], footnotes=("See 3.14159.",)), "outputs.E010"),
    ],
)
def test_what_is_no_result_is_found(block, identity):
    assert identity in found(block)


def test_a_count_beside_the_right_per_cent_passes():
    assert found(table([("Events", f"{RISK.n}/{RISK.N} (66.7%)", "0/0")])) == []


def test_the_results_of_another_estimand_are_not_those_of_this_table():
    mean = ANALYSIS.results.get("means", "mean_difference", arm="active")
    printed = f"{mean.estimate:.4f}".replace("-", "−")
    assert found(table([("Difference", printed, "")], "result_means")) == []
    assert found(table([("Difference", printed, "")], "result_asked")) == ["outputs.E010"]


def test_a_table_that_nobody_named_may_print_any_result_and_a_listing_any_data():
    mean = ANALYSIS.results.get("means", "mean_difference", arm="active")
    printed = f"{mean.estimate:.3f}".replace("-", "−")
    assert found(table([("Difference", printed, "")], "new_table")) == []
    assert found(table([("Difference", "0.123456", "")], "new_table")) == ["outputs.E010"]
    assert found(table([("01-001", "17.5", "")], "discontinued")) == []


def figures(begins):
    return next(b for b in BLOCKS["en"] if isinstance(b, Figure) and b.id.startswith(begins))


def test_a_curve_that_falls_once_too_often_is_found():
    curve = figures("curve_timed")
    more = curve.data.with_columns(events=pl.col("events") + 1)
    assert "outputs.E014" in found(replace(curve, data=more))
    fewer = curve.data.with_columns(at_risk=pl.col("at_risk") - 1)
    assert "outputs.E014" in found(replace(curve, data=fewer))


def test_a_figure_that_draws_another_number_is_found():
    forest = figures("estimates_asked")
    assert found(replace(forest, data=forest.data.with_columns(estimate=pl.col("estimate") + 0.01))) != []
    recruited = figures("enrolment")
    assert found(replace(recruited, data=recruited.data.head(3))) == ["outputs.E014"]
    visits = figures("attendance")
    assert "outputs.E014" in found(replace(visits, data=visits.data.with_columns(n=pl.col("n") + 1)))


def test_what_shows_participants_one_by_one_is_not_compared_with_results():
    drawn = Figure("new_figure", "Title", "", b"<svg/>", pl.DataFrame({"subject": ["01-001"], "lower": [17.25]}))
    assert found(drawn) == []
    assert found(replace(drawn, data=drawn.data.drop("subject"))) == ["outputs.E013"]
    curve = drawn.data.drop("subject").with_columns(day=pl.lit(3))
    assert found(replace(drawn, data=curve)) == []
    assumed = drawn.data.drop("subject").rename({"lower": "assumed"})
    assert found(replace(drawn, data=assumed)) == []
    listed = table([("01-001", "17.25", "mild")], "new_listing", words=frozenset({0, 1, 2}))
    assert found(listed) == []
    assert set(found(replace(listed, words=frozenset({0})))) == {"outputs.E010"}


def test_nothing_is_made_of_results_that_contradict_themselves(monkeypatch):
    sound = files.analyse

    def transposed(snapshot, protocol):
        made = sound(snapshot, protocol)
        rows = tuple(
            replace(row, estimate=1 / row.estimate, lower=None, upper=None) if row.statistic == "risk_ratio" else row
            for row in made.results.rows
        )
        return replace(made, results=type(made.results)(rows))

    monkeypatch.setattr(files, "analyse", transposed)
    with pytest.raises(ContradictionError) as failed:
        report_files(OPENED, PROTOCOL, PROVENANCE)
    assert {problem.id for problem in failed.value.problems} == {"analysis.E020"}
    assert "risk ratio" in str(failed.value)


def test_nothing_is_made_of_a_table_that_prints_what_is_no_result(monkeypatch):
    sound = files.compose

    def misprinted(tell, marked):
        report = sound(tell, marked)
        return replace(report, blocks=(*report.blocks, Paragraph("It was 12.345.")))

    monkeypatch.setattr(files, "compose", misprinted)
    with pytest.raises(ContradictionError, match=r"outputs\.E010.*12\.345"):
        report_files(OPENED, PROTOCOL, PROVENANCE)

"""The report of a design, made from a tidy table as a simulation writes it."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from equipoise.protocol.check import read_protocol
from equipoise.protocol.parts import Label
from equipoise.reports.catalogue import Words
from equipoise.reports.design_assumptions import About, assumptions_table, named
from equipoise.reports.design_report import compose_design, design_files
from equipoise.reports.design_told import told_tables
from equipoise.reports.table import Table
from tests.unit.simulation.designs import shipped

TRIAL = Path(__file__).parents[3] / "trials" / "belimumab-sle"
SHIPPED = sorted(path.name for path in (TRIAL / "scenarios").glob("*.yaml") if path.name != "demo.yaml")
FACTS = {
    "duration_weeks": None, "treated": 50.0, "reference": 50.0, "treated_with_event": 10.0,
    "reference_with_event": 20.0, "treated_unknown": 3.0, "reference_unknown": 4.0, "treated_onsets": 11.0,
    "reference_onsets": 25.0, "imbalance": 1.0, "correct_guess": 0.7,
}  # fmt: skip
RESULTS = {
    "rejected": 0.81, "truth": -0.2, "mean_estimate": -0.19, "bias": 0.01, "coverage": 0.95, "empirical_error": 0.08,
    "model_error": 0.079,
}  # fmt: skip


def rows(scenario, rejected=0.81, **settings):
    told = [("", "", name, value) for name, value in FACTS.items()]
    for variant in ("", "sensitivity_1"):
        told += [("any_flare_itt", variant, name, value) for name, value in {**RESULTS, "rejected": rejected}.items()]
    return [
        {"DATA": "SIMULATED", "scenario": scenario, "participants": 100, **settings, "analysis": analysis,
         "variant": variant, "characteristic": name, "value": value, "monte_carlo_error": 0.004, "trials": 10_000,
         "seed": 1}
        for analysis, variant, name, value in told
    ]  # fmt: skip


@pytest.fixture(scope="module")
def protocol():
    return read_protocol((TRIAL / "protocol.yaml").read_bytes(), name="protocol.yaml")[0]


@pytest.fixture(scope="module")
def table():
    """One design, and a grid of two by two."""
    grid = [
        row
        for place, (risk, rate) in enumerate(((0.3, 0.1), (0.3, 0.2), (0.4, 0.1), (0.4, 0.2)))
        for row in rows("grid", 0.5 + place / 10, **{"event.risk": risk, "leaves.per_year.placebo": rate})
    ]
    return pl.DataFrame([*rows("one"), *grid], infer_schema_length=None)


def found(table, protocol, language="en"):
    report = compose_design(table, protocol, {"one": About(Label(en="One design.", zh="一个设计。"))}, Words(language))
    return report, {block.id: block for block in report.blocks if isinstance(block, Table)}


def test_a_single_design_is_told_in_full(table, protocol):
    report, tables = found(table, protocol)
    assert report.marks == ("SIMULATED DATA: no real participant",)
    analyses = tables["analyses_1"].rows
    assert analyses[0].cells == (
        "Proportion with any flare within 52 weeks (unknown = event)", "81.0 (0.40)", "−0.200", "−0.190",
        "0.0100 (0.0040)", "95.0 (0.40)", "0.080, 0.079",
    )  # fmt: skip
    assert analyses[1].cells[0].endswith("(Unknown counts as no event)")
    course = dict(row.cells for row in tables["course_1"].rows)
    assert course["participants with the event: Belimumab"] == "10.00 (0.004)"
    assert course["events, recurrent ones included: Placebo"] == "25.00 (0.004)"
    assert "Weeks from the first entry to the end of follow-up" not in course


def test_a_grid_has_a_line_for_each_cell_and_a_figure(table, protocol):
    report, tables = found(table, protocol)
    grid = tables["grid_2"]
    assert grid.columns[:2] == ("Control risk", "Drop-out a year, Placebo")
    assert [row.cells[:3] for row in grid.rows] == [
        ("0.3", "0.1", "50.0 (0.40)"), ("0.3", "0.2", "60.0 (0.40)"), ("0.4", "0.1", "70.0 (0.40)"),
        ("0.4", "0.2", "80.0 (0.40)"),
    ]  # fmt: skip
    (figure,) = report.figures
    assert figure.data.filter(pl.col("line") == "Drop-out a year, Placebo 0.2")["share"].to_list() == [0.6, 0.8]
    assert "Control risk" in figure.svg.decode()


def test_numbers_that_are_not_there_are_dashes_and_draw_nothing(protocol):
    empty = [
        {**row, "value": None, "monte_carlo_error": None} if row["analysis"] else row
        for each in ("a", "b")
        for row in rows("words", **{"randomisation.something": each})
    ]
    more = [
        {**row, "scenario": "unknown", "event.shape": shape, "value": None} for shape in (1.0, 2.0) for row in empty
    ]
    table = pl.DataFrame([{**row, "event.shape": None} for row in empty] + more, infer_schema_length=None)
    report, tables = found(table, protocol)
    assert report.figures == ()
    assert {row.cells[1] for row in tables["grid_1"].rows} == {"–"}
    assert tables["grid_1"].columns[0] == "randomisation.something"


def test_every_file_is_there_in_both_languages_and_marked(table, protocol):
    files = design_files(table, protocol, {})
    assert {"design.html", "design.zh.html", "design.pdf", "figures/rejection_2.svg", "figures/rejection_2.zh.svg",
            "figures/rejection_2.csv", "tables/grid_2.csv", "tables/zh/grid_2.csv"} <= files.keys()  # fmt: skip
    assert "模拟数据" in files["design.zh.html"].decode()
    assert files["design.pdf"].startswith(b"%PDF")
    for name, content in files.items():
        if name.endswith(".csv"):
            data = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
            assert {row["DATA"] for row in data} == {"SIMULATED"}
    assert files == design_files(table, protocol, {})


# --- What is assumed, when trials stop, how they fill -----------------------------------------------------------------


def course():
    weeks = [0.0, 10.0, 20.0, 30.0]
    return pl.DataFrame({"DATA": ["SIMULATED"] * 4, "week": weeks, "lowest": [0.0, 20, 50, 90],
                         "low": [0.0, 30, 70, 100], "middle": [0.0, 40, 100, 100], "high": [0.0, 50, 100, 100],
                         "highest": [0.0, 100, 100, 100]})  # fmt: skip


ASSUMED = (
    ("participants", "100"), ("analyses", "any_flare_itt +2; time_to_first_flare_itt"), ("observed", "at_once"),
    ("leaves.per_year.placebo", "0.1"), ("sites.01.share", "2"), ("event.risk", "0.3"), ("made.up", "7"),
    ("score.variable", "sledai_total"), ("event.recurrent", "True"),
)  # fmt: skip


def test_assumptions_are_said_in_words(table, protocol):
    about = {"grid": About(assumed=ASSUMED)}
    for language, expected in (
        ("en", ("100", "Proportion with any flare within 52 weeks (+2)", "on the day they begin",
                "varied, as in the table above", "2", "varied, as in the table above", "7", "SELENA-SLEDAI", "yes")),
        ("zh", ("100", "（+2）", "发生当日即知", "取多个值，见上表", "2", "取多个值，见上表", "7", "SELENA-SLEDAI",
                "是")),
    ):  # fmt: skip
        report = compose_design(table, protocol, about, Words(language))
        told = next(block for block in report.blocks if isinstance(block, Table) and block.id == "assumed_2")
        for row, value in zip(told.rows, expected, strict=True):
            assert value in row.cells[1], row
    assert [row.cells[0] for row in told.rows][4:7] == ["入组份额，中心01", "对照组风险", "made.up"]


def looked(scenario, **settings):
    looks = {"efficacy_at_look_1": 0.1, "efficacy_at_look_2": 0.3, "futility_at_look_1": 0.2,
             "futility_at_look_2": 0.05, "harm_at_look_1": 0.0, "stop_weeks": 80.0}  # fmt: skip
    first, *_ = rows(scenario, **settings)
    return [*rows(scenario, **settings), *(
        {**first, "analysis": "any_flare_itt", "variant": "monitored", "characteristic": name, "value": value}
        for name, value in (looks | {**RESULTS, "rejected": 0.7}).items()
    )]  # fmt: skip


def test_looks_are_drawn_as_what_has_stopped_by_each(protocol):
    one = pl.DataFrame(looked("one"), infer_schema_length=None)
    (figure,) = compose_design(one, protocol, {}, Words("en")).figures
    assert figure.id == "looks_1"
    assert dict(figure.data.group_by("line", maintain_order=True).agg(pl.col("share")).iter_rows()) == {
        "for efficacy": [0.0, 0.1, 0.4], "for futility": [0.0, 0.2, 0.25],
    }  # fmt: skip
    errors = figure.data.filter(pl.col("line") == "for efficacy")["monte_carlo_error"].to_list()
    assert errors == pytest.approx([0.0, (0.1 * 0.9 / 10_000) ** 0.5, (0.4 * 0.6 / 10_000) ** 0.5])


def test_looks_of_a_grid_have_a_line_for_each_design(protocol):
    grid = pl.DataFrame(
        [row for risk in (0.3, 0.4) for row in looked("grid", **{"event.risk": risk})], infer_schema_length=None
    )
    figures = {figure.id: figure for figure in compose_design(grid, protocol, {}, Words("zh")).figures}
    assert set(figures["looks_1"].data["line"]) == {
        f"对照组风险 {risk}、{reason}" for risk in (0.3, 0.4) for reason in ("因有效", "因无效")
    }  # fmt: skip


def test_looks_that_stop_nothing_are_not_drawn(protocol):
    none = pl.DataFrame(
        [{**row, "value": 0.0} if "_at_look_" in row["characteristic"] else row for row in looked("one")],
        infer_schema_length=None,
    )
    assert compose_design(none, protocol, {}, Words("en")).figures == ()


def test_what_is_told_of_the_conduct_stands_in_a_table(protocol):
    one = pl.DataFrame(looked("one"), infer_schema_length=None)
    told = next(block for block in compose_design(one, protocol, {}, Words("en")).tables if block.id == "told_1")
    assert told.columns == ("Quantity", "Mean (MC error)")
    assert [row.cells for row in told.rows] == [
        ("Stops for efficacy at look 1, % of trials", "10.0 (0.40)"),
        ("Stops for efficacy at look 2, % of trials", "30.0 (0.40)"),
        ("Stops for futility at look 1, % of trials", "20.0 (0.40)"),
        ("Stops for futility at look 2, % of trials", "5.0 (0.40)"),
        ("Stops for harm at look 1, % of trials", "0.0 (0.40)"), ("Weeks to the end or the stop", "80.00 (0.004)"),
    ]  # fmt: skip


def test_what_is_told_of_a_grid_has_a_column_for_each_design_and_no_more_than_three_in_a_table(protocol):
    risks = (0.1, 0.2, 0.3, 0.4)
    grid = pl.DataFrame(
        [row for risk in risks for row in looked("grid", **{"event.risk": risk})], infer_schema_length=None
    )
    report = compose_design(grid, protocol, {}, Words("zh"))
    first, second = (table for table in report.tables if table.id.startswith("told_"))
    assert [table.id for table in (first, second)] == ["told_1_1", "told_1_2"]
    assert first.columns == ("指标", *(f"对照组风险 {risk}" for risk in risks[:3]))
    assert second.columns == ("指标", "对照组风险 0.4")
    assert second.rows[0].cells == ("第1次期中分析因有效而停止的试验，%", "10.0 (0.40)")


def test_a_design_that_tells_nothing_else_has_no_such_table(table, protocol):
    assert not [one for one in found(table, protocol)[1] if one.startswith("told_")]


@pytest.mark.parametrize("name", ["monitoring.yaml", "sample_size.yaml", "scheme.yaml", "supply.yaml"])
def test_everything_that_a_design_tells_has_words(name):
    for study in shipped(name):
        names = {each.name: (1.0, None) for each in study.design.told}
        for language in ("en", "zh"):
            (told,) = told_tables("told", [("", names)], Words(language))
            assert len(told.rows) == len(names)


@pytest.mark.parametrize("file", SHIPPED)
def test_everything_that_a_shipped_scenario_assumes_has_words(file, protocol):
    for study in shipped(file):
        for language in ("en", "zh"):
            named_ = assumptions_table("assumed", About(assumed=study.assumed), {}, protocol, Words(language))
            assert not [row.cells[0] for row in named_.rows if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", row.cells[0])]
            assert not [row.cells for row in named_.rows if "_" in row.cells[1]]


def test_recruitment_is_drawn_with_its_target_and_the_date(table, protocol):
    about = {"one": About(start=date(2021, 3, 19), recruitment=course())}
    figure = next(f for f in compose_design(table, protocol, about, Words("en")).figures if f.id == "recruitment_1")
    drawn = figure.svg.decode()
    assert "Target: 100" in drawn
    assert "Target reached: 2021-08 in the middle; 2021-05 to 2021-10 in nine of ten" in drawn
    assert figure.data.columns == ["week", "lowest", "low", "middle", "high", "highest"]
    about = {"one": About(recruitment=course())}
    figure = next(f for f in compose_design(table, protocol, about, Words("zh")).figures if f.id == "recruitment_1")
    assert "达到目标：中位20；九成试验在10至30之间" in figure.svg.decode()


def test_small_shares_are_drawn_on_a_scale_of_their_own(protocol):
    def drawn(rejected):
        grid = [row for risk in (0.3, 0.4) for row in rows("null", rejected, **{"event.risk": risk})]
        (figure,) = compose_design(pl.DataFrame(grid, infer_schema_length=None), protocol, {}, Words("en")).figures
        return figure.svg.decode()

    assert ">25%<" in drawn(0.05)
    assert ">100%<" not in drawn(0.05)
    assert ">100%<" in drawn(0.3)


def test_supply_is_drawn_where_it_was_simulated(protocol):
    def stocked(days, share):
        first, *others = rows("supply", **{"supply.shipping_days": days})
        return [first, *others, {**first, "characteristic": "out_of_stock", "value": share}]

    grid = pl.DataFrame([*stocked(3.0, 0.1), *stocked(14.0, 0.6)], infer_schema_length=None)
    figures = {figure.id: figure for figure in compose_design(grid, protocol, {}, Words("en")).figures}
    assert figures["stock_1"].data["share"].to_list() == [0.1, 0.6]
    assert "out of stock" in figures["stock_1"].title
    assert set(figures) == {"stock_1", "rejection_1"}


@pytest.mark.parametrize(("language", "looks", "again"), [
    ("en", "with the looks, at the stop", "by the randomisation test"),
    ("zh", "含期中分析，以停止时为准", "随机化检验"),
])  # fmt: skip
def test_variants_of_a_trials_conduct_have_names(protocol, language, looks, again):
    told = pl.DataFrame([
        {**row, "variant": variant if row["analysis"] else ""}
        for variant in ("monitored", "randomisation_test") for row in rows("one") if row["variant"] == ""
    ])  # fmt: skip
    report = compose_design(told, protocol, {}, Words(language))
    names = [row.cells[0] for row in report.tables[0].rows]
    assert any(looks in name for name in names)
    assert any(again in name for name in names)


def test_covariates_and_analyses_of_one_estimand_are_told_apart(protocol):
    words = {language: Words(language) for language in ("en", "zh")}
    told = [named(key, protocol, words["en"]) for key in (
        "covariates.age.hazard_ratio", "covariates.sex.levels.male.share", "covariates.low_complement.levels.yes.score",
    )]  # fmt: skip
    assert told == [
        "Age, factor of the event rate for one more", "Sex: Male, share", "Low complement: yes, added to the score",
    ]  # fmt: skip
    assert "男" in named("covariates.sex.levels.male.share", protocol, words["zh"])
    first = [row for row in rows("one") if row["variant"] == ""]
    variants = ("", *(f"sensitivity_{place}" for place in range(1, 4)))
    found = pl.DataFrame([
        {**row, "variant": variant} for variant in variants for row in first if row["analysis"] or not variant
    ])  # fmt: skip
    for each in words.values():
        names = [row.cells[0] for row in compose_design(found, protocol, {}, each).tables[0].rows]
        assert len(set(names)) == len(names) == len(variants) * len({row["analysis"] for row in first} - {""})

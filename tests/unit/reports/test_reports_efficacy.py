"""Estimands in words, analyses side by side, subgroups, components, rates: the words and numbers are the results'."""

import re
from html import unescape

import pytest
from analysis_trials import BELIMUMAB, BETTER, GONE, MISSED, SAME, SMALL, arm_of, estimand, opened, with_estimands

from equipoise.analysis import analyse
from equipoise.protocol.estimands import Components, Subgroup
from equipoise.protocol.schema import Endpoint, Estimand, Method
from equipoise.reports import Provenance
from equipoise.reports.blocks import Facts, Heading, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.estimand_tables import Told, result_table
from equipoise.reports.figures import Figure, mean_functions
from equipoise.reports.figures.forest import Line, Shape, forest
from equipoise.reports.numbers import out_of, p_is, p_value, plain, with_limits
from equipoise.reports.reading import reading
from equipoise.reports.report import compose
from equipoise.reports.section_components import components
from equipoise.reports.section_efficacy import details, overview
from equipoise.reports.section_end import methods
from equipoise.reports.section_estimands import estimands
from equipoise.reports.section_subgroups import subgroup_forests
from equipoise.reports.section_tipping import tipping_grids
from equipoise.reports.section_unknown import unknown_outcomes
from equipoise.reports.sensitivity import analysis_words, sensitivity_figure, sensitivity_table
from equipoise.reports.table import Table

EN, ZH = Words("en"), Words("zh")
PROVENANCE = Provenance("d" * 64, "a" * 64, 42, software="Equipoise 1")
ITEMS = {"label": {"en": "x", "zh": "终点"}, "objective": "relief", "through": "week_8"}
COUNT = Endpoint.model_validate(
    {"id": "count", "tier": "exploratory", "measure": "count", "rule": "itching >= 6", **ITEMS}
)
TIME = Endpoint.model_validate(
    {"id": "time", "tier": "secondary", "measure": "time_to_event", "rule": "itching_rise <= -2", **ITEMS}
)
MAIN = estimand(
    "better", "two_proportions", missing="event", test="chi_square", interval="newcombe",
    sensitivity=[
        {"missing": "event", "test": "cmh", "interval": "miettinen_nurminen", "strata": ["site"]},
        {"missing": "available", "test": "fisher"},
        {"missing": "complete_case", "strategies": {"lost": "composite", "died": "composite"}},
        {"missing": "event", "population": "dosed", "label": {"en": "Dosed", "zh": "给药者"}},
    ],
)  # fmt: skip
OTHER = [
    {"function": "logistic", "missing": "event", "covariates": ["itching"]},
    {"function": "kaplan_meier", "strategies": {"lost": "hypothetical"}},
    {"function": "two_proportions", "missing": "no_event", "endpoint": "better"},
    {"function": "tipping_point"},
    {"function": "summary", "missing": "complete_case"},
]
EVENTS = [
    {"event": "treatment_stopped", "strategy": "treatment_policy", "text": {"en": "Values count.", "zh": "均纳入。"}},
    {"event": "lost", "strategy": "composite", "text": {"en": "Counts as one.", "zh": "计为事件。"}},
]
MAIN = Estimand.model_validate(
    {**MAIN.model_dump(), "intercurrent_events": EVENTS, "sensitivity": [*MAIN.model_dump()["sensitivity"], *OTHER]}
)
ALIKE = MAIN.model_copy(update={"id": "alike", "sensitivity": ()})
MEANS = estimand("itch", "ancova", id_="means", missing="complete_case", sensitivity=[{"missing": "available"}])
IMPUTED = Method.model_validate({"function": "reference_based"})
RATES = estimand("count", "negative_binomial", id_="rates")
TIMES = estimand("time", "survival", id_="times", test="logrank", sensitivity=[{"test": "wald", "ties": "breslow"}])
LOGISTIC, RISKS = estimand("better", "logistic", id_="logistic"), estimand("better", "kaplan_meier", id_="risks")
PROPORTIONAL = estimand("count", "andersen_gill", id_="proportional")
PARTS = Components.model_validate({
    "id": "parts", "label": {"en": "Parts", "zh": "组成"}, "endpoint": "better",
    "counted": [{"id": "low", "label": {"en": "Low itching", "zh": "低"}, "rule": "itching <= 4"},
                {"id": "never", "label": {"en": "Never", "zh": "无"}, "rule": "itching > 99"}],
})  # fmt: skip
SETS = (*SMALL.analysis.sets, SMALL.analysis.sets[0].model_copy(update={"id": "dosed", "who": "dosed"}))
SUBGROUPS = (
    Subgroup.model_validate({"variable": "site"}),
    Subgroup.model_validate({"variable": "weight", "cuts": ["70"], "label": {"en": "Heavy", "zh": "体重"}}),
)
PROTOCOL = with_estimands(
    MAIN, ALIKE, MEANS, RATES, TIMES, LOGISTIC, RISKS, PROPORTIONAL,
    protocol=SMALL.model_copy(update={"endpoints": (*SMALL.endpoints, COUNT, TIME)}),
    sets=SETS, subgroups=SUBGROUPS, components=(PARTS,),
)  # fmt: skip
EARLY = {"week_4": 4, "week_8": 3}
ARMS = {
    "active": [
        *arm_of("01", [{**BETTER, "week_0": 7}] + [BETTER] * 3 + [SAME] * 2 + [GONE]),
        *arm_of("02", [EARLY, {"week_4": 5, "week_8": 4}, SAME]),
    ],
    "control": [
        *arm_of("01", [EARLY, SAME, SAME, {"week_4": MISSED, "week_8": 5}], 501),
        *arm_of("02", [SAME, BETTER, GONE], 501),
    ],
}
ANALYSIS = analyse(opened(ARMS), PROTOCOL)
TELL, TELL_ZH = Teller(ANALYSIS, EN, PROVENANCE), Teller(ANALYSIS, ZH, PROVENANCE)


def told(wanted, tell=TELL):
    return Told(tell, wanted)


def lines_of(table):
    return {row.cells[0]: row.cells[1:] for row in table.rows}


def words_of(figure):
    return [unescape(found) for found in re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg.decode())]


def result(statistic, wanted=MAIN, arm="active", **where):
    return ANALYSIS.results.get(wanted.id, statistic, arm=arm, **where)


# --- Estimands --------------------------------------------------------------------------------------------------------


def test_each_estimand_has_its_five_attributes():
    blocks = list(estimands(TELL))
    facts = [dict(block.lines) for block in blocks if isinstance(block, Facts)]
    assert facts[0] == {
        "Population": "All randomised", "Treatments compared": "Drops, against Saline",
        "Variables": "Better (through Week 8); Better (through Week 8)",
        "Event: treatment stopped": "treatment policy – Values count.",
        "Event: lost to follow-up": "composite – Counts as one.", "Summary measure": "Summary",
    }  # fmt: skip
    assert set(facts[1]) == {"Population", "Treatments compared", "Variables", "Summary measure"}
    titles = [block.text for block in blocks if isinstance(block, Heading) and block.level == 3]
    assert titles[0] == "Asked, and 1 alike"


@pytest.fixture(scope="module")
def nothing_happened():
    return analyse(opened({}), BELIMUMAB)


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_every_estimand_of_the_reference_trial_is_told(nothing_happened, words):
    """Each variable, each strategy and each reason of the protocol stands in the section."""
    blocks = list(estimands(Teller(nothing_happened, words, PROVENANCE)))
    lines = [line for block in blocks if isinstance(block, Facts) for line in block.lines]
    said = "\n".join(text for line in lines for text in line)
    endpoints = {endpoint.id: words.of(endpoint.label) for endpoint in BELIMUMAB.endpoints}
    for each in BELIMUMAB.estimands:
        assert endpoints[each.endpoint] in said
        assert words.of(each.summary) in said
        for event in each.intercurrent_events:
            assert f"{words(event.strategy)} – {words.of(event.text)}" in said


# --- Analyses side by side --------------------------------------------------------------------------------------------


def test_the_table_of_analyses_prints_the_results():
    table = sensitivity_table(told(MAIN))
    headings = [row.cells[0] for row in table.rows if row.heading]
    assert headings == [
        "Sensitivity: the same estimand",
        "Supplementary: other estimands",
        "What the unknown could change",
    ]
    lines = lines_of(table)
    assert lines["Dosed"] == (
        *(out_of(row.n, row.N) for row in (result("risk", variant="sensitivity_4", arm=arm) for arm in ARMS)),
        with_limits(result("risk_difference", variant="sensitivity_4"), 1, scale=100.0),
        with_limits(result("risk_ratio", variant="sensitivity_4"), 2),
        p_value(result("test", variant="sensitivity_4").p),
    )
    risk = result("risk", variant="sensitivity_6").estimate
    asked = "lost to follow-up: hypothetical; Kaplan–Meier risk at the last visit"
    assert lines[asked][0] == f"{plain(100 * risk)}%"
    bound = result("bound_count", variable="active", variant="bound_arm_event", arm="control")
    assert lines["unknown = event in Drops, none in Saline"][1] == out_of(bound.n, bound.N)
    tipped = result("tipped", variant="sensitivity_8")
    assert lines["tipping point"][2] == f"p > 0.05 in {tipped.n} of {tipped.N} ways"


def test_a_sensitivity_analysis_says_what_it_asks_otherwise():
    said = [analysis_words(told(MAIN), method) for method in MAIN.sensitivity]
    assert said == [
        "unknown = event, Miettinen–Nurminen, CMH, within strata of: Site", "unknown left out, Newcombe, Fisher",
        "lost to follow-up, death: composite; unknown left out, Newcombe", "Dosed",
        "logistic regression, standardised; unknown = event, adjusted for: Itching",
        "lost to follow-up: hypothetical; Kaplan–Meier risk at the last visit", "Better; unknown = no event, Newcombe",
        "tipping point", "description; known at every visit only",
    ]  # fmt: skip
    assert analysis_words(told(MAIN, TELL_ZH), MAIN.sensitivity[2]) == "失访、死亡：复合变量策略；剔除未知者、Newcombe"
    assert analysis_words(told(MEANS), IMPUTED) == "reference-based imputation; jump to reference"
    named = Method.model_validate({"function": "two_proportions", "population": "dosed"})
    assert analysis_words(told(MAIN), named).startswith("All randomised; ")


@pytest.mark.parametrize("wanted", [MEANS, RATES, TIMES], ids=lambda each: each.id)
def test_means_rates_and_times_stand_in_such_a_table_too(wanted):
    rows = [row for row in sensitivity_table(told(wanted)).rows if not row.heading]
    assert len(rows) == 1 + len(wanted.sensitivity)
    mean, rate, events = (result(name, wanted) for name in ("adjusted_mean", "rate_per_year", "events"))
    expected = {
        "means": lambda: f"{plain(mean.estimate, 2)} (n = {mean.n})", "rates": lambda: plain(rate.estimate, 2),
        "times": lambda: out_of(events.n, events.N),
    }[wanted.id]()  # fmt: skip
    assert rows[0].cells[1] == expected
    assert isinstance(sensitivity_figure(told(wanted)), Figure)


def test_the_forest_draws_what_the_table_prints():
    figure = sensitivity_figure(told(MAIN))
    assert figure.data["estimate"].to_list()[0] == 100 * result("risk_difference").estimate
    assert figure.data.height == 1 + 7 + 4  # neither tipping point nor description has an effect
    assert "percentage points" in words_of(figure)
    ratio = sensitivity_figure(told(TIMES))
    assert {"hazard ratio", "← better than Saline", "worse than Saline →"} <= set(words_of(ratio))


def test_ratios_are_drawn_by_their_logarithms():
    """A half and a double lie equally far from one; what is beyond the axis ends at its edge."""
    lines = [Line("half", "", 0.5, 0.25, 1.0), Line("double", "", 2.0, 1.0, 4.0), Line("none", "not estimable"),
             Line("wide", "", 3.0, 0.0, 1e9)]  # fmt: skip
    figure = forest("f", "t", "ratio", lines, ("a", "b"), shape=Shape(ratio=True))
    marks = [
        float(x) + 0.9 * 4 for x in re.findall(r'<path d="M([\d.]+),[\d.]+L[^"]*Z" fill="#55636f"', figure.svg.decode())
    ]
    none = float(re.findall(r'<line x1="([\d.]+)"[^>]*stroke-dasharray="3 3"', figure.svg.decode())[0])
    assert none - marks[0] == pytest.approx(marks[1] - none, abs=0.1)
    assert {"0.01", "1", "5"} <= set(words_of(figure))


def test_both_bounds_stand_beside_every_difference():
    lines = lines_of(next(iter(unknown_outcomes(TELL))))
    unknown = [result("unknown", arm=arm) for arm in ARMS]
    bounds = [result("risk_difference", variant=v) for v in ("bound_reference_event", "bound_arm_event")]
    assert lines["Asked"] == (
        *(f"{row.n}/{row.N}" for row in unknown),
        *(with_limits(row, 1, scale=100.0) for row in (result("risk_difference", RISKS), *bounds)),
    )
    assert list(unknown_outcomes(Teller(analyse(opened(ARMS), with_estimands(MEANS)), EN, PROVENANCE))) == []


def test_the_tipping_point_is_a_grid():
    figure = next(tipping_grids(told(MAIN)))
    unknown = [result("unknown", variant="sensitivity_8", arm=arm).n for arm in ARMS]
    assert figure.data.height == (unknown[0] + 1) * (unknown[1] + 1)
    assert f"→ events among the {unknown[0]} unknown with Drops" in words_of(figure)
    assert list(tipping_grids(told(ALIKE))) == []
    everybody = {"active": arm_of("01", [BETTER]), "control": arm_of("01", [SAME], 501)}
    known = Teller(analyse(opened(everybody), PROTOCOL), EN, PROVENANCE)
    assert list(tipping_grids(told(MAIN, known))) == []


def test_the_colours_of_the_grid_are_the_results_of_the_tests():
    many = {
        "active": arm_of("01", [BETTER] * 12 + [SAME] * 2 + [GONE] * 3),
        "control": arm_of("01", [BETTER] * 3 + [SAME] * 10 + [GONE] * 3, 501),
    }
    tell = Teller(analyse(opened(many), PROTOCOL), EN, PROVENANCE)
    figure = next(tipping_grids(told(MAIN, tell)))
    cells = re.findall(r'<rect [^>]*fill="(#\w+)" stroke="#ffffff"', figure.svg.decode())
    found = [(row["p"], row["difference"]) for row in figure.data.to_dicts()]
    assert cells == [("#0a5a78" if d < 0 else "#c4621d") if p <= 0.05 else "#f4f6f8" for p, d in found]
    assert len(set(cells)) > 1


# --- Subgroups and components -----------------------------------------------------------------------------------------


def test_subgroups_stand_with_their_counts_and_the_interaction():
    heading, _, figure = subgroup_forests(TELL)
    assert heading.text == "Subgroups"
    words = words_of(figure)
    interaction = ANALYSIS.results.get("subgroups/asked", "interaction", variable="site", arm="active")
    assert words[words.index("Site") + 1] == p_value(interaction.p)
    risk = ANALYSIS.results.get("subgroups/asked", "risk", variable="site", level="02", arm="active")
    assert words[words.index("Second hospital") + 1] == f"{risk.n}/{risk.N}"
    assert {"Everybody", "Heavy", "< 70"} <= set(words)
    assert "≥ 70" not in words  # nobody
    assert figure.data["estimate"].to_list()[0] == 100 * result("risk_difference").estimate


def test_who_cannot_be_grouped_is_counted():
    lost = {**ARMS, "control": [*ARMS["control"], *arm_of("02", [{"week_0": None, **SAME}], 601)]}
    subgroups = (Subgroup.model_validate({"variable": "itching", "cuts": ["6"]}),)
    protocol = PROTOCOL.model_copy(update={"analysis": PROTOCOL.analysis.model_copy(update={"subgroups": subgroups})})
    figure = list(subgroup_forests(Teller(analyse(opened(lost), protocol), EN, PROVENANCE)))[-1]
    assert figure.caption.endswith("Itching: not known in 1 of 18.")


def test_without_subgroups_or_components_there_is_no_section():
    tell = Teller(analyse(opened(ARMS), with_estimands(MEANS)), EN, PROVENANCE)
    assert [*subgroup_forests(tell), *components(tell)] == []


def test_components_are_counted_in_a_table_and_drawn():
    _, table, figure = components(TELL)
    row = ANALYSIS.results.get("components/parts", "participants", variable="low", arm="active")
    seen = ANALYSIS.results.get("components/parts", "assessments", variable="low", arm="active")
    assert lines_of(table)["Low itching"][0] == f"{row.n} ({100 * row.n / row.N:.1f}), {seen.n}"
    assert "Low itching" in words_of(figure)
    assert "Never" not in words_of(figure)
    assert figure.data.filter(component="low", arm="active")["share"].to_list() == [row.estimate]


# --- Rates and risks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [RATES, PROPORTIONAL], ids=lambda each: each.id)
def test_rates_are_tabled_and_read_aloud(wanted):
    lines = lines_of(result_table(told(wanted)))
    rates = [result("rate_per_year", wanted, arm=arm).estimate for arm in ARMS]
    assert lines["Episodes per participant and year"] == tuple(plain(rate, 2) for rate in rates)
    sentence = next(reading(told(wanted)))
    ratio = result("rate_ratio", wanted)
    assert f"{plain(rates[0], 2)} episodes per participant and year with Drops" in sentence
    assert f"rate ratio {plain(ratio.estimate, 2)}" in sentence
    assert lines["Rate ratio (95% CI)"][0] == with_limits(ratio, 2)


def test_the_mean_function_begins_at_zero_and_carries_who_is_followed():
    figure = mean_functions(ANALYSIS, RATES, EN)
    mine = figure.data.filter(arm="active")
    assert mine.row(0, named=True) == {
        "arm": "active", "times": 0.0, "at_risk": 10.0, "events": 0.0, "mean": 0.0, "lower": None, "upper": None,
    }  # fmt: skip
    assert int(mine["events"].sum()) == result("events", RATES).n
    words = words_of(figure)
    followed = [row.n for row in ANALYSIS.results.of("rates", "at_risk") if row.arm == "active"]
    row = words[len(words) - 1 - words[::-1].index("Drops") + 1 :][: len(followed)]
    assert row == [str(n) for n in followed]


def test_a_mean_function_of_nobody_is_an_empty_plot():
    empty = analyse(opened({}), PROTOCOL)
    assert mean_functions(empty, RATES, EN).data.height == 0
    quiet = analyse(opened({"active": arm_of("01", [{"week_4": 1, "week_8": 1}])}), PROTOCOL)
    assert mean_functions(quiet, RATES, EN).data["mean"].to_list() == [0.0]


def test_kaplan_meier_risks_are_tabled_and_read_aloud():
    lines, sentence = lines_of(result_table(told(RISKS))), next(reading(told(RISKS)))
    risk = result("risk", RISKS)
    assert lines["Risk by day 56 (Kaplan–Meier), % (95% CI)"][0] == with_limits(risk, 1, scale=100.0)
    assert "Odds ratio (95% CI)" not in lines
    assert f"Kaplan–Meier risk {plain(100 * risk.estimate)}% with Drops" in sentence
    assert "Odds ratio (95% CI)" in lines_of(result_table(told(LOGISTIC)))


def test_a_p_value_in_a_sentence_has_its_sign():
    assert (p_is(0.73), p_is(0.0001), p_is(0.999), p_is(None)) == (
        "=\u00a00.73",
        "<\u00a00.001",
        ">\u00a00.99",
        "=\u00a0–",
    )


def test_an_overview_has_a_table_for_each_kind():
    tables = {table.id: table for table in overview(TELL, "exploratory", (RATES, RISKS, TIMES, MEANS))}
    assert set(tables) == {
        f"exploratory_{kind}" for kind in ("two_proportions", "survival", "ancova", "negative_binomial")
    }
    events, rate = result("events", RATES).n, result("rate_per_year", RATES).estimate
    assert lines_of(tables["exploratory_negative_binomial"])["Asked"][0] == f"{events} ({plain(rate, 2)})"


def test_the_methods_say_how_episodes_are_told_apart():
    said = " ".join(str(block) for block in methods(TELL))
    assert "apart by at least 1 known assessment(s)" in said
    assert "negative binomial regression'" in said  # and no empty brackets


def test_other_analyses_of_the_other_tiers_are_tables_beside_the_report():
    ids = [table.id for table in details(TELL)]
    assert {"result_means", "sensitivity_means", "sensitivity_times", "result_rates"} <= set(ids)
    assert "sensitivity_rates" not in ids


@pytest.mark.parametrize("tell", [TELL, TELL_ZH], ids=["en", "zh"])
def test_the_whole_report_is_told(tell):
    report = compose(tell, ())
    ids = {block.id for block in (*report.tables, *report.figures)}
    assert {
        "sensitivity_asked", "estimates_asked", "tipping_asked", "subgroups_asked", "components_parts",
        "curve_rates", "curve_times", "unknown_outcomes",
    } <= ids  # fmt: skip
    assert not any("nan" in cell for table in report.tables for row in table.rows for cell in row.cells)
    assert all(isinstance(table, Table) for table in report.tables)

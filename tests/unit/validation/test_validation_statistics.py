"""Adapters of statistics beyond the cases in the repository: numbers by hand, formulas, and what has no estimate."""

from pathlib import Path

import numpy as np
import pytest

from equipoise.validation import run
from equipoise.validation.cases import Case
from equipoise.validation.statistics.formula import design, read_formula, strata
from equipoise.validation.statistics.visit_formula import read_visit_formula, read_visits, treatment_contrasts
from equipoise.validation.vector import NotMappedError, Vector

GOLDEN = Path(__file__).parents[2] / "golden" / "statistics"
LUPUS = {"data": "tte_3arm.csv"}
LONGITUDINAL = {"data": "longitudinal.csv", "formula": "chg~base+arm*visit"}


def finding(method, inputs, expected, folder=GOLDEN):
    (found,) = run([Case("statistics", method, inputs, expected, "by hand", "x", 1e-6, folder)])
    return found


@pytest.fixture
def folder(tmp_path):
    """Data of four patients: nobody of arm 1 has an event."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "d.csv").write_text(
        "id,arm,time,event,start,stop,enum,count,years,flare,chg,visit\n"
        "1,0,1,1,0,1,1,0,1,0,1,1\n2,0,2,1,0,2,1,0,1,0,1,1\n3,1,3,0,0,3,1,0,1,0,1,1\n4,1,4,0,0,4,1,0,1,0,1,1\n"
    )
    return tmp_path


def test_a_formula_is_read_with_its_strata_offset_and_order():
    formula = read_formula(
        "Surv(a,b) ~ arm + factor(x) + strata(region, sex) + offset(log(years)) + strata(min(enum,4))"
    )
    assert formula.covariates == ("arm", "factor(x)")
    assert formula.strata == ("region", "sex")
    assert (formula.exposure, formula.last_order) == ("years", 4)


@pytest.mark.parametrize("term", ["arm:age", "arm*age", "poly(age, 2)", "offset(years)", "us(visit|id)"])
def test_what_a_formula_has_beyond_that_is_not_covered(term):
    with pytest.raises(NotMappedError):
        read_formula(f"y ~ arm + {term}")


def test_a_factor_has_a_column_for_each_level_but_the_first():
    vector = Vector("x", LUPUS, GOLDEN)
    names, X = design(vector, read_formula("y ~ age + region + factor(arm)"))
    assert names[0] == "age"
    assert names[1:3] == [f"region{level}" for level in sorted(set(vector.data["region"]))[1:]]
    assert names[-2:] == ["factor(arm)1", "factor(arm)2"]
    assert X.shape == (150, len(names))
    assert len(set(strata(vector, read_formula("y ~ strata(region, steroid)")))) == 2 * len(set(vector.data["region"]))


@pytest.mark.parametrize(
    ("method", "inputs", "expected"),
    [
        # Two slots: a coin, then what is left. The guess is right half the time, then always.
        ("metrics/random_allocation_rule", {"procedure": "random_allocation_rule", "n": 2}, {
            "correct_guess_prob": 0.75, "entropy_bits": 1, "prop_deterministic": 0.5, "var_D_n": 0, "prob_D_n_0": 1}),
        ("metrics/complete", {"n": 2, "arms": 2, "ratio": "1:1"}, {"entropy_bits": 2, "var_D_n": 2, "prob_D_n_0": 0.5}),
        ("metrics/truncated_binomial", {"n": 2}, {"entropy_bits": 1, "prob_D_n_0": 1}),
        ("metrics/block_urn_1", {"n": 2}, {"entropy_bits": 1, "prob_D_n_0": 1}),
        ("metrics/maximal_procedure", {"n": 2, "mti": 1, "terminal_balance": True}, {"entropy_bits": 1}),
        ("proportion/wald", {"x": 5, "n": 10, "conf_level": 0.95}, {"est": 0.5, "se": 0.158113883}),
        ("rd/mee", {"x1": 5, "n1": 10, "x0": 5, "n0": 10}, {"est": 0}),
        ("two_proportions", {"p_treat": 0.2, "p_control": 0.4}, {"n_total_pooled_rounded": 164}),
        # Of one look: the final critical value, estimate ± 1.96 errors, and the p value of a fixed test.
        ("repeated_ci_pvalue", {"information_rates": [1], "alpha": 0.025, "boundary": "pocock",
          "z": [1.959963984540054], "max_information": 4}, {"lower": 0, "estimate": 0.979981992, "p": 0.025}),
        ("repeated_ci_pvalue", {"information_rates": [1], "alpha": 0.05, "sided": 2, "boundary": "hwang_shih_decani",
          "gamma": -4, "z": [1.959963984540054]}, {"upper": 3.919927969, "p": 0.05}),
    ],
)  # fmt: skip
def test_a_case_made_by_hand_agrees(method, inputs, expected):
    found = finding(method, inputs, expected)
    assert found.verdict == "agree", (found.found, found.reason)


@pytest.mark.parametrize(
    ("method", "inputs", "expected"),
    [
        ("cox/efron", {"formula": "Surv(time,event)~arm", "ties": "efron"}, {"coef": None, "hr": None}),
        ("cox_robust", {"formula": "Surv(time,event)~arm", "ties": "efron", "robust": True}, {"coef": None}),
        ("andersen_gill_lwyy", {"formula": "Surv(start,stop,event)~arm", "cluster": "id"}, {"coef": None}),
        ("pwp_gap_time", {"formula": "Surv(start,stop,event)~arm+strata(min(enum,2))"}, {"coef": None}),
        ("poisson_regression", {"formula": "count~arm+offset(log(years))"}, {"coef": None}),
        ("nb2_regression", {"formula": "count~arm+offset(log(years))"}, {"coef": None}),
        ("standardised_rd", {"formula": "flare~arm+time"}, {"rd": None}),
        ("ancova", {"formula": "chg~arm+time+count", "where": {"id": 1}}, {"diff": None}),
        ("logrank", {"formula": "Surv(time,event)~arm", "where": {"arm": 0}}, {"chisq": None, "p": None}),
        ("rmst_two_arm", {"tau": 9}, {"diff": None}),
        ("km_quantile/log-log", {"probs": [0.5], "where": {"arm": 1}}, {"quantile": [None]}),
        ("cox_zph", {"formula": "Surv(time,event)~arm"}, {"chisq": None, "p": None}),
        ("two_means_t", {}, {"diff": 0, "t": None, "p": None}),
        ("mmrm/us/ML", {"formula": "flare~arm*visit, us(visit|id)"}, {"coef": None}),
        ("mmrm/us/Satterthwaite", {"formula": "flare~arm*visit, us(visit|id)"}, {"diff": None}),
        ("gls/us", {"formula": "flare~arm*visit, unstructured"}, {"coef": None}),
        ("rbmi_condmean_jackknife/JR", {"imputation_model": "flare~arm*visit, unstructured, REML"}, {"est": None}),
    ],
)
def test_what_cannot_be_estimated_is_null(method, inputs, expected, folder):
    found = finding(method, {"data": "d.csv", **inputs}, expected, folder)
    assert found.verdict == "agree", (found.found, found.reason)


def test_an_interval_that_does_not_exist_is_null():
    assert finding("or/woolf", {"x1": 0, "n1": 5, "x0": 1, "n0": 5}, {"lower": None}).verdict == "agree"
    assert finding("rr/katz_log", {"x1": 0, "n1": 0, "x0": 1, "n0": 5}, {"est": None}).verdict == "agree"


@pytest.mark.parametrize(
    ("method", "inputs", "reason"),
    [
        ("metrics/sealed_envelope", {"n": 2}, "sealed_envelope"),
        ("metrics/maximal_procedure", {"n": 2, "mti": 1, "terminal_balance": False}, "balanced"),
        ("standardised_rd", {**LUPUS, "formula": "event~age"}, "no arm"),
        ("cox_robust", {**LUPUS, "formula": "Surv(time,event)~age", "robust": False}, "not robust"),
        ("futility_binding", {"information_rates": [0.5, 1], "alpha": 0.025, "beta": 0.1,
          "upper": "pocock", "lower": "pocock rho=1"}, "rho=1"),
        ("ancova", {**LUPUS, "formula": "time~arm+age"}, "two arms"),
        ("logrank", {**LUPUS, "formula": "Surv(time,event)~arm", "where": {"planet": 1}}, "planet"),
        ("rmst_two_arm", {"data": "../cases.json", "tau": 1}, "cases.json"),
        ("cox_zph", {**LUPUS, "formula": "Surv(time,event)~region"}, "several columns"),
        ("mmrm/us/Bootstrap", LONGITUDINAL, "Bootstrap"),
        ("mmrm/us/ML", {**LONGITUDINAL, "formula": "chg~base+arm"}, "no arm at every visit"),
        ("mmrm/us/ML", {**LONGITUDINAL, "formula": "chg~base*region+arm*visit"}, "crosses"),
        ("mmrm/us/ML", {**LONGITUDINAL, "formula": "chg~base*region*visit+arm*visit"}, "crosses"),
        ("rbmi_condmean_jackknife/JR", {"data": "rbmi_data.csv",
          "imputation_model": "chg~base+arm*week, unstructured, ML"}, "ML"),
        ("rbmi_condmean_jackknife/JR", {"data": "rbmi_data.csv", "strategy_from": "week 8",
          "imputation_model": "chg~base+arm*week, unstructured, REML"}, "week 8"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_covered(method, inputs, reason):
    found = finding(method, inputs, {"est": 1})
    assert found.verdict == "not_covered", found.found
    assert reason in found.reason


def test_a_third_arm_of_a_mixed_model_is_not_covered(tmp_path):
    random, rows = np.random.default_rng(1), ["id,arm,visit,chg"]
    rows += [f"{i},{i % 3},{visit},{random.normal()}" for i in range(15) for visit in (1, 2)]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "d.csv").write_text("\n".join(rows) + "\n")
    found = finding("mmrm/cs/Kenward-Roger", {"data": "d.csv", "formula": "chg~arm*visit"}, {"diff": 1}, tmp_path)
    assert (found.verdict, found.reason) == ("not_covered", "more than two arms")


BY_WEEK = ("8", "12", "24")
MAIN = ("(Intercept)", "base", "regionAPAC", "regionEU", "armf1", *(f"visit{week}" for week in BY_WEEK))
REGION = ("regionAPAC", "regionEU")


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("chg~base+region+arm*visit, us(visit|id)", (*MAIN, *(f"armf1:visit{week}" for week in BY_WEEK))),
        ("chg~base*week+region+arm*week", ("(Intercept)", "base", *MAIN[5:], *REGION, "armf1",
          *(f"base:visit{week}" for week in BY_WEEK), *(f"visit{week}:armf1" for week in BY_WEEK))),
        ("chg~base+arm*visit+region*visit", ("(Intercept)", "base", *MAIN[4:], *REGION,
          *(f"armf1:visit{week}" for week in BY_WEEK), *(f"visit{w}:{r}" for r in REGION for w in BY_WEEK))),
    ],
)  # fmt: skip
def test_a_model_of_visits_has_the_columns_of_r(formula, names):
    """Names and order of R 4.2.2's colnames(model.matrix(~ ..., d)) with armf = factor(arm), visit = factor(week)."""
    read = read_visit_formula(formula)
    found, X = treatment_contrasts(read, read_visits(Vector("x", LONGITUDINAL, GOLDEN), read).observed())
    assert tuple(found) == names
    assert np.linalg.matrix_rank(X) == len(names)

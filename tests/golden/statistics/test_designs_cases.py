"""Designs, exact tests and models against the numbers other programs computed for them.

`designs.json` holds input, expected numbers, the program that made them and the tolerance; `designs_r.R` makes
`designs_r.json` with R 4.2.2, whose numbers are met to 1e-9 because both sides are double precision.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.statistics import (
    GroupSequentialDesign,
    StoppingRule,
    TwoByTwo,
    conditional_power,
    events_sample_size,
    exit_probabilities,
    futility_design,
    generalised_mantel_haenszel,
    graphical_tests,
    group_sequential_design,
    hazard_from_risk,
    logistic,
    multiple_tests,
    negative_binomial_sample_size,
    odds_ratio_profile,
    rubin_pool,
    sequential_inflation,
    standardised_risks,
    survival_sample_size,
    tipping_point_binary,
    two_means_power,
    two_proportions_power,
    two_proportions_sample_size,
    unconditional_exact,
)

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "designs.json").read_text(encoding="utf-8"))
R: dict[str, Any] = json.loads((HERE / "designs_r.json").read_text(encoding="utf-8"))
Case = dict[str, Any]


def table(case: Case) -> TwoByTwo:
    return TwoByTwo(
        treatment_events=case["x1"],
        treatment_total=case["n1"],
        reference_events=case["x0"],
        reference_total=case["n0"],
    )


def boundary(case: Case) -> Case:
    rule = StoppingRule(case["method"].partition("/")[2], case["gamma"])
    design = group_sequential_design(case["information_rates"], rule, alpha=case["alpha"], sided=case["sided"])
    inflated = sequential_inflation(design, power=0.8)
    return {
        "critical_values": design.upper,
        "alpha_spent": design.alpha_spent,
        "stage_levels_one_sided": design.stage_levels,
        "inflation_factor_power80": inflated.maximum,
        "avg_sample_size_factor_H1": inflated.expected_alternative,
        "avg_sample_size_factor_H0": inflated.expected_null,
    }


def futility(case: Case) -> Case:
    design = futility_design(
        case["information_rates"],
        StoppingRule("lan_demets_of"),
        StoppingRule("hwang_shih_decani", -2),
        alpha=case["alpha"],
        beta=case["beta"],
        binding=case["method"] == "futility_binding",
    )
    fixed = 1.9599639845400545 + 1.2815515655446004
    null, planned = exit_probabilities(design, 0.0), exit_probabilities(design, design.drift)
    return {
        "upper": design.upper,
        "lower": design.lower,
        "max_information_ratio": [(design.drift / fixed) ** 2 * share for share in design.fractions],
        "prob_upper_h0": null.upper,
        "prob_lower_h0": null.lower,
        "prob_upper_h1": planned.upper,
        "prob_lower_h1": planned.lower,
    }


def exit_chances(case: Case) -> Case:
    """The bounds are given, so the design is written down rather than made."""
    bounds = tuple(case["bounds"])
    design = GroupSequentialDesign(
        method="groupseq/lan_demets_of",
        fractions=tuple(case["information"]),
        upper=bounds,
        lower=(-np.inf,) * len(bounds),
        alpha=0.025,
        alpha_spent=(),
        sided=1,
        rule=StoppingRule("lan_demets_of"),
        spending_times=(),
    )
    found = [exit_probabilities(design, theta) for theta in case["theta"]]
    return {
        "prob": np.array([one.upper for one in found]).T.tolist(),
        "expected_information": [one.expected_information for one in found],
    }


def one_look(case: Case) -> Case:
    found = conditional_power(
        group_sequential_design([1.0], StoppingRule("pocock")),
        case["information_fraction"],
        case["z"],
        drift=case["drift_h1"],
    )
    names = {
        "cp_null": "null", "cp_current_trend": "current_trend", "cp_h1": "planned",
        "predictive_power_flat_prior": "predictive",
    }  # fmt: skip
    return {theirs: getattr(found, ours) for theirs, ours in names.items()}


def planned(case: Case) -> dict[str, float]:
    return {"ratio": case["allocation_treat_per_control"], "alpha": case["alpha_two_sided"], "power": case["power"]}


def two_proportions(case: Case) -> Case:
    names = {"unpooled": "unpooled", "pooled": "pooled", "fleiss_cc": "continuity", "arcsine": "arcsine"}
    found = {
        theirs: two_proportions_sample_size(case["p_treat"], case["p_control"], method=ours, **planned(case))
        for theirs, ours in names.items()
    }
    return {f"n_control_{name}": one.reference for name, one in found.items()} | {
        "n_total_pooled_rounded": sum(found["pooled"].whole),
        "n_total": found["pooled"].total,
        "n_treat": found["pooled"].treatment,
        "n_control": found["pooled"].reference,
    }


def events(case: Case) -> Case:
    """Without accrual everybody is followed for one year, by which the risks are reached."""
    hazards = [hazard_from_risk(case[name], 12) for name in ("p_treat", "p_control")]
    found = {"hazard_ratio": hazards[0] / hazards[1]}
    for method in ("schoenfeld", "freedman"):
        found[f"events_{method}"] = events_sample_size(hazards[0] / hazards[1], method=method, **planned(case))
        size = survival_sample_size(*hazards, accrual=0, follow_up=12, method=method, **planned(case))
        found[f"n_{method}"] = size.total
    return found


def survival(case: Case) -> Case:
    hazards = [hazard_from_risk(case[name], 12) for name in ("p_treat", "p_control")]
    found = survival_sample_size(
        *hazards,
        accrual=case["accrual_months"],
        follow_up=case["min_follow_up_months"],
        dropout=hazard_from_risk(case["dropout_by_12m"], 12),
        **planned(case),
    )
    return {"events": found.events, "n_total": found.total, "hazard_ratio": hazards[0] / hazards[1]}


def exact_power(case: Case) -> Case:
    arms = case["p1"], case["n1"], case["p0"], case["n0"]
    return {
        "power_pooled_z_approx": two_proportions_power(*arms, test="normal"),
        "power_pooled_z_exact": two_proportions_power(*arms),
        "type1_pooled_z_exact_at_p0": two_proportions_power(case["p0"], case["n1"], case["p0"], case["n0"]),
        "power_fisher_exact": two_proportions_power(*arms, test="fisher"),
    }


def recurrent(case: Case) -> Case:
    methods = {"method1": "reference_rate", "method2": "true_mean", "wald": "alternative"}
    return {
        f"n_per_arm_{theirs}": negative_binomial_sample_size(
            case["rate0"],
            case["rate_ratio"],
            dispersion=case["dispersion_k"],
            follow_up=case["follow_up"],
            method=ours,
            alpha=case["alpha_two_sided"],
            power=case["power"],
        ).reference
        for theirs, ours in methods.items()
    }


def unconditional(case: Case) -> Case:
    found = unconditional_exact(table(case), ordering=case["method"].partition("/")[2].replace("-", "_"))
    names = {
        "statistic": "statistic", "p_two_sided": "p_value", "p_less": "p_less", "p_greater": "p_greater",
        "p_twice_min_one_sided": "p_doubled",
    }  # fmt: skip
    return {theirs: getattr(found, ours) for theirs, ours in names.items()}


def patients() -> dict[str, np.ndarray]:
    with (HERE / "data" / "binary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in ("flare", "arm", "steroid", "age")}


def standardised(case: Case) -> Case:
    data = patients()
    fit = logistic(data["flare"], np.column_stack([data["arm"], data["steroid"]]), names=["arm", "steroid"])
    risks = standardised_risks(data["flare"], data["arm"], data["steroid"])
    return {
        "coef": list(fit.coefficients),
        "se": list(fit.standard_errors),
        "deviance": fit.deviance,
        "risk1": risks.treatment.estimate,
        "risk0": risks.reference.estimate,
        "rd": risks.difference.estimate,
        "se_rd_delta": risks.difference.standard_error,
        "log_rr": np.log(risks.ratio.estimate),
        "se_log_rr_delta": risks.ratio.standard_error,
    }


def pooled(case: Case) -> Case:
    found = rubin_pool(
        case["estimates"],
        case["variances"],
        complete_degrees_of_freedom=case["df_complete"],
        level=case["conf_level"],
    )
    return {
        "est": found.estimate.estimate,
        "within": found.within,
        "between": found.between,
        "total": found.total,
        "riv": found.relative_increase,
        "lambda": found.variance_share,
        "fmi": found.fraction_missing,
        "df_rubin": found.degrees_of_freedom_large,
        "df": found.estimate.degrees_of_freedom,
        "lower": found.estimate.lower,
        "upper": found.estimate.upper,
        "p": found.estimate.p_value,
    }


def tipping(case: Case) -> Case:
    observed = table({"x1": case["x1"], "n1": case["n1_obs"], "x0": case["x0"], "n0": case["n0_obs"]})
    found = tipping_point_binary(observed, treatment_missing=case["miss1"], reference_missing=case["miss0"])
    return {"p_matrix": found.p_values, "first_tipping_all_bad_arm1": found.first_tipping()}


ADAPTERS: dict[str, Callable[[Case], Case]] = {
    "boundary/lan_demets_of": boundary,
    "boundary/lan_demets_pocock": boundary,
    "boundary/hwang_shih_decani": boundary,
    "boundary/kim_demets_power": boundary,
    "futility_binding": futility,
    "futility_nonbinding": futility,
    "exit_probabilities": exit_chances,
    "conditional_power": one_look,
    "two_proportions": two_proportions,
    "rates_rpact": two_proportions,
    "events_schoenfeld_freedman": events,
    "survival_accrual_dropout": survival,
    "power_two_proportions_exact": exact_power,
    "nb_zhu_lakkis": recurrent,
    "unconditional/z-pooled": unconditional,
    "unconditional/boschloo": unconditional,
    "standardised_rd": standardised,
    "rubin_pool": pooled,
    "tipping_point_binary": tipping,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_number_of_the_other_program_is_met(case: Case) -> None:
    found = ADAPTERS[case["method"]](case["input"] | {"method": case["method"]})
    assert case["expected"]
    for key, expected in case["expected"].items():
        ours, theirs = np.asarray(found[key], dtype=float), np.asarray(expected, dtype=float)
        np.testing.assert_allclose(ours, theirs, rtol=case["rtol"], atol=1e-9, err_msg=key)


def test_every_method_of_the_set_has_cases() -> None:
    assert {case["method"] for case in CASES} == set(ADAPTERS)


EQUAL_LOOKS = [0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("obrien_fleming", [4.5617, 3.2256, 2.6337, 2.2809, 2.0401]),
        ("pocock", [2.4132] * 5),
        ("lan_demets_of", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
    ],
)
def test_five_equal_looks_have_the_boundaries_in_print(rule: str, printed: list[float]) -> None:
    """One-sided 0.025: the manuals of gsDesign and rpact, and the constants of Jennison & Turnbull 2000.

    Half a unit of the last digit, but the second Lan–DeMets value is printed 3.3569 in one manual and 3.3570 in others.
    """
    design = group_sequential_design(EQUAL_LOOKS, StoppingRule(rule))
    np.testing.assert_allclose(design.upper, printed, atol=1.2e-4 if rule == "lan_demets_of" else 5.1e-5)


@pytest.mark.parametrize(
    ("looks", "pocock", "obrien_fleming"),
    [(2, 2.178, 1.977), (3, 2.289, 2.004), (4, 2.361, 2.024), (5, 2.413, 2.040), (10, 2.555, 2.087)],
)
def test_two_sided_constants_of_the_textbook(looks: int, pocock: float, obrien_fleming: float) -> None:
    """Jennison & Turnbull 2000, tables 2.1 and 2.3, alpha 0.05 two-sided; half a unit of the last digit."""
    fractions = [(k + 1) / looks for k in range(looks)]
    for rule, constant in (("pocock", pocock), ("obrien_fleming", obrien_fleming)):
        design = group_sequential_design(fractions, StoppingRule(rule), alpha=0.05, sided=2)
        assert design.upper[-1] == pytest.approx(constant, abs=5.1e-4)


def close(ours: object, theirs: object, rtol: float = 1e-9) -> None:
    np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("method", ["holm", "hochberg", "bonferroni"])
def test_p_values_are_adjusted_as_in_r(method: str) -> None:
    p = dict(zip("abcde", (0.012, 0.04, 0.003, 0.2, 0.0151), strict=True))
    close(multiple_tests(p, method=method).adjusted, R[f"p_adjust/{method}"])


COUNTS = np.array([12, 7, 5, 9, 10, 6, 5, 8, 14, 8, 6, 4, 7, 7, 5, 3, 6, 9]).reshape(2, 3, 3)


def test_general_association_over_strata_is_that_of_r() -> None:
    found = generalised_mantel_haenszel(COUNTS).general
    close([found.statistic, found.degrees_of_freedom, found.p_value], R["mantelhaen_3x3x2"])


def test_in_one_table_mean_ranks_are_kruskal_and_wallis_and_scores_a_correlation() -> None:
    margins = COUNTS[0].sum(axis=0)
    midranks = np.cumsum(margins) - (margins - 1) / 2
    ranked = generalised_mantel_haenszel(COUNTS[0], column_scores=midranks).row_means
    close([ranked.statistic, ranked.degrees_of_freedom, ranked.p_value], R["kruskal_3x3"])
    close(generalised_mantel_haenszel(COUNTS[0]).correlation.statistic, R["trend_3x3"])


@pytest.mark.parametrize("n", [20, 34])
def test_the_power_of_the_t_test_is_that_of_r(n: int) -> None:
    close(two_means_power(0.7, 1.0, n, n), R[f"power_t/{n}"])


@pytest.mark.parametrize("cells", [(56, 70, 48, 80), (9, 10, 3, 10), (30, 116, 46, 115)])
def test_the_profile_likelihood_limits_are_those_of_r(cells: tuple[int, ...]) -> None:
    """1e-7: R's glm stops its iteration near there."""
    found = odds_ratio_profile(table(dict(zip(("x1", "n1", "x0", "n0"), cells, strict=True))))
    close([found.estimate, found.lower, found.upper], R["or_profile/" + "_".join(map(str, cells))], rtol=1e-7)


def test_logistic_regression_is_that_of_r() -> None:
    """Errors to 1e-7: R takes the information one iteration before the last."""
    data = patients()
    fit = logistic(data["flare"], np.column_stack([data[name] for name in ("arm", "steroid", "age")]))
    close(fit.coefficients, R["logistic_coef"])
    close(fit.standard_errors, R["logistic_se"], rtol=1e-7)
    close([fit.deviance, fit.null_deviance], R["logistic_deviance"])


def test_the_graph_of_two_primary_and_two_secondary_hypotheses() -> None:
    """Parallel gatekeeping worked by hand from the rules of Bretz et al. 2009, alpha 0.025 one-sided.

    H1 and H2 start with half each; H1 hands on to H3, H2 to H4, and those to the other primary one. The p values are
    .01, .005, .015, .022. H2 goes first (2 × .005 = .01), then H4 has ½ and H1 (2 × .01 = .02) is next; H3 has ½
    (2 × .015 = .03) and H4 ½ (2 × .022 = .044), so H3 goes at .03 and hands H4 everything: max(.03, .022) = .03.
    """
    found = graphical_tests(
        {"H1": 0.01, "H2": 0.005, "H3": 0.015, "H4": 0.022},
        weights=[0.5, 0.5, 0, 0],
        transitions=[[0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0]],
        alpha=0.025,
    )
    assert found.adjusted == pytest.approx([0.02, 0.01, 0.03, 0.03])
    assert found.rejected == (True, True, False, False)


def test_beta_spending_of_the_rpact_vignette() -> None:
    """rpact 3.5.1, "How to Create Summaries": Kim–DeMets alpha (1), O'Brien–Fleming type beta, power 95 %, three looks.

    Printed: inflation factor 1.1247, average sample number under the alternative 0.6553; half a unit of the last digit.
    """
    design = futility_design(
        [1 / 3, 2 / 3, 1.0], StoppingRule("kim_demets_power", 1), StoppingRule("lan_demets_of"), beta=0.05
    )
    factor = (design.drift / (1.9599639845400545 + 1.6448536269514722)) ** 2
    assert factor == pytest.approx(1.1247, abs=5e-5)
    expected = exit_probabilities(design, design.drift).expected_information
    assert factor * expected == pytest.approx(0.6553, abs=5e-5)


def test_stopping_probabilities_of_the_rpact_slides() -> None:
    """RPACT slides of the MCP conference 2025: O'Brien–Fleming type spending, three looks, futility bounds at z = 0.

    Printed for 80 % power; half a unit of the last digit, with the drift found at the power printed. (The sample sizes
    there are of a t test.)
    """
    plain = group_sequential_design([1 / 3, 2 / 3, 1.0], StoppingRule("lan_demets_of"))
    assert plain.upper == pytest.approx([3.710, 2.511, 1.993], abs=5e-4)
    design = replace(plain, lower=(0.0, 0.0, plain.upper[2]))
    null, planned = exit_probabilities(design, 0.0), exit_probabilities(design, sequential_inflation(design).drift)
    assert null.upper[:2] == pytest.approx([0.0001, 0.0059], abs=5.1e-5)
    assert null.lower[:2] == pytest.approx([0.5000, 0.1250], abs=5.1e-5)
    assert planned.upper[:2] == pytest.approx([0.0204, 0.4167], abs=1.1e-4)
    assert planned.lower[:2] == pytest.approx([0.0480, 0.0035], abs=1.1e-4)

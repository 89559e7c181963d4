"""One result of every design method and binary-outcome method, by its documented name."""

import numpy as np

from equipoise.statistics import (
    Guesses,
    StoppingRule,
    TwoByTwo,
    blinding_index_bang,
    blinding_index_james,
    conditional_power,
    exit_probabilities,
    futility_design,
    generalised_mantel_haenszel,
    graphical_tests,
    group_sequential_design,
    logistic,
    multiple_tests,
    negative_binomial_sample_size,
    odds_ratio_profile,
    odds_ratio_score_stratified,
    repeated_inference,
    rubin_pool,
    sequential_inflation,
    stagewise_inference,
    standardised_risks,
    survival_sample_size,
    tipping_point_binary,
    two_means_sample_size,
    two_proportions_sample_size,
    unconditional_exact,
)

TABLE = TwoByTwo(treatment_events=3, treatment_total=12, reference_events=7, reference_total=11)
RULES = (
    StoppingRule("obrien_fleming"),
    StoppingRule("pocock"),
    StoppingRule("wang_tsiatis", 0.25),
    StoppingRule("lan_demets_of"),
    StoppingRule("lan_demets_pocock"),
    StoppingRule("hwang_shih_decani", -4),
    StoppingRule("kim_demets_power", 2),
)
OUTCOME, ARM, AGE = [0, 1, 0, 1, 1, 0, 1, 0], [1, 1, 1, 1, 0, 0, 0, 0], [30, 41, 35, 50, 33, 44, 29, 61]


def sequential() -> list[object]:
    designs = [group_sequential_design([0.5, 1.0], rule) for rule in RULES]
    futile = [futility_design([0.5, 1.0], RULES[3], RULES[5], binding=binding) for binding in (True, False)]
    return [
        *designs,
        *futile,
        exit_probabilities(designs[0], 2.0),
        sequential_inflation(designs[0]),
        conditional_power(designs[0], 0.5, 1.0),
        repeated_inference(designs[0], 1, 1.0),
        stagewise_inference(designs[0], 1, 3.0),
    ]


def planned() -> list[object]:
    rates = {"dispersion": 0.5, "follow_up": 1.0}
    return [
        *(two_proportions_sample_size(0.2, 0.4, method=one) for one in ("pooled", "unpooled", "continuity", "arcsine")),
        *(survival_sample_size(0.1, 0.2, accrual=1, follow_up=1, method=one) for one in ("schoenfeld", "freedman")),
        two_means_sample_size(1.0, 2.0),
        two_means_sample_size(1.0, 2.0, method="t"),
        *(
            negative_binomial_sample_size(1.0, 0.5, **rates, method=one)
            for one in ("reference_rate", "true_mean", "alternative")
        ),
    ]


def binary() -> list[object]:
    association = generalised_mantel_haenszel([[3, 4, 5], [6, 4, 1], [2, 2, 8]])
    fit = logistic(OUTCOME, np.column_stack([ARM, AGE]))
    risks = standardised_risks(OUTCOME, ARM, AGE)
    return [
        *(unconditional_exact(TABLE, ordering=one) for one in ("boschloo", "z_pooled", "z_unpooled")),
        odds_ratio_profile(TABLE),
        *(odds_ratio_score_stratified([TABLE, TABLE], bias_correction=wanted) for wanted in (True, False)),
        association,
        association.correlation,
        association.row_means,
        association.general,
        fit,
        fit.odds_ratio("x1"),
        risks,
        risks.treatment,
        risks.difference,
        risks.ratio,
    ]


def every_design_result() -> list[object]:
    guesses = Guesses(treatment=5, reference=3, unknown=2)
    p = {"one": 0.01, "two": 0.04}
    return [
        *sequential(),
        *planned(),
        *binary(),
        *(multiple_tests(p, method=one) for one in ("fixed_sequence", "bonferroni", "holm", "hochberg")),
        graphical_tests(p, weights=[0.5, 0.5], transitions=[[0, 1], [1, 0]]),
        blinding_index_bang(guesses, arm="treatment"),
        blinding_index_james(guesses, guesses),
        rubin_pool([1.0, 2.0], [1.0, 1.0]),
        tipping_point_binary(TABLE, treatment_missing=1, reference_missing=1),
    ]

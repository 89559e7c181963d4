"""Statistics of a trial as pure functions of arrays and counts: numpy, scipy's special functions and numba only.

Every function gives a frozen result or `NotEstimable`; see `result.py` for the convention and
docs/reference/statistics for each definition, its source and when not to use it.
"""

from equipoise.statistics.blinding import Guesses, blinding_index_bang, blinding_index_james
from equipoise.statistics.counts.count_regression import (
    CountRegression,
    negative_binomial_regression,
    poisson_regression,
)
from equipoise.statistics.counts.poisson import poisson_rate
from equipoise.statistics.description import Description, describe
from equipoise.statistics.design.group_sequential import (
    ExitProbabilities,
    GroupSequentialDesign,
    SequentialInflation,
    exit_probabilities,
    futility_design,
    group_sequential_design,
    sequential_inflation,
)
from equipoise.statistics.design.recruitment import PredictedRecruitment, predicted_recruitment
from equipoise.statistics.design.sample_size import (
    SampleSize,
    event_probability,
    events_sample_size,
    hazard_from_risk,
    negative_binomial_sample_size,
    survival_sample_size,
    two_means_power,
    two_means_sample_size,
    two_proportions_sample_size,
)
from equipoise.statistics.design.sequential_analysis import (
    ConditionalPower,
    SequentialInference,
    conditional_power,
    repeated_inference,
    stagewise_inference,
)
from equipoise.statistics.design.spending import StoppingRule
from equipoise.statistics.design.supply import BaseStockSupply, base_stock_supply
from equipoise.statistics.heterogeneity import heterogeneity_test
from equipoise.statistics.means.continuous_tipping import DeltaTippingPoint, tipping_point_delta
from equipoise.statistics.means.linear import AnalysisOfCovariance, ancova
from equipoise.statistics.means.mmrm import FTest, MixedModelFit, mmrm
from equipoise.statistics.means.mmrm_by_visit import AdjustedMeansByVisit, mmrm_by_visit
from equipoise.statistics.means.multiple_imputation import reference_based_multiple
from equipoise.statistics.means.reference_based import ReferenceBased, reference_based
from equipoise.statistics.means.two_means import two_means_t
from equipoise.statistics.methods import METHODS, Method
from equipoise.statistics.multiplicity import MultipleTests, graphical_tests, multiple_tests
from equipoise.statistics.proportions.contingency import GeneralisedMantelHaenszel, generalised_mantel_haenszel
from equipoise.statistics.proportions.fisher import FisherExact, fisher_exact
from equipoise.statistics.proportions.logistic import LogisticFit, StandardisedRisks, logistic, standardised_risks
from equipoise.statistics.proportions.mantel_haenszel import (
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
)
from equipoise.statistics.proportions.missing_outcomes import TippingPoint, tipping_point_binary
from equipoise.statistics.proportions.odds_ratios import odds_ratio_profile, odds_ratio_score_stratified
from equipoise.statistics.proportions.one_proportion import proportion
from equipoise.statistics.proportions.ratios import odds_ratio_woolf, risk_ratio_katz
from equipoise.statistics.proportions.risk_difference import risk_difference_newcombe, risk_difference_wald
from equipoise.statistics.proportions.score_intervals import odds_ratio_score, risk_difference_score, risk_ratio_score
from equipoise.statistics.proportions.two_by_two import TwoByTwo, chi_square
from equipoise.statistics.proportions.unconditional import (
    UnconditionalExact,
    two_proportions_power,
    unconditional_exact,
)
from equipoise.statistics.result import REASONS, Denominator, Estimate, HypothesisTest, NotEstimable
from equipoise.statistics.rubin import PooledEstimate, rubin_pool
from equipoise.statistics.survival.competing_risks import (
    CumulativeIncidence,
    GrayTest,
    IncidencePoint,
    cumulative_incidence,
    gray_test,
)
from equipoise.statistics.survival.log_rank import LogRank, logrank
from equipoise.statistics.survival.max_combo import MaxCombo, max_combo
from equipoise.statistics.survival.mean_cumulative_function import (
    MeanCumulativeFunction,
    MeanPoint,
    mean_cumulative_function,
)
from equipoise.statistics.survival.profile_likelihood import profile_interval
from equipoise.statistics.survival.proportional_hazards import CoxFit, cox
from equipoise.statistics.survival.proportionality import (
    ProportionalHazardsTest,
    SchoenfeldResiduals,
    proportional_hazards_test,
    schoenfeld_residuals,
)
from equipoise.statistics.survival.recurrent_events import andersen_gill, prentice_williams_peterson
from equipoise.statistics.survival.restricted_mean import (
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
)
from equipoise.statistics.survival.risk_at_a_time import risk_difference_at, risk_ratio_at
from equipoise.statistics.survival.survival_curve import SurvivalCurve, SurvivalPoint, kaplan_meier
from equipoise.statistics.survival.two_arm_survival import TwoArmSurvival, two_arm_survival

__all__ = [
    "METHODS",
    "REASONS",
    "AdjustedMeansByVisit",
    "AnalysisOfCovariance",
    "BaseStockSupply",
    "ConditionalPower",
    "CountRegression",
    "CoxFit",
    "CumulativeIncidence",
    "DeltaTippingPoint",
    "Denominator",
    "Description",
    "Estimate",
    "ExitProbabilities",
    "FTest",
    "FisherExact",
    "GeneralisedMantelHaenszel",
    "GrayTest",
    "GroupSequentialDesign",
    "Guesses",
    "HypothesisTest",
    "IncidencePoint",
    "LogRank",
    "LogisticFit",
    "MaxCombo",
    "MeanCumulativeFunction",
    "MeanPoint",
    "Method",
    "MixedModelFit",
    "MultipleTests",
    "NotEstimable",
    "PooledEstimate",
    "PredictedRecruitment",
    "ProportionalHazardsTest",
    "ReferenceBased",
    "SampleSize",
    "SchoenfeldResiduals",
    "SequentialInference",
    "SequentialInflation",
    "StandardisedRisks",
    "StoppingRule",
    "SurvivalCurve",
    "SurvivalPoint",
    "TippingPoint",
    "TwoArmSurvival",
    "TwoByTwo",
    "UnconditionalExact",
    "ancova",
    "andersen_gill",
    "base_stock_supply",
    "blinding_index_bang",
    "blinding_index_james",
    "chi_square",
    "conditional_power",
    "cox",
    "cumulative_incidence",
    "describe",
    "event_probability",
    "events_sample_size",
    "exit_probabilities",
    "fisher_exact",
    "futility_design",
    "generalised_mantel_haenszel",
    "graphical_tests",
    "gray_test",
    "group_sequential_design",
    "hazard_from_risk",
    "heterogeneity_test",
    "kaplan_meier",
    "logistic",
    "logrank",
    "mantel_haenszel_odds_ratio",
    "mantel_haenszel_risk_difference",
    "mantel_haenszel_risk_ratio",
    "mantel_haenszel_test",
    "max_combo",
    "mean_cumulative_function",
    "mmrm",
    "mmrm_by_visit",
    "multiple_tests",
    "negative_binomial_regression",
    "negative_binomial_sample_size",
    "odds_ratio_profile",
    "odds_ratio_score",
    "odds_ratio_score_stratified",
    "odds_ratio_woolf",
    "poisson_rate",
    "poisson_regression",
    "predicted_recruitment",
    "prentice_williams_peterson",
    "profile_interval",
    "proportion",
    "proportional_hazards_test",
    "reference_based",
    "reference_based_multiple",
    "repeated_inference",
    "restricted_mean",
    "restricted_mean_difference",
    "restricted_mean_ratio",
    "risk_difference_at",
    "risk_difference_newcombe",
    "risk_difference_score",
    "risk_difference_wald",
    "risk_ratio_at",
    "risk_ratio_katz",
    "risk_ratio_score",
    "rubin_pool",
    "schoenfeld_residuals",
    "sequential_inflation",
    "stagewise_inference",
    "standardised_risks",
    "survival_sample_size",
    "tipping_point_binary",
    "tipping_point_delta",
    "two_arm_survival",
    "two_means_power",
    "two_means_sample_size",
    "two_means_t",
    "two_proportions_power",
    "two_proportions_sample_size",
    "unconditional_exact",
]

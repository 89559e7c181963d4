"""The functions and results of the room; each is loaded from its module once somebody asks for it."""

from .blinding import Guesses, blinding_index_bang, blinding_index_james
from .counts.count_regression import (
    CountRegression,
    negative_binomial_regression,
    poisson_regression,
)
from .counts.poisson import poisson_rate
from .description import Description, describe
from .design.group_sequential import (
    ExitProbabilities,
    GroupSequentialDesign,
    SequentialInflation,
    exit_probabilities,
    futility_design,
    group_sequential_design,
    sequential_inflation,
)
from .design.recruitment import PredictedRecruitment, predicted_recruitment
from .design.sample_size import (
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
from .design.sequential_analysis import (
    ConditionalPower,
    SequentialInference,
    conditional_power,
    repeated_inference,
    stagewise_inference,
)
from .design.spending import StoppingRule
from .design.supply import BaseStockSupply, base_stock_supply
from .heterogeneity import heterogeneity_test
from .means.continuous_tipping import DeltaTippingPoint, tipping_point_delta
from .means.linear import AnalysisOfCovariance, ancova
from .means.mmrm import FTest, MixedModelFit, mmrm
from .means.mmrm_by_visit import AdjustedMeansByVisit, mmrm_by_visit
from .means.multiple_imputation import reference_based_multiple
from .means.reference_based import ReferenceBased, reference_based
from .means.two_means import two_means_t
from .methods import METHODS, Method
from .multiplicity import MultipleTests, graphical_tests, multiple_tests
from .proportions.contingency import GeneralisedMantelHaenszel, generalised_mantel_haenszel
from .proportions.fisher import FisherExact, fisher_exact
from .proportions.logistic import LogisticFit, StandardisedRisks, logistic, standardised_risks
from .proportions.mantel_haenszel import (
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
)
from .proportions.missing_outcomes import TippingPoint, tipping_point_binary
from .proportions.odds_ratios import odds_ratio_profile, odds_ratio_score_stratified
from .proportions.one_proportion import proportion
from .proportions.ratios import odds_ratio_woolf, risk_ratio_katz
from .proportions.risk_difference import risk_difference_newcombe, risk_difference_wald
from .proportions.score_intervals import odds_ratio_score, risk_difference_score, risk_ratio_score
from .proportions.two_by_two import TwoByTwo, chi_square
from .proportions.unconditional import (
    UnconditionalExact,
    two_proportions_power,
    unconditional_exact,
)
from .result import REASONS, Denominator, Estimate, HypothesisTest, NotEstimable
from .rubin import PooledEstimate, rubin_pool
from .survival.competing_risks import (
    CumulativeIncidence,
    GrayTest,
    IncidencePoint,
    cumulative_incidence,
    gray_test,
)
from .survival.log_rank import LogRank, logrank
from .survival.max_combo import MaxCombo, max_combo
from .survival.mean_cumulative_function import (
    MeanCumulativeFunction,
    MeanPoint,
    mean_cumulative_function,
)
from .survival.profile_likelihood import profile_interval
from .survival.proportional_hazards import CoxFit, cox
from .survival.proportionality import (
    ProportionalHazardsTest,
    SchoenfeldResiduals,
    proportional_hazards_test,
    schoenfeld_residuals,
)
from .survival.recurrent_events import andersen_gill, prentice_williams_peterson
from .survival.restricted_mean import (
    restricted_mean,
    restricted_mean_difference,
    restricted_mean_ratio,
)
from .survival.risk_at_a_time import risk_difference_at, risk_ratio_at
from .survival.survival_curve import SurvivalCurve, SurvivalPoint, kaplan_meier
from .survival.two_arm_survival import TwoArmSurvival, two_arm_survival

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

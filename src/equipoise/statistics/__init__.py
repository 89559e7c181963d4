"""Statistics of a trial as pure functions of arrays and counts: numpy, scipy's special functions and numba only.

Every function gives a frozen result or `NotEstimable`; see `result.py` for the convention and
docs/reference/statistics.md for each definition, its source and when not to use it.
"""

from equipoise.statistics.counts import poisson_rate
from equipoise.statistics.description import Description, describe
from equipoise.statistics.fisher import FisherExact, fisher_exact
from equipoise.statistics.linear import AnalysisOfCovariance, ancova
from equipoise.statistics.log_rank import LogRank, logrank
from equipoise.statistics.mantel_haenszel import (
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    mantel_haenszel_test,
)
from equipoise.statistics.methods import METHODS, Method
from equipoise.statistics.one_proportion import proportion
from equipoise.statistics.proportional_hazards import CoxFit, cox
from equipoise.statistics.ratios import odds_ratio_woolf, risk_ratio_katz
from equipoise.statistics.restricted_mean import restricted_mean, restricted_mean_difference, restricted_mean_ratio
from equipoise.statistics.result import REASONS, Denominator, Estimate, HypothesisTest, NotEstimable
from equipoise.statistics.risk_difference import risk_difference_newcombe, risk_difference_wald
from equipoise.statistics.score_intervals import odds_ratio_score, risk_difference_score, risk_ratio_score
from equipoise.statistics.survival_curve import SurvivalCurve, SurvivalPoint, kaplan_meier
from equipoise.statistics.two_by_two import TwoByTwo, chi_square
from equipoise.statistics.two_means import two_means_t

__all__ = [
    "METHODS",
    "REASONS",
    "AnalysisOfCovariance",
    "CoxFit",
    "Denominator",
    "Description",
    "Estimate",
    "FisherExact",
    "HypothesisTest",
    "LogRank",
    "Method",
    "NotEstimable",
    "SurvivalCurve",
    "SurvivalPoint",
    "TwoByTwo",
    "ancova",
    "chi_square",
    "cox",
    "describe",
    "fisher_exact",
    "kaplan_meier",
    "logrank",
    "mantel_haenszel_odds_ratio",
    "mantel_haenszel_risk_difference",
    "mantel_haenszel_risk_ratio",
    "mantel_haenszel_test",
    "odds_ratio_score",
    "odds_ratio_woolf",
    "poisson_rate",
    "proportion",
    "restricted_mean",
    "restricted_mean_difference",
    "restricted_mean_ratio",
    "risk_difference_newcombe",
    "risk_difference_score",
    "risk_difference_wald",
    "risk_ratio_katz",
    "risk_ratio_score",
    "two_means_t",
]

"""Whether the effects of several groups differ by more than chance."""

from collections.abc import Sequence
from math import isfinite

from scipy import special

from equipoise.statistics.result import HypothesisTest, NotEstimable


def heterogeneity_test(estimates: Sequence[float], errors: Sequence[float]) -> HypothesisTest | NotEstimable:
    """Cochran's test that independent effects are one (Cochran 1954): Q = Σ wᵢ (dᵢ − d̄)², wᵢ = 1 / seᵢ².

    Q is χ² with one degree of freedom less than there are groups. Estimates are on a scale where they are about normal
    (a log ratio, not a ratio); the groups share nobody. Large groups are assumed: an error of zero has no weight that
    could be compared, and is `zero_variance`.
    """
    if len(estimates) != len(errors) or any(error < 0.0 for error in errors):
        raise ValueError("there is one error, not negative, for each estimate")
    if not all(isfinite(value) for value in (*estimates, *errors)):
        missing = any(value != value for value in (*estimates, *errors))
        return NotEstimable("missing_values" if missing else "not_finite")
    if len(estimates) < 2:
        return NotEstimable("one_group" if estimates else "no_subjects")
    if 0.0 in errors:
        return NotEstimable("zero_variance")
    weights = [error**-2 for error in errors]
    centre = sum(w * d for w, d in zip(weights, estimates, strict=True)) / sum(weights)
    q = sum(w * (d - centre) ** 2 for w, d in zip(weights, estimates, strict=True))
    freedom = len(estimates) - 1
    p = float(special.gammaincc(freedom / 2.0, q / 2.0))
    return HypothesisTest(method="cochran_q", statistic=q, degrees_of_freedom=freedom, p_value=p)

"""The compiled arithmetic of a given odds ratio: the counts it makes likeliest, their deviance, and the score."""

from math import log, sqrt

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats

_BISECTIONS = 200


@compiled
def excess(treated: float, n1: float, events: float, n0: float, log_odds: float) -> float:
    """The log odds ratio of a table with these treatment events, less the one wanted; it rises with the events."""
    return log(treated / (n1 - treated)) - log((events - treated) / (n0 - events + treated)) - log_odds


@compiled
def expected_events(x1: float, n1: float, x0: float, n0: float, log_odds: float) -> float:
    """The treatment events that are likeliest under a log odds ratio, all margins kept, by bisection."""
    events = x1 + x0
    low, high = max(0.0, events - n0), min(n1, events)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            break
        if excess(middle, n1, events, n0, log_odds) < 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@compiled
def term(observed: float, expected: float) -> float:
    """One cell's part of the deviance, before it is doubled; a cell without counts has none."""
    return observed * log(observed / expected) if observed > 0.0 else 0.0


@compiled
def deviance(x1: float, n1: float, x0: float, n0: float, log_odds: float) -> float:
    """Twice the loss of log-likelihood when the log odds ratio is given."""
    e1 = expected_events(x1, n1, x0, n0, log_odds)
    e0 = x1 + x0 - e1
    treated = term(x1, e1) + term(n1 - x1, n1 - e1)
    return max(0.0, 2.0 * (treated + term(x0, e0) + term(n0 - x0, n0 - e0)))


@compiled
def stratified_z(
    x1: Floats, n1: Floats, x0: Floats, n0: Floats, log_odds: float, by_score: bool, corrected: bool
) -> float:
    """The score statistic of a common log odds ratio: positive below the estimate, negative above it."""
    departure, variance = 0.0, 0.0
    for k in range(x1.size):
        e1 = expected_events(x1[k], n1[k], x0[k], n0[k], log_odds)
        e0 = x1[k] + x0[k] - e1
        treated, untreated = e1 * (n1[k] - e1) / n1[k], e0 * (n0[k] - e0) / n0[k]
        information = max(1e-25, treated * untreated / (treated + untreated))
        size = n1[k] + n0[k]
        weight = 1.0 if by_score else n1[k] * n0[k] / size / information
        departure += weight * (x1[k] - e1)
        variance += weight * weight * information * (size / (size - 1.0) if corrected else 1.0)
    return departure / sqrt(variance)

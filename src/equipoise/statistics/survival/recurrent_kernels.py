"""The compiled pass of the mean cumulative function: one step for every time at which something happens."""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats, Integers


@compiled
def mean_function_passes(
    times: Floats, start: Floats, entry: Integers, stop: Floats, leaving: Integers, subject: Integers,
    event: Floats, terminal: Floats, subjects: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:  # fmt: skip
    """At each time: at risk, events, ends, the mean number of events, and the sum of squared influences on it.

    `entry` and `leaving` list the rows by start and by stop. A patient's influence is the derivative of the mean with
    respect to the weight of that patient.
    """
    rows = np.zeros((4, times.size))
    variance = np.zeros(times.size)
    present = np.zeros(subjects)
    on_mean, on_survival = np.zeros(subjects), np.zeros(subjects)  # of the mean; of −log S, up to just before the time
    mean, survival, at_risk, first, last = 0.0, 1.0, 0.0, 0, 0
    for step in range(times.size):
        moment = times[step]
        while first < entry.size and start[entry[first]] < moment:
            present[subject[entry[first]]] += 1.0
            at_risk += 1.0
            first += 1
        while stop[leaving[last]] < moment:
            present[subject[leaving[last]]] -= 1.0
            at_risk -= 1.0
            last += 1
        here, events, ends = last, 0.0, 0.0
        while here < leaving.size and stop[leaving[here]] == moment:
            events += event[leaving[here]]
            ends += terminal[leaving[here]]
            here += 1
        rate, hazard = events / at_risk, ends / at_risk
        survives = 1.0 - hazard
        for i in range(subjects):
            on_mean[i] -= survival * rate * (on_survival[i] + present[i] / at_risk)
            if survives > 0.0:
                on_survival[i] -= present[i] * hazard / (at_risk * survives)
        for place in range(last, here):
            row = leaving[place]
            on_mean[subject[row]] += survival * event[row] / at_risk
            if survives > 0.0:
                on_survival[subject[row]] += terminal[row] / (at_risk * survives)
        mean += survival * rate
        survival *= survives
        variance[step] = (on_mean**2).sum()
        rows[0, step], rows[1, step], rows[2, step], rows[3, step] = at_risk, events, ends, mean
    return rows[0], rows[1], rows[2], rows[3], variance

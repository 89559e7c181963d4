"""The analyses of one simulated trial, and many trials in a row: rows become a line of numbers."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.comparison_kernels import (
    chi_square,
    cox,
    event_table,
    log_rank,
    newcombe,
    packed,
    sort_times,
)
from equipoise.simulation.design.compiling import compiled, inlined, inner
from equipoise.simulation.design.covariance_kernels import ancova
from equipoise.simulation.design.plan import Floats, Plan
from equipoise.simulation.design.strata_kernels import (
    cochran_mantel_haenszel,
    count_within,
    fisher,
    score_difference,
    tabulate_within,
)
from equipoise.simulation.design.trial_kernels import one_trial

PROPORTIONS: Final = 0
SURVIVAL: Final = 1
ANCOVA: Final = 2
ELSEWHERE: Final = 3  # the statistics room computes it
CHI_SQUARE: Final = 0
YATES: Final = 1
LOG_RANK: Final = 2
WALD: Final = 3
FISHER: Final = 4
NEWCOMBE: Final = 0
WALD_INTERVAL: Final = 1
SCORE_INTERVAL: Final = 2
AS_EVENT: Final = 0
AS_NO_EVENT: Final = 1
LEFT_OUT: Final = 2

# What is told of every trial, and of every analysis of it. NaN: not estimable.
FACTS: Final = (
    "weeks", "treated", "reference", "treated_events", "reference_events", "treated_unknown", "reference_unknown",
    "treated_onsets", "reference_onsets", "imbalance", "guessed",
)  # fmt: skip
RESULTS: Final = ("estimate", "standard_error", "lower", "upper", "statistic", "rejected")


class Bench(NamedTuple):
    """Room for the analysis, made once for many trials."""

    times: Floats
    keys: npt.NDArray[np.int64]
    sorted_keys: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    table: Floats
    counts: Floats  # (reference, treated) × (unknown, no, yes)
    squares: Floats  # for the analysis of covariance
    design: Floats
    columns: Floats  # (events, people) of the treated arm and of the reference, by site


def bench_for(plan: Plan) -> Bench:
    """An empty bench."""
    n = plan.participants
    columns = 1 + plan.allocation.shares.size + plan.entry.shares.size
    keys = np.zeros(n + 1, np.int64)
    return Bench(
        keys.view(np.float64), keys, np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.zeros((n, 4)),
        np.zeros((2, 3)), np.zeros((columns + 1, columns + 1)), np.zeros((n, columns + 1)),
        np.zeros((4, plan.entry.shares.size + 1)),
    )  # fmt: skip


@inlined
def count(plan: Any, rows: Any, bench: Any) -> int:
    """Count outcomes by arm, and set aside the times to be sorted; how many. People in other arms are passed over."""
    treated, reference, size = plan.allocation.treated, plan.allocation.reference, 0
    end = plan.visits.latest[-1] if plan.visits.days.size else plan.horizon
    bits = rows.time.view(np.int64)
    for outcome in range(3):
        bench.counts[0, outcome], bench.counts[1, outcome] = 0.0, 0.0
    for i in range(plan.participants):
        of_treated, compared = rows.arm[i] == treated, (rows.arm[i] == treated) | (rows.arm[i] == reference)
        bench.counts[int(of_treated), rows.state[i] + 1] += compared
        bench.keys[size] = packed(bits[i], of_treated, rows.event[i])
        size += compared & ((rows.event[i] == 1) | (rows.time[i] < end))
    return size


@inner
def in_arm(bench: Any, arm: int) -> Any:
    """How many there are in the treated arm (1) or the reference (0)."""
    return bench.counts[arm, 0] + bench.counts[arm, 1] + bench.counts[arm, 2]


@inlined
def tabulate(size: int, plan: Any, bench: Any) -> int:
    """The table of event times, of so many times to be sorted; how many rows."""
    end = plan.visits.latest[-1] if plan.visits.days.size else plan.horizon
    sort_times(bench.times, bench.keys, size, end, bench.sorted_keys, bench.ends)
    sorted_treated = 0
    for i in range(size):
        sorted_treated += (bench.keys[i] & 2) >> 1
    treated, reference = in_arm(bench, 1) - sorted_treated, in_arm(bench, 0) - (size - sorted_treated)
    return event_table(bench.sorted_keys, size, treated, reference, bench.table)


@inlined
def tell(results: Any, estimate: float, error: float, lower: float, upper: float, statistic: float, z: float) -> None:
    """One analysis: its numbers, and whether its chi-square statistic (one degree of freedom) is beyond z²."""
    results[0], results[1], results[2], results[3], results[4] = estimate, error, lower, upper, statistic
    results[5] = 1.0 if statistic > z * z else 0.0


@inner
def score_limits(x1: float, n1: float, x0: float, n0: float, z: float, columns: Any) -> tuple[float, float]:
    """The score limits of the difference of two risks."""
    columns[0, 0], columns[1, 0], columns[2, 0], columns[3, 0] = x1, n1, x0, n0
    _, lower, upper = score_difference(columns, 1, z)
    return lower, upper


@inner
def proportions_within(number: int, plan: Any, rows: Any, bench: Any, results: Any) -> None:
    """The difference of two proportions within the sites; nothing where no site has both arms."""
    missing, z = plan.analyses.missing[number], plan.analyses.z
    taken, kept = 1.0 if missing == AS_EVENT else 0.0, 0.0 if missing == LEFT_OUT else 1.0
    sites = count_within(taken, kept, plan, rows, bench)
    if sites == 0:
        tell(results, np.nan, np.nan, np.nan, np.nan, np.nan, z)
        return
    difference, lower, upper = score_difference(bench.columns, sites, z)
    tell(results, difference, np.nan, lower, upper, cochran_mantel_haenszel(bench.columns, sites), z)


@inlined
def proportions(number: int, plan: Any, bench: Any, results: Any) -> None:
    """The difference of two proportions, unknown outcomes taken as the method says; nobody in an arm: nothing."""
    analyses, counts, z = plan.analyses, bench.counts, plan.analyses.z
    missing = analyses.missing[number]
    taken = 1.0 if missing == AS_EVENT else 0.0
    kept = 0.0 if missing == LEFT_OUT else 1.0
    x1, x0 = counts[1, 2] + taken * counts[1, 0], counts[0, 2] + taken * counts[0, 0]
    n1, n0 = counts[1, 1] + counts[1, 2] + kept * counts[1, 0], counts[0, 1] + counts[0, 2] + kept * counts[0, 0]
    if n1 == 0.0 or n0 == 0.0:
        tell(results, np.nan, np.nan, np.nan, np.nan, np.nan, z)
        return
    p1, p0 = x1 / n1, x0 / n0
    error = np.sqrt(p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0)
    lower, upper = p1 - p0 - z * error, p1 - p0 + z * error
    if analyses.interval[number] == NEWCOMBE:
        lower, upper = newcombe(x1, n1, x0, n0, z)
    elif analyses.interval[number] == SCORE_INTERVAL:
        lower, upper = score_limits(x1, n1, x0, n0, z, bench.columns)
    elif error == 0.0:
        lower = upper = np.nan
    if analyses.test[number] == WALD:
        statistic = ((p1 - p0) / error) ** 2 if error > 0.0 else np.nan
    elif analyses.test[number] == FISHER:
        statistic = fisher(x1, n1, x0, n0)
    else:
        statistic = chi_square(x1, n1, x0, n0, analyses.test[number] == YATES)
    tell(results, p1 - p0, error if error > 0.0 else np.nan, lower, upper, statistic, z)


@inlined
def survival(number: int, rows: int, plan: Any, bench: Any, results: Any) -> None:
    """The log hazard ratio with its Wald limits; the test is the log-rank test or the model's."""
    analyses = plan.analyses
    z_score, _ = log_rank(bench.table, rows)
    beta, error = cox(bench.table, rows, analyses.efron[number])
    statistic = beta / error if analyses.test[number] == WALD else z_score
    width = analyses.z * error
    tell(results, beta, error, beta - width, beta + width, statistic * statistic, analyses.z)


@inner
def survival_within(number: int, plan: Any, rows: Any, bench: Any, results: Any) -> None:
    """As `survival`, each site compared within itself. What `count` set aside is put back, the table is the sites'."""
    survival(number, tabulate_within(plan, rows, bench), plan, bench, results)
    count(plan, rows, bench)


@inlined
def covariance(number: int, plan: Any, rows: Any, bench: Any, results: Any) -> None:
    """The difference of adjusted means with its t limits."""
    measure = plan.analyses.measure[number]
    difference, error, freedom = ancova(
        rows.base[measure], rows.final[measure], rows.arm, rows.site, plan, bench.design, bench.squares
    )
    t = plan.analyses.t[max(freedom, 0)]
    ratio = difference / error if error > 0.0 else np.nan
    # The square of z beyond which `tell` rejects, on the scale of t.
    statistic = ratio * ratio * (plan.analyses.z / t) ** 2
    tell(results, difference, error, difference - t * error, difference + t * error, statistic, plan.analyses.z)
    results[4] = ratio * ratio


@inlined
def describe(plan: Any, rows: Any, bench: Any, guesses: float, facts: Any) -> None:
    """The facts of a trial, in the order of FACTS."""
    counts, ahead, onsets_treated, onsets_reference = bench.counts, 0, 0, 0
    for i in range(plan.participants):
        treated, reference = rows.arm[i] == plan.allocation.treated, rows.arm[i] == plan.allocation.reference
        ahead += int(treated) - int(reference)
        onsets_treated += treated * rows.events[i]
        onsets_reference += reference * rows.events[i]
    facts[0] = (rows.entered[plan.participants - 1] + plan.horizon) / 7.0
    facts[1], facts[2] = in_arm(bench, 1), in_arm(bench, 0)
    facts[3], facts[4] = counts[1, 2], counts[0, 2]
    facts[5], facts[6] = counts[1, 0], counts[0, 0]
    facts[7], facts[8] = onsets_treated, onsets_reference
    facts[9], facts[10] = abs(ahead), guesses


@compiled
def analyse(plan: Any, rows: Any, bench: Any, guesses: float, line: Any) -> None:
    """The line of one trial: its facts, and the results of every analysis one after another.

    Somebody whose arm is negative, or has no values, is passed over.
    """
    size = count(plan, rows, bench)
    describe(plan, rows, bench, guesses, line)
    table_rows, place = -1, len(FACTS)
    for number in range(plan.analyses.kind.size):
        results, kind = line[place : place + len(RESULTS)], plan.analyses.kind[number]
        if kind == PROPORTIONS and plan.analyses.within[number]:
            proportions_within(number, plan, rows, bench, results)
        elif kind == PROPORTIONS:
            proportions(number, plan, bench, results)
        elif kind == SURVIVAL and plan.analyses.within[number]:
            survival_within(number, plan, rows, bench, results)
            table_rows = -1
        elif kind == SURVIVAL:
            if table_rows < 0:
                table_rows = tabulate(size, plan, bench)
            survival(number, table_rows, plan, bench, results)
        elif kind == ANCOVA:
            covariance(number, plan, rows, bench, results)
        place += len(RESULTS)


@compiled
def one_analysis(number: int, plan: Any, rows: Any, bench: Any, results: Any) -> None:
    """The results of one analysis; somebody whose arm is negative, or has no values, is passed over."""
    size, kind = count(plan, rows, bench), plan.analyses.kind[number]
    if kind == ANCOVA:
        covariance(number, plan, rows, bench, results)
    elif plan.analyses.within[number]:
        if kind == PROPORTIONS:
            proportions_within(number, plan, rows, bench, results)
        else:
            survival_within(number, plan, rows, bench, results)
    elif kind == PROPORTIONS:
        proportions(number, plan, bench, results)
    else:
        survival(number, tabulate(size, plan, bench), plan, bench, results)


@compiled
def many_trials(first: int, key: Any, plan: Any, space: Any, rows: Any, bench: Any, lines: Any) -> None:
    """The lines of as many trials as there are, from number `first` on."""
    for i in range(lines.shape[0]):
        guesses = one_trial(first + i, key, plan, space, rows)
        analyse(plan, rows, bench, guesses, lines[i])

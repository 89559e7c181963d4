"""One result of every time-to-event method, for the contract that all results of the room keep."""

from equipoise.statistics import (
    andersen_gill,
    cox,
    cumulative_incidence,
    gray_test,
    max_combo,
    mean_cumulative_function,
    negative_binomial_regression,
    poisson_regression,
    prentice_williams_peterson,
    profile_interval,
    proportional_hazards_test,
)

TIME, EVENT, ARM = [5, 6, 8, 8, 9, 12, 14, 20], [1, 0, 1, 1, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1, 1, 0]
CAUSE, SITE = [1, 2, 1, 1, 2, 0, 1, 2], [1, 2] * 4
COUNTS = [0, 1, 4, 7, 2, 9, 0, 1]


# Eight patients under observation in two intervals each.
START = [0, 5] * 8
STOP = [5, 6, 5, 7, 5, 8, 5, 9, 5, 10, 5, 11, 5, 12, 5, 13]
AGAIN = [1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0]
SUBJECT = [place // 2 for place in range(16)]
TREATED = [subject % 2 for subject in SUBJECT]


def every_time_to_event_result() -> list[object]:
    """One result of every method of survival, recurrent events and competing risks beyond the first."""
    rows = (START, STOP, AGAIN)
    fits = [
        cox(TIME, EVENT, ARM, ties=ties, strata=by, robust=how == "robust", cluster=TIME if how == "cluster" else None)
        for ties in ("efron", "breslow")
        for by in (None, SITE)
        for how in ("robust", "cluster")
    ]
    return [
        *(cox(TIME, EVENT, ARM, ties="exact", strata=by) for by in (None, SITE)),
        *fits,
        profile_interval(fits[0]),
        *(proportional_hazards_test(fits[0], transform=scale) for scale in ("km", "identity", "log", "rank")),
        *(andersen_gill(*rows, TREATED, SUBJECT, ties=ties) for ties in ("efron", "breslow")),
        *(
            prentice_williams_peterson(*rows, TREATED, SUBJECT, clock=clock, ties=ties)
            for clock in ("total", "gap")
            for ties in ("efron", "breslow")
        ),
        *(mean_cumulative_function(*rows, SUBJECT, terminal=end) for end in (None, [0] * 16)),
        poisson_regression(COUNTS, ARM),
        *(negative_binomial_regression(COUNTS, ARM, variance=kind) for kind in ("observed", "expected")),
        *(cumulative_incidence(TIME, CAUSE, conf_type=kind) for kind in ("log-log", "log", "plain")),
        *(gray_test(TIME, CAUSE, ARM, by) for by in (None, SITE)),
        *(max_combo(TIME, EVENT, ARM, by, weights=((0, 0), (1, 0))) for by in (None, SITE)),
    ]

"""A design ready for the compiled kernels: scenario and protocol as arrays. Times are days since randomisation.

Arms are numbered in the order of their names, as the randomisation room does; sites in the order of the protocol.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class Minimising(NamedTuple):
    """Minimisation as `randomisation.minimised_lists` counts it; of no factor where lists are drawn."""

    factors: Whole  # (SOURCE, BEGIN, WEIGHT) × factors
    levels: int  # of all factors together
    step: Whole
    measure: int
    scale: float


# Rows of `Minimising.factors`.
SOURCE: Final = 0  # its place among the covariates, −1 for the site
BEGIN: Final = 1  # the place of its first level among the levels of all
WEIGHT: Final = 2


class Allocation(NamedTuple):
    """How participants are allocated: the walk of `randomisation.tables`, one list for each stratum.

    Of minimisation the states are the sets of best arms, which no walk leads to.
    """

    ends: Floats
    arms: npt.NDArray[np.uint8]
    after: npt.NDArray[np.int32]
    shares: Whole
    strata: int  # how many lists there are
    by_site: int  # the stratum is this times the site …
    by_level: Whole  # … and this times the level of each covariate
    minimising: Minimising
    treated: int
    reference: int


class Hazards(NamedTuple):
    """When events begin: from `starts[j]` on, arm a has the hazard rates[a, j] · shape · t^(shape − 1).

    `powers` are starts^shape, `cumulative` the cumulative hazards at the starts, `free` the chance of each arm to reach
    the horizon without an event.
    """

    shape: float
    starts: Floats
    powers: Floats
    rates: Floats  # arms × pieces
    cumulative: Floats  # arms × pieces
    free: Floats
    frailty: float  # variance of a gamma frailty of mean 1; 0 for none
    recurrent: bool


class Leaving(NamedTuple):
    """How participants leave, stop treatment and die, per day in each arm; `kept`: the effect outlasts treatment."""

    leaves: Floats
    staying: Floats  # the chance of each arm to stay until the horizon
    stops: Floats
    kept: bool
    dies: Floats


class Covariates(NamedTuple):
    """What participants are like at baseline: covariates × levels where they are padded. A level is its number.

    `hazard` is what is added to the logarithm of the event rate and `score` to the score: by level, or (first column)
    for a unit above the mean. `measured` is the former for the score and the dose at baseline.
    """

    levels: Whole  # how many; 0 of a number
    ends: Floats  # cumulated shares
    law: Floats  # of numbers: covariates × (mean, deviation, least, most, step)
    hazard: Floats
    score: Floats
    measured: Floats
    mean_dose: float
    prognostic: bool  # whether anything at baseline bears on the event rate


class Prohibited(NamedTuple):
    """Medication that is not permitted: how often it is begun per day in each arm, and what it does."""

    begins: Floats
    factor: float  # on the hazard
    score: float
    shown: bool  # the assessment that finds it shows the event


class Entry(NamedTuple):
    """How participants come: expected per week at each site and week, and what varies between trials.

    `rates` is sites × weeks; empty where nobody asked when participants come. `variance` is that of a gamma factor of
    each site's rate, `spread` the deviation of the logarithm of each site's event rate, `ratio` its fixed factor.
    """

    rates: Floats
    shares: Floats  # cumulated shares of the sites
    variance: float
    ratio: Floats
    spread: float


class Visits(NamedTuple):
    """The assessments of the endpoint; empty where events are known on the day they begin.

    The first and last day of the lockdown count from the day on which recruitment begins.
    """

    days: Whole
    earliest: Whole
    latest: Whole
    spread: float
    missed: float
    unknown: float
    sensitivity: float
    specificity: float
    lockdown_first: float
    lockdown_last: float
    lockdown_missed: float


class Score(NamedTuple):
    """A score at each assessment: a latent course, rounded and kept in its range.

    `kept` is the correlation of values so many whole days apart.
    """

    measured: bool
    mean: float
    deviation: float
    kept: Floats
    low: float
    high: float
    step: float
    change: Floats  # of each arm, by the horizon
    in_event: float
    shortest: float  # days an event lasts
    longest: float


class Dose(NamedTuple):
    """A dose that is raised when an event is seen and tapered in peace."""

    given: bool
    starts: Floats
    ends: Floats  # cumulated chances of the starts
    rise: float
    severe_rise: float
    severe: float  # the share of events that are severe
    taper: float
    every: float  # days
    least: float
    most: float


class Analyses(NamedTuple):
    """What is computed in each trial, one entry for each analysis; the codes stand in `analysis_kernels`.

    `kind` is the kernel that computes it, `effect` that whose effect it estimates.
    """

    kind: Whole
    effect: Whole
    test: Whole
    interval: Whole
    missing: Whole
    efron: npt.NDArray[np.bool_]
    measure: Whole  # row of `Rows.base` and `Rows.final`
    within: npt.NDArray[np.bool_]  # compared within each site, then combined
    by_site: bool  # an analysis of covariance is adjusted for the site too
    z: float  # the normal quantile of the level
    t: Floats  # the t quantiles by degrees of freedom


class Plan(NamedTuple):
    """Everything a simulated trial follows from, beside the key and the number of the trial."""

    participants: int
    horizon: float
    simple: bool  # nothing but the arm decides when the first event happens, and it is known at once
    allocation: Allocation
    hazards: Hazards
    leaving: Leaving
    covariates: Covariates
    prohibited: Prohibited
    entry: Entry
    visits: Visits
    followed: bool  # the course of everybody is kept for the analyses
    score: Score
    dose: Dose
    analyses: Analyses

"""One simulated trial: who comes when and where, which arm they get, what happens to them, as rows of the analysis."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.compiling import compiled, inlined, inner
from equipoise.simulation.design.minimising_kernels import minimise
from equipoise.simulation.design.nature_kernels import (
    ATTENDED,
    DOSE,
    SCORE,
    first_seen,
    follow,
    frailty,
    next_onset,
    onset,
    onset_in_life,
    prognosis,
    score_ahead,
    turns,
    waiting,
)
from equipoise.simulation.design.philox_kernels import (
    CORE,
    COVARIATES,
    ENTRY,
    SITES,
    fill_participants,
    fine_unit,
    gamma,
    normal,
    unit,
    words,
)
from equipoise.simulation.design.plan import Floats, Plan, Whole

_WEEK: Final = 7.0
_WHOLE_TIME: Final = ~np.int64(3)  # times give up their two lowest bits, see comparison_kernels
_FACTOR: Final = SITES + 16


class Rows(NamedTuple):
    """A trial's analysis rows, one place for each participant in the order of entry.

    `time` and `event` are those of the survival analysis, `state` is 1 with the event, 0 without, −1 unknown; `events`
    counts how often it began while under observation; `base` and `final` are measures × participants, NaN unknown.
    """

    entered: Floats
    site: Whole
    stratum: Whole
    covariates: Floats  # covariates × participants, a level as its number
    arm: Whole
    time: Floats
    event: Whole
    state: Whole
    events: Whole
    base: Floats
    final: Floats
    days: Floats  # (SINCE, LEFT, DIED, STOPPED, BEGUN) × participants: what happened by SINCE; infinity if it did not
    courses: Floats  # participants × rows of a course × (baseline and assessments); of nobody where they are not kept


# Rows of `Rows.days`.
SINCE: Final = 0
LEFT: Final = 1
DIED: Final = 2
STOPPED: Final = 3
BEGUN: Final = 4


class Workspace(NamedTuple):
    """Room to work in, made once for many trials."""

    drawn: npt.NDArray[np.uint64]  # 4 × participants
    visits: npt.NDArray[np.uint64]  # 4 × (baseline and assessments)
    course: Floats
    early: Whole  # those whose time ends before the horizon
    state: npt.NDArray[np.int32]  # of each stratum's list
    taken: Whole  # strata, or levels of the factors of minimisation, × arms; see `allocate` and `minimise`
    met: Whole  # the state of the scheme that each participant met
    places: Whole  # participants × factors of minimisation: where their level stands in `taken`
    score: Whole  # of each arm
    rate: Floats  # of each site in this trial
    factor: Floats


def rows_for(plan: Plan) -> Rows:
    """Empty rows."""
    n = plan.participants
    entered, time = np.zeros((2, n))
    site, stratum, arm, event, state, events = np.zeros((6, n), np.int64)
    base, final, days = np.full((2, n), np.nan), np.full((2, n), np.nan), np.full((5, n), np.inf)
    covariates = np.zeros((plan.covariates.levels.size, n))
    courses = np.zeros((n if plan.followed else 0, 5, plan.visits.days.size + 1))
    return Rows(entered, site, stratum, covariates, arm, time, event, state, events, base, final, days, courses)


def workspace_for(plan: Plan) -> Workspace:
    """An empty workspace."""
    n, sites, arms = plan.participants, plan.entry.shares.size, plan.allocation.shares.size
    visits, strata, how = plan.visits.days.size + 1, plan.allocation.strata, plan.allocation.minimising
    return Workspace(
        drawn=np.zeros((4, n), np.uint64), visits=np.zeros((4, visits), np.uint64), course=np.zeros((5, visits)),
        early=np.zeros(n + 1, np.int64), state=np.zeros(strata, np.int32),
        taken=np.zeros((max(strata, how.levels), arms), np.int64), met=np.zeros(n, np.int64),
        places=np.zeros((n, how.factors.shape[1]), np.int64), score=np.zeros(arms, np.int64),
        rate=np.ones(sites), factor=np.ones(sites),
    )  # fmt: skip


@inlined
def prepare_sites(trial: int, key: Any, plan: Any, space: Any) -> None:
    """How fast each site recruits in this trial, and how often events happen there."""
    entry = plan.entry
    for site in range(space.rate.size):
        space.rate[site], space.factor[site] = 1.0, entry.ratio[site]
        if entry.variance > 0.0:
            space.rate[site] = entry.variance * gamma(1.0 / entry.variance, site, SITES, trial, key)
        if entry.spread > 0.0:
            deviate = normal(unit(words(site, _FACTOR, trial, key)[0]))
            space.factor[site] *= np.exp(entry.spread * deviate - 0.5 * entry.spread * entry.spread)


@inlined
def expected_in_week(week: int, entry: Any, space: Any) -> float:
    """How many are expected in a week, in all sites together."""
    total = 0.0
    for site in range(space.rate.size):
        total += entry.rates[site, week] * space.rate[site]
    return total


@inlined
def site_of(point: float, week: int, total: float, entry: Any, space: Any) -> Any:
    """The site at which somebody comes in a week."""
    left = point * total
    for site in range(space.rate.size):
        left -= entry.rates[site, week] * space.rate[site]
        if left < 0.0:
            return site
    return space.rate.size - 1


@inlined
def enter(trial: int, key: Any, plan: Any, space: Any, rows: Any) -> None:
    """When and where participants come: a Poisson process with the rates of the sites, the last week's going on."""
    entry, week, passed, need = plan.entry, 0, 0.0, 0.0
    total, last = expected_in_week(0, entry, space), entry.rates.shape[1] - 1
    fill_participants(space.drawn, ENTRY, trial, key)
    for i in range(plan.participants):
        need += -np.log(fine_unit(space.drawn[0, i], space.drawn[1, i]))
        while week < last and passed + total < need:
            passed += total
            week += 1
            total = expected_in_week(week, entry, space)
        rows.entered[i] = _WEEK * (week + (need - passed) / total)
        rows.site[i] = site_of(unit(space.drawn[2, i]), week, total, entry, space)


@inlined
def choose_sites(trial: int, key: Any, plan: Any, space: Any, rows: Any) -> None:
    """Where participants come, by the shares of the sites, when nobody asks when; counted as in `allocate`."""
    fill_participants(space.drawn, ENTRY, trial, key)
    for i in range(plan.participants):
        rows.site[i] = 0
    for end in plan.entry.shares[:-1]:
        for i in range(plan.participants):
            rows.site[i] += unit(space.drawn[2, i]) >= end


@inner
def draw_covariates(trial: int, key: Any, plan: Any, space: Any, rows: Any) -> None:
    """What participants are like at baseline. `space.drawn` is used up."""
    covariates = plan.covariates
    for place in range(covariates.levels.size):
        fill_participants(space.drawn, COVARIATES + place, trial, key)
        mean, deviation, least, most, step = covariates.law[place]
        for i in range(plan.participants):
            if covariates.levels[place] > 0:
                point, level = unit(space.drawn[0, i]), 0
                while point >= covariates.ends[place, level]:
                    level += 1
                rows.covariates[place, i] = level
                continue
            value = mean + deviation * normal(unit(space.drawn[0, i]))
            value = np.round(value / step) * step if step > 0.0 else value
            rows.covariates[place, i] = min(max(value, least), most)


@inner
def fill_strata(plan: Any, rows: Any) -> None:
    """The list that each participant's arm is drawn from."""
    allocation = plan.allocation
    for i in range(plan.participants):
        rows.stratum[i] = allocation.by_site * rows.site[i]
    for place in range(allocation.by_level.size):
        if allocation.by_level[place] > 0:
            for i in range(plan.participants):
                rows.stratum[i] += allocation.by_level[place] * np.int64(rows.covariates[place, i])


@inner
def bets_right(taken: Any, stratum: int, arm: Any, shares: Any) -> float:
    """The chance to guess an arm by betting on the one furthest behind its share (Blackwell & Hodges 1957)."""
    least, bets, right = np.inf, 0, 0.0
    for other in range(shares.size):
        behind = taken[stratum, other] / shares[other]
        if behind < least:
            least, bets, right = behind, 0, 0.0
        if behind == least:
            bets += 1
            right += other == arm
    return right / bets


@inlined
def allocate(plan: Any, space: Any, rows: Any) -> Any:
    """The arms, drawn along each stratum's list; the share of them that betting would guess.

    The branch taken is the number of ends that the draw reaches: counted rather than searched, which no processor can
    mispredict. For two equal arms the bet is counted in halves for the same reason, and `space.taken` has by how many
    the first is ahead.
    """
    allocation, halves, right = plan.allocation, 0, 0.0
    two_equal = allocation.shares.size == 2 and allocation.shares[0] == allocation.shares[1]
    for stratum in range(space.state.size):
        space.state[stratum] = 0
        for other in range(allocation.shares.size):
            space.taken[stratum, other] = 0
    for i in range(plan.participants):
        stratum = rows.stratum[i]
        point, row, branch = unit(space.drawn[3, i]), space.state[stratum], 0
        for other in range(allocation.ends.shape[1]):
            branch += point >= allocation.ends[row, other]
        arm = np.int64(allocation.arms[row, branch])
        if two_equal:
            ahead = space.taken[stratum, 0]
            halves += (ahead == 0) + 2 * ((ahead < 0) & (arm == 0)) + 2 * ((ahead > 0) & (arm == 1))
            space.taken[stratum, 0] = ahead + 1 - 2 * arm
        else:
            right += bets_right(space.taken, stratum, arm, allocation.shares)
            space.taken[stratum, arm] += 1
        rows.arm[i], space.met[i] = arm, row
        space.state[stratum] = allocation.after[row, branch]
    return (0.5 * halves + right) / plan.participants


@inlined
def observe_exactly(
    i: int, first: float, factor: float, leaves: float, trial: int, key: Any, plan: Any, rows: Any
) -> None:
    """One row where an event is known on the day it begins, for a hazard times `factor` or a treatment that stops."""
    arm = rows.arm[i]
    stop, _, begun = turns(i, arm, trial, key, plan)
    stop = np.inf if plan.leaving.kept else stop
    need, number = -np.log(first) / factor, 0
    begins = onset_in_life(need, plan, arm, stop, begun)
    end = min(leaves, plan.horizon)
    rows.event[i] = begins <= end
    rows.time[i] = min(begins, end)
    rows.state[i] = 1 if begins <= end else 0 if leaves >= plan.horizon else -1
    while begins <= end:
        number += 1
        need, begins, _, _ = next_onset(number, need, factor, arm, stop, begun, i, trial, key, plan)
    rows.events[i] = number


@inlined
def observe_simply(plan: Any, space: Any, rows: Any) -> None:
    """The rows where nothing but the arm matters.

    Who reaches the horizon is known by comparing the uniform with the chance to do so, before any logarithm. The others
    are listed without a branch that the processor could mispredict.
    """
    hazards, leaving, horizon, early = plan.hazards, plan.leaving, plan.horizon, 0
    for i in range(plan.participants):
        arm = rows.arm[i]
        rows.time[i], rows.event[i], rows.state[i] = horizon, 0, 0
        space.early[early] = i
        happens = fine_unit(space.drawn[0, i], space.drawn[1, i]) > hazards.free[arm]
        early += happens | (unit(space.drawn[2, i]) > leaving.staying[arm])
    for place in range(early):
        i = space.early[place]
        arm, chance = rows.arm[i], unit(space.drawn[2, i])
        leaves = -np.log(chance) / leaving.leaves[arm] if chance > leaving.staying[arm] else np.inf
        begins = onset(-np.log(fine_unit(space.drawn[0, i], space.drawn[1, i])), hazards, arm)
        first = begins <= min(leaves, horizon)
        rows.time[i], rows.event[i], rows.state[i] = min(begins, leaves), first, 2 * first - 1
    for i in range(plan.participants):
        rows.events[i] = rows.event[i]


@inlined
def observe_at_visits(
    i: int, first: float, factor: float, leaves: float, since: float,
    trial: int, key: Any, plan: Any, space: Any, rows: Any,
) -> None:  # fmt: skip
    """One row where an event is known from the assessments of the protocol, those until a day after randomisation."""
    course, last = space.course, space.course.shape[1] - 1
    stop, dies, begun = turns(i, rows.arm[i], trial, key, plan)
    rows.events[i] = follow(
        i, rows.arm[i], first, factor, min(leaves, since), np.inf if plan.leaving.kept else stop, begun,
        score_ahead(i, plan, rows.covariates), rows.entered[i], trial, key, plan, space.visits, course,
    )  # fmt: skip
    rows.time[i], rows.event[i], rows.state[i] = first_seen(course)
    there = course[ATTENDED, last] == 1.0
    rows.base[0, i], rows.base[1, i] = course[SCORE, 0], course[DOSE, 0]
    rows.final[0, i] = course[SCORE, last] if there else np.nan
    rows.final[1, i] = course[DOSE, last] if there else np.nan
    rows.days[SINCE, i] = since
    rows.days[LEFT, i] = leaves if leaves <= since and leaves < dies else np.inf
    rows.days[DIED, i] = dies if dies <= since and dies <= leaves else np.inf
    rows.days[STOPPED, i] = stop if stop <= since and stop < leaves else np.inf
    rows.days[BEGUN, i] = begun if begun <= since and begun < leaves else np.inf
    if plan.followed:
        for row in range(course.shape[0]):
            for place in range(course.shape[1]):
                rows.courses[i, row, place] = course[row, place]


@inlined
def fate(i: int, trial: int, key: Any, plan: Any, space: Any, rows: Any) -> Any:
    """What a participant is born with: the uniform behind the first event, the hazard's factor, the day of leaving.

    Who dies leaves on that day.
    """
    arm, first = rows.arm[i], fine_unit(space.drawn[0, i], space.drawn[1, i])
    leaves = waiting(space.drawn[2, i], plan.leaving.leaves[arm])
    if plan.leaving.dies[arm] > 0.0:
        leaves = min(leaves, turns(i, arm, trial, key, plan)[1])
    factor = space.factor[rows.site[i]] * frailty(i, trial, key, plan.hazards)
    if plan.covariates.prognostic:
        factor *= np.exp(prognosis(i, trial, key, plan, rows.covariates))
    return first, factor, leaves


@inlined
def observe(trial: int, key: Any, plan: Any, space: Any, rows: Any) -> None:
    """What happens to everybody."""
    for i in range(plan.participants):
        first, factor, leaves = fate(i, trial, key, plan, space, rows)
        if plan.visits.days.size:
            observe_at_visits(i, first, factor, leaves, np.inf, trial, key, plan, space, rows)
        else:
            observe_exactly(i, first, factor, leaves, trial, key, plan, rows)


@inlined
def one_trial(trial: int, key: Any, plan: Any, space: Any, rows: Any) -> Any:
    """Fill the rows of a trial by its number; the share of its allocations that betting would guess."""
    prepare_sites(trial, key, plan, space)
    if plan.entry.rates.size:
        enter(trial, key, plan, space, rows)
    elif plan.entry.shares.size > 1:
        choose_sites(trial, key, plan, space, rows)
    if plan.covariates.levels.size:
        draw_covariates(trial, key, plan, space, rows)
    if plan.allocation.strata > 1:
        fill_strata(plan, rows)
    fill_participants(space.drawn, CORE, trial, key)
    right = minimise(plan, space, rows) if plan.allocation.minimising.levels else allocate(plan, space, rows)
    if plan.simple:
        observe_simply(plan, space, rows)
    else:
        observe(trial, key, plan, space, rows)
    bits = rows.time.view(np.int64)
    for i in range(plan.participants):
        bits[i] &= _WHOLE_TIME
    return right


@compiled
def follow_everybody(trial: int, key: Any, plan: Any, space: Any, rows: Any, courses: Any, left: Any) -> None:
    """The assessments of everybody in the trial that rows and workspace hold, and the days on which they leave.

    `courses` are participants × (day, attended, state, score, dose) × (baseline and assessments).
    """
    for i in range(plan.participants):
        first, factor, leaves = fate(i, trial, key, plan, space, rows)
        left[i] = leaves
        if plan.visits.days.size:
            observe_at_visits(i, first, factor, leaves, np.inf, trial, key, plan, space, rows)
            for row in range(space.course.shape[0]):
                for place in range(space.course.shape[1]):
                    courses[i, row, place] = space.course[row, place]

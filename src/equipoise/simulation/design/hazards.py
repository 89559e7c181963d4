"""From what a scenario says of events to cumulative hazards in days: the reference arm's, and the effect on it."""

from math import exp, log

import numpy as np

from equipoise.simulation.design.plan import Floats, Hazards
from equipoise.simulation.design.scenario import DesignScenario, Effect, Event
from equipoise.simulation.patient import DAYS_PER_YEAR

_WEEK = 7.0


def hazards_of(scenario: DesignScenario, arms: tuple[str, ...], treated: str, horizon: float) -> Hazards:
    """The hazards of the arms. The effect is the treated arm's; every other arm is like the reference."""
    event, effect = scenario.event, scenario.effect
    starts, base = _pieces(event, effect, horizon)
    powers = starts**event.shape
    ratio = _size(event, effect, _cumulated(powers, base, horizon**event.shape))
    factors = {arm: np.ones(starts.size) for arm in arms} | {treated: _over_time(effect, ratio, starts)}
    rates = np.array([base * factors[arm] for arm in arms])
    before = np.zeros(rates.shape)
    before[:, 1:] = np.cumsum(rates[:, :-1] * np.diff(powers), axis=1)
    whole = [_cumulated(powers, row, horizon**event.shape) for row in rates]
    return Hazards(event.shape, starts, powers, rates, before, np.exp(-np.array(whole)), event.frailty, event.recurrent)


def mean_over_frailty(cumulative: Floats, variance: float) -> Floats:
    """The chance to be free of events, a gamma frailty of mean 1 averaged out (its Laplace transform)."""
    if variance == 0.0:
        return np.exp(-cumulative)
    return np.asarray((1.0 + variance * cumulative) ** (-1.0 / variance))


def cumulative_for(risk: float, variance: float) -> float:
    """The cumulative hazard of an average participant that gives a population this risk."""
    if variance == 0.0:
        return -log(1.0 - risk)
    return float(((1.0 - risk) ** -variance - 1.0) / variance)


def cumulative(hazards: Hazards, arm: int, days: Floats) -> Floats:
    """The cumulative hazard of an arm by each of the days."""
    piece = np.searchsorted(hazards.starts, days, side="right") - 1
    since = days**hazards.shape - hazards.powers[piece]
    return np.asarray(hazards.cumulative[arm, piece] + hazards.rates[arm, piece] * since)


def _cumulated(powers: Floats, rates: Floats, end: float) -> float:
    """The cumulative hazard by a time whose power is `end`."""
    return float(np.sum(rates * (np.minimum([*powers[1:], end], end) - np.minimum(powers, end))))


def _pieces(event: Event, effect: Effect, horizon: float) -> tuple[Floats, Floats]:
    """Days on which a rate or the effect changes, and the rate of the reference arm from each of them on."""
    starts = np.unique([0.0, *(_WEEK * piece.from_week for piece in event.pieces), *_changes(effect)])
    if event.risk is not None:
        return starts, np.full(starts.size, cumulative_for(event.risk, event.frailty) / horizon**event.shape)
    if event.per_year is not None:
        return starts, np.full(starts.size, event.per_year / DAYS_PER_YEAR**event.shape)
    days = np.array([_WEEK * piece.from_week for piece in event.pieces])
    rates = np.array([piece.per_year / DAYS_PER_YEAR for piece in event.pieces])
    return starts, rates[np.searchsorted(days, starts, side="right") - 1]


def _changes(effect: Effect) -> Floats:
    """The days on which the effect changes: when it begins, and every week while it wanes."""
    weeks = [effect.from_week]
    if effect.wanes is not None:
        weeks += [*np.arange(effect.wanes.from_week, effect.wanes.gone_by), effect.wanes.gone_by]
    return _WEEK * np.array(weeks)


def _size(event: Event, effect: Effect, reference: float) -> float:
    """The hazard ratio of the full effect; a risk by the end is turned into one."""
    if effect.risk is not None and reference > 0.0:
        return cumulative_for(effect.risk, event.frailty) / reference
    return effect.hazard_ratio if effect.hazard_ratio is not None else 1.0


def _over_time(effect: Effect, ratio: float, starts: Floats) -> Floats:
    """The hazard ratio from each of the days on; in a week of waning, that of the middle of the week."""
    left = np.ones(starts.size)
    if effect.wanes is not None:
        first, gone = _WEEK * effect.wanes.from_week, _WEEK * effect.wanes.gone_by
        middle = (starts + np.minimum(starts + _WEEK, gone)) / 2.0
        left = np.where(starts < first, 1.0, np.clip((gone - middle) / (gone - first), 0.0, 1.0))
        left[starts >= gone] = 0.0
    left[starts < _WEEK * effect.from_week] = 0.0
    return np.array([exp(log(ratio) * share) for share in left])

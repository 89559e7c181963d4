"""From what a scenario says of recruitment to how many are expected at each site in each week."""

from datetime import date, timedelta
from math import ceil

import numpy as np

from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.plan import Entry, Floats
from equipoise.simulation.design.scenario import Accrual, Closed, DesignScenario, SiteAssumed

_WEEK = 7


def entry_of(scenario: DesignScenario, protocol: Protocol) -> Entry:
    """How participants come. A site that the scenario does not name has a share like the others."""
    sites = [scenario.sites.get(site.id, SiteAssumed()) for site in protocol.sites]
    shares = np.array([site.share for site in sites])
    shares /= shares.sum()
    rates = np.zeros((0, 0))
    if scenario.accrual is not None:
        weeks = _weeks(scenario, sites)
        opened = np.array([_speed(site, scenario.accrual, weeks) for site in sites])
        rates = scenario.accrual.per_week * shares[:, None] * opened * _open(scenario, weeks)
    return Entry(
        np.ascontiguousarray(rates), np.cumsum(shares), scenario.accrual.varies if scenario.accrual else 0.0,
        np.array([site.hazard_ratio for site in sites]), scenario.between_sites,
    )  # fmt: skip


def _weeks(scenario: DesignScenario, sites: list[SiteAssumed]) -> int:
    """How many weeks until nothing changes any more, and one in which nothing does."""
    ramp = scenario.accrual.ramp_weeks if scenario.accrual else 0.0
    ends = [ceil(site.opens_week + ramp) for site in sites]
    if scenario.lockdown is not None and scenario.start is not None:
        ends.append(max((scenario.lockdown.last - scenario.start).days // _WEEK + 1, 0))
    return max(ends) + 1


def _speed(site: SiteAssumed, accrual: Accrual, weeks: int) -> Floats:
    """A site's speed in each week, from nothing before it opens to full speed after the ramp."""
    since = np.arange(weeks) + 1.0 - site.opens_week
    if accrual.ramp_weeks == 0.0:
        return np.clip(since, 0.0, 1.0)
    return np.clip((since - 0.5) / accrual.ramp_weeks, 0.0, 1.0)


def _open(scenario: DesignScenario, weeks: int) -> Floats:
    """The speed of recruitment in each week beside that of a week without a lockdown."""
    if scenario.lockdown is None or scenario.start is None:
        return np.ones(weeks)
    start, closed = scenario.start, scenario.lockdown
    return np.array([1.0 - (1.0 - closed.accrual) * _closed_share(start, week, closed) for week in range(weeks)])


def _closed_share(start: date, week: int, closed: Closed) -> float:
    """The share of a week's days that fall into a lockdown."""
    days = (start + timedelta(days=_WEEK * week + day) for day in range(_WEEK))
    return sum(closed.first <= day <= closed.last for day in days) / _WEEK

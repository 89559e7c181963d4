"""What is done in a simulated trial beside its analyses at the end."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from equipoise.simulation.design.analysis_kernels import ANCOVA, SURVIVAL
from equipoise.simulation.design.plan import Floats, Plan, Whole
from equipoise.simulation.design.requests import Requested


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """The analysis that somebody looks at while the trial runs."""

    place: int  # among the analyses of the plan
    benefit: float  # +1 where more is better, −1 where less is
    known_only: bool  # an unknown outcome is no information
    by_event: bool  # information is events, else outcomes
    measure: int | None = None  # the row of `Rows.final` whose values are the outcomes; else they are events by the end

    @classmethod
    def of(cls, place: int, one: Requested, plan: Plan) -> "Tested":
        """The analysis at a place of the plan, by its endpoint's direction and its method's word for the unknown."""
        benefit, effect = (1.0 if one.endpoint.better == "higher" else -1.0), int(plan.analyses.effect[place])
        measure = int(plan.analyses.measure[place]) if effect == ANCOVA else None
        return cls(place, benefit, one.method.missing not in ("event", "no_event"), effect == SURVIVAL, measure)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Looks at efficacy, and the bounds of a statistic that is large under benefit.

    Look k is due when `due[k]` of the information is in. The bounds at the end depend on how much there is then: with
    m looks held before, exactly one m belongs to each number, so they are given by the number alone.
    """

    tested: Tested
    due: tuple[int, ...]
    upper: Floats
    lower: Floats
    last_upper: Floats  # by the information at the end
    last_lower: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ReEstimated:
    """The number of participants reconsidered when the outcomes of `due` of the `planned` ones are in."""

    tested: Tested
    unknown_counts: bool  # an unknown outcome is taken for an event
    planned: int
    due: int
    needed: Whole  # by the number of events in all arms; empty where conditional power decides
    zone: tuple[float, float]  # the statistics at which the promising zone begins and ends
    critical: float  # the normal quantile of the level
    wanted: float  # that of the power wanted
    steps: tuple[int, ...]  # the numbers of participants up to which trials are counted


@dataclass(frozen=True, slots=True, eq=False)
class Rerandomised:
    """A randomisation test of an analysis of times by log-rank scores, over so many lists drawn anew."""

    place: int  # of the analysis, among those of the plan
    lists: int
    alpha: float


@dataclass(frozen=True, slots=True, eq=False)
class Supplied:
    """What infusions take, and how sites come by it."""

    days: Floats  # of the infusions, since randomisation
    vials: Floats  # of an infusion, by arm; for each kilogram where it is by weight
    by_weight: npt.NDArray[np.bool_]
    weight: tuple[float, float, float, float]  # mean, deviation, least and most
    rule: Floats  # initial, reorder at, order up to, days of shipping and on the shelf
    depot: Floats  # days of its deliveries, and vials by then


@dataclass(frozen=True, slots=True, eq=False)
class Conduct:
    """Everything that the trials of a design do beside their analyses at the end."""

    looks: Looks | None = None
    re_estimated: ReEstimated | None = None
    rerandomised: Rerandomised | None = None
    known: Floats | None = None  # of each state of the scheme, see `scheme.known_of`
    supplied: Supplied | None = None

    @property
    def plain(self) -> bool:
        """Whether there is nothing of the kind."""
        parts = (self.looks, self.re_estimated, self.rerandomised, self.known, self.supplied)
        return all(part is None for part in parts)


PLAIN: Final = Conduct()

"""A design scenario: what is assumed of a trial that is simulated thousands of times, as data beside the protocol.

Rates are per year, times are weeks since randomisation, as protocols say them; sites, arms, estimands and the schedule
are the protocol's. Keys that `scenarios/demo.yaml` has too mean the same.
"""

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.protocol.parts import Label
from equipoise.protocol.schema import YesNo
from equipoise.randomisation.minimisation import Measure
from equipoise.randomisation.restricted_minimisation import ByMinimisation
from equipoise.randomisation.specification import Procedure
from equipoise.simulation.design.scenario_conduct import Interim, ReEstimation, Rerandomisation, Supply
from equipoise.simulation.design.scenario_patients import Covariate, Prohibited
from equipoise.simulation.scenario import Part, Rate, Share


class Asked(Part):
    """An estimand of the protocol, and how many of its sensitivity analyses to run beside the main one, in order."""

    estimand: str
    sensitivity: int = Field(default=0, ge=0, le=20)


class Scheme(Part):
    """How participants are allocated: what the restricted file says, assumed. `strata` are the protocol's, or none.

    Without a `procedure` it is the protocol's own. Minimisation balances the strata as factors.
    """

    procedure: Procedure | ByMinimisation | None = None
    sizes: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    limit: int | None = None
    probability: Fraction | None = None
    alpha: int | None = None
    beta: int | None = None
    balls: int | None = None
    measure: Measure | None = None
    factor_weights: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    strata: Literal["protocol", "none"] = "protocol"


class Piece(Part):
    """A rate from a week on."""

    from_week: float = Field(ge=0)
    per_year: Rate


class Event(Part):
    """When events begin in the reference arm, by one of three: the risk by the end, a yearly rate, or rates in pieces.

    With a Weibull `shape`, `per_year` is what is expected in the first year. `frailty` is the variance of a gamma
    factor of each participant's rate. `weeks` is how long an event lasts, `severe` the share that is severe.
    """

    risk: Share | None = None
    per_year: Rate | None = None
    pieces: tuple[Piece, ...] = ()
    shape: float = Field(default=1.0, gt=0, le=10)
    frailty: float = Field(default=0.0, ge=0, le=100)
    recurrent: YesNo = False
    weeks: tuple[float, float] = (4, 12)
    severe: Share = 0.0

    @model_validator(mode="after")
    def _one_law(self) -> "Event":
        if (self.risk is not None) + (self.per_year is not None) + bool(self.pieces) != 1:
            raise ValueError("say exactly one of 'risk', 'per_year' and 'pieces'")
        if self.pieces and (self.shape != 1.0 or self.pieces[0].from_week != 0.0):
            raise ValueError("'pieces' begin at week 0 and go with no 'shape'")
        if any(a.from_week >= b.from_week for a, b in zip(self.pieces, self.pieces[1:], strict=False)):
            raise ValueError("each of 'pieces' begins after the one before")
        if self.risk is not None and self.risk >= 1.0:
            raise ValueError("a 'risk' is less than 1")
        return self


class Waning(Part):
    """An effect that fades: full until a week, gone by another, its logarithm falling in weekly steps between."""

    from_week: float = Field(ge=0)
    gone_by: float = Field(gt=0)


class Effect(Part):
    """What the treatment does: the ratio of the hazards, or the risk it leaves; from a week on, and perhaps waning.

    `after_stop` says whether the effect outlasts the treatment of who stops it.
    """

    hazard_ratio: float | None = Field(default=None, gt=0, le=100)
    risk: Share | None = None
    from_week: float = Field(default=0.0, ge=0)
    wanes: Waning | None = None
    after_stop: Literal["kept", "lost"] = "kept"

    @model_validator(mode="after")
    def _one_size(self) -> "Effect":
        if self.hazard_ratio is not None and self.risk is not None:
            raise ValueError("say 'hazard_ratio' or 'risk', not both")
        if self.risk is not None and (self.from_week or self.wanes or not 0.0 < self.risk < 1.0):
            raise ValueError("a 'risk' lies between 0 and 1 and is for an effect that is the same throughout")
        if self.wanes is not None and self.wanes.gone_by <= self.wanes.from_week:
            raise ValueError("an effect is gone after it begins to wane")
        return self


class Rates(Part):
    """How often something happens to participants of each arm."""

    per_year: dict[str, Rate]


class Assessment(Part):
    """How assessments go. `unknown` is an answer that is missing; the others are the errors of the index."""

    spread_days: float = Field(default=0.0, ge=0, le=30)
    missed: Share = 0.0
    unknown: float = Field(default=0.0, ge=0, lt=1)
    sensitivity: Share = 1.0
    specificity: Share = 1.0


class Accrual(Part):
    """How fast participants come: all sites together when every one is open and up to speed.

    `varies` is the variance of a gamma factor of each site's rate (Anisimov & Fedorov 2007); a site takes `ramp_weeks`
    to reach its speed.
    """

    per_week: float = Field(gt=0)
    varies: float = Field(default=0.0, ge=0, le=10)
    ramp_weeks: float = Field(default=0.0, ge=0, le=520)


class SiteAssumed(Part):
    """A site's share of recruitment, the week in which it opens, and the factor of its event rate."""

    share: float = Field(default=1.0, gt=0)
    opens_week: float = Field(default=0.0, ge=0, le=520)
    hazard_ratio: float = Field(default=1.0, gt=0)


class Closed(Part):
    """A time in which recruitment is multiplied by `accrual` and visits are missed more often."""

    first: date
    last: date
    accrual: Rate = 0.0
    missed: Share = 0.0


class Answers(Part):
    """What a replayed trial writes down at an assessment, by item: always `no_event`; with an event `event` too.

    Where the assessment does not know, the items of `event` are declared missing. `prohibited_medication` is written at
    the first assessment after it was begun.
    """

    no_event: dict[str, str] = Field(default_factory=dict)
    event: dict[str, str] = Field(default_factory=dict)
    prohibited_medication: dict[str, str] = Field(default_factory=dict)


class ScoreAssumed(Part):
    """A score over time: a normal course with a correlation over four weeks, rounded to `step` and kept `within`.

    `change` is what each arm changes by the end; `in_event` is added while an event lasts. `hazard_ratio` is the factor
    on the event rate for one point above the mean at baseline. `item` is where a replayed trial writes it down.
    """

    variable: str
    mean: float
    deviation: float = Field(gt=0)
    correlation: float = Field(default=0.8, ge=0, lt=1)
    within: tuple[float, float]
    step: float = Field(default=1.0, gt=0)
    change: dict[str, float] = Field(default_factory=dict)
    in_event: float = 0.0
    hazard_ratio: float = Field(default=1.0, gt=0, le=100)
    item: str = ""


class DoseAssumed(Part):
    """A dose, such as prednisone a day: raised when an event is seen, tapered every so many weeks of peace.

    `hazard_ratio` is the factor on the event rate for one unit above the mean at baseline. `item` is where a replayed
    trial writes it down.
    """

    variable: str
    start: dict[str, Rate]
    rise: Rate
    severe_rise: Rate | None = None
    taper: Rate = 0.0
    every_weeks: float = Field(default=8.0, gt=0)
    least: Rate = 0.0
    most: float = Field(default=1000.0, gt=0)
    hazard_ratio: float = Field(default=1.0, gt=0, le=100)
    item: str = ""


class DesignScenario(Part):
    """A whole design scenario. `grid` gives several values to keys, named with points, as in effect.hazard_ratio."""

    scenario: str
    text: Label | None = None
    participants: int | None = Field(default=None, ge=2, le=10_000)
    start: date | None = None
    compare: str = ""
    analyses: tuple[Asked, ...] = Field(min_length=1)
    randomisation: Scheme = Scheme()
    observed: Literal["at_visits", "at_once"] = "at_visits"
    event: Event
    effect: Effect = Effect()
    leaves: Rates | None = None
    stops_treatment: Rates | None = None
    dies: Rates | None = None
    prohibited_medication: Prohibited | None = None
    covariates: dict[str, Covariate] = Field(default_factory=dict, max_length=20)
    assessment: Assessment = Assessment()
    accrual: Accrual | None = None
    sites: dict[str, SiteAssumed] = Field(default_factory=dict)
    between_sites: float = Field(default=0.0, ge=0, le=5)
    lockdown: Closed | None = None
    score: ScoreAssumed | None = None
    dose: DoseAssumed | None = None
    monitoring: Interim | None = None
    re_estimation: ReEstimation | None = None
    randomisation_test: Rerandomisation | None = None
    predictability: YesNo = False
    supply: Supply | None = None
    written: Answers = Answers()
    grid: dict[str, tuple[str, ...]] = Field(default_factory=dict)

"""Estimands as data (ICH E9(R1)): what may happen after randomisation, what is done about it, and how it is estimated.

A strategy acts on what a participant contributes; `missing` says only what is done with what is still unknown then.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from equipoise.protocol.parts import Day, Identifier, Label, Part, Rule

Event = Literal[
    "treatment_stopped", "withdrawn", "lost", "died", "missed_assessment", "prohibited_medication", "pandemic"
]
Strategy = Literal["treatment_policy", "composite", "hypothetical", "while_on_treatment", "principal_stratum"]


class IntercurrentEvent(Part):
    """Something after randomisation that affects the endpoint, and what is done about it (ICH E9(R1))."""

    event: Event
    strategy: Strategy
    text: Label


class Method(Part):
    """The function of the statistics room and its settings; `strata` are compared within and then combined.

    A sensitivity analysis may ask the same of another `population` or `endpoint`, or with other `strategies`.
    """

    function: Literal[
        "two_proportions", "logistic", "kaplan_meier", "tipping_point", "survival", "ancova", "mmrm",
        "reference_based", "negative_binomial", "andersen_gill", "summary",
    ]  # fmt: skip
    label: Label | None = None
    endpoint: Identifier | None = None
    population: Identifier | None = None
    strategies: dict[Event, Strategy] = Field(default_factory=dict)
    test: Literal["chi_square", "chi_square_yates", "fisher", "cmh", "logrank", "wald", ""] = ""
    interval: Literal["newcombe", "miettinen_nurminen", "wald", ""] = ""
    missing: Literal["event", "no_event", "complete_case", "available", ""] = ""
    ties: Literal["efron", "breslow"] = "efron"
    strata: tuple[Identifier, ...] = ()
    covariates: tuple[Identifier, ...] = ()
    imputation: Literal["jump_to_reference", "copy_reference", "copy_increments", "missing_at_random"] = (
        "jump_to_reference"
    )
    covariance: Literal["us", "toeph", "toep", "adh", "ar1h", "ar1", "csh", "cs"] = "us"


class Estimand(Part):
    """Exactly what is estimated: population, treatment, variable, intercurrent events, summary (ICH E9(R1))."""

    id: Identifier
    endpoint: Identifier
    label: Label
    population: Identifier
    reference_arm: Identifier
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    summary: Label
    method: Method
    sensitivity: tuple[Method, ...] = ()

    def strategies(self, method: Method) -> dict[str, str]:
        """What is done about each event in an analysis: the method's word where it has one, else the estimand's."""
        found: dict[str, str] = {}
        for each in self.intercurrent_events:
            found[each.event] = each.strategy
        found.update({str(event): strategy for event, strategy in method.strategies.items()})
        return found


class Pandemic(Part):
    """When the pandemic reached a participant: a visit missed or held remotely for one of these reasons, or a day."""

    reasons: tuple[str, ...] = ("pandemic",)
    first_day: Day | None = None
    last_day: Day | None = None


class IntercurrentDates(Part):
    """How intercurrent events are found that no act of the trial's conduct records as such."""

    prohibited_medication: Rule | None = None
    pandemic: Pandemic | None = None


class Subgroup(Part):
    """A baseline variable whose levels are compared; a number is cut below each of `cuts`."""

    variable: str
    label: Label | None = None
    cuts: tuple[Decimal, ...] = ()


class Component(Part):
    """One thing that can be counted at an assessment of an endpoint."""

    id: Identifier
    label: Label
    rule: Rule


class Components(Part):
    """What an endpoint is made of: each rule is counted over the endpoint's time."""

    id: Identifier
    label: Label
    endpoint: Identifier
    counted: tuple[Component, ...]

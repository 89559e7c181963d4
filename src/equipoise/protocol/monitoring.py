"""The plan of interim monitoring: the looks, when each is due, who holds them, and the boundary they test against.

The words are those of ICH E9 section 4.5 and of the FDA's guidance on data monitoring committees (2006).
"""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from equipoise.protocol.parts import Day, Identifier, Label, Part, YesNo

Error = Annotated[Decimal, Field(gt=0, lt=1)]


class SpendingRule(Part):
    """An error-spending function by its name in the statistics room, with its parameter where it has one."""

    spending: Literal["lan_demets_of", "lan_demets_pocock", "hwang_shih_decani", "kim_demets_power"]
    parameter: Decimal | None = None


class Futility(SpendingRule):
    """How the error of the second kind is spent on stopping for futility; bounds that do not bind may be overruled."""

    beta: Error
    binding: YesNo = False


class Boundary(Part):
    """What the efficacy looks and the final analysis test: one arm against the estimand's reference arm.

    `information` is the planned maximum: events for a time to event, else participants whose outcome is known. It is
    counted over all arms, so that nobody needs an arm to see how far the trial is. The level is `analysis.alpha`: both
    sides together of a two-sided test, half of it for one side.
    """

    estimand: Identifier
    arm: Identifier
    information: int = Field(ge=1, le=1_000_000)
    power: Error
    sided: int = Field(default=1, ge=1, le=2)
    efficacy: SpendingRule
    futility: Futility | None = None


class Due(Part):
    """When a look is due: at a share of the information, with so many participants seen at a visit, or on a date."""

    information: Error | None = None
    participants: int | None = Field(default=None, ge=1, le=1_000_000)
    visit: Identifier | None = None
    date: Day | None = None


class Look(Part):
    """One look at the data by the committee; without `efficacy` it is a look at safety and spends nothing."""

    id: Identifier
    label: Label
    when: Due
    efficacy: YesNo = False


class Monitoring(Part):
    """Who looks at the data while the trial runs, how often, and what it costs.

    `statistician` holds the looks and is a recipient of the sealed list; `chair` asks for them and signs what the
    committee recommends. Counts below `smallest_count` are not shown in the open report.
    """

    statistician: Identifier
    chair: Identifier
    open_report_to: tuple[Identifier, ...]
    closed_report_to: tuple[Identifier, ...]
    smallest_count: int = Field(default=5, ge=2, le=100)
    boundary: Boundary | None = None
    looks: tuple[Look, ...]

    @cached_property
    def look_by_id(self) -> dict[str, Look]:
        """The looks by their id."""
        return {look.id: look for look in self.looks}

    @cached_property
    def efficacy_looks(self) -> tuple[Look, ...]:
        """The looks at which the boundary is tested, in order."""
        return tuple(look for look in self.looks if look.efficacy)

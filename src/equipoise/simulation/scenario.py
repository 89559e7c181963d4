"""A scenario: what nature and the staff do in a simulated trial, as data beside the protocol.

Nothing here is known to the ledger. Items a scenario does not mention are answered plausibly from their type.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from equipoise.items import Problem
from equipoise.protocol.document import read_document
from equipoise.protocol.lines import Lines
from equipoise.protocol.schema import YesNo
from equipoise.protocol.wording import problems_of

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0)]


class Part(BaseModel):
    """Any part of a scenario: frozen, and a key nobody defined is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Draw(Part):
    """How the answer to an item comes about. The first of the ways given is used.

    `normal` and `lognormal` are a mean (or median) and a spread between participants; `noise` is the spread within
    one, from visit to visit; items with one `centre` share what is the participant's own. `during` and `onset` replace
    the draw while a latent event lasts, or at the first visit after it began. `by` names an earlier answer of the same
    form, and `each` the draw for each of its codes. `bag` is the label of what the pharmacy handed over.
    """

    bag: YesNo = False
    by: str = ""
    each: dict[str, "Draw"] = {}
    fixed: str | None = None
    choose: dict[str, float] | None = None
    normal: tuple[float, float] | None = None
    lognormal: tuple[float, float] | None = None
    days_before: tuple[int, int] | None = None
    minutes: tuple[int, int] | None = None
    level: "Level | None" = None
    centre: str = ""
    noise: float = 0.0
    within: tuple[float, float] | None = None
    shift: dict[str, float] = {}
    drift_per_week: dict[str, float] = {}
    missing: Share = 0.0
    during: dict[str, "Draw"] = {}
    onset: dict[str, "Draw"] = {}


class Level(Part):
    """A dose that is raised when an event begins and tapered while there is peace."""

    start: dict[str, float]
    rise: dict[str, float] = {}
    taper: float = 0.0
    every_weeks: int = Field(default=8, ge=1)
    least: float = 0.0
    most: float = 1000.0


class Latent(Part):
    """An event of nature in a participant, such as a flare: how often in each arm, how long, and how often severe.

    `kinds` are the forms it takes, each with its chance; draws know a flare with a rash as `flare_rash`.
    """

    per_year: dict[str, Rate]
    weeks: tuple[int, int] = (4, 12)
    severe: Share = 0.0
    kinds: dict[str, Share] = {}
    waning: float = 1.0


class Failure(Part):
    """A way to fail screening: answers that replace those drawn."""

    share: Share
    answers: dict[str, str]
    days_before: dict[str, int] = {}


class Screening(Part):
    """Who does not get in."""

    failures: tuple[Failure, ...] = ()
    withdraws_consent: Share = 0.0
    days_to_baseline: tuple[int, int] = (7, 14)


class Lockdown(Part):
    """A time in which people cannot come."""

    first: date
    last: date
    missed: Share
    remote: Share
    because: str = "pandemic"


class Attendance(Part):
    """How visits go."""

    spread_days: float = 1.5
    missed: Share = 0.02
    remote_skips: tuple[str, ...] = ()
    corrections: Share = 0.0


class Leaving(Part):
    """How participants stop treatment or leave, per year, and for which reasons."""

    per_year: dict[str, Rate]
    reasons: dict[str, float]


class LogRow(Part):
    """A kind of row in a log form, such as an adverse event: how often, and what it says."""

    form: str
    per_year: dict[str, Rate]
    answers: dict[str, Draw] = {}


class SitePlan(Part):
    """A site's share of recruitment, and the week in which it opens."""

    share: Rate = 1.0
    opens_week: int = Field(default=0, ge=0)


class Scenario(Part):
    """A whole scenario."""

    scenario: str
    text: str = ""
    start: date
    sites: dict[str, SitePlan] = {}
    accrual_per_week: float = Field(gt=0)
    screening: Screening = Screening()
    attendance: Attendance = Attendance()
    lockdown: Lockdown | None = None
    latent: dict[str, Latent] = {}
    stops_treatment: Leaving | None = None
    leaves: Leaving | None = None
    items: dict[str, Draw] = {}
    rows: tuple[LogRow, ...] = ()


def read_scenario(data: bytes, *, name: str = "demo.yaml") -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario written in a file, or every place where it is not one."""
    scenario, problems, _ = read_with_lines(data, name)
    return scenario, problems


def read_with_lines(data: bytes, name: str) -> tuple[Scenario | None, tuple[Problem, ...], Lines]:
    """What `read_scenario` gives, with the line of each part."""
    document, problems = read_document(data, name)
    if document is None:
        return None, problems, Lines(name)
    try:
        return Scenario.model_validate(document.tree), (), document.lines
    except ValidationError as wrong:
        return None, problems_of(wrong.errors(include_url=False), document.lines, Scenario), document.lines

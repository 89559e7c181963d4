"""Where the forms keep what safety is described from: doses, adverse events, medication, and the laboratory's terms.

Each part names items of one form and the codes of them that mean something; nothing here has a disease or a drug in it.
"""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from equipoise.protocol.parts import Identifier, Part, later


class Administration(Part):
    """What the form of the treatment says each time: one time is one dose of the arm's amount."""

    given: Identifier
    because: Identifier | None = None
    whole: Identifier | None = None
    interrupted: Identifier | None = None


class AdverseEventForm(Part):
    """Which form and items hold the adverse events.

    `severe` is the mildest code of severity that counts as severe; `stopping` and `fatal` are the codes of `action`
    and `outcome` that say so; `coded` is the dictionary's preferred term where events are coded. `seriousness` says
    why an event is serious, `aware` on which day the site knew.
    """

    form: Identifier
    term: Identifier
    category: Identifier
    severity: Identifier
    serious: Identifier
    related: Identifier
    onset: Identifier
    end: Identifier | None = None
    action: Identifier | None = None
    outcome: Identifier | None = None
    coded: Identifier | None = None
    seriousness: Identifier | None = later()
    aware: Identifier | None = later()
    severe: str = ""
    stopping: tuple[str, ...] = ()
    fatal: tuple[str, ...] = ()


class MedicationForm(Part):
    """Which form and items hold the medication taken beside the study treatment."""

    form: Identifier
    drug: Identifier
    drug_class: Identifier
    start: Identifier
    stop: Identifier | None = None
    ongoing: Identifier | None = None
    dose: Identifier | None = None
    reason: Identifier | None = None


class BackgroundDose(Part):
    """The daily dose of a drug taken beside the study treatment, and the dose above which it counts as high."""

    variable: Identifier
    high: Decimal | None = None


class Emergent(Part):
    """From when on an adverse event counts as treatment-emergent, and until how many days after the last dose."""

    since: Literal["first_dose", "randomisation"] = "first_dose"
    days_after_last_dose: int | None = Field(default=None, ge=0, le=3650)


class ReferenceRange(Part):
    """Lower and upper limit of normal, for everybody or for one sex."""

    analyte: Identifier
    unit: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    sex: Literal["female", "male"] | None = None


class Liver(Part):
    """The analytes that make the liver signal (Hy's law)."""

    alt: Identifier
    bilirubin: Identifier
    ast: Identifier | None = None
    alp: Identifier | None = None


class Laboratory(Part):
    """The reference ranges that results are read against, their CTCAE terms, and what is watched."""

    source: str = ""
    sex_item: str = "sex"
    ranges: tuple[ReferenceRange, ...] = ()
    grades: dict[Identifier, str] = Field(default_factory=dict)
    liver: Liver | None = None
    drawn: tuple[Identifier, ...] = ()

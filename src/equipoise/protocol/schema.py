"""The protocol file as one frozen value: every trial is one of these, and nothing but data differs between two.

Field names follow the words of ICH M11 and CDISC where those are good; the file is meant to be read aloud.
Text becomes typed values here and nowhere else (pydantic); what needs more than one field to judge is in `check`.
"""

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from equipoise.items.file import MOST_MEGABYTES, MediaType
from equipoise.items.item import ItemType
from equipoise.items.missing import MissingCode
from equipoise.protocol.estimands import Component as Component
from equipoise.protocol.estimands import Components as Components
from equipoise.protocol.estimands import Estimand as Estimand
from equipoise.protocol.estimands import IntercurrentDates as IntercurrentDates
from equipoise.protocol.estimands import IntercurrentEvent as IntercurrentEvent
from equipoise.protocol.estimands import Method as Method
from equipoise.protocol.estimands import Pandemic as Pandemic
from equipoise.protocol.estimands import Subgroup as Subgroup
from equipoise.protocol.infusion import InfusionRecord as InfusionRecord
from equipoise.protocol.masking import Masking
from equipoise.protocol.monitoring import Monitoring
from equipoise.protocol.parts import Activity as Activity
from equipoise.protocol.parts import Day as Day
from equipoise.protocol.parts import Identifier as Identifier
from equipoise.protocol.parts import Label as Label
from equipoise.protocol.parts import Language as Language
from equipoise.protocol.parts import OutsideSchedule as OutsideSchedule
from equipoise.protocol.parts import Part as Part
from equipoise.protocol.parts import Rule as Rule
from equipoise.protocol.parts import Schedule as Schedule
from equipoise.protocol.parts import VisitPattern as VisitPattern
from equipoise.protocol.parts import Weeks as Weeks
from equipoise.protocol.parts import Window as Window
from equipoise.protocol.parts import YesNo as YesNo
from equipoise.protocol.parts import later
from equipoise.protocol.preparation import Measure as Measure
from equipoise.protocol.preparation import Preparation as Preparation
from equipoise.protocol.preparation import Unit as Unit
from equipoise.protocol.records import Administration as Administration
from equipoise.protocol.records import AdverseEventForm as AdverseEventForm
from equipoise.protocol.records import BackgroundDose as BackgroundDose
from equipoise.protocol.records import Emergent as Emergent
from equipoise.protocol.records import Laboratory as Laboratory
from equipoise.protocol.records import Liver as Liver
from equipoise.protocol.records import MedicationForm as MedicationForm
from equipoise.protocol.records import ReferenceRange as ReferenceRange
from equipoise.protocol.recruitment import Recruitment
from equipoise.protocol.reports import BeyondLimit as BeyondLimit
from equipoise.protocol.reports import ReportedUnit as ReportedUnit
from equipoise.protocol.schedule import (
    EARLY_TERMINATION,
    Encounter,
    Visit,
    resolve_visits,
    unscheduled_id,
    visit_outside,
)
from equipoise.protocol.supply import Kits, Supply
from equipoise.randomisation.restricted_minimisation import ByMinimisation
from equipoise.randomisation.specification import Procedure

# --- What the trial is ------------------------------------------------------------------------------------------


class Study(Part):
    """Identification and design in the registry's words."""

    title: Label
    short_title: Label
    acronym: str
    registrations: dict[str, str] = Field(default_factory=dict)
    sponsor: Label
    investigators: tuple[Label, ...] = ()
    conditions: tuple[Label, ...]
    phase: Literal["NA", "1", "1/2", "2", "2/3", "3", "4"]
    purpose: str
    model: Literal["parallel", "single_group", "crossover", "factorial", "sequential"] = "parallel"
    planned_participants: int = Field(ge=1, le=1_000_000)
    participants: int = Field(ge=1, le=1_000_000)
    sex: Literal["all", "female", "male"] = "all"
    minimum_age: str = ""
    maximum_age: str = ""
    countries: tuple[str, ...] = ()
    start: Day | None = None
    summary: Label | None = None


class Site(Part):
    """A place where participants are seen."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,6}$")]
    label: Label
    country: str
    time_zone: str


class Product(Part):
    """What a participant is given. Only unmasked people may learn which."""

    id: Identifier
    label: Label
    presentation: Label
    unit_strength: str = ""
    unit: Unit | None = later()


class Dose(Part):
    """A fixed amount, or an amount per kilogram of body weight."""

    amount: Decimal = Field(gt=0)
    unit: Literal["mg", "mg/kg", "mL", "tablet", "capsule", "IU"]


class Arm(Part):
    """One of the ways participants are treated."""

    id: Identifier
    label: Label
    type: Literal["experimental", "active_comparator", "placebo_comparator", "no_intervention"]
    product: Identifier
    dose: Dose | None = None
    description: Label


class Treatment(Part):
    """How the product is given, in words that are the same for every arm."""

    label: Label
    route: Label
    form: Identifier
    at: Weeks
    instructions: Label | None = None
    administration: Administration | None = None
    preparation: Preparation | None = later()
    infusion: InfusionRecord | None = later()


class Randomisation(Part):
    """Who may know what of the scheme: the ratio and the strata are public, block sizes are in a restricted file."""

    procedure: Literal[Procedure, ByMinimisation]
    ratio: dict[Identifier, Annotated[int, Field(ge=1, le=20)]]
    strata: tuple[str, ...] = ()
    specification: str


# --- What is asked ----------------------------------------------------------------------------------------------


class Code(Part):
    """One entry of a code list: the code is stored, the label is shown."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+-]{1,40}$")]
    label: Label


class FormItem(Part):
    """One question of a form.

    `section` is the heading that begins with it. `unasked` is its answer for every rule wherever `when` is certainly
    false; nothing is recorded then.
    """

    id: Identifier
    label: Label
    section: Label | None = None
    help: Label | None = None
    type: ItemType
    unit: str = ""
    units: tuple[ReportedUnit, ...] = later(())
    beyond: BeyondLimit | None = later()
    places: int | None = Field(default=None, ge=0, le=6)
    codes: str = ""
    to: str = later("")
    media: tuple[MediaType, ...] = later(())
    megabytes: int | None = later(ge=1, le=MOST_MEGABYTES)
    range: tuple[Decimal, Decimal] | None = None
    expected: tuple[Decimal, Decimal] | None = None
    width: int | None = later(ge=2, le=60)
    required: YesNo = True
    when: Rule | None = None
    unasked: str | None = None
    group: str = ""
    analyte: str = ""


class EditCheck(Part):
    """What should hold on a form. It speaks only when the rule is certainly false, and never blocks a true value."""

    id: Identifier
    expect: Rule
    strength: Literal["impossible", "unlikely", "notable"]
    message: Label


class Form(Part):
    """A page of questions; a repeating form is a log with one row per repeat."""

    id: Identifier
    label: Label
    filled_by: tuple[Identifier, ...]
    repeats: YesNo = False
    signed_by: Identifier | None = None
    instructions: Label | None = None
    columns: Literal["1", "2"] = later("1")
    missing: tuple[MissingCode, ...] = later(())
    items: tuple[FormItem, ...]
    checks: tuple[EditCheck, ...] = ()

    @cached_property
    def item_by_id(self) -> dict[str, FormItem]:
        """The questions by their id."""
        return {item.id: item for item in self.items}

    @cached_property
    def ambiguous(self) -> frozenset[str]:
        """The questions whose words another one of the form has too."""
        words = Counter((item.label.en, item.label.zh) for item in self.items)
        return frozenset(item.id for item in self.items if words[item.label.en, item.label.zh] > 1)


class Derivation(Part):
    """A value the system computes at each visit: by a rule, or by a named instrument. Nobody types it."""

    id: Identifier
    label: Label
    rule: Rule | None = None
    instrument: str | None = None
    variant: str = ""
    result: str = ""
    inputs: dict[str, Rule] = Field(default_factory=dict)
    settings: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    shown_to: tuple[Identifier, ...] | None = None


class Criterion(Part):
    """One criterion of eligibility. Inclusion criteria must be true, exclusion criteria false; unknown is neither."""

    id: Annotated[str, StringConstraints(pattern=r"^[IE][0-9]{1,2}[a-z]?$")]
    text: Label
    rule: Rule
    explanation: Label | None = None


class Eligibility(Part):
    """Who may enter, judged on the values of one visit."""

    visit: Identifier
    inclusion: tuple[Criterion, ...]
    exclusion: tuple[Criterion, ...]


# --- Who may do and see what ------------------------------------------------------------------------------------

Permission = Literal[
    "view", "screen", "consent", "enter", "confirm_eligibility", "randomise", "sign", "dispense", "query", "answer",
    "stop_treatment", "end_participation", "break_code", "lock", "open_list", "analyse", "administer", "audit",
    "hold_look", "recommend", "account", "handle_kits", "manage_supply", "report_safety",
]  # fmt: skip


class Role(Part):
    """What a person in this role may do, and what is kept from them."""

    id: Identifier
    label: Label
    scope: Literal["site", "study"]
    masked: YesNo
    may: tuple[Permission, ...]
    hidden_forms: tuple[Identifier, ...] = ()
    hidden_items: tuple[Identifier, ...] = ()
    looks_back: YesNo = later(True)


class SeparateDuties(Part):
    """Roles of which one person holds one at most, beyond those that never go together."""

    roles: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    reason: Label


# --- What is watched, and what is concluded ---------------------------------------------------------------------


class SpecialInterest(Part):
    """An adverse event of special interest: recognised by a rule on the adverse-event row."""

    id: Identifier
    label: Label
    rule: Rule


class Clock(Part):
    """A duty with a deadline, counted from the awareness of whoever has the duty: the site's, or the sponsor's.

    `follow_up_hours` is the time for a report on what is learnt after the first one.
    """

    id: Identifier
    label: Label
    starts: Rule
    hours: int = Field(gt=0, le=100_000)
    source: str
    awareness: Literal["site", "sponsor"] = later("site")
    follow_up_hours: int | None = later(gt=0, le=100_000)


class Safety(Part):
    """Adverse events, those of special interest, and the clocks."""

    adverse_events: AdverseEventForm
    special_interest: tuple[SpecialInterest, ...] = ()
    clocks: tuple[Clock, ...] = ()
    emergent: Emergent = Emergent()
    medication: MedicationForm | None = None
    background_dose: BackgroundDose | None = None


class Objective(Part):
    """What the trial wants to know."""

    id: Identifier
    tier: Literal["primary", "secondary", "exploratory", "safety"]
    text: Label


class Endpoint(Part):
    """What is measured in each participant.

    `event`, `time_to_event` and `count` read `rule` at every assessment after randomisation up to `through`; a count is
    of episodes, a new one beginning after `free_assessments` in a row without the event. `change` and `value` read
    `variable` at the baseline visit and at `through`.
    """

    id: Identifier
    label: Label
    tier: Literal["primary", "secondary", "exploratory", "safety"]
    objective: Identifier
    measure: Literal["event", "time_to_event", "count", "change", "value"]
    rule: Rule | None = None
    free_assessments: int = Field(default=1, ge=0, le=100)
    variable: str | None = None
    through: Identifier
    unit: str = ""
    better: Literal["higher", "lower"] = "lower"


class AnalysisSet(Part):
    """A set of participants with a name; `who` is one of the definitions the analysis room knows."""

    id: Identifier
    label: Label
    who: Literal["randomised", "dosed", "per_protocol"]
    arm: Literal["as_randomised", "as_treated"] = "as_randomised"


class Analysis(Part):
    """The sets, the tables and what goes into them."""

    alpha: Decimal = Field(default=Decimal("0.05"), gt=0, lt=1)
    sets: tuple[AnalysisSet, ...]
    baseline: tuple[str, ...]
    trajectories: tuple[str, ...] = ()
    intercurrent: IntercurrentDates = IntercurrentDates()
    subgroups: tuple[Subgroup, ...] = ()
    components: tuple[Components, ...] = ()
    important_deviations: tuple[str, ...] = ("major",)


class Registry(Part):
    """What the public register needs beyond what is said elsewhere."""

    primary_outcome_time_frame: str = ""
    keywords: tuple[str, ...] = ()
    overall_status: str = ""
    contact: str = ""
    sharing: Label | None = None


class Protocol(Part):
    """A trial."""

    equipoise: Literal["1"]
    id: Identifier
    version: str
    dated: Day
    languages: tuple[Language, ...] = ("en", "zh")
    study: Study
    objectives: tuple[Objective, ...]
    sites: tuple[Site, ...]
    products: tuple[Product, ...]
    arms: tuple[Arm, ...]
    treatment: Treatment
    randomisation: Randomisation
    masking: Masking
    roles: tuple[Role, ...]
    separate_duties: tuple[SeparateDuties, ...] = later(())
    schedule: Schedule
    code_lists: dict[Identifier, tuple[Code, ...]]
    forms: tuple[Form, ...]
    laboratory: Laboratory = Laboratory()
    derivations: tuple[Derivation, ...] = ()
    eligibility: Eligibility
    safety: Safety
    endpoints: tuple[Endpoint, ...]
    estimands: tuple[Estimand, ...]
    analysis: Analysis
    monitoring: Monitoring | None = later()
    recruitment: Recruitment | None = later()
    supply: Supply | None = later()
    registry: Registry = Registry()

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit in the order of its weeks."""
        return resolve_visits(self.schedule)

    @cached_property
    def visit_by_id(self) -> dict[str, Visit]:
        """The planned visits by their id."""
        return {visit.id: visit for visit in self.visits}

    def encounter(self, id_: str) -> Encounter | None:
        """A planned visit, or one outside the schedule; None for an id that is neither."""
        return self.visit_by_id.get(id_) or visit_outside(self.schedule, id_)

    @cached_property
    def outside(self) -> tuple[Encounter, ...]:
        """One visit of each kind outside the schedule: the first unscheduled one, and the early-termination visit."""
        found = (visit_outside(self.schedule, id_) for id_ in (unscheduled_id(1), EARLY_TERMINATION))
        return tuple(visit for visit in found if visit is not None)

    @cached_property
    def form_by_id(self) -> dict[str, Form]:
        """The forms by their id."""
        return {form.id: form for form in self.forms}

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        """The roles by their id."""
        return {role.id: role for role in self.roles}

    @property
    def kits(self) -> Kits | None:
        """The plan of the kits; None where a pharmacist prepares."""
        return self.supply.kits if self.supply is not None else None

    @cached_property
    def list_recipients(self) -> tuple[str, ...]:
        """The roles whose keys may open envelopes: those not masked, but the committee, which reads reports."""
        plan = self.monitoring
        readers = {*plan.closed_report_to, plan.chair} - {plan.statistician} if plan is not None else set()
        return tuple(role.id for role in self.roles if not role.masked and role.id not in readers)

    @cached_property
    def pharmacy_readers(self) -> tuple[str, ...]:
        """The roles that read the pharmacy's sealed register: who may dispense, and who checks the accountability."""
        return tuple(role.id for role in self.roles if {"dispense", "account"} & set(role.may))

    @cached_property
    def product_by_id(self) -> dict[str, Product]:
        """The products by their id."""
        return {product.id: product for product in self.products}

    def zone_of(self, site: str) -> str:
        """The time zone of a site; UTC for what is no site of the trial."""
        return next((each.time_zone for each in self.sites if each.id == site), "UTC")

    @cached_property
    def arm_by_id(self) -> dict[str, Arm]:
        """The arms by their id."""
        return {arm.id: arm for arm in self.arms}

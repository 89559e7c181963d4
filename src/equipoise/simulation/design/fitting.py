"""Whether a design scenario fits a protocol, and whether its analyses are among those that the kernels compute."""

from collections.abc import Iterable, Iterator
from typing import Final

from equipoise.items import Problem, read, unknown
from equipoise.protocol.lines import Path
from equipoise.protocol.names import item_of, names_of
from equipoise.protocol.schema import Protocol
from equipoise.randomisation.specification import PARAMETERS, Specification, check
from equipoise.simulation.design.grid import Cell
from equipoise.simulation.design.minimising import keys_of_another, list_procedure, minimisation_misfits, stratified_by
from equipoise.simulation.design.requests import Requested, requested
from equipoise.simulation.design.scenario import DesignScenario
from equipoise.simulation.design.strategies import strategy_misfits

Wrong = tuple[Path, str, str, str]  # where, id, what, hint

# What is computed of each function of the statistics room: tests, intervals, and what missing may mean.
COMPILED: Final = {
    "two_proportions": (
        {"chi_square", "chi_square_yates", "fisher", "wald", ""}, {"newcombe", "miettinen_nurminen", "wald", ""},
        {"event", "no_event", "complete_case", "available", ""},
    ),
    "survival": ({"logrank", "wald", ""}, {"wald", ""}, {"event", "no_event", "complete_case", "available", ""}),
    "ancova": ({"wald", ""}, {"wald", ""}, {"available", "complete_case", ""}),
    "mmrm": ({"wald", ""}, {"wald", ""}, {"available", ""}),
    "logistic": ({"wald", ""}, {"wald", ""}, {"event", "no_event", "complete_case", "available", ""}),
    "kaplan_meier": ({"wald", ""}, {"wald", ""}, {"event", "no_event", "complete_case", "available", ""}),
}  # fmt: skip
_OF_NUMBERS: Final = ("ancova", "mmrm")
# Of proportions within strata there is one test and one interval.
_WITHIN: Final = ({"cmh", ""}, {"miettinen_nurminen", ""})
_FEWER: Final = "Ask for fewer sensitivity analyses, or for another estimand."


def misfits(cell: Cell, protocol: Protocol) -> tuple[Problem, ...]:
    """Everything a scenario names that the protocol does not have, or asks for that the kernels do not compute."""
    scenario, lines = cell.scenario, cell.lines
    named = [*_names(scenario, protocol), *_shape(scenario, protocol)]
    wrong = named or list(_analyses(scenario, protocol))
    found = tuple(Problem(id_, lines.where(path), said, hint) for path, id_, said, hint in wrong)
    return (*found, *_scheme(scenario, protocol, lines.where(_SCHEME)))


_SCHEME: Final[Path] = ("randomisation",)


def _scheme(scenario: DesignScenario, protocol: Protocol, where: str) -> Iterator[Problem]:
    """What keeps the scheme from giving arms."""
    yield from keys_of_another(scenario, protocol, where)
    drawn = specification(scenario, protocol)
    if drawn is None:
        yield from minimisation_misfits(scenario, protocol, most_participants(scenario, protocol), where)
    else:
        yield from check(drawn, protocol.randomisation.ratio, where)


def specification(scenario: DesignScenario, protocol: Protocol) -> Specification | None:
    """How the list of each stratum is drawn: long enough for everybody in one stratum, in whole ratios.

    None where arms are minimised, which takes no list.
    """
    procedure, whole = list_procedure(scenario, protocol), sum(protocol.randomisation.ratio.values())
    slots = -(-most_participants(scenario, protocol) // whole) * whole
    given = {name: getattr(scenario.randomisation, name) for name in PARAMETERS}
    return Specification(procedure, slots, **given) if procedure is not None else None


def participants(scenario: DesignScenario, protocol: Protocol) -> int:
    """How many are planned: the scenario's number, or else the protocol's."""
    return scenario.participants or protocol.study.participants


def most_participants(scenario: DesignScenario, protocol: Protocol) -> int:
    """How many may be randomised once their number has been reconsidered; else how many are."""
    planned, told = participants(scenario, protocol), scenario.re_estimation
    return planned if told is None else max(planned, told.at_most)


def reference_arm(scenario: DesignScenario, protocol: Protocol) -> str:
    """The arm that the first estimand compares with."""
    return requested(scenario, protocol)[0].estimand.reference_arm


def compared_arm(scenario: DesignScenario, protocol: Protocol) -> str:
    """The arm whose effect is simulated: named by the scenario, or the only one beside the reference."""
    reference = reference_arm(scenario, protocol)
    return scenario.compare or next(arm.id for arm in protocol.arms if arm.id != reference)


def _names(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    estimands = {estimand.id for estimand in protocol.estimands}
    for place, asked in enumerate(scenario.analyses):
        yield from _missing(("analyses", place, "estimand"), "scenario.E007", "estimand", [asked.estimand], estimands)
    yield from _missing(("sites",), "scenario.E002", "site", scenario.sites, {site.id for site in protocol.sites})
    yield from _written(scenario, protocol)
    for path, arms in _arms(scenario):
        yield from _missing(path, "scenario.E001", "arm", arms, protocol.arm_by_id)


def _written(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    known = names_of(protocol).items
    parts = (("score", scenario.score), ("dose", scenario.dose))
    named = {(key, "item"): part.item for key, part in parts if part is not None and part.item}
    for path, name in named.items():
        yield from _missing(path, "scenario.E004", "item", [name], known)
    for state in ("no_event", "event", "prohibited_medication"):
        for name, text in getattr(scenario.written, state).items():
            yield from _missing(("written", state), "scenario.E004", "item", [name], known)
            if name in known and isinstance(wrong := read(item_of(known[name].item, protocol), text), Problem):
                yield ("written", state, name), "scenario.E006", f"{name}: {wrong.message}", wrong.hint


def _arms(scenario: DesignScenario) -> Iterator[tuple[Path, Iterable[str]]]:
    yield ("compare",), [scenario.compare] if scenario.compare else []
    for name in ("leaves", "stops_treatment", "dies"):
        if (rates := getattr(scenario, name)) is not None:
            yield (name, "per_year"), rates.per_year
    if scenario.prohibited_medication is not None:
        yield ("prohibited_medication", "per_year"), scenario.prohibited_medication.per_year
    if scenario.score is not None:
        yield ("score", "change"), scenario.score.change


def _missing(path: Path, id_: str, kind: str, named: Iterable[str], there: Iterable[str]) -> Iterator[Wrong]:
    for name in named:
        if name not in there:
            yield (*path, name), id_, unknown(kind, name, there), ""


def _shape(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    if scenario.lockdown is not None and (scenario.accrual is None or scenario.start is None):
        yield (
            ("lockdown",), "scenario.E014", "A lockdown has dates, but nobody knows when participants come.",
            "Give 'start' and 'accrual' too.",
        )  # fmt: skip
    if len(protocol.arms) > 2 and not scenario.compare:
        said = "The protocol has more than two arms, and none is named."
        yield ("analyses",), "scenario.E013", said, "Name the arm with an effect under 'compare'."
    yield from _stratified(scenario, protocol)
    yield from _patients(scenario, protocol)


def _stratified(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    """Strata of the randomisation of which nobody knows the levels."""
    coded = {"site", *(name for name, told in scenario.covariates.items() if told.levels)}
    strata = stratified_by(scenario, protocol)
    if not coded.issuperset(strata):
        yield (
            _SCHEME, "scenario.E011",
            f"The protocol stratifies by {', '.join(strata)}; only sites and covariates "
            "with levels are simulated.",
            "Describe the levels under 'covariates', or write 'strata: none'.",
        )  # fmt: skip


def _patients(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    """Covariates that are measured elsewhere, or that the protocol does not ask; what only assessments would show."""
    names = names_of(protocol)
    measured = {part.variable for part in (scenario.score, scenario.dose) if part is not None}
    for name in scenario.covariates:
        path: Path = ("covariates", name)
        if name in measured or name == "site":
            said = f"{name} is described elsewhere in this scenario."
            yield path, "scenario.E025", said, "Leave it out here: it can be adjusted for as it is."
        elif name not in names.items and name not in names.derivations:
            yield path, "scenario.E004", unknown("item", name, [*names.items, *names.derivations]), ""
    shown = [part for part in (scenario.score, scenario.dose) if part is not None and part.hazard_ratio != 1.0]
    if shown and scenario.observed != "at_visits":
        said = f"Events follow {shown[0].variable} at baseline, which only assessments measure."
        yield ("observed",), "scenario.E015", said, "Write 'observed: at_visits'."


def _analyses(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    asked = requested(scenario, protocol)
    rules = [one.endpoint.rule for one in asked if one.method.function not in _OF_NUMBERS]
    for one in asked:
        path: Path = ("analyses",)
        yield from ((path, *said) for said in _computed(one))
        yield from ((path, *said) for said in _asked_otherwise(one, scenario))
        yield from ((path, *said) for said in _read(one, scenario))
        yield from ((path, *said) for said in _population(one, protocol))
        if one.method.function in _OF_NUMBERS:
            yield from ((path, *said) for said in _measured(one, scenario))
        elif one.endpoint.rule != rules[0]:
            said = f"{one.estimand.id} reads another rule than {asked[0].estimand.id}."
            yield path, "scenario.E009", said, "A scenario has one kind of event: ask for estimands of one rule."
        if one.endpoint.through != asked[0].endpoint.through:
            said = f"{one.estimand.id} ends at another visit than {asked[0].estimand.id}."
            yield path, "scenario.E010", said, "Ask for estimands with one end."
        if one.estimand.reference_arm != asked[0].estimand.reference_arm:
            said = f"{one.estimand.id} compares with another arm than {asked[0].estimand.id}."
            yield path, "scenario.E013", said, "Ask for estimands with one reference arm."


def _computed(one: Requested) -> Iterator[tuple[str, str, str]]:
    method, name = one.method, one.name
    tests, intervals, missing = COMPILED.get(method.function, (set(), set(), set()))
    if method.strata and method.function == "two_proportions":
        tests, intervals = _WITHIN
    if method.function not in COMPILED:
        yield "scenario.E008", f"{name}: {method.function} is not computed in simulations.", _FEWER
    elif method.function == "mmrm" and method.covariance != "us":
        said = f"{name}: a mixed model with the covariance {method.covariance} is not computed in simulations."
        yield "scenario.E008", said, _FEWER
    elif not (method.test in tests and method.interval in intervals and method.missing in missing):
        said = ", ".join(part for part in (method.test, method.interval, method.missing) if part)
        yield "scenario.E008", f"{name}: {method.function} with {said} is not computed in simulations.", _FEWER


def _asked_otherwise(one: Requested, scenario: DesignScenario) -> Iterator[tuple[str, str, str]]:
    """Another endpoint than the estimand's, or strategies for events that are not simulated."""
    if one.method.endpoint:
        said = f"{one.name}: another endpoint than the estimand's is not computed in simulations."
        yield "scenario.E008", said, _FEWER
    yield from strategy_misfits(one, scenario)


def _read(one: Requested, scenario: DesignScenario) -> Iterator[tuple[str, str, str]]:
    """Baseline values that an analysis reads: the site, a covariate, or what is measured at assessments."""
    measured = [part.variable for part in (scenario.score, scenario.dose) if part is not None]
    coded = {"site", *(name for name, told in scenario.covariates.items() if told.levels)}
    for name in one.method.covariates:
        if name in measured and scenario.observed != "at_visits":
            yield "scenario.E015", f"{one.name} needs {name} and assessments.", "Write 'observed: at_visits'."
        elif name not in (*coded, *scenario.covariates, *measured):
            said = f"{one.name} needs {name}, which this scenario does not simulate."
            yield "scenario.E015", said, "Describe it under 'covariates', 'score' or 'dose'."
    for name in one.method.strata:
        if name not in coded:
            said = f"{one.name} compares within {name}, which this scenario does not simulate."
            yield "scenario.E015", said, "Describe its levels under 'covariates'."


def _population(one: Requested, protocol: Protocol) -> Iterator[tuple[str, str, str]]:
    population = one.method.population or one.estimand.population
    who = next(group.who for group in protocol.analysis.sets if group.id == population)
    if who != "randomised":
        said = f"{one.estimand.id} is of those {who}; the simulation knows all who are randomised."
        yield "scenario.E012", said, "Ask for the estimand of all randomised."


def _measured(one: Requested, scenario: DesignScenario) -> Iterator[tuple[str, str, str]]:
    variable = one.endpoint.variable
    simulated = [part.variable for part in (scenario.score, scenario.dose) if part is not None]
    if variable not in simulated:
        said = f"{one.estimand.id} needs {variable}, which this scenario does not simulate."
        yield "scenario.E015", said, "Describe it under 'score' or 'dose'."
    elif scenario.observed != "at_visits":
        said = f"{one.estimand.id} needs assessments."
        yield "scenario.E015", said, "Write 'observed: at_visits'."

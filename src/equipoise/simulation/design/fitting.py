"""Whether a design scenario fits a protocol, and whether its analyses are among those that the kernels compute."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from equipoise.items import Problem, read, unknown
from equipoise.protocol.lines import Path
from equipoise.protocol.names import item_of, names_of
from equipoise.protocol.schema import Endpoint, Estimand, Method, Protocol
from equipoise.randomisation.specification import Specification, check
from equipoise.simulation.design.grid import Cell
from equipoise.simulation.design.scenario import DesignScenario, Scheme

Wrong = tuple[Path, str, str, str]  # where, id, what, hint

# What the kernels compute of each function of the statistics room: tests, intervals, and what missing may mean.
COMPILED: Final = {
    "two_proportions": (
        {"chi_square", "chi_square_yates", "fisher", "wald", ""}, {"newcombe", "miettinen_nurminen", "wald", ""},
        {"event", "no_event", "complete_case", "available", ""},
    ),
    "survival": ({"logrank", "wald", ""}, {"wald", ""}, {"event", "no_event", "complete_case", "available", ""}),
    "ancova": ({"wald", ""}, {"wald", ""}, {"available", ""}),
}  # fmt: skip
# Of proportions within strata there is one test and one interval.
_WITHIN: Final = ({"cmh", ""}, {"miettinen_nurminen", ""})
# After these the kernels know nothing more of a participant; what is unknown then is taken as `missing` says.
_OPEN: Final = frozenset({"withdrawn", "lost", "died", "missed_assessment"})
_FEWER: Final = "Ask for fewer sensitivity analyses, or for another estimand."


@dataclass(frozen=True, slots=True)
class Requested:
    """One analysis that a scenario asks for: of which estimand, under which variant's name, by which method."""

    estimand: Estimand
    endpoint: Endpoint
    variant: str  # "" for the main analysis, else "sensitivity_1", …
    method: Method

    @property
    def name(self) -> str:
        """The estimand's id, with the variant where it is a sensitivity analysis."""
        return f"{self.estimand.id} {self.variant}".strip()


def requested(scenario: DesignScenario, protocol: Protocol) -> tuple[Requested, ...]:
    """The analyses in the order in which the scenario asks for them; its estimands must be the protocol's."""
    estimands = {estimand.id: estimand for estimand in protocol.estimands}
    endpoints = {endpoint.id: endpoint for endpoint in protocol.endpoints}
    found = []
    for asked in scenario.analyses:
        estimand = estimands[asked.estimand]
        endpoint = endpoints[estimand.endpoint]
        found.append(Requested(estimand, endpoint, "", estimand.method))
        for place, method in enumerate(estimand.sensitivity[: asked.sensitivity], start=1):
            found.append(Requested(estimand, endpoint, f"sensitivity_{place}", method))
    return tuple(found)


def misfits(cell: Cell, protocol: Protocol) -> tuple[Problem, ...]:
    """Everything a scenario names that the protocol does not have, or asks for that the kernels do not compute."""
    scenario, lines = cell.scenario, cell.lines
    named = [*_names(scenario, protocol), *_shape(scenario, protocol)]
    wrong = named or list(_analyses(scenario, protocol))
    found = tuple(Problem(id_, lines.where(path), said, hint) for path, id_, said, hint in wrong)
    return (*found, *check(specification(scenario, protocol), protocol.randomisation.ratio, lines.where(_SCHEME)))


_SCHEME: Final[Path] = ("randomisation",)


def specification(scenario: DesignScenario, protocol: Protocol) -> Specification:
    """How the list of each stratum is drawn: long enough for everybody in one stratum, in whole ratios."""
    scheme, whole = scenario.randomisation, sum(protocol.randomisation.ratio.values())
    slots = -(-most_participants(scenario, protocol) // whole) * whole
    given = {name: getattr(scheme, name) for name in Scheme.model_fields if name != "strata"}
    return Specification(slots=slots, **given)


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
    for state in ("no_event", "event"):
        for name, text in getattr(scenario.written, state).items():
            yield from _missing(("written", state), "scenario.E004", "item", [name], known)
            if name in known and isinstance(wrong := read(item_of(known[name].item, protocol), text), Problem):
                yield ("written", state, name), "scenario.E006", f"{name}: {wrong.message}", wrong.hint


def _arms(scenario: DesignScenario) -> Iterator[tuple[Path, Iterable[str]]]:
    yield ("compare",), [scenario.compare] if scenario.compare else []
    for name in ("leaves", "stops_treatment"):
        if (rates := getattr(scenario, name)) is not None:
            yield (name, "per_year"), rates.per_year
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
    if scenario.randomisation.strata == "protocol" and not set(protocol.randomisation.strata) <= {"site"}:
        yield (
            _SCHEME, "scenario.E011",
            f"The protocol stratifies by {', '.join(protocol.randomisation.strata)}; only sites are simulated.",
            "Write 'strata: none'.",
        )  # fmt: skip


def _analyses(scenario: DesignScenario, protocol: Protocol) -> Iterator[Wrong]:
    asked = requested(scenario, protocol)
    rules = [one.endpoint.rule for one in asked if one.method.function != "ancova"]
    for one in asked:
        path: Path = ("analyses",)
        yield from ((path, *said) for said in _computed(one))
        yield from ((path, *said) for said in _asked_otherwise(one))
        yield from ((path, *said) for said in _population(one, protocol))
        if one.method.function == "ancova":
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
    elif method.strata not in ((), ("site",)) or (method.strata and method.function == "ancova"):
        yield "scenario.E008", f"{name}: a comparison within strata other than sites is not computed.", _FEWER
    elif not (method.test in tests and method.interval in intervals and method.missing in missing):
        said = ", ".join(part for part in (method.test, method.interval, method.missing) if part)
        yield "scenario.E008", f"{name}: {method.function} with {said} is not computed in simulations.", _FEWER


def _asked_otherwise(one: Requested) -> Iterator[tuple[str, str, str]]:
    """Another endpoint, or a strategy that the kernels do not follow: they leave open what a participant who left
    would have had, and take every value after treatment stopped.
    """
    if one.method.endpoint:
        yield (
            "scenario.E008",
            f"{one.name}: another endpoint than the estimand's is not computed in simulations.",
            _FEWER,
        )
    for event, strategy in one.estimand.strategies(one.method).items():
        if not _followed(event, strategy, one.method):
            asked = f"{strategy.replace('_', ' ')} for {event.replace('_', ' ')}"
            yield "scenario.E008", f"{one.name}: {asked} is not computed in simulations.", _FEWER


def _followed(event: str, strategy: str, method: Method) -> bool:
    if strategy == "treatment_policy" or (strategy in ("hypothetical", "while_on_treatment") and event in _OPEN):
        return True
    return strategy == "composite" and event in _OPEN and method.missing == "event"


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

"""Where a display comes from: the dataset of its rows, the population it counts, and the analyses it prints."""

from dataclasses import dataclass
from typing import Final

from equipoise.analysis import Analysis
from equipoise.analysis.background_dose import BACKGROUND
from equipoise.analysis.baseline import BASELINE
from equipoise.analysis.beliefs import BELIEF
from equipoise.analysis.components import COMPONENTS
from equipoise.analysis.course import ATTENDANCE, DEVIATIONS, TRAJECTORY
from equipoise.analysis.exposure import EXPOSURE
from equipoise.analysis.flow import FLOW
from equipoise.analysis.laboratory_tables import CHANGE, GRADES, SHIFT, VALUE
from equipoise.analysis.liver import LIVER
from equipoise.analysis.medication import MEDICATION
from equipoise.analysis.onset import ONSET
from equipoise.analysis.safety import EVENTS, safety_set
from equipoise.analysis.subgroups import SUBGROUPS
from equipoise.protocol.schema import Endpoint, Estimand
from equipoise.reports.catalogue import Words
from equipoise.reports.figures import Figure
from equipoise.reports.table import Table

ASSESSED, RANDOMISED, SAFETY = "*assessed", "*randomised", "*safety"
RESULTS: Final = ("ARD",)  # the results dataset itself
LEDGER: Final = "LEDGER"  # made from the acts themselves: recruitment, attendance, deviations


@dataclass(frozen=True, slots=True)
class Source:
    """The datasets of a display by name, the id of its population, and the analyses whose statistics it prints.

    The results dataset with no analysis named means that any of its statistics may be printed.
    """

    datasets: tuple[str, ...]
    population: str
    analyses: tuple[str, ...] = ()

    @property
    def listing(self) -> bool:
        """Whether it prints data, participant by participant, and no results."""
        return not self.analyses and self.datasets != RESULTS


_NAMED: Final[dict[str, Source]] = {
    "flow": Source(("ADSL",), ASSESSED, (FLOW,)),
    "sets": Source(("ADSL",), RANDOMISED, (FLOW,)),
    "enrolment": Source((LEDGER,), RANDOMISED, (FLOW,)),
    "attendance": Source((LEDGER,), RANDOMISED, (ATTENDANCE,)),
    "baseline": Source(("ADSL",), RANDOMISED, (BASELINE, FLOW)),
    "exposure": Source(("ADEX",), SAFETY, (EXPOSURE, FLOW)),
    "doses_given": Source(("ADEX",), SAFETY, (EXPOSURE,)),
    "background_dose": Source(("ADCM",), SAFETY, (BACKGROUND,)),
    "medication": Source(("ADCM",), SAFETY, (MEDICATION,)),
    "still_possible": Source(("ADAE",), SAFETY, (EVENTS,)),
    "special_interest": Source(("ADAE",), SAFETY, (EVENTS,)),
    "serious_kinds": Source(("ADAE",), SAFETY, (EVENTS,)),
    "onset": Source(("ADAE",), SAFETY, (ONSET,)),
    "liver": Source(("ADLB",), SAFETY),
    "liver_quadrants": Source(("ADLB",), SAFETY, (LIVER,)),
    "deviations": Source((LEDGER,), RANDOMISED, (DEVIATIONS,)),
    "belief": Source((LEDGER,), RANDOMISED, (BELIEF,)),
    "discontinued": Source(("ADSL",), RANDOMISED),
    "screen_failures": Source(("ADSL",), ASSESSED),
    "references": Source(RESULTS, RANDOMISED),
    "plan_sets": Source(RESULTS, RANDOMISED),
    "estimands": Source(RESULTS, RANDOMISED),
}
_OF_ESTIMAND: Final = ("result_", "estimates_", "curve_", "sensitivity_", "tipping_")
_BEGINNING: Final[dict[str, Source]] = {
    "adverse_event": Source(("ADAE",), SAFETY, (EVENTS,)),
    "laboratory": Source(("ADLB",), SAFETY, (VALUE, CHANGE, SHIFT, GRADES)),
    "trajectory_": Source(("ADQS",), RANDOMISED, (TRAJECTORY,)),
}
_ANY: Final = Source(RESULTS, RANDOMISED)
_DATA: Final = Source((LEDGER,), ASSESSED)
_DATASET: Final = {"event": "ADEFF", "time_to_event": "ADTTE"}


def source_of(block: Table | Figure, analysis: Analysis) -> Source:
    """The source of a display by its id; one that nobody named prints data if it looks so, and else any results."""
    if (found := _by_id(block.id, analysis)) is not None:
        return found
    return _DATA if _of_participants(block) else _ANY


def _of_participants(block: Table | Figure) -> bool:
    """Whether a display shows participants one by one: a table of words alone, or a figure whose data name them."""
    if isinstance(block, Table):
        return len(block.words) == len(block.columns)
    return "subject" in block.data.columns


def _by_id(display: str, analysis: Analysis) -> Source | None:
    if display in _NAMED:
        return _NAMED[display]
    estimands = {estimand.id: estimand for estimand in analysis.protocol.estimands}
    for prefix in _OF_ESTIMAND:
        if display.startswith(prefix) and (found := estimands.get(display.removeprefix(prefix))) is not None:
            return Source((_dataset(analysis, found),), found.population, (found.id,))
    if (found := estimands.get(display.removeprefix("subgroups_"))) is not None:
        return Source((_dataset(analysis, found),), found.population, (f"{SUBGROUPS}/{found.id}", found.id))
    if display.startswith(f"{COMPONENTS}_"):
        return Source(("ADEFF",), RANDOMISED, (f"{COMPONENTS}/{display.removeprefix(f'{COMPONENTS}_')}",))
    beginnings = (source for beginning, source in _BEGINNING.items() if display.startswith(beginning))
    return next(beginnings, None) or _of_overview(display, analysis)


def _dataset(analysis: Analysis, estimand: Estimand) -> str:
    return _DATASET.get(_endpoints(analysis)[estimand.endpoint].measure, "ADQS")


def _endpoints(analysis: Analysis) -> dict[str, Endpoint]:
    return {endpoint.id: endpoint for endpoint in analysis.protocol.endpoints}


def _of_overview(display: str, analysis: Analysis) -> Source | None:
    """A table of several estimands of a tier, whose id begins with the tier and ends with the method's function."""
    tiers = {estimand.id: _endpoints(analysis)[estimand.endpoint].tier for estimand in analysis.protocol.estimands}
    mine = [e for e in analysis.protocol.estimands if display.startswith(tiers[e.id]) and _belongs(display, e)]
    if not mine:
        return None
    populations = {estimand.population for estimand in mine}
    return Source(
        tuple(dict.fromkeys(_dataset(analysis, estimand) for estimand in mine)),
        populations.pop() if len(populations) == 1 else RANDOMISED,
        tuple(estimand.id for estimand in mine),
    )


def _belongs(display: str, estimand: Estimand) -> bool:
    function = estimand.method.function
    return display.endswith("ancova" if function == "mmrm" else function)


def population_of(source: Source, analysis: Analysis, words: Words) -> tuple[str, int]:
    """The population of a display in words, and how many are in it."""
    cohort = analysis.cohort
    if source.population == ASSESSED:
        return words("assessed_population"), len(cohort.everybody)
    if source.population == RANDOMISED:
        return words("randomised_population"), len(cohort.randomised)
    chosen = safety_set(cohort).id if source.population == SAFETY else source.population
    labels = {each.id: words.of(each.label) for each in analysis.protocol.analysis.sets}
    return labels[chosen], len(analysis.sets[chosen].members)

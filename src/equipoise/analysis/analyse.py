"""The whole analysis of an opened trial as one value."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from equipoise.analysis.adverse_events import AdverseEvent, adverse_events
from equipoise.analysis.ard import Results, results
from equipoise.analysis.background_dose import background_dose
from equipoise.analysis.baseline import baseline
from equipoise.analysis.beliefs import beliefs
from equipoise.analysis.cohort import Cohort, cohort
from equipoise.analysis.components import components
from equipoise.analysis.course import attendance, deviations, trajectories
from equipoise.analysis.exposure import exposure
from equipoise.analysis.fits import Fitted, estimate
from equipoise.analysis.flow import flow
from equipoise.analysis.laboratory import LabResult, laboratory
from equipoise.analysis.laboratory_tables import laboratory_statistics
from equipoise.analysis.liver import LiverPeak, liver_peaks, liver_statistics
from equipoise.analysis.medication import Medication, medications, taken
from equipoise.analysis.onset import onset_statistics
from equipoise.analysis.question import Question, question
from equipoise.analysis.rows import adeff, adqs, adsl, adtte
from equipoise.analysis.safety import counted, safety_set
from equipoise.analysis.safety_rows import adae, adcm, adex, adlb
from equipoise.analysis.sequential import sequential
from equipoise.analysis.sets import Members, analysis_sets
from equipoise.analysis.subgroups import subgroups
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.protocol.schema import Estimand, Protocol


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything that is concluded from a trial: the results dataset, and the rows it was made from."""

    cohort: Cohort
    sets: dict[str, Members]
    estimands: tuple[Fitted, ...]
    events: tuple[AdverseEvent, ...]
    results: Results
    laboratory: tuple[LabResult, ...] = ()
    liver: tuple[LiverPeak, ...] = ()
    medication: tuple[Medication, ...] = ()

    @property
    def protocol(self) -> Protocol:
        """The protocol of the trial."""
        return self.cohort.protocol

    @cached_property
    def rows(self) -> dict[str, pl.DataFrame]:
        """The analysis rows, by the name of the dataset."""
        return {
            "adsl": adsl(self.cohort, self.sets), "adtte": adtte(self.cohort), "adeff": adeff(self.cohort),
            "adqs": adqs(self.cohort), "adae": adae(self.cohort, self.events), "adex": adex(self.cohort),
            "adlb": adlb(self.cohort, self.laboratory),
            **({"adcm": adcm(self.cohort, self.medication)} if self.protocol.safety.medication else {}),
        }  # fmt: skip

    def question(self, estimand: Estimand) -> Question:
        """An estimand with what each participant contributes to it."""
        return question(estimand, self.cohort, self.sets)


def analyse(opened: OpenedSnapshot, protocol: Protocol, *, estimands: tuple[Estimand, ...] | None = None) -> Analysis:
    """Analyse a trial as its protocol says. What the data cannot support is named in the results, never a crash.

    `estimands` are those to estimate where that is not all of them: none are at a look while the trial runs, and no
    subgroups or components either.
    """
    everybody = cohort(opened, protocol)
    sets = analysis_sets(everybody)
    at_a_look = estimands is not None
    wanted = protocol.estimands if estimands is None else estimands
    fitted = tuple(estimate(estimand, everybody, sets) for estimand in wanted)
    events = adverse_events(everybody)
    safety = sets[safety_set(everybody).id]
    people = safety.of(everybody)
    tests, drugs = laboratory(everybody), medications(everybody)
    liver = liver_peaks(everybody, tests, people)
    rows = [
        *flow(everybody, sets),
        *baseline(everybody),
        *(row for each in fitted for row in each.statistics),
        *(() if at_a_look else subgroups(everybody, sets)),
        *(() if at_a_look else components(everybody)),
        *sequential(everybody),
        *trajectories(everybody),
        *exposure(everybody, people),
        *counted(everybody, events, safety),
        *onset_statistics(everybody, events, people),
        *laboratory_statistics(everybody, tests, people),
        *liver_statistics(everybody, liver),
        *taken(everybody, drugs, people),
        *background_dose(everybody, people),
        *deviations(everybody),
        *attendance(everybody),
        *(() if at_a_look else beliefs(everybody)),
    ]
    return Analysis(everybody, sets, fitted, events, results(rows), tests, liver, drugs)

"""From a snapshot to results: analysis rows, endpoints, estimands and the dataset of every number that is printed."""

from equipoise.analysis.analyse import Analysis, analyse
from equipoise.analysis.ard import Results, Statistic
from equipoise.analysis.cohort import Cohort, Participant, cohort
from equipoise.analysis.laboratory import LabResult
from equipoise.analysis.liver import LiverPeak
from equipoise.analysis.sets import Members, analysis_sets

__all__ = [
    "Analysis", "Cohort", "LabResult", "LiverPeak", "Members", "Participant", "Results", "Statistic", "analyse",
    "analysis_sets", "cohort",
]  # fmt: skip

"""The figures of the report: one function each, from results to a drawing with its data."""

from equipoise.reports.figures.adverse_events import adverse_event_dots
from equipoise.reports.figures.attendance import attendance_strip
from equipoise.reports.figures.boxes import laboratory_boxes
from equipoise.reports.figures.curve import survival_curves
from equipoise.reports.figures.dots import dots
from equipoise.reports.figures.enrolment import enrolment
from equipoise.reports.figures.figure import Figure
from equipoise.reports.figures.flow import participant_flow
from equipoise.reports.figures.forest import forest
from equipoise.reports.figures.liver import liver_signal
from equipoise.reports.figures.mean_curve import mean_functions
from equipoise.reports.figures.onset import onset_curves
from equipoise.reports.figures.tipping import tipping_grid
from equipoise.reports.figures.trajectory import trajectory

__all__ = [
    "Figure", "adverse_event_dots", "attendance_strip", "dots", "enrolment", "forest", "laboratory_boxes",
    "liver_signal", "mean_functions", "onset_curves", "participant_flow", "survival_curves", "tipping_grid",
    "trajectory",
]  # fmt: skip

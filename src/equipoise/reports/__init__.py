"""The report of a trial: pages, PDFs, RTF, figures and tables, every number of them from the analysis results."""

from equipoise.reports.files import NOTES, ContradictionError, report_files
from equipoise.reports.manifest import MANIFEST, check_files
from equipoise.reports.provenance import Provenance

__all__ = ["MANIFEST", "NOTES", "ContradictionError", "Provenance", "check_files", "report_files"]

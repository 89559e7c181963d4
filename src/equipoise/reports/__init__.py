"""The report of a trial: pages, PDFs, figures and tables, every number of them from the analysis results."""

from equipoise.reports.files import report_files
from equipoise.reports.provenance import Provenance

__all__ = ["Provenance", "report_files"]

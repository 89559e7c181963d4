"""Cases that others computed, run through the public functions: what agrees, what differs, what is not covered."""

from equipoise.validation.cases import Case, read_cases
from equipoise.validation.run import Finding, run, tally
from equipoise.validation.verdict import VERDICTS, Verdict

__all__ = ["VERDICTS", "Case", "Finding", "Verdict", "read_cases", "run", "tally"]

"""Patients outside a trial: an answer or a table of them in a file goes through an instrument and comes out scored."""

from equipoise.scoring.reading import FORMATS, Patient, Table, read_file
from equipoise.scoring.single import score_patient
from equipoise.scoring.table import Scored, score_table
from equipoise.scoring.writing import to_csv, to_ndjson

__all__ = [
    "FORMATS", "Patient", "Scored", "Table", "read_file", "score_patient", "score_table", "to_csv", "to_ndjson",
]  # fmt: skip

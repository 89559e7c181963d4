"""The words of a trial: items and their answers, what is missing, what is wrong, and the rules that read them."""

from equipoise.items.canonical import Json, canonical, digest
from equipoise.items.columns import Column
from equipoise.items.content import faults
from equipoise.items.dates import PartialDate, read_partial_date
from equipoise.items.expression import Environment, Expression, RuleError, compile_rule
from equipoise.items.file import FileReference, refer
from equipoise.items.item import STATES, Answer, Item, ItemType, Value, Written
from equipoise.items.messages import MESSAGES, in_chinese
from equipoise.items.missing import REASONS, REASONS_IN_CHINESE, Missing
from equipoise.items.problem import Level, Problem, unknown
from equipoise.items.reading import FULL_WIDTH, in_words, parse, read, shown, unlikely, write
from equipoise.items.reported import OtherUnit, Reported
from equipoise.items.units import beyond, counted, in_own_unit, report_of

__all__ = [
    "FULL_WIDTH", "MESSAGES", "REASONS", "REASONS_IN_CHINESE", "STATES", "Answer", "Column", "Environment",
    "Expression", "FileReference", "Item", "ItemType", "Json", "Level", "Missing", "OtherUnit", "PartialDate",
    "Problem", "Reported", "RuleError", "Value", "Written", "beyond", "canonical", "compile_rule", "counted",
    "digest", "faults", "in_chinese", "in_own_unit", "in_words", "parse", "read", "read_partial_date", "refer",
    "report_of", "shown", "unknown", "unlikely", "write",
]  # fmt: skip

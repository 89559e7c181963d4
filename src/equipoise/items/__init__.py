"""The words of a trial: items and their answers, what is missing, what is wrong, and the rules that read them."""

from equipoise.items.canonical import Json, canonical, digest
from equipoise.items.columns import Column
from equipoise.items.dates import PartialDate, read_partial_date
from equipoise.items.expression import Environment, Expression, RuleError, compile_rule
from equipoise.items.item import STATES, Answer, Item, ItemType, Value, Written
from equipoise.items.messages import MESSAGES, in_chinese
from equipoise.items.missing import REASONS, REASONS_IN_CHINESE, Missing
from equipoise.items.problem import Level, Problem, unknown
from equipoise.items.reading import parse, read, shown, unlikely, write

__all__ = [
    "MESSAGES", "REASONS", "REASONS_IN_CHINESE", "STATES", "Answer", "Column", "Environment", "Expression", "Item",
    "ItemType", "Json", "Level", "Missing", "PartialDate", "Problem", "RuleError", "Value", "Written", "canonical",
    "compile_rule", "digest", "in_chinese", "parse", "read", "read_partial_date", "shown", "unknown",
    "unlikely", "write",
]  # fmt: skip

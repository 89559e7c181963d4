"""What an unanswered question leaves possible: a result is known when every extreme way of answering it agrees.

Answers are levels: 0 for absent, no or none, rising by one to the most an answer can say. For a rule that never falls
when a level rises, the lowest and the highest completion bound every other one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, Columns
from equipoise.instruments.parts import Input
from equipoise.instruments.reading import Given
from equipoise.items.item import Value

Rule: TypeAlias = Callable[[Columns], Mapping[str, Column]]


def one_row(given: Given, questions: Iterable[Input]) -> Columns:
    """The answers of one patient as levels, one row each, `UNKNOWN` where there is no answer."""
    return {q.id: np.array([_level(given, q)], dtype=np.int64) for q in questions}


def _level(given: Given, question: Input) -> int:
    answer = given.known[question.id]
    if answer is None:
        return UNKNOWN
    return question.codes.index(str(answer)) if question.codes else int(answer)


def extremes(
    rule: Rule, levels: Columns, questions: Iterable[Input]
) -> tuple[Mapping[str, Column], Mapping[str, Column]]:
    """What the rule says when every open answer counts least, and when every one counts most."""
    lowest, highest = {}, {}
    for question in questions:
        column = levels[question.id]
        lowest[question.id] = np.where(column == UNKNOWN, 0, column)
        highest[question.id] = np.where(column == UNKNOWN, max(len(question.codes) - 1, 1), column)
    return rule(lowest), rule(highest)


def agreed(*completions: Mapping[str, Column]) -> dict[str, Column]:
    """Every result on which all completions agree, and unknown where they do not."""
    first = completions[0]
    return {name: _same(first[name], [other[name] for other in completions[1:]]) for name in first}


def _same(one: Column, others: Iterable[Column]) -> Column:
    return np.where(np.logical_and.reduce([one == other for other in others]), one, UNKNOWN)


def of_one(results: Mapping[str, Column], truths: Iterable[str]) -> dict[str, Value | None]:
    """The results of the only row; those named in `truths` are yes or no, the others whole numbers."""
    cells = {name: int(column[0]) for name, column in results.items()}
    known: dict[str, Value | None] = {name: None if cell == UNKNOWN else cell for name, cell in cells.items()}
    return known | {name: bool(known[name]) for name in truths if known[name] is not None}

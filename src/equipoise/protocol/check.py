"""Whether the parts of a protocol fit each other: every check, one after another, none knowing another."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks import (
    belief,
    conclusions,
    design,
    estimands,
    identity,
    labels,
    laboratory,
    monitoring,
    outside,
    people,
    preparation,
    questions,
    records,
    recruitment,
    rules,
    safety,
    scores,
    supply,
    visits,
)
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Lines
from equipoise.protocol.load import load_with_lines
from equipoise.protocol.schema import Protocol

_TOPICS: Final = (
    identity, labels, visits, outside, questions, rules, scores, laboratory, design, people, safety, records,
    conclusions, estimands, monitoring, recruitment, preparation, supply, belief,
)  # fmt: skip
CHECKS: Final[tuple[Check, ...]] = tuple(chain.from_iterable(topic.CHECKS for topic in _TOPICS))

_MOST: Final = 100  # problems that one check reports


def check(protocol: Protocol, lines: Lines | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a protocol, errors and warnings, in the order of the file."""
    draft = Draft(protocol, lines or Lines())
    found = dict.fromkeys(problem for one in CHECKS for problem in _first(one(draft)))
    return tuple(sorted(found, key=_line))


def read_protocol(data: bytes | str, name: str = "protocol.yaml") -> tuple[Protocol | None, tuple[Problem, ...]]:
    """The protocol of a file and everything that is wrong with it; no protocol if any of that is an error."""
    loaded = load_with_lines(data, name=name)
    if loaded.protocol is None:
        return None, loaded.problems
    problems = check(loaded.protocol, loaded.lines)
    sound = all(problem.level == "warning" for problem in problems)
    return loaded.protocol if sound else None, problems


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The first of one check's problems; the last of them says so when there are more."""
    kept = list(islice(problems, _MOST))
    if len(kept) == _MOST and next(problems, None) is not None:
        kept[-1] = replace(kept[-1], hint=f"{kept[-1].hint} There are more of these.".strip())
    return iter(kept)


def _line(problem: Problem) -> int:
    last = problem.where.rpartition(":")[2]
    return int(last) if last.isdecimal() else 0

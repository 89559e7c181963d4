"""Reading the restricted file: a little YAML, every scalar as text, nothing unknown and nothing twice."""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeVar

import yaml

from equipoise.items.problem import Problem, meant
from equipoise.randomisation.messages import problem
from equipoise.randomisation.specification import PARAMETERS, PROCEDURES, Procedure, Specification

FILE: Final = "randomisation.restricted.yaml"
_KEYS: Final = ("procedure", "slots_per_stratum", *PARAMETERS)
_LONGEST: Final = 10_000  # characters; nine keys fit on a page
_DEEPEST: Final = 3
_WHOLE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}")
_FRACTION: Final = re.compile(r"[1-9][0-9]{0,2}/[1-9][0-9]{0,2}|[01]|0?\.[0-9]{1,6}|1\.0{1,6}")

_EXPECTED: Final = ", ".join(_KEYS)

T = TypeVar("T")


def read_specification(text: str, where: str = FILE) -> Specification | list[Problem]:
    """The specification a restricted file holds, or everything that is wrong with the file.

    The file has `procedure`, `slots_per_stratum` and what the procedure takes (`specification.TAKES`). Whether it suits
    the protocol's ratio is asked of `check`.
    """
    try:
        problems = list(_foreign_constructs(text, where))
        node = None if problems else yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return [_not_yaml(error, where)]
    if problems:
        return problems
    if not isinstance(node, yaml.MappingNode):
        return [problem("randomisation.E020", where, keys=_EXPECTED)]
    return _Reader(where).specification(node)


def _place(where: str, mark: object) -> str:
    line = getattr(mark, "line", None)
    return where if line is None else f"{where}:{line + 1}"


def _not_yaml(error: yaml.YAMLError, where: str) -> Problem:
    place = _place(where, getattr(error, "problem_mark", None))
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return problem("randomisation.E021", place, said=str(said))


def _foreign_constructs(text: str, where: str) -> Iterator[Problem]:
    """Anchors, aliases and tags make one text mean two things; depth and length are for attackers."""
    if len(text) > _LONGEST:
        yield problem("randomisation.E022", where, most=str(_LONGEST), keys=_EXPECTED)
        return
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        place = _place(where, event.start_mark)
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            yield problem("randomisation.E023", place)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            yield problem("randomisation.E024", place, keys=_EXPECTED)
            return


class _Reader:
    """Turns nodes into values, and keeps what was wrong with them."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def specification(self, node: yaml.MappingNode) -> Specification | list[Problem]:
        """The specification, or what keeps the file from being one."""
        entries = self._entries(node)
        for key in ("procedure", "slots_per_stratum"):
            if key not in entries:
                self._keep("randomisation.E027", node, name=key, keys=_EXPECTED)
        procedure: Procedure | None = self._read(entries, "procedure", self._procedure)
        slots = self._read(entries, "slots_per_stratum", self._number)
        sizes = self._read(entries, "sizes", self._numbers)
        weights = self._read(entries, "weights", self._numbers)
        probability = self._read(entries, "probability", self._fraction)
        limit, balls = (self._read(entries, name, self._number) for name in ("limit", "balls"))
        alpha, beta = (self._read(entries, name, self._number) for name in ("alpha", "beta"))
        if self.problems or procedure is None or slots is None:
            return self.problems
        return Specification(procedure, slots, sizes or (), weights or (), limit, probability, alpha, beta, balls)

    def _keep(self, identifier: str, node: yaml.Node, **params: str) -> None:
        self.problems.append(problem(identifier, _place(self.where, node.start_mark), **params))

    def _unknown(self, plain: str, with_guess: str, node: yaml.Node, name: str, known: Sequence[str]) -> None:
        """Keep that a name is not known, with the one that was probably meant where there is one."""
        if near := meant(name, known):
            self._keep(with_guess, node, name=name, meant=near)
        else:
            self._keep(plain, node, name=name, keys=_EXPECTED, procedures=", ".join(PROCEDURES))

    def _entries(self, node: yaml.MappingNode) -> dict[str, yaml.Node]:
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "(a list)"
            if name not in _KEYS:
                self._unknown("randomisation.E025", "randomisation.E031", key, name, _KEYS)
            elif name in entries:
                self._keep("randomisation.E026", key, name=name)
            entries[name] = value
        return entries

    @staticmethod
    def _read(entries: dict[str, yaml.Node], key: str, read: Callable[[yaml.Node], T | None]) -> T | None:
        return read(entries[key]) if key in entries else None

    def _procedure(self, node: yaml.Node) -> Procedure | None:
        written = str(node.value) if isinstance(node, yaml.ScalarNode) else "(a list)"
        named = next((name for name in PROCEDURES if name == written), None)
        if named is None:
            self._unknown("randomisation.E028", "randomisation.E032", node, written, PROCEDURES)
        return named

    def _number(self, node: yaml.Node) -> int | None:
        if isinstance(node, yaml.ScalarNode) and _WHOLE_NUMBER.fullmatch(node.value):
            return int(node.value)
        self._keep("randomisation.E029", node)
        return None

    def _fraction(self, node: yaml.Node) -> Fraction | None:
        if isinstance(node, yaml.ScalarNode) and _FRACTION.fullmatch(node.value):
            return Fraction(node.value)
        self._keep("randomisation.E033", node)
        return None

    def _numbers(self, node: yaml.Node) -> tuple[int, ...] | None:
        if not isinstance(node, yaml.SequenceNode):
            self._keep("randomisation.E030", node)
            return None
        read = tuple(self._number(item) for item in node.value)
        return tuple(number for number in read if number is not None)

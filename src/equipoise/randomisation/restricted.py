"""Reading the restricted file: a little YAML, every scalar as text, nothing unknown and nothing twice."""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeVar

import yaml

from equipoise.items.problem import Problem, meant
from equipoise.randomisation.messages import problem
from equipoise.randomisation.specification import PARAMETERS, PROCEDURES, Specification

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
    node = mapping_of(text, where, _EXPECTED)
    return node if isinstance(node, list) else Reader(where).specification(node)


def mapping_of(text: str, where: str, expected: str) -> yaml.MappingNode | list[Problem]:
    """The keys and values of a restricted file, or why it has none."""
    try:
        problems = list(_foreign_constructs(text, where, expected))
        node = None if problems else yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return [_not_yaml(error, where)]
    if problems:
        return problems
    return node if isinstance(node, yaml.MappingNode) else [problem("randomisation.E020", where, keys=expected)]


def _place(where: str, mark: object) -> str:
    line = getattr(mark, "line", None)
    return where if line is None else f"{where}:{line + 1}"


def _not_yaml(error: yaml.YAMLError, where: str) -> Problem:
    place = _place(where, getattr(error, "problem_mark", None))
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return problem("randomisation.E021", place, said=str(said))


def _foreign_constructs(text: str, where: str, expected: str) -> Iterator[Problem]:
    """Anchors, aliases and tags make one text mean two things; depth and length are for attackers."""
    if len(text) > _LONGEST:
        yield problem("randomisation.E022", where, most=str(_LONGEST), keys=expected)
        return
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        place = _place(where, event.start_mark)
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            yield problem("randomisation.E023", place)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            yield problem("randomisation.E024", place, keys=expected)
            return


class Reader:
    """Turns nodes into values, and keeps what was wrong with them. `keys` are those the file may have."""

    def __init__(self, where: str, keys: Sequence[str] = _KEYS, procedures: Sequence[str] = PROCEDURES) -> None:
        self.where, self.keys, self.procedures = where, keys, procedures
        self.expected = ", ".join(keys)
        self.problems: list[Problem] = []

    def specification(self, node: yaml.MappingNode) -> Specification | list[Problem]:
        """The specification, or what keeps the file from being one."""
        entries = self.entries(node, ("procedure", "slots_per_stratum"))
        named = self.read(entries, "procedure", self.procedure)
        procedure = next((known for known in PROCEDURES if known == named), None)
        slots = self.read(entries, "slots_per_stratum", self.number)
        sizes = self.read(entries, "sizes", self.numbers)
        weights = self.read(entries, "weights", self.numbers)
        probability = self.read(entries, "probability", self.fraction)
        limit, balls = (self.read(entries, name, self.number) for name in ("limit", "balls"))
        alpha, beta = (self.read(entries, name, self.number) for name in ("alpha", "beta"))
        if self.problems or procedure is None or slots is None:
            return self.problems
        return Specification(procedure, slots, sizes or (), weights or (), limit, probability, alpha, beta, balls)

    def keep(self, identifier: str, node: yaml.Node, **params: str) -> None:
        """Keep a problem, with the line it is on."""
        self.problems.append(problem(identifier, _place(self.where, node.start_mark), **params))

    def unknown(self, plain: str, with_guess: str, node: yaml.Node, name: str, known: Sequence[str]) -> None:
        """Keep that a name is not known, with the one that was probably meant where there is one."""
        if near := meant(name, known):
            self.keep(with_guess, node, name=name, meant=near)
        else:
            procedures = ", ".join(self.procedures)
            self.keep(plain, node, name=name, keys=self.expected, procedures=procedures, known=", ".join(known))

    def entries(self, node: yaml.MappingNode, needed: Sequence[str]) -> dict[str, yaml.Node]:
        """The values by their keys, each known and given once, and none of the needed ones missing."""
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "(a list)"
            if name not in self.keys:
                self.unknown("randomisation.E025", "randomisation.E031", key, name, self.keys)
            elif name in entries:
                self.keep("randomisation.E026", key, name=name)
            entries[name] = value
        for name in needed:
            if name not in entries:
                self.keep("randomisation.E027", node, name=name, keys=self.expected)
        return entries

    @staticmethod
    def read(entries: dict[str, yaml.Node], key: str, read: Callable[[yaml.Node], T | None]) -> T | None:
        """The value of a key, None where it is not given or not what it should be."""
        return read(entries[key]) if key in entries else None

    def procedure(self, node: yaml.Node) -> str | None:
        """One of the procedures."""
        return self.one_of(node, self.procedures, "randomisation.E028", "randomisation.E032")

    def one_of(self, node: yaml.Node, known: Sequence[str], plain: str, with_guess: str) -> str | None:
        """One of the known words; otherwise the problem, with the word that was probably meant where there is one."""
        written = str(node.value) if isinstance(node, yaml.ScalarNode) else "(a list)"
        if written in known:
            return written
        self.unknown(plain, with_guess, node, written, known)
        return None

    def number(self, node: yaml.Node) -> int | None:
        """A whole number from 1."""
        if isinstance(node, yaml.ScalarNode) and _WHOLE_NUMBER.fullmatch(node.value):
            return int(node.value)
        self.keep("randomisation.E029", node)
        return None

    def fraction(self, node: yaml.Node) -> Fraction | None:
        """A probability."""
        if isinstance(node, yaml.ScalarNode) and _FRACTION.fullmatch(node.value):
            return Fraction(node.value)
        self.keep("randomisation.E033", node)
        return None

    def numbers(self, node: yaml.Node) -> tuple[int, ...] | None:
        """A list of whole numbers."""
        if not isinstance(node, yaml.SequenceNode):
            self.keep("randomisation.E030", node)
            return None
        read = tuple(self.number(item) for item in node.value)
        return tuple(number for number in read if number is not None)

"""Reading the restricted file of a trial whose arms are minimised: how strongly, by what measure, with what weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal, get_args

import yaml

from equipoise.items.problem import Problem
from equipoise.randomisation.dynamic import Dynamic, InError
from equipoise.randomisation.messages import problem
from equipoise.randomisation.minimisation import Measure, Minimisation
from equipoise.randomisation.restricted import FILE, Reader, mapping_of

ByMinimisation = Literal["minimisation"]
MINIMISATION: Final = "minimisation"
_KEYS: Final = ("procedure", "slots", "probability", "measure", "factor_weights", "randomised_in_error")


@dataclass(frozen=True, slots=True)
class Minimised:
    """What the restricted file of a minimised trial says. Arms and ratio, factors and levels stand in the protocol."""

    slots: int  # participants there are envelopes for; far more than will be needed
    probability: Fraction = Fraction(4, 5)
    measure: Measure = "range"
    weights: Mapping[str, int] = field(default_factory=dict)
    in_error: InError = "stays"


def read_minimised(text: str, where: str = FILE) -> Minimised | list[Problem]:
    """What a restricted file holds, or everything that is wrong with it.

    The file has `procedure: minimisation` and `slots`, and may have `probability`, `measure`, `factor_weights` and
    `randomised_in_error`. Whether it suits the protocol is asked of `dynamic_of`.
    """
    node = mapping_of(text, where, ", ".join(_KEYS))
    return node if isinstance(node, list) else _MinimisationReader(where, _KEYS, (MINIMISATION,)).minimised(node)


def is_minimised(text: str) -> bool:
    """Whether a restricted file has `procedure: minimisation`, whatever else is wrong with it; False if unreadable."""
    node = mapping_of(text, FILE, "")
    said = [] if isinstance(node, list) else [value.value for key, value in node.value if key.value == "procedure"]
    return MINIMISATION in said


def dynamic_of(
    read: Minimised, study: str, ratio: Mapping[str, int], factors: Mapping[str, tuple[str, ...]], where: str = FILE
) -> Dynamic | list[Problem]:
    """The minimisation of a study with these arms, and factors with their levels; or what keeps it from being one.

    The arms are taken in the order of their names, so that the order in a file changes nothing.
    """
    problems = [problem("randomisation.E041", where, name=each, known=", ".join(factors)) for each in read.weights
                if each not in factors]  # fmt: skip
    if not factors:
        problems.append(problem("randomisation.E040", where))
    if not Fraction(1, 2) <= read.probability < 1:
        problems.append(problem("randomisation.E042", where))
    if len(ratio) < 2 or any(share < 1 for share in ratio.values()):
        problems.append(problem("randomisation.E001", where))
    arms = tuple(sorted(ratio))
    how = Minimisation(tuple(ratio[arm] for arm in arms), dict(read.weights), read.measure, read.probability)
    return problems or Dynamic(study, arms, dict(factors), how, read.slots, read.in_error)


class _MinimisationReader(Reader):
    """Turns the nodes of such a file into values."""

    def minimised(self, node: yaml.MappingNode) -> Minimised | list[Problem]:
        entries = self.entries(node, ("procedure", "slots"))
        self.read(entries, "procedure", self.procedure)
        slots = self.read(entries, "slots", self.number)
        probability = self.read(entries, "probability", self.fraction)
        measure = self.read(entries, "measure", lambda each: self._word(each, get_args(Measure)))
        weights = self.read(entries, "factor_weights", self._weights)
        in_error = self.read(entries, "randomised_in_error", lambda each: self._word(each, get_args(InError)))
        if self.problems or slots is None:
            return self.problems
        given: dict[str, Any] = {
            "probability": probability,
            "measure": measure,
            "weights": weights,
            "in_error": in_error,
        }
        return Minimised(slots, **{name: value for name, value in given.items() if value is not None})

    def _word(self, node: yaml.Node, known: tuple[str, ...]) -> str | None:
        return self.one_of(node, known, "randomisation.E043", "randomisation.E044")

    def _weights(self, node: yaml.Node) -> dict[str, int] | None:
        if not isinstance(node, yaml.MappingNode):
            self.keep("randomisation.E045", node)
            return None
        pairs = [(str(key.value), self.number(value)) for key, value in node.value]
        if len({name for name, _ in pairs}) != len(pairs):
            self.keep("randomisation.E026", node, name="factor_weights")
        return {name: weight for name, weight in pairs if weight is not None}

"""Each criterion's state, and the words that say why."""

from dataclasses import dataclass
from typing import Literal

from equipoise.conduct.environment import Environment, History, rule
from equipoise.conduct.snapshot import Subject
from equipoise.items import Answer
from equipoise.protocol.schema import Criterion, Protocol

State = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion, its state, and the values it was judged by."""

    criterion: Criterion
    inclusion: bool
    state: State
    values: tuple[tuple[str, Answer], ...]


def judge(protocol: Protocol, subject: Subject) -> tuple[Judged, ...]:
    """Every criterion as it stands. An exclusion criterion is met when there is certainly no reason to exclude."""
    eligibility = protocol.eligibility
    env = History(protocol, subject).at(eligibility.visit)
    return tuple(
        [_judge(criterion, True, env) for criterion in eligibility.inclusion]
        + [_judge(criterion, False, env) for criterion in eligibility.exclusion]
    )


def _judge(criterion: Criterion, inclusion: bool, env: Environment) -> Judged:
    expression = rule(criterion.rule)
    true = expression.evaluate(env)
    state: State = "unknown" if true is None else "met" if true is inclusion else "not_met"
    return Judged(criterion, inclusion, state, tuple((name, env.get(name)) for name in sorted(expression.names)))

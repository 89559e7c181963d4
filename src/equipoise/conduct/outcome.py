"""What comes of trying to record an act."""

from dataclasses import dataclass

from equipoise.conduct.acts import Recorded
from equipoise.items import Problem


@dataclass(frozen=True, slots=True)
class Done:
    """What was recorded: the act asked for, then those that followed from it. `again` marks a repeated request."""

    acts: tuple[Recorded, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was recorded, and why."""

    problems: tuple[Problem, ...]


Outcome = Done | Refused

"""Allocation that must know the arms given before: each participant's arm is drawn when they come.

Every draw has a stream of its own, keyed by the seed and the number of the participant in the trial, so that a draw
that is asked for again is the same draw, and anybody who has the seed, the order of the participants, their factors
and their arms can make all of them again. Where such a draw may be made stands in docs/explanation/masking.md.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal, get_args

from equipoise.items.canonical import canonical
from equipoise.randomisation.minimisation import Measure, Minimisation, drawn, probabilities
from equipoise.randomisation.source import seeded, shuffled

SEED_BYTES: Final = 32
FORMAT: Final = "equipoise.dynamic-allocation.1"

InError = Literal["stays", "leaves"]
Profile = Mapping[str, str]  # factor → level


@dataclass(frozen=True, slots=True)
class Dynamic:
    """Pocock and Simon's minimisation of one study: its arms, the factors with their levels, and how it is drawn.

    `slots` is how many participants there are envelopes for. Somebody randomised in error `stays` in the balance, as in
    the analysis of everybody randomised (ICH E9, 5.2.1), or `leaves` it for later draws, as in some services.
    """

    study: str
    arms: tuple[str, ...]
    factors: Mapping[str, tuple[str, ...]]
    minimisation: Minimisation  # its shares in the order of the arms
    slots: int
    in_error: InError = "stays"

    def profile(self, stratum: str) -> dict[str, str] | None:
        """The factors of a participant, written `sex=female|site=11`; None unless each has one of its levels."""
        pairs = [part.partition("=") for part in stratum.split("|")]
        found = {factor: level for factor, _, level in pairs}
        fits = len(pairs) == len(found) and found.keys() == self.factors.keys()
        return found if fits and all(found[name] in levels for name, levels in self.factors.items()) else None

    def envelopes(self, number: int, seed: bytes) -> tuple[str, ...]:
        """The arms of one participant's envelopes, one of each arm, in the order in which they lie in the list."""
        return shuffled(self.arms, seeded(seed, self.study, "envelopes", str(number)))

    def all_envelopes(self, seed: bytes) -> tuple[str, ...]:
        """The arms of all envelopes in the order of the list: those of the first participant, then the second's."""
        return tuple(arm for number in range(1, self.slots + 1) for arm in self.envelopes(number, seed))


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: the arm, and the chance that each arm had; without chances where it could not be made again."""

    arm: str
    chances: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Allocated:
    """A participant's envelope as it was given: theirs is the draw of this number, and this label the outcome.

    `set_aside` are the participants marked as randomised in error at that time. `record` is what is kept of the draw,
    sealed; empty where it was lost.
    """

    number: int
    subject: str
    stratum: str
    set_aside: tuple[str, ...]
    label: str
    record: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Course:
    """The trial so far: who is in which arm, by factor and level. The next participant has `number`.

    `labels` are those of all envelopes in the order of the list.
    """

    dynamic: Dynamic
    seed: bytes = field(repr=False)
    labels: Sequence[str] = field(repr=False)
    number: int = 1
    complete: bool = True  # False once somebody is missing of whom only the envelope is known to be spent
    counts: dict[str, dict[str, list[int]]] = field(init=False, repr=False)
    members: dict[str, tuple[Profile, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.counts, self.members = {factor: {} for factor in self.dynamic.factors}, {}

    def draw(self, profile: Profile, set_aside: Iterable[str] = ()) -> Draw:
        """The arm of the next participant, without those set aside as randomised in error if they leave the balance."""
        leaving = [self.members[code] for code in set(set_aside) & self.members.keys()]
        leaving = leaving if self.dynamic.in_error == "leaves" else []
        self._count(leaving, -1)
        chances = probabilities(self.dynamic.minimisation, self.counts, profile)
        self._count(leaving, 1)
        source = seeded(self.seed, self.dynamic.study, "draw", str(self.number))
        return Draw(self.dynamic.arms[drawn(chances, source)], chances)

    def envelopes(self) -> dict[str, str]:
        """Arm → label of the next participant's envelopes; empty when there are none left."""
        many = len(self.dynamic.arms)
        labels = self.labels[(self.number - 1) * many : self.number * many]
        return dict(zip(self.dynamic.envelopes(self.number, self.seed), labels, strict=False)) if labels else {}

    def add(self, given: Allocated) -> Draw | None:
        """Take in the next participant who was given an envelope: the draw it came from, or None if it is not as drawn.

        Numbers that are left out are envelopes spent on nobody knows whom. What is drawn after them cannot be compared
        any more, since who is missing was in the balance.
        """
        if given.number < self.number:
            return None
        self.complete = self.complete and given.number == self.number
        self.number = given.number
        profile, envelopes = self.dynamic.profile(given.stratum), self.envelopes()
        arm = next((arm for arm, label in envelopes.items() if label == given.label), None)
        if profile is None or arm is None:
            return None
        draw = self.draw(profile, given.set_aside) if self.complete else Draw(arm, ())
        if draw.arm != arm:
            return None
        self.members[given.subject] = profile, self.dynamic.arms.index(arm)
        self._count([self.members[given.subject]], 1)
        self.number += 1
        return draw

    def _count(self, members: Iterable[tuple[Profile, int]], step: int) -> None:
        for profile, arm in members:
            for factor, level in profile.items():
                self.counts[factor].setdefault(level, [0] * len(self.dynamic.arms))[arm] += step


def write_dynamic(dynamic: Dynamic, seed: bytes) -> bytes:
    """The secret of a study that draws as participants come: the specification and the seed, in canonical JSON."""
    how = dynamic.minimisation
    return canonical({
        "format": FORMAT, "study": dynamic.study, "arms": list(dynamic.arms), "shares": list(how.shares),
        "factors": {name: list(levels) for name, levels in dynamic.factors.items()}, "weights": dict(how.weights),
        "measure": how.measure, "probability": str(how.probability), "slots": dynamic.slots,
        "randomised_in_error": dynamic.in_error, "seed": seed.hex(),
    })  # fmt: skip


def read_dynamic(content: bytes) -> tuple[Dynamic, bytes] | None:
    """The specification and the seed, or None if this is not exactly what `write_dynamic` writes."""
    try:
        read = json.loads(content)
        how = Minimisation(
            tuple(read["shares"]), read["weights"], _one_of(read["measure"], get_args(Measure)),
            Fraction(read["probability"]),
        )  # fmt: skip
        factors = {name: tuple(levels) for name, levels in read["factors"].items()}
        in_error: InError = _one_of(read["randomised_in_error"], get_args(InError))
        dynamic = Dynamic(read["study"], tuple(read["arms"]), factors, how, read["slots"], in_error)
        seed = bytes.fromhex(read["seed"])
        return (dynamic, seed) if write_dynamic(dynamic, seed) == content else None
    except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _one_of(value: str, known: tuple[Any, ...]) -> Any:
    return known[known.index(value)]  # a ValueError where it is none of them

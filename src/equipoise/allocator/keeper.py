"""The keeper: what the process of the unlocked allocator knows while it runs, and how it answers.

It knows which arm every envelope holds, in memory alone. It writes nothing: the door keeps each draw in the same
transaction as the slot, and the keeper reads there what was given. So a draw that was made and not kept is made again,
the same, whoever comes next; and every draw that was kept is made again at the start and compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatchmethod

from django.db import Error, connections

from equipoise.allocator import door
from equipoise.allocator.messages import problem
from equipoise.allocator.questions import Answer, ChooseKit, Drawn, DrawNext, Ready, Shut, State, read_question, write
from equipoise.allocator.router import ALLOCATOR
from equipoise.envelopes import PrivateKey, RandomSource, open_record, open_seed, seal_record
from equipoise.items import Problem
from equipoise.items.canonical import Json, canonical
from equipoise.randomisation.dynamic import Allocated, Course, Draw, read_dynamic


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Which arm the envelope of each slot holds: never printed, logged or stored."""

    study: str
    arm_of: Mapping[str, str] = field(repr=False)  # label → arm


class Keeper:
    """One study's unlocked allocator."""

    def __init__(self, unlocked: Unlocked, course: Course, random: RandomSource) -> None:
        self.unlocked, self.course, self.random = unlocked, course, random
        self.fault: Problem | None = None  # once something is not as it was drawn, nothing is drawn any more

    def answer(self, data: bytes) -> bytes:
        """The bytes of an answer to the bytes of a question; `Shut` to what is no question, or of another study."""
        question = read_question(data)
        if question is None or question.study != self.unlocked.study:
            return write(Shut())
        try:
            return write(self._answered(question))
        except Error:  # the database is away: nothing can be known of the draws before
            connections[ALLOCATOR].close()
            return write(Shut())

    @singledispatchmethod
    def _answered(self, question: object) -> Answer:
        raise TypeError(f"{question!r} is no question")

    @_answered.register
    def _(self, question: State) -> Answer:
        return Shut() if self.catch_up() else Ready(question.study)

    @_answered.register
    def _(self, question: DrawNext) -> Answer:
        profile = self.course.dynamic.profile(question.stratum)
        if self.catch_up() or profile is None or question.number != self.course.number:
            return Shut()
        draw, envelopes = self.course.draw(profile, question.set_aside), self.course.envelopes()
        if draw.arm not in envelopes:
            return Shut()
        label = envelopes[draw.arm]
        given = Allocated(question.number, question.subject, question.stratum, question.set_aside, label)
        return Drawn(label, seal_record(_text(draw), self.course.seed, self._bound(given), self.random))

    @_answered.register
    def _(self, _: ChooseKit) -> Answer:
        return Shut()  # kits have a keeper of their own

    def catch_up(self) -> Problem | None:
        """Take in the draws that were kept since; what is wrong with the first that is not as it was drawn."""
        for given in door.draws(study=self.unlocked.study, after=self.course.number - 1):
            draw = self.course.add(given)
            if draw is None or not self._is_its_record(given, draw):
                self.fault = problem(
                    "allocator.E013", self.unlocked.study, number=str(given.number), subject=given.subject
                )
                break
        return self.fault

    def _is_its_record(self, given: Allocated, draw: Draw) -> bool:
        """Whether the sealed record says the same as the draw; a lost one says nothing."""
        if not (given.record and draw.chances):
            return True
        return open_record(given.record, self.course.seed, self._bound(given)) == _text(draw)

    def _bound(self, given: Allocated) -> bytes:
        """What the record of a draw is bound to: everything that stands beside it in the clear."""
        said: list[Json] = [given.number, given.subject, given.stratum, [*given.set_aside], given.label]
        return canonical(["equipoise.draw.1", self.unlocked.study, *said])


def unlock(study: str, key: PrivateKey, random: RandomSource) -> Keeper | Problem:
    """The keeper of a study, with every draw made again and compared; or why this key does not unlock it."""
    sealed = door.sealed_seed(study=study)
    if sealed is None:
        return problem("allocator.E011", study)
    content = open_seed(sealed, key)
    if isinstance(content, Problem):
        return content
    secret, labels = read_dynamic(content), door.labels(study=study)
    if secret is None or secret[0].study != study or len(labels) != secret[0].slots * len(secret[0].arms):
        return problem("allocator.E012", study)
    dynamic, seed = secret
    unlocked = Unlocked(study, dict(zip(labels, dynamic.all_envelopes(seed), strict=True)))
    keeper = Keeper(unlocked, Course(dynamic, seed, labels), random)
    return keeper.catch_up() or keeper


def _text(draw: Draw) -> bytes:
    """The record of a draw before it is sealed."""
    return canonical({"arm": draw.arm, "chances": [str(chance) for chance in draw.chances]})

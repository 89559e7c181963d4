"""What people who are masked are asked to guess: which treatment, by whom it is answered, and what each answer means.

A test of whether masking held, by the indices of James et al. (1996) and of Bang et al. (2004). Both compare two
treatments: the answers put the arms into two groups. Three answers or five are the usual formats; several answers of
one group say how sure somebody is. At which visits a question is asked, the schedule says.
"""

from functools import cached_property
from typing import Literal, TypeAlias

from equipoise.protocol.parts import Identifier, Part

Respondent: TypeAlias = Literal["participant", "care_provider", "investigator", "outcomes_assessor"]


class BeliefAnswer(Part):
    """One answer and the arms it means; without arms it says that somebody does not know."""

    code: str
    arms: tuple[Identifier, ...] = ()


class BeliefQuestion(Part):
    """Who is asked, on which form, and the items that hold the guess and what made them think so."""

    respondent: Respondent
    form: Identifier
    guess: Identifier
    because: Identifier | None = None


class Belief(Part):
    """The questions about the treatment, and the answers that all of them share."""

    answers: tuple[BeliefAnswer, ...]
    asked: tuple[BeliefQuestion, ...]

    @cached_property
    def sides(self) -> tuple[frozenset[str], ...]:
        """The groups of arms that can be guessed, in the order of the answers; two in a sound protocol."""
        return tuple(dict.fromkeys(frozenset(answer.arms) for answer in self.answers if answer.arms))

    @cached_property
    def side_of(self) -> dict[str, frozenset[str]]:
        """The arms each answer means; none for not knowing."""
        return {answer.code: frozenset(answer.arms) for answer in self.answers}

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms on which somebody is asked."""
        return frozenset(question.form for question in self.asked)

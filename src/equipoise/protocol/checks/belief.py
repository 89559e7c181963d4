"""Beliefs about the treatment: the answers divide the arms in two, and nobody whom they could lead sees them."""

from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.belief import Belief, BeliefQuestion
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.records import items_of, items_stand_on
from equipoise.protocol.lines import Path
from equipoise.protocol.names import codes_of

_PATH: Final[Path] = ("masking", "belief")


def answers_divide_the_arms_in_two(draft: Draft) -> Iterator[Problem]:
    """Every arm belongs to one of two groups that can be guessed, and there is an answer for not knowing."""
    belief, path = draft.protocol.masking.belief, (*_PATH, "answers")
    if belief is None:
        return
    known = {arm.id for arm in draft.protocol.arms}
    for i, answer in enumerate(belief.answers):
        for j, arm in enumerate(answer.arms):
            yield from draft.reference("protocol.E123", "arm", arm, known, (*path, i, "arms", j))
    if len(belief.sides) != 2 or sorted(arm for side in belief.sides for arm in side) != sorted(known):
        yield draft.problem(
            "protocol.E187", path, "The answers do not divide the arms into two groups.",
            "Give each answer the arms it means; every arm is in one group, and there are two.",
        )  # fmt: skip
    if all(answer.arms for answer in belief.answers):
        yield draft.problem(
            "protocol.E187", path, "Nobody could say that they do not know.", "Add an answer without arms."
        )


def questions_have_their_items(draft: Draft) -> Iterator[Problem]:
    """The form is there, guess and reason stand on it as choices, and the answers are the codes of the guess."""
    known: set[str] = set()
    for question, belief, path in _questions(draft):
        if question.guess in known:
            yield draft.problem("protocol.E101", (*path, "guess"), f"{question.guess!r} holds two guesses.")
        known.add(question.guess)
        forms = {form.id for form in draft.protocol.forms}
        yield from draft.reference("protocol.E120", "form", question.form, forms, (*path, "form"))
        types = {"guess": ("choice",), "because": ("choice",)}
        yield from items_stand_on(draft, question, question.form, types, path)
        guess = items_of(draft, question.form).get(question.guess)
        codes = codes_of(guess, draft.protocol) if guess is not None else ()
        if codes and set(codes) != set(belief.side_of):
            different = sorted({*codes} ^ {*belief.side_of})
            yield draft.problem(
                "protocol.E187", (*path, "guess"), f"{different[0]!r} is a code or an answer, but not both.",
                f"List every code of {question.guess!r} among the answers, and no other.",
            )  # fmt: skip


def only_the_masked_are_asked(draft: Draft) -> Iterator[Problem]:
    """Who is asked to guess is masked, and is asked once there is something to guess: from randomisation on."""
    for question, _, path in _questions(draft):
        if question.respondent not in draft.protocol.masking.masked:
            yield draft.problem(
                "protocol.E188", (*path, "respondent"), f"{question.respondent!r} is not masked, and need not guess.",
                "Ask those who are listed under `masked`.",
            )  # fmt: skip
        due = [visit for visit in draft.visits if question.form in visit.forms]
        if draft.knows_what_is_due and (not due or due[0].week < 0):
            yield draft.problem(
                "protocol.E188", (*path, "form"), f"{question.form!r} is not asked at visits from randomisation on.",
                "Let an activity of the schedule ask it at week 0 or later.",
            )  # fmt: skip


def beliefs_lead_nobody(draft: Draft) -> Iterator[Problem]:
    """A guess is hidden from every masked role that enters data and does not fill the form: it could lead them."""
    fillers = {form.id: form.filled_by for form in draft.protocol.forms}
    for question, _, path in _questions(draft):
        for role in draft.protocol.roles:
            led = role.masked and "enter" in role.may and role.id not in fillers.get(question.form, (role.id,))
            if led and question.form not in role.hidden_forms:
                yield draft.problem(
                    "protocol.E189", (*path, "form"),
                    f"The role {role.id!r} would see what others believe, on {question.form!r}.",
                    f"Add {question.form!r} to its `hidden_forms`.",
                )  # fmt: skip


def _questions(draft: Draft) -> Iterator[tuple[BeliefQuestion, Belief, Path]]:
    belief = draft.protocol.masking.belief
    if belief is not None:
        yield from ((question, belief, (*_PATH, "asked", i)) for i, question in enumerate(belief.asked))


CHECKS: Final[tuple[Check, ...]] = (
    answers_divide_the_arms_in_two, questions_have_their_items, only_the_masked_are_asked, beliefs_lead_nobody,
)  # fmt: skip

"""Whether masking held: what was believed about the treatment, against the arms, by respondent and visit.

James' index is of all arms together, Bang's of each (`statistics.blinding`). An answer that says how sure somebody is
counts as the treatment it names, since the published indices know three answers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from equipoise.analysis.ard import Statistic, filled
from equipoise.analysis.cohort import Cohort, Participant, known_value
from equipoise.protocol.belief import Belief, BeliefQuestion
from equipoise.protocol.names import codes_of
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Protocol
from equipoise.statistics import Guesses, blinding_index_bang, blinding_index_james

BELIEF = "belief"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One question at one of its visits, with the answers it has."""

    belief: Belief
    question: BeliefQuestion
    visit: Visit

    @property
    def id(self) -> str:
        """The item that holds the guess, and the visit."""
        return f"{self.question.guess}/{self.visit.id}"


@dataclass(frozen=True, slots=True)
class Guess:
    """What one participant's treatment was believed to be, and why; `known` if the arm had become known by then."""

    subject: str
    arm: str
    code: str
    because: str
    known: bool


def occasions(protocol: Protocol) -> tuple[Occasion, ...]:
    """Every question with the visits at which it is asked, in the order of the protocol and of time."""
    belief = protocol.masking.belief
    if belief is None:
        return ()
    return tuple(
        Occasion(belief, each, visit) for each in belief.asked for visit in protocol.visits if each.form in visit.forms
    )


def guesses(cohort: Cohort, occasion: Occasion) -> tuple[Guess, ...]:
    """The answers of an occasion about everybody randomised, in the order of their codes.

    An arm counts as known from the day on which the register of unmaskings has a code break, or an accident, for the
    participant; a suspicion is none.
    """
    told = cohort.once((BELIEF, "told"), lambda: _told(cohort))
    answered = ((one, _answer(one, occasion, occasion.question.guess)) for one in cohort.randomised)
    because = occasion.question.because
    return tuple(
        Guess(one.code, one.arm, code, _answer(one, occasion, because) if because else "", _knows(one, occasion, told))
        for one, code in answered
        if code
    )


def beliefs(cohort: Cohort) -> Iterator[Statistic]:
    """For every occasion the counts of each answer and reason by arm and in all, who gave none, and the indices."""
    for occasion in occasions(cohort.protocol):
        answers = guesses(cohort, occasion)
        for arm in (*cohort.arms, ""):
            mine = [guess for guess in answers if arm in ("", guess.arm)]
            everybody = len(cohort.in_arm(arm) if arm else cohort.randomised)
            known = sum(guess.known for guess in mine)
            yield _row(occasion, "unanswered", arm=arm, n=everybody - len(mine), of=everybody)
            yield _row(occasion, "known", arm=arm, n=known, of=everybody)
            yield from _counts(cohort.protocol, occasion, arm, [guess for guess in mine if not guess.known])
        yield from _indices(cohort, occasion, [guess for guess in answers if not guess.known])


def _told(cohort: Cohort) -> Mapping[str, date]:
    """The first day on which the arm of each participant is registered as known to somebody."""
    days: dict[str, date] = {}
    for each in cohort.snapshot.unmaskings.values():
        if each.kind != "suspected":
            days[each.subject] = min(each.on, days.get(each.subject, each.on))
    return days


def _knows(one: Participant, occasion: Occasion, told: Mapping[str, date]) -> bool:
    day, seen = told.get(one.code), one.held(occasion.visit.id)
    return day is not None and (seen is None or seen >= day)


def _answer(one: Participant, occasion: Occasion, item: str) -> str:
    row = one.subject.values.get((occasion.visit.id, occasion.question.form, 1), {})
    return str(known_value(row.get(item)) or "")


def _row(occasion: Occasion, statistic: str, *, arm: str = "", level: str = "", n: int, of: int) -> Statistic:
    return Statistic(analysis=BELIEF, statistic=statistic, variable=occasion.id, level=level, arm=arm, n=n, N=of)


def _counts(protocol: Protocol, occasion: Occasion, arm: str, mine: Sequence[Guess]) -> Iterator[Statistic]:
    """How many gave each answer, and each reason of those who named a treatment."""
    belief, question = occasion.belief, occasion.question
    said = Counter(guess.code for guess in mine)
    for answer in belief.answers:
        yield _row(occasion, "guess", arm=arm, level=answer.code, n=said[answer.code], of=len(mine))
    if question.because is not None:
        named = [guess for guess in mine if belief.side_of[guess.code]]
        given = Counter(guess.because for guess in named)
        for reason in codes_of(protocol.form_by_id[question.form].item_by_id[question.because], protocol):
            yield _row(occasion, "because", arm=arm, level=reason, n=given[reason], of=len(named))


def _indices(cohort: Cohort, occasion: Occasion, counted: Sequence[Guess]) -> Iterator[Statistic]:
    belief, level = occasion.belief, 1 - float(cohort.protocol.analysis.alpha)
    first, second = belief.sides
    for arm in cohort.arms:
        mine = _guesses(belief, counted, frozenset({arm}))
        side, right = ("treatment", mine.treatment) if arm in first else ("reference", mine.reference)
        place = _row(occasion, "bang", arm=arm, n=right, of=mine.total)
        yield filled(place, blinding_index_bang(mine, arm=side, level=level))
    one, other = (_guesses(belief, counted, side) for side in (first, second))
    place = _row(occasion, "james", n=one.treatment + other.reference, of=len(counted))
    yield filled(place, blinding_index_james(one, other, level=level))


def _guesses(belief: Belief, counted: Sequence[Guess], arms: frozenset[str]) -> Guesses:
    """What was believed of participants in these arms."""
    first, second = belief.sides
    said = Counter(belief.side_of[guess.code] for guess in counted if guess.arm in arms)
    return Guesses(treatment=said[first], reference=said[second], unknown=said[frozenset()])

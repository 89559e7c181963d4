"""The names a rule may read, resolved for one participant at one visit.

`sledai_total`, `previous.prednisone_daily`, `baseline.weight`, `alt.uln`, `visit.date`, … Everything is computed
when it is asked for and remembered, so that a rule costs what it reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias, TypeGuard

from equipoise.conduct.encounters import encounters, is_assessment
from equipoise.conduct.snapshot import Subject
from equipoise.instruments import Result, get
from equipoise.items import Answer, Expression, Item, Missing, Reported, Value, compile_rule, counted, report_of
from equipoise.protocol.names import REPORT, names_of
from equipoise.protocol.schema import Derivation, Form, Protocol

_NOT_ASKED: Final = Missing("NASK")  # known by being this one, not by its reason


class History:
    """One participant's answers and derived values at every visit."""

    def __init__(self, protocol: Protocol, subject: Subject) -> None:
        self.protocol = protocol
        self.names = names_of(protocol)
        self.subject = subject
        self._visits: dict[str, Environment] = {}

    def at(self, visit: str) -> "Environment":
        """What rules can read at a visit; at `log`, which is no visit, what is known of the participant as a whole."""
        if visit not in self._visits:
            self._visits[visit] = Environment(self, visit)
        return self._visits[visit]

    def earlier(self, visit: str) -> Iterator[str]:
        """The assessments before a visit, the latest first."""
        return reversed(self._earlier.get(visit, ()))

    @cached_property
    def _earlier(self) -> dict[str, tuple[str, ...]]:
        before: tuple[str, ...] = ()
        found = {}
        for visit in encounters(self.protocol, self.subject):
            found[visit.id] = before
            before = (*before, visit.id) if is_assessment(self.subject, visit) else before
        return found

    def latest(self, name: str, visits: Iterator[str]) -> Answer:
        """The first known value of a name over some visits."""
        return next((value for v in visits if known(value := self.at(v).get(name))), None)


def reads_alike(one: Subject, other: Subject) -> bool:
    """Whether rules read the same of a participant at two moments; drafts, queries and signatures they do not read."""
    return (
        one.values is other.values
        and one.visits is other.visits
        and (one.site, one.consent, one.randomised) == (other.site, other.consent, other.randomised)
    )


class Environment(Mapping[str, Answer]):
    """What rules can read about one participant at one visit."""

    def __init__(self, history: History, visit: str) -> None:
        self._history = history
        self._visit = visit
        self._found: dict[str, Answer | tuple[Answer, ...]] = {}
        self._scored: dict[_Scoring, Result] = {}

    def get(self, name: str, default: object = None) -> Answer:
        """The value of a name; None where it is not known."""
        found = self._found.get(name, _NOT_ASKED)
        if found is _NOT_ASKED:
            self._found[name] = None  # a value that needs itself is not known
            found = self._found[name] = self._resolve(name)
        return found  # type: ignore[return-value]

    def __getitem__(self, name: str) -> Answer:
        return self.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._history.names.items, *self._history.names.derivations))

    def __len__(self) -> int:
        return len(self._history.names.items) + len(self._history.names.derivations)

    def _resolve(self, name: str) -> Answer | tuple[Answer, ...]:
        names = self._history.names
        if name in names.items:
            return self._answer(name)
        if name in names.derivations:
            return derive(names.derivations[name], self).value
        if name in names.groups:
            return tuple(self.get(member) for member in names.groups[name])
        head, _, tail = name.partition(".")
        if head in names.visits and tail:
            return self._history.at(head).get(tail)
        return self._special(head, tail)

    def _special(self, head: str, tail: str) -> Answer:
        history = self._history
        match head, tail:
            case "previous", _:
                return history.latest(tail, history.earlier(self._visit))
            case "last", _:
                return history.latest(tail, iter((self._visit, *history.earlier(self._visit))))
            case "baseline", _:
                return history.at(history.protocol.schedule.baseline).get(tail)
            case "visit", ("date" | "day" | "week"):
                return self._of_visit(tail)
            case "consent", "date":
                return history.subject.consent
            case "site", "":
                return history.subject.site
            case _, ("uln" | "lln"):
                return self._limit(head, tail)
        if tail in REPORT and head in history.names.items:
            return report_of(self._spec(head), self.given(head), tail)
        if tail and head in history.names.derivations:
            return self.score(history.names.derivations[head]).results.get(tail)
        return None

    def score(self, derivation: Derivation) -> Result:
        """What the derivation's instrument says: all its results at once, scored once however many are read.

        Its inputs are read by the protocol's rules or by their own names.
        """
        asked = _scoring(derivation)
        if asked not in self._scored:
            instrument = get(derivation.instrument or "")
            answers: dict[str, Answer] = {}
            for question in instrument.inputs:
                text = derivation.inputs.get(question.id)
                answers[question.id] = self.get(question.id) if text is None else rule(text).evaluate(self)
            self._scored[asked] = instrument.score(answers, variant=derivation.variant, settings=derivation.settings)
        return self._scored[asked]

    def _answer(self, item: str) -> Answer:
        answer = self.given(item)
        return counted(self._spec(item), answer) if type(answer) is Reported else answer

    def given(self, item: str) -> Answer:
        """An answer as it was given, with its sign and its unit where it has them."""
        place = self._history.names.items[item]
        visit = place.once or self._visit
        answer = self._history.subject.values.get((visit, place.form.id, 1), {}).get(item)
        return self._history.at(visit).unasked(item) if answer is None else answer

    def given_before(self, item: str) -> Answer:
        """The answer at the latest earlier visit at which there is one, as it was given; None for the item of a log."""
        if item not in self._history.names.items:
            return None
        earlier = (self._history.at(visit).given(item) for visit in self._history.earlier(self._visit))
        return next((answer for answer in earlier if answer is not None and not isinstance(answer, Missing)), None)

    def _spec(self, item: str) -> Item:
        place = self._history.names.items[item]
        return self._history.names.on_forms[place.form.id][item]

    def unasked(self, item: str, env: "Mapping[str, Answer] | None" = None) -> Answer:
        """What the protocol says of an item that is not asked here; None if it is, or may be, or nothing is said."""
        names = self._history.names
        if item not in names.unasked:
            return None
        when = names.items[item].item.when
        return names.unasked[item] if when and rule(when).evaluate(env or self) is False else None

    def _of_visit(self, what: str) -> Answer:
        subject = self._history.subject
        planned = self._history.names.visits.get(self._visit)
        if what == "week" and planned is not None:
            return planned.week
        state = subject.visits.get(self._visit)
        if state is None or state.on is None:
            return None
        if what == "date":
            return state.on
        days = (state.on - subject.randomised).days if subject.randomised else None
        return Decimal(days) / 7 if what == "week" and days is not None else days

    def _limit(self, item: str, which: str) -> Decimal | None:
        laboratory = self._history.protocol.laboratory
        asked = self._history.names.items.get(item)
        sex = self.get(laboratory.sex_item)
        for limits in laboratory.ranges:
            if asked and limits.analyte == asked.item.analyte and limits.sex in (None, sex):
                return limits.upper if which == "uln" else limits.lower
        return None


class RowEnvironment(Mapping[str, Answer]):
    """What the rules of one form can read: the answers on it first, then everything else at the visit."""

    def __init__(
        self,
        answers: Mapping[str, Answer],
        behind: Environment | None,
        items: Mapping[str, Item] = MappingProxyType({}),
    ) -> None:
        self._answers = answers
        self._behind = behind
        self._items = items

    def get(self, name: str, default: object = None) -> Answer:
        """The answer on the form, or what the visit knows."""
        if name in self._answers:
            answer = self._answers[name]
            if type(answer) is Reported:
                return counted(self._items[name], answer)
            return self._behind.unasked(name, self) if answer is None and self._behind is not None else answer
        if "." in name:
            head, _, part = name.partition(".")
            if part in REPORT and head in self._answers:
                return report_of(self._items[head], self._answers[head], part)
        return self._behind.get(name) if self._behind is not None else None

    def __getitem__(self, name: str) -> Answer:
        return self.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


def row_of(protocol: Protocol, form: Form, answers: Mapping[str, Answer], behind: Environment | None) -> RowEnvironment:
    """What the rules of a form can read, its answers being these."""
    return RowEnvironment(answers, behind, names_of(protocol).on_forms[form.id])


def known(answer: Answer) -> TypeGuard[Value]:
    """Whether there is a value that rules can read: neither unanswered nor declared missing, nor only a report."""
    return answer is not None and not isinstance(answer, Missing | Reported)


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived value, and the instrument's whole result where an instrument made it."""

    value: Value | None
    result: Result | None = None


def derive(derivation: Derivation, env: Environment) -> Derived:
    """The value of a derivation at a visit."""
    if derivation.rule is not None:
        return Derived(rule(derivation.rule).evaluate(env))
    result = env.score(derivation)
    return Derived(result.results[derivation.result] if derivation.result else result.value, result)


_Scoring: TypeAlias = tuple[str | None, str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


def _scoring(derivation: Derivation) -> _Scoring:
    """What distinguishes one scoring from another at the same visit; which result is read does not."""
    inputs, settings = derivation.inputs, derivation.settings
    return derivation.instrument, derivation.variant, tuple(inputs.items()), tuple(settings.items())


def rule(text: str) -> Expression:
    """A rule of the protocol, compiled once per process."""
    return compile_rule(text)

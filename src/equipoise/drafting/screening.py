"""Eligibility: each criterion of the record as an entry with a rule, and the questions these rules ask."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from equipoise.drafting.chinese import TO_DO, TO_DO_ZH, label, unwritten
from equipoise.drafting.cited import cited
from equipoise.drafting.criteria.ages import QUESTIONS as AGES
from equipoise.drafting.criteria.ages import from_limits
from equipoise.drafting.criteria.entries import Entry
from equipoise.drafting.criteria.question import Question, Understood, slug
from equipoise.drafting.criteria.understand import understand
from equipoise.drafting.record import Read, Record
from equipoise.drafting.scaffold import STANDARD_UNITS
from equipoise.drafting.todo import CONFLICT, CRITERION, DOUBT, SCORE, shortened, todo
from equipoise.drafting.yaml_text import Node, Noted
from equipoise.items.problem import Problem

# Words that mean something else in every rule.
_RESERVED: Final = frozenset(
    {
        "log", "previous", "baseline", "last", "visit", "consent", "site", "abs", "min", "max", "round", "known",
        "count", "coalesce", "any_of", "all_of", "days_between", "years_between",
        "and", "or", "not", "in", "if", "else",
    }
)  # fmt: skip
_SCORES: Final = {
    "sledai_total": "SLEDAI total",
    "das28": "DAS28",
    "mmse": "MMSE total",
    "bilag_a_count": "number of BILAG A",
}
_LONGEST: Final = 2000


@dataclass(slots=True)
class Screening:
    """The questions gathered so far by id, and what is left to do."""

    questions: dict[str, Question] = field(default_factory=dict)
    todos: list[Problem] = field(default_factory=list)
    age_rules: dict[str, str] = field(default_factory=dict)

    def items(self) -> list[Node]:
        """The items of the screening form; those of the standard forms are not asked twice."""
        return [_item(question) for question in self.questions.values() if question.id not in STANDARD_UNITS]

    def place(self, understood: Understood, criterion: str) -> str:
        """The rule, with its questions added under names that nothing else has."""
        rule = understood.rule
        for question in understood.questions:
            name = self._name(question, criterion)
            rule = re.sub(rf"\b{re.escape(question.id)}\b", name, rule)
            self.questions.setdefault(name, _renamed(question, name))
        return rule

    def _name(self, question: Question, criterion: str) -> str:
        """The question's own name, or with its unit, or with its criterion, which is always free."""
        short = question.id[:48]
        names = (
            question.id,
            f"{short}_{slug(question.unit, length=12) or criterion.lower()}",
            f"{short}_{criterion.lower()}",
        )
        return next(name for name in names if name not in _RESERVED and self._is_free_for(question, name))

    def _is_free_for(self, question: Question, name: str) -> bool:
        if name in STANDARD_UNITS:
            return STANDARD_UNITS[name] in ((question.type, question.unit), (question.type, ""))
        known = self.questions.get(name)
        if known is None:
            return True
        same = (known.type, known.unit) == (question.type, question.unit)
        return same and (question.type != "yes_no" or known.label == question.label)


def _renamed(question: Question, name: str) -> Question:
    return Question(name, question.label, question.type, question.zh, question.unit, question.help)


def eligibility(record: Record, screening: Screening) -> dict[str, Node]:
    """The eligibility of a draft; the questions and to-dos are left in `screening`."""
    inclusion = [_criterion(entry, f"I{n}", screening) for n, entry in enumerate(record.inclusion, start=1)]
    inclusion += _from_fields(record, screening, len(inclusion) + 1)
    exclusion = [_criterion(entry, f"E{n}", screening) for n, entry in enumerate(record.exclusion, start=1)]
    if not inclusion:
        inclusion = [_unwritten(screening)]
    for name, words in _SCORES.items():
        if name in screening.questions:
            message, hint = f"The {words} is asked as a number.", "Let an instrument compute it from its items."
            screening.todos.append(todo(SCORE, record.name, message, hint))
    return {"visit": "screening", "inclusion": inclusion, "exclusion": exclusion}


def _criterion(entry: Entry, id_: str, screening: Screening) -> Node:
    quote = Read(entry.text, entry.text, entry.where)
    understood = understand(entry.text, inclusion=id_.startswith("I"))
    if understood is None:
        return _judged(entry, id_, screening)
    rule = screening.place(understood, id_)
    if re.search(r"\bage(?:_\w+)?\b", rule) and id_.startswith("I"):
        screening.age_rules[rule] = entry.where
    for doubt in understood.doubts:
        message = f"{id_}: confirm {doubt}."
        screening.todos.append(todo(DOUBT, entry.where, message, "Change the rule in the draft if it is not so."))
    return cited({"id": id_, "text": label(entry.text[:_LONGEST]), "rule": rule}, quote)


def _judged(entry: Entry, id_: str, screening: Screening) -> Node:
    """A criterion that stays text: a person answers whether it is met, and may turn it into a rule."""
    inclusion = id_.startswith("I")
    name = f"{id_.lower()}_judged"
    said = shortened(entry.text, 300)
    asked = (
        f"Does the participant meet inclusion criterion {id_}?"
        if inclusion
        else f"Does criterion {id_} exclude the participant?"
    )
    asked_zh = f"受试者是否符合入选标准{id_}？" if inclusion else f"受试者是否因排除标准{id_}而不能入选？"
    question = Question(name, f"{TO_DO} {asked} ({said})", "yes_no", f"{TO_DO_ZH} {asked_zh}")
    screening.questions[name] = question
    message = f"{id_} is kept as text: {shortened(entry.text, 80)!r}."
    screening.todos.append(
        todo(CRITERION, entry.where, message, "Write its rule, or keep the investigator's judgement.")
    )
    explanation = unwritten(
        "judged by the investigator as a whole; write a rule if one can be had.",
        "由研究者整体判断；如可行，请写成规则。",
    )
    node: Node = {"id": id_, "text": label(entry.text[:_LONGEST]), "rule": name, "explanation": explanation}
    return cited(node, Read(entry.text, entry.text, entry.where))


def _from_fields(record: Record, screening: Screening, number: int) -> Iterator[Node]:
    """Limits of age and sex that the record gives as fields and no criterion repeats."""
    low, high = record.minimum_age, record.maximum_age
    understood = from_limits(low.value if low else None, high.value if high else None)
    if (low or high) and understood is None:
        message = "The limits of age are in a unit no question asks for."
        screening.todos.append(
            todo(CRITERION, (low or high or record.inclusion[0]).where, message, "Write the rule of age.")
        )
    if understood and not screening.age_rules:
        yield cited(_of_field(f"I{number}", _words(record), screening.place(understood, f"I{number}")), low, high)
        number += 1
    elif understood:
        _compare(understood, screening)
    if record.sex and record.sex.value != "all":
        words = f"Sex: {record.sex.value}"
        yield cited(_of_field(f"I{number}", words, f'sex == "{record.sex.value}"'), record.sex)


def _of_field(id_: str, words: str, rule: str) -> Node:
    return {"id": id_, "text": label(words), "rule": rule}


def _words(record: Record) -> str:
    low, high = record.minimum_age, record.maximum_age
    if low and high:
        return f"Age from {low.value} to {high.value}, both within"
    return f"Age at least {low.value}" if low else f"Age at most {high.value}" if high else ""


def _compare(understood: Understood, screening: Screening) -> None:
    """Say so when the criteria and the fields of the record give different ages."""
    sides = set(understood.rule.split(" and "))
    given = {side for rule in screening.age_rules for side in rule.split(" and ") if side.startswith(tuple(_AGE_NAMES))}
    if given and not sides <= given:
        rule, where = next(iter(screening.age_rules.items()))
        message = f"The criterion of age reads {rule!r}, the fields of the record {understood.rule!r}."
        screening.todos.append(todo(CONFLICT, where, message, "Keep the right one."))


_AGE_NAMES: Final = tuple(question.id for question in AGES.values())


def _unwritten(screening: Screening) -> Node:
    """The one criterion of a draft whose record has none."""
    text = unwritten("the criteria of inclusion.", "入选标准。")
    screening.questions["i1_judged"] = Question(
        "i1_judged", f"{TO_DO} Does the participant meet the criteria of inclusion?", "yes_no",
        f"{TO_DO_ZH} 受试者是否符合入选标准？",
    )  # fmt: skip
    return Noted(
        {"id": "I1", "text": text, "rule": "i1_judged"}, ("TO DO: the record holds no criterion of inclusion.",)
    )


def _item(question: Question) -> Node:
    item: dict[str, Node] = {"id": question.id, "label": label(question.label[:_LONGEST], question.zh)}
    item |= {"help": label(question.help, _HELP.get(question.help, ""))} if question.help else {}
    item |= {"type": question.type}
    return item | ({"unit": question.unit} if question.unit and question.type != "yes_no" else {})


_HELP: Final = {
    "0 where none is taken.": "未使用者填0。",
    "Result and upper limit of normal in the same unit, from the same report.": (
        "检测结果与正常值上限取自同一报告，单位一致。"
    ),
}

"""Edit checks: what should hold on a form. They ask; they never block a true value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from equipoise.conduct.environment import Environment, RowEnvironment, row_of, rule
from equipoise.conduct.messages import problem
from equipoise.items import Answer, Item, Missing, PartialDate, Problem, read, unlikely
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import Form, FormItem, Label, Protocol


@dataclass(frozen=True, slots=True)
class Finding:
    """An edit check that spoke: at which item, how strongly, and in which words."""

    item: str
    check: str
    strength: str  # "impossible" | "unlikely" | "notable"
    message: Label


def read_answers(
    protocol: Protocol, form: Form, texts: Mapping[str, str]
) -> tuple[dict[str, Answer], tuple[Problem, ...]]:
    """The answers on a form as typed, and what could not be read. A key that is no item of the form is a problem."""
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        item = form.item_by_id.get(name)
        answer = (
            problem("conduct.E050", form.id, form=f"{form.id}.{name}")
            if item is None
            else read(item_of(item, protocol), text)
        )
        if isinstance(answer, Problem):
            problems.append(answer)
        else:
            answers[name] = answer
    return answers, tuple(problems)


def asked(item: FormItem, env: Mapping[str, Answer]) -> bool:
    """Whether an item is asked: unless its `when` is certainly false."""
    return item.when is None or rule(item.when).evaluate(env) is not False


def unanswered(
    protocol: Protocol, form: Form, answers: Mapping[str, Answer], behind: Environment | None
) -> frozenset[str]:
    """The items of a form that want an answer, are asked, and have none."""
    open_ = [item for item in form.items if item.required and answers.get(item.id) is None]
    env = row_of(protocol, form, answers, behind)
    return frozenset(item.id for item in open_ if asked(item, env))


def findings(
    protocol: Protocol, form: Form, answers: Mapping[str, Answer], behind: Environment | None, today: date = date.max
) -> Iterator[Finding]:
    """Every edit check of a form that is certainly not satisfied; `today` is the last day that is no future."""
    env = row_of(protocol, form, answers, behind)
    for item in form.items:
        yield from _of_item(item, item_of(item, protocol), answers.get(item.id), env, today)
    for check in form.checks:
        expected = rule(check.expect)
        if expected.evaluate(env) is False:
            about = next((i.id for i in form.items if i.id in expected.names), form.items[0].id)
            yield Finding(about, check.id, check.strength, check.message)


def _of_item(item: FormItem, spec: Item, answer: Answer, env: RowEnvironment, today: date) -> Iterator[Finding]:
    if answer is None:
        return
    if not isinstance(answer, Missing) and (found := unlikely(spec, answer)) is not None:
        yield Finding(item.id, "expected_range", "unlikely", _beyond(item, found))
    if _begins(answer) > today:
        yield Finding(item.id, "future_date", "unlikely", _FUTURE)
    if not asked(item, env):
        yield Finding(item.id, "not_asked", "unlikely", _NOT_ASKED)


def _beyond(item: FormItem, found: Problem) -> Label:
    low, high = item.expected or (None, None)
    return Label(en=found.message, zh=f"超出预期范围 {low}–{high} {item.unit}".strip() + "，请核实。")


def _begins(answer: Answer) -> date:
    """The first day that a date can be; for any other answer a day that is no future."""
    match answer:
        case PartialDate():
            return answer.earliest
        case date():
            return answer
    return date.min


_FUTURE = Label(en="This date lies in the future.", zh="该日期晚于今天。")
_NOT_ASKED = Label(
    en="This question does not apply here, and has an answer.", zh="根据其他回答，此题不适用，但已填写。"
)

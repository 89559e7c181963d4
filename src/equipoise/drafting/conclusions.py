"""Objectives, endpoints and estimands, as far as the outcomes of a record go: what is measured, and until when."""

from typing import Final

from equipoise.drafting.chinese import TO_DO, TO_DO_ZH, label, unwritten
from equipoise.drafting.cited import cited, placed
from equipoise.drafting.record import OutcomeRead, Record
from equipoise.drafting.scaffold import SETS, STANDARD
from equipoise.drafting.timetable import Timetable
from equipoise.drafting.todo import NOT_TOLD, NOT_UNDERSTOOD, SCAFFOLD, shortened, todo
from equipoise.drafting.yaml_text import Node, Noted
from equipoise.items.problem import Problem

_METHODS: Final = {"event": "two_proportions", "time_to_event": "survival", "change": "ancova", "value": "ancova"}
_BY_RULE: Final = ("event", "time_to_event")
_TIERS: Final = {
    "primary": ("primary objective", "主要目的"), "secondary": ("secondary objectives", "次要目的"),
    "exploratory": ("exploratory objectives", "探索性目的"),
}  # fmt: skip


def conclusions(
    record: Record, times: Timetable, arms: list[str], reference: str
) -> tuple[dict[str, Node], list[Node], list[Problem]]:
    """The last parts of a protocol, the items of the outcomes form, and what is left to do."""
    outcomes = record.outcomes
    todos = _todos(record)
    tiers = list(dict.fromkeys(["primary", *(outcome.tier for outcome in outcomes)]))
    parts: dict[str, Node] = {
        "objectives": [_objective(tier, outcomes) for tier in tiers],
        "endpoints": [_endpoint(n, o, times) for n, o in enumerate(outcomes, start=1)] or [_no_endpoint(times)],
        "estimands": _estimands(outcomes, arms, reference),
        "analysis": {"sets": Noted(SETS, (STANDARD,)), "baseline": ["age", "sex", "weight"]},
    }
    return parts, [_item(n, outcome) for n, outcome in enumerate(outcomes, start=1)] or [_no_item()], todos


def _todos(record: Record) -> list[Problem]:
    todos: list[Problem] = []
    if not any(outcome.tier == "primary" for outcome in record.outcomes):
        todos.append(todo(NOT_TOLD, record.name, "The record has no primary outcome.", "Write the endpoints."))
    for outcome in record.outcomes:
        if not outcome.kind:
            message = f"What kind of measure {shortened(outcome.measure.value, 60)!r} is was not read."
            todos.append(todo(NOT_UNDERSTOOD, outcome.measure.where, message, "Write `measure:` of its endpoint."))
        if outcome.week is None:
            said = shortened(outcome.time_frame, 60)
            message = f"The time frame {said!r} names no single week." if said else "An outcome has no time frame."
            todos.append(todo(NOT_UNDERSTOOD, outcome.measure.where, message, "Write `through:` of its endpoint."))
    message = "Objectives, estimands and the items of the outcomes are placeholders."
    return [*todos, todo(SCAFFOLD, record.name, message, "Write what is asked, and what is estimated.")]


def _objective(tier: str, outcomes: tuple[OutcomeRead, ...]) -> Node:
    en, zh = _TIERS[tier]
    measured = [outcome for outcome in outcomes if outcome.tier == tier][:3]
    names = "; ".join(shortened(outcome.measure.value, 100) for outcome in measured)
    text = unwritten(f"{en}{f' ({names})' if names else ''}.", f"{zh}。")
    return cited({"id": tier, "tier": tier, "text": text}, *(outcome.measure for outcome in measured))


def _endpoint(number: int, outcome: OutcomeRead, times: Timetable) -> Node:
    measure = outcome.kind or "value"
    week = outcome.week if outcome.week in times.weeks else times.end
    key = "rule" if measure in _BY_RULE else "variable"
    node: dict[str, Node] = {
        "id": f"endpoint_{number}",
        "label": label(outcome.measure.value),
        "tier": outcome.tier,
        "objective": outcome.tier,
        "measure": measure if outcome.kind else placed(measure, "the kind of measure was not read."),
        key: f"outcome_{number}",
        "through": f"week_{week}" if outcome.week else placed(f"week_{week}", "the time frame names no single week."),
        "better": placed("lower", "whether higher or lower is better."),
    }
    frame = (f'time frame: "{shortened(outcome.time_frame)}"',) if outcome.time_frame else ()
    return Noted(cited(node, outcome.measure), frame)


def _no_endpoint(times: Timetable) -> Node:
    node: Node = {
        "id": "endpoint_1", "label": unwritten("the primary endpoint.", "主要终点。"), "tier": "primary",
        "objective": "primary", "measure": "value", "variable": "outcome_1", "through": f"week_{times.end}",
    }  # fmt: skip
    return placed(node, "the record has no outcome.")


def _item(number: int, outcome: OutcomeRead) -> Node:
    type_ = "yes_no" if outcome.kind in _BY_RULE else "decimal"
    text = f"{TO_DO} the questions behind this outcome: {shortened(outcome.measure.value, 200)}"
    zh = f"{TO_DO_ZH} 该结局的具体采集项目"
    return cited({"id": f"outcome_{number}", "label": {"en": text, "zh": zh}, "type": type_}, outcome.measure)


def _no_item() -> Node:
    return {
        "id": "outcome_1",
        "label": unwritten("the questions behind the outcome", "结局的具体采集项目"),
        "type": "decimal",
    }


def _estimands(outcomes: tuple[OutcomeRead, ...], arms: list[str], reference: str) -> list[Node]:
    """One estimand for each primary outcome, with the usual method for its kind."""
    primary = [(n, o.kind or "value") for n, o in enumerate(outcomes, start=1) if o.tier == "primary"]
    return [
        _estimand(number, measure, arms, reference)
        for number, measure in primary or ([(1, "value")] if not outcomes else [])
    ]


def _estimand(number: int, measure: str, arms: list[str], reference: str) -> Node:
    method = _METHODS[measure] if len(arms) > 1 else "summary"
    node: Node = {
        "id": f"estimand_{number}", "endpoint": f"endpoint_{number}",
        "label": unwritten("the estimand in a sentence.", "用一句话描述估计目标。"),
        "population": "all_randomised", "reference_arm": reference,
        "summary": unwritten(f"the summary ({method}).", "汇总统计量。"), "method": {"function": method},
    }  # fmt: skip
    return Noted(node, (STANDARD,))

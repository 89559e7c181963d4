"""The draft: a protocol file that is sound in form, says where each value came from, and lists what is left to do."""

from dataclasses import dataclass
from typing import Final

from equipoise.drafting import scaffold
from equipoise.drafting.cited import cited, placed
from equipoise.drafting.conclusions import conclusions
from equipoise.drafting.record import Record
from equipoise.drafting.screening import Screening, eligibility
from equipoise.drafting.timetable import schedule, timetable
from equipoise.drafting.todo import SCAFFOLD, TRANSLATION, todo
from equipoise.drafting.trial import (
    arm_ids,
    arms_and_products,
    identifier,
    masking,
    model,
    randomisation,
    reference_arm,
    sites,
    study,
    treatment,
)
from equipoise.drafting.yaml_text import Node, Noted, write
from equipoise.items.problem import Problem

# The room knows no clock, and a register does not date the protocol.
_UNDATED: Final = "2000-01-01"


@dataclass(frozen=True, slots=True)
class Draft:
    """A protocol file and what a person still has to do to it."""

    text: str
    todos: tuple[Problem, ...]


def draft(record: Record) -> Draft:
    """The draft of a record. The same record gives the same bytes."""
    tree, todos = _tree(record)
    return Draft(_header(record, todos) + write(tree), todos)


def _tree(record: Record) -> tuple[dict[str, Node], tuple[Problem, ...]]:
    screening = Screening()
    times = timetable(record)
    names = arm_ids(record)
    reference, no_reference = reference_arm(record, names)
    design, design_todos = model(record, names)
    arms, products, arm_todos = arms_and_products(record, names)
    given, given_todos = treatment(record, times)
    assigned, assigned_todos = randomisation(record, names)
    masked, masked_todos = masking(record)
    places, place_todos = sites(record)
    judged = eligibility(record, screening)
    last, outcome_items, last_todos = conclusions(record, times, names, reference)
    asked = screening.items()
    tree: dict[str, Node] = {
        **_head(record),
        "study": study(record, design),
        "objectives": last["objectives"],
        "sites": places,
        "products": products,
        "arms": arms,
        "treatment": given,
        "randomisation": assigned,
        "masking": masked,
        "roles": Noted(scaffold.roles(record.masking.value if record.masking else None), (scaffold.STANDARD,)),
        "schedule": schedule(record, times, has_screening=bool(asked)),
        "code_lists": scaffold.CODE_LISTS,
        "forms": scaffold.forms(asked, outcome_items),
        "eligibility": judged,
        "safety": Noted(scaffold.SAFETY, (scaffold.STANDARD,)),
        **{key: last[key] for key in ("endpoints", "estimands", "analysis")},
        "registry": _registry(record),
    }
    groups = (design_todos, arm_todos, given_todos, assigned_todos, masked_todos, times.todos, screening.todos,
              no_reference, last_todos, place_todos, _standing(record))  # fmt: skip
    return tree, tuple(dict.fromkeys([*record.todos, *(found for group in groups for found in group)]))


def _head(record: Record) -> dict[str, Node]:
    return {
        "equipoise": "1",
        "id": identifier(record),
        "version": "0.1",
        "dated": placed(_UNDATED, "the date of this version."),
        "languages": ["en", "zh"],
    }


def _standing(record: Record) -> list[Problem]:
    """What is left to do in every draft."""
    where = record.name
    return [
        todo(SCAFFOLD, where, "Roles, standard forms, safety and analysis sets are not from the record.", "Read them."),
        todo(SCAFFOLD, where, f"The draft is dated {_UNDATED}.", "Write the date of the version."),
        todo(TRANSLATION, where, "Chinese texts behind 待补充 are not written.", "Write them, or remove zh."),
    ]


def _registry(record: Record) -> Node:
    frames = [outcome for outcome in record.outcomes if outcome.tier == "primary" and outcome.time_frame]
    node: dict[str, Node] = {}
    if frames:
        node["primary_outcome_time_frame"] = frames[0].time_frame
    if record.keywords:
        node["keywords"] = [cited(word.value, word) for word in record.keywords]
    if record.status:
        node["overall_status"] = cited(record.status.value, record.status)
    if record.contact:
        node["contact"] = cited(record.contact.value, record.contact)
    return node


def _header(record: Record, todos: tuple[Problem, ...]) -> str:
    """What the file is, and everything that is left to do, at its top."""
    lines = [
        f"Draft of a protocol, made from {record.name}.",
        'Each value that was read has the words it came from above it ("from:").',
        "Where the record says nothing, a placeholder stands and is marked TO DO.",
        "",
        f"To do ({len(todos)}):",
        *(f"  {problem.id} {problem.where}: {problem.message} {problem.hint}" for problem in todos),
    ]
    return (
        "".join(
            f"# {' '.join(line.split()) if not line.startswith('  ') else '  ' + ' '.join(line.split())}".rstrip()
            + "\n"
            for line in lines
        )
        + "\n"
    )

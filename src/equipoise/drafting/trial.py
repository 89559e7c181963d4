"""What the trial is: identification, places, products, arms, randomisation and masking."""

import re
from typing import Final

from equipoise.drafting.chinese import ROUTES, label, unwritten
from equipoise.drafting.cited import cited, placed
from equipoise.drafting.criteria.question import slug
from equipoise.drafting.record import ArmRead, Read, Record
from equipoise.drafting.timetable import Timetable
from equipoise.drafting.todo import (
    CONFLICT,
    DOUBT,
    NOT_EXPRESSIBLE,
    NOT_TOLD,
    NOT_UNDERSTOOD,
    SCAFFOLD,
    shortened,
    todo,
)
from equipoise.drafting.yaml_text import Node
from equipoise.items.problem import Problem

_REGISTERS: Final = {
    "NCT": "ClinicalTrials.gov", "ChiCTR": "ChiCTR", "ISRCTN": "ISRCTN", "ACTRN": "ANZCTR", "EUCTR": "EU CTR",
}  # fmt: skip
_KINDS: Final = re.compile(r"(?i)^(?:drug|biological|device|procedure|behavioral|radiation|genetic"
    r"|dietary[ _]supplement"
                           r"|combination[ _]product|diagnostic[ _]test|biological/vaccine|other): *")  # fmt: skip


# --- The study ------------------------------------------------------------------------------------------------------


def study(record: Record, model: Node) -> dict[str, Node]:
    """Identification and design."""
    title = record.official_title or record.title
    enrolment = str(record.enrolment.value) if record.enrolment else ""
    count = cited(enrolment, record.enrolment) if enrolment else placed("1", "how many are planned.")
    conditions = [cited(label(name.value), name) for name in record.conditions]
    node: dict[str, Node] = {
        "title": _text(title, "the title.", "研究题目。"),
        "short_title": _text(record.title or title, "the title.", "研究题目。"),
        "acronym": cited(record.acronym.value, record.acronym) if record.acronym else placed("", "an acronym, if any."),
        "registrations": _registrations(record),
        "sponsor": _text(record.sponsor, "the sponsor.", "申办者。"),
        "investigators": [cited(label(name.value, name.value), name) for name in record.investigators],
        "conditions": conditions or [unwritten("the condition.", "适应症。")],
        "phase": cited(record.phase.value, record.phase) if record.phase else placed("NA", "the phase."),
        "purpose": cited(record.purpose.value, record.purpose) if record.purpose else "TO DO: the purpose",
        "model": model,
        "planned_participants": count,
        "participants": count,
        "sex": cited(record.sex.value, record.sex) if record.sex else placed("all", "who may take part by sex."),
    }
    return node | _if_told(record)


def _text(read: Read[str] | None, what_en: str, what_zh: str) -> Node:
    return cited(label(read.value), read) if read else unwritten(what_en, what_zh)


def _if_told(record: Record) -> dict[str, Node]:
    node: dict[str, Node] = {}
    for key, age in (("minimum_age", record.minimum_age), ("maximum_age", record.maximum_age)):
        if age:
            node[key] = cited(f"{age.value.number} {age.value.unit.capitalize()}", age)
    countries = dict.fromkeys([place.country for place in record.places if place.country])
    names = list(countries) or [country.value for country in record.countries]
    node |= {"countries": list[Node](names)} if names else {}
    node |= {"start": cited(record.start.value, record.start)} if record.start else {}
    return node | ({"summary": cited(label(record.summary.value), record.summary)} if record.summary else {})


def _registrations(record: Record) -> Node:
    if record.registration is None:
        return {}
    number = record.registration.value
    register = next((name for prefix, name in _REGISTERS.items() if number.startswith(prefix)), "Register")
    return cited({register: number}, record.registration)


def identifier(record: Record) -> str:
    """The id of the trial."""
    for read in (record.registration, record.acronym, record.title):
        if read and (name := slug(read.value, words=8)):
            return name
    return "draft"


def sites(record: Record) -> tuple[list[Node], list[Problem]]:
    """The places of the record, numbered; one placeholder where it names none."""
    hint = "Write id, country and time zone of each site."
    if not record.places:
        site: Node = {
            "id": "01",
            "label": unwritten("the site.", "研究中心。"),
            "country": "TO DO: country",
            "time_zone": "UTC",
        }
        message = "The record names no place where participants are seen."
        return [placed(site, "the sites.")], [todo(NOT_TOLD, record.name, message, hint)]
    nodes = [
        cited({
            "id": f"{number:02d}", "label": label(place.facility.value),
            "country": place.country or "TO DO: country", "time_zone": placed("UTC", "area and city."),
        }, place.facility)
        for number, place in enumerate(record.places, start=1)
    ]  # fmt: skip
    return nodes, [todo(SCAFFOLD, record.name, "The time zones of the sites are placeholders.", hint)]


# --- Arms ------------------------------------------------------------------------------------------------------------


def arm_ids(record: Record) -> list[str]:
    """One id for each arm, and as many placeholders as the design needs."""
    names: list[str] = []
    for number, arm in enumerate(record.arms, start=1):
        name = slug(arm.label.value, words=5, length=40) or f"arm_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    wanted = 1 if record.model and record.model.value == "single_group" else 2
    return names + [f"to_do_arm_{number}" for number in range(len(names) + 1, wanted + 1)]


def model(record: Record, arms: list[str]) -> tuple[Node, list[Problem]]:
    """The model of the design, as far as the number of arms allows it."""
    todos: list[Problem] = []
    found = record.model
    value = found.value if found else ("parallel" if len(arms) > 1 else "single_group")
    where = found.where if found else record.name
    if len(record.arms) < len(arms):
        message = f"The record tells {len(record.arms)} arm(s); the design needs {len(arms)}."
        todos.append(todo(NOT_TOLD, record.name, message, "Write the arms that are marked."))
    if value in ("crossover", "factorial", "sequential"):
        message = f"A {value} design is named, but a protocol file has no periods or combinations for it."
        todos.append(todo(NOT_EXPRESSIBLE, where, message, "The draft describes the arms only."))
    if value == "single_group" and len(arms) > 1:
        message = f"The record says single group, but has {len(arms)} arms."
        return placed("parallel", message), [*todos, todo(CONFLICT, where, message, "Write the right design.")]
    return (cited(value, found) if found else placed(value, "the design.")), todos


def arms_and_products(record: Record, names: list[str]) -> tuple[list[Node], list[Node], list[Problem]]:
    """The arms with what they are given."""
    todos: list[Problem] = []
    products: dict[str, Node] = {}
    arms: list[Node] = []
    for name, arm in zip(names, record.arms, strict=False):
        product = _product(arm, products, todos)
        arms.append(_arm(name, arm, product))
    for name in names[len(record.arms) :]:
        products.setdefault("to_do_product", _to_do_product("to_do_product"))
        node: Node = {
            "id": name, "label": unwritten("an arm.", "治疗组。"), "type": "experimental", "product": "to_do_product",
            "description": unwritten("what is given.", "治疗内容。"),
        }  # fmt: skip
        arms.append(placed(node, "the record does not describe this arm."))
    todos.append(todo(SCAFFOLD, record.name, "How each product looks and what it contains is not told.", "Write it."))
    return arms, list(products.values()), todos


def _arm(name: str, arm: ArmRead, product: str) -> Node:
    node: dict[str, Node] = {
        "id": name,
        "label": label(arm.label.value),
        "type": arm.type or placed("experimental", "the kind of this arm."),
        "product": product,
    }
    if arm.dose:
        dose = arm.dose.value
        node["dose"] = cited({"amount": f"{dose.amount.normalize():f}", "unit": dose.unit}, arm.dose)
    description = arm.description
    node["description"] = (
        cited(label(description.value), description) if description else unwritten("what is given.", "治疗内容。")
    )
    return cited(node, arm.label)


def _product(arm: ArmRead, products: dict[str, Node], todos: list[Problem]) -> str:
    """The id of what an arm is given; several things together are one product here."""
    names = [_KINDS.sub("", name).strip() for name in arm.interventions]
    if not names:
        product = (
            "no_product" if arm.type == "no_intervention" else f"{slug(arm.label.value, words=4) or 'arm'}_product"
        )
        products.setdefault(product, _to_do_product(product))
        if arm.type != "no_intervention":
            message = f"What is given in {shortened(arm.label.value, 60)!r} is not told."
            todos.append(todo(NOT_TOLD, arm.label.where, message, "Write its product."))
        return product
    words = " + ".join(names)[:300]
    product = slug(words, length=40) or f"product_{len(products) + 1}"
    if len(names) > 1:
        message = f"{shortened(arm.label.value, 60)!r} is given {len(names)} things; the draft makes them one product."
        todos.append(todo(NOT_EXPRESSIBLE, arm.label.where, message, "Name the one that is masked and dispensed."))
    if product not in products:
        known = "安慰剂" if words.lower() == "placebo" else ""
        node: Node = {
            "id": product,
            "label": label(words, known),
            "presentation": unwritten("how it is presented.", "规格与外观。"),
        }
        products[product] = cited(node, arm.label)
    return product


def _to_do_product(id_: str) -> Node:
    return {
        "id": id_,
        "label": unwritten("the product.", "研究用药。"),
        "presentation": unwritten("how it is presented.", "规格与外观。"),
    }


def reference_arm(record: Record, names: list[str]) -> tuple[str, list[Problem]]:
    """The arm the others are compared with."""
    for type_ in ("placebo_comparator", "active_comparator", "no_intervention"):
        found = [name for name, arm in zip(names, record.arms, strict=False) if arm.type == type_]
        if len(found) == 1:
            return found[0], []
    if len(names) == 1:
        return names[0], []
    message = "Which arm the others are compared with is not told."
    return names[-1], [todo(NOT_TOLD, record.name, message, "Write `reference_arm` of the estimands.")]


def treatment(record: Record, times: Timetable) -> tuple[dict[str, Node], list[Problem]]:
    """How the product is given, the same for every arm."""
    routes = {arm.route.value: arm.route for arm in record.arms if arm.route}
    route = next(iter(routes.values())) if len(routes) == 1 else None
    todos = [] if route else [todo(NOT_UNDERSTOOD, record.name, "One route of giving could not be read.", "Write it.")]
    words = route.value.capitalize() if route else ""
    node: dict[str, Node] = {
        "label": label("Study treatment", "研究用药"),
        "route": cited(label(words, ROUTES[route.value]), route) if route else unwritten("the route.", "给药途径。"),
        "form": "treatment",
        "at": cited(times.at, times.dosing) if times.dosing else placed(times.at, "the weeks of treatment."),
    }
    return node, todos


# --- Assignment ------------------------------------------------------------------------------------------------------


def randomisation(record: Record, names: list[str]) -> tuple[dict[str, Node], list[Problem]]:
    """Procedure and ratio. Equal shares stand where the record gives none; a single arm has one share."""
    todos: list[Problem] = []
    ratio, read = _shares(record, names, todos)
    if len(names) == 1:
        message = "There is one arm, so nothing is randomised; the draft gives it the only share."
        todos.append(todo(NOT_EXPRESSIBLE, record.name, message, "Keep `complete` with the ratio 1."))
    elif record.allocation and record.allocation.value != "randomised":
        message = f"The record says {record.allocation.quote!r}; a protocol here assigns arms at random."
        todos.append(
            todo(NOT_EXPRESSIBLE, record.allocation.where, message, "Do not run this draft before that is settled.")
        )
    else:
        message = "Block sizes and strata are not told by a register."
        todos.append(todo(SCAFFOLD, record.name, message, "Write the strata, and the restricted file."))
    procedure = record.procedure if len(names) > 1 else None
    node: dict[str, Node] = {
        "procedure": cited(procedure.value, procedure) if procedure else placed("complete", "the procedure."),
        "ratio": cited(ratio, read) if read else placed(ratio, "the ratio."),
        "specification": placed("randomisation.restricted.yaml", "the restricted file."),
    }
    return node, todos


def _shares(
    record: Record, names: list[str], todos: list[Problem]
) -> tuple[dict[str, Node], Read[tuple[int, ...]] | None]:
    equal: dict[str, Node] = dict.fromkeys(names, "1")
    read = record.ratio if len(record.arms) == len(names) else None
    if read is None:
        if len(names) > 1:
            todos.append(todo(NOT_TOLD, record.name, "The ratio is not told.", "Write the share of each arm."))
        return equal, None
    order = _order(read, record.arms)
    if len(set(read.value)) > 1 and order is None:
        said = ":".join(map(str, read.value))
        message = f"Which arm has which share of {said} is taken from the order of the arms in the record."
        todos.append(todo(DOUBT, read.where, message, "Confirm the shares."))
    shares = [read.value[place] for place in order or range(len(names))]
    return dict(zip(names, map(str, shares), strict=True)), read


def _order(read: Read[tuple[int, ...]], arms: tuple[ArmRead, ...]) -> list[int] | None:
    """The place in the ratio of each arm, where the words name the arms after it: "2:1 to drug or placebo"."""
    words = re.sub(r"^.*?\d(?: ?(?::|[- ]?to[- ]?) ?\d+)+", "", read.quote.lower())
    found = [words.find(re.split(r"\W", arm.label.value.lower())[0] or "?") for arm in arms]
    if min(found) < 0 or len(set(found)) < len(found):
        return None
    return [sorted(found).index(place) for place in found]


def masking(record: Record) -> tuple[dict[str, Node], list[Problem]]:
    """Who is masked, in the words of a register."""
    read = record.masking
    parties: list[Node] = list[Node](read.value) if read else []
    hint = "Write who is masked, how, and which results could tell the arm."
    none = read is not None and not read.value
    method = (
        label("Nobody is masked.", "开放标签，不设盲。")
        if none
        else unwritten("how masking is kept.", "如何维持盲态。")
    )
    node: dict[str, Node] = {
        "masked": cited(parties, read) if read else placed(parties, "who is masked."),
        "method": method,
    }
    todos = [] if none else [todo(SCAFFOLD, record.name, "How masking is kept is not told by a register.", hint)]
    return node, todos

"""What each name refers to, which derivation comes first, and what identifies a protocol."""

import gc
import re
import weakref
from decimal import Decimal

import pytest
from protocol_cases import PROTOCOLS, SMALL, with_slip

from equipoise.instruments import get
from equipoise.items.item import Item
from equipoise.protocol.check import check
from equipoise.protocol.load import digest, load
from equipoise.protocol.names import (
    item_of,
    label_of,
    names_of,
    needed,
    once_for_each_protocol,
    order_derivations,
    ordered,
)
from equipoise.protocol.schema import Derivation, Label


@pytest.fixture
def small():
    return load(SMALL)[0]


def derivation(id_, rule):
    return Derivation(id=id_, label=Label(en=id_), rule=rule)


def test_an_item_is_found_with_its_form_and_visits(small):
    weight = names_of(small).items["weight"]
    assert (weight.form.id, weight.visits, weight.once) == (
        "assessment", ("screening", "week_0", "week_4", "week_8"), "",
    )  # fmt: skip


def test_an_item_and_a_derivation_are_called_by_their_labels_with_their_units(small):
    weight = names_of(small).items["weight"].item
    assert label_of("weight", small) == (weight.label, weight.unit)
    for each in small.derivations:
        assert label_of(each.id, small) == (each.label, each.unit)


def test_what_is_asked_once_holds_for_the_whole_trial(small):
    assert names_of(small).items["sex"].once == "screening"
    assert names_of(small).once_forms == {"history"}


def test_the_items_of_a_log_are_apart(small):
    assert "onset" not in names_of(small).items
    assert names_of(small).logs["events"]["onset"].item.type == "partial_date"


def test_groups_list_their_items(small):
    assert names_of(small).groups == {"eyes": ("left_eye", "right_eye")}


def test_the_index_is_made_once(small):
    assert names_of(small) is names_of(small)


def test_what_is_made_of_a_protocol_is_made_once_and_forgotten_with_it():
    protocol, other = load(SMALL)[0], load(SMALL)[0]
    visits = once_for_each_protocol(lambda protocol: frozenset(visit.id for visit in protocol.visits))
    assert visits(protocol) is visits(protocol)
    assert visits(protocol) == visits(other)
    assert visits(protocol) is not visits(other)
    kept = weakref.ref(visits(protocol))
    del protocol
    gc.collect()
    assert kept() is None


def test_an_item_carries_range_and_codes(small):
    form = small.form_by_id["assessment"]
    assert item_of(form.item_by_id["weight"], small) == Item(
        "weight", "decimal", "kg", 1, (), Decimal(20), Decimal(300), Decimal(35), Decimal(150)
    )
    assert item_of(form.item_by_id["left_eye"], small).codes == ("mild", "moderate", "severe")
    assert item_of(form.item_by_id["weight"], small) is item_of(form.item_by_id["weight"], small)


def test_an_item_of_another_protocol_is_read_afresh(small):
    other = load(SMALL.replace("range: [20, 300]", "range: [30, 300]"))[0]
    assert item_of(other.form_by_id["assessment"].item_by_id["weight"], small).low == 30


def test_derivations_come_after_what_they_need(small):
    order = [each.id for each in order_derivations(small)]
    assert order.index("age") < order.index("clearance")


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("a + baseline.b + last.c + week_8.d", {"a", "b", "c", "d"}),
        ("previous.a + 1", set()),
        ("alt > 2 * alt.uln", {"alt"}),
        ('bilag.count("A") > 0', {"bilag"}),
        ('screening.bilag.count("A") > 0', {"bilag"}),
        ("days_between(consent.date, visit.date)", set()),
        ("score.total > last.score.clinical or previous.other.total > 1", {"score"}),
        ("not ( readable", set()),
    ],
)
def test_what_a_derivation_needs(rule, read):
    assert set(needed(derivation("x", rule), {"score"})) == read


def test_a_derivation_by_an_instrument_needs_the_questions_of_the_instrument(small):
    assert set(needed(names_of(small).derivations["clearance"], {})) == set(get("cockcroft_gault").input_by_id)


def test_circles_are_named_and_the_rest_is_ordered():
    made = [("a", "b + 1"), ("b", "c + 1"), ("c", "a + 1"), ("d", "e"), ("e", "d"), ("f", "1 + 1"), ("g", "previous.g")]
    order, circles = ordered(tuple(derivation(*each) for each in made))
    assert {frozenset(circle) for circle in circles} == {frozenset("abc"), frozenset("de")}
    assert all(circle[0] == circle[-1] for circle in circles)
    assert {each.id for each in order} == {"f", "g"}


def test_a_long_chain_is_no_circle():
    made = tuple(derivation(f"x{i}", f"x{i + 1} + 1") for i in range(3000))
    order, circles = ordered(made)
    assert circles == ()
    assert [each.id for each in order] == [f"x{i}" for i in reversed(range(3000))]


def test_a_problem_without_lines_is_placed_by_its_path():
    protocol = load(with_slip("reference_arm: control", "reference_arm: contrl")[0])[0]
    assert [problem.where for problem in check(protocol)] == ["protocol.yaml: estimands.0.reference_arm"]


# --- Identity -------------------------------------------------------------------------------------------------------


def test_comments_order_and_layout_do_not_change_the_digest(small):
    block = "treatment:" + SMALL.partition("\ntreatment:")[2].partition("\n\n")[0] + "\n"
    moved = f"# moved\nequipoise: 1\n{block}" + SMALL.replace(block, "").partition("equipoise: 1\n")[2]
    assert digest(load(moved)[0]) == digest(small)


@pytest.mark.parametrize(
    ("old", "new"), [("alpha: 0.05", "alpha: 0.050"), ("version: 1.0", "version: 1.00"), ("zh: 筛选", "zh: 筛查")]
)
def test_every_word_and_every_decimal_changes_the_digest(small, old, new):
    assert digest(load(SMALL.replace(old, new))[0]) != digest(small)


def test_the_digest_is_the_sha_256_of_rfc_8785(small):
    import hashlib

    import rfc8785

    assert digest(small) == hashlib.sha256(rfc8785.dumps(small.model_dump(mode="json"))).hexdigest()


def test_what_is_written_is_what_is_kept():
    text = re.sub(r"(?m)^  purpose: .*$", "  purpose: 'No'", SMALL).replace("version: 1.0", "version: 1.10")
    protocol = load(text)[0]
    assert (protocol.version, protocol.study.purpose) == ("1.10", "No")


def test_the_trials_of_the_project_are_sound():
    for path in sorted((PROTOCOLS.parents[1] / "trials").glob("*/protocol.yaml")):
        protocol, problems = load(path.read_bytes())
        assert problems == (), path
        assert [str(problem) for problem in check(protocol) if problem.level == "error"] == [], path

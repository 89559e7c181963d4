"""No bytes make the reader raise, and every problem can be looked up and found in the file."""

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from equipoise.protocol.check import read_protocol
from equipoise.protocol.document import read_document
from equipoise.protocol.explain import explain
from equipoise.protocol.load import digest, load
from equipoise.protocol.problems import PROBLEMS

SMALL = (Path(__file__).parents[2] / "protocols" / "small.yaml").read_bytes()
TREE = yaml.load(SMALL.decode(), Loader=yaml.BaseLoader)
SOUND = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def judged(data):
    """What the reader makes of some bytes, after the promises that hold for all of them."""
    protocol, problems = read_protocol(data, "p.yaml")
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for problem in problems:
        assert problem.id in PROBLEMS
        place = re.fullmatch(r"p\.yaml:(\d+)", problem.where)
        assert place, problem
        assert 1 <= int(place[1]) <= lines, problem
        assert problem.message.endswith((".", "?", "…")), problem
        assert len(str(problem)) < 1500, problem
    assert (protocol is None) == any(problem.level == "error" for problem in problems)
    if protocol is not None:
        assert len(digest(protocol)) == 64
        assert explain(protocol).endswith("\n")
        assert explain(protocol, "zh").endswith("\n")
    return protocol


@SOUND
@given(st.binary(max_size=300))
def test_any_bytes(data):
    judged(data)


@SOUND
@given(st.text(max_size=200))
@example("\ud800")
@example("a: \x85b")
def test_any_text(text):
    load(text)


@SOUND
@given(st.text(alphabet="[]{}:,-?&*!|>'\"%@`#ab01\n \t~<", max_size=60))
def test_the_signs_of_yaml(text):
    judged(text.encode())


@SOUND
@given(st.integers(0, len(SMALL)))
def test_a_truncated_file(length):
    assert judged(SMALL[:length]) is None or length > len(SMALL) - 80


@SOUND
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 40), st.binary(max_size=12))
def test_a_damaged_file(start, length, inserted):
    judged(SMALL[:start] + inserted + SMALL[start + length :])


# --- Mutated copies of a good protocol ------------------------------------------------------------------------------


def places(tree, path=()):
    yield path
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inner in entries:
        yield from places(inner, (*path, step))


PLACES = [path for path in places(TREE) if path]
WORDS = [
    "", "0", "-1", "99999999999999999999", "1e400", "NaN", "yes", "x", "week_0", "site", "previous", "log", "count",
    "0 to 2000 by 1", "9" * 190, "screening", "sex", "age >= 18", "itching", "a" * 5000, "weight + 1", "sex.uln",
    'eyes.count("no")', "-" * 900 + "1", "not " * 240 + "age", "(" * 400, "1" + "+1" * 99, "previous." * 90 + "x",
    "{week}", "第9周", "2024-13-01", "../x", "mild", "investigator", "cockcroft_gault", "sledai", "clearance",
    "__class__", "line\nbreak", "&" + "b" * 3000,
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.dictionaries(st.sampled_from([*WORDS, "id", "en", "rule"]), st.sampled_from(WORDS), max_size=3),
    st.sampled_from(PLACES).map(lambda path: at(TREE, path)),
)


def at(tree, path):
    for step in path:
        tree = tree[step]
    return tree


def mutated(tree, path, how, value):
    """A copy of the tree with one part replaced, removed, repeated, or given a neighbour."""
    step, *rest = path
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    if rest:
        copy[step] = mutated(tree[step], rest, how, value)
    elif how == "remove":
        del copy[step]
    elif how == "replace":
        copy[step] = value
    elif isinstance(copy, list):
        copy.insert(step, tree[step] if how == "repeat" else value)
    else:
        copy["extra" if how == "insert" else f"{step}s"] = value
    return copy


@settings(SOUND, max_examples=4 * settings.default.max_examples)
@given(st.sampled_from(PLACES), st.sampled_from(["remove", "replace", "repeat", "insert"]), VALUES)
def test_any_part_changed(path, how, value):
    changed = mutated(TREE, path, how, value)
    judged(yaml.dump(changed, allow_unicode=True, width=1000, Dumper=NoAliases).encode("utf-8", "surrogatepass"))


@settings(SOUND, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=2, max_size=6))
def test_several_parts_changed(changes):
    tree = TREE
    for path, value in changes:
        try:
            tree = mutated(tree, path, "replace", value)
        except (KeyError, IndexError, TypeError, ValueError):
            continue  # an earlier change took this part away
    judged(yaml.dump(tree, allow_unicode=True, width=1000, Dumper=NoAliases).encode("utf-8", "surrogatepass"))


class NoAliases(yaml.SafeDumper):
    """Writes a part that stands in two places twice."""

    def ignore_aliases(self, data):
        return True


@SOUND
@given(
    st.recursive(
        st.text(alphabet="ab &*!:#{}[]'\"-?|>%@`,0\n", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=12,
    )
)
def test_the_tree_is_what_yaml_means(value):
    """The reader against PyYAML's own base loader, on everything that a dumper can write."""
    text = yaml.dump({"top": value}, default_style='"', Dumper=NoAliases)
    document, problems = read_document(text, "p.yaml")
    assert problems == ()
    assert document.tree == yaml.load(text, Loader=yaml.BaseLoader)


# --- Bombs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"a: 1\n" * 10_000_000,
        b"[" * 999_000,
        b"{a: " * 240_000,
        b"- " * 499_000,
        b"? " * 499_000,
        b"&a " * 300_000,
        b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a, *a]\n" % (i, i) for i in range(20_000)),
        b"".join(b"k%d: 1\n" % i for i in range(90_000)),
        b"same: 1\n" * 45_000,
        b'a: "' + b"\\x41" * 240_000 + b'"',
        b"a: " + b"x" * 999_000,
        b"a: |\n" + b"  line\n" * 140_000,
        SMALL + b"# comment\n" * 80_000,
    ],
    ids=lambda data: repr(bytes(data[:12])),
)
def test_a_bomb_is_refused_quickly(data):
    begin = time.perf_counter()
    judged(data)
    assert time.perf_counter() - begin < 5


def test_many_visits_and_activities_are_refused_quickly():
    weeks = [", ".join([f"{i} to {i + 900} by 1", "0 to 2000 by 1"]) for i in range(300)]
    patterns = [{"weeks": each, "label": {"en": "x", "zh": "y"}} for each in (*weeks, *map(str, range(600)))]
    activities = [{"form": "history", "at": f"{i} to {i + 900} by 1"} for i in range(600)]
    schedule = {"baseline": "week_0", "visits": patterns, "activities": activities}
    begin = time.perf_counter()
    assert judged(yaml.dump(TREE | {"schedule": schedule}, Dumper=NoAliases).encode()) is None
    assert time.perf_counter() - begin < 5


def test_a_large_protocol_is_read_in_a_second():
    form = next(form for form in TREE["forms"] if form["id"] == "assessment")
    items = [
        {"id": f"item_{i}", "label": {"en": f"Item {i}", "zh": f"条目 {i}"}, "type": "integer", "when": "age >= 18"}
        for i in range(500)
    ]
    forms = [form | {"items": form["items"] + items} if each is form else each for each in TREE["forms"]]
    data = yaml.dump(TREE | {"forms": forms}, Dumper=NoAliases).encode()
    assert data.count(b"\n") > 3000
    begin = time.perf_counter()
    assert judged(data) is not None
    assert time.perf_counter() - begin < 3  # about 0.4 s alone on one core; the machine may be shared

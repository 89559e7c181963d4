"""Nothing makes drafting raise, whatever is lost of a record leaves a sound draft, and rules mean what phrases say."""

import json
import operator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.drafting import Record, draft, read_record
from equipoise.drafting.criteria.understand import understand
from equipoise.drafting.reading.regimen import read_regimen
from equipoise.drafting.yaml_text import write
from equipoise.items.expression import compile_rule
from equipoise.protocol.check import read_protocol

RECORDS = {path.name: path.read_bytes() for path in sorted((Path(__file__).parents[2] / "drafting_records").iterdir())}
PAGES = {name: data for name, data in RECORDS.items() if name.endswith(".txt")}
LINES = {name: data.decode().split("\n") for name, data in PAGES.items()}
SLOW = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def sound(data: bytes) -> None:
    """Either problems, or a record whose draft has no error."""
    found = read_record(data, name="r")
    if isinstance(found, Record):
        protocol, problems = read_protocol(draft(found).text)
        assert protocol is not None, [str(problem) for problem in problems if problem.level == "error"]
    else:
        assert found
        assert all(problem.level == "error" for problem in found)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise(data):
    sound(data)


@given(st.data())
@SLOW
def test_any_loss_of_lines_leaves_a_sound_draft_or_problems(data):
    lines = LINES[data.draw(st.sampled_from(sorted(LINES)))]
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)) | st.integers(0, len(lines)))
    left = lines[:kept] if isinstance(kept, int) else [line for line, keep in zip(lines, kept, strict=True) if keep]
    sound("\n".join(left).encode())


@given(st.data())
@SLOW
def test_any_words_put_into_a_page_leave_a_sound_draft_or_problems(data):
    lines = list(LINES[data.draw(st.sampled_from(sorted(LINES)))])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(st.sampled_from([lines[place] + " ", "", "  - "])) + data.draw(st.text(max_size=40))
    data.draw(st.randoms(use_true_random=False)).shuffle(lines) if data.draw(st.booleans()) else None
    sound("\n".join(lines).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**9) | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def spoilt(value, data):
    """The value with some of its parts replaced by anything."""
    if data.draw(st.integers(0, 25)) == 0:
        return data.draw(JSON)
    if isinstance(value, dict):
        return {key: spoilt(part, data) for key, part in value.items()}
    return [spoilt(part, data) for part in value] if isinstance(value, list) else value


@given(st.data())
@SLOW
def test_any_damage_to_a_study_leaves_a_sound_draft_or_problems(data):
    sound(json.dumps(spoilt(json.loads(RECORDS["migraine.json"]), data)).encode())


@pytest.mark.parametrize(
    "piece", ["((((", "a ", "1. ", "every 4 weeks ", "≥ 1 ", "x; ", ": ", "&amp;", "(\n", "\t", "no ", "A: 1:1 "]
)
def test_a_long_line_takes_no_long_time(piece):
    """Patterns that go back over their text would not come to an end on these within the time of the suite."""
    page = RECORDS["lupus_prevention.txt"].decode()
    for anchor in ("  1. Age 18-65 years;", "Participants were randomized", "Telovimab is an antibody."):
        sound(page.replace(anchor, f"{anchor} {piece * 2000}").encode())


# --- Rules mean what their phrases say ------------------------------------------------------------------------------

SIGNS = {
    "≥": operator.ge, "≤": operator.le, ">": operator.gt, "<": operator.lt, "=<": operator.le, ">=": operator.ge,
    "at least": operator.ge, "at most": operator.le, "more than": operator.gt, "less than": operator.lt,
    "no more than": operator.le, "not less than": operator.ge, "greater than or equal to": operator.ge,
    "below": operator.lt, "above": operator.gt,
}  # fmt: skip
NUMBERS = st.decimals("0.1", "300", places=1)


@given(st.sampled_from(sorted(SIGNS)), NUMBERS, NUMBERS, st.booleans())
def test_a_comparison_means_its_words(sign, limit, value, inclusion):
    understood = understand(f"Haemoglobin {sign} {limit} g/L", inclusion=inclusion)
    assert understood is not None
    assert compile_rule(understood.rule).evaluate({"haemoglobin": value}) is SIGNS[sign](value, limit)


@given(st.integers(1, 60), st.integers(61, 99), st.integers(0, 120))
def test_an_age_means_its_words(low, high, age):
    for text in (
        f"Age {low}-{high} years",
        f"Aged {low} to {high} years",
        f"Ages: {low} years to {high} years, inclusive",
    ):
        understood = understand(text, inclusion=True)
        assert understood is not None
        assert compile_rule(understood.rule).evaluate({"age": age}) is (low <= age <= high)
    outside = understand(f"Age < {low} or > {high} years", inclusion=False)
    assert outside is not None
    assert compile_rule(outside.rule).evaluate({"age": age}) is (age < low or age > high)


@given(st.decimals("1", "10", places=1), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_multiple_means_its_words_and_an_unknown_result_stays_unknown(factor, alt, ast, alt_limit, ast_limit):
    understood = understand(f"ALT or AST > {factor} x ULN", inclusion=False)
    assert understood is not None
    rule = compile_rule(understood.rule)
    values = {"alt": alt, "ast": ast, "alt_upper_limit": alt_limit, "ast_upper_limit": ast_limit}
    assert rule.evaluate(values) is (alt > factor * alt_limit or ast > factor * ast_limit)
    expected = True if ast > Decimal(factor) * ast_limit else None
    assert rule.evaluate(values | {"alt": None}) is expected


@given(
    st.integers(1, 12),
    st.integers(1, 40),
    st.lists(st.integers(0, 20), min_size=1, max_size=4, unique=True).map(sorted),
)
def test_a_list_and_an_interval_give_the_weeks_a_loop_gives(step, times, first):
    end = first[-1] + step * times
    if end > 520:
        return
    weeks, week = list(first), first[-1]
    while week < end:
        week += step
        weeks.append(week)
    listed = ", ".join(f"week {number}" for number in first)
    regimen = read_regimen(f"It is given at {listed} and then every {step} weeks until week {end}.")
    assert regimen is not None
    assert list(regimen.weeks) == weeks


VISIBLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp")), max_size=30)
TREES = st.dictionaries(
    VISIBLE,
    st.recursive(
        VISIBLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(VISIBLE, inner, max_size=4), max_leaves=12
    ),
    min_size=1,
    max_size=5,
)


@given(TREES)
def test_what_is_written_reads_back(tree):
    assert yaml.load(write(tree), Loader=yaml.BaseLoader) == tree

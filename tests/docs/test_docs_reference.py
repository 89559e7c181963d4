"""The reference says what the code has, and nothing the code has not. Pages are written by people; tests compare."""

import ast
import re
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from equipoise.cli.main import COMMANDS, main
from equipoise.conduct.acts import ACTS
from equipoise.items import Missing, PartialDate, compile_rule, read_partial_date
from equipoise.items.expression import FUNCTIONS
from equipoise.items.grammar import DEEPEST, LONGEST, MOST_PARTS, RuleError
from equipoise.protocol.names import LIMITS, OF_VISIT, RESERVED

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "equipoise"
ROOMS_WITH_MESSAGES = (
    "items", "conduct", "desk", "accounts", "randomisation", "envelopes", "allocator", "web", "scoring", "validation",
    "analysis", "reports",
)  # fmt: skip


def page(name):
    return (REFERENCE / name).read_text("utf-8")


def sections(text, level):
    pieces = re.split(rf"(?m)^{'#' * level} (.+)$", text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def first_cells(text):
    """What stands in backticks at the beginning of the rows of the tables."""
    return [
        name for cell in re.findall(r"(?m)^\| ((?:`[^`]+`(?:, )?)+)", text) for name in re.findall("`([^`]+)`", cell)
    ]


# --- Commands -----------------------------------------------------------------------------------------------------


def helped(*command):
    result = CliRunner().invoke(main, [*command, "--help"], prog_name="equipoise", terminal_width=80)
    assert result.exit_code == 0
    return f"```text\n{result.output.rstrip()}\n```"


def test_the_list_of_commands_is_the_list_of_the_page():
    assert helped() in page("commands.md")
    assert list(sections(page("commands.md"), 2)) == [f"equipoise {name}" for name in sorted(COMMANDS)]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_each_command_stands_on_the_page(command):
    expected = helped(command)
    assert expected in sections(page("commands.md"), 2)[f"equipoise {command}"], f"write there:\n{expected}"


# --- Acts ---------------------------------------------------------------------------------------------------------


def test_every_act_has_its_heading():
    assert sorted(sections(page("acts.md"), 3)) == sorted(ACTS)


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_every_field_of_an_act_is_explained(kind):
    fields = [name for name in ACTS[kind].model_fields if name != "subject"]
    written = sections(page("acts.md"), 3)[kind].split("\n## ")[0]
    assert first_cells(written) == fields
    assert ACTS[kind].version == (2 if kind in ("StudyLocked", "StudyUnlocked") else 1)


def test_the_envelope_is_the_row_of_the_ledger():
    from equipoise.ledger.chain import COLUMNS

    assert first_cells(page("acts.md").split("\n## ")[0]) == list(COLUMNS)


# --- Problems -----------------------------------------------------------------------------------------------------


def documented():
    """Every id with a heading or a row of its own, and the page it stands on."""
    found = {}
    for path in sorted(REFERENCE.glob("problems*.md")):
        for id_ in re.findall(r"(?m)^(?:#### |\| `)([a-z]+\.[A-Z]\d{3})", path.read_text("utf-8")):
            assert id_ not in found, f"{id_} stands on {found[id_]} and on {path.name}"
            found[id_] = path.name
    return found


PROBLEM = r"\b[a-z]+\.[A-Z]\d{3}\b"


def raised():
    """Every id in a text of the source; what only comments say is not said to anybody."""
    sources = (path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    trees = (ast.parse(source) for source in sources if re.search(PROBLEM, source))
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {id_ for text in texts if isinstance(text, str) for id_ in re.findall(PROBLEM, text)}


def test_every_problem_is_explained_once_and_no_other_is():
    known, said = documented().keys(), raised()
    assert not said - known, f"explain in docs/reference/problems-*.md: {sorted(said - known)}"
    assert not known - said, f"nothing says these any more: {sorted(known - said)}"


@pytest.mark.parametrize("room", ROOMS_WITH_MESSAGES)
def test_the_pages_say_what_the_product_says(room):
    messages = import_module(f"equipoise.{room}.messages").MESSAGES
    for id_, message in messages.items():
        row = f"| `{id_}` | {message.en} | {message.hint_en} |"
        assert row in page(documented()[id_]), f"write in {documented()[id_]}:\n{row}"


def test_every_problem_that_is_pointed_at_exists():
    for path in REFERENCE.glob("*.md"):
        pointed = set(re.findall(r"`([a-z]+\.[A-Z]\d{3})`", path.read_text("utf-8")))
        assert pointed <= documented().keys(), path.name


# --- Rules --------------------------------------------------------------------------------------------------------


def test_every_function_of_the_language_is_explained():
    written = first_cells(sections(page("rules.md"), 2)["Functions"])
    assert {call.split("(")[0] for call in written} == set(FUNCTIONS)


def test_the_limits_of_a_rule_are_those_of_the_page():
    text = page("rules.md")
    assert f"at most {LONGEST:,} characters, {MOST_PARTS} parts and {DEEPEST} levels" in text
    compile_rule("round(x, 10)")
    with pytest.raises(RuleError):
        compile_rule("round(x, 11)")
    assert "at most 10 places" in text


def test_every_reserved_name_is_explained():
    names = sections(page("rules.md"), 2)["Names"]
    for name in (*RESERVED - {"log"}, *(f"visit.{part}" for part in OF_VISIT), *(f"x.{part}" for part in LIMITS)):
        assert re.search(rf"`{re.escape(name)}[`.]", names), name


TRUTH = {"true": True, "false": False, "unknown": None}


def test_the_table_of_three_values_is_true():
    rows = re.findall(r"(?m)^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", page("rules.md"))
    assert len(rows) == 9
    for row in rows:
        a, b, both, either, negation = (TRUTH[cell] for cell in row)
        given = {"a": a, "b": b}
        rules = ("a and b", "a or b", "not a")
        assert tuple(compile_rule(rule).evaluate(given) for rule in rules) == (both, either, negation)


def examples():
    rows = re.findall(r"(?m)^\| `([^|]+)` \| ([^|]*)\| (.+) \|$", sections(page("rules.md"), 2)["Examples"])
    return [(rule, answers, value.strip("`")) for rule, answers, value in rows]


def answer(text):
    """An answer as the table writes it."""
    if text in ("yes", "no"):
        return text == "yes"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d{4}", text):
        return read_partial_date(text)
    return Decimal(text) if re.fullmatch(r"[\d.]+", text) else text


@pytest.mark.parametrize(("rule", "answers", "value"), examples())
def test_every_example_is_true(rule, answers, value):
    given = {name: answer(text) for name, text in re.findall(r"`(\w+)=([^`]+)`", answers)}
    expected = None if value == "unknown" else answer(value)
    assert compile_rule(rule).evaluate(given) == expected


def test_a_declared_missing_answer_is_unknown_as_the_page_says():
    assert compile_rule("age >= 18").evaluate({"age": Missing("ND")}) is None
    assert isinstance(answer("2021"), PartialDate)


# --- Settings -----------------------------------------------------------------------------------------------------


def test_every_variable_of_the_environment_is_explained():
    source = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    told = set(re.findall(r"(?m)^\| `(EQUIPOISE_[A-Z]+)`", (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")))
    assert told == set(re.findall(r"\bEQUIPOISE_[A-Z]+\b", source))


# --- The index ----------------------------------------------------------------------------------------------------


def test_the_index_names_every_page():
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", page("README.md"))) == {
        path.name for path in REFERENCE.glob("*.md") if path.name != "README.md"
    }


# --- Design scenarios ---------------------------------------------------------------------------------------------


def test_every_key_of_a_design_scenario_is_explained():
    from equipoise.protocol.wording import keys_at
    from equipoise.simulation.design.scenario import DesignScenario, Scheme

    written = {title: first_cells(text) for title, text in sections(page("design-scenario.md"), 2).items()}
    assert written["The whole file"] == list(keys_at((), DesignScenario))
    parts = {"analyses": ("analyses", 0), "sites": ("sites", "01"), "re-estimation": ("re_estimation",),
             "randomisation test": ("randomisation_test",), "covariates": ("covariates", "age"),
             "prohibited medication": ("prohibited_medication",)}  # fmt: skip
    apart = {"The whole file", "Randomisation", "Grid"}
    for key in (title.lower() for title in written if title not in apart):
        assert written[key.capitalize()] == list(keys_at(parts.get(key, (key,)), DesignScenario)), key
    for key in Scheme.model_fields:
        assert f"`{key}`" in sections(page("design-scenario.md"), 2)["Randomisation"]

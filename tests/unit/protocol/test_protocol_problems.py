"""Each slip of the pen is found, in its line, in words that say what was meant."""

import pytest
import yaml
from protocol_cases import MISSHAPEN, SMALL, UNREADABLE, UNSOUND, line_of, with_slip

from equipoise.protocol import document
from equipoise.protocol.check import read_protocol
from equipoise.protocol.lines import Lines
from equipoise.protocol.load import load
from equipoise.protocol.problems import PROBLEMS
from equipoise.protocol.wording import problems_of
from tests.unit.protocol.test_protocol_belief import SLIPS as OF_BELIEF
from tests.unit.protocol.test_protocol_outside import SLIPS as OF_OUTSIDE
from tests.unit.protocol.test_protocol_supply import SLIPS

# E031 is for a kind of mistake that the schema of today has no place for.
FOUND = {case[0] for case in [*UNREADABLE, *MISSHAPEN, *UNSOUND, *SLIPS, *OF_BELIEF, *OF_OUTSIDE]}


def name(case):
    return f"{case[0]}-{case[2]}"[:60] if isinstance(case[2], str) else f"{case[0]}-{bytes(case[1][:20])!r}"


def test_the_small_protocol_is_sound():
    protocol, problems = read_protocol(SMALL)
    assert problems == ()
    assert protocol is not None


@pytest.mark.parametrize("case", UNREADABLE, ids=name)
def test_what_cannot_be_read_is_refused_with_its_line(case):
    id_, data, line = case
    protocol, problems = load(data)
    assert protocol is None
    assert [(problem.id, problem.where) for problem in problems] == [(id_, f"protocol.yaml:{line}")]


@pytest.mark.parametrize("case", MISSHAPEN, ids=name)
def test_what_does_not_fit_the_schema_is_said(case):
    id_, old, new, words, where = case
    text, line = with_slip(old, new)
    protocol, problems = load(text)
    assert protocol is None
    assert_said(problems, id_, words, line_of(where, text, line))


@pytest.mark.parametrize("case", UNSOUND, ids=name)
def test_what_does_not_fit_together_is_said(case):
    id_, old, new, words, where = case
    text, line = with_slip(old, new)
    protocol, problems = read_protocol(text)
    assert (protocol is None) == any(problem.level == "error" for problem in problems)
    assert_said(problems, id_, words, line_of(where, text, line))


def assert_said(problems, id_, words, line):
    same = [problem for problem in problems if problem.id == id_]
    assert same, [str(problem) for problem in problems]
    assert any(words in f"{problem.message} {problem.hint}" for problem in same), [str(problem) for problem in same]
    if line is not None:
        assert f"protocol.yaml:{line}" in [problem.where for problem in same]


def test_every_problem_can_occur():
    assert set(PROBLEMS) - FOUND == {"protocol.E031"}


def test_all_problems_of_the_schema_are_said_at_once():
    text = SMALL.replace("unit: kg", "unti: kg").replace("phase: 2", "phase: 5").replace("hours: 24", "hours: 0")
    assert [problem.id for problem in load(text)[1]] == ["protocol.E023", "protocol.E021", "protocol.E024"]


def test_all_problems_of_meaning_are_said_at_once_in_the_order_of_the_file():
    text = SMALL.replace("{form: history,", "{form: hystory,").replace("reference_arm: control", "reference_arm: none")
    problems = read_protocol(text, "mine.yaml")[1]
    assert [problem.id for problem in problems] == ["protocol.E120", "protocol.E123"]
    assert all(problem.where.startswith("mine.yaml:") for problem in problems)


def test_a_warning_does_not_keep_the_protocol_from_being_used():
    protocol, problems = read_protocol(with_slip("zh: 一项小型滴剂盲法试验", "zh: 待补充：题目")[0])
    assert protocol is not None
    assert [problem.level for problem in problems] == ["warning"]


def test_a_key_is_said_as_the_design_promises():
    text, line = with_slip("unit: kg", "wieght: 3")
    assert str(load(text)[1][0]).startswith(
        f"protocol.yaml:{line}: error protocol.E021: forms.1.items.0.wieght: there is no key 'wieght' here."
    )


def test_what_does_not_fit_the_schema_is_not_judged_further():
    protocol, problems = read_protocol(with_slip("phase: 2", "phase: 5")[0])
    assert protocol is None
    assert [problem.id for problem in problems] == ["protocol.E023"]


def test_a_flood_of_one_problem_is_cut_and_says_so():
    codes = "".join(f"    - {{code: c{i}, label: {{en: c}}}}\n" for i in range(150))
    problems = [
        p for p in read_protocol(SMALL.replace("  sexes:\n", "  sexes:\n" + codes))[1] if p.id == "protocol.E104"
    ]
    assert len(problems) == 100
    assert problems[-1].hint.endswith("There are more of these.")


def test_a_long_text_is_cut_in_a_problem():
    problems = load(with_slip("phase: 2", f"phase: {'x' * 5000}\n  {'y' * 1000}: 1")[0])[1]
    assert [problem.id for problem in problems] == ["protocol.E023", "protocol.E021"]
    assert all(len(str(problem)) < 500 for problem in problems)


def test_a_line_break_in_a_key_does_not_break_the_line_of_a_problem():
    problems = load(SMALL + '"a\\nb": 1\n')[1]
    assert "\n" not in str(problems[0])


def test_an_error_of_a_new_kind_is_still_said():
    error = {"loc": ("study", "phase"), "type": "brand_new", "msg": "Input is odd", "input": "x"}
    problem = problems_of([error], Lines("p.yaml", {("study",): 3}))[0]
    assert (problem.id, problem.where) == ("protocol.E031", "p.yaml:3")
    assert "Input is odd" in problem.message


def test_ranges_for_everybody_need_no_sex():
    text = SMALL.replace(", sex: female}", "}").replace(
        "    - {analyte: creatinine, unit: µmol/L, lower: 57, upper: 111, sex: male}\n", ""
    )
    assert read_protocol(text)[1] == ()


def test_without_libyaml_the_same_is_said(monkeypatch):
    monkeypatch.setattr(document, "_LOADER", yaml.SafeLoader)
    assert read_protocol(SMALL)[1] == ()
    assert load(b'a: "\\UFFFFFFFF"')[1][0].id == "protocol.E005"
    assert load(b"a: " + b"[" * 1000)[1][0].id == "protocol.E006"
    assert load(b"a: 1\nb: *x\n")[1][0].where == "protocol.yaml:2"

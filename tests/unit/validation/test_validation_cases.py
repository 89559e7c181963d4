"""A folder of cases is read whole; what cannot be read is named, and a dispute is known wherever it is found."""

import json
from pathlib import Path

import pytest

from equipoise.validation import read_cases, run, tally
from equipoise.validation.cases import Case, read_value
from equipoise.validation.disputes import disputed, disputes
from equipoise.validation.messages import MESSAGES
from equipoise.validation.vector import Vector

HEADER = "instrument,inputs,expected,source\n"


def case(method, inputs, expected, family="instruments", **more):
    return Case(family, method, inputs, expected, "somebody", "x", **more)


def verdict(*arguments, **more):
    (finding,) = run([case(*arguments, **more)])
    return finding.verdict


def written(tmp_path, text, name="cases.csv"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_cases(tmp_path)


def test_what_is_expected_is_read_as_it_is_meant(tmp_path):
    rows = ["32", "20.0", "NA", "A", "True", '"{""value"": 55, ""round"": 0}"', "reject"]
    cases, problems = written(tmp_path, HEADER + "".join(f'm,"{{""a"": 1.10}}",{cell},s\n' for cell in rows))
    assert problems == ()
    assert [one.expected for one in cases] == [32, 20, "NA", "A", True, {"value": 55, "round": 0}, "reject"]
    assert str(cases[0].inputs["a"]) == "1.10"
    assert [one.where for one in cases][:2] == ["cases.csv:2", "cases.csv:3"]


@pytest.mark.parametrize(
    ("text", "name", "id_"),
    [
        (HEADER + "m,{,1,s\n", "cases.csv", "case.E003"),
        (HEADER + "m,[1],1,s\n", "cases.csv", "case.E003"),
        (HEADER + "m,{},1\n", "cases.csv", "case.E003"),
        (HEADER + "m,{},1,s,more\n", "cases.csv", "case.E003"),
        (b"\xff", "cases.csv", "case.E002"),
        ("{", "cases.json", "case.E002"),
        ('[{"id": "x"}]', "cases.json", "case.E003"),
        ("12", "cases.json", "case.E003"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, text, name, id_):
    cases, problems = written(tmp_path, text, name)
    assert cases == ()
    assert [problem.id for problem in problems] == [id_]
    assert problems[0].where.startswith(name)


def test_a_folder_without_cases_is_said(tmp_path):
    assert [problem.id for problem in read_cases(tmp_path)[1]] == ["case.E001"]
    assert all(message.zh and message.hint_zh for message in MESSAGES.values())


def test_a_case_of_statistics_finds_its_data_beside_it(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "d.csv").write_text("arm,time,event\n0,1,1\n0,2,0\n1,3,1\n")
    entry = {
        "id": "x", "method": "kaplan_meier/log-log", "expected": {"surv": [0.5, 0.5], "n_risk": [2, 1]}, "rtol": 1e-9,
        "input": {"data": "d.csv", "where": {"arm": 0}, "times": [1, 2], "conf_level": 0.95}, "source": "by hand",
    }  # fmt: skip
    cases, problems = written(tmp_path, json.dumps([entry]), "cases.json")
    assert problems == ()
    (finding,) = run(cases)
    assert (finding.verdict, finding.worst) == ("agree", 0)


@pytest.mark.parametrize(
    ("method", "inputs", "reason"),
    [
        ("no_such_method", {}, "there is no function"),
        ("sledai_2k", {"no_such_item": 1}, "not understood: no_such_item"),
        ("hys_law", {"alt": 1, "vitamin": 2}, "not understood: vitamin"),
        ("ctcae5_vitamin", {"value": 1}, "there is no term"),
        ("cockcroft_gault", {"age": 1}, "'sex' is not there"),
        ("ckd_epi_2021", {"age": 50, "sex": "F", "creatinine": 80, "unit": "umol/L", "race": "any"}, "race"),
    ],
)
def test_what_an_adapter_does_not_understand_is_not_covered_and_never_passed_over(method, inputs, reason):
    (finding,) = run([case(method, inputs, 1)])
    assert finding.verdict == "not_covered"
    assert reason in finding.reason


@pytest.mark.parametrize(
    ("method", "inputs", "reason"),
    [
        ("kaplan_meier/log-log", {"data": "none.csv", "times": [1]}, "no data file"),
        ("kaplan_meier/cubic", {"data": "tte_6mp.csv", "times": [1]}, "no interval"),
        ("cox/efron", {"data": "tte_6mp.csv", "formula": "Surv(time,event)~arm*x", "ties": "efron"}, "arm*x"),
        ("cox/efron", {"data": "tte_6mp.csv", "formula": "Surv(time,event)~dose", "ties": "efron"}, "dose"),
        ("logrank", {"data": "tte_6mp.csv", "where": {"arm": 7}, "formula": "~arm"}, "no row"),
        ("proportion/guess", {"x": 1, "n": 2}, "no interval"),
    ],
)
def test_a_case_of_statistics_that_cannot_be_asked_is_not_covered(method, inputs, reason):
    folder = Path(__file__).parents[2] / "golden" / "statistics"
    (finding,) = run([case(method, inputs, {"est": 1}, family="statistics", folder=folder)])
    assert finding.verdict == "not_covered"
    assert reason in finding.reason


def test_an_error_of_a_function_is_a_difference_unless_one_is_expected():
    table = {"x1": 5, "n1": 3, "x0": 1, "n0": 3}
    assert verdict("rd/wald", table, {"est": 1}, family="statistics") == "differ"
    assert verdict("rd/wald", table, "ERROR", family="statistics") == "agree"


def test_a_wrong_number_differs():
    assert verdict("sledai_2k", {"all_24_items": True}, 104) == "differ"


def test_the_digest_does_not_depend_on_how_a_number_is_written():
    from decimal import Decimal

    one = case("m", {"a": 40, "b": {"c": [1]}}, 1).digest
    assert one == case("m", {"b": {"c": [Decimal("1.0")]}, "a": Decimal("4E1")}, 2).digest
    assert one != case("m", {"a": "40", "b": {"c": [1]}, "d": 0}, 1).digest


@pytest.mark.parametrize("digest", disputes())
def test_every_dispute_is_a_case_that_the_published_rule_does_not_give(digest):
    entry = disputes()[digest]
    known = disputed_case(entry, read_value(entry["theirs"]))
    assert known.digest == digest
    (finding,) = run([known])
    assert (finding.verdict, finding.reason) == ("disputed", entry["reason"])


def disputed_case(entry, expected):
    score = entry["method"].startswith("bilag")
    return case(
        entry["method"], read_value(entry["inputs"]), expected, "instruments" if score else "statistics",
        tolerance=0.0 if score else 1e-6,
    )  # fmt: skip


def test_a_disputed_input_with_another_number_is_a_difference():
    for entry in disputes().values():
        (finding,) = run([disputed_case(entry, {"lower": [1, 2, 3]} if "within" in entry else "D")])
        assert finding.verdict == "differ"


def test_a_dispute_about_digits_does_not_excuse_a_gross_difference():
    (entry,) = (one for one in disputes().values() if "within" in one)
    known = disputed_case(entry, read_value(entry["theirs"]))
    assert disputed(known, {"lower": [9, 9, 9]}) == ""


def test_what_differs_is_named_part_by_part():
    (finding,) = run([case("rd/wald", {"x1": 1, "n1": 2, "x0": 1, "n0": 2}, {"est": 0, "lower": 5}, "statistics")])
    assert finding.reason.startswith("It differs in lower, by 1.")


def test_a_tally_counts_by_method_and_keeps_the_order():
    rows = [("pga", {"mm": 38}, 1), ("sledai_2k", {}, 0), ("pga", {"mm": 50}, 1.5), ("none", {}, 0)]
    told = tally(run([case(*row) for row in rows]))
    assert [one.method for one in told] == ["pga", "sledai_2k", "none"]
    assert dict(told[0].counts) == {"differ": 1, "agree": 1}
    assert told[2].notes == ("there is no function for this method",)


def test_an_input_read_twice_is_read_once_and_what_is_left_is_known():
    vector = Vector("a/b/c", {"x": 1, "y": None, "z": 2})
    assert (vector.flavour, vector.take("x"), vector.decimal("y")) == ("b/c", 1, None)
    assert vector.unread == ("z",)
    assert vector.remaining() == {"z": 2}
    assert vector.unread == ()

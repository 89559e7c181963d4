"""What comes out: every row, every result, the inputs that are lacking, and what is wrong, in CSV and JSON."""

import csv
import io
import json
from decimal import Decimal

import polars as pl
import pytest

from equipoise.instruments.registry import get
from equipoise.scoring import Patient, read_file, score_patient, score_table, to_csv, to_ndjson
from equipoise.scoring.single import as_json, as_text
from equipoise.scoring.wanted import Wanted, check_columns, check_use

GAULT = get("cockcroft_gault")
# (140 - 45) x 55 x 0.85 / (72 x 70 / 88.4) = 77.90: instruments, Cockcroft and Gault 1976.
HEADER = "id,age,sex,weight,creatinine\n"


def run(text, *, instrument=GAULT, keep=("id",), variants=(), name="t.csv", settings=None):
    table, problems = read_file(text.encode(), name)
    assert problems == ()
    wanted = Wanted(instrument, variants or instrument.variants[:1], settings or {}, keep)
    assert list(check_columns(wanted, table.columns, name)) == []
    return score_table(table, wanted), wanted


def rows(scored, wanted):
    return list(csv.DictReader(io.StringIO(to_csv(scored, wanted).decode())))


def test_every_row_comes_out_with_its_kept_columns():
    found = rows(*run(HEADER + "007,45,female,55,70\n008,45,,55,?ND\n"))
    assert [row["id"] for row in found] == ["007", "008"]
    assert Decimal(found[0]["clearance"]).quantize(Decimal("0.01")) == Decimal("77.90")
    assert found[1] == {"id": "008", "clearance": "", "unknown": "sex creatinine", "problems": ""}


def test_an_impossible_cell_is_named_and_the_other_rows_are_scored():
    scored, wanted = run(HEADER + "1,45,female,55,70\n2,45,woman,55,70\n3,45,female,5,70\n")
    found = rows(scored, wanted)
    assert [bool(row["clearance"]) for row in found] == [True, False, False]
    assert [row["unknown"] for row in found] == ["", "sex", "weight"]
    assert found[1]["problems"].startswith("sex: items.E01")
    assert [problem.where for problem in scored.all_problems()] == ["t.csv:3 / row 2 / sex", "t.csv:4 / row 3 / weight"]


def test_answers_impossible_together_are_named_in_their_row():
    scored, _ = run(HEADER + "1,45,female,55,1.2\n2,45,female,55,70\n")
    (problem,) = scored.all_problems()
    assert (problem.id, problem.where) == ("instrument.E008", "t.csv:2 / row 1 / creatinine")


def test_a_kept_cell_that_looks_like_a_formula_is_written_as_it_was_read():
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", 'a "b", c', "a\nb", "  x", "007", "1e3"]
    text = io.StringIO()
    csv.writer(text).writerows([["id", "age"], *([cell, "45"] for cell in cells)])
    assert [row["id"] for row in rows(*run(text.getvalue()))] == cells


def test_several_variants_stand_side_by_side():
    scored, wanted = run(HEADER + "1,45,female,55,70\n", variants=GAULT.variants)
    (row,) = rows(scored, wanted)
    assert list(row) == [
        "id", "umol_per_l.clearance", "umol_per_l.unknown", "mg_per_dl.clearance", "mg_per_dl.unknown", "problems",
    ]  # fmt: skip
    assert row["umol_per_l.clearance"]
    assert not row["mg_per_dl.clearance"]
    assert row["problems"].count("instrument.E008") == 1


def test_json_lines_have_whole_numbers_as_numbers_and_decimals_as_text():
    sledai = get("sledai")
    text = json.dumps([dict.fromkeys(sledai.input_by_id, "absent"), {"rash": "present"}])
    found = [json.loads(line) for line in to_ndjson(*run(text, instrument=sledai, keep=(), name="t.json"))]
    assert found[0] == {"total": 0, "clinical": 0, "unknown": [], "problems": []}
    assert (found[1]["total"], len(found[1]["unknown"])) == (None, 23)
    (line,) = to_ndjson(*run(HEADER + "1,45,female,55,70\n"))
    assert isinstance(json.loads(line)["clearance"], str)


def test_kept_cells_of_json_are_written_as_they_are():
    text = '[{"age": 45, "id": true}, {"age": 46, "id": 1.10}, {"age": 47}]'
    assert [row["id"] for row in rows(*run(text, name="t.json"))] == ["true", "1.10", ""]
    assert [json.loads(line)["id"] for line in to_ndjson(*run(text, name="t.json"))] == [True, "1.10", None]


def test_a_table_without_rows_gives_a_header():
    assert to_csv(*run(HEADER)) == b"id,clearance,unknown,problems\n"


def test_a_table_without_an_input_is_unknown_throughout():
    (row,) = rows(*run("id,x\n1,2\n", keep=("id", "x")))
    assert row["unknown"] == "age sex weight creatinine"


@pytest.mark.parametrize(
    ("names", "keep", "ids"),
    [
        (["age", "weigth"], (), ["table.E006"]),
        (["age", "visit"], (), ["table.E007"]),
        (["age"], ("visit",), ["table.E008"]),
        (["age", "clearance"], ("clearance",), ["table.E009"]),
        (["age", "problems"], ("problems",), ["table.E009"]),
        (["age", "visit"], ("visit",), []),
    ],
)
def test_no_column_is_passed_over(names, keep, ids):
    wanted = Wanted(GAULT, GAULT.variants[:1], {}, keep)
    assert [problem.id for problem in check_columns(wanted, names, "t.csv:1")] == ids


def test_a_misspelt_column_is_answered_with_the_right_one():
    (problem,) = check_columns(Wanted(GAULT, (), {}), ["weigth"], "t.csv:1")
    assert "'weight'" in problem.hint


def test_settings_and_variants_are_checked_and_used():
    wrong = Wanted(GAULT, ("mg",), {"weight_bases": "actual", "weight_basis": "heavy"})
    assert [problem.id for problem in check_use(wrong)] == ["instrument.E002", "instrument.E003", "instrument.E004"]
    ideal, _ = run("id,age,sex,weight,height,creatinine\n1,45,female,90,160,70\n", settings={"weight_basis": "ideal"})
    actual, _ = run("id,age,sex,weight,height,creatinine\n1,45,female,90,160,70\n")
    assert ideal.by_variant["umol_per_l"].results["clearance"] < actual.by_variant["umol_per_l"].results["clearance"]


class TestOnePatient:
    def score(self, cells, instrument="sledai", variants=("sledai_2k",)):
        return score_patient(Patient("p.json", cells), Wanted(get(instrument), variants, {}))[0]

    def test_everything_there_is_to_say(self):
        found = as_json(self.score({"rash": "present", "fever": "?ND"}))
        assert (found["value"], found["lower"], found["upper"]) == (None, "2", "105")
        assert len(found["unknown"]) == 23
        assert found["contributions"] == {"rash": "2"}
        assert (found["instrument"], found["variant"], len(found["input_digest"])) == ("sledai", "sledai_2k", 64)

    def test_a_wrong_cell_is_named_and_counts_as_not_answered(self):
        found = self.score({"rash": "presnt"})
        assert [problem.where for problem in found.problems] == ["p.json / rash"]
        assert "rash" in found.result.unknown

    @pytest.mark.parametrize(("language", "word"), [("en", "Lacking"), ("zh", "缺少")])
    def test_it_is_told_in_both_languages(self, language, word):
        lines = list(as_text(self.score({"rash": True}), get("sledai"), language))
        assert any(line.startswith(word) for line in lines)
        assert "total" in lines[1]

    def test_units_and_settings_are_told(self):
        cells = {"age": "45", "sex": "female", "weight": "55", "creatinine": "70"}
        told = "\n".join(as_text(self.score(cells, "cockcroft_gault", ("umol_per_l",)), GAULT, "en"))
        assert "mL/min" in told
        assert "weight_basis = actual" in told


def test_the_column_road_and_the_row_road_give_the_same_bytes():
    """A seventh decimal place sends a row to the rule for one patient; the value is the same to six places."""
    fits, wanted = run(HEADER + "1,45,female,55.123456,70\n")
    beyond, _ = run(HEADER + "1,45,female,55.1234560000001,70\n")
    assert to_csv(fits, wanted) == to_csv(beyond, wanted)


def test_what_is_written_can_be_read_by_others():
    frame = pl.read_csv(to_csv(*run(HEADER + "1,45,female,55,70\n")), infer_schema_length=0)
    assert frame.columns == ["id", "clearance", "unknown", "problems"]

"""A file becomes a table with the line of each row; what is wrong with it is said with its line."""

import json

import pytest

from equipoise.scoring import Patient, Table, read_file


def cells(table):
    return {name: [texts.distinct[code] for code in texts.codes] for name, texts in table.columns.items()}


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,\n,x\n",
        b"a,b\r\n1,\r\n,x",
        b"\xef\xbb\xbfa,b\n1,\n,x\n",
        b'a,b\n1,""\n,"x"\n',
        b"\n\na,b\n\n1,\n\n,x\n\n",
        b'[{"a": 1, "b": null}, {"a": "", "b": "x"}]',
        b'{"a": 1}\n\n{"b": "x"}\n',
    ],
)
def test_the_same_table_in_many_forms(data):
    table, problems = read_file(data, "t")
    assert problems == ()
    assert cells(table) == {"a": ["1", None], "b": [None, "x"]}


def test_a_quoted_cell_keeps_commas_quotation_marks_and_line_ends():
    table, _ = read_file(b'a,b\n"x, ""y""\r\nz",1\n2,3\n', "t.csv")
    assert cells(table) == {"a": ['x, "y"\r\nz', "2"], "b": ["1", "3"]}
    assert table.where(1, "a") == "t.csv:4 / row 2 / a"


def test_one_column_may_have_empty_lines_which_are_rows():
    table, _ = read_file(b"a\n1\n\n2\n", "t.csv")
    assert cells(table) == {"a": ["1", None, "2"]}


def test_a_table_without_rows_is_a_table():
    for data in (b"a,b\n", b"a,b", b"[]"):
        table, problems = read_file(data, "t")
        assert (table.rows, problems) == (0, ())


@pytest.mark.parametrize(
    ("data", "name", "ids", "where"),
    [
        (b"", "t.csv", ["table.E002"], "t.csv"),
        (b" \n \n", "t.csv", ["table.E002"], "t.csv"),
        (b"a,b\n1,\xff\n", "t.csv", ["table.E001"], "t.csv:2"),
        (b"a,b,a\n1,2,3\n", "t.csv", ["table.E004"], "t.csv:1"),
        (b'"a","a"\n1,2\n', "t.csv", ["table.E004"], "t.csv:1"),
        (b'a,b\n1,2\n"1,2\n3,4\n', "t.csv", ["table.E003"], "t.csv:3"),
        (b'[{"a": 1},\n{"a": }]', "t.json", ["table.E003"], "t.json:2"),
        (b'{"a": 1, "a": 2}', "t.json", ["table.E004"], "t.json"),
        (b"12", "t.json", ["table.E010"], "t.json"),
        (b"[" * 100_000, "t.json", ["table.E003"], "t.json"),
    ],
)
def test_a_broken_file_is_said_with_its_line(data, name, ids, where):
    found, problems = read_file(data, name)
    assert found is None
    assert ([problem.id for problem in problems], problems[0].where) == (ids, where)


@pytest.mark.parametrize(
    ("data", "name", "id_", "where"),
    [
        (b"a,b\n1,2\n3\n4,5\n", "t.csv", "table.E005", "t.csv:3 / row 2"),
        (b"a,b\n1,2\n3,4,5\n4,5\n", "t.csv", "table.E005", "t.csv:3 / row 2"),
        (b"a,b\n1,2\n3,4,5\n4,5\n\n", "t.csv", "table.E005", "t.csv:3 / row 2"),
        (b'[{"a": 1, "b": 2}, 7, {"a": 4, "b": 5}]', "t.json", "table.E010", "t.json / row 2"),
        (b'{"a": 1, "b": 2}\n{"a": \n{"a": 4, "b": 5}\n', "t.ndjson", "table.E003", "t.ndjson:2 / row 2"),
        (b'{"a": 1, "b": 2}\n{"a": 1, "a": 2}\n{"a": 4, "b": 5}\n', "t.jsonl", "table.E004", "t.jsonl:2 / row 2"),
    ],
)
def test_a_broken_row_is_empty_and_does_not_shift_the_others(data, name, id_, where):
    table, problems = read_file(data, name)
    assert problems == ()
    assert [(row, problem.id, problem.where) for row, problem in table.broken.items()] == [(1, id_, where)]
    assert cells(table) == {"a": ["1", None, "4"], "b": ["2", None, "5"]}


def test_an_object_is_one_patient_and_numbers_keep_their_digits():
    text = '{"a": 1.10, "b": 1e2, "c": true, "d": {"missing": "ND"}, "e": [1], "f": 1e999}'
    text = text[:-1] + ', "g": 12345678901234567890.5, "h": 1e99999999999999999999}'
    patient, problems = read_file(text.encode(), "-")
    assert (problems, type(patient)) == ((), Patient)
    assert patient.cells == {
        "a": "1.10", "b": "100", "c": True, "d": "?ND", "e": '["1"]', "f": "1e999", "g": "12345678901234567890.5",
        "h": "1e99999999999999999999",
    }  # fmt: skip


def test_a_line_with_one_object_is_a_table_when_the_file_says_so():
    line = json.dumps({"a": 1}).encode()
    assert isinstance(read_file(line, "t.ndjson")[0], Table)
    assert isinstance(read_file(line, "-", "ndjson")[0], Table)
    assert isinstance(read_file(line, "t.json")[0], Patient)

"""Classic BILAG grades of many patients: counted and scored as one by one."""

import pytest

from equipoise import instruments
from equipoise.instruments.columns import UNKNOWN

CLASSIC = instruments.get("bilag_count")
SYSTEMS = tuple(CLASSIC.input_by_id)


@pytest.mark.parametrize(("grades", "score"), [("ABBCDDDD", 16), ("AAAAAAAA", 72), ("EEEEDDDD", 0), ("CCCCCCCC", 8)])
def test_the_classic_score_is_nine_three_and_one(grades, score):
    assert CLASSIC.score(dict(zip(SYSTEMS, grades, strict=True))).value == score


def test_a_column_with_a_gap_is_unknown_within_its_bounds():
    rows = ["ABBCDDDD", "ABBCDDD-"]
    table = {
        system: CLASSIC.column(system, [None if row[i] == "-" else row[i] for row in rows])
        for i, system in enumerate(SYSTEMS)
    }
    found = CLASSIC.score_columns(table)
    assert found["score"].tolist() == [16, UNKNOWN]
    assert found["count_d"].tolist() == [4, UNKNOWN]
    assert list(zip(found["lower"], found["upper"], strict=True)) == [(16, 16), (16, 25)]

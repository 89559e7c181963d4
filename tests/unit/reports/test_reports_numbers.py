"""How numbers are printed, and tables in their three forms."""

import csv
import io
from math import inf

import pytest

from equipoise.analysis import Statistic
from equipoise.reports.axes import Scale, round_ticks
from equipoise.reports.numbers import limits, out_of, p_value, places_for, plain, share, with_limits
from equipoise.reports.table import Row, Table, quoted, to_csv, to_html, to_typst


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [(-3.53, 1, "−3.5"), (-0.04, 1, "0.0"), (None, 1, "–"), (inf, 2, "∞"), (-inf, 2, "−∞"), (12.0, 0, "12")],
)
def test_a_number_has_a_true_minus_and_no_minus_zero(value, places, expected):
    assert plain(value, places) == expected


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0000001, "<0.001"), (0.001, "0.001"), (0.0491, "0.049"), (0.0996, "0.10"), (0.58, "0.58"), (0.999, ">0.99"),
        (None, "–"),
    ],
)  # fmt: skip
def test_a_p_value_is_never_zero_nor_one(p, expected):
    assert p_value(p) == expected


def test_counts_carry_their_denominator():
    assert (share(40, 117), share(0, 0), share(None, 3)) == ("40 (34.2)", "0", "–")
    assert (out_of(40, 117), out_of(0, 0), out_of(None, None)) == ("40/117 (34.2%)", "0/0", "–")


def test_an_interval_stands_behind_its_estimate():
    row = Statistic(analysis="a", statistic="s", estimate=-0.0353, lower=-0.1567, upper=0.0873)
    assert with_limits(row, 1, scale=100) == "−3.5 (−15.7, 8.7)"
    assert limits(Statistic(analysis="a", statistic="s"), 1) == ""
    assert with_limits(Statistic(analysis="a", statistic="s", estimate=2.0)) == "2.0"
    assert with_limits(None) == "–"


def test_large_numbers_have_fewer_places():
    assert [places_for(values) for values in ([], [0.5], [159.2], [1500.0])] == [2, 2, 1, 0]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-30, 20), (0, 231), (153.2, 160.1), (-0.01, 0.02), (5, 5)])
def test_ticks_are_round_and_cover_the_range(low, high):
    ticks = round_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high or low == high
    assert 1 <= len(ticks) <= 9


def test_a_scale_is_straight():
    scale = Scale(0, 10, 100, 200)
    assert (scale(0), scale(5), scale(10), scale.within(99)) == (100, 150, 200, 200)


TABLE = Table(
    "t", 'A "title" <b>', ("", "n"), (Row(("Head",), heading=True), Row(('a\\b "c" <d>', "1"), indent=1)),
    ("A note & more",),
)  # fmt: skip


def test_a_page_cannot_be_broken_by_a_cell():
    html = to_html(TABLE)
    assert "<d>" not in html
    assert "&lt;d&gt;" in html
    assert "<b>" not in html
    assert 'scope="rowgroup" colspan="2"' in html


def test_a_data_file_is_marked_in_every_row():
    rows = list(csv.reader(io.StringIO(to_csv(TABLE, "SIMULATED").decode())))
    assert rows[0] == ["DATA", "", "n"]
    assert [row[0] for row in rows[1:]] == ["SIMULATED", "SIMULATED"]
    assert rows[2][1:] == ['  a\\b "c" <d>', "1"]
    assert to_csv(TABLE).decode().splitlines()[0] == ",n"


def test_the_typesetter_reads_text_as_text():
    assert quoted('a\\b "c"\n#x') == '"a\\\\b \\"c\\" #x"'
    assert '#"a\\\\b \\"c\\" <d>"' in to_typst(TABLE)


def test_a_line_has_a_cell_for_every_column():
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        Table("t", "", ("", "n"), (Row(("a",)),))

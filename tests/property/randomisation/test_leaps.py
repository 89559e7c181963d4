"""Several slots at a time: the law of the treated scores' sum is that of the walk, slot by slot."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.randomisation import Specification, leaps
from equipoise.randomisation.rules import walk
from equipoise.randomisation.tables import table
from equipoise.randomisation.walk_kernels import alias_table

PROCEDURES = [
    Specification("complete", 24),
    Specification("random_allocation_rule", 24),
    Specification("permuted_blocks", 24, sizes=(4,)),
    Specification("permuted_blocks", 24, sizes=(2, 4, 6)),
    Specification("block_urn", 24, balls=2),
    Specification("wei_urn", 24, alpha=1, beta=1),
    Specification("big_stick", 24, limit=2),
    Specification("biased_coin", 24, probability=Fraction(2, 3)),
    Specification("maximal", 24, limit=3),
]


def chances_of_cells(cells: np.ndarray, begin: int, width: int) -> dict[int, float]:
    """The chance of each cell of a row, from what the alias method does."""
    chance: Counter = Counter()
    for cell in range(begin, begin + width):
        chance[cell] += float(cells["keep"][cell]) / width
        chance[int(cells["other"][cell])] += (1.0 - float(cells["keep"][cell])) / width
    return dict(chance)


def law_of_leaps(found: leaps.Leaps) -> Counter:
    """Sum and number of the treated, with their chance, leap by leap."""
    states: Counter = Counter({(0, found.width, 0.0, 0): 1.0})
    for _ in range(found.number):
        after: Counter = Counter()
        for (begin, width, gain, treated), odds in states.items():
            for cell, chance in chances_of_cells(found.cells, begin, width).items():
                to = found.cells[cell]
                summed = round(gain + float(to["gain"]), 9)
                after[int(to["begin"]), int(to["width"]), summed, treated + int(to["treated"])] += odds * chance
        states = after
    law: Counter = Counter()
    for (_, _, gain, treated), odds in states.items():
        law[gain, treated] += odds
    return law


def law_of_walk(specification: Specification, scores: list[float]) -> Counter:
    """The same, slot by slot, in exact fractions."""
    procedure = walk(specification, (1, 1))
    states: Counter = Counter({(procedure.start, 0.0, 0): Fraction(1)})
    for score in scores:
        after: Counter = Counter()
        for (state, gain, treated), odds in states.items():
            for arm, chance, following in procedure.step(state):
                if chance:
                    after[following, round(gain + arm * score, 9), treated + arm] += odds * chance
        states = after
    law: Counter = Counter()
    for (_, gain, treated), odds in states.items():
        law[gain, treated] += odds
    return law


@pytest.mark.parametrize("lengths", [(8,), (6,), (4,), (3,), (2,), ()])
@pytest.mark.parametrize("specification", PROCEDURES, ids=lambda one: f"{one.procedure}-{one.sizes}")
def test_the_law_of_the_sum_is_that_of_the_walk(specification, lengths, monkeypatch):
    monkeypatch.setattr(leaps, "LENGTHS", lengths)
    scores = [float(score) for score in (1, -1, 2, 0, 1, -2, 1, 0, 2, -1, 1, 1, -1)]
    found = law_of_leaps(leaps.leaps(table(specification, (1, 1), len(scores)), np.array(scores)))
    expected = law_of_walk(specification, scores)
    assert set(found) >= set(expected)
    assert all(odds == pytest.approx(float(expected[place]), abs=1e-12) for place, odds in found.items())


def test_leaps_grow_shorter_where_the_table_would_grow_too_large(monkeypatch):
    steps, scores = table(PROCEDURES[0], (1, 1), 24), np.ones(24)
    assert leaps.leaps(steps, scores).number == 3
    monkeypatch.setattr(leaps, "MOST_CELLS", 100)
    assert leaps.leaps(steps, scores).number == 6
    monkeypatch.setattr(leaps, "MOST_CELLS", 1)
    assert leaps.leaps(steps, scores).number == 24


@given(st.lists(st.lists(st.floats(0.001, 1000.0), min_size=1, max_size=9), min_size=1, max_size=4))
def test_the_alias_method_draws_every_cell_with_its_chance(rows):
    first = np.cumsum([0, *map(len, rows)])
    cells = np.zeros(first[-1], dtype=leaps.CELL)
    cells["keep"], cells["other"] = alias_table(np.array([chance for row in rows for chance in row]), first)
    for begin, row in zip(first, rows, strict=False):
        found = chances_of_cells(cells, int(begin), len(row))
        assert set(found) <= set(range(int(begin), int(begin) + len(row)))
        for place, chance in enumerate(row):
            assert found[int(begin) + place] == pytest.approx(chance / sum(row), abs=1e-12)

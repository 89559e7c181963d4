"""What a rule costs for one patient and for a column of them, over the same rule written out by hand in Python."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from benchmarks.claim import Claim, seconds

ROWS, ONE = 200_000, 20_000
RULE = "age >= 18 and sledai_total <= 6 and not pregnant and white_cells > 3.0"


def by_hand(patient) -> bool | None:
    """The rule above, with unknown answers kept unknown."""
    parts = (
        None if patient["age"] is None else patient["age"] >= 18,
        None if patient["sledai_total"] is None else patient["sledai_total"] <= 6,
        None if patient["pregnant"] is None else not patient["pregnant"],
        None if patient["white_cells"] is None else patient["white_cells"] > Decimal("3.0"),
    )
    return False if False in parts else None if None in parts else True


def patients() -> list[dict[str, object]]:
    """Invented patients, one answer in ten missing."""
    random = Random(1)
    draws = {
        "age": lambda: random.randint(10, 90),
        "sledai_total": lambda: random.randint(0, 20),
        "pregnant": lambda: random.random() < 0.1,
        "white_cells": lambda: Decimal(random.randint(10, 150)) / 10,
    }
    return [{name: None if random.random() < 0.1 else draw() for name, draw in draws.items()} for _ in range(ROWS)]


def claims() -> Iterator[Claim]:
    """One patient at a time, and all at once."""
    from equipoise.items import Column, compile_rule

    rule, everybody = compile_rule(RULE), patients()
    some = everybody[:ONE]
    assert [rule.evaluate(patient) for patient in some] == [by_hand(patient) for patient in some]
    one, hand = seconds(lambda: [rule.evaluate(p) for p in some]), seconds(lambda: [by_hand(p) for p in some])
    against = "the same rule written by hand in Python, over the same patients"
    here = f"{one / ONE * 1e6:.2f} µs against {hand / ONE * 1e6:.2f} µs"
    yield Claim("a rule of four comparisons, one patient at a time", against, one / hand, here)
    columns = {name: Column.of([patient[name] for patient in everybody]) for name in everybody[0]}
    assert rule.evaluate_columns(columns, ROWS).answers()[:ONE] == [by_hand(patient) for patient in some]
    column, loop = (
        seconds(lambda: rule.evaluate_columns(columns, ROWS)), seconds(lambda: [by_hand(p) for p in everybody]),
    )  # fmt: skip
    here = f"{column * 1e3:.1f} ms against {loop * 1e3:.0f} ms"
    yield Claim(f"the same rule over columns of {ROWS:,} patients", against, column / loop, here)

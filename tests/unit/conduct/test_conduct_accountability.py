"""Where every unit is: worked examples, and a slow oracle that follows each unit by itself."""

from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct.accountability import ACCOUNTS, MOVES, Entry, accountability

KINDS = [kind for kind in MOVES if kind not in ("count", "correction")]


def record(kind, day="2026-03-01", lot="A", product="p", **line):
    more = {key: line.pop(key) for key in ("of", "from_") if key in line}
    more = {key.rstrip("_"): value for key, value in more.items()}
    return {"kind": kind, "day": day, "lines": [{"product": product, "lot": lot, **line}], **more}


def book(*contents, day="9999-12-31"):
    return accountability([Entry(f"r{number}", content) for number, content in enumerate(contents, 1)], day)


def accounts(*contents, **more):
    (lot,) = book(*contents, **more).lots
    return {name: units for name, units in lot.accounts.items() if units}


def test_a_month_of_a_pharmacy():
    found = book(
        record("receipt", "2026-03-01", units=20, expiry="2027-01-31"),
        record("preparation", "2026-03-02", units=2, wasted=1),
        record("excursion", "2026-03-03", units=6),
        record("reinstatement", "2026-03-04", units=2),
        record("destruction", "2026-03-05", units=3, from_="quarantine"),
        record("return", "2026-03-06", units=4),
        record("loss", "2026-03-07", units=1),
        record("count", "2026-03-08", units=11),
    )
    (lot,) = found.lots
    assert lot.accounts == {
        "received": 20, "stock": 8, "quarantine": 1, "used": 2, "returned": 4, "destroyed": 4, "lost": 1,
    }  # fmt: skip
    assert (lot.counted, lot.expected, lot.agrees, lot.expiry) == (11, 9, False, "2027-01-31")


def test_a_day_sees_what_was_done_by_then_in_the_order_of_days():
    acts = [record("preparation", "2026-03-02", units=2), record("receipt", "2026-03-01", units=5)]
    assert accounts(*acts, day="2026-03-01") == {"received": 5, "stock": 5}
    assert accounts(*acts) == {"received": 5, "stock": 3, "used": 2}
    assert not book(*acts).lots[0].below_zero


def test_more_than_there_was_is_said():
    (lot,) = book(record("receipt", units=1), record("preparation", units=2), record("receipt", units=5)).lots
    assert (lot.below_zero, lot.agrees, lot.accounts["stock"]) == (True, False, 4)


def test_a_correction_takes_one_record_back():
    taken = book(record("receipt", units=5), record("receipt", units=7), {"kind": "correction", "day": "x", "of": "r2"})
    assert taken.lots[0].accounts["received"] == 5


def test_what_cannot_be_understood_is_named_and_nothing_else_is_lost():
    odd = [
        {}, {"kind": "gift", "day": "2026"}, {"kind": ["receipt"], "day": "2026"}, {"kind": "receipt", "day": 1},
        {"kind": "receipt", "day": "2026", "lines": None}, {"kind": "receipt", "day": "2026", "lines": [None]},
        record("receipt", units=-1), record("receipt", units=True), record("receipt", units="5"),
        record("receipt", lot=1, units=5), {"kind": "correction", "day": "2026", "of": 1},
    ]  # fmt: skip
    found = book(*odd, record("receipt", units=5))
    assert found.unread == tuple(f"r{number}" for number in range(1, len(odd) + 1))
    assert found.lots[0].accounts["received"] == 5


def test_a_count_that_finds_what_should_be_there_agrees():
    (lot,) = book(record("receipt", units=5), record("count", units=5)).lots
    assert lot.agrees


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 3), st.booleans())))
def test_what_was_received_is_somewhere(steps):
    """Each unit is a token that lies in one account; where none is left, one is owed."""
    contents = [
        record(kind, units=units, wasted=wasted, from_="quarantine" if either else "stock")
        for kind, units, wasted, either in steps
    ]
    places = dict.fromkeys(ACCOUNTS, 0)
    for kind, units, wasted, either in steps:
        for move in MOVES[kind]:
            for _ in range(units if move.units == "units" else wasted):
                held = "quarantine" if either and kind in ("return", "destruction", "loss") else move.source
                places[move.target] += 1
                places[held] += 1 if held == "received" else -1
    found = {name: units for lot in book(*contents).lots for name, units in lot.accounts.items()}
    assert found == (places if steps else {})
    assert places["received"] == sum(places[name] for name in ACCOUNTS if name != "received")

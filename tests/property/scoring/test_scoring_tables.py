"""A table gives what scoring its rows one after the other gives, whatever is in it; and no bytes end in a traceback."""

import csv
import io
import json
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.instruments.columns import encode_result
from equipoise.instruments.registry import all_instruments, get
from equipoise.items import STATES, Missing, write
from equipoise.scoring import Table, read_file, score_table, to_csv, to_ndjson
from equipoise.scoring.table import LACK_EVERY_GAP
from equipoise.scoring.wanted import Wanted, check_columns
from equipoise.scoring.writing import value_text

EVERY = [(one, variant) for one in all_instruments() for variant in one.variants]
MISSING = (None, Missing("ND"), Missing("UNK"))


def answer(question, random):
    """A possible answer to a question: numbers in the lower part of their range, with up to eight places."""
    match question.type:
        case "state":
            return random.choice(STATES)
        case "yes_no":
            return random.random() < 0.3
        case "integer" | "decimal":
            low = question.low if question.low is not None else Decimal(0)
            high = min(question.high, low + 400) if question.high is not None else low + 400
            places = 0 if question.type == "integer" else random.choice([0, 1, 2, 8])
            return min(high, max(low, round(low + (high - low) * Decimal(random.random()), places)))
    return random.choice(question.codes)


def _sometimes(random, gaps, question):
    return random.choice(MISSING) if random.random() < gaps else answer(question, random)


@st.composite
def tables(draw, instrument):
    """A few rows, most of them answered, two of them equal."""
    random = Random(draw(st.integers(0, 2**32)))
    rows = []
    for gaps in draw(st.lists(st.sampled_from([0.0, 0.05, 0.5]), min_size=1, max_size=4)):
        rows += [{one.id: _sometimes(random, gaps, one) for one in instrument.inputs}]
    return rows + rows[:1]


def as_csv(instrument, rows):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([one.id for one in instrument.inputs])
    for row in rows:
        cells = (write(row[one.id]) for one in instrument.inputs)
        writer.writerow([f"?{cell['missing']}" if isinstance(cell, dict) else cell or "" for cell in cells])
    return text.getvalue().encode()


def scored(instrument, data, name="t.csv", variants=()):
    table, problems = read_file(data, name)
    assert problems == ()
    assert isinstance(table, Table)
    wanted = Wanted(instrument, variants or instrument.variants[:1], {})
    assert list(check_columns(wanted, table.columns, name)) == []
    return score_table(table, wanted), wanted


@pytest.mark.parametrize(("instrument", "variant"), EVERY, ids=lambda one: str(one))
@settings(max_examples=6)
@given(data=st.data())
def test_a_table_gives_what_its_rows_give(instrument, variant, data):
    rows = data.draw(tables(instrument))
    found, _ = scored(instrument, as_csv(instrument, rows), variants=(variant,))
    for number, row in enumerate(rows):
        alone = instrument.score(row, variant=variant)
        for output in instrument.outputs:
            cell = int(found.by_variant[variant].results[output.id][number])
            assert cell == encode_result(output, alone.results[output.id]), (output.id, row)
        assert found.by_variant[variant].lacking[number] == " ".join(alone.unknown)
        told = [(one.message, one.where.split(" / ")[-1]) for one in found.problems.get(number, ())]
        assert told == [(one.message, one.where.split(" / ")[-1]) for one in alone.problems]


@pytest.mark.parametrize("name", sorted(LACK_EVERY_GAP))
@given(data=st.data())
def test_an_instrument_said_to_lack_every_gap_does(name, data):
    instrument = get(name)
    row = data.draw(tables(instrument))[0]
    alone = instrument.score(row)
    gaps = [
        one.id for one in instrument.inputs if row[one.id] in (None, "not_assessed") or isinstance(row[one.id], Missing)
    ]
    assert list(alone.unknown) == gaps


@settings(max_examples=40)
@given(data=st.data())
def test_csv_json_and_ndjson_say_the_same(data):
    instrument = get("cockcroft_gault")
    rows = data.draw(tables(instrument))
    texts = [{name: write(answer) for name, answer in row.items()} for row in rows]
    forms = {
        "t.csv": as_csv(instrument, rows),
        "t.json": json.dumps(texts).encode(),
        "t.ndjson": b"\n".join(json.dumps(text).encode() for text in texts),
    }
    first, wanted = scored(instrument, forms["t.csv"])
    for name, form in forms.items():
        other, _ = scored(instrument, form, name)
        assert to_csv(other, wanted).replace(name.encode(), b"t.csv") == to_csv(first, wanted)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters='",\r\n\0'), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_quoted_and_plain_cells_are_the_same_table(rows, end, last):
    lines = [("a", "b", "c"), *rows]
    plain = end.join(",".join(row) for row in lines) + (end if last else "")
    quoted = end.join(",".join(f'"{cell}"' for cell in row) for row in lines) + (end if last else "")
    if not rows and not last:
        plain += end
    tables = [read_file(text.encode(), "t.csv")[0] for text in (plain, quoted)]
    assert [table.rows for table in tables] == [len(rows)] * 2
    for column, place in (("a", 0), ("b", 1), ("c", 2)):
        for table in tables:
            texts = table.columns[column]
            assert [texts.distinct[code] or "" for code in texts.codes] == [row[place] for row in rows]


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=2, max_size=2), max_size=5),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_as_it_was(rows, quoting, end):
    if quoting == csv.QUOTE_MINIMAL:  # Python 3.11 leaves a lone carriage return unquoted, which no reader can tell
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([["a", "b"], *rows])
    table, problems = read_file(text.getvalue().encode(), "t.csv")
    assert problems == ()
    for place, name in enumerate("ab"):
        texts = table.columns[name]
        assert [texts.distinct[code] or "" for code in texts.codes] == [row[place] for row in rows]


FRAGMENTS = st.sampled_from(
    [b"age,sex\n", b"[", b"{", b'{"age": 1e99999999}', b'"', b"\xff", b"\xef\xbb\xbf", b"\r", b"\0", b"{}\n{}",
     b"[[1]]",
     b'{"age": NaN}', b'{"age": "\\ud800"}', b"age,age\n", b"a\n\n", b"9" * 5000, b"[" * 3000, b",,,\n", b"1,2,3\n",
     b'{"age": {"missing": "ND"}}', b'{"age": 1, "age": 2}', b"null", b"\n"]
)  # fmt: skip


@given(
    st.binary(max_size=200) | st.lists(FRAGMENTS, max_size=5).map(b"".join),
    st.sampled_from(["", "csv", "json", "ndjson"]),
)
def test_any_bytes_end_in_a_table_or_in_problems(data, form):
    found, problems = read_file(data, "stdin", form)
    assert (found is None) == bool(problems)
    if isinstance(found, Table):
        instrument = get("cockcroft_gault")
        wanted = Wanted(instrument, instrument.variants, {}, tuple(set(found.columns) - set(instrument.input_by_id)))
        if not list(check_columns(wanted, found.columns, "stdin")):
            result = score_table(found, wanted)
            assert to_csv(result, wanted).count(b"\n") >= found.rows
            assert len(list(to_ndjson(result, wanted))) == found.rows


@given(st.decimals(0, 10**6, places=9))
def test_a_number_is_written_with_every_digit_and_no_exponent(number):
    text = value_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))

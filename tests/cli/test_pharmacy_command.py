"""`equipoise pharmacy balance` and what `envelope open` says of a dose, on files alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from equipoise.cli import main
from equipoise.cli.envelope import _named
from equipoise.envelopes import Effort, Place, Row, hash_of, new_key, seal_entry, write_private_key, write_register
from equipoise.randomisation import seeded

TRIALS = Path(__file__).parents[2] / "trials"
KEY = new_key("pharmacist", seeded(b"key"), demo=True)
NINE = {"product": "vial", "lot": "A", "units": 9, "expiry": "2027-01"}
RECORDS = [
    {"kind": "receipt", "day": "2026-03-01", "lines": [NINE]},
    {"kind": "preparation", "day": "2026-03-02", "lines": [{"product": "vial", "lot": "A", "units": 2}]},
    {"kind": "nonsense", "day": "2026-03-02"},
    {"kind": "count", "day": "2026-03-03", "lines": [{"product": "vial", "lot": "A", "units": 6}]},
    {"kind": "receipt", "day": "2026-03-04", "lines": [{"product": "bag", "lot": "B", "units": 1}]},
    {"kind": "count", "day": "2026-03-04", "lines": [{"product": "bag", "lot": "B", "units": 1}]},
    {"kind": "loss", "day": "2026-03-04", "lines": [{"product": "bag", "lot": "C", "units": 1}]},
    {"kind": "receipt", "day": "2026-03-04", "lines": [{"product": "bag", "lot": "D", "units": 1}]},
]  # fmt: skip


@pytest.fixture
def place(tmp_path):
    rows, previous = [], ""
    for number, content in enumerate(RECORDS, 1):
        where = Place("trial", "01", f"{number:032x}")
        sealed = seal_entry(content, where, [KEY.public], seeded(b"s", str(number)))
        hashed = hash_of(where, number, "t", "p", "r", sealed, previous)
        rows.append(Row(where, number, "t", "p", "r", sealed, previous, hashed))
        previous = hashed
    (tmp_path / "register.json").write_bytes(write_register("trial", "01", rows))
    (tmp_path / "key").write_bytes(write_private_key(KEY, "words", seeded(b"f"), Effort(1, 8192)))
    (tmp_path / "words").write_text("words\n")
    return tmp_path


def balance(place, *more):
    arguments = ["--register", place / "register.json", "--key", place / "key", "--passphrase-file", place / "words"]
    done = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["pharmacy", "balance", *map(str, arguments), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_every_lot_is_balanced(place):
    code, printed = balance(place)
    assert code == 0
    (line,) = (line for line in printed.splitlines() if " A " in line)
    assert [each.strip() for each in line.split("│")[1:-1]] == [
        "vial", "A", "2027-01", "9", "7", "0", "2", "0", "0", "0", "counted 6, expected 7",
    ]  # fmt: skip
    for words in ("agrees", "more left than there was", "not counted", "8 records, chain unbroken", "be counted"):
        assert words in printed


def test_a_day_sees_what_was_by_then(place):
    printed = balance(place, "--day", "2026-03-01")[1]
    assert "not counted" in printed
    assert "bag" not in printed


def test_an_altered_register_is_refused(place):
    file = place / "register.json"
    register = json.loads(file.read_text())
    register["rows"][1]["by"] = "x"
    file.write_text(json.dumps(register))
    code, printed = balance(place)
    assert code != 0
    assert "record 2" in printed


def test_an_opened_envelope_says_what_is_prepared():
    said = _named("belimumab", TRIALS / "belimumab-sle" / "protocol.yaml")
    assert said[2:] == ["open · 开启  1 × vial · 瓶", "draw · 抽取  1.50 mL", "hand over · 发放  250 mL"]
    assert _named("placebo", TRIALS / "belimumab-sle" / "protocol.yaml")[2:] == [
        "open · 开启  1 × bag of 250 mL · 袋（250 mL）", "hand over · 发放  250 mL",
    ]  # fmt: skip
    small = Path(__file__).parents[1] / "protocols" / "small.yaml"
    assert len(_named("active", small)) == 2

"""What a rule reads of a number that was reported with a sign or in another unit: never a zero, never a silent one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.conduct.checks import findings
from equipoise.conduct.environment import History, row_of
from equipoise.conduct.snapshot import Subject
from equipoise.items import Missing, Reported, compile_rule
from equipoise.protocol.check import read_protocol

D = Decimal
SMALL = (Path(__file__).parents[2] / "protocols" / "small.yaml").read_text(encoding="utf-8")
CREATININE = "type: decimal, unit: µmol/L, analyte: creatinine"
REPORTS = "units: [{unit: mg/dL, factor: 88.4}], beyond: {below: half, above: missing}, expected: [30, 150]"


FAINT = "  - {id: faint, label: {en: Faint, zh: 低}, rule: creatinine.below_limit and creatinine.reported < 50}\n"


def protocol_with_reports():
    text = SMALL.replace(CREATININE, f"{CREATININE}, {REPORTS}").replace(
        "  - {id: itching_rise", FAINT + "  - {id: itching_rise"
    )
    protocol, problems = read_protocol(text)
    assert problems == (), problems
    return protocol


PROTOCOL = protocol_with_reports()
ANSWERS = {
    "screening": Reported(D("1.2"), "", "mg/dL"),
    "week_0": Reported(D(40), "<"),
    "week_4": Reported(D(900), ">"),
}
SUBJECT = Subject(
    code="01-001", site="01", screened=datetime(2026, 3, 1, tzinfo=UTC), consent=date(2026, 3, 1),
    values={(visit, "assessment", 1): {"creatinine": answer} for visit, answer in ANSWERS.items()},
)  # fmt: skip


def at(visit, rule):
    return compile_rule(rule).evaluate(History(PROTOCOL, SUBJECT).at(visit))


@pytest.mark.parametrize(
    ("visit", "rule", "value"),
    [
        ("screening", "creatinine", D("106.08")), ("screening", "creatinine > 106", True),
        ("screening", "creatinine.below_limit", False), ("screening", "creatinine.reported", D("106.08")),
        ("week_0", "creatinine", D(20)), ("week_0", "creatinine.below_limit", True),
        ("week_0", "creatinine.reported", D(40)), ("week_0", "previous.creatinine", D("106.08")),
        ("week_0", "previous.creatinine.below_limit", False),
        ("week_4", "creatinine", None), ("week_4", "creatinine > 100", None), ("week_4", "creatinine > 0", None),
        ("week_4", "known(creatinine)", False), ("week_4", "creatinine.above_limit", True),
        ("week_4", "creatinine.reported >= 900", True), ("week_4", "week_0.creatinine", D(20)),
        ("week_8", "creatinine", None), ("week_8", "creatinine.above_limit", None),
        ("week_8", "last.creatinine.below_limit", False),
        ("week_0", "faint", True),
    ],
)  # fmt: skip
def test_rules_read_the_number_in_the_unit_of_the_item(visit, rule, value):
    assert at(visit, rule) == value


def test_an_answer_on_its_way_is_read_like_a_saved_one():
    form, behind = PROTOCOL.form_by_id["assessment"], History(PROTOCOL, SUBJECT).at("week_8")
    row = row_of(PROTOCOL, form, {"creatinine": Reported(D(2), "<", "mg/dL"), "weight": None}, behind)
    assert (row["creatinine"], row["creatinine.below_limit"]) == (D("88.4"), True)
    assert row["creatinine.reported"] == D("176.8")
    assert row_of(PROTOCOL, form, {"creatinine": Missing("LOST")}, behind)["creatinine.below_limit"] is None


def test_the_expected_range_is_that_of_the_own_unit():
    form, behind = PROTOCOL.form_by_id["assessment"], History(PROTOCOL, SUBJECT).at("week_8")
    high, fine = (Reported(D(text), "", "mg/dL") for text in ("2.00", "1.00"))
    (found,) = findings(PROTOCOL, form, {"creatinine": high}, behind)
    assert (found.item, found.check) == ("creatinine", "expected_range")
    assert "2.00 mg/dL = 176.8 µmol/L" in found.message.en
    assert list(findings(PROTOCOL, form, {"creatinine": fine}, behind)) == []


def test_what_was_given_before_is_shown_as_it_was_given():
    history = History(PROTOCOL, SUBJECT)
    assert history.at("week_8").given_before("creatinine") == Reported(D(900), ">")
    assert history.at("screening").given_before("creatinine") is None
    assert history.at("week_8").given_before("term") is None  # an item of a log
    lost = {**SUBJECT.values, ("week_4", "assessment", 1): {"creatinine": Missing("LOST")}}
    assert History(PROTOCOL, replace(SUBJECT, values=lost)).at("week_8").given_before("creatinine") == ANSWERS["week_0"]

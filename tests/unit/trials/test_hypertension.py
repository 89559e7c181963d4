"""The second trial is quite another one, says that it is invented, and needs nothing but its file."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.items import compile_rule
from equipoise.protocol.check import read_protocol
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import Specification, draw, read_specification, seeded
from equipoise.randomisation import check as check_specification

TRIAL = Path(__file__).parents[3] / "trials" / "hypertension-tablets"
SCREENED = date(2026, 3, 2)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    found, problems = read_protocol((TRIAL / "protocol.yaml").read_bytes())
    assert found is not None, "\n".join(map(str, problems))
    assert not problems, "\n".join(map(str, problems))
    return found


def test_it_says_that_it_is_invented(protocol):
    assert "Fictitious" in protocol.study.title.en
    assert "虚构" in protocol.study.title.zh
    assert all("fictitious" in site.label.en for site in protocol.sites)
    assert protocol.study.registrations == {}


def test_visits_and_tablets(protocol):
    assert [visit.week for visit in protocol.visits] == [-2, 0, 4, 8, 12]
    assert [visit.week for visit in protocol.visits if "dispensing" in visit.forms] == [0, 4, 8]


def test_the_list_has_twice_as_many_on_the_high_dose(protocol):
    specification = read_specification((TRIAL / protocol.randomisation.specification).read_text())
    assert isinstance(specification, Specification)
    assert check_specification(specification, protocol.randomisation.ratio) == []
    arms = draw(specification, protocol.randomisation.ratio, specification.slots, seeded(b"twice as many"))
    assert len(arms) > protocol.study.planned_participants
    for arm, share in (("high", 2), ("low", 1), ("placebo", 1)):
        assert abs(arms.count(arm) - len(arms) * share / 4) <= 4  # at most the last block is cut short


@pytest.mark.parametrize(
    ("criterion", "names", "expected"),
    [
        ("I1", {"age": 75}, True),
        ("I1", {"age": 76}, False),
        ("I2", {"systolic": Decimal(140)}, True),
        ("I2", {"systolic": Decimal("139.9")}, False),
        ("I2", {"systolic": Decimal(180)}, False),
        ("I2", {"systolic": None}, None),
        ("I3", {"washed_out_since": SCREENED - timedelta(days=14)}, True),
        ("I3", {"washed_out_since": SCREENED - timedelta(days=13)}, False),
        ("E2", {"stroke_ever": True, "stroke_last": SCREENED - timedelta(days=183)}, True),
        ("E2", {"stroke_ever": True, "stroke_last": SCREENED - timedelta(days=184)}, False),
        ("E2", {"stroke_ever": False, "stroke_last": None}, False),
        ("E3", {"potassium": Decimal("5.3"), "potassium.uln": Decimal("5.3")}, False),
        ("E3", {"potassium": Decimal("5.4"), "potassium.uln": Decimal("5.3")}, True),
    ],
)
def test_criteria_at_their_boundaries(protocol, criterion, names, expected):
    found = {c.id: c.rule for c in (*protocol.eligibility.inclusion, *protocol.eligibility.exclusion)}
    assert compile_rule(found[criterion]).evaluate(names | {"visit.date": SCREENED}) is expected


def test_a_mean_of_two_readings_is_no_mean_of_three(protocol):
    rule = next(d.rule for d in protocol.derivations if d.id == "systolic")
    assert compile_rule(rule).evaluate({"systolic_1": 150, "systolic_2": 144, "systolic_3": 141}) == 145
    assert compile_rule(rule).evaluate({"systolic_1": 150, "systolic_2": 144, "systolic_3": None}) is None

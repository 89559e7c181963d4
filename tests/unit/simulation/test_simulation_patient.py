"""A virtual participant: every way an answer comes about, within its limits, from a stream of its own."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import fmean

import pytest

from equipoise.items import Item, Missing, Problem, read, shown
from equipoise.simulation.clock import VirtualClock
from equipoise.simulation.patient import Moment, Patient, plausible, typed, weighted
from equipoise.simulation.scenario import Draw, Latent, Leaving, Level, Scenario

DAY = date(2025, 1, 6)
ITEMS = {
    "dose": Item(id="dose", type="decimal", places=1, low=Decimal(0), high=Decimal(100)),
    "count": Item(id="count", type="integer", low=Decimal(0), high=Decimal(10)),
    "colour": Item(id="colour", type="choice", codes=("red", "green")),
    "since": Item(id="since", type="date"),
    "label": Item(id="label", type="text"),
    "well": Item(id="well", type="yes_no"),
    "rash": Item(id="rash", type="state"),
}


def patient(seed=1, items=None, **nature):
    scenario = Scenario(scenario="s", start=DAY, accrual_per_week=1, items=items or {}, **nature)
    made = Patient(scenario, Random(f"{seed}"))
    made.learn_arm("a", 400)
    return made


def moment(day=0.0, going=(), begun=(), bag=""):
    return Moment(DAY + timedelta(days=int(day)), day, frozenset(going), frozenset(begun), bag)


def answers(who, item, *moments, before=None):
    return [who.answer(ITEMS[item], each, before or {}) for each in moments]


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.type)
def test_what_a_scenario_does_not_mention_is_answered_so_that_it_can_be_typed(item):
    for seed in range(20):
        answer = plausible(item, DAY, Random(seed))
        again = read(item, shown(answer))
        assert not isinstance(again, Problem)
        assert again == answer
    assert item.type != "yes_no" or answer is False


def test_the_usual_lies_within_what_is_expected_before_what_is_possible():
    expected = Item(
        id="x", type="integer", low=Decimal(0), high=Decimal(999), expected_low=Decimal(50), expected_high=Decimal(60)
    )
    assert all(50 <= plausible(expected, DAY, Random(seed)) <= 60 for seed in range(50))
    bare = Item(id="x", type="decimal")
    assert all(0 <= plausible(bare, DAY, Random(seed)) <= 10 for seed in range(50))


def test_fixed_bag_days_and_minutes():
    who = patient(items={
        "colour": Draw(fixed="green"), "label": Draw(bag=True), "since": Draw(days_before=(3, 3)),
        "count": Draw(minutes=(4, 4)),
    })  # fmt: skip
    now = moment(10, bag="BAG-1")
    assert [who.answer(ITEMS[item], now, {}) for item in ("colour", "label", "since", "count")] == [
        "green", "BAG-1", now.on - timedelta(days=3), 4,
    ]  # fmt: skip


def test_missing_as_often_as_it_says():
    who = patient(items={"dose": Draw(normal=(5, 1), missing=0.25)})
    found = answers(who, "dose", *[moment()] * 400)
    assert 60 < sum(answer == Missing("ND") for answer in found) < 140


def test_a_choice_stays_with_the_participant_unless_it_is_noisy():
    shares = {"red": 0.5, "green": 0.5}
    for seed in range(10):
        steady = patient(seed, {"colour": Draw(choose=shares)})
        assert len(set(answers(steady, "colour", *[moment()] * 20))) == 1
    noisy = patient(1, {"colour": Draw(choose=shares, noise=1)})
    assert len(set(answers(noisy, "colour", *[moment()] * 40))) == 2


def test_an_amount_keeps_its_centre_its_places_and_its_limits():
    who = patient(items={"dose": Draw(normal=(50, 20), noise=2, within=(10, 90))})
    found = answers(who, "dose", *[moment()] * 200)
    centre = who.centres["dose"]
    assert abs(fmean(map(float, found)) - centre) < 1
    assert all(10 <= answer <= 90 and answer.as_tuple().exponent == -1 for answer in found)
    edge = patient(items={"dose": Draw(normal=(500, 0))})
    assert answers(edge, "dose", moment()) == [Decimal("100")]  # the item's own range


def test_items_with_one_centre_share_it():
    who = patient(items={name: Draw(normal=(5, 2), centre="shared") for name in ("dose", "count")})
    dose, count = (who.answer(ITEMS[name], moment(), {}) for name in ("dose", "count"))
    assert count == int(round(who.centres["shared"], 0))
    assert float(dose) == pytest.approx(who.centres["shared"], abs=0.05)


def test_lognormal_amounts_have_the_median_they_say():
    found = [
        float(patient(seed, {"dose": Draw(lognormal=(10, 0.5))}).answer(ITEMS["dose"], moment(), {}))
        for seed in range(300)
    ]
    assert sum(amount > 10 for amount in found) == pytest.approx(150, abs=35)
    assert min(found) > 0


def test_an_amount_shifts_in_an_event_and_drifts_with_the_arm():
    draw = Draw(normal=(50, 0), shift={"flare": 7}, drift_per_week={"a": -1})
    who = patient(items={"dose": draw})
    assert answers(who, "dose", moment(0), moment(14), moment(14, going=["flare"]), moment(-7)) == [50, 48, 55, 50]
    who.arm = "b"
    assert answers(who, "dose", moment(14)) == [50]


def test_another_draw_holds_while_an_event_lasts_and_when_it_began():
    draw = Draw(fixed="1", during={"flare": Draw(fixed="2")}, onset={"flare": Draw(fixed="3")})
    who = patient(items={"count": draw})
    found = answers(
        who, "count", moment(), moment(going=["flare"]), moment(going=["flare"], begun=["flare"]), moment(begun=["x"])
    )
    assert found == [1, 2, 3, 1]


def test_a_replacing_choice_or_amount_is_not_remembered():
    draw = Draw(choose={"red": 1}, during={"flare": Draw(choose={"green": 1})})
    who = patient(items={"colour": draw, "dose": Draw(normal=(1, 0), during={"flare": Draw(normal=(9, 0))})})
    assert answers(who, "colour", moment(going=["flare"]), moment()) == ["green", "red"]
    assert answers(who, "dose", moment(going=["flare"]), moment()) == [9, 1]


def test_an_answer_can_follow_an_earlier_one_of_the_form():
    who = patient(items={"count": Draw(by="colour", each={"red": Draw(fixed="7")})})
    assert answers(who, "count", moment(), before={"colour": "red"}) == [7]
    assert answers(who, "count", moment(), before={"colour": "green"}) == [0]


def test_what_is_overridden_is_said_as_it_was_written():
    who = patient(items={"count": Draw(fixed="7")})
    who.overrides = {"count": "3", "well": "yes", "dose": "1.5", "since": "2020-02"}
    assert [who.answer(ITEMS[item], moment(), {}) for item in who.overrides] == [3, True, Decimal("1.5"), "2020-02"]
    assert typed(ITEMS["well"], "no") is False


def test_a_dose_is_raised_when_an_event_begins_and_tapered_in_peace():
    level = Level(start={"10": 1}, rise={"flare": 20, "severe_flare": 40}, taper=5, every_weeks=1, least=5, most=60)
    who = patient(items={"dose": Draw(level=level)})
    assert answers(who, "dose", moment(0)) == [10]
    assert answers(who, "dose", moment(0, begun=["flare", "severe_flare"])) == [50]
    assert answers(who, "dose", moment(0, begun=["severe_flare"])) == [60]
    found = []
    for week in range(1, 40):
        found += answers(who, "dose", moment(7.0 * week))
        who.last_day = 7.0 * week
    assert found == sorted(found, reverse=True)
    assert found[-1] == 5
    below = patient(items={"dose": Draw(level=level.model_copy(update={"start": {"2": 1}}))})
    assert answers(below, "dose", moment(0), moment(70)) == [2, 2]


# --- Events ----------------------------------------------------------------------------------------------


def test_events_come_at_their_rate_and_last_their_weeks():
    nature = {"latent": {"flare": Latent(per_year={"a": 2}, weeks=(4, 4))}}
    episodes = [episode for seed in range(300) for episode in patient(seed, **nature).episodes]
    assert all(episode.last - episode.first == pytest.approx(28) for episode in episodes)
    assert all(0 < episode.first < 400 for episode in episodes)
    expected = 300 * 400 / (365.25 / 2 + 28)  # one cycle: a wait, and the event itself
    assert len(episodes) == pytest.approx(expected, rel=0.1)


def test_an_arm_without_a_rate_has_no_events():
    assert patient(latent={"flare": Latent(per_year={"b": 50})}).episodes == ()


def test_an_event_is_called_by_its_kinds_as_severe_and_by_name():
    always = {"latent": {"flare": Latent(per_year={"a": 20}, severe=1, kinds={"rash": 1, "joints": 0})}}
    episode = patient(**always).episodes[0]
    assert episode.names() == ("flare_rash", "severe_flare", "flare")
    seldom = {"latent": {"flare": Latent(per_year={"a": 20}, kinds={"rash": 0.01, "joints": 0.01})}}
    assert all(len(each.kinds) >= 1 for each in patient(**seldom).episodes)


def test_a_moment_knows_what_goes_on_and_what_began_since_the_last_visit():
    who = patient(latent={"flare": Latent(per_year={"a": 3}, weeks=(3, 3))})
    first = who.episodes[0]
    who.last_day = first.first - 1
    inside = who.moment(DAY, first.first + 1)
    assert "flare" in inside.going & inside.begun
    who.last_day = first.first + 1
    assert "flare" in who.moment(DAY, first.first + 2).going
    assert "flare" not in who.moment(DAY, first.first + 2).begun


def test_waning_makes_the_later_ones_rarer():
    def how_many(by):
        nature = {"latent": {"f": Latent(per_year={"a": 8}, weeks=(1, 1), waning=by)}}
        return fmean(len(patient(seed, **nature).episodes) for seed in range(60))

    often, waning = how_many(1.0), how_many(0.5)
    assert waning < often / 2


def test_leaving_happens_at_its_rate_for_its_reasons():
    leaving = Leaving(per_year={"a": 1, "b": 0}, reasons={"lost": 1})
    days = [patient(seed).day_of(leaving) for seed in range(400)]
    assert fmean(day for day, _ in days) == pytest.approx(365.25, rel=0.15)
    assert {reason for _, reason in days} == {"lost"}
    assert patient().day_of(None) == (math.inf, "")
    nobody = patient()
    nobody.arm = "b"
    assert nobody.day_of(leaving) == (math.inf, "")


def test_names_are_drawn_in_proportion():
    random = Random(1)
    assert sum(weighted({"a": 3, "b": 1}, random) == "a" for _ in range(1000)) == pytest.approx(750, abs=60)


# --- The clock -------------------------------------------------------------------------------------------


def test_the_clock_never_goes_back():
    start = datetime(2025, 1, 6, 8, tzinfo=UTC)
    clock = VirtualClock(start)
    clock.pass_(90)
    clock.reach(start)
    assert clock() == start + timedelta(seconds=90)
    clock.reach(start + timedelta(days=1))
    assert clock() == start + timedelta(days=1)

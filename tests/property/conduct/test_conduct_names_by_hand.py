"""`previous`, `last`, `baseline` and named visits against a loop written from their definitions."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct.environment import History
from equipoise.conduct.snapshot import Subject
from equipoise.items import Missing
from equipoise.protocol.load import load

PROTOCOL = load((Path(__file__).parents[2] / "protocols" / "small.yaml").read_bytes())[0]
VISITS = ("screening", "week_0", "week_4", "week_8")
UNKNOWN = st.sampled_from([None, Missing("ND"), Missing("UNK")])
ITCHING = UNKNOWN | st.integers(0, 10)
WEIGHT = UNKNOWN | st.decimals(20, 300, places=1)
EYE = UNKNOWN | st.sampled_from(["mild", "moderate", "severe"])
FORM = st.fixed_dictionaries({}, optional={"itching": ITCHING, "weight": WEIGHT, "left_eye": EYE, "right_eye": EYE})
TRIALS = st.fixed_dictionaries(dict.fromkeys(VISITS, FORM))
NAMES = st.sampled_from(["itching", "weight", "itching_rise", "severe_eyes"])


def is_known(value):
    return value is not None and not isinstance(value, Missing)


def by_hand(trial, visit, name):
    """The value of a name without a prefix at a visit."""
    here = trial[visit]
    if name == "itching_rise":
        now, then = here.get("itching"), trial["week_0"].get("itching")
        return now - then if is_known(now) and is_known(then) else None
    if name == "severe_eyes":
        eyes = [here.get("left_eye"), here.get("right_eye")]
        return eyes.count("severe") if all(map(is_known, eyes)) else None
    return here.get(name)


def latest_by_hand(trial, visits, name):
    found = None
    for visit in visits:
        if is_known(by_hand(trial, visit, name)):
            found = by_hand(trial, visit, name)
    return found


def history(trial):
    values = {(visit, "assessment", 1): answers for visit, answers in trial.items()}
    screened = datetime(2026, 3, 1, tzinfo=UTC)
    return History(PROTOCOL, Subject("01-001", "01", screened, consent=date(2026, 3, 1), values=values))


@given(TRIALS, NAMES, st.sampled_from(VISITS))
def test_every_prefix_says_what_the_loop_says(trial, name, visit):
    env, place = history(trial).at(visit), VISITS.index(visit)
    assert env.get(name) == by_hand(trial, visit, name)
    assert env.get(f"previous.{name}") == latest_by_hand(trial, VISITS[:place], name)
    assert env.get(f"last.{name}") == latest_by_hand(trial, VISITS[: place + 1], name)
    assert env.get(f"baseline.{name}") == by_hand(trial, "week_0", name)
    for other in VISITS:
        assert env.get(f"{other}.{name}") == by_hand(trial, other, name)


@given(TRIALS, st.permutations([f"{p}{n}" for p in ("", "last.", "previous.") for n in ("itching", "itching_rise")]))
def test_the_order_in_which_names_are_read_does_not_matter(trial, names):
    fresh = {name: history(trial).at("week_8").get(name) for name in names}
    shared = history(trial).at("week_8")
    assert {name: shared.get(name) for name in names} == fresh


@given(TRIALS, st.decimals(30, 200, places=1))
def test_a_value_entered_later_changes_nothing_earlier(trial, weight):
    changed = {**trial, "week_8": {**trial["week_8"], "weight": Decimal(weight)}}
    for visit in VISITS[:3]:
        for name in ("weight", "previous.weight", "last.weight", "itching_rise"):
            assert history(trial).at(visit).get(name) == history(changed).at(visit).get(name)

"""Strategies for intercurrent events: what a participant contributes, one line for each thing that can happen."""

from datetime import timedelta

import pytest
from analysis_trials import MISSED, SMALL, START, estimand, made, opened, person, with_estimands

from equipoise.analysis import analyse
from equipoise.analysis.events import endpoint_of
from equipoise.analysis.intercurrent import course_under, decisive, happened
from equipoise.analysis.question import question
from equipoise.analysis.sets import analysis_sets
from equipoise.conduct.snapshot import VisitState
from equipoise.protocol.estimands import IntercurrentDates, Pandemic
from equipoise.protocol.schema import Endpoint

BETTER, ITCH = endpoint_of(SMALL, "better"), endpoint_of(SMALL, "itch")
WORSE = Endpoint.model_validate(
    {"id": "worse", "label": {"en": "Worse", "zh": "加重"}, "tier": "secondary", "objective": "relief",
     "measure": "event", "rule": "itching_rise >= 2", "through": "week_8", "better": "lower"}
)  # fmt: skip
TIME = WORSE.model_copy(update={"id": "time", "measure": "time_to_event"})
RELIEVED = TIME.model_copy(update={"id": "relieved", "rule": BETTER.rule, "better": "higher"})
PROTOCOL = SMALL.model_copy(update={"endpoints": (*SMALL.endpoints, WORSE, TIME, RELIEVED)})
CALM, ONCE = {"week_4": 6, "week_8": 6}, {"week_4": 9, "week_8": 6}
DAY_30, DAY_40 = START + timedelta(days=30), START + timedelta(days=40)
STOPPED = {"treatment_stopped": DAY_30}
LEFT = {"ended": DAY_40, "how_ended": "withdrew"}


def asked(endpoint, one, protocol=PROTOCOL, **strategies):
    """The question of one participant under these strategies."""
    function = {"event": "two_proportions", "time_to_event": "survival", "change": "ancova"}[endpoint.measure]
    wanted = estimand(endpoint.id, function)
    events = [{"event": e, "strategy": s, "text": {"en": "x", "zh": "某"}} for e, s in strategies.items()]
    wanted = type(wanted).model_validate({**wanted.model_dump(), "intercurrent_events": events})
    everybody = made({"active": [one]}, protocol=with_estimands(wanted, protocol=protocol))
    return question(wanted, everybody, analysis_sets(everybody))


@pytest.mark.parametrize(
    ("course", "more", "strategies", "state", "reason"),
    [
        (CALM, STOPPED, {}, False, ""),
        (CALM, STOPPED, {"treatment_stopped": "treatment_policy"}, False, ""),
        (CALM, STOPPED, {"treatment_stopped": "composite"}, True, "treatment_stopped"),
        (CALM, STOPPED, {"treatment_stopped": "hypothetical"}, None, "set_aside"),
        (CALM, STOPPED, {"treatment_stopped": "while_on_treatment"}, False, "treatment_stopped"),
        # Nothing was known until then: no strategy makes it known.
        ({"week_4": None, "week_8": 6}, STOPPED, {"treatment_stopped": "while_on_treatment"}, None, "answer_not_known"),
        ({"week_4": MISSED, "week_8": 6}, STOPPED, {"treatment_stopped": "while_on_treatment"}, None, "set_aside"),
        # An event of the endpoint that came first stands, whatever the strategy.
        (ONCE, STOPPED, {"treatment_stopped": "hypothetical"}, True, ""),
        (ONCE, STOPPED, {"treatment_stopped": "while_on_treatment"}, True, ""),
        # One that came after is set aside.
        ({"week_4": 6, "week_8": 9}, STOPPED, {"treatment_stopped": "hypothetical"}, None, "set_aside"),
        ({"week_4": 6, "week_8": 9}, STOPPED, {"treatment_stopped": "while_on_treatment"}, False, "treatment_stopped"),
        # The first event decides; on one and the same day a failure comes before what is set aside.
        ({"week_4": 6}, {**STOPPED, **LEFT}, {"treatment_stopped": "hypothetical", "withdrawn": "composite"}, None,
         "ended_withdrew"),
        ({"week_4": 6}, {"treatment_stopped": DAY_40, **LEFT},
         {"treatment_stopped": "hypothetical", "withdrawn": "composite"}, True, "withdrawn"),
        ({"week_4": 6}, {"ended": DAY_40, "how_ended": "lost"}, {"lost": "composite"}, True, "lost"),
        ({"week_4": 6}, {"ended": DAY_40, "how_ended": "died"}, {"died": "composite"}, True, "died"),
        ({"week_4": 6}, {"ended": DAY_40, "how_ended": "lost"}, {"died": "composite"}, None, "ended_lost"),
        # The last assessment missed by somebody who stayed; one before it is bridged by those after it.
        ({"week_4": 6, "week_8": MISSED}, {}, {"missed_assessment": "composite"}, True, "missed_assessment"),
        ({"week_4": MISSED, "week_8": 6}, {}, {"missed_assessment": "composite"}, False, ""),
        ({"week_4": 6}, {}, {"missed_assessment": "composite"}, None, "not_reached"),
        ({"week_4": 6}, LEFT, {"missed_assessment": "composite"}, None, "ended_withdrew"),
    ],
)  # fmt: skip
def test_an_outcome_under_its_strategy(course, more, strategies, state, reason):
    found = asked(WORSE, person("01-001", course, **more), **strategies).outcomes["01-001"]
    assert (found.state, found.reason) == (state, reason)


def test_a_failure_is_a_no_where_higher_is_better():
    better = BETTER.model_copy(update={"better": "higher"})
    protocol = PROTOCOL.model_copy(update={"endpoints": (better, *PROTOCOL.endpoints[1:])})
    found = asked(better, person("01-001", {"week_4": 6}, **LEFT), protocol, withdrawn="composite")
    assert found.outcomes["01-001"].state is False
    assert found.unknown["01-001"].reason == "ended_withdrew"  # and yet nobody saw it


@pytest.mark.parametrize(
    ("endpoint", "course", "strategy", "days", "event"),
    [
        (TIME, CALM, "treatment_policy", 56, False),
        (TIME, CALM, "composite", 30, True),
        (TIME, CALM, "hypothetical", 28, False),
        (TIME, CALM, "while_on_treatment", 28, False),
        (TIME, ONCE, "composite", 28, True),  # came first, and stands
        (TIME, {"week_4": 6, "week_8": 9}, "hypothetical", 28, False),
        (TIME, {"week_4": MISSED, "week_8": 9}, "hypothetical", 0, False),
        (RELIEVED, {"week_4": 6, "week_8": 1}, "composite", 56, False),  # never relieved: censored at the end
    ],
)
def test_a_time_under_its_strategy(endpoint, course, strategy, days, event):
    found = asked(endpoint, person("01-001", course, **STOPPED), treatment_stopped=strategy).times["01-001"]
    assert (found.days, found.event) == (days, event)
    assert found.on == START + timedelta(days=days)


@pytest.mark.parametrize(
    ("strategy", "course", "final", "complete"),
    [
        ("treatment_policy", {"week_4": 5, "week_8": 3}, 3, True),
        ("hypothetical", {"week_4": 5, "week_8": 3}, None, False),
        ("while_on_treatment", {"week_4": 5, "week_8": 3}, 5, True),
        ("while_on_treatment", {"week_4": None, "week_8": 3}, None, False),
    ],
)
def test_a_number_under_its_strategy(strategy, course, final, complete):
    found = asked(ITCH, person("01-001", course, **STOPPED), treatment_stopped=strategy).numbers["01-001"]
    assert (found.final, found.complete) == (final, complete)


def test_a_number_has_no_failure():
    everybody = made({"active": [person("01-001", CALM, **STOPPED)]})
    one = everybody.randomised[0]
    found = decisive(one, ITCH, everybody, {"treatment_stopped": "composite"})
    with pytest.raises(ValueError, match="treatment_stopped cannot be a failure"):
        course_under(found, one, ITCH, {})


# --- When they happened -----------------------------------------------------------------------------------------------


def on(event, one, endpoint=BETTER, **dates):
    """The day of an event, in days since randomisation."""
    protocol = with_estimands(*SMALL.estimands, intercurrent=IntercurrentDates(**dates))
    everybody = made({"active": [one]} if one.randomised else {}, *([] if one.randomised else [one]), protocol=protocol)
    found = happened(event, everybody.everybody[0], endpoint, everybody)
    return None if found is None else (found - START).days


def test_what_happens_at_or_after_the_last_assessment_is_too_late():
    assert on("treatment_stopped", person("01-001", CALM, treatment_stopped=START + timedelta(days=55))) == 55
    assert on("treatment_stopped", person("01-001", CALM, treatment_stopped=START + timedelta(days=56))) is None
    gone = {"week_4": 6}  # without the last assessment: until that was overdue
    latest = SMALL.visit_by_id["week_8"].latest
    assert on("treatment_stopped", person("01-001", gone, treatment_stopped=START + timedelta(days=latest))) == latest
    assert on("treatment_stopped", person("01-001", gone, treatment_stopped=START + timedelta(days=latest + 1))) is None


def test_nothing_happens_to_who_was_not_randomised_nor_to_what_is_never_assessed():
    failed = person("01-001", CALM, randomised=None, treatment_stopped=DAY_30)
    assert on("treatment_stopped", failed) is None
    assert on("missed_assessment", failed) is None
    assert on("pandemic", failed, pandemic=Pandemic(first_day=START)) is None
    never = BETTER.model_copy(update={"rule": "visit.week > 99", "through": "week_0"})
    assert on("treatment_stopped", person("01-001", CALM, **STOPPED), never) is None
    assert on("missed_assessment", person("01-001", CALM), never) is None


def test_prohibited_medication_is_dated_by_the_first_visit_at_which_its_rule_holds():
    course = {"week_4": 8, "week_8": 9}
    assert on("prohibited_medication", person("01-001", course)) is None  # no rule, no date
    assert on("prohibited_medication", person("01-001", course), prohibited_medication="itching > 7") == 28
    unknown = person("01-001", {"week_4": None, "week_8": 6})
    assert on("prohibited_medication", unknown, prohibited_medication="itching > 7") is None


REASONS = Pandemic()
DISTURBED = person("01-001", {"week_4": MISSED, "week_8": 6})


def remote(mode, because):
    one = person("01-001", CALM)
    state = VisitState("held", START + timedelta(days=26), mode, because, 1)
    return person("01-001", CALM, visits={**one.visits, "week_4": state})


@pytest.mark.parametrize(
    ("one", "pandemic", "day"),
    [
        (DISTURBED, None, None),
        (DISTURBED, REASONS, 28),  # the visit that was missed, on its planned day
        (remote("remote", "pandemic"), REASONS, 26),
        (remote("site", "pandemic"), REASONS, None),
        (remote("remote", "travel"), REASONS, None),
        (remote("remote", "travel"), Pandemic(reasons=("travel",)), 26),
        (person("01-001", CALM), Pandemic(first_day=START + timedelta(days=9)), 9),
        (person("01-001", CALM), Pandemic(first_day=START - timedelta(days=9)), 0),  # from the first day on
        (person("01-001", CALM), Pandemic(first_day=START, last_day=START - timedelta(days=1)), None),
        (person("01-001", {"week_4": 6}, ended=DAY_30, how_ended="lost"), Pandemic(first_day=DAY_40), None),
        (DISTURBED, Pandemic(first_day=DAY_30), 28),  # the earlier of the two
    ],
)
def test_the_pandemic_is_dated_by_its_visits_and_its_days(one, pandemic, day):
    assert on("pandemic", one, pandemic=pandemic) == day


def test_a_sensitivity_analysis_asks_otherwise():
    """Another endpoint, another set, other strategies; the other strategies stay the estimand's."""
    wanted = estimand("worse", "two_proportions", missing="event", sensitivity=[
        {"missing": "event", "endpoint": "better"}, {"missing": "event", "population": "dosed"},
        {"missing": "event", "strategies": {"treatment_stopped": "composite"}},
    ])  # fmt: skip
    sets = (*SMALL.analysis.sets, SMALL.analysis.sets[0].model_copy(update={"id": "dosed", "who": "dosed"}))
    protocol = with_estimands(wanted, protocol=PROTOCOL, sets=sets)
    arms = {
        "active": [person("01-001", CALM, **STOPPED), person("01-002", {"week_4": 4, "week_8": 4})],
        "control": [person("01-003", CALM, dosed=False), person("01-004", ONCE)],
    }
    found = analyse(opened(arms), protocol).results

    def counts(variant):
        rows = [found.get("asked", "risk", variant=variant, arm=arm) for arm in ("active", "control")]
        return [(row.n, row.N) for row in rows]

    assert counts("") == [(0, 2), (1, 2)]
    assert counts("sensitivity_1") == [(1, 2), (0, 2)]
    assert counts("sensitivity_2") == [(0, 2), (1, 1)]
    assert counts("sensitivity_3") == [(1, 2), (1, 2)]

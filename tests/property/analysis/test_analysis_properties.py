"""What holds for every trial: a slow oracle agrees, unknown never moves beyond its bounds, and order means nothing."""

from datetime import timedelta
from math import isclose

from analysis_trials import MISSED, SMALL, START, estimand, made, opened, person, with_estimands
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis import analyse
from equipoise.analysis.events import endpoint_of, event, time_to_event
from equipoise.analysis.question import question
from equipoise.analysis.sets import analysis_sets

ANSWERS = st.one_of(st.integers(0, 10), st.none(), st.just(MISSED))
ENDS = st.sampled_from(["", "completed", "withdrew", "lost", "died"])
COURSES = st.fixed_dictionaries(
    {}, optional={"week_0": st.one_of(st.integers(0, 10), st.none()), "week_4": ANSWERS, "week_8": ANSWERS}
)
PEOPLE = st.lists(st.tuples(COURSES, ENDS), max_size=7)
BETTER = endpoint_of(SMALL, "better")
EVENT = estimand(
    "better", "two_proportions", missing="event", sensitivity=[{"missing": "no_event"}, {"missing": "complete_case"}]
)
PROTOCOL = with_estimands(EVENT)
VARIANTS = ("", "sensitivity_1", "sensitivity_2")


def someone(code, course, how):
    return person(code, course, how_ended=how, ended=None if not how else person(code).randomised)


def by_definition(course):
    """The endpoint written down a second time: itching two points lower than at week 0, at week 4 or week 8."""
    baseline = course.get("week_0", 6)
    seen = [course[visit] for visit in ("week_4", "week_8") if visit in course and course[visit] != MISSED]
    fell = [None if None in (answer, baseline) else answer - baseline <= -2 for answer in seen]
    if True in fell:
        return True
    last_attended = course.get("week_8", MISSED) != MISSED
    return False if last_attended and None not in fell else None


@given(COURSES, ENDS)
@settings(max_examples=150, deadline=None)
def test_an_outcome_is_what_the_definition_says(course, how):
    everybody = made({"active": [someone("01-001", course, how)]})
    found = event(everybody.randomised[0], BETTER, everybody)
    assert found.state is by_definition(course)
    assert bool(found.reason) == (found.state is None)


@given(COURSES)
@settings(max_examples=100, deadline=None)
def test_a_time_ends_with_the_event_or_before_it(course):
    everybody = made({"active": [someone("01-001", course, "")]})
    one = everybody.randomised[0]
    found, outcome = time_to_event(one, BETTER, everybody), event(one, BETTER, everybody)
    assert found.event is (outcome.state is True)
    assert 0 <= found.days <= 56
    if outcome.state is False:
        assert (found.days, found.visit) == (56, "week_8")


def arms_of(active, control):
    return {
        "active": [someone(f"01-{n:03d}", *one) for n, one in enumerate(active, 1)],
        "control": [someone(f"02-{n:03d}", *one) for n, one in enumerate(control, 1)],
    }


@given(PEOPLE, PEOPLE)
@settings(max_examples=30, deadline=None)
def test_every_reading_of_the_unknown_lies_between_the_bounds(active, control):
    found = analyse(opened(arms_of(active, control)), PROTOCOL).results

    def difference(variant):
        return found.get("asked", "risk_difference", variant=variant, arm="active").estimate

    highest, lowest = difference("bound_arm_event"), difference("bound_reference_event")
    if not active or not control:
        assert (highest, lowest) == (None, None)
        return
    for variant in ("", "sensitivity_1", "bound_event", "bound_no_event"):
        assert lowest - 1e-12 <= difference(variant) <= highest + 1e-12
    unknown = sum(found.count("asked", "unknown", arm=arm) for arm in ("active", "control"))
    assert (unknown == 0) == isclose(highest, lowest, abs_tol=1e-12)


@given(PEOPLE, PEOPLE)
@settings(max_examples=25, deadline=None)
def test_rows_are_arms_whatever_the_data(active, control):
    found = analyse(opened(arms_of(active, control)), PROTOCOL).results
    for variant in VARIANTS:
        risks = [found.get("asked", "risk", variant=variant, arm=arm) for arm in ("active", "control")]
        ratio = found.get("asked", "risk_ratio", variant=variant, arm="active")
        if ratio.estimate is not None:
            assert isclose(ratio.estimate * risks[1].estimate, risks[0].estimate, abs_tol=1e-12)
        for risk in risks:
            assert risk.N == 0 or risk.n / risk.N == risk.estimate


@given(PEOPLE, PEOPLE)
@settings(max_examples=15, deadline=None)
def test_exchanging_the_arms_turns_the_difference_round(active, control):
    one = analyse(opened(arms_of(active, control)), PROTOCOL).results
    turned = arms_of(active, control)
    other = analyse(opened({"active": turned["control"], "control": turned["active"]}), PROTOCOL).results
    for variant in VARIANTS:
        a, b = (r.get("asked", "risk_difference", variant=variant, arm="active") for r in (one, other))
        if a.estimate is not None:
            assert isclose(a.estimate, -b.estimate, abs_tol=1e-12)
            assert isclose(a.lower, -b.upper, abs_tol=1e-12)


@given(PEOPLE, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_participants_means_nothing(people, random):
    arms = arms_of(people, people[:3])
    first = analyse(opened(arms), PROTOCOL).results.frame()
    shuffled = {arm: random.sample(members, len(members)) for arm, members in reversed(arms.items())}
    assert analyse(opened(shuffled), PROTOCOL).results.frame().equals(first)


STOPS = st.one_of(st.none(), st.integers(0, 80))
STRATEGIES = st.sampled_from(["treatment_policy", "composite", "hypothetical", "while_on_treatment"])


def under_a_strategy(course, stop, strategy):
    """Strategies written down a second time, for stopping the treatment: seen until then, then the strategy."""
    whole = by_definition(course)
    attended = {
        day: course[visit] for visit, day in (("week_4", 28), ("week_8", 56)) if course.get(visit, MISSED) != MISSED
    }
    too_late = 56 if 56 in attended else SMALL.visit_by_id["week_8"].latest + 1
    if stop is None or stop >= too_late or strategy == "treatment_policy":
        return whole
    baseline = course.get("week_0", 6)
    until = [
        None if None in (value, baseline) else value - baseline <= -2 for day, value in attended.items() if day <= stop
    ]
    if True in until:
        return True
    if strategy == "composite":
        return BETTER.better == "lower"
    if strategy == "while_on_treatment" and until and None not in until:
        return False
    return None


@given(COURSES, STOPS, STRATEGIES)
@settings(max_examples=200, deadline=None)
def test_an_outcome_under_a_strategy_is_what_the_definition_says(course, stop, strategy):
    on = None if stop is None else START + timedelta(days=stop)
    event_ = {"event": "treatment_stopped", "strategy": strategy, "text": {"en": "x", "zh": "某"}}
    asked = type(EVENT).model_validate({**EVENT.model_dump(), "intercurrent_events": [event_]})
    everybody = made({"active": [person("01-001", course, treatment_stopped=on)]}, protocol=with_estimands(asked))
    found = question(asked, everybody, analysis_sets(everybody))
    assert found.outcomes["01-001"].state is under_a_strategy(course, stop, strategy)
    assert ("01-001" in found.unknown) is (None in (by_definition(course), found.outcomes["01-001"].state))

"""Whatever happens in a trial, its results hold together: a check that cries wolf would keep a report from people."""

from analysis_trials import BETTER, GONE, MISSED, SAME, estimand, opened, person, with_estimands
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis import analyse
from equipoise.analysis.checks import check_results

KINDS = st.sampled_from([BETTER, SAME, GONE, {}, {"week_4": MISSED, "week_8": None}, {"week_0": None, "week_8": 3}])
LEFT = st.sampled_from(["", "completed", "withdrew", "lost", "died", "other"])
GRADES = st.lists(st.sampled_from(["mild", "moderate", "severe", None]), max_size=3)
PEOPLE = st.lists(st.tuples(KINDS, LEFT, st.booleans(), GRADES), max_size=6)
FAILURES = st.integers(0, 3)
PROTOCOL = with_estimands(
    *(
        estimand("better", "two_proportions", id_=missing, missing=missing, test=test, interval=interval)
        for missing, test, interval in (
            ("event", "chi_square", "newcombe"), ("no_event", "fisher", "miettinen_nurminen"),
            ("complete_case", "chi_square", "wald"),
        )
    ),
    estimand("itch", "ancova", id_="means"),
)  # fmt: skip


def someone(code, kind, how, dosed, grades):
    events = [{"event_grade": grade, "serious": grade == "severe"} for grade in grades]
    ended = person(code).randomised if how else None
    return person(code, kind, dosed=dosed, events=events, how_ended=how, ended=ended)


@given(PEOPLE, PEOPLE, FAILURES)
@settings(max_examples=40, deadline=None)
def test_the_results_of_any_trial_hold_together(active, control, failures):
    arms = {
        arm: [someone(f"{site}-{n:03d}", *one) for n, one in enumerate(people, 1)]
        for arm, site, people in (("active", "01", active), ("control", "02", control))
    }
    failed = [person(f"01-9{n}", randomised=None, screen_failure=("I1",)) for n in range(failures)]
    assert check_results(analyse(opened(arms, *failed), PROTOCOL)) == ()

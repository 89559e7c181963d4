"""Interim looks: what was reached, the boundary in print, and what the data say against it by closed forms."""

from dataclasses import replace
from datetime import date
from math import inf, isclose, log, sqrt

import pytest
from analysis_trials import BETTER, GONE, SAME, SMALL, arm_of, estimand, opened, person
from scipy.stats import norm

from equipoise.analysis import analyse, cohort
from equipoise.analysis.coded import coded, letters
from equipoise.analysis.completeness import completeness, shown_forms, withheld_forms
from equipoise.analysis.information import boundary_estimand, information, question_of, reached
from equipoise.analysis.pooled import POOLED, pooled
from equipoise.analysis.sequential import (
    FINAL,
    MONITORING,
    as_statistics,
    compare,
    final_test,
    interim_test,
    planned_design,
)
from equipoise.conduct.snapshot import LookState, Query
from equipoise.protocol.monitoring import Boundary, Due
from equipoise.protocol.schema import Endpoint
from equipoise.statistics import NotEstimable

ONE_SIDED = {"futility": None}
MORE_IS_BETTER = tuple(endpoint.model_copy(update={"better": "higher"}) for endpoint in SMALL.endpoints)


def boundary(**changes):
    return SMALL.monitoring.boundary.model_copy(update=changes)


def planned(estimands=None, endpoints=MORE_IS_BETTER, **changes):
    """The small protocol with another boundary."""
    plan = SMALL.monitoring.model_copy(update={"boundary": boundary(**changes)})
    update = {"monitoring": plan, "endpoints": endpoints}
    return SMALL.model_copy(update=update | ({"estimands": estimands} if estimands else {}))


def at_look(active, control, protocol=None, *, locked=False, held=()):
    """A cohort: courses of both arms, and what each look that was held had reached."""
    arms = {"active": arm_of("01", active), "control": arm_of("01", control, first=501)}
    made = opened(arms, locked=locked)
    states = {look: LookState("chair", 9, 10, count) for look, count in held}
    return cohort(replace(made, snapshot=replace(made.snapshot, looks=states)), protocol or planned(**ONE_SIDED))


def outcomes(better, others):
    return [BETTER] * better + [SAME] * others


# 8 of 10 against 3 of 10: half of the planned information of 40.
HALF = (outcomes(8, 2), outcomes(3, 7))
POOLED_Z = 0.5 / sqrt(0.55 * 0.45 * (1 / 10 + 1 / 10))


# --- The boundary --------------------------------------------------------------------------------------------


def rule(spending, parameter=None, **more):
    return {"spending": spending, "parameter": parameter, **more}


def as_planned(**changes):
    plain = {"estimand": "main", "arm": "active", "information": 40, "power": 0.9, "efficacy": rule("lan_demets_of")}
    return Boundary.model_validate(plain | changes)


def test_the_boundary_of_lan_and_demets_is_that_in_print():
    """Five equal looks at 0.025, from the manuals of gsDesign and rpact; one prints the second as 3.3570."""
    design = planned_design(as_planned(), 0.025, (0.2, 0.4, 0.6, 0.8, 1.0))
    printed = (4.8769, 3.3569, 2.6803, 2.2898, 2.0310)
    assert all(isclose(ours, theirs, abs_tol=1.2e-4) for ours, theirs in zip(design.upper, printed, strict=True))
    assert set(design.lower) == {-inf}


def test_the_bounds_with_futility_are_those_in_print():
    """`gsDesign()` of R as its vignettes print it: three looks, gamma −4 and −2, 90 % power, futility not binding."""
    plan = as_planned(
        efficacy=rule("hwang_shih_decani", -4), futility=rule("hwang_shih_decani", -2, beta=0.1),
    )  # fmt: skip
    design = planned_design(plan, 0.025, (1 / 3, 2 / 3, 1.0))
    assert [round(bound, 2) for bound in design.upper] == [3.01, 2.55, 2.00]
    assert [round(bound, 2) for bound in design.lower] == [-0.24, 0.94, 2.00]
    assert round((design.drift / (norm.isf(0.025) + norm.isf(0.1))) ** 2, 2) == 1.07


def test_two_sided_bounds_mirror_each_other():
    design = planned_design(as_planned(sided=2), 0.05, (0.5, 1.0))
    assert [round(bound, 3) for bound in design.upper] == [2.963, 1.969]  # the classical pair of Lan & DeMets 1983
    assert design.lower == tuple(-bound for bound in design.upper)


def test_a_futility_bound_that_does_not_bind_leaves_nothing_at_the_end_and_one_that_binds_does():
    futility = rule("hwang_shih_decani", -2, beta=0.1)
    loose, binding = (as_planned(futility=futility | {"binding": binds}) for binds in ("no", "yes"))
    fractions, times = (0.4, 1.0), (0.5, 1.0)
    at_the_end = planned_design(loose, 0.025, fractions, times)
    assert at_the_end == planned_design(as_planned(), 0.025, fractions, times)
    used, counted = planned_design(binding, 0.025, (0.5, 1.0)), planned_design(binding, 0.025, fractions, times)
    assert used == counted


# --- At a look -----------------------------------------------------------------------------------------------


def test_at_half_of_the_information_everything_has_a_closed_form():
    found = interim_test("half", at_look(*HALF, planned(**ONE_SIDED, efficacy=as_planned().efficacy)))
    first, last = (round(bound, 3) for bound in (found.design.upper[0], found.design.upper[-1]))
    assert found.design.fractions == (0.5, 0.75, 1.0)
    assert (found.information, found.planned, found.place, found.look) == (20, 40, 1, "half")
    assert isclose(found.comparison.z, POOLED_Z, rel_tol=1e-9)
    assert first == 2.963  # does not depend on what is still planned
    assert last > 1.969
    assert found.crossed == "none"
    assert found.stagewise is None


def test_with_one_look_to_come_power_is_a_closed_form():
    """Lan & Wittes 1988; Spiegelhalter, Freedman & Blackburn 1986."""
    found = interim_test("late", at_look(outcomes(10, 5), outcomes(6, 9)))
    b, z, t = found.design.upper[-1], found.comparison.z, 0.75
    assert found.design.fractions == (t, 1.0)

    def crossing(drift):
        return norm.sf((b - z * sqrt(t) - drift * (1 - t)) / sqrt(1 - t))

    assert isclose(found.power.null, crossing(0.0), rel_tol=1e-9)
    assert isclose(found.power.current_trend, crossing(z / sqrt(t)), rel_tol=1e-9)
    assert isclose(found.power.predictive, norm.cdf((z - b * sqrt(t)) / sqrt(1 - t)), rel_tol=1e-7)
    fixed = norm.isf(0.025) + norm.isf(0.2)  # the drift of a fixed design, which two looks must exceed a little
    assert crossing(fixed) < found.power.planned < crossing(1.1 * fixed)


def test_the_repeated_interval_is_the_effect_and_its_bound():
    found = interim_test("half", at_look(*HALF))
    error = found.comparison.standard_error
    bound = found.design.upper[0]
    assert isclose(found.comparison.effect, 0.5)
    assert isclose(found.repeated.estimate, 0.5)
    assert isclose(found.repeated.lower, 0.5 - bound * error)
    assert isclose(found.repeated.upper, 0.5 + bound * error)
    assert found.repeated.p_one_sided > norm.sf(found.comparison.z)  # it has paid for the looks


@pytest.mark.parametrize(
    ("active", "control", "sided", "futility", "crossed"),
    [
        ((10, 0), (0, 10), 1, False, "efficacy"), ((8, 2), (3, 7), 1, False, "none"),
        ((0, 10), (10, 0), 1, False, "none"), ((0, 10), (10, 0), 1, True, "futility"),
        ((0, 10), (10, 0), 2, False, "harm"), ((10, 0), (0, 10), 2, False, "efficacy"),
    ],
)  # fmt: skip
def test_which_bound_is_crossed(active, control, sided, futility, crossed):
    protocol = planned(sided=sided, **({} if futility else ONE_SIDED))
    found = interim_test("half", at_look(outcomes(*active), outcomes(*control), protocol))
    assert found.crossed == crossed
    assert (found.stagewise is None) == (crossed == "none")


def test_a_look_that_reached_everything_is_the_last():
    found = interim_test("half", at_look(outcomes(20, 5), outcomes(10, 15)))
    assert (found.information, found.design.fractions, found.power) == (50, (1.0,), None)
    assert isclose(found.design.upper[0], norm.isf(0.025), rel_tol=1e-9)  # nothing was spent before


def test_a_later_look_counts_what_an_earlier_one_had_reached_and_not_what_it_should_have():
    found = interim_test("late", at_look(outcomes(10, 5), outcomes(6, 9), held=[("half", 24)]))
    assert (found.design.fractions, found.place) == ((0.6, 0.75, 1.0), 2)


@pytest.mark.parametrize(
    ("held", "active", "reason"),
    [
        ([("half", 20)], outcomes(8, 2), "no_new_information"),
        ([("half", 30)], outcomes(8, 2), "no_new_information"),
        ([("half", 44)], outcomes(30, 4), "all_error_spent"),
    ],
)
def test_a_look_that_can_test_nothing_says_why(held, active, reason):
    found = interim_test("late", at_look(active, outcomes(3, 7), held=held))
    assert (found.reason, next(as_statistics("late", boundary(), found)).why) == (reason, found)


def test_the_first_patient_alone_is_no_look():
    protocol = planned(**ONE_SIDED, information=20_000)
    assert interim_test("half", at_look([BETTER], [], protocol)).reason == "no_new_information"


def test_a_look_without_one_of_the_arms_is_named():
    assert interim_test("half", at_look(outcomes(8, 2), [])).reason == "empty_arm"


@pytest.mark.parametrize("courses", [outcomes(5, 0), outcomes(0, 5)])
def test_a_look_at_which_all_or_none_had_the_event_is_named(courses):
    assert isinstance(interim_test("half", at_look(courses, courses)), NotEstimable)


# --- What is compared ----------------------------------------------------------------------------------------

TIME = {
    "id": "better", "label": {"en": "Time", "zh": "时间"}, "tier": "primary", "objective": "relief",
    "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
}  # fmt: skip
EARLY = {"week_4": 3, "week_8": 3}
LATE_EVENT = {"week_4": 6, "week_8": 3}


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_a_ratio_is_compared_on_the_logarithm_and_shown_as_a_ratio(better):
    endpoint = Endpoint.model_validate(TIME | {"better": better})
    asked = estimand("better", "survival", test="wald", id_="main")
    protocol = planned((asked,), (endpoint,), **ONE_SIDED, information=12)
    arms = ([EARLY] * 4 + [LATE_EVENT, SAME], [EARLY, LATE_EVENT, SAME, SAME, SAME, SAME])
    found = interim_test("half", at_look(*arms, protocol))
    compared, sign = found.comparison, 1 if better == "higher" else -1
    assert compared.ratio
    assert isclose(compared.effect, sign * log(compared.row.estimate))
    assert isclose(compared.z, compared.effect / compared.standard_error)  # Wald's test: both are of the logarithm
    assert isclose(compared.shown(compared.effect), compared.row.estimate)
    rows = {row.statistic: row for row in as_statistics("half", boundary(), found)}
    assert isclose(rows["repeated"].estimate, compared.row.estimate)
    assert 0.0 < rows["repeated"].lower < rows["repeated"].estimate < rows["repeated"].upper
    assert rows["information"].n == 7  # events over both arms


def test_means_are_compared_as_they_are():
    asked = estimand("itch", "ancova", id_="main", missing="available")
    falling = [{"week_0": first, "week_8": last} for first, last in ((8, 3), (7, 4), (8, 4), (9, 5), (7, 3), (6, 2))]
    steady = [{"week_0": first, "week_8": last} for first, last in ((8, 7), (9, 8), (7, 8), (6, 6), (8, 7), (7, 8))]
    found = interim_test("half", at_look(falling, steady, planned((asked,), SMALL.endpoints, **ONE_SIDED)))
    assert found.comparison.effect > 0 > found.comparison.row.estimate
    assert isclose(norm.sf(found.comparison.z) * 2, found.comparison.p)
    assert found.crossed == "efficacy"


def test_no_difference_at_all_is_a_statistic_of_zero_without_an_error_to_it():
    question = question_of(SMALL.estimands[0], at_look(outcomes(5, 5), outcomes(5, 5)))
    assert compare(question, "active").reason == "zero_variance"


# --- At the end ----------------------------------------------------------------------------------------------


def test_without_a_look_held_the_end_is_an_ordinary_test():
    found = final_test(at_look(*HALF, locked=True))
    assert (found.design.fractions, found.place, found.look) == ((1.0,), 1, FINAL)
    assert isclose(found.design.upper[0], norm.isf(0.025), rel_tol=1e-9)
    assert isclose(found.stagewise.estimate, 0.5, rel_tol=1e-6)


def test_at_the_end_looks_stand_where_they_were_and_have_spent_what_they_spent():
    found = final_test(at_look(outcomes(16, 9), outcomes(9, 16), locked=True, held=[("half", 20), ("late", 30)]))
    assert found.design.fractions == (0.4, 0.6, 1.0)  # of 50
    assert found.design.spending_times == (0.5, 0.75, 1.0)  # of the 40 planned
    used = planned_design(boundary(**ONE_SIDED), 0.025, (0.5, 0.75, 1.0))
    assert found.design.alpha_spent[:2] == used.alpha_spent[:2]
    assert all(isclose(a, b, abs_tol=1e-9) for a, b in zip(found.design.upper[:2], used.upper[:2], strict=True))


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([("half", 40)], "all_error_spent"),
        ([("half", 20)], "no_new_information"),
        ([("half", 30)], "no_new_information"),
    ],
)
def test_an_end_that_can_test_nothing_says_why(held, reason):
    assert final_test(at_look(*HALF, locked=True, held=held)).reason == reason


def test_an_end_without_anybody_says_so():
    assert final_test(at_look([], [], locked=True)).reason == "no_new_information"


def test_a_look_that_added_nothing_has_spent_nothing():
    found = final_test(at_look(outcomes(16, 9), outcomes(9, 16), locked=True, held=[("half", 30), ("late", 30)]))
    assert len(found.design.fractions) == 2


def test_the_end_is_among_the_results_of_a_locked_trial_and_of_no_other():
    arms = {"active": arm_of("01", HALF[0]), "control": arm_of("01", HALF[1], first=501)}
    rows = {row.statistic: row for row in analyse(opened(arms), SMALL).results.of(MONITORING)}
    assert {row.level for row in rows.values()} == {FINAL}
    assert rows["crossed"].variable == "none"
    assert (rows["information"].n, rows["information"].N, rows["stagewise"].p is not None) == (20, 40, True)
    assert list(analyse(opened(arms, locked=False), SMALL).results.of(MONITORING)) == []
    nothing_planned = SMALL.model_copy(update={"monitoring": None})
    assert list(analyse(opened(arms), nothing_planned).results.of(MONITORING)) == []
    with pytest.raises(LookupError):
        final_test(cohort(opened(arms), nothing_planned))
    with pytest.raises(LookupError):
        boundary_estimand(nothing_planned)


# --- What was reached ----------------------------------------------------------------------------------------


def test_who_has_not_reached_the_visit_of_the_endpoint_is_not_judged_before_the_lock():
    left = person("01-901", {"week_4": 6}, ended=date(2024, 7, 1))
    waiting = person("01-902", {"week_4": 6})
    arms = {"active": [left, waiting], "control": arm_of("01", outcomes(1, 1), first=501)}
    asked = SMALL.estimands[0]
    assert {one.code for one in question_of(asked, cohort(opened(arms), SMALL)).people} >= {"01-901", "01-902"}
    running = question_of(asked, cohort(opened(arms, locked=False), SMALL))
    assert {one.code for one in running.people} == {"01-901", "01-501", "01-502"}


@pytest.mark.parametrize(("missing", "count"), [("no_event", 5), ("event", 5), ("complete_case", 4)])
def test_information_counts_those_who_count(missing, count):
    asked = estimand("better", "two_proportions", id_="main", missing=missing)
    gone = person("01-901", GONE, ended=date(2024, 7, 1))
    arms = {"active": [gone, *arm_of("01", outcomes(1, 1))], "control": arm_of("01", outcomes(1, 1), first=501)}
    assert information(question_of(asked, cohort(opened(arms, locked=False), planned((asked,))))) == count


def test_information_of_means_counts_known_changes():
    asked = estimand("itch", "ancova", id_="main")
    assert information(question_of(asked, at_look([{"week_8": 4}, {"week_8": None}], [{"week_8": 5}]))) == 2


def test_how_far_a_look_is():
    trial = at_look(*HALF)
    half, visit = Due(information=0.5), Due(participants=10, visit="week_4")
    assert [reached(due, trial) for due in (half, visit, Due(date=date(2026, 1, 1)))] == [(20, 20), (20, 10), None]


# --- Seen by those who must not know ---------------------------------------------------------------------------


def test_everybody_in_one_group():
    arms = {"active": arm_of("01", HALF[0]), "control": arm_of("01", HALF[1], first=501)}
    screened = replace(person("01-999"), randomised=None, stratum="")
    made = pooled(opened(arms, screened).snapshot, SMALL)
    assert (made.arms, len(made.randomised), len(made.everybody)) == ((POOLED.id,), 20, 21)


def test_forms_that_could_tell_are_not_counted():
    assert (shown_forms(SMALL), withheld_forms(SMALL)) == (("history",), ("assessment", "central", "dosing"))
    waiting = Query("q", ("screening", "history", 1), "sex", "person", "?", "open")
    hidden = replace(waiting, key=("screening", "central", 1))
    answered = replace(waiting, status="closed")
    asked = person("01-001", {"week_4": 6}, queries={"a": waiting, "b": hidden, "c": answered})
    missing = replace(person("01-002"), values={})
    rows = list(completeness(cohort(opened({"active": [asked], "control": [missing]}), SMALL)))
    assert [(row.statistic, row.level, row.n, row.N) for row in rows] == [
        ("forms", "history", 1, 2), ("queries", "", 1, None),
    ]  # fmt: skip


# --- Letters ---------------------------------------------------------------------------------------------------


def test_letters_stand_in_the_place_of_arms_and_the_result_is_the_same():
    arms = {"active": arm_of("01", HALF[0]), "control": arm_of("01", HALF[1], first=501)}
    made, protocol = opened(arms, locked=False), planned(**ONE_SIDED)
    letter = letters(["control", "active"])
    shown, told = coded(made, protocol, letter)
    assert letter == {"control": "A", "active": "B"}
    assert [arm.id for arm in told.arms] == ["a", "b"]
    assert (told.estimands[0].reference_arm, told.monitoring.boundary.arm) == ("a", "b")
    plain, masked = interim_test("half", cohort(made, protocol)), interim_test("half", cohort(shown, told))
    assert (masked.comparison.z, masked.repeated) == (plain.comparison.z, plain.repeated)
    words = told.model_dump_json(include={"arms", "estimands", "monitoring", "randomisation"})
    assert not any(word in words for word in ("active", "control", "Drops", "Saline", "滴剂组"))


def test_letters_need_no_boundary():
    made = opened({"active": arm_of("01", [SAME])}, locked=False)
    for plan in (None, SMALL.monitoring.model_copy(update={"boundary": None})):
        _, told = coded(made, SMALL.model_copy(update={"monitoring": plan}), letters(["active", "control"]))
        assert told.monitoring == plan

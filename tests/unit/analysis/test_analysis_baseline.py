"""The baseline table and the results dataset: what they hold and what they refuse."""

import pytest
from analysis_trials import HYPERTENSION, SAME, SMALL, arm_of, made, opened, person

from equipoise.analysis import Statistic, analyse
from equipoise.analysis.ard import results
from equipoise.analysis.baseline import BASELINE, variable
from equipoise.analysis.cohort import baseline_value
from equipoise.statistics import NotEstimable


def test_numbers_are_described_and_categories_counted():
    arms = {"active": arm_of("01", [SAME] * 3), "control": arm_of("02", [SAME] * 2)}
    found = analyse(opened(arms), SMALL).results
    age = found.get(BASELINE, "mean", variable="age", arm="")
    assert (age.n, age.N, age.estimate) == (5, 5, 44.0)
    assert [found.count(BASELINE, "count", variable="sex", level="female", arm=a) for a in ("active", "")] == [3, 5]
    assert found.get(BASELINE, "count", variable="severity", level="mild", arm="active").n == 0
    assert [found.count(BASELINE, "count", variable="site", level=s, arm="") for s in ("01", "02")] == [3, 2]


def test_a_variable_is_a_number_or_a_category():
    everybody = made({"active": [person("01-001", SAME)]})
    assert variable("age", everybody).levels == ()
    assert [code for code, _ in variable("sex", everybody).levels] == ["female", "male"]
    assert [code for code, _ in variable("handed_over", everybody).levels] == ["yes", "no"]
    assert [code for code, _ in variable("site", everybody).levels] == ["01", "02"]


def test_what_is_not_due_at_baseline_is_read_from_before():
    one = made({}, person("11-001", randomised=None), protocol=HYPERTENSION).everybody[0]
    values = {**one.subject.values, ("screening", "laboratory", 1): {"creatinine": 70}}
    later = made({}, person("11-001", randomised=None, values=values), protocol=HYPERTENSION).everybody[0]
    assert baseline_value(later, "creatinine", HYPERTENSION) == 70
    assert baseline_value(one, "creatinine", HYPERTENSION) is None


def test_what_was_due_at_baseline_and_is_missing_stays_missing():
    one = made({"active": [person("01-001", {"screening": 7, "week_0": None})]}).randomised[0]
    assert baseline_value(one, "itching", SMALL) is None


def test_two_results_cannot_claim_one_place():
    row = Statistic(analysis="flow", statistic="assessed", n=1)
    with pytest.raises(ValueError, match="two results"):
        results([row, row])


def test_the_dataset_is_a_frame_with_its_reasons():
    made_ = results(
        [
            Statistic(analysis="a", statistic="s", why=NotEstimable("no_events")),
            Statistic(analysis="b", statistic="s", estimate=0.5),
        ]
    )
    frame = made_.frame()
    assert frame["why"].to_list() == ["no events were observed", ""]
    assert frame["estimate"].to_list() == [None, 0.5]
    assert made_.get("nowhere", "s") is None

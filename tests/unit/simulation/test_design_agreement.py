"""Two roads, one meaning: a simulated trial written down as acts is analysed to the numbers that the kernels found.

The flare index, the steroid dose, visits and censoring are read by the analysis room from answers, with the reference
trial's own derivations; the kernels never see an answer.
"""

import numpy as np
import pytest

from equipoise.analysis.cohort import cohort
from equipoise.analysis.events import endpoint_of, event, measured, time_to_event
from equipoise.analysis.fits import estimate
from equipoise.analysis.sets import analysis_sets
from equipoise.simulation.design.acting import opened
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.replay import replay
from tests.unit.simulation.designs import TRIAL, protocol, study

ESTIMANDS = ("any_flare_itt", "time_to_first_flare_itt", "prednisone_change_itt")
STATISTICS = {
    "any_flare_itt": ("risk_difference", "test"), "time_to_first_flare_itt": ("hazard_ratio", "log_rank"),
    "prednisone_change_itt": ("mean_difference", "mean_difference"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[3, 4])
def both(request):
    """A trial of the reference design with few participants, rough visits and a lockdown, by both roads."""
    data = (TRIAL / "scenarios" / "design.yaml").read_text("utf-8")
    data = data.replace("participants: 334", "participants: 70").replace("unknown: 0.01", "unknown: 0.04")
    studies, problems = read_studies(protocol(), [("design.yaml", data.encode())])
    assert not problems
    trial = replay(studies[0].design, 1, request.param)
    found = cohort(opened(studies[0], trial, protocol()), protocol())
    people = sorted(found.randomised, key=lambda one: int(one.code.partition("-")[2]))
    return studies[0], trial, found, people


def test_everybody_is_there_once_in_the_arm_that_was_drawn(both):
    design, trial, found, people = both
    assert [one.arm for one in people] == [design.design.arms[arm] for arm in trial.rows.arm]
    assert [one.subject.site for one in people] == [protocol().sites[site].id for site in trial.rows.site]
    assert found.snapshot.simulated
    left = [one.subject.how_ended == "withdrew" for one in people]
    last = design.design.visits[-1].latest
    assert left == (trial.leaves <= last).tolist()
    assert any(left)


def test_the_analysis_reads_the_rows_of_the_kernels(both):
    _, trial, found, people = both
    flare, first, dose = (
        endpoint_of(protocol(), name) for name in ("any_flare", "time_to_first_flare", "prednisone_change")
    )  # fmt: skip
    states = [{True: 1, False: 0, None: -1}[event(one, flare, found).state] for one in people]
    assert states == trial.rows.state.tolist()
    assert {-1, 0, 1} == set(states)
    times = [time_to_event(one, first, found) for one in people]
    np.testing.assert_allclose([time.days for time in times], trial.rows.time, rtol=1e-14)
    assert [int(time.event) for time in times] == trial.rows.event.tolist()
    for row, name in ((trial.rows.base, "baseline"), (trial.rows.final, "final")):
        doses = [getattr(measured(one, dose, found), name) for one in people]
        np.testing.assert_array_equal([np.nan if value is None else value for value in doses], row[1])


def test_the_analysis_finds_the_estimates_of_the_kernels(both):
    design, trial, found, _ = both
    sets = analysis_sets(found)
    estimands = {estimand.id: estimand for estimand in protocol().estimands}
    fitted = {
        (row.analysis, row.variant, row.statistic): row
        for name in ESTIMANDS
        for row in estimate(_shortened(estimands[name], design), found, sets).statistics
        if row.arm == "belimumab"
    }
    compared = 0
    for place, asked in enumerate(design.design.analyses):
        if asked.estimand.id not in ESTIMANDS:
            continue
        effect, test = (fitted[asked.estimand.id, asked.variant, name] for name in STATISTICS[asked.estimand.id])
        told = trial.results(place)
        scale = np.log if asked.method.function == "survival" else np.asarray
        for name in ("estimate", "lower", "upper"):
            assert told[name] == pytest.approx(scale(getattr(effect, name)), rel=1e-7, abs=1e-9)
        if asked.method.function != "ancova":
            assert told["statistic"] == pytest.approx(test.estimate, rel=1e-7)
        assert told["rejected"] == (test.p < 0.05)
        compared += 1
    assert compared == 5


def _shortened(estimand, one):
    """The estimand with the sensitivity analyses that the scenario asks for."""
    asked = sum(bool(each.variant) for each in one.design.analyses if each.estimand.id == estimand.id)
    return estimand.model_copy(update={"sensitivity": estimand.sensitivity[:asked]})


def test_only_a_trial_with_assessments_can_be_written_down():
    one = study()
    assert replay(one.design, 1, 1).courses.shape[2] == 1
    with pytest.raises(ValueError, match="assessments"):
        opened(one, replay(one.design, 1, 1), protocol())

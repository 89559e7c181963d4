"""Covariates, strategies, adjusted and repeated measures' models: what the fast road finds, the analysis room finds.

A simulated trial with deaths, treatment stopped, medication that is not permitted and covariates is written down as
acts. The analysis room reads dates and answers with the reference trial's own derivations, and must come to the same
number for every analysis. The road by the rows alone is another program than the one that reads the acts.
"""

from functools import cache

import numpy as np
import pytest
import yaml

from equipoise.analysis.cohort import baseline_value, cohort
from equipoise.analysis.fits import estimate
from equipoise.analysis.question import question
from equipoise.analysis.sets import analysis_sets
from equipoise.protocol.schema import Method
from equipoise.simulation.design.acting import opened
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.replay import participants_of, replay
from equipoise.simulation.design.trial_kernels import BEGUN, DIED, STOPPED
from tests.unit.simulation.designs import TRIAL, protocol

ANY, FIRST, DOSE = "any_flare_itt", "time_to_first_flare_itt", "prednisone_change_itt"
KEPT = {ANY: (7, 8, 9, 10, 11), FIRST: (3, 4), DOSE: (1, 2, 3)}  # of the protocol's own, counted from 1
MORE = {
    ANY: (
        {"function": "two_proportions", "test": "cmh", "interval": "miettinen_nurminen", "missing": "no_event",
         "strata": ["site", "sex"]},
        {"function": "logistic", "missing": "complete_case", "covariates": ["age", "prednisone_daily"]},
    ),
    FIRST: (
        {"function": "survival", "test": "wald", "covariates": ["age", "sex", "prednisone_daily"]},
        {"function": "survival", "test": "logrank", "ties": "breslow", "strata": ["sex"], "covariates": ["age"]},
        {"function": "survival", "test": "logrank", "strategies": {
            "prohibited_medication": "composite", "died": "composite", "missed_assessment": "composite"}},
    ),
    DOSE: ({"function": "ancova", "missing": "available", "strategies": {"treatment_stopped": "while_on_treatment",
                                                                         "withdrawn": "while_on_treatment"}},),
}  # fmt: skip
SCENARIO = {
    "participants": 130,
    "analyses": [{"estimand": name, "sensitivity": 9} for name in (ANY, FIRST, DOSE)],
    "leaves": {"per_year": {"belimumab": 0.15, "placebo": 0.2}},
    "stops_treatment": {"per_year": {"belimumab": 0.3, "placebo": 0.2}},
    "dies": {"per_year": {"belimumab": 0.1, "placebo": 0.15}},
    "prohibited_medication": {"per_year": {"belimumab": 0.15, "placebo": 0.3}, "shows_event": True},
    "covariates": {
        "sex": {"levels": {"female": {"share": 0.7}, "male": {"share": 0.3, "hazard_ratio": 1.8}}},
        "age": {"mean": 34, "deviation": 9, "within": [18, 60], "step": 1, "hazard_ratio": 0.98},
    },
}  # fmt: skip
EFFECT = {ANY: "risk_difference", FIRST: "hazard_ratio", DOSE: "mean_difference"}
TEST = {ANY: "test", FIRST: "test", DOSE: "mean_difference"}


@cache
def trial_protocol():
    """The reference trial stratified by sex too, with the sensitivity analyses that are compared."""
    given = protocol()
    estimands = []
    for one in given.estimands:
        kept = tuple(one.sensitivity[place - 1] for place in KEPT.get(one.id, ()))
        more = tuple(Method.model_validate(each) for each in MORE.get(one.id, ()))
        estimands.append(one.model_copy(update={"sensitivity": (*kept, *more)} if one.id in KEPT else {}))
    randomisation = given.randomisation.model_copy(update={"strata": ("site", "sex")})
    return given.model_copy(update={"estimands": tuple(estimands), "randomisation": randomisation})


@cache
def one_study():
    tree = yaml.safe_load((TRIAL / "scenarios" / "design.yaml").read_text("utf-8")) | SCENARIO
    tree["written"]["prohibited_medication"] = {"new_biologic": "yes"}
    tree["written"]["no_event"].pop("age")
    tree["written"]["no_event"].pop("sex")
    studies, problems = read_studies(trial_protocol(), [("s.yaml", yaml.safe_dump(tree).encode())])
    assert not problems, problems
    return studies[0]


@pytest.fixture(scope="module")
def both():
    one, given = one_study(), trial_protocol()
    trial = replay(one.design, 1, 5)
    found = cohort(opened(one, trial, given), given)
    return one, trial, found


def test_what_happened_is_written_down(both):
    one, trial, found = both
    people = sorted(found.randomised, key=lambda each: int(each.code.partition("-")[2]))
    last = one.design.visits[-1].latest
    died, stopped, begun = (trial.rows.days[row] <= last for row in (DIED, STOPPED, BEGUN))
    assert [each.subject.how_ended == "died" for each in people] == died.tolist()
    assert [each.subject.treatment_stopped is not None for each in people] == stopped.tolist()
    assert min(died.sum(), stopped.sum(), begun.sum()) > 3
    told = participants_of(trial)
    for name in ("sex", "age"):
        written = [baseline_value(each, name, trial_protocol()) for each in people]
        assert [str(value) for value in written] == [f"{value:.10g}" if name == "age" else value
                                                     for value in told[name]]  # fmt: skip
        assert len(set(written)) > 1
    assert {each.subject.stratum for each in people} <= {
        f"site={site}|sex={sex}" for site in ("01", "02", "03") for sex in ("female", "male")
    }


def test_every_strategy_decides_somebody(both):
    """Otherwise the agreement below would say nothing of it."""
    _, _, found = both
    sets, decided = analysis_sets(found), set()
    for estimand in trial_protocol().estimands:
        for method in estimand.sensitivity if estimand.id in KEPT else ():
            asked = question(estimand, found, sets, method)
            decided |= {(each.event, each.strategy) for each in asked.intercurrent.values() if each is not None}
    assert decided >= {
        ("treatment_stopped", "composite"), ("treatment_stopped", "hypothetical"), ("died", "composite"),
        ("treatment_stopped", "while_on_treatment"), ("prohibited_medication", "composite"),
        ("died", "while_on_treatment"), ("withdrawn", "while_on_treatment"), ("missed_assessment", "composite"),
    }  # fmt: skip


def test_the_analysis_room_finds_the_same(both):
    one, trial, found = both
    sets = analysis_sets(found)
    fitted = {
        (row.analysis, row.variant, row.statistic): row
        for estimand in trial_protocol().estimands
        if estimand.id in KEPT
        for row in estimate(estimand, found, sets).statistics
        if row.arm == "belimumab"
    }
    for place, asked in enumerate(one.design.analyses):
        name, told = asked.estimand.id, trial.results(place)
        effect, test = (fitted[name, asked.variant, which[name]] for which in (EFFECT, TEST))
        scale = np.log if name == FIRST else np.asarray
        assert effect.estimate is not None, asked.name
        for bound in ("estimate", "lower", "upper"):
            # Fewer than eighty are seen to the end: the mixed model's limits are right to 1e-3 of a standard error.
            loose = asked.method.function == "mmrm" and bound != "estimate"
            apart = 1e-3 * told["standard_error"] if loose else 1e-7
            assert told[bound] == pytest.approx(scale(getattr(effect, bound)), rel=1e-7, abs=apart), asked.name
        assert told["rejected"] == (test.p < 0.05), asked.name
    assert len(one.design.analyses) == 3 + sum(map(len, KEPT.values())) + sum(map(len, MORE.values()))

"""Scenario files: what they may say, and what is said of a wrong one, with its line."""

import pytest

from equipoise.simulation.design.reading import read_studies
from tests.unit.simulation.designs import SIMPLE, TRIAL, protocol, read, shipped, study

HEAD = b"""scenario: s
observed: at_once
analyses:
  - {estimand: any_flare_itt}
randomisation: {procedure: complete, strata: none}
"""


def said(text):
    """The problems of a scenario that begins with five ordinary lines."""
    studies, problems = read_studies(protocol(), [("s.yaml", HEAD + text.encode())])
    assert studies == ()
    return [(problem.id, problem.where, problem.message) for problem in problems]


@pytest.mark.parametrize(("text", "id_", "line", "words"), [
    ("event: {rsk: 0.3}", "protocol.E021", 6, "rsk"),
    ("event: {risk: 1.3}", "protocol.E024", 6, "at most 1"),
    ("event: {risk: 1}", "protocol.E027", 6, "less than 1"),
    ("event: {}", "protocol.E027", 6, "exactly one"),
    ("event: {risk: 0.3, per_year: 0.2}", "protocol.E027", 6, "exactly one"),
    ("event: {pieces: [{from_week: 1, per_year: 1}]}", "protocol.E027", 6, "week 0"),
    ("event:\n  pieces: [{from_week: 0, per_year: 1}, {from_week: 0, per_year: 2}]", "protocol.E027", 6, "after"),
    ("event: {risk: 0.3}\neffect: {risk: 0.2, hazard_ratio: 0.5}", "protocol.E027", 7, "not both"),
    ("event: {risk: 0.3}\neffect: {risk: 0.2, from_week: 4}", "protocol.E027", 7, "throughout"),
    ("event: {risk: 0.3}\neffect: {hazard_ratio: 0.5, wanes: {from_week: 9, gone_by: 8}}", "protocol.E027", 7, "wane"),
    ("event: {risk: 0.3}\ngrid:\n  event.risk: [0.2, 2]", "protocol.E024", 8, "at most 1"),
    ("event: {risk: 0.3}\ngrid:\n  event.rsk: [0.2]", "protocol.E021", 8, "rsk"),
    ("event: {risk: 0.3}\ngrid:\n  scenario.x: [0.2]", "protocol.E022", 1, "text"),
    ("event: {risk: 0.3}\nleaves: {per_year: {belimumb: 0.1}}", "scenario.E001", 7, "belimumab"),
    ("event: {risk: 0.3}\ncompare: belimumb", "scenario.E001", 7, "belimumab"),
    ("event: {risk: 0.3}\nsites: {'07': {share: 1}}", "scenario.E002", 7, "07"),
    ("event: {risk: 0.3}\nwritten: {event: {new_rsh: 'yes'}}", "scenario.E004", 7, "new_rash"),
    ("event: {risk: 0.3}\nwritten: {event: {new_rash: perhaps}}", "scenario.E006", 7, "new_rash"),
    ("event: {risk: 0.3}\nlockdown: {first: 2021-01-01, last: 2021-02-01}", "scenario.E014", 7, "lockdown"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(text, id_, line, words):
    found = said(text)
    assert (id_, f"s.yaml:{line}") in [(problem[0], problem[1]) for problem in found], found
    assert any(words in problem[2] for problem in found) or id_ == "protocol.E021"


def asking(*analyses, **more):
    studies, problems = read({**SIMPLE, **more, "analyses": list(analyses)})
    assert studies == ()
    return [problem.id for problem in problems]


@pytest.mark.parametrize(("analyses", "more", "id_"), [
    ([{"estimand": "any_flair_itt"}], {}, "scenario.E007"),
    ([{"estimand": "any_flare_itt", "sensitivity": "6"}], {}, "scenario.E015"),
    ([{"estimand": "any_flare_itt", "sensitivity": "9"}], {}, "scenario.E024"),
    ([{"estimand": "any_flare_itt", "sensitivity": "9"}], {"stops_treatment": {"per_year": {}}}, "scenario.E024"),
    ([{"estimand": "any_flare_itt", "sensitivity": "12"}], {}, "scenario.E008"),
    ([{"estimand": "any_flare_itt", "sensitivity": "18"}], {}, "scenario.E008"),
    ([{"estimand": "any_flare_itt"}, {"estimand": "severe_flare_itt"}], {}, "scenario.E009"),
    ([{"estimand": "any_flare_itt", "sensitivity": "17"}], {}, "scenario.E012"),
    ([{"estimand": "sledai_change_itt"}], {}, "scenario.E015"),
    ([{"estimand": "sledai_change_itt"}],
     {"score": {"variable": "sledai_total", "mean": "2", "deviation": "1", "within": ["0", "9"]}}, "scenario.E015"),
])  # fmt: skip
def test_only_what_the_kernels_compute_can_be_asked_for(analyses, more, id_):
    assert id_ in asking(*analyses, **more)


def test_what_the_kernels_do_not_follow_is_refused_by_name():
    studies, problems = read({**SIMPLE, "analyses": [{"estimand": "any_flare_itt", "sensitivity": "17"}]})
    said = " ".join(problem.message for problem in problems)
    assert studies == ()
    assert "any_flare_itt sensitivity_13: another endpoint" in said
    assert "composite for treatment stopped needs to know who that happens to" in said
    assert "hypothetical for pandemic is not computed" in said
    assert "sensitivity_1:" not in said


def test_only_an_unstructured_repeated_measures_model_is_computed():
    score = {"variable": "sledai_total", "mean": "2", "deviation": "1", "within": ["0", "9"]}
    more = {"observed": "at_visits", "score": score, "stops_treatment": {"per_year": {"placebo": "0.1"}}}
    assert read({**SIMPLE, **more, "analyses": [{"estimand": "sledai_change_itt", "sensitivity": "3"}]})[1] == ()
    assert "scenario.E008" in asking({"estimand": "sledai_change_itt", "sensitivity": "4"}, **more)


def changed(**parts):
    return protocol().model_copy(update=parts)


def against(trial, *estimands, **more):
    import yaml

    told = {**SIMPLE, **more, "analyses": [{"estimand": name} for name in estimands]}
    return [problem.id for problem in read_studies(trial, [("s.yaml", yaml.safe_dump(told).encode())])[1]]


def test_the_protocol_must_be_one_that_can_be_simulated():
    trial = protocol()
    other = trial.arms[0].model_copy(update={"id": "other"})
    assert "scenario.E013" in against(changed(arms=(*trial.arms, other)), "any_flare_itt")
    strata = trial.randomisation.model_copy(update={"strata": ("site", "sex")})
    scheme = {"procedure": "complete"}
    assert "scenario.E011" in against(changed(randomisation=strata), "any_flare_itt", randomisation=scheme)
    estimands = {estimand.id: estimand for estimand in trial.estimands}
    late = {endpoint.id: endpoint for endpoint in trial.endpoints}["time_to_first_flare"]
    endpoints = [e for e in trial.endpoints if e.id != late.id]
    sooner = changed(endpoints=(*endpoints, late.model_copy(update={"through": "week_24"})))
    assert "scenario.E010" in against(sooner, "any_flare_itt", "time_to_first_flare_itt")
    turned = estimands["time_to_first_flare_itt"].model_copy(update={"reference_arm": "belimumab"})
    turned_trial = changed(estimands=(estimands["any_flare_itt"], turned))
    assert "scenario.E013" in against(turned_trial, "any_flare_itt", "time_to_first_flare_itt")


def test_a_scheme_that_gives_no_list_is_refused():
    studies, problems = read({**SIMPLE, "randomisation": {"procedure": "permuted_blocks", "sizes": ["3"]}})
    assert studies == ()
    assert [problem.id for problem in problems] == ["randomisation.E004"]


def test_no_file_and_too_many_cells_are_refused():
    assert read_studies(protocol(), [("s.yaml", b"\xff")])[1][0].id == "protocol.E002"
    grid = {"event.risk": [str(n / 1000) for n in range(1, 40)], "participants": [str(n) for n in range(10, 40)]}
    assert [problem.id for problem in read({**SIMPLE, "grid": grid})[1]] == ["scenario.E016"]


def test_a_grid_has_every_combination_in_order():
    studies, problems = read({**SIMPLE, "grid": {"participants": ["20", "30"], "between_sites": ["0", "0.1", "0.2"]}})
    assert not problems
    assert [tuple(one.settings.values()) for one in studies] == [
        (n, spread) for n in ("20", "30") for spread in ("0", "0.1", "0.2")
    ]
    assert [one.design.plan.participants for one in studies] == [20, 20, 20, 30, 30, 30]
    assert [one.design.plan.entry.spread for one in studies[:3]] == [0.0, 0.1, 0.2]
    assert studies[1].name == "simple, participants 20, between_sites 0.1"
    assert len({one.identity("p") for one in studies}) == 6


def test_a_name_changes_no_identity_and_a_protocol_does():
    (one,), (same,) = (read({**SIMPLE, "scenario": name})[0] for name in ("one", "another"))
    assert one.identity("p") == same.identity("p") != one.identity("q")


@pytest.mark.parametrize("file", sorted(
    path.name for path in (TRIAL / "scenarios").glob("*.yaml") if path.name != "demo.yaml"
))  # fmt: skip
def test_every_shipped_scenario_fits_its_protocol_and_says_what_it_is(file):
    assert all(one.scenario.text for one in shipped(file))
    assert (TRIAL / "scenarios" / file).read_text("utf-8").startswith("# SIMULATED.")


def test_what_is_assumed_is_told_by_key():
    told = dict(study(between_sites="0.15").assumed)
    assert told["participants"] == "60"
    assert told["analyses"] == "time_to_first_flare_itt; any_flare_itt +2"
    assert told["leaves.per_year.placebo"] == "0.1"
    assert told["randomisation.sizes"] == "4"
    assert told["between_sites"] == "0.15"
    assert not {"scenario", "text", "grid"} & told.keys()
    (whole,) = shipped("design.yaml")
    full = dict(whole.assumed)
    assert full["dose.start"] == "5 (0.3), 7.5 (0.17), 10 (0.3), 15 (0.15), 20 (0.08)"
    assert full["start"] == "2021-03-19"
    assert full["lockdown.first"] == "2022-04-01"
    assert not [key for key in full if key.startswith("written") or key.endswith(".item")]

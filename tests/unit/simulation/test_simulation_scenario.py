"""A scenario file says what it means, or where it does not."""

from pathlib import Path

import pytest

from equipoise.protocol.load import load
from equipoise.simulation.fitting import read_for
from equipoise.simulation.scenario import Draw, read_scenario

TRIALS = Path(__file__).parents[3] / "trials"
SOUND = b"""\
scenario: demo
start: 2025-01-06
accrual_per_week: 8
latent:
  flare: {per_year: {high: 0.2}, weeks: [4, 12]}
items:
  age: {normal: [56, 9], within: [18, 75]}
"""


def problems(text):
    found, problems = read_scenario(text, name="s.yaml")
    assert (found is None) == bool(problems)
    return [(problem.where, f"{problem.message} {problem.hint}") for problem in problems]


def test_a_sound_scenario_is_read():
    found, none = read_scenario(SOUND)
    assert none == ()
    assert found.items["age"] == Draw(normal=(56, 9), within=(18, 75))
    assert found.attendance.missed == 0.02


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (b"accrual_per_week: 8", b"acrual_per_week: 8", 3, "Did you mean 'accrual_per_week'?"),
        (b"normal:", b"normel:", 7, "Did you mean 'normal'?"),
        (b"weeks:", b"weaks:", 5, "Did you mean 'weeks'?"),
        (b"{normal: [56, 9], within: [18, 75]}", b"young", 7, "items.age"),
        (b"per_year: {high: 0.2}", b"per_year: {high: -0.2}", 5, "0"),
        (b"weeks: [4, 12]", b"weeks: [4]", 5, ""),
        (b"2025-01-06", b"2025-13-06", 2, ""),
        (b"accrual_per_week: 8", b"accrual_per_week: 0", 3, "0"),
        (b"  age: {", b"  age: {}\n  age: {", 8, "age"),
    ],
)
def test_a_problem_has_its_line_and_says_what_was_meant(old, new, line, said):
    assert old in SOUND
    found = problems(SOUND.replace(old, new))
    assert f"s.yaml:{line}" in [where for where, _ in found]
    assert any(said in message for _, message in found)


@pytest.mark.parametrize("text", [b"", b"\xff", b"- a", b"scenario: [", b"a: &x 1\nb: *x"])
def test_what_is_no_scenario_is_a_problem_and_not_an_exception(text):
    assert problems(text)


@pytest.mark.parametrize("trial", sorted(path.name for path in TRIALS.iterdir()))
class TestTheScenariosOfTheRepository:
    @pytest.fixture
    def both(self, trial):
        found, none = read_scenario((TRIALS / trial / "scenarios" / "demo.yaml").read_bytes())
        assert none == ()
        return found, load((TRIALS / trial / "protocol.yaml").read_bytes())[0]

    def test_every_item_and_site_and_log_it_names_is_in_the_protocol(self, both):
        scenario, protocol = both
        items = {item.id for form in protocol.forms for item in form.items}
        assert set(scenario.items) <= items
        assert {
            name for failure in scenario.screening.failures for name in (*failure.answers, *failure.days_before)
        } <= items
        assert set(scenario.sites) <= {site.id for site in protocol.sites}
        assert set(scenario.attendance.remote_skips) <= set(protocol.form_by_id)
        for row in scenario.rows:
            assert protocol.form_by_id[row.form].repeats
            assert set(row.answers) <= set(protocol.form_by_id[row.form].item_by_id)

    def test_every_arm_it_names_is_in_the_protocol(self, both):
        scenario, protocol = both
        named = [each.per_year for each in (*scenario.latent.values(), *scenario.rows)]
        named += [each.per_year for each in (scenario.stops_treatment, scenario.leaves) if each]
        named += [draw.drift_per_week for draw in scenario.items.values() if draw.drift_per_week]
        for rates in named:
            assert set(rates) <= set(protocol.arm_by_id)


HYPERTENSION = load((TRIALS / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
FITTING = b"""\
scenario: demo
start: 2025-01-06
accrual_per_week: 8
sites: {"11": {share: 1}}
attendance: {remote_skips: [blood_pressure]}
latent:
  crisis: {per_year: {high: 0.2}, weeks: [1, 2], kinds: {headache: 0.5}}
leaves: {per_year: {low: 0.1}, reasons: {withdrew: 1}}
screening: {failures: [{share: 0.1, answers: {age: "79"}}]}
items:
  sex: {choose: {female: 1}}
  diabetes: {choose: {"yes": 1}}
  diastolic: {normal: [90, 5], drift_per_week: {high: -1}, shift: {crisis_headache: 20}}
rows:
  - {form: adverse_events, per_year: {placebo: 1}, answers: {ae_severity: {fixed: mild}}}
"""


def test_a_scenario_that_fits_its_protocol_is_read():
    found, none = read_for(HYPERTENSION, FITTING, name="s.yaml")
    assert none == ()
    assert found is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "id_", "said"),
    [
        (b"per_year: {high: 0.2}", b"per_year: {hihg: 0.2}", 7, "scenario.E001", "Did you mean 'high'?"),
        (b"per_year: {low: 0.1}", b"per_year: {lo: 0.1}", 8, "scenario.E001", "Did you mean 'low'?"),
        (b"drift_per_week: {high", b"drift_per_week: {tall", 13, "scenario.E001", "no arm 'tall'"),
        (b"per_year: {placebo: 1}", b"per_year: {placebos: 1}", 15, "scenario.E001", "Did you mean 'placebo'?"),
        (b'"11"', b'"99"', 4, "scenario.E002", "no site '99'"),
        (b"[blood_pressure]", b"[blood_presure]", 5, "scenario.E003", "Did you mean 'blood_pressure'?"),
        (b"form: adverse_events", b"form: blood_pressure", 15, "scenario.E003", "no repeating form"),
        (b'answers: {age: "79"}', b'answers: {aeg: "79"}', 9, "scenario.E004", "Did you mean 'age'?"),
        (b"  sex:", b"  sexx:", 11, "scenario.E004", "Did you mean 'sex'?"),
        (b"ae_severity:", b"ae_severe:", 15, "scenario.E004", "Did you mean 'ae_severity'?"),
        (b"crisis_headache: 20", b"crisis_headche: 20", 13, "scenario.E005", "Did you mean 'crisis_headache'?"),
        (b"choose: {female", b"choose: {femal", 11, "scenario.E006", "Did you mean 'female'?"),
        (b'choose: {"yes": 1}', b"choose: {present: 1}", 12, "scenario.E006", "no answer to 'diabetes' 'present'"),
        (b"fixed: mild", b"fixed: middling", 15, "scenario.E006", "no answer to 'ae_severity' 'middling'"),
    ],
)
def test_a_name_that_nothing_answers_to_is_a_problem(old, new, line, id_, said):
    assert old in FITTING
    found, problems = read_for(HYPERTENSION, FITTING.replace(old, new), name="s.yaml")
    assert found is None
    assert [(p.id, p.where) for p in problems] == [(id_, f"s.yaml:{line}")]
    assert said in problems[0].message

"""A scenario file says what it means, or where it does not."""

from pathlib import Path

import pytest

from equipoise.protocol.load import load
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

    def test_every_arm_it_names_is_in_the_protocol(self, both, trial, request):
        if trial == "hypertension-tablets":
            why = "the scenario says high_dose and low_dose, the protocol high and low: its effects are never drawn"
            request.applymarker(pytest.mark.xfail(reason=why, strict=True))
        scenario, protocol = both
        named = [each.per_year for each in (*scenario.latent.values(), *scenario.rows)]
        named += [each.per_year for each in (scenario.stops_treatment, scenario.leaves) if each]
        named += [draw.drift_per_week for draw in scenario.items.values() if draw.drift_per_week]
        for rates in named:
            assert set(rates) <= set(protocol.arm_by_id)

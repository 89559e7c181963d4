"""The plan of interim looks: what may be left out, who opens envelopes, and whose identity it changes."""

from pathlib import Path

import pytest
from protocol_cases import SMALL

from equipoise.protocol.check import read_protocol
from equipoise.protocol.load import digest

TRIALS = Path(__file__).parents[3] / "trials"
UNPLANNED = SMALL[: SMALL.index("\nmonitoring:")]


def sound(text):
    protocol, problems = read_protocol(text)
    assert problems == ()
    return protocol


def test_a_trial_needs_no_looks_and_keeps_its_identity_without_them():
    protocol = sound(UNPLANNED)
    assert protocol.monitoring is None
    assert "monitoring" not in protocol.model_dump(mode="json")
    assert digest(protocol) != digest(sound(SMALL))


def test_a_boundary_needs_no_futility_and_two_sides_have_none():
    passage = "    futility: {spending: kim_demets_power, parameter: 2, beta: 0.2}\n"
    assert sound(SMALL.replace(passage, "")).monitoring.boundary.futility is None
    two_sided = sound(SMALL.replace(passage, "    sided: 2\n"))
    assert two_sided.monitoring.boundary.sided == 2


def test_looks_at_safety_need_no_boundary():
    at, end = SMALL.index("  boundary:\n"), SMALL.index("  looks:\n    - {id: safety,")
    without = SMALL[:at] + SMALL[end : SMALL.index("    - {id: half,")]
    plan = sound(without).monitoring
    assert (plan.boundary, plan.efficacy_looks, list(plan.look_by_id)) == (None, (), ["safety", "spring"])


@pytest.mark.parametrize(
    ("file", "openers"),
    [
        ("belimumab-sle", {"pharmacist", "unmasked_monitor", "dsmb_statistician"}),
        ("hypertension-tablets", {"pharmacist", "central_laboratory", "unmasked_statistician"}),
    ],
)
def test_the_committee_reads_reports_and_opens_no_envelope(file, openers):
    protocol, problems = read_protocol((TRIALS / file / "protocol.yaml").read_bytes())
    assert problems == ()
    assert set(protocol.list_recipients) == openers
    for role in ("committee_chair", "committee_member"):
        assert "view" not in protocol.role_by_id[role].may


def test_without_a_plan_every_unmasked_role_opens_envelopes():
    assert sound(UNPLANNED).list_recipients == ("pharmacist", "trial_lead", "independent", "chair")

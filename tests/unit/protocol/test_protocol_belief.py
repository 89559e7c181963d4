"""Questions about beliefs that cannot be asked so: each slip once, in the trial of tablets."""

from pathlib import Path

import pytest

from equipoise.protocol.check import read_protocol
from equipoise.protocol.load import load

FILE = Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml"
TEXT = FILE.read_text("utf-8")
PARTICIPANT = next(line for line in TEXT.splitlines(keepends=True) if "respondent: participant" in line)


def slip(before, now):
    assert before in TEXT
    found = read_protocol(TEXT.replace(before, now))[1]
    return [(problem.id, int(problem.where.rpartition(":")[2])) for problem in found]


def line(text):
    return TEXT[: TEXT.index(text)].count("\n") + 1


ANSWERS = line("    answers:\n")
ACTIVE = line("- {code: active, arms: [high, low]}")
ASKED = line("{respondent: participant,")


SLIPS = [
    ("protocol.E187", ANSWERS, "arms: [high, low]", "arms: [high]"),
    ("protocol.E187", ANSWERS, "{code: inactive, arms: [placebo]}", "{code: inactive, arms: [placebo, low]}"),
    ("protocol.E187", ANSWERS, "- {code: do_not_know}\n", "- {code: do_not_know, arms: [placebo]}\n"),
    ("protocol.E123", ACTIVE, "arms: [high, low]", "arms: [high, low, middle]"),
    ("protocol.E188", ASKED, "masked: [participant, care_provider,", "masked: [care_provider,"),
    ("protocol.E188", ASKED, 'belief_participant, at: "4, 12"}', 'belief_participant, at: "screening, 4"}'),
    ("protocol.E120", ASKED, "form: belief_participant, guess", "form: belief_of_participants, guess"),
    ("protocol.E121", ASKED, "guess: participant_guess,", "guess: participants_guess,"),
    ("protocol.E196", ASKED, 'received?", zh: "您认为自己用的是哪一种药片？"}, type: choice, codes: belief}',
     'received?", zh: "您认为自己用的是哪一种药片？"}, type: text}'),
    ("protocol.E189", ASKED, "adverse_events, belief_participant, belief_investigator]}\n  - {id: pharmacist",
     "adverse_events, belief_investigator]}\n  - {id: pharmacist"),
    ("protocol.E101", ASKED + 1, PARTICIPANT, PARTICIPANT * 2),
]  # fmt: skip


@pytest.mark.parametrize(("identity", "where", "before", "now"), SLIPS)
def test_a_slip_is_found_where_it_stands(identity, where, before, now):
    assert (identity, where) in slip(before, now)


def test_every_code_of_the_guess_is_an_answer_and_every_answer_a_code():
    for before, now in (
        ("    - {code: do_not_know, label", "    - {code: unsure, label"),
        ("      - {code: do_not_know}\n", "      - {code: do_not_know}\n      - {code: unsure}\n"),
    ):
        assert {id_ for id_, _ in slip(before, now)} >= {"protocol.E187"}


def test_both_formats_can_be_asked():
    """Three answers, and five of which two and two name one treatment."""
    three = load(TEXT)[0].masking.belief
    five = load((FILE.parents[1] / "belimumab-sle" / "protocol.yaml").read_bytes())[0].masking.belief
    assert (len(three.answers), len(five.answers)) == (3, 5)
    assert three.sides == (frozenset({"high", "low"}), frozenset({"placebo"}))
    assert five.sides == (frozenset({"belimumab"}), frozenset({"placebo"}))
    assert five.side_of["rather_active"] == five.side_of["surely_active"]
    assert five.side_of["do_not_know"] == frozenset()
    assert three.forms == {"belief_participant", "belief_investigator", "belief_assessor"}


def test_a_protocol_that_asks_nobody_is_the_one_it_was():
    """The key changes no digest of a protocol without it."""
    small = (FILE.parents[2] / "tests" / "protocols" / "small.yaml").read_bytes()
    protocol = load(small)[0]
    assert protocol.masking.belief is None
    assert "belief" not in protocol.model_dump(mode="json")["masking"]

"""A plan of kits that cannot be kept: each slip once, in the trial of tablets."""

from pathlib import Path

import pytest

from equipoise.protocol.check import read_protocol
from equipoise.protocol.load import load

FILE = Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml"
TEXT = FILE.read_text("utf-8")
WITHOUT = TEXT[: TEXT.index("supply:\n")] + TEXT[TEXT.index("masking:\n") :]


def slip(*changes):
    text = TEXT
    for before, now in changes:
        assert before in text
        text = text.replace(before, now)
    return [problem.id for problem in read_protocol(text)[1]]


SLIPS = [
    ("protocol.E240", "  model: kits\n", "  model: prepared\n"),
    ("protocol.E241", "    pack: 60\n", "    pack: 62\n"),
    ("protocol.E241", "    reserve: 24\n", "    reserve: 60\n"),
    ("protocol.E242", "    do_not_ship: 90\n", "    do_not_ship: 62\n"),
    ("protocol.E242", "    do_not_dispense: 7\n", "    do_not_dispense: 61\n"),
    ("protocol.E243", "minimum: 40, maximum: 120}", "minimum: 40, maximum: 74}"),
    ("protocol.E244", "{lowest: 15, highest: 25}", "{lowest: 25, highest: 25}"),
    ("protocol.E245", "may: [manage_supply]", "may: [view]"),
    ("protocol.E245", ", handle_kits]", "]"),
    ("protocol.E246", "depots: [{", "depots: [{id: central, label: {en: Another, zh: 另一}}, {"),
    (
        "protocol.E247",
        "  form: dispensing\n",
        "  form: dispensing\n  preparation: {quantity: {amount: 35, unit: tablets}, least_minutes: 15}\n",
    ),
    ("protocol.E125", "120}\n", "120}\n    handouts: {week_5: {kits: 2, lasts: 56}}\n"),
    ("protocol.E248", "120}\n", "120}\n    handouts: {week_12: {kits: 2, lasts: 56}}\n"),
    ("protocol.E220", "120}\n", '120}\n    threshold_by_site: {"19": {minimum: 1, maximum: 90}}\n'),
    ("protocol.E024", "    units: 35\n", "    units: 0\n"),
]


def test_the_trial_has_kits_and_may_have_none():
    assert load(TEXT)[0].kits.pack == 60
    plain = WITHOUT.replace(", handle_kits", "").replace("may: [manage_supply]", "may: [view]")
    for text in (plain, plain.replace("masking:\n", "supply: {model: prepared}\nmasking:\n", 1)):
        protocol, problems = read_protocol(text)
        assert (protocol.kits, problems) == (None, ())


@pytest.mark.parametrize(("identity", "before", "now"), SLIPS)
def test_a_slip_is_found(identity, before, now):
    assert slip((before, now)) == [identity]


def test_a_plan_without_a_model_for_it_is_told():
    text = WITHOUT.replace("masking:\n", "supply: {model: kits}\nmasking:\n", 1)
    assert read_protocol(text)[1][0].id == "protocol.E240"


def test_who_manages_the_supply_works_for_the_whole_study_and_who_dispenses_at_a_site():
    manager = "scope: {}, masked: yes, may: [manage_supply]"
    assert slip((manager.format("study"), manager.format("site"))) == ["protocol.E245"]


def test_a_threshold_of_a_site_must_fit_too():
    own = 'maximum: 120}\n    threshold_by_site: {"11": {minimum: 90, maximum: 99}}\n'
    assert slip(("maximum: 120}\n", own)) == ["protocol.E243"]

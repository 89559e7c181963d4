"""Somebody unmasked asks what was in kits that were taken by mistake: told on the console, and recorded."""

import pytest
from click.testing import CliRunner
from django.apps import apps

from equipoise.cli import kits
from equipoise.cli.main import main
from equipoise.envelopes import new_key
from equipoise.randomisation import seeded
from equipoise.web import deployment
from tests.desk.at_work import KITS_TEXT, done
from tests.desk.test_desk_kits import CRC, KEY, KitStudy

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
ASKED = ("--study", "tablets", "--key", "key", "--home", "home", "--by", "Wu", "--reason", "two kits taken by mistake")


@pytest.fixture
def study(monkeypatch):
    """A study in which two participants took a wrong kit: one of the same content, one of another."""
    made = KitStudy(text=KITS_TEXT)
    numbers, arms = made.stocked(), made.desk.choose.arms
    for same in (True, False):
        code = made.treated()
        right = done(made.desk.dispense_kit(code, "week_0", by=CRC, key=code)).acts[0].act.kit
        free = made.ledger.snapshot().kits
        there = [number for number in numbers if free[number].status == "available"]
        wrong = next(number for number in there if (arms[number] == arms[right]) == same)
        taken = {"assigned": right, "by": CRC, "key": f"wrong {code}", "reason": "the wrong shelf"}
        done(made.desk.misallocate_kit(code, "week_0", wrong, **taken))
    deployment.forget()
    monkeypatch.setattr(kits, "_desk", lambda home, name: made.desk)
    monkeypatch.setattr(kits, "load_private", lambda file, words: KEY)
    return made


def test_it_is_said_of_each_kit_and_each_opening_is_recorded(study):
    said = CliRunner().invoke(main, ["kits", "mistakes", *ASKED])
    assert said.exit_code == 0, said.output
    one, two, last = said.output.splitlines()
    assert (one[-16:], two[-15:]) == ("the same content", "ANOTHER CONTENT")
    assert last.startswith("2 kits were taken by mistake.")
    assert not any(arm in said.output for arm in ("high", "low", "placebo"))
    kept = apps.get_model("allocator", "Release").objects.filter(study="tablets")
    assert [(each.by, each.role, each.reason) for each in kept] == [("Wu", "pharmacist", ASKED[-1])] * 2


def test_a_key_of_a_masked_role_opens_nothing_and_is_told_nothing(study, monkeypatch):
    masked = new_key("coordinator", seeded(b"masked"), demo=True)
    monkeypatch.setattr(kits, "load_private", lambda file, words: masked)
    said = CliRunner().invoke(main, ["kits", "mistakes", *ASKED])
    assert said.output.count("does not open with this key") == 2
    assert not apps.get_model("allocator", "Release").objects.filter(study="tablets").exists()

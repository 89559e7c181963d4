"""The tables that people read before they sign, and what an amendment changes."""

import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from protocol_cases import SMALL, with_slip

from equipoise.protocol.diff import Change, diff
from equipoise.protocol.explain import explain, schedule_table, visibility
from equipoise.protocol.load import digest, load
from equipoise.protocol.schema import Permission


@pytest.fixture
def small():
    return load(SMALL)[0]


def test_the_schedule_is_a_table_of_forms_and_visits(small):
    assert schedule_table(small) == [
        ("Form", "Screening", "Week 0", "Week 4", "Week 8"),
        ("Week", "-2", "0", "4", "8"),
        ("Days", "-21…-8", "0…3", "28…31", "56…59"),
        ("History", "×", "", "", ""),
        ("Assessment", "×", "×", "×", "×"),
        ("Central laboratory", "", "×", "", "×"),
        ("Bottle handed over", "", "×", "×", ""),
    ]


def test_the_schedule_in_chinese(small):
    assert schedule_table(small, "zh")[0] == ("表单", "筛选", "第0周", "第4周", "第8周")


def test_visits_outside_the_schedule_come_last_without_week_or_window():
    protocol = load((Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
    heads, weeks, days, *rows = schedule_table(protocol)
    assert heads[-3:] == ("Week 12", "Unscheduled visit U01", "Early-termination visit")
    assert (weeks[-3:], days[-3:]) == (("12", "", ""), ("80…88", "", ""))
    assert {row[0] for row in rows if row[-2]} == {"Seated blood pressure", "Laboratory"}
    assert "Early-termination visit" in explain(protocol)


def test_what_is_kept_from_whom(small):
    seen = {each.role: each for each in visibility(small)}
    assert seen["investigator"].hidden_forms == ("central",)
    assert seen["investigator"].hidden_items == (
        ("drug_level", "It tells the arm"),
        ("creatinine", "It may tell the arm"),
    )
    assert (seen["pharmacist"].masked, seen["pharmacist"].hidden_items) == (False, ())


def test_a_derivation_shown_to_some_is_kept_from_the_others():
    protocol = load(with_slip("rule: itching - baseline.itching}", "rule: itching, shown_to: [trial_lead]}")[0])[0]
    seen = {each.role: dict(each.hidden_items) for each in visibility(protocol)}
    assert seen["pharmacist"]["itching_rise"] == "shown only to Trial lead"
    assert "itching_rise" not in seen["trial_lead"]


def test_an_item_hidden_by_the_role():
    protocol = load(with_slip("hidden_forms: [central]", "hidden_items: [itching]")[0])[0]
    assert ("itching", "by its role") in visibility(protocol)[0].hidden_items


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["A small masked trial of drops", "4 contacts, 2 with treatment (Bottle)", "Investigator (masked)",
                "  Kept from it: It tells the arm: drug_level", "  May: view, enter data, dispense",
                "Pharmacist (unmasked)", "  Kept from it: nothing"]),
        ("zh", ["一项小型滴剂盲法试验", "共 4 次访视，其中 2 次给药（药瓶）", "研究者（设盲）",
                "  权限：查看、录入、配发药物"]),
    ],
)  # fmt: skip
def test_the_whole_is_explained(small, language, said):
    lines = explain(small, language).splitlines()
    assert set(said) <= set(lines)
    assert f"SHA-256 {digest(small)}" in lines


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wide_schedule_is_cut_into_pieces_that_fit(language):
    slip = with_slip('weeks: "0, 4, 8"', 'weeks: "0 to 104 by 4"')[0].replace(
        'at: "screening, 0 to 8 by 4"', "at: 0 to 104 by 4"
    )
    protocol = load(slip)[0]
    text = explain(protocol, language)
    table = text.split("\n\n", 1)[1].rsplit("\n\n", 1)[0].splitlines()[1:]
    assert max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in table) <= 120
    for visit in protocol.visits:
        assert visit.label.in_(language) in text
    assert sum(line.count("×") for line in table) == sum(len(visit.forms) for visit in protocol.visits)


def test_long_lists_are_broken_between_their_words():
    everything = ", ".join(get_args(Permission))
    slip = with_slip(
        "may: [view, query, lock, open_list, analyse, audit]", f"may: [{everything}]\n    hidden_items: [itching]"
    )
    lines = explain(load(slip[0])[0]).splitlines()
    lead = lines[lines.index("Trial lead (unmasked)") + 1 :]
    assert lead[0].startswith("  May: view, screen,")
    assert lead[1].startswith("      ")
    assert all(len(line) <= 120 for line in lead)
    assert "  Kept from it: by its role: itching" in lead


# --- Amendments -----------------------------------------------------------------------------------------------------


def test_nothing_changed(small):
    assert diff(small, load(SMALL)[0]) == ()


def test_a_changed_number_is_named_by_the_ids_around_it(small):
    new = load(with_slip("range: [20, 300]", "range: [25, 300]")[0])[0]
    assert diff(small, new) == (Change("forms.assessment.items.weight.range", ["20", "300"], ["25", "300"]),)


def test_an_inserted_entry_shifts_nothing(small):
    new = load(with_slip("    - {code: mild,", "    - {code: none, label: {en: None, zh: 无}}\n    - {code: mild,")[0])[
        0
    ]
    assert [change.path for change in diff(small, new)] == ["code_lists.grades.none"]
    assert diff(small, new)[0].old is None


def test_a_removed_part_has_no_new_value(small):
    new = load(with_slip("    dose: {amount: 0.5, unit: mL}\n", "")[0])[0]
    assert diff(small, new) == (Change("arms.active.dose", {"amount": "0.5", "unit": "mL"}, None),)


def test_a_new_order_is_a_change(small):
    sites = [line for line in SMALL.splitlines() if "hospital, zh" in line]
    new = load(SMALL.replace("\n".join(sites), "\n".join(reversed(sites))))[0]
    assert diff(small, new) == (Change("sites", ["01", "02"], ["02", "01"]),)

"""What the report says of beliefs: each cell against the raw answers, in both languages."""

from collections import Counter
from dataclasses import replace

import pytest
from analysis_trials import BELIMUMAB, HYPERTENSION, opened, person
from report_trials import PROTOCOL as SMALL
from report_trials import PROVENANCE

from equipoise.analysis import analyse
from equipoise.conduct.unmasking import Unmasking
from equipoise.reports.blocks import Heading, Paragraph, Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.checks import check_blocks
from equipoise.reports.report import compose
from equipoise.reports.section_belief import belief, belief_table
from equipoise.reports.table import to_csv, to_html, to_typst

TABLETS = HYPERTENSION.model_copy(update={"estimands": (), "monitoring": None})
INFUSIONS = BELIMUMAB.model_copy(update={"estimands": (), "monitoring": None})
FORM = ("week_4", "belief_participant", 1)
SAID = {  # answer and reason, by arm
    "high": [("active", "efficacy"), ("active", "told"), ("inactive", "efficacy"), ("do_not_know", ""), ("", "")],
    "low": [("active", "feeling"), ("do_not_know", "")],
    "placebo": [("inactive", "efficacy"), ("active", "adverse_event"), ("do_not_know", "")],
}


def people(arm, said):
    for number, (guess, because) in enumerate(said):
        row = {"participant_guess": guess, "participant_guess_because": because}
        known = {item: answer for item, answer in row.items() if answer}
        yield replace(person(f"11-{arm}{number}", {"week_4": 5}), values={FORM: known})


def told(said=SAID, protocol=TABLETS, language="en", dummy=False, broken=()):
    trial = opened({arm: list(people(arm[0], answers)) for arm, answers in said.items()}, dummy=dummy)
    register = {
        code: Unmasking(code, "code_break", code, "11", person("x").screened.date(), person("x").screened, "i", "i")
        for code in broken
    }
    trial = replace(trial, snapshot=replace(trial.snapshot, unmaskings=register))
    return Teller(analyse(trial, protocol), Words(language), PROVENANCE)


def lines(tell):
    return {(row.cells[0], row.indent): row.cells[1:] for row in belief_table(tell).rows[: _second(tell)]}


def _second(tell):
    """Where the second respondent or visit begins."""
    return [number for number, row in enumerate(belief_table(tell).rows) if row.heading][1]


def per_cent(n, total):
    return f"{n} ({100 * n / total:.1f})" if total else f"{n}"


def test_every_answer_and_reason_is_counted_from_the_raw_forms():
    found, everybody = lines(told()), [each for said in SAID.values() for each in said]
    groups = [*SAID.values(), everybody]
    for label, code in (
        ("Tablets with the active drug", "active"), ("Tablets without the active drug", "inactive"),
        ("I do not know", "do_not_know"),
    ):  # fmt: skip
        assert found[label, 0] == tuple(
            per_cent(Counter(g for g, _ in said)[code], sum(bool(g) for g, _ in said)) for said in groups
        )
    assert found["Not asked, or no answer", 0] == ("1 (20.0)", "0 (0.0)", "0 (0.0)", "1 (10.0)")
    assert found["How the blood pressure went", 1] == ("2 (66.7)", "0 (0.0)", "1 (50.0)", "3 (50.0)")
    assert ("How the tablets looked, tasted or felt", 1) not in found  # nobody said so
    assert ("Arm known by then, not counted", 0) not in found


def test_the_indices_stand_under_their_arms_and_the_one_of_all_under_all():
    found = lines(told())
    high, low, placebo, none = found["Bang's index (95% CI)", 0]
    assert (high[:4], low[:4], placebo[:4], none) == ("0.25", "0.50", "0.00", "")
    *blank, james = found["James' index (95% CI)", 0]
    wrong, named = 2, 6  # those on the drug who said placebo, and the other way round
    chance = (4 * 2 + 2 * 4) / named**2
    assert blank == ["", "", ""]
    assert james.startswith(f"{(1 + 3 / 9 + 6 / 9 * (wrong / named - chance) / chance) / 2:.2f} (")


def test_where_an_index_cannot_be_estimated_the_reason_is_said():
    found = lines(told({**SAID, "low": [("", "")]}))
    assert found["Bang's index (95% CI)", 0][1] == "an arm has no patients (treatment)"


def test_who_knew_the_arm_is_told_apart():
    found = lines(told(broken=("11-h0",)))
    assert found["Arm known by then, not counted", 0] == ("1 (20.0)", "0 (0.0)", "0 (0.0)", "1 (10.0)")
    assert found["Tablets with the active drug", 0][0] == "1 (33.3)"


@pytest.mark.parametrize(("language", "title"), [("en", "Participant: Week 4"), ("zh", "受试者：第4周访视")])
def test_the_report_tells_it_in_both_languages_and_every_number_is_a_result(language, title):
    tell = told(language=language)
    heading, reading, table = belief(tell)
    assert isinstance(heading, Heading)
    assert all(number in reading.text for number in ("0.5", "−1"))
    assert table.rows[0].cells == (title,)
    assert len([row for row in table.rows if row.heading]) == 4  # twice the participant, then two others
    for written in (to_html(table), to_csv(table).decode(), to_typst(table)):
        assert title in written
    assert list(check_blocks([heading, reading, table], tell)) == []
    assert table.id in {each.id for each in compose(tell, ()).tables}


def test_five_answers_are_shown_and_said_to_count_for_two():
    tell = told({"belimumab": [("rather_active", "feeling")], "placebo": [("surely_inactive", "told")]}, INFUSIONS)
    table = belief_table(tell)
    assert len(table.footnotes) == 2
    assert [row.cells[1:] for row in table.rows[1:6]] == [
        ("0 (0.0)", "0 (0.0)", "0 (0.0)"), ("1 (100.0)", "0 (0.0)", "1 (50.0)"), ("0 (0.0)", "0 (0.0)", "0 (0.0)"),
        ("0 (0.0)", "0 (0.0)", "0 (0.0)"), ("0 (0.0)", "1 (100.0)", "1 (50.0)"),
    ]  # fmt: skip
    assert len(belief_table(told()).footnotes) == 1


def test_nothing_is_told_of_what_nobody_asked_or_answered():
    *_, said = belief(told({arm: [("", "")] for arm in SAID}))
    assert said == Paragraph("No guess about the treatment is recorded.")
    assert list(belief(told({"active": [], "control": []}, SMALL))) == []


def test_a_table_of_another_analysis_is_refused():
    tell = told()
    bare = replace(tell, analysis=replace(tell.analysis, results=type(tell.analysis.results)(())))
    with pytest.raises(ValueError, match="participant_guess/week_4 was not analysed"):
        belief_table(bare)

"""The listing of unmaskings: one line for each entry, no arm, and no telling text while the readers are masked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from analysis_trials import opened
from report_trials import ARMS, FAILED, PROTOCOL, PROVENANCE

from equipoise.analysis import analyse
from equipoise.conduct import acts as a
from equipoise.conduct.unmasking import Assessment, Unmasking
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.unmasking_listing import unmasking_listing
from equipoise.web.views.emergency import WHY
from equipoise.web.views.unmaskings import IMPACT, KINDS, WHOM

AT = datetime(2026, 3, 20, tzinfo=UTC)
JUDGED = Assessment("possible", "none", "certain", "She is replaced.", False, "m", AT)
TELLING = replace(JUDGED, measures="told it was the drug", withheld=True)
CODE = ARMS["active"][0].code
BROKEN = Unmasking("k1", "code_break", CODE, "01", AT.date(), AT, "i", "investigator", why="surgery")
SEEN = Unmasking("k2", "accidental", "", "", AT.date(), AT, "m", "monitor", whom="assessor", text="said aloud")


def told(*entries, dummy=False, language="en"):
    trial = opened(ARMS, FAILED, dummy=dummy)
    snapshot = replace(trial.snapshot, unmaskings={each.id: each for each in entries})
    analysis = analyse(replace(trial, snapshot=snapshot), PROTOCOL)
    return unmasking_listing(Teller(analysis, Words(language), PROVENANCE))


def test_each_entry_is_a_line_with_what_it_meant_and_what_was_done():
    rows = [row.cells for row in told(BROKEN, replace(SEEN, assessment=JUDGED)).rows]
    assert [cells[:2] + cells[3:] for cells in rows] == [
        (CODE, "code break", "urgent surgery", "not assessed", "–"),
        ("–", "accidental", "assessor of the outcome", "data possible, participant none, others certain",
         "She is replaced."),
    ]  # fmt: skip
    assert rows[1][2] == "–"


def test_a_telling_text_waits_until_the_arms_are_known():
    entry = replace(SEEN, assessment=TELLING)
    assert told(entry).rows[0].cells[-1] == "told it was the drug"
    assert told(entry, dummy=True).rows[0].cells[-1] == "text withheld"
    assert told(entry, dummy=True, language="zh").rows[0].cells[-1] == "文字已屏蔽"


def test_what_was_reported_is_in_no_listing():
    assert "said aloud" not in str(told(SEEN))


def test_an_empty_register_is_said():
    table = told()
    assert (table.rows, table.footnotes) == ((), (Words("en")("nobody"),))


@pytest.mark.parametrize("kind", [*KINDS, *(f"learnt_{each}" for each in (*WHY, *WHOM)), *IMPACT])
def test_every_coded_word_of_the_register_has_words_here(kind):
    assert {f"unmasking_{kind}", f"impact_{kind}", kind} & set(TEXTS)


def test_the_codes_of_the_pages_are_those_of_the_acts():
    coded = {name: a.ACTS[act].model_json_schema()["properties"][name]["enum"] for act, name in
             (("CodeBroken", "why"), ("UnmaskingReported", "how"), ("UnmaskingReported", "whom"))}  # fmt: skip
    assert set(coded["why"]) == set(WHY)
    assert set(coded["whom"]) == set(WHOM)
    assert {"code_break", *coded["how"]} == set(KINDS)

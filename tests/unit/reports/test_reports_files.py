"""The files of a report: complete, marked everywhere, the same bytes each time, and never a crash on a tiny trial."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest
from analysis_trials import BELIMUMAB, BETTER, HYPERTENSION, SAME, SMALL, arm_of, opened, person
from report_trials import ARMS, ASKED, OPENED, PROTOCOL, PROVENANCE

from equipoise.analysis import analyse
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
from equipoise.reports import files, report_files, typeset
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import Words
from equipoise.reports.estimand_tables import Told, result_table
from equipoise.reports.numbers import out_of, p_value, plain
from equipoise.reports.provenance import marks
from equipoise.reports.reading import reading
from equipoise.reports.report import compose
from equipoise.reports.typeset import printable


def test_everything_is_there_in_both_languages(made):
    assert {"report.html", "report.zh.html", "report.pdf", "ard.csv", "adam/adsl.csv", "adam/adtte.csv"} <= set(made)
    assert {
        "figures/flow.svg",
        "figures/flow.zh.svg",
        "figures/flow.csv",
        "tables/baseline.csv",
        "tables/zh/baseline.csv",
    } <= set(made)
    assert ("report.zh.pdf" in made) is ("notes.txt" not in made)
    assert all(content.startswith(b"%PDF") for name, content in made.items() if name.endswith(".pdf"))


def test_the_same_trial_gives_the_same_bytes(made):
    assert report_files(OPENED, PROTOCOL, PROVENANCE) == made


def test_every_row_of_every_data_file_is_marked(made):
    tables = {name: content.decode("utf-8-sig") for name, content in made.items() if name.endswith(".csv")}
    assert len(tables) > 15
    for name, text in tables.items():
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0][0] == "DATA", name
        assert {row[0] for row in rows[1:]} <= {"SIMULATED"}, name


@pytest.mark.parametrize(("name", "mark"), [("report.html", "SIMULATED DATA"), ("report.zh.html", "模拟数据")])
def test_the_page_is_marked_and_needs_nothing_from_outside(made, name, mark):
    page = made[name].decode()
    assert f'<div class="ribbon" role="note"><span>{mark}' in page
    assert re.search(rf"<title>{mark}", page)
    assert "<script" not in page
    assert not re.search(r"(src|action)=|@import|url\(|<link", page)
    assert re.findall(r"https?://[^\"' <]+", page) == ["http://www.w3.org/2000/svg"] * page.count("<svg")


def test_each_page_leads_to_the_other_language(made):
    assert 'href="report.zh.html"' in made["report.html"].decode()
    assert 'href="report.html"' in made["report.zh.html"].decode()
    assert '<html lang="zh-CN">' in made["report.zh.html"].decode()


def test_every_link_of_the_page_leads_to_a_file_or_a_place(made):
    page = made["report.html"].decode()
    targets = set(re.findall(r'href="([^"#]+)"', page))
    assert targets <= set(made)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_drawings_are_well_formed_and_named(made):
    for name, content in made.items():
        if name.endswith(".svg"):
            root = ET.fromstring(content)
            assert root.get("role") == "img"
            assert root.get("aria-label")


def test_every_page_of_the_pdf_carries_its_marks_and_provenance():
    words = Words("en")
    report = compose(Teller(analyse(OPENED, PROTOCOL), words, PROVENANCE), marks(OPENED, words))
    source = typeset._source(report, words, ["DejaVu Sans"])
    page = source[source.index("#set page") : source.index("#set par")]
    assert "SIMULATED DATA: no real participant" in page
    assert f"protocol {'d' * 16} · ledger {'a' * 16} (42) · Equipoise 1" in page
    assert "counter(page).final()" in page


def test_dummy_arms_are_said_everywhere():
    dummy = report_files(opened(ARMS, dummy=True), PROTOCOL, PROVENANCE)
    assert "DUMMY ARMS" in dummy["report.html"].decode()
    assert "虚拟分组" in dummy["report.zh.html"].decode()
    assert "SIMULATED; DUMMY ARMS" in dummy["ard.csv"].decode()


def test_real_data_carry_no_mark():
    real = report_files(opened(ARMS, simulated=False), PROTOCOL, PROVENANCE)
    assert b"SIMULATED" not in b"".join(content for name, content in real.items() if not name.endswith(".pdf"))
    assert not real["ard.csv"].startswith(b"DATA")


def test_the_table_prints_the_results_dataset():
    analysis = analyse(OPENED, PROTOCOL)
    told = Told(Teller(analysis, Words("en"), PROVENANCE), ASKED)
    rows = {row.cells[0]: row.cells[1:] for row in result_table(told).rows}
    risks = [analysis.results.get("asked", "risk", arm=arm) for arm in ("active", "control")]
    assert rows["Event or counted as one, n/N (%)"] == tuple(out_of(risk.n, risk.N) for risk in risks)
    difference = analysis.results.get("asked", "risk_difference", arm="active")
    printed = rows["Risk difference, percentage points (95% CI)"][0]
    assert (
        printed
        == f"{plain(100 * difference.estimate)} ({plain(100 * difference.lower)}, {plain(100 * difference.upper)})"
    )
    assert rows["p value"] == (p_value(analysis.results.get("asked", "test", arm="active").p), "")
    assert rows["Outcome unknown, n"] == ("1", "1")


def test_the_sentence_says_the_numbers_and_the_bounds():
    told = Told(Teller(analyse(OPENED, PROTOCOL), Words("en"), PROVENANCE), ASKED)
    first, second = reading(told)
    assert "6 of 9 (66.7%) with Drops and 3 of 8 (37.5%) with Saline" in first
    assert "not known in 1 and 1 of them; here they count as events" in second


def test_without_chinese_characters_nothing_is_printed_as_boxes(monkeypatch):
    monkeypatch.setattr(files, "chinese_font", lambda: "")
    monkeypatch.setattr(typeset, "chinese_font", lambda: "")
    without = report_files(OPENED, PROTOCOL, PROVENANCE)
    assert "report.zh.pdf" not in without
    assert "PDF files in Chinese were left out" in without["notes.txt"].decode()
    assert {"report.pdf", "report.zh.html"} <= set(without)
    assert printable("term 感冒 and −1 “x”") == "term [中] and −1 “x”"


@pytest.mark.parametrize("protocol", [BELIMUMAB, HYPERTENSION, SMALL], ids=lambda protocol: protocol.id)
def test_a_trial_in_which_nothing_happened_has_a_report(protocol):
    nothing = OpenedSnapshot(Snapshot("x", "d", simulated=True, subjects={}), {}, dummy=True)
    assert b"not estimable" in report_files(nothing, protocol, PROVENANCE)["report.html"]


@pytest.mark.parametrize(
    "arms",
    [
        {"active": [person("01-001", SAME)]},
        {"active": [person("01-001", {}, dosed=False, visits={}, values={})], "control": [person("01-002", SAME)]},
        {"active": arm_of("01", [BETTER] * 3), "control": []},
        {"active": arm_of("01", [SAME] * 3), "control": arm_of("02", [SAME] * 3)},
    ],
    ids=["one participant", "nothing recorded", "an empty arm", "no events"],
)
def test_a_tiny_trial_has_a_report(arms):
    page = report_files(opened(arms), PROTOCOL, PROVENANCE)["report.html"].decode()
    assert "not estimable" in page or "no events" in page
    assert not re.search(r"(?<![a-z])nan(?![a-z])", page.lower())

"""What a person reads in a page, a PDF and an RTF file is what stands in the dataset of results, number by number."""

import csv
import io
import json
import re

import pytest
from document_readers import Page, Rtf, pdf_pages, pdf_text, squeezed
from report_trials import PROVENANCE

LANGUAGES = ["en", "zh"]
FORMATS = ["html", "pdf", "rtf"]
MARKS = {"en": "SIMULATED DATA: no real participant", "zh": "模拟数据：不涉及任何真实受试者"}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


def displays(made, language, letter="[tfs]"):
    """The displays of a language by their path without the format."""
    folder = "displays/zh/" if language == "zh" else "displays/"
    return [name[:-5] for name in made if re.fullmatch(rf"{folder}{letter}\d\d-[a-z_0-9]+\.html", name)]


def rows_of(made, name):
    """The rows of a display as the page has them and as the RTF has them; empty cells at the end are none."""
    html = [row for row in Page(made[f"{name}.html"]).rows if row]
    rtf = Rtf(made[f"{name}.rtf"]).rows
    return tuple([[cell.strip() for cell in _cut(row)] for row in rows if any(row)] for rows in (html, rtf))


def _cut(row):
    while len(row) > 1 and not row[-1]:
        row = row[:-1]
    return row


def ard(made):
    """The dataset of results as its file has it."""
    return list(csv.DictReader(io.StringIO(made["ard.csv"].decode())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_says_the_same_in_every_format(made, language):
    names = displays(made, language, "[ts]")
    assert len(names) >= 9
    for name in names:
        html, rtf = rows_of(made, name)
        columns = rtf[0]
        listed = [columns, *(row for row in rtf if row != columns)]
        assert (html or [columns]) == listed, name  # a page says "Nobody." without columns
        words = squeezed("".join(cell for row in html for cell in row))
        if len(html) > 1:  # of a listing of nobody the PDF has the title alone
            assert words in pdf_text(made[f"{name}.pdf"]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_display_stands_alone_with_title_source_program_and_provenance(made, language):
    for name in displays(made, language):
        page, rtf = Page(made[f"{name}.html"]), Rtf(made[f"{name}.rtf"])
        title, *notes = rtf.paragraphs
        lines = [line for note in notes for line in note.splitlines()]
        said = squeezed("".join((title, *lines)))
        for part in (title, *lines):
            assert squeezed(part) in squeezed(page.text), name
            assert squeezed(part) in pdf_text(made[f"{name}.pdf"]), name
        program = "tables" if not name.rpartition("/")[2].startswith("f") else "figures"
        shown = name.rpartition("/")[2].partition("-")[2]
        for part in ("Equipoise1", f"{program}/{shown}", PROVENANCE.protocol_digest, PROVENANCE.ledger_head, "42"):
            assert part in said, (name, part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_every_document_is_marked(made, language):
    tail, mark = (".zh" if language == "zh" else ""), squeezed(MARKS[language])
    for name in (*displays(made, language), f"report{tail}", f"analysis-plan{tail}"):
        assert mark in squeezed(Page(made[f"{name}.html"]).text), name
        assert mark in squeezed(Rtf(made[f"{name}.rtf"]).header), name
        pages = pdf_pages(made[f"{name}.pdf"])
        assert pages
        assert all(mark in squeezed(around) for _, around in pages), name
        assert all(f"{PROVENANCE.ledger_head[:16]}(42)" in squeezed(around) for _, around in pages), name
        assert PROVENANCE.protocol_digest[:16] in Rtf(made[f"{name}.rtf"]).footer


def near(printed, value):
    """Whether a number as it is printed is this value, rounded to the places that are printed."""
    places = len(printed.partition(".")[2])
    return abs(float(printed.replace("−", "-")) - value) <= 0.5 * 10**-places * (1 + 1e-9)


LINES = {  # how a line of a table of results begins, the statistic, and what it is multiplied by
    "en": {
        "Risk difference": ("risk_difference", 100), "Risk ratio": ("risk_ratio", 1), "Odds ratio": ("odds_ratio", 1),
        "Adjusted mean": ("adjusted_mean", 1), "Difference of adjusted means": ("mean_difference", 1),
    },
    "zh": {
        "率差": ("risk_difference", 100), "相对危险度": ("risk_ratio", 1), "优势比": ("odds_ratio", 1),
        "校正均值之差": ("mean_difference", 1), "校正均值": ("adjusted_mean", 1),
    },
}  # fmt: skip


def cells_of(made, name, form):
    """The lines of a table in one format: label → cells. A PDF has no cells: those of the page, if they are in it."""
    html, rtf = rows_of(made, name)
    if form == "pdf":
        text = pdf_text(made[f"{name}.pdf"])
        html = [row for row in html if squeezed("".join(row)) in text]
    return {row[0]: row[1:] for row in (rtf if form == "rtf" else html)}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_results_of_every_estimand_are_those_of_the_dataset(made, language, form):
    rows, arms, compared = ard(made), ("active", "control"), 0
    for estimand in ("asked", "means"):
        (name,) = (name for name in displays(made, language) if name.endswith(f"-result_{estimand}"))
        for label, cells in cells_of(made, name, form).items():
            found = next((LINES[language][begin] for begin in LINES[language] if label.startswith(begin)), None)
            for arm, cell in zip(arms, cells, strict=False):
                row = next(
                    (r for r in rows if found and (r["analysis"], r["statistic"], r["variant"], r["arm"])
                     == (estimand, found[0], "", arm)), None,
                )  # fmt: skip
                if row and row["estimate"]:
                    printed = NUMBER.findall(cell)
                    values = [float(row[part]) * found[1] for part in ("estimate", "lower", "upper")]
                    assert len(printed) == len(values), (label, cell)
                    assert all(map(near, printed, values)), (label, cell, values)
                    compared += 1
    assert compared == 3 + 2 + 1  # three effects of the event; two adjusted means, and their difference


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_per_cents_are_those_of_the_dataset(made, language, form):
    (name,) = (name for name in displays(made, language) if name.endswith("-result_asked"))
    cells = [cell for line in cells_of(made, name, form).values() for cell in line]
    for row in ard(made):
        if (row["analysis"], row["statistic"], row["variant"]) == ("asked", "risk", ""):
            n, of = int(row["n"]), int(row["N"])
            assert f"{n}/{of} ({100 * n / of:.1f}%)" in cells
            assert float(row["estimate"]) == n / of


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_flow_and_registry_say_the_numbers_of_the_table(made, language):
    tail = ".zh" if language == "zh" else ""
    texts = {
        "html": squeezed(Page(made[f"report{tail}.html"]).text), "pdf": pdf_text(made[f"report{tail}.pdf"]),
        "rtf": squeezed("".join(Rtf(made[f"report{tail}.rtf"]).paragraphs)),
    }  # fmt: skip
    flow = squeezed(Page(made[f"{next(n for n in displays(made, language) if n.endswith('-flow'))}.html"]).text)
    outcome, registry = registry_outcome(made, "asked"), json.loads(made["registry-results.json"])["resultsSection"]
    values = {m["groupId"]: m["value"] for m in outcome["classes"][0]["categories"][0]["measurements"]}
    started = registry["participantFlowModule"]["periods"][0]["milestones"][0]["achievements"]
    for place, arm in enumerate(("active", "control")):
        risk = next(r for r in ard(made) if (r["analysis"], r["statistic"], r["variant"], r["arm"])
                    == ("asked", "risk", "", arm))  # fmt: skip
        n, of = int(risk["n"]), int(risk["N"])
        sentence = f"{n}of{of}({100 * n / of:.1f}%)" if language == "en" else f"{n}/{of}例（{100 * n / of:.1f}%）"
        assert all(sentence in text for text in texts.values()), [f for f, t in texts.items() if sentence not in t]
        assert values[f"OG{place:03}"] == str(n)
        assert started[place] == {"groupId": f"FG{place:03}", "numSubjects": str(of)}
        assert f"(n={of})" in flow


def registry_outcome(made, estimand):
    """The outcome of an estimand: they stand in the order of the protocol."""
    outcomes = json.loads(made["registry-results.json"])["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    return outcomes[("asked", "means").index(estimand)]


@pytest.mark.parametrize(
    ("estimand", "effects"),
    [("asked", ("risk_difference", "risk_ratio", "odds_ratio")), ("means", ("mean_difference",))],
)
def test_the_registry_has_the_comparisons_of_the_dataset(made, estimand, effects):
    mine = [row for row in ard(made) if (row["analysis"], row["variant"]) == (estimand, "")]
    analyses = registry_outcome(made, estimand)["analyses"]
    assert len(analyses) == len(effects)
    for told, statistic in zip(analyses, effects, strict=True):
        (row,) = (row for row in mine if row["statistic"] == statistic)
        scale = 100 if statistic == "risk_difference" else 1
        for key, part in (("paramValue", "estimate"), ("ciLowerLimit", "lower"), ("ciUpperLimit", "upper")):
            assert near(told[key], float(row[part]) * scale)
        assert told["groupIds"] == ["OG000", "OG001"]


def test_an_rtf_file_is_seven_bits_with_every_row_closed_and_pictures_in_it(made):
    for name, content in made.items():
        if name.endswith(".rtf"):
            assert max(content) < 0x80, name
            found = Rtf(content)
            assert found.pictures or found.rows, name
    figures = [name for name in made if re.fullmatch(r"figures/[a-z_]+\.svg", name)]
    assert Rtf(made["report.rtf"]).pictures == len(figures)

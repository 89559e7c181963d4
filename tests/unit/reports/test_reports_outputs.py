"""The folder of outputs: an index to everything, a manifest of everything, and a place for sections to come."""

import json
import re

import pytest
from analysis_trials import estimand, opened, with_estimands
from document_readers import Page
from report_trials import ARMS, OPENED, PROTOCOL, PROVENANCE

from equipoise.analysis import analyse
from equipoise.protocol.schema import Endpoint
from equipoise.reports import MANIFEST, check_files, registry_outcomes, report, report_files
from equipoise.reports.blocks import Heading
from equipoise.reports.figures import Figure
from equipoise.reports.figures.figure import frame
from equipoise.reports.table import Row, Table

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#888"/></svg>'


def links(page):
    return re.findall(r'href="([^"#]+)"', page.decode())


def test_the_index_leads_to_every_display_document_and_dataset(made):
    listed = links(made["index.html"])
    assert set(listed) <= made.keys()
    assert len(listed) == len(set(listed))
    wanted = {name for name in made if name.startswith(("displays/", "report.", "analysis-plan.", "adam/"))}
    assert wanted | {"ard.csv", "registry-results.json", MANIFEST} == set(listed)


def test_every_display_leads_back_to_the_index(made):
    for name, content in made.items():
        if name.startswith("displays/") and name.endswith(".html"):
            (back,) = links(content)
            assert back == ("../../index.html" if "/zh/" in name else "../index.html")


@pytest.mark.parametrize("name", ["index.html", "displays/t03-baseline.html", "displays/zh/f01-flow.html"])
def test_a_page_needs_nothing_from_outside(made, name):
    page = made[name].decode()
    assert "<script" not in page
    assert not re.search(r"(src|action)=|@import|url\(|<link", page)
    assert re.findall(r"https?://[^\"' <]+", page) == ["http://www.w3.org/2000/svg"] * page.count("<svg")


def test_a_new_section_is_there_in_every_format_and_language(monkeypatch):
    def beyond(tell):
        yield Heading("beyond", "Beyond")
        yield Table("beyond_table", "Beyond", ("", "n"), (Row(("Nobody", "0")),))
        yield Figure("beyond_figure", "Beyond, drawn", "", SVG, frame([{"n": 0}]))

    monkeypatch.setattr(report, "references", beyond)
    files = report_files(OPENED, PROTOCOL, PROVENANCE)
    for folder in ("displays/", "displays/zh/"):
        for letter, id_ in (("t", "beyond_table"), ("f", "beyond_figure")):
            found = [name for name in files if re.fullmatch(rf"{folder}{letter}\d\d-{id_}\.(html|pdf|rtf)", name)]
            assert len(found) == 3
            assert set(found) <= set(links(files["index.html"]))
    assert "Source: ARD. Population: all randomised, N = 17." in Page(
        files[next(name for name in files if name.endswith("-beyond_table.html"))]
    ).text  # fmt: skip


def test_the_plan_says_every_estimand_and_no_result(made):
    page = Page(made["analysis-plan.html"])
    headings = [row[0] for row in page.rows if len(row) == 1]
    assert headings == [estimand.label.en for estimand in PROTOCOL.estimands]
    attributes = {row[0] for row in page.rows if len(row) == 2}
    assert {"Population", "Treatments compared", "Variable", "Summary measure", "Main estimator"} <= attributes
    assert "6/9" not in page.text


def test_every_method_that_was_used_has_its_paper(made):
    name = next(name for name in made if re.search(r"t\d\d-references\.html", name))
    rows = {row[0]: row[1] for row in Page(made[name]).rows[1:]}
    assert rows["Pearson chi-square test"] == "Pearson 1900"
    assert all(re.search(r"\d{4}", source) for source in rows.values())


class TestManifest:
    def test_it_holds_every_file_and_where_all_of_them_come_from(self, made):
        told = json.loads(made[MANIFEST])
        assert told["files"].keys() == made.keys() - {MANIFEST}
        assert (told["arms"], told["simulated"], told["study"]) == ("true", True, "small")
        assert (told["protocol"], told["ledger_head"], told["acts"]) == ("d" * 64, "a" * 64, 42)
        assert json.loads(report_files(opened(ARMS, dummy=True), PROTOCOL, PROVENANCE)[MANIFEST])["arms"] == "dummy"

    def test_a_folder_as_it_was_written_agrees(self, made):
        assert list(check_files(made)) == []

    def test_what_was_changed_taken_or_put_there_is_named(self, made):
        touched = {**made, "ard.csv": made["ard.csv"] + b" ", "extra.txt": b"x"}
        del touched["report.rtf"]
        assert [(problem.id, problem.where) for problem in check_files(touched)] == [
            ("outputs.E002", "ard.csv"), ("outputs.E004", "extra.txt"), ("outputs.E003", "report.rtf"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"{}", b'{"format": "other", "files": {}}', b"[" * 100_000,
                    b'{"format": "equipoise.outputs.1", "files": []}'],
    )  # fmt: skip
    def test_what_is_no_manifest_is_said(self, made, content):
        assert [problem.id for problem in check_files({**made, MANIFEST: content})] == ["outputs.E001"]

    def test_a_folder_without_one_is_said(self, made):
        without = {name: content for name, content in made.items() if name != MANIFEST}
        assert [problem.id for problem in check_files(without)] == ["outputs.E001"]


# --- What a registry asks for ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def registry(made):
    return json.loads(made["registry-results.json"])


def groups_in(part):
    """Every group that a part of the record refers to."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from ([value] if key == "groupId" else value if key == "groupIds" else groups_in(value))
    elif isinstance(part, list):
        for each in part:
            yield from groups_in(each)


def test_the_record_is_marked_and_says_what_it_was_made_from(registry):
    assert registry["data"] == "SIMULATED"
    assert registry["provenance"] == {
        "protocol": "d" * 64, "ledgerHead": "a" * 64, "acts": 42, "software": "Equipoise 1",
    }  # fmt: skip


def test_every_group_that_is_referred_to_is_declared(registry):
    results = registry["resultsSection"]
    flow, baseline = results["participantFlowModule"], results["baselineCharacteristicsModule"]
    parts = [flow, baseline, *results["outcomeMeasuresModule"]["outcomeMeasures"]]
    for part in parts:
        declared = {group["id"] for group in part["groups"]}
        assert set(groups_in(part)) == declared
    events = results["adverseEventsModule"]
    assert set(groups_in(events)) == {group["id"] for group in events["eventGroups"]}


def test_the_flow_of_the_record_is_that_of_the_trial(registry):
    (period,) = registry["resultsSection"]["participantFlowModule"]["periods"]
    started = {m["type"]: [int(a["numSubjects"]) for a in m["achievements"]] for m in period["milestones"]}
    assert started["STARTED"] == [len(ARMS["active"]), len(ARMS["control"])]
    assert all(now <= before for now, before in zip(started["COMPLETED"], started["STARTED"], strict=True))


def test_the_baseline_of_the_record_counts_everybody(registry):
    baseline = registry["resultsSection"]["baselineCharacteristicsModule"]
    sizes = {count["groupId"]: int(count["value"]) for count in baseline["denoms"][0]["counts"]}
    assert sizes == {"BG000": 9, "BG001": 8, "BG002": 17}
    (sex,) = [m for m in baseline["measures"] if m["paramType"] == "COUNT_OF_PARTICIPANTS" and m["title"] == "Sex"]
    totals = dict.fromkeys(sizes, 0)
    for category in sex["classes"][0]["categories"]:
        for measured in category["measurements"]:
            totals[measured["groupId"]] += int(measured["value"])
    assert totals == sizes


def test_a_serious_event_stands_with_the_serious_ones(registry):
    events = registry["resultsSection"]["adverseEventsModule"]
    (serious,) = events["seriousEvents"]
    assert serious["stats"][0] == {"groupId": "EG000", "numAffected": 1, "numAtRisk": 9, "numEvents": 1}
    assert serious["stats"][1]["numAffected"] == 0
    assert events["otherEvents"] == []
    assert [group["seriousNumAffected"] for group in events["eventGroups"]] == [1, 0]


def test_an_outcome_that_cannot_be_estimated_is_not_available():
    files = report_files(opened({"active": ARMS["active"][:1]}), PROTOCOL, PROVENANCE)
    outcomes = json.loads(files["registry-results.json"])["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert [outcome["analyses"] for outcome in outcomes] == [[], []]
    mean = outcomes[1]["classes"][0]["categories"][0]["measurements"]
    assert mean[1]["value"] == "NA"


def test_an_outcome_without_a_shape_is_declared_and_not_posted(monkeypatch):
    monkeypatch.delitem(registry_outcomes._SHAPES, "event")
    found = registry_outcomes.outcome_measures(analyse(OPENED, PROTOCOL))["outcomeMeasures"]
    assert [outcome["reportingStatus"] for outcome in found] == ["NOT_POSTED", "POSTED"]
    assert "classes" not in found[0]
    assert found[0]["title"] == "Asked"


def test_a_time_is_posted_as_the_share_with_the_event_and_its_limits():
    time = Endpoint.model_validate(
        {
            "id": "time", "label": {"en": "Time to relief", "zh": "缓解时间"}, "tier": "secondary",
            "objective": "relief", "measure": "time_to_event", "rule": "itching_rise <= -2", "through": "week_8",
        }
    )  # fmt: skip
    asked = with_estimands(estimand("time", "survival", id_="timed", test="logrank"))
    analysis = analyse(OPENED, asked.model_copy(update={"endpoints": (*asked.endpoints, time)}))
    (outcome,) = registry_outcomes.outcome_measures(analysis)["outcomeMeasures"]
    assert (outcome["type"], outcome["paramType"]) == ("SECONDARY", "NUMBER")
    for told, arm in zip(outcome["classes"][0]["categories"][0]["measurements"], ("active", "control"), strict=True):
        row = analysis.results.get("timed", "risk_at_end", arm=arm)
        assert told["value"] == f"{row.estimate:.4f}"
        assert (told["lowerLimit"], told["upperLimit"]) == (f"{row.lower:.4f}", f"{row.upper:.4f}")
    assert [each["paramType"] for each in outcome["analyses"]] == ["Hazard Ratio (HR)"]

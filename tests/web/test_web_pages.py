"""Every page in both languages: complete, marked as simulated, bound to this server, and in the right language."""

import gzip
import re

import pytest
from django.test import Client

from equipoise.web import matrix
from equipoise.web.security import POLICY, REPORT_POLICY

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

PAGES = {
    "/": "investigator",
    "/demo/": "data_manager",
    "/demo/subjects/": "investigator",
    "/demo/subjects/01-001/": "investigator",
    "/demo/subjects/01-003/": "investigator",
    "/demo/subjects/01-002/eligibility/": "investigator",
    "/demo/subjects/01-004/randomise/": "investigator",
    "/demo/subjects/01-001/week_0/": "coordinator",
    "/demo/subjects/01-001/week_4/": "coordinator",
    "/demo/subjects/01-001/week_0/examination/1/": "nurse",
    "/demo/subjects/01-001/week_0/laboratory/1/": "coordinator",
    "/demo/subjects/01-001/week_0/assessment/1/": "assessor",
    "/demo/subjects/01-001/log/adverse_events/2/": "investigator",
    "/demo/subjects/01-001/week_0/examination/1/systolic/trail/": "monitor",
    "/demo/subjects/01-001/trail/": "monitor",
    "/demo/queries/": "monitor",
    "/demo/queries/?status=closed": "monitor",
    "/demo/protocol/": "monitor",
    "/demo/report/": "monitor",
    "/done/report/": "monitor",
    "/done/subjects/01-001/screening/examination/1/": "nurse",
    "/style/": "monitor",
    "/demo/subjects/01-999/": "monitor",
    "/demo/subjects/01-001/randomise/": "monitor",
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page(enter, path, language):
    answer = enter(PAGES[path], language=language).get(path)
    html = answer.content.decode()
    assert answer.status_code == (404 if "01-999" in path else 403 if path.endswith("01-001/randomise/") else 200)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in html
    assert answer.headers["Content-Language"] == ("zh-CN" if language == "zh" else "en")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert ("模拟数据" if language == "zh" else "SIMULATED DATA") in html or "/done/" in path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nothing_of_anybody_else_and_runs_nothing_inline(enter, path):
    html = enter(PAGES[path]).get(path).content.decode()
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert not re.search(r"<style|style=\"|<script(?![^>]*\ssrc=)|\son\w+=\"", html)


@pytest.mark.parametrize("path", PAGES)
def test_everything_to_fill_in_has_a_name(enter, path):
    """Every input has a label, an aria-label or stands inside its label; no id is used twice."""
    html = enter(PAGES[path]).get(path).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]
    labelled = set(re.findall(r'<label[^>]*for="([^"]+)"', html))
    for tag in re.findall(r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*>', html):
        own = re.search(r'\sid="([^"]+)"', tag)
        assert "aria-label=" in tag or (own and own[1] in labelled), tag


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_chinese_page(enter, path):
    """Words of two letters and more that are English and stand between tags, apart from names and codes."""
    html = enter(PAGES[path], language="zh").get(path).content.decode()
    body = re.sub(r"<(script|title|option|code)\b.*?</\1>", "", html, flags=re.S)
    words = " ".join(re.findall(r">([^<]+)<", body))
    for english in ("Subject", "Query", "Save", "Reason", "complete", "Sign", "Week", "Site", "Form", "due", "Nothing"):
        assert not re.search(rf"\b{english}", words), english


def test_a_simulated_study_says_so_on_every_page_and_a_real_one_does_not(enter):
    client = enter("monitor")
    assert "SIMULATED" in client.get("/demo/subjects/").content.decode()
    assert "SIMULATED" not in client.get("/done/subjects/").content.decode()


def test_pages_are_light(enter):
    answer = enter("monitor").get("/demo/subjects/", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 8_000
    assert b"01-001" in gzip.decompress(answer.content)


def test_signing_out_forgets(enter):
    client = enter("monitor")
    answer = client.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/demo/subjects/").status_code == 302


def test_the_report_is_shown_after_the_opening_and_its_files_run_nothing(enter, settings, tmp_path):
    settings.HOME = tmp_path
    for study in ("demo", "done"):
        folder = tmp_path / "report" / study
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("<title>r</title>results")
        (folder / "figures").mkdir()
        (folder / "figures" / "km.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    client = enter("monitor")
    assert "There is no report yet" in client.get("/demo/report/").content.decode()
    assert client.get("/demo/report/report.html").status_code == 404
    assert "figures/km.svg" in client.get("/done/report/").content.decode()
    answer = client.get("/done/report/report.html")
    assert b"".join(answer.streaming_content) == b"<title>r</title>results"
    assert answer.headers["Content-Security-Policy"] == REPORT_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    figure = client.get("/done/report/figures/km.svg")
    assert figure.headers["Content-Type"] == "image/svg+xml"
    assert b"".join(figure.streaming_content) == b"<svg/>"
    for path in ("../../secret.txt", "..%2f..%2fsecret.txt", "figures", "none.html"):
        assert client.get(f"/done/report/{path}").status_code == 404, path


def test_a_failure_shows_an_id_and_logs_no_value(enter, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise ValueError("weight 56.5 of 01-001")

    monkeypatch.setattr(matrix, "row", fail)
    client = enter("monitor")
    client.raise_request_exception = False
    answer = client.get("/demo/subjects/")
    html = answer.content.decode()
    assert answer.status_code == 500
    identifier = re.search(r"<code>([0-9a-f]{8})</code>", html)
    assert identifier
    assert identifier[1] in caplog.text
    assert "ValueError at test_web_pages.py" in caplog.text
    assert "56.5" not in caplog.text
    assert "56.5" not in html


def test_forged_posts_are_refused():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"role": "monitor"})
    assert answer.status_code == 403
    assert "Error id" in answer.content.decode()

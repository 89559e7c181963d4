"""A design tried out on its page: the numbers of the command, growing, for those who design, from nothing recorded."""

import html
import json
import re

import pytest

from equipoise.items import Problem
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.running import Order, simulate
from equipoise.web import warming
from equipoise.web.views import design as view
from tests.unit.simulation.designs import protocol

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
ASKED = "risk=40&hazard_ratio=50&leaves=0&participants=60&scheme=blocks_4"


@pytest.fixture
def explorer(monkeypatch):
    """A process that has computed nothing yet."""
    fresh = view.Explorer()
    monkeypatch.setattr(view, "_explorer", fresh)
    return fresh


def text_of(answer):
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(("language", "mark", "word"), [("en", "SIMULATED", "1,000 simulated trials"),
                                                        ("zh", "模拟结果", "模拟1,000次")])  # fmt: skip
def test_the_page_shows_a_curve_at_once_and_asks_for_more(enter, explorer, language, mark, word):
    page = text_of(enter("sponsor", language=language).get(f"/demo/design/?{ASKED}"))
    assert mark in page
    assert word in page
    assert "<svg" in page
    assert re.search(r'hx-get="/demo/design/curve/\?risk=40&', page)
    assert 'aria-current="page"' in page


def test_the_curve_grows_until_it_is_finished_and_stays(enter, explorer):
    client, seen = enter("statistician"), []
    for _ in range(5):
        page = text_of(client.get(f"/demo/design/curve/?{ASKED}"))
        seen.append((re.search(r"([\d,]+) simulated trials", page)[1], "hx-get" in page))
    assert seen == [("1,000", True), ("3,000", True), ("6,000", True), ("10,000", False), ("10,000", False)]


def test_the_command_finds_the_same_with_the_file_the_page_shows(enter, explorer):
    page = text_of(enter("statistician").get(f"/demo/design/curve/?{ASKED}"))
    file = re.search(r"<code>(\{.+?)</code>", page, re.DOTALL)[1]
    assert json.loads(file)["event"] == {"risk": "0.4"}
    studies, problems = read_studies(protocol(), [("explored.yaml", file.encode())])
    assert problems == ()
    sixty = next(study for study in studies if study.design.plan.participants == 60)
    *_, sums = simulate(sixty.design, Order(1000, 1))
    outcome = outcome_of(sixty, 1, sums)
    shown = re.findall(r'<strong class="num">([\d.]+) %', page)
    assert shown == [
        f"{100 * outcome.value('rejected', asked.estimand.id):.1f}" for asked in sixty.design.analyses
    ]  # fmt: skip


def test_sliders_end_where_they_end_and_take_nothing_else(enter, explorer):
    client = enter("sponsor")
    page = text_of(client.get(f"/demo/design/?{ASKED.replace('risk=40', 'risk=99')}"))
    assert 'name="risk" min="5" max="90" value="90"' in page
    for wrong in ("risk=x", "risk=-1", "risk=400000", "risk=٤", "scheme=mine"):
        assert client.get(f"/demo/design/curve/?{wrong}").status_code == 400, wrong


def test_one_design_at_a_time(enter, explorer):
    with explorer._busy:
        page = text_of(enter("sponsor").get(f"/demo/design/curve/?{ASKED}"))
    assert "Another design is being computed" in page
    assert "hx-get" in page


def test_a_protocol_without_events_says_that_it_has_none(enter, explorer, monkeypatch):
    monkeypatch.setattr(explorer, "grow", lambda *_: Problem("scenario.E063", "", "none", ""))
    page = text_of(enter("sponsor").get("/demo/design/"))
    assert "This cannot be tried out here" in page
    assert 'hx-trigger="load' not in page


def test_the_way_to_the_page_is_shown_to_those_who_may_go(enter):
    assert "/demo/design/" in text_of(enter("data_manager").get("/demo/"))
    assert "/demo/design/" not in text_of(enter("monitor").get("/demo/"))


def test_the_kernels_are_made_ready_from_any_protocol_here(monkeypatch):
    asked = []
    monkeypatch.setattr(warming.subprocess, "run", lambda command, **more: asked.append((command[-1], more["input"])))
    monkeypatch.setattr(warming, "try_out", lambda text: asked.append(text))
    monkeypatch.setattr(warming.connections, "close_all", lambda: None)  # the test's own connection stays
    read = []  # how many participants were known when the collector was told to leave what is there
    monkeypatch.setattr(
        warming.gc, "freeze", lambda: read.append(len(warming.deployment.ledger("demo")._fold.subjects))
    )
    warming._warm()
    assert read == [5]
    ((line, told), text) = asked
    assert "import try_out" in line
    assert told == text == protocol_text()


def protocol_text():
    from tests.web.web_world import TRIAL

    return TRIAL.read_bytes()


def test_nothing_is_made_ready_where_there_is_nothing(monkeypatch):
    def none():
        raise warming.DatabaseError

    monkeypatch.setattr(warming.connections, "close_all", lambda: None)
    monkeypatch.setattr(warming.deployment, "studies", none)
    thread = warming.warm_in_background()
    thread.join(20)
    assert not thread.is_alive()

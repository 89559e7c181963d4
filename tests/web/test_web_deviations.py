"""Deviations: recorded by hand and classified, listed for the site and the study, and never a road for an arm."""

import pytest

from equipoise.ledger.store import Ledger
from tests.web.web_pages import key, problem_ids

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
PAGE, LIST = "/demo/subjects/01-001/deviation/", "/demo/deviations/"
SAID = {"category": "consent", "visit": "week_0", "form": "examination", "text": "An old version was signed."}


def record(client, code="01-001", **more):
    return client.post(f"/demo/subjects/{code}/deviation/record/", {"key": key(), **SAID, **more})


def known(code="01-001"):
    return [tuple(each) for each in Ledger.of("demo").snapshot().subjects[code].deviations]


def test_one_is_recorded_by_hand_and_stands_in_the_lists(enter):
    client, before = enter("coordinator"), known()
    assert f'href="{PAGE}"' in client.get("/demo/subjects/01-001/").content.decode()
    assert client.get(PAGE + "?visit=week_0").content.decode().count("<option") > 20
    assert record(client).status_code == 302
    assert known() == [*before, ("week_0", "consent", SAID["text"], "examination")]
    for role, site, language in (("investigator", "01", "en"), ("monitor", "", "zh"), ("sponsor", "", "en")):
        shown = enter(role, site, language=language).get(LIST).content.decode()
        assert SAID["text"] in shown
        assert ("知情同意" if language == "zh" else "consent") in shown
    assert SAID["text"] in client.get("/demo/subjects/01-001/trail/").content.decode()


def test_the_list_is_of_one_site_or_of_the_important_ones_when_asked(enter):
    record(enter("coordinator"), category="major", text="Another trial's drug was taken.")
    record(enter("coordinator", "02"), "02-001", category="minor", text="At the other site.")
    reader = enter("data_manager", "")
    everything = reader.get(LIST).content.decode()
    assert "At the other site." in everything
    assert everything.count(">Important</span>") == 1
    assert "At the other site." not in reader.get(LIST + "?site=01").content.decode()
    important = reader.get(LIST + "?important=yes").content.decode()
    assert "Another trial" in important
    assert "At the other site." not in important
    assert "At the other site." not in enter("investigator").get(LIST + "?site=02").content.decode()
    assert "No deviation is recorded." in reader.get(LIST + "?site=03").content.decode()


@pytest.mark.parametrize(
    ("wrong", "identity"),
    [
        ({"category": "big"}, "web.E006"), ({"text": " "}, "conduct.E157"),
        ({"text": "He surely had placebo."}, "desk.E041"), ({"text": "疑似用了安慰剂"}, "desk.E041"),
    ],
)  # fmt: skip
def test_what_is_refused_is_still_there_to_be_corrected(enter, wrong, identity):
    before = known()
    answer = record(enter("coordinator"), **wrong)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert problem_ids(shown) == {identity}
    assert '<option value="week_0" selected>' in shown
    assert known() == before


@pytest.mark.parametrize("wrong", [{"visit": "week_99"}, {"form": "masked_results"}])
def test_a_visit_or_form_that_is_not_seen_is_not_there(enter, wrong):
    assert record(enter("coordinator"), **wrong).status_code == 404


def test_who_sees_no_treatment_finds_no_page_and_who_knows_arms_writes_none(enter):
    record(enter("coordinator"))
    assessor = enter("assessor")
    for path in (LIST, PAGE):
        assert assessor.get(path).status_code == 404
    assert record(assessor).status_code == 404
    assert 'href="/demo/deviations/"' not in assessor.get("/demo/today/").content.decode()
    unmasked = enter("unmasked_monitor", "")
    assert SAID["text"] in unmasked.get(LIST).content.decode()
    assert record(unmasked).status_code == 404

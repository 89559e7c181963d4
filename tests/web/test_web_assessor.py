"""The outcome assessor judges the participant and nothing else: what is not theirs looks as if it did not exist."""

import re

import pytest

from equipoise.conduct.environment import History
from equipoise.ledger.store import Ledger
from equipoise.web.room import room_of
from tests.web.web_pages import key, opened, save, without_address
from tests.web.web_world import person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
SUBJECT = "/demo/subjects/01-001/"
ASSESSMENT = SUBJECT + "week_0/assessment/1/"
EARLIER = SUBJECT + "screening/assessment/1/"
# What an assessor might type into the address, and the same address with a name that no protocol has.
TRIED = {
    "week_0/laboratory/1/": "week_0/nothing/1/", "week_0/immunology/1/": "week_0/nothing/1/",
    "week_0/infusion/1/": "week_0/nothing/1/", "week_0/background_treatment/1/": "week_0/nothing/1/",
    "week_2/infusion/": "week_99/infusion/", "log/adverse_events/1/": "log/nothing/1/",
    "log/medication/1/": "log/nothing/1/", "log/masked_results/1/": "log/nothing/1/",
    "serious/1/": "serious/99/", "week_0/immunology/1/c3/trail/": "week_0/nothing/1/c3/trail/",
}  # fmt: skip


def answer_to(client, path):
    return without_address(client.get(SUBJECT + path), SUBJECT + path)


@pytest.mark.parametrize("path", TRIED)
def test_an_address_that_is_not_theirs_is_answered_byte_for_byte_like_one_that_does_not_exist(enter, path):
    client = enter("assessor")
    theirs, nobodys = answer_to(client, path), answer_to(client, TRIED[path])
    assert theirs[0] == 404
    assert theirs == nobodys
    if not path.startswith(("log/masked", "week_2")):
        assert enter("investigator").get(SUBJECT + path).status_code == 200, "somebody else has this page"


def test_the_global_assessment_comes_first_and_what_needs_a_laboratory_is_not_asked(enter):
    shown = enter("assessor").get(ASSESSMENT).content.decode()
    asked = re.findall(r'id="item-(\w+)"', shown)
    assert asked[0] == "pga"
    assert not {"low_complement", "increased_dna", "proteinuria", "leukopenia", "thrombocytopenia"} & set(asked)


def test_no_total_is_shown_to_the_assessor_wherever_they_look_and_the_system_fills_in_the_laboratory(enter):
    client = enter("assessor")
    save(client, EARLIER, pga="1.5", rash="present", reason="seen again")
    subject = Ledger.of("demo").snapshot().subjects["01-001"]
    protocol = Ledger.of("demo").protocol
    known = History(protocol, subject).at("screening")
    assert known.get("sledai_total") is not None, "the laboratory part was there, and nobody typed it"
    label = next(each.label for each in protocol.derivations if each.id == "sledai_total")
    for path in (SUBJECT, SUBJECT + "screening/", EARLIER, SUBJECT + "trail/", "/demo/subjects/", "/demo/today/"):
        assert label.en not in client.get(path).content.decode(), path
    assert label.en in enter("investigator").get(SUBJECT + "screening/").content.decode()


def test_a_correction_has_a_reason_and_makes_the_signature_void(enter):
    client = enter("assessor")
    client.post(ASSESSMENT + "sign/", {"key": key(), "again": "assessor-01"})
    assert "Signed by assessor-01" in client.get(ASSESSMENT).content.decode()
    assert save(client, ASSESSMENT, pga="2.0").status_code == 422
    assert save(client, ASSESSMENT, pga="2.0", reason="misread").status_code == 302
    assert "values changed since assessor-01 signed" in client.get(ASSESSMENT).content.decode()


def test_nothing_on_their_pages_leads_to_what_they_must_not_know(enter):
    client = enter("assessor")
    for path in (SUBJECT, SUBJECT + "week_0/", SUBJECT + "week_2/", "/demo/today/", "/demo/subjects/"):
        found = client.get(path).content.decode()
        for word in ("laboratory", "immunology", "infusion", "adverse_events", "medication", "serious", "deviation"):
            assert not re.search(rf'href="[^"]*/{word}', found), (path, word)


def to_week_4(enter):
    held = {"key": key(), "on": "2021-05-13", "mode": "site"}
    assert enter("coordinator").post(SUBJECT + "week_4/hold/", held).status_code == 302


def signed(client, path):
    return client.post(path + "sign/", {"key": key(), "again": "assessor-01"})


def test_an_earlier_assessment_closes_once_it_is_signed(enter):
    client = enter("assessor")
    assert client.get(EARLIER).status_code == 200, "it waits for the signature"
    assert signed(client, EARLIER).url == SUBJECT + "screening/"
    visit = client.get(SUBJECT + "screening/").content.decode()
    assert answer_to(client, "screening/assessment/1/") == answer_to(client, "screening/nothing/1/")
    assert client.get(EARLIER + "pga/trail/").status_code == 404
    assert "PGA" not in client.get(SUBJECT + "eligibility/").content.decode().replace("not shown", "")
    assert "Disease activity" in visit, "that it was entered is no secret"
    assert 'href="' + EARLIER not in visit
    shown = client.get(SUBJECT + "trail/").content.decode()
    assert "Disease activity" in shown
    for path in ("trail/", "casebook.html"):
        assert not re.search("Screening[^<]*Disease activity", client.get(SUBJECT + path).content.decode()), path
    assert enter("investigator").get(EARLIER).status_code == 200, "who looks back does"
    assert client.get(ASSESSMENT).status_code == 200


def test_a_query_opens_an_earlier_assessment_until_it_is_answered(enter):
    client, monitor = enter("assessor"), enter("monitor", "")
    signed(client, EARLIER)
    monitor.post(EARLIER + "pga/query/", {"key": key(), "text": "Please read the source again"})
    assert client.get(EARLIER).status_code == 200
    assert "read the source again" in client.get("/demo/queries/").content.decode()
    subject = Ledger.of("demo").snapshot().subjects["01-001"]
    query = next(each for each in subject.queries.values() if each.text == "Please read the source again")
    answered = client.post(
        SUBJECT + "queries/answer/",
        {"key": key(), "query": query.id, "text": "as it stands"},
        headers={"HX-Request": "1"},
    )
    assert answered.headers["HX-Redirect"].startswith(SUBJECT + "screening/#")
    assert client.get(EARLIER).status_code == 404
    assert "read the source again" not in client.get("/demo/queries/?status=answered").content.decode()
    assert "read the source again" in monitor.get("/demo/queries/?status=answered").content.decode()
    again = {"key": key(), "query": query.id, "text": "x"}
    assert client.post(SUBJECT + "queries/answer/", again).status_code == 404


def test_what_was_left_open_at_an_earlier_visit_is_finished_and_then_closed(enter):
    """The BILAG of week 0 was not entered, and nobody signs it: it is open until it is whole."""
    client, bilag = enter("assessor"), SUBJECT + "week_0/bilag/1/"
    to_week_4(enter)
    begun = save(client, bilag, bilag_constitutional_any="no")
    assert begun.url.startswith(bilag), "not whole yet"
    typed = opened(client, bilag)
    none = {name: "no" for name in typed if name.startswith("bilag_") and name.endswith("_any")}
    shut = client.post(bilag, typed | none, headers={"HX-Request": "true"})
    assert shut.headers["HX-Redirect"] == SUBJECT + "week_0/"
    assert client.get(bilag).status_code == 404


def test_own_earlier_guesses_and_answers_are_not_beside_a_question(enter):
    to_week_4(enter)
    client = enter("assessor")
    later = SUBJECT + "week_4/assessment/1/"
    assert "before:" not in client.get(SUBJECT + "week_4/examination/1/").content.decode()
    assert "before:" in enter("nurse").get(SUBJECT + "week_4/examination/1/").content.decode()
    sight = room_of("demo", person("assessor"), "en").seen
    assert not any(
        sight.rule(rule) for rule in ("previous.pga > 1", "baseline.pga > 1", "week_0.pga > 1", "last.pga > 1")
    )
    assert sight.rule("pga > 1")
    assert client.get(later).status_code == 200
    assert client.get(ASSESSMENT).status_code == 200, "unsigned, so it waits"
    assert signed(client, ASSESSMENT).url == SUBJECT + "week_0/"
    for path in ("week_0/assessment/1/", "week_0/flare_components/1/", "week_0/examination/1/"):
        assert client.get(SUBJECT + path).status_code == 404, path

"""The outcome assessor judges the participant and nothing else: what is not theirs looks as if it did not exist."""

import re

import pytest

from equipoise.conduct.environment import History
from equipoise.ledger.store import Ledger
from tests.web.web_pages import key, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
SUBJECT = "/demo/subjects/01-001/"
ASSESSMENT = SUBJECT + "screening/assessment/1/"
# What an assessor might type into the address, and the same address with a name that no protocol has.
TRIED = {
    "week_0/laboratory/1/": "week_0/nothing/1/", "week_0/immunology/1/": "week_0/nothing/1/",
    "week_0/infusion/1/": "week_0/nothing/1/", "week_0/background_treatment/1/": "week_0/nothing/1/",
    "week_2/infusion/": "week_99/infusion/", "log/adverse_events/1/": "log/nothing/1/",
    "log/medication/1/": "log/nothing/1/", "log/masked_results/1/": "log/nothing/1/",
    "serious/1/": "serious/99/", "week_0/immunology/1/c3/trail/": "week_0/nothing/1/c3/trail/",
}  # fmt: skip


def answer_to(client, path):
    """Status, headers and page, without the address, the token and the number of the failure."""
    answer = client.get(SUBJECT + path)
    text = answer.content.decode().replace(SUBJECT + path, "")
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*|<code>[0-9a-f]{8}</code>', "", text)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, headers, text


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
    save(client, ASSESSMENT, pga="1.5", rash="present", reason="seen again")
    subject = Ledger.of("demo").snapshot().subjects["01-001"]
    protocol = Ledger.of("demo").protocol
    known = History(protocol, subject).at("screening")
    assert known.get("sledai_total") is not None, "the laboratory part was there, and nobody typed it"
    label = next(each.label for each in protocol.derivations if each.id == "sledai_total")
    for path in (SUBJECT, SUBJECT + "screening/", ASSESSMENT, SUBJECT + "trail/", "/demo/subjects/", "/demo/today/"):
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

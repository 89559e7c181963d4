"""Giving a role by a page: what is possible is shown before it is asked for, and who had what is a file."""

import csv
import io

import pytest

from equipoise.ledger.store import Ledger
from tests.web.people import entered, given, invited, with_app
from tests.web.web_pages import key, problem_ids

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
GIVE, NOW, REVIEW = "/demo/people/give/", "/demo/people/give/now/", "/demo/people/review.csv"


@pytest.fixture
def administrator(enter):
    return enter("administrator")


def give(client, **fields):
    sent = {"key": key(), "person": "p-wen", "name": "Wen Jing", "role": "coordinator@01", "start": "01AUG2021"}
    return client.post(NOW, {**sent, "again": "administrator", **fields})


def rows(client):
    text = client.get(REVIEW).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_role_is_given_and_its_duties_are_shown_before_the_next_one(administrator):
    assert give(administrator).headers["Location"] == "/demo/people/"
    (grant,) = Ledger.of("demo").snapshot().grants
    assert (grant.person, grant.name, grant.role, grant.site, str(grant.start)) == (
        "p-wen", "Wen Jing", "coordinator", "01", "2021-08-01",
    )  # fmt: skip
    page = administrator.get(GIVE, {"who": "p-wen"}).content.decode()
    assert {"conduct.E114", "conduct.E115", "conduct.E116"} <= problem_ids(page)
    assert '<option value="coordinator@02">' in page
    assert '<option value="coordinator@01">' not in page
    assert '<option value="pharmacist@01">' not in page
    assert "Wen Jing" in page


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"start": "yesterday"}, "items.E009"), ({"end": "x"}, "items.E009"), ({"again": "x"}, "accounts.E009"),
        ({"role": "nobody@01"}, "conduct.E110"), ({"role": ""}, "desk.E005"), ({"person": "Wen Jing"}, "desk.E005"),
        ({"end": "2021-01-01"}, "conduct.E112"), ({"person": "administrator"}, "conduct.E113"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_refused_in_words(administrator, wrong, problem):
    answer = give(administrator, **wrong)
    assert answer.status_code == 422
    assert problem in problem_ids(answer.content.decode())
    assert Ledger.of("demo").snapshot().grants == ()


def test_a_role_may_end_on_a_day_and_the_page_reads_in_chinese(enter):
    assert give(enter("administrator"), end="2022-08-01").status_code == 302
    assert str(Ledger.of("demo").snapshot().grants[0].end) == "2022-08-01"
    assert "授予角色" in enter("administrator", language="zh").get(GIVE, {"who": "p-wen"}).content.decode()


def test_with_accounts_only_who_has_one_is_given_a_role(settings):
    settings.DEMO = False
    chief, wen = invited("zhao@example.org", "Zhao Ning"), invited("wen@example.org", "Wen Jing")
    given(chief, "administrator")
    client = entered(chief)
    with_app(wen)
    answer = client.get(GIVE, {"who": "stranger@example.org"})
    assert (answer.status_code, problem_ids(answer.content.decode())) == (422, {"web.E032"})
    for who in ("WEN@example.org ", wen.person):
        assert "Wen Jing" in client.get(GIVE, {"who": who}).content.decode()
    unknown = client.post(NOW, {"key": key(), "person": "p-nobody", "role": "monitor@", "start": "01AUG2021"})
    assert problem_ids(unknown.content.decode()) == {"web.E032"}
    unproved = client.post(
        NOW, {"key": key(), "person": wen.person, "name": "X", "role": "monitor@", "start": "01AUG2021"}
    )
    assert problem_ids(unproved.content.decode()) == {"accounts.E010"}


def test_the_user_review_says_who_had_which_role_when(enter, administrator):
    give(administrator)
    administrator.post(
        "/demo/people/end/",
        {
            "key": key(),
            "person": "p-wen",
            "role": "coordinator",
            "site": "01",
            "reason": "left",
            "again": "administrator",
        },
    )
    (row,) = rows(enter("monitor"))
    assert (row["person"], row["role"], row["site"], row["from"], row["reason"]) == (
        "p-wen", "coordinator", "01", "2021-08-01", "left",
    )  # fmt: skip
    assert (row["given_by"], row["ended_by"]) == ("administrator", "administrator")
    assert row["given_at_utc"] == row["ended_at_utc"] == "2021-09-01T03:00:00Z"
    assert (row["taken_up_at_utc"], row["last_signed_in_utc"], row["masked"]) == ("", "", "yes")


def test_the_user_review_has_the_last_sign_in(settings):
    settings.DEMO = False
    chief = invited("zhao@example.org", "Zhao Ning")
    given(chief, "administrator")
    (row,) = rows(entered(chief))
    assert row["last_signed_in_utc"][:2] == "20"

"""Proving again who one is: what signs, what does not, and what is never shut out; and sessions that end."""

import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from equipoise.accounts import entrance, factors, sessions
from equipoise.accounts.models import SignIn
from equipoise.conduct.acts import EligibilityConfirmed, FormSigned
from equipoise.ledger.store import Ledger
from equipoise.web.reauthentication import again
from tests.web.people import (
    PASSWORD,
    Authenticator,
    browser,
    code,
    entered,
    given,
    invited,
    proving,
    with_app,
    with_passkey,
)
from tests.web.web_pages import key, problems_in

pytestmark = [pytest.mark.django_db(databases=["default", "allocator"]), pytest.mark.usefixtures("production")]
CONFIRM = "/demo/subjects/01-002/eligibility/confirm/"


def confirmed():
    return len(
        [each for each in Ledger.of("demo").acts(subject="01-002") if isinstance(each.act, EligibilityConfirmed)]
    )


def seated(account):
    """A browser signed in with a passkey, in the one role the account has; and the passkey."""
    client = browser()
    made = with_passkey(account, client)
    client.post("/account/enter/", {"study": "demo", "role": "investigator", "site": "01", "key": key()})
    return client, made


def test_an_open_session_alone_signs_nothing(lin):
    client = entered(lin)
    refused = client.post(CONFIRM, {"key": key()})
    assert (refused.status_code, problems_in(refused), confirmed()) == (422, {"accounts.E010"}, 0)
    assert "Confirm that this is you" in client.get("/demo/subjects/01-002/eligibility/").content.decode()


def test_the_first_time_takes_both_and_then_one_is_enough(lin):
    client = entered(lin)
    later = code(client.secret, 1)
    for part in ({"again_password": PASSWORD}, {"again_code": later}):
        assert problems_in(client.post(CONFIRM, {"key": key(), **part})) == {"accounts.E010"}
    both = {"again_password": PASSWORD, "again_code": later}
    assert client.post(CONFIRM, {"key": key(), **both}).status_code == 302
    assert confirmed() == 1
    assert problems_in(client.post(CONFIRM, {"key": key(), "again_password": PASSWORD})) != {"accounts.E010"}
    assert problems_in(client.post(CONFIRM, {"key": key()})) == {"accounts.E008"}
    assert problems_in(client.post(CONFIRM, {"key": key(), "again_password": "another-password-of-length"})) == {
        "accounts.E008"
    }


def test_the_same_request_once_more_is_answered_as_before(lin):
    client = entered(lin)
    data = {"key": key(), "again_password": PASSWORD, "again_code": code(client.secret, 1)}
    assert client.post(CONFIRM, data).status_code == 302
    assert client.post(CONFIRM, data).status_code == 302, "a button pressed twice"
    assert confirmed() == 1
    other = client.post("/demo/subjects/01-001/eligibility/confirm/", data)
    assert problems_in(other) == {"accounts.E008"}, "the proof belongs to one act"


def test_a_passkey_confirms_one_act_and_no_other(lin):
    client, made = seated(lin)
    proof = proving(client, made)
    assert problems_in(client.post(CONFIRM, {**proof, "key": key()})) == {"accounts.E007"}, "asked for with another key"
    assert problems_in(client.post(CONFIRM, proof)) == {"accounts.E007"}, "answered once, rightly or not"
    assert client.post(CONFIRM, proving(client, made)).status_code == 302
    assert confirmed() == 1


def test_somebody_elses_passkey_confirms_nothing(lin):
    client, _ = seated(lin)
    theirs = with_passkey(invited("ma@example.org", "Ma Li"), browser())
    assert problems_in(client.post(CONFIRM, proving(client, theirs))) == {"accounts.E007"}
    nobodys = Authenticator()
    assert problems_in(client.post(CONFIRM, proving(client, nobodys))) == {"accounts.E007"}


def test_who_is_locked_out_still_proves_it_with_a_recovery_code_or_a_passkey(lin):
    """What a code break asks is `again`: no number of wrong attempts by others shuts these two roads."""
    client = entered(lin)
    codes = factors.recovery_codes(lin)
    for _ in range(entrance.MOST_BY_EMAIL):
        entrance.note(lin, entrance.typed(lin.email), "10.0.0.9", "code", believed=False)
    shut = client.post(CONFIRM, {"key": key(), "again_password": PASSWORD, "again_code": code(client.secret, 1)})
    assert problems_in(shut) == {"accounts.E002"}
    proof = {"again_password": PASSWORD, "again_code": codes[0]}
    assert client.post(CONFIRM, {"key": key(), **proof}).status_code == 302
    asleep = browser()
    made = with_passkey(lin, asleep)
    asleep.post("/account/enter/", {"study": "demo", "role": "investigator", "site": "01", "key": key()})
    assert problems_in(asleep.post(CONFIRM, proving(asleep, made))) != {"accounts.E002"}


def test_who_has_passkeys_only_gives_a_recovery_code_when_the_phone_is_lost(lin):
    client, _ = seated(lin)
    codes = factors.recovery_codes(lin)
    assert "Or one of your recovery codes" in client.get("/demo/subjects/01-002/eligibility/").content.decode()
    assert problems_in(client.post(CONFIRM, {"key": key()})) == {"accounts.E008"}
    assert problems_in(client.post(CONFIRM, {"key": key(), "again_code": "000000000000"})) == {"accounts.E008"}
    assert client.post(CONFIRM, {"key": key(), "again_code": codes[0]}).status_code == 302


def test_wrong_attempts_in_an_open_session_are_counted_too(lin):
    client = entered(lin)
    for _ in range(entrance.MOST_BY_EMAIL):
        wrong = {"again_password": "another-password-of-length", "again_code": "000000"}
        assert problems_in(client.post(CONFIRM, {"key": key(), **wrong})) == {"accounts.E008"}
    assert problems_in(client.post(CONFIRM, {"key": key(), **wrong})) == {"accounts.E002"}


def test_a_signature_is_recorded_under_the_name_of_who_proved_it():
    account = invited("wen@example.org", "Wen Jing")
    given(account, "assessor", "01")
    client = entered(account)
    path = "/demo/subjects/01-001/week_0/assessment/1/"
    both = {"again_password": PASSWORD, "again_code": code(client.secret, 1)}
    assert problems_in(client.post(path + "sign/", {"key": key()})) == {"accounts.E010"}
    assert client.post(path + "sign/", {"key": key(), **both}).status_code == 302
    signed = [each for each in Ledger.of("demo").acts(subject="01-001") if isinstance(each.act, FormSigned)]
    assert [each.by.id for each in signed] == [account.person]
    assert "Signed by Wen Jing" in client.get(path).content.decode()


def test_in_a_demonstration_one_types_ones_id(enter, settings):
    settings.DEMO = True
    client = enter("investigator")
    for typed in ("", "coordinator-01"):
        refused = client.post(CONFIRM, {"key": key(), "again": typed})
        assert problems_in(refused) == {"accounts.E009"}
        assert "Type investigator-01" in refused.content.decode()
    assert client.post(CONFIRM, {"key": key(), "again": " investigator-01 "}).status_code == 302


def test_nobody_proves_to_be_nobody():
    request = RequestFactory().post("/")
    assert again(request, None).id == "accounts.E008"


# --- Sessions ---------------------------------------------------------------------------------------------------------


def pass_(monkeypatch, **time):
    later = timezone.now() + timedelta(**time)
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)


def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(lin, monkeypatch):
    client = entered(lin)
    for minutes in (15, 30, 45):
        with monkeypatch.context() as clock:
            pass_(clock, minutes=minutes)
            assert client.get("/demo/subjects/").status_code == 200, minutes
    with monkeypatch.context() as clock:
        pass_(clock, minutes=66)
        ended = client.get("/demo/subjects/")
    assert ended.headers["Location"] == "/?next=%2Fdemo%2Fsubjects%2F"
    assert client.get("/demo/subjects/").status_code == 302, "it does not come back"


def test_no_session_lasts_longer_than_a_shift(lin, monkeypatch):
    client = entered(lin)
    for minutes in range(15, 12 * 60, 15):
        with monkeypatch.context() as clock:
            pass_(clock, minutes=minutes)
            assert client.get("/account/").status_code == 200
    with monkeypatch.context() as clock:
        pass_(clock, hours=12, minutes=1)
        assert client.get("/account/").status_code == 302


def test_signing_in_again_leads_back_to_the_same_page(lin):
    secret, client = with_app(lin), browser()
    wanted = "/demo/subjects/01-001/week_0/examination/1/"
    door = client.get(wanted).headers["Location"]
    assert f'value="{wanted}"' in client.get(door).content.decode()
    data = {"email": lin.email, "password": PASSWORD, "code": code(secret), "next": wanted}
    assert client.post("/account/sign-in/", data).headers["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(lin, elsewhere):
    secret, client = with_app(lin), browser()
    data = {"email": lin.email, "password": PASSWORD, "code": code(secret), "next": elsewhere}
    assert client.post("/account/sign-in/", data).headers["Location"] == "/"


def test_a_new_session_keeps_nothing_of_the_one_before(lin):
    secret, client = with_app(lin), browser()
    client.get("/")
    client.post("/language/", {"language": "zh", "back": "/"})
    before = client.session.session_key
    data = {"email": lin.email, "password": PASSWORD, "code": code(secret)}
    client.post("/account/sign-in/", data)
    assert client.session.session_key != before
    assert 'lang="zh-CN"' in client.get("/").content.decode(), "but the language"
    assert SignIn.objects.filter(believed=True).count() == 1


def test_what_was_typed_is_kept_for_the_same_person_and_never_on_an_unmasked_page(lin):
    path = "/demo/subjects/01-001/week_0/examination/1/"
    vault = re.compile(r'data-vault="([^"]*)"')
    mine = vault.search(entered(lin).get(path).content.decode())[1]
    other = invited("ma@example.org", "Ma Li")
    given(other, "investigator", "01")
    assert vault.search(entered(lin).get(path).content.decode())[1] == mine, "in a later session too"
    assert vault.search(entered(other).get(path).content.decode())[1] not in ("", mine)
    unmasked = invited("he@example.org", "He Xin")
    given(unmasked, "unmasked_monitor")
    html = entered(unmasked).get("/demo/subjects/01-001/log/masked_results/1/").content.decode()
    assert vault.search(html)[1] == ""

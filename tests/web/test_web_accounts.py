"""Accounts: invitations, the two roads in, guessing that is slowed, and roles that come and go."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator as Stored
from django.contrib.sessions.models import Session
from django.utils import timezone

from equipoise.accounts import entrance, factors, invitations
from equipoise.accounts.models import Account, Invitation, SignIn
from equipoise.desk.delegation import end_role
from equipoise.ledger.store import Ledger
from equipoise.web import deployment
from tests.web.people import (
    PASSWORD,
    Authenticator,
    app_secret,
    browser,
    code,
    entered,
    given,
    invited,
    sign_in,
    token_of,
    with_app,
    with_passkey,
)
from tests.web.web_pages import key, problems_in
from tests.web.web_world import ADMINISTRATOR

pytestmark = [pytest.mark.django_db(databases=["default", "allocator"]), pytest.mark.usefixtures("production")]


# --- Nobody is there who was not invited ----------------------------------------------------------------------------


def test_there_is_no_account_and_no_way_to_make_one(client):
    assert not Account.objects.exists()
    page = client.get("/").content.decode()
    assert "Accounts are made by invitation" in page
    assert client.post("/sign-in/", {"role": "monitor"}).status_code == 404
    for path in ("/account/signup/", "/account/login/", "/account/password/reset/", "/accounts/signup/"):
        assert client.get(path).status_code in (302, 404), path
    assert client.get("/account/").headers["Location"] == "/"


def test_a_demonstration_has_no_accounts(client, settings, lin):
    settings.DEMO = True
    for path in ("/account/sign-in/", "/account/passkey/", "/account/passkey/challenge/"):
        assert client.post(path).status_code == 404, path


# --- Invitations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_invitation_is_used_with_password_and_app(lin, language):
    client, token = browser(language), token_of(lin)
    html = client.get(f"/invitation/{token}/").content.decode()
    assert ("Welcome, Lin Yue" if language == "en" else "欢迎，Lin Yue") in html
    assert ("Investigator" if language == "en" else "研究者") in html
    assert "<svg" in html
    assert not re.search(r"style=|data:", html)
    data = {"password": PASSWORD, "again": PASSWORD, "code": code(app_secret(html))}
    ready = client.post(f"/invitation/{token}/app/", data).content.decode()
    codes = re.findall(r"<li><code>([\d ]{14})</code>", ready)
    assert len(codes) == 10
    assert client.get("/").status_code == 200
    assert client.get(f"/invitation/{token}/").status_code == 410
    used = sign_in(browser(), lin.email, codes[3])
    assert used.status_code == 302
    assert problems_in(sign_in(browser(), lin.email, codes[3])) == {"accounts.E001"}, "a recovery code is good once"
    assert sign_in(browser(), lin.email, codes[4].replace(" ", "")).status_code == 302


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"password": "short", "again": "short"}, "accounts.E004"),
        ({"password": "lin@example.org12", "again": "lin@example.org12"}, "accounts.E004"),
        ({"again": "four-words-nobody-guesse"}, "accounts.E005"),
        ({"code": "000000"}, "accounts.E006"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_and_uses_nothing_up(lin, change, problem):
    client, token = browser(), token_of(lin)
    secret = app_secret(client.get(f"/invitation/{token}/").content.decode())
    wrong = client.post(
        f"/invitation/{token}/app/", {"password": PASSWORD, "again": PASSWORD, "code": code(secret), **change}
    )
    assert (wrong.status_code, problems_in(wrong)) == (422, {problem})
    assert app_secret(wrong.content.decode()) == secret, "the picture that was scanned stays"
    assert client.get(f"/invitation/{token}/").status_code == 200


def test_only_the_digest_of_a_link_is_kept_and_it_expires(lin):
    token = token_of(lin)
    assert token not in json.dumps(list(Invitation.objects.values()), default=str)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for path in ("", "passkey/", "app/"):
        answer = browser().get(f"/invitation/{token}/") if not path else browser().post(f"/invitation/{token}/{path}")
        assert (answer.status_code, "accounts.E003" in answer.content.decode()) == (410, True)
    assert browser().post(f"/invitation/{token}/options/").status_code == 404


def test_a_newer_link_ends_the_older_and_two_cannot_use_one(lin):
    first, second = token_of(lin), token_of(lin)
    assert browser().get(f"/invitation/{first}/").status_code == 410
    found = invitations.found(second)
    assert invitations.use(found)
    assert not invitations.use(found)
    assert not invitations.use_with_app(found, PASSWORD, factors.new_secret())
    assert not invitations.use_with_passkey(found, "{}", "phone")


def test_somebody_who_lost_everything_is_invited_again_and_nothing_old_works(lin):
    client = browser()
    with_passkey(lin, client)
    secret = with_app(lin)
    renewed = Authenticator()
    token = token_of(lin)
    options = browser_options(client, token)
    client.post(f"/invitation/{token}/passkey/", {"passkey": renewed.create(options), "name": ""})
    assert [each.wrap().name for each in factors.passkeys(lin)] == ["passkey"]
    lin.refresh_from_db()
    assert not lin.has_usable_password()
    assert problems_in(sign_in(browser(), lin.email, code(secret))) == {"accounts.E001"}


def browser_options(client, token):
    return client.post(f"/invitation/{token}/options/").json()


# --- Passkeys -------------------------------------------------------------------------------------------------------


def test_a_passkey_is_made_and_signs_in_without_a_name(lin):
    first = browser()
    made = with_passkey(lin, first)
    client = browser()
    options = client.post("/account/passkey/challenge/").json()
    assert not options["publicKey"].get("allowCredentials"), "a challenge to strangers names no credential"
    answer = client.post("/account/passkey/", {"passkey": made.get(options), "next": "/demo/queries/"})
    assert answer.headers["Location"] == "/demo/queries/"
    assert client.get("/demo/queries/").status_code == 200
    assert SignIn.objects.filter(by="passkey", believed=True, account=lin).count() == 1


def test_a_passkey_answers_only_its_own_challenge_once_and_only_here(lin):
    made = with_passkey(lin, browser())
    client = browser()
    options = client.post("/account/passkey/challenge/").json()
    said = made.get(options)
    assert problems_in(browser().post("/account/passkey/", {"passkey": said})) == {"accounts.E007"}, "another session"
    assert client.post("/account/passkey/", {"passkey": said}).status_code == 302
    client.post("/sign-out/")
    assert problems_in(client.post("/account/passkey/", {"passkey": said})) == {"accounts.E007"}, "answered once"
    options = client.post("/account/passkey/challenge/").json()
    elsewhere = made.get(options, origin="https://localhost.example")
    assert problems_in(client.post("/account/passkey/", {"passkey": elsewhere})) == {"accounts.E007"}
    options = client.post("/account/passkey/challenge/").json()
    stranger = Authenticator()
    stranger.handle = made.handle
    assert problems_in(client.post("/account/passkey/", {"passkey": stranger.get(options)})) == {"accounts.E007"}


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"response": {"userHandle": "!!"}}', "9" * 30_000])
def test_nonsense_in_place_of_a_passkey_is_refused(lin, answer):
    client = browser()
    client.post("/account/passkey/challenge/")
    assert problems_in(client.post("/account/passkey/", {"passkey": answer})) == {"accounts.E007"}
    token = token_of(lin)
    browser_options(client, token)
    assert problems_in(client.post(f"/invitation/{token}/passkey/", {"passkey": answer})) == {"accounts.E007"}
    assert client.get(f"/invitation/{token}/").status_code == 200, "the link is still good"


def test_a_passkey_that_did_not_look_who_it_is_is_not_kept(lin):
    client, token = browser(), token_of(lin)
    answer = Authenticator().create(browser_options(client, token), verified=False)
    assert problems_in(client.post(f"/invitation/{token}/passkey/", {"passkey": answer})) == {"accounts.E007"}
    assert not factors.passkeys(lin)


def test_an_account_that_ended_has_no_passkey_that_works(lin):
    made = with_passkey(lin, browser())
    lin.is_active = False
    lin.save()
    client = browser()
    options = client.post("/account/passkey/challenge/").json()
    assert problems_in(client.post("/account/passkey/", {"passkey": made.get(options)})) == {"accounts.E007"}


# --- Password and code ----------------------------------------------------------------------------------------------


def test_the_same_words_whatever_is_wrong(lin):
    secret = with_app(lin)
    attempts = [
        ("nobody@example.org", code(secret), PASSWORD),
        (lin.email, code(secret), "another-password-of-length"),
        (lin.email, "000000", PASSWORD),
        (lin.email, "", PASSWORD),
    ]
    for email, typed, password in attempts:
        SignIn.objects.all().delete()
        answer = sign_in(browser(), email, typed, password)
        assert (answer.status_code, problems_in(answer)) == (422, {"accounts.E001"})
    assert sign_in(browser(), "  LIN@Example.org ", code(secret)).status_code == 302


def test_a_code_of_the_app_is_good_once(lin):
    secret = with_app(lin)
    assert sign_in(browser(), lin.email, code(secret)).status_code == 302
    assert problems_in(sign_in(browser(), lin.email, code(secret))) == {"accounts.E001"}


def test_guessing_is_slowed_and_the_two_roads_that_cannot_be_guessed_stay_open(lin):
    secret, codes = with_app(lin), factors.recovery_codes(lin)
    for _ in range(entrance.MOST_BY_EMAIL):
        assert problems_in(sign_in(browser(), lin.email, "000000")) == {"accounts.E001"}
    assert problems_in(sign_in(browser(), lin.email, code(secret))) == {"accounts.E002"}
    assert sign_in(browser(), lin.email, codes[0]).status_code == 302, "a recovery code is never shut out"
    made, client = with_passkey(lin, browser()), browser()
    said = made.get(client.post("/account/passkey/challenge/").json())
    assert client.post("/account/passkey/", {"passkey": said}).status_code == 302, "nor is a passkey"
    past = timezone.now() - entrance.WINDOW - timedelta(seconds=1)
    SignIn.objects.update(at=past)
    secret = with_app(lin)
    assert sign_in(browser(), lin.email, code(secret)).status_code == 302


def test_an_account_that_does_not_exist_is_slowed_like_one_that_does():
    for _ in range(entrance.MOST_BY_EMAIL):
        assert problems_in(sign_in(browser(), "nobody@example.org", "000000")) == {"accounts.E001"}
    assert problems_in(sign_in(browser(), "nobody@example.org", "000000")) == {"accounts.E002"}


def test_one_address_that_tries_many_names_is_slowed():
    for number in range(entrance.MOST_BY_ADDRESS):
        entrance.note(None, entrance.typed(f"{number}@example.org"), "127.0.0.1", "code", believed=False)
    assert problems_in(sign_in(browser(), "another@example.org", "000000")) == {"accounts.E002"}
    there = browser(REMOTE_ADDR="10.0.0.7")
    assert problems_in(sign_in(there, "another@example.org", "000000")) == {"accounts.E001"}


def test_the_address_is_the_one_the_proxy_saw_and_none_that_a_visitor_wrote(settings, lin):
    settings.TLS = True
    client = browser(HTTP_X_FORWARDED_FOR="1.2.3.4, 10.9.8.7")
    sign_in(client, lin.email, "000000")
    assert SignIn.objects.get().address == "10.9.8.7"


def test_nothing_that_was_typed_is_kept(lin, caplog):
    caplog.set_level("INFO")
    secret = with_app(lin)
    sign_in(browser(), "nobody@example.org", "123456", "my-other-password-here")
    sign_in(browser(), lin.email, code(secret))
    rows = json.dumps([list(SignIn.objects.values()), list(Stored.objects.values())], default=str) + caplog.text
    for word in ("nobody@", "lin@", "123456", "my-other", PASSWORD, secret):
        assert word not in rows, word
    assert lin.person in caplog.text
    with pytest.raises(TypeError):
        SignIn.objects.first().delete()


# --- Roles ----------------------------------------------------------------------------------------------------------


def test_a_role_is_taken_up_by_its_holder_on_entering():
    account = invited("ma@example.org", "Ma Li")
    given(account, "nurse", "01", accepted=False)
    client = entered(account)
    assert client.get("/demo/").status_code == 302
    html = client.get("/").content.decode()
    assert "Accept the role and enter" in html
    wanted = {"study": "demo", "role": "nurse", "site": "01", "key": key(), "next": "/demo/subjects/"}
    assert client.post("/account/enter/", wanted).headers["Location"] == "/demo/subjects/"
    assert client.get("/demo/subjects/").status_code == 200
    last = list(Ledger.of("demo").acts(kinds=["RoleAccepted"]))[-1]
    assert (last.by.id, last.act.person) == (account.person, account.person)
    assert "Go on" in client.get("/").content.decode()


def test_a_study_is_seen_through_one_role_at_a_time():
    account = invited("ma@example.org", "Ma Li")
    given(account, "coordinator", "01")
    given(account, "coordinator", "02")
    given(account, "monitor", study="done")
    client = entered(account)
    assert client.get("/").content.decode().count("/account/enter/") == 3
    enter = {"role": "coordinator", "study": "demo", "key": key()}
    assert client.post("/account/enter/", {**enter, "site": "01"}).headers["Location"] == "/demo/"
    assert client.get("/demo/subjects/01-001/").status_code == 200
    assert client.get("/demo/subjects/02-001/").status_code == 404
    assert client.get("/done/").status_code == 404
    client.post("/account/enter/", {**enter, "site": "02", "next": "https://elsewhere.example/"})
    assert client.get("/demo/subjects/01-001/").status_code == 404
    assert client.get("/demo/subjects/02-001/").status_code == 200
    answer = client.post(
        "/account/enter/", {"role": "monitor", "study": "done", "site": "", "key": key(), "next": "/demo/"}
    )
    assert answer.headers["Location"] == "/done/"


@pytest.mark.parametrize(
    "wanted", [{"role": "investigator"}, {"site": "02"}, {"study": "done"}, {"study": "nothing"}, {"site": ""}]
)
def test_nobody_enters_in_a_role_they_were_not_given(wanted):
    account = invited("ma@example.org", "Ma Li")
    given(account, "coordinator", "01")
    client = entered(account)
    answer = client.post(
        "/account/enter/", {"study": "demo", "role": "coordinator", "site": "01", "key": key(), **wanted}
    )
    assert answer.status_code == 404


def test_a_role_that_ends_is_gone_with_the_next_page(lin):
    client = entered(lin)
    assert client.get("/demo/subjects/").status_code == 200
    end_role(deployment.desk("demo"), lin.person, "investigator", "01", by=ADMINISTRATOR, key="ended", reason="left")
    assert client.get("/demo/subjects/").status_code == 404
    assert "You have no role in any study today" in client.get("/").content.decode()


@pytest.mark.parametrize("dates", [{"start": "2021-09-02"}, {"end": "2021-08-31"}])
def test_a_role_counts_on_its_days_only(dates):
    account = invited("ma@example.org", "Ma Li")
    given(account, "coordinator", "01", **dates)
    client = entered(account)
    answer = client.post("/account/enter/", {"study": "demo", "role": "coordinator", "site": "01", "key": key()})
    assert answer.status_code == 404


def test_names_are_printed_where_ids_stand_in_the_ledger(lin):
    client = entered(lin)
    path = "/demo/subjects/01-001/week_0/examination/1/"
    assert client.get(path).status_code == 200
    client.post("/demo/subjects/01-002/eligibility/fail/", {"key": key(), "on": "2021-04-05", "reasons": ["other"]})
    trail = client.get("/demo/subjects/01-002/trail/").content.decode()
    assert "Lin Yue" in trail
    assert lin.person not in trail


# --- The delegation log ---------------------------------------------------------------------------------------------


def test_the_delegation_log_shows_the_whole_study_or_ones_own_site(lin):
    away = invited("ma@example.org", "Ma Li")
    given(away, "coordinator", "02", accepted=False)
    wang = invited("wang@example.org", "Wang Fang")
    given(wang, "administrator")
    html = entered(wang).get("/demo/people/").content.decode()
    assert all(name in html for name in ("Lin Yue", "Ma Li", "Wang Fang", "not taken up", "in force"))
    html = entered(lin).get("/demo/people/").content.decode()
    assert "Lin Yue" in html
    assert "Ma Li" not in html
    assert "End a role" not in html


def test_an_administrator_ends_a_role_for_a_reason_having_proved_who_they_are(lin):
    wang = invited("wang@example.org", "Wang Fang")
    given(wang, "administrator")
    client = entered(wang)
    data = {"person": lin.person, "role": "investigator", "site": "01", "reason": "left the hospital"}
    assert problems_in(client.post("/demo/people/end/", {**data, "key": key()})) == {"accounts.E010"}
    proof = {"again_password": PASSWORD, "again_code": code(client.secret, 1)}
    assert problems_in(client.post("/demo/people/end/", {**data, **proof, "key": key(), "reason": ""})) == {
        "conduct.E081"
    }
    again = {"again_password": PASSWORD, "key": key()}
    assert client.post("/demo/people/end/", {**data, **again}).status_code == 302
    assert "left the hospital" in client.get("/demo/people/").content.decode()


# --- One's own account ----------------------------------------------------------------------------------------------


def test_the_account_shows_with_what_one_signs_in(lin):
    client = browser("zh")
    with_passkey(lin, client)
    html = client.get("/account/").content.decode()
    assert "phone" in html
    assert lin.person in html
    assert "从未使用" in html


def test_a_further_way_to_sign_in_keeps_those_before(lin):
    client = entered(lin)
    refused = client.post("/account/renew/", {"key": key()})
    assert (refused.status_code, problems_in(refused)) == (422, {"accounts.E010"})
    proof = {"key": key(), "again_password": PASSWORD, "again_code": code(client.secret, 1)}
    place = client.post("/account/renew/", proof).headers["Location"]
    assert "Set up a further way" in client.get(place).content.decode()
    made = Authenticator()
    said = made.create(client.post(place + "options/").json())
    assert client.post(place + "passkey/", {"passkey": said, "name": "key"}).status_code == 200
    assert len(factors.passkeys(lin)) == 1
    assert factors.has_app(lin)


def test_every_session_ends_at_once(lin):
    one, other = entered(lin), browser()
    with_passkey(lin, other)
    assert Session.objects.count() >= 1
    other.post("/account/end-sessions/")
    assert other.get("/account/").status_code == 302
    assert one.get("/demo/subjects/").status_code == 302


@pytest.mark.parametrize("path", ["/account/renew/", "/account/end-sessions/", "/account/enter/"])
def test_a_stranger_has_no_account_to_change(client, path):
    assert client.post(path, {"key": key()}).headers["Location"] == "/"

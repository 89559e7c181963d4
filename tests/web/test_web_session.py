"""The end of a session as the server tells it: how much is left, that asking is not being there, what extends it."""

import pytest
from django.utils import timezone

from equipoise.accounts import sessions
from tests.web.people import browser, entered, given, invited

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
SESSION = "/account/session/"


@pytest.fixture
def lin(settings):
    settings.DEMO = False
    account = invited("lin@example.org")
    given(account, "coordinator", "01")
    return entered(account)


@pytest.fixture
def later(monkeypatch):
    """Let time pass for sessions."""
    began = timezone.now()

    def pass_(seconds):
        monkeypatch.setattr(sessions, "_now", lambda: int(began.timestamp()) + seconds)

    pass_(0)
    return pass_


def test_what_is_left_is_told_and_asking_is_not_being_there(lin, later):
    begun = lin.get(SESSION).json()["idle"]
    later(600)
    assert lin.get(SESSION).json()["idle"] == begun - 600
    later(610)
    assert lin.get(SESSION).json()["idle"] == begun - 610


def test_a_page_or_the_key_extends_it_and_not_its_longest_time(lin, later, settings):
    longest = lin.get(SESSION).json()["longest"]
    later(600)
    told = lin.post(SESSION + "stay/").json()
    assert (told["idle"], told["longest"]) == (settings.IDLE + 1, longest - 600)
    later(900)
    lin.get("/demo/subjects/")
    assert lin.get(SESSION).json()["idle"] == settings.IDLE + 1


def test_after_its_end_nobody_is_there(lin, later, settings):
    later(settings.IDLE + 30)
    assert lin.get(SESSION).status_code == 401
    assert lin.post(SESSION + "stay/").status_code == 401


def test_a_demonstration_and_a_stranger_have_no_session(client, settings):
    assert client.get(SESSION).status_code == 404
    settings.DEMO = False
    assert browser().get(SESSION).status_code == 401


def test_the_warning_comes_two_minutes_before_or_at_half_of_a_short_session(lin, settings):
    assert 'data-warn="120"' in lin.get("/demo/subjects/").content.decode()
    settings.IDLE = 60
    assert 'data-warn="30"' in lin.get("/demo/subjects/").content.decode()
    assert "Are you still there?" in lin.get("/demo/subjects/").content.decode()

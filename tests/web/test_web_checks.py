"""What must not be before a deployment is served, each alone."""

import json
import logging
import sys

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connections

from equipoise.web.checks import PRODUCTION
from equipoise.web.security import Structured

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
SECRET = "qT7-vN2_xK9mB4zL8wR1-sD6fH3jG5pY0cU-aE7iO2tQ9nM4kV"


@pytest.fixture
def sound(settings, tmp_path, monkeypatch):
    """A deployment against which nothing stands, with no study yet."""
    from equipoise.ledger.models import Study

    Study.objects.all().delete()
    settings.DEMO, settings.SECRET_KEY, settings.ALLOWED_HOSTS = False, SECRET, ["trial.example.org", "127.0.0.1"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.HOME = tmp_path
    tmp_path.chmod(0o750)
    monkeypatch.delenv("EQUIPOISE_WORKERS", raising=False)
    return settings


def found():
    return [each.id for each in run_checks(tags=[PRODUCTION], include_deployment_checks=True)]


def test_nothing_stands_against_a_sound_deployment(sound):
    assert found() == []


@pytest.mark.parametrize(
    ("identifier", "setting", "value"),
    [
        ("web.E101", "DEBUG", True),
        ("web.E104", "SECRET_KEY", ""),
        ("web.E104", "SECRET_KEY", "short"),
        ("web.E104", "SECRET_KEY", "a" * 64),
        ("web.E104", "SECRET_KEY", "only-for-the-demo-and-the-tests-and-made-longer-than-fifty"),
        ("web.E105", "ALLOWED_HOSTS", ["*"]),
        ("web.E105", "ALLOWED_HOSTS", ["trial.example.org", ".example.org"]),
        ("web.E105", "ALLOWED_HOSTS", [""]),
        ("web.E105", "ALLOWED_HOSTS", ["127.0.0.1", "localhost"]),
        ("web.E106", "SESSION_COOKIE_SECURE", False),
        ("web.E106", "CSRF_COOKIE_SECURE", False),
        ("web.E106", "SECURE_SSL_REDIRECT", False),
        ("web.E106", "SECURE_HSTS_SECONDS", 0),
    ],
)
def test_each_unsafe_setting_is_named_alone(sound, identifier, setting, value):
    setattr(sound, setting, value)
    assert found() == [identifier]


def test_a_home_that_others_can_enter_is_named(sound, tmp_path):
    tmp_path.chmod(0o755)
    assert found() == ["web.E108"]


def test_several_workers_need_postgresql(sound, monkeypatch):
    sqlite = any("sqlite" in database["ENGINE"] for database in sound.DATABASES.values())
    monkeypatch.setenv("EQUIPOISE_WORKERS", "4")
    assert found() == (["web.E102"] if sqlite else [])


def test_a_simulated_study_is_not_served_as_a_real_one_nor_a_real_one_with_an_open_door(sound):
    from equipoise.ledger.models import Study

    Study.objects.create(id="practice", head="", demo=True)
    assert found() == ["web.E107"]
    sound.DEMO = True
    assert found() == []
    Study.objects.create(id="real", head="", demo=False)
    assert found() == ["web.E103"]


def test_every_refusal_says_what_to_do(sound):
    sound.SECRET_KEY, sound.ALLOWED_HOSTS, sound.SESSION_COOKIE_SECURE = "", ["*"], False
    for each in run_checks(tags=[PRODUCTION], include_deployment_checks=True):
        assert each.hint
        assert each.is_serious()


# --- Whether it lives, and what it says in its log --------------------------------------------------------------------


def test_health_says_which_database_does_not_answer(client, monkeypatch):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    def no_cursor():
        raise OperationalError("away")

    monkeypatch.setattr(connections["allocator"], "cursor", no_cursor)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "databases": {"default": True, "allocator": False}}


def test_a_line_of_the_log_is_json_without_what_an_exception_says():
    try:
        raise ValueError("weight 61.5")
    except ValueError:
        record = logging.LogRecord("equipoise.web", 40, __file__, 1, "failure %s", ("ab12",), sys.exc_info())
    line = Structured().format(record)
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "equipoise.web", "failure ab12")
    assert said["exception"].startswith("ValueError at test_web_checks.py")
    assert "61.5" not in line

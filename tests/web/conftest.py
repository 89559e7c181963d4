"""A world of its own for every test, which the test's end undoes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from equipoise.accounts.models import Account
from equipoise.allocator import door
from equipoise.ledger import store
from equipoise.web import deployment
from tests.web.people import given, invited
from tests.web.web_world import load_slots, make_demo, make_done

Enter = Callable[..., Client]
NOW = datetime(2021, 9, 1, 3, 0, tzinfo=UTC)  # eleven o'clock in Shanghai


_rows: dict[str, list[tuple[Any, ...]]] = {}  # table → the rows of the world


def make_world() -> None:
    """Two studies: `demo`, open, and `done`, locked and opened. Made by the staff once, and by copy after that."""
    if not _rows:
        make_demo("demo")
        make_done("done")
        _rows.update((table, rows) for table in _tables() if (rows := _read(table)))
        return
    with connection.cursor() as cursor:
        for table, rows in _rows.items():
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
    for study in ("demo", "done"):  # the allocator's own guards let nobody copy a counter
        load_slots(study)
        door.assign(study=study, stratum="site=01", subject="01-001", at=NOW)


def _tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config("ledger").get_models()]


def _read(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return list(cursor.fetchall())


@pytest.fixture(autouse=True, scope="session")
def read_once() -> Iterator[None]:
    """The protocol of a study is read from its file once, as one process of the server does."""
    django_settings.SECRET_KEY = "only-for-these-tests"
    read, known = store._parse, {}

    def parse(stored: Any) -> Any:
        place = (stored.digest, stored.text)
        if place not in known:
            known[place] = read(stored)
        return known[place]

    store._parse = parse
    yield
    store._parse = read


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ledgers are read anew, since what a test recorded is undone in the database; it is the morning of one day."""
    monkeypatch.setattr(deployment, "now", lambda: NOW)
    settings.DEMO = True
    if request.node.get_closest_marker("django_db"):
        make_world()
    deployment.forget()
    yield
    deployment.forget()


@pytest.fixture
def enter() -> Enter:
    """A browser in which somebody is signed in: enter("nurse", "01", language="zh")."""

    def sign_in(role: str, site: str = "01", language: str = "en") -> Client:
        client = Client(headers={"accept-language": "zh-CN" if language == "zh" else "en"})
        answer = client.post("/sign-in/", {"role": role, "site": site})
        assert answer.status_code == 302
        return client

    return sign_in


@pytest.fixture
def production(settings: Any) -> None:
    """People sign in with accounts of their own, and no guess was made yet."""
    settings.DEMO = False
    cache.clear()


@pytest.fixture
def lin() -> Account:
    """An investigator at site 01, invited and given the role."""
    account = invited("lin@example.org")
    given(account, "investigator", "01")
    return account

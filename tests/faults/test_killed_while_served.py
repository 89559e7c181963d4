"""The server is killed while people type and save: what it acknowledged is there, once, and nothing is half kept.

Every visitor posts drafts and saves of whole blood pressures, each set of numbers used once, and notes the keys for
which an answer came. A key without an answer may be there or not; sent again after the restart, it is there once.
"""

import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count

import pytest

from tests.faults.databases import Postgres, SqliteFile
from tests.faults.served_world import PARTICIPANTS, STUDY
from tests.ledger.witness import ROWS, acts_of, first_broken
from tests.over_http import ROOT, Server, Visitor

ITEMS = ("systolic_1", "systolic_2", "systolic_3", "diastolic", "pulse")
Sent = tuple[str, dict[str, str]]  # the path, and what was sent


@dataclass
class Typist:
    """Somebody who types, saves and corrects one participant's blood pressure."""

    code: str
    numbers: Iterator[int] = field(default_factory=lambda: count())
    acknowledged: dict[str, Sent] = field(default_factory=dict)
    unknown: dict[str, Sent] = field(default_factory=dict)

    def work_until_killed(self, port: int) -> None:
        """Send one thing after the other until nobody answers any more."""
        with Visitor(port) as visitor, suppress(OSError, HTTPException):
            visitor.sign_in("assessor", "11")
            while True:
                self.send(visitor, *self._next())

    def send(self, visitor: Visitor, path: str, fields: dict[str, str]) -> None:
        """Send, and note whether an answer came."""
        self.unknown[fields["key"]] = (path, fields)
        answer = visitor.post(path, fields)
        assert answer.status == (200 if path.endswith("draft/") else 302), (answer.status, answer.html[-2000:])
        self.acknowledged[fields["key"]] = self.unknown.pop(fields["key"])

    def _next(self) -> Sent:
        number = next(self.numbers)
        texts = {item: str(100 + (number + place) % 60) for place, item in enumerate(ITEMS)}
        path = f"/{STUDY}/subjects/{self.code}/screening/blood_pressure/1/" + ("draft/" if number % 3 else "")
        return path, {**texts, "key": secrets.token_hex(16), "reason": "measured again"}


@pytest.fixture
def server(database, tmp_path, request):
    """A served study: one worker on SQLite, three on PostgreSQL, as a user who owns no table."""
    addresses = {"EQUIPOISE_HOME": "", "EQUIPOISE_DATABASE": "", "EQUIPOISE_ALLOCATOR": ""}
    if isinstance(database, Postgres):
        addresses |= database.owned
    made = [sys.executable, "-m", "tests.faults.served_world", str(tmp_path)]
    subprocess.run(made, cwd=ROOT, env=os.environ | addresses, check=True, capture_output=True)
    if isinstance(database, Postgres):
        addresses |= database.parted(tmp_path)
    server = Server(tmp_path, 1 if isinstance(database, SqliteFile) else 3, addresses)
    yield server
    server.kill()


def sweep(server, database, rounds, seed):
    """Kill it again and again under load; after each time look, and send again what was not answered."""
    typists = [Typist(f"11-{number + 1:03d}") for number in range(PARTICIPANTS)]
    chance = random.Random(seed)
    for _ in range(rounds):
        server.start()
        _send_again(server.port, typists)
        with ThreadPoolExecutor(PARTICIPANTS) as pool:
            at_work = [pool.submit(typist.work_until_killed, server.port) for typist in typists]
            time.sleep(chance.uniform(0.5, 1.5))
            server.kill()
            for each in at_work:
                each.result()
        assert_nothing_is_lost(database, typists)
    assert all(len(typist.acknowledged) > rounds for typist in typists)
    return typists


def _send_again(port, typists):
    for typist in typists:
        with Visitor(port) as visitor:
            visitor.sign_in("assessor", "11")
            for sent in list(typist.unknown.values()):
                typist.send(visitor, *sent)


def assert_nothing_is_lost(database, typists):
    database.come_to_rest()
    acts = acts_of(database.rows(ROWS.format(STUDY)))
    assert first_broken(acts) is None
    by_key = {act["key"]: act for act in acts}
    assert len(by_key) == len(acts)
    for typist in typists:
        assert typist.acknowledged.keys() <= by_key.keys()
        assert len(typist.unknown) <= 1
        for key, (path, fields) in {**typist.acknowledged, **typist.unknown}.items():
            if key in by_key:
                assert_whole(by_key[key], path, fields)
    asked = {key for typist in typists for key in (*typist.acknowledged, *typist.unknown)}
    first = {act["key"] for act in acts if act["kind"] in ("FormSaved", "FormDrafted")}
    assert first <= asked
    head = database.rows(f"SELECT sequence, head FROM ledger_study WHERE id = '{STUDY}'")
    assert head == [(acts[-1]["sequence"], acts[-1]["hash"])]


def assert_whole(act, path, fields):
    """A draft has every text that was sent with it, and a save every answer."""
    body, sent = json.loads(act["body"]), {item: fields[item] for item in ITEMS}
    if path.endswith("draft/"):
        assert {item: text for item, (text, _) in body["texts"].items()} == sent
    else:
        assert {item: new for item, (_, new) in body["changes"].items()} == sent


def assert_verified(server):
    """The product's own verification agrees: chain, replay and the projection of values."""
    command = [sys.executable, "-m", "equipoise.cli", "verify", "--home", str(server.home)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | server.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_killed_server_loses_nothing_it_acknowledged(server, database):
    sweep(server, database, 1, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_ten_kills_and_what_was_not_answered_sent_again(server, database):
    typists = sweep(server, database, 10, seed=2)
    server.start()
    _send_again(server.port, typists)
    assert not any(typist.unknown for typist in typists)
    with Visitor(server.port) as visitor:
        visitor.sign_in("assessor", "11")
        for typist in typists:
            path, fields = list(typist.acknowledged.values())[-1]
            page = visitor.get(path.removesuffix("draft/")).html
            assert all(f'value="{fields[item]}"' in page for item in ITEMS)
    server.kill()
    assert_nothing_is_lost(database, typists)
    assert_verified(server)

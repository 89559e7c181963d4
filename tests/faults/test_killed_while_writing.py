"""A writer is killed under load, again and again, and so is the database: what was acknowledged is there, once.

The invariants are those of `threats.md` §7.3: every acknowledged write is present, every other is present once or
absent, the chain is unbroken, and the system comes back without help.
"""

import random
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.databases import Postgres
from tests.faults.writer import STUDY
from tests.ledger.witness import ROWS, acts_of, first_broken

WRITER = Path(__file__).with_name("writer.py")


def write_until_killed(address, number, seconds, kill):
    """Let a writer work for some seconds after its first act, kill it, and read what it had said."""
    writer = subprocess.Popen(
        [sys.executable, WRITER, address, str(number)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert select.select([writer.stdout], [], [], 60)[0], "the writer did not begin"
    time.sleep(seconds)
    kill(writer)
    writer.kill()
    said = [line.split() for line in writer.communicate()[0].decode().splitlines()]
    return [key for word, key in (each for each in said if len(each) == 2) if word == "done"]


def assert_nothing_is_lost(database, acknowledged, rounds):
    database.come_to_rest()
    acts = acts_of(database.rows(ROWS.format(STUDY)))
    assert first_broken(acts) is None
    keys = [act["key"] for act in acts]
    assert len(set(keys)) == len(keys)
    assert set(acknowledged) <= set(keys)
    first = [key for key in keys if key != "open" and "." not in key]
    assert len(first) - len(acknowledged) <= rounds  # at most the one that was under way each time
    assert {f"{key}.1" for key in first} == {key for key in keys if "." in key}  # nothing is half done
    values = database.rows(f"SELECT COUNT(*), COUNT(DISTINCT sequence) FROM ledger_value WHERE study = '{STUDY}'")
    assert values == [(3 * len(first), len(first))]
    head = database.rows(f"SELECT sequence, head FROM ledger_study WHERE id = '{STUDY}'")
    assert head == [(acts[-1]["sequence"], acts[-1]["hash"])]


def sweep(database, rounds, kill, seed):
    chance, acknowledged = random.Random(seed), []
    for number in range(rounds):
        acknowledged += write_until_killed(database.address, number, chance.uniform(0.01, 0.3), kill)
        assert_nothing_is_lost(database, acknowledged, number + 1)
    assert acknowledged


BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@BOTH
def test_a_killed_writer_loses_nothing_it_acknowledged(database):
    sweep(database, 2, lambda writer: writer.kill(), seed=1)


@BOTH
@pytest.mark.slow
def test_two_hundred_kills(database):
    sweep(database, 200, lambda writer: writer.kill(), seed=2)


def test_a_crashed_server_loses_nothing_it_acknowledged(postgres):
    database = Postgres(postgres)
    sweep(database, 1, lambda writer: database.crash(), seed=3)


@pytest.mark.slow
def test_twenty_crashes(postgres):
    database = Postgres(postgres)
    sweep(database, 20, lambda writer: database.crash(), seed=4)


def test_a_killed_backend_is_an_error_and_a_retry_gives_one_act(postgres):
    """The server ends the writer's connection: what it was told last still stands."""
    database = Postgres(postgres)
    ending = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'equipoise'"
    )
    sweep(database, 1, lambda writer: database.rows(ending), seed=5)


def test_the_settings_make_every_commit_reach_the_disk():
    from django.conf import settings

    asked = settings.DATABASES["default"]
    if "sqlite" in asked["ENGINE"]:
        assert "synchronous=FULL" in asked["OPTIONS"]["init_command"]
        assert asked["OPTIONS"]["transaction_mode"] == "IMMEDIATE"

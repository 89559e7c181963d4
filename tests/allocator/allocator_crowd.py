"""A crowd at the allocator's door: run as a program of its own, on a database of its own, it prints what happened.

The address of the allocator's database is its one argument: a folder for SQLite, or postgresql://….
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from threading import Barrier

import django
from django.conf import settings

from equipoise.envelopes import SecondLock

CLIENTS, SUBJECTS = 20, 60
STRATA = ("PUMCH", "RJH")
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def set_up(address: str) -> None:
    from equipoise.web.settings import database

    settings.configure(
        DATABASES={"default": database(address, "main.sqlite3"), "allocator": database(address, "allocator.sqlite3")},
        DATABASE_ROUTERS=["equipoise.allocator.router.AllocatorRouter"],
        INSTALLED_APPS=["equipoise.allocator"],
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="allocator", verbosity=0, skip_checks=True)


def requests() -> Iterator[tuple[str, str]]:
    """Every participant asks three times: twice in one stratum (a double click), and once in the other (a mistake)."""
    for number in range(SUBJECTS):
        home, away = (STRATA, STRATA[::-1])[number % 2]
        yield from ((f"S{number:03d}", stratum) for stratum in (home, home, away))


def crowd() -> list[tuple[str, str]]:
    """What each request was answered: participant and label."""
    from django.db import connections

    from equipoise.allocator import door

    queue, together = list(requests()), Barrier(CLIENTS)

    def client(number: int) -> list[tuple[str, str]]:
        together.wait()
        answers = []
        for subject, stratum in queue[number::CLIENTS]:
            given = door.assign(study="trial", stratum=stratum, subject=subject, at=NOW)
            answers.append((subject, given.label if isinstance(given, door.Assigned) else given.problem.id))
        connections.close_all()
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [answer for answers in pool.map(client, range(CLIENTS)) for answer in answers]


_GIVEN = "subject = 'S000'"
_BOTH = (
    f"UPDATE allocator_slot SET subject = NULL, assigned_at = NULL WHERE {_GIVEN}",
    f"UPDATE allocator_slot SET subject = 'OTHER' WHERE {_GIVEN}",
    f"UPDATE allocator_slot SET position = 999 WHERE {_GIVEN}",
    "UPDATE allocator_slot SET label = 'OTHER' WHERE subject IS NULL",
    "UPDATE allocator_slot SET release = share WHERE subject IS NULL",
    f"UPDATE allocator_slot SET release = share WHERE {_GIVEN}",
    "UPDATE allocator_slot SET stratum = 'OTHER', subject = 'X', assigned_at = '2026-01-05' WHERE position = 61",
    "UPDATE allocator_slot SET subject = 'LATE', assigned_at = '2026-01-05' WHERE position = 69 AND stratum = 'RJH'",
    "UPDATE allocator_slot SET subject = 'LATE' WHERE subject IS NULL",
    "UPDATE allocator_counter SET next_position = 1",
    "UPDATE allocator_counter SET next_position = next_position + 2",
    "UPDATE allocator_counter SET study = 'other', next_position = next_position + 1",
    "DELETE FROM allocator_slot",
    f"DELETE FROM allocator_slot WHERE {_GIVEN}",
    "DELETE FROM allocator_counter",
    "DELETE FROM allocator_release",
    "UPDATE allocator_release SET reason = 'another'",
    "INSERT INTO allocator_slot (study, stratum, position, label, share, release, subject, assigned_at)"
    " VALUES ('trial', 'NEW', 1, 'NEWLABEL', '', '', 'SOMEBODY', '2026-01-05')",
    "INSERT INTO allocator_counter (study, stratum, next_position) VALUES ('trial', 'NEW', 7)",
)
_REPLACING = (
    "INSERT OR REPLACE INTO allocator_slot (study, stratum, position, label, share, release)"
    " SELECT study, stratum, position, label, share, release FROM allocator_slot WHERE subject = 'S000'",
    "INSERT OR REPLACE INTO allocator_slot (id, study, stratum, position, label, share, release)"
    " SELECT id, 'other', stratum, position, label, share, release FROM allocator_slot WHERE subject = 'S000'",
    "INSERT OR REPLACE INTO allocator_counter (study, stratum, next_position) VALUES ('trial', 'RJH', 1)",
    "INSERT OR REPLACE INTO allocator_release (id, study, label, by, role, reason, code_break, locked_by, at)"
    " SELECT id, study, label, 'nobody', role, reason, code_break, locked_by, at FROM allocator_release",
)
_EMPTYING = (
    *(f"TRUNCATE {table}" for table in ("allocator_slot", "allocator_counter", "allocator_release")),
    "SET session_replication_role = replica; DELETE FROM allocator_slot",
)
FORBIDDEN = {"sqlite": (*_BOTH, *_REPLACING), "postgresql": (*_BOTH, *_EMPTYING)}


def restored(locks: tuple[SecondLock, ...]) -> bool:
    """Whether a new store has everything the old one had, once it is told what the ledger knows."""
    from equipoise.allocator import door

    known = door.assignments(study="trial")
    loaded = door.load("restored", locks, known)
    same = door.assignments(study="restored") == known
    return same and loaded == door.Loaded(len(locks), len(STRATA), restored=SUBJECTS)


def main(address: str) -> None:
    set_up(address)
    from django.db import connections

    from equipoise.allocator import door
    from equipoise.envelopes import new_key, seal
    from equipoise.randomisation import seeded
    from tests.allocator.beside_the_door import refused_by_the_database

    key = new_key("pharmacist", seeded(b"crowd"), demo=True)
    plan = {stratum: tuple(arm for arm, _ in zip(cycle("ab"), range(70), strict=False)) for stratum in STRATA}
    _, locks = seal("trial", plan, [key.public], seeded(b"list"), demo=True)
    door.load("trial", locks)
    answers = crowd()
    label = dict(answers)["S000"]
    door.release_share(
        study="trial", label=label, by="p1", role="pharmacist", reason="dose", at=NOW, entitled={"pharmacist"}
    )
    refused = refused_by_the_database(FORBIDDEN)
    with connections["allocator"].cursor() as cursor:
        cursor.execute("SELECT stratum, position, label, subject FROM allocator_slot WHERE subject IS NOT NULL")
        given = cursor.fetchall()
        cursor.execute("SELECT stratum, next_position FROM allocator_counter")
        counters = dict(cursor.fetchall())
    found = {"answers": answers, "given": given, "counters": counters, "refused": refused}
    print(json.dumps(found | {"restored": restored(locks)}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(sys.argv[1])

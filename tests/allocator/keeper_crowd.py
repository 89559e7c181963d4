"""A crowd at the door of a minimised trial: run as a program of its own, it prints what happened.

The address of the allocator's database is the first argument: a folder for SQLite, or postgresql://…; the second is the
folder of the socket. The unlocked allocator is a process of its own that is killed in the middle and
unlocked again; whoever was refused meanwhile asks again, as people do.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

CLIENTS, SUBJECTS, KILLED_AFTER = 20, 30, 6  # slots given


def set_up(address: str, home: str) -> None:
    from django.conf import settings

    from equipoise.web.settings import database

    settings.configure(
        DATABASES={"default": database(home, "main.sqlite3"), "allocator": database(address, "allocator.sqlite3")},
        DATABASE_ROUTERS=["equipoise.allocator.router.AllocatorRouter"],
        INSTALLED_APPS=["equipoise.allocator"],
        ALLOCATOR_SOCKETS=home,
        USE_TZ=True,
    )
    import django

    django.setup()


def keep() -> None:
    """What `equipoise allocator run` does, without its imports: the process of the unlocked allocator."""
    from equipoise.allocator.asking import socket_of
    from equipoise.allocator.process import listening, serve
    from tests.allocator.minimised import keeper

    kept = keeper()
    with listening(socket_of("trial")) as server:
        print("unlocked", flush=True)
        serve(server, kept.answer)


def unlock(*where: str) -> "subprocess.Popen[str]":
    """The process, once it answers."""
    command = [*json.loads(os.environ["EQUIPOISE_TEST_PYTHON"]), __file__, *where, "keep"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "unlocked\n"
    return process


def crowd(*where: str) -> list[tuple[str, str]]:
    """What each request was answered: participant and label, or the refusal. Everybody asks twice at least."""
    from django.db import connections

    from equipoise.allocator import door
    from tests.allocator.minimised import PROFILES, assign

    queue = [(f"S{number:03d}", PROFILES[number % len(PROFILES)]) for number in range(SUBJECTS) for _ in range(2)]
    together, over = Barrier(CLIENTS + 1), Event()

    def client(number: int) -> list[tuple[str, str]]:
        together.wait()
        answers, mine = [], queue[number::CLIENTS]
        while mine:
            subject, profile = mine.pop(0)
            given = assign(subject, profile)
            refused = isinstance(given, door.Refused)
            answers.append((subject, given.problem.id if refused else given.label))
            if refused:
                mine.append((subject, profile))
                time.sleep(0.3)
        connections.close_all()
        return answers

    def killer() -> None:
        process = unlock(*where)
        together.wait()
        while len(door.assignments(study="trial")) < KILLED_AFTER:
            time.sleep(0.02)
        process.kill()
        process.wait()
        process = unlock(*where)
        over.wait()
        process.kill()
        process.wait()
        connections.close_all()

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        ending = pool.submit(killer)
        answers = [answer for answers in pool.map(client, range(CLIENTS)) for answer in answers]
        over.set()
        ending.result()
    return answers


_COLUMNS = "study, number, subject, stratum, set_aside, label, record"
_BOTH = (
    "UPDATE allocator_draw SET label = 'OTHER' WHERE number = 1",
    "UPDATE allocator_draw SET stratum = 'other'",
    "DELETE FROM allocator_draw",
    "UPDATE allocator_sealedseed SET choices = 1",
    "DELETE FROM allocator_sealedseed",
    f"INSERT INTO allocator_draw ({_COLUMNS}) SELECT study, number, 'X', stratum, set_aside, 'NEWLABEL', record"
    " FROM allocator_draw WHERE number = 1",
    f"INSERT INTO allocator_draw ({_COLUMNS}) SELECT study, 999, subject, stratum, set_aside, 'NEWLABEL', record"
    " FROM allocator_draw WHERE number = 1",
)
_REPLACING = (
    f"INSERT OR REPLACE INTO allocator_draw (id, {_COLUMNS}) SELECT id, {_COLUMNS} FROM allocator_draw",
    "INSERT OR REPLACE INTO allocator_sealedseed (study, file, digest, choices)"
    " SELECT study, file, digest, 1 FROM allocator_sealedseed",
)
_EMPTYING = (
    "TRUNCATE allocator_draw",
    "TRUNCATE allocator_sealedseed",
    "SET session_replication_role = replica; DELETE FROM allocator_draw",
)
FORBIDDEN = {"sqlite": (*_BOTH, *_REPLACING), "postgresql": (*_BOTH, *_EMPTYING)}


def main(address: str, folder: str) -> None:
    from dataclasses import replace

    from django.core.management import call_command

    from equipoise.allocator import door
    from equipoise.envelopes import SECOND_LOCKS, open_payloads, read_locks
    from tests.allocator import minimised
    from tests.allocator.beside_the_door import refused_by_the_database

    call_command("migrate", database="allocator", verbosity=0, skip_checks=True)
    held = minimised.ceremony(replace(minimised.DYNAMIC, slots=SUBJECTS + 2))
    locks = held.files[f"allocator/{SECOND_LOCKS}"]
    minimised.load(locks)
    answers = crowd(address, folder)
    draws = [(each.number, each.subject, each.stratum, each.label) for each in door.draws(study="trial")]
    opened = open_payloads(held.sealed, read_locks(locks)[1], minimised.PHARMACIST)
    arms = {each.slot: (each.arm, each.position) for each in opened}
    again = minimised.keeper()
    print(json.dumps({
        "answers": answers, "draws": draws, "arms": arms, "refused": refused_by_the_database(FORBIDDEN),
        "given": [(each.subject, each.label) for each in door.assignments(study="trial")],
        "agrees": getattr(again, "fault", again) is None,
    }))  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    set_up(*sys.argv[1:3])
    if len(sys.argv) == 4:
        keep()
    else:
        main(*sys.argv[1:])

"""A crowd at one ledger: two processes of ten threads each, on a database of its own; prints what happened.

The address of the database is the first argument: a folder for SQLite, or postgresql://…. The second is nothing, or
the number of the client this process is.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

CLIENTS, THREADS, KEYS, ASKED = 2, 10, 60, 3
PROTOCOL = Path(__file__).parents[2] / "trials" / "hypertension-tablets" / "protocol.yaml"


def set_up(address: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.web.settings"
    os.environ["EQUIPOISE_DATABASE"] = address
    import django

    django.setup()


def requests() -> list[str]:
    """Every act is asked for three times, by different clients: double clicks and impatient proxies."""
    return [f"key-{number % KEYS}" for number in range(KEYS * ASKED)]


def client(number: int) -> list[tuple[str, int, str]]:
    """What the threads of one process were answered: the key, the act's number and the code it gave."""
    from datetime import UTC, datetime

    from django.db import connection

    from equipoise.conduct.acts import Person, SubjectScreened
    from equipoise.ledger.store import Ledger

    ledger, together = Ledger.of("crowd"), Barrier(THREADS)
    mine = requests()[number::CLIENTS]

    def decide(fold):
        return [SubjectScreened(subject=f"11-{len(fold.subjects) + 1:03d}", site="11")]

    def thread(place: int) -> list[tuple[str, int, str]]:
        together.wait()
        answers = []
        for key in mine[place::THREADS]:
            at = datetime.now(UTC)
            act = ledger.append(decide, key=key, by=Person(f"p{number}", "coordinator", "11"), at=at).acts[0]
            answers.append((key, act.sequence, act.act.subject))
        connection.close()
        return answers

    with ThreadPoolExecutor(THREADS) as pool:
        return [answer for answers in pool.map(thread, range(THREADS)) for answer in answers]


def main(address: str) -> None:
    from datetime import UTC, datetime

    from django.core.management import call_command
    from django.db import connection

    from equipoise.conduct.acts import Person
    from equipoise.ledger.store import open_study
    from equipoise.ledger.verify import verify
    from tests.ledger.witness import ROWS

    call_command("migrate", database="default", verbosity=0, skip_checks=True)
    by, at = Person("administrator", "administrator"), datetime(2026, 1, 5, 8, tzinfo=UTC)
    ledger = open_study("crowd", PROTOCOL.read_bytes(), name="p.yaml", simulated=True, by=by, at=at, key="open")
    command = [*json.loads(os.environ["EQUIPOISE_TEST_PYTHON"]), __file__, address]
    running = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(CLIENTS)]
    alarms, looks = [], 0
    while any(process.poll() is None for process in running):
        alarms += map(str, verify(ledger).problems)  # while others write: no false alarm
        looks += 1
        time.sleep(0.3)
    answers = [answer for process in running for answer in json.loads(process.communicate()[0])]
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format("crowd"))
        rows = cursor.fetchall()
    problems = list(map(str, verify(ledger).problems))
    print(json.dumps({"answers": answers, "rows": rows, "alarms": alarms, "looks": looks, "problems": problems}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    set_up(sys.argv[1])
    if len(sys.argv) == 3:
        print(json.dumps(client(int(sys.argv[2]))))
    else:
        main(sys.argv[1])

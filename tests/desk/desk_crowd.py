"""A crowd at the desk: two servers of twenty-five threads each randomise on one deployment; prints what happened.

The address of the databases is the first argument: a folder for SQLite, or two of postgresql://… with a comma between
them. The second is nothing, or the number of the server this process is. One server is killed in the middle and
started again; its clients ask once more, as people do.
"""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from threading import Barrier

SERVERS, THREADS, PARTICIPANTS, SITES = 2, 25, 200, ("11", "12")
LIMIT, SLOTS = 60, 90  # of site 11 by the protocol; of every stratum by the list: both end before everybody is in
KILLED_AFTER = 20  # answers
NOW, ON = datetime(2026, 6, 1, 9, tzinfo=UTC), date(2026, 3, 16)
PROTOCOL = Path(__file__).parents[2] / "trials" / "hypertension-tablets" / "protocol.yaml"


def set_up(address: str) -> None:
    main, _, allocator = address.partition(",")
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.web.settings"
    os.environ["EQUIPOISE_DATABASE"], os.environ["EQUIPOISE_ALLOCATOR"] = main, allocator or main
    import django

    django.setup()


def participants() -> list[str]:
    """As many at each site, in turns."""
    return [f"{site}-{number:03d}" for number in range(1, PARTICIPANTS // len(SITES) + 1) for site in SITES]


def requests(server: int) -> list[tuple[str, str]]:
    """Everybody is asked for three times: a double click at one server, and an impatient second try at the other."""
    codes = participants()
    halves = [[code for place, code in enumerate(codes) if place // 2 % SERVERS == half] for half in range(SERVERS)]
    here = [(code, f"{code} first") for code in halves[server]]
    return [*here, *here, *((code, f"{code} second") for code in halves[1 - server])]


def server(number: int) -> None:
    """Answers its requests, each in a line of its own as soon as it is known."""
    from django.db import connections

    from equipoise.conduct.acts import Person
    from equipoise.desk import Desk, Done
    from equipoise.ledger.store import Ledger

    desk = Desk(Ledger.of("crowd"), clock=lambda: NOW, label=lambda: "BAG")
    mine, together = requests(number), Barrier(THREADS)

    def client(place: int) -> None:
        together.wait()
        for code, key in mine[place::THREADS]:
            by = Person(f"c{number}", "coordinator", code[:2])
            outcome = desk.randomise(code, on=ON, by=by, key=key)
            said = outcome.acts[0].act.slot if isinstance(outcome, Done) else outcome.problems[0].id
            sys.stdout.write(f"{code} {said}\n")
            sys.stdout.flush()
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(client, range(THREADS)))


def everybody_eligible(ledger) -> None:
    """Two hundred participants who may be randomised, in one transaction: how they came there is not at stake."""
    from equipoise.conduct import acts as a
    from tests.desk.at_work import HISTORY, LABORATORY, PRESSURE

    forms = {"history": HISTORY, "blood_pressure": PRESSURE, "laboratory": LABORATORY}
    acts = [a.SiteActivated(site=site) for site in SITES]
    for code in participants():
        who = {"subject": code}
        acts += [
            a.SubjectScreened(**who, site=code[:2]),
            a.Consented(**who, document="v1", language="zh", on=ON),
            a.VisitHeld(**who, visit="screening", on=ON),
            *(
                a.FormSaved(
                    **who, visit="screening", form=form, changes={item: (None, text) for item, text in typed.items()}
                )
                for form, typed in forms.items()
            ),
            a.EligibilityConfirmed(**who, criteria={}),
        ]
    ledger.append(lambda fold: acts, key="everybody", by=a.Person("s", "administrator"), at=NOW)


def answers(address: str) -> list[list[str]]:
    """What both servers said, the first one before and after it was killed."""
    command = [*json.loads(os.environ["EQUIPOISE_TEST_PYTHON"]), __file__, address]
    running = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(SERVERS)]
    said = list(islice(running[0].stdout, KILLED_AFTER))
    running[0].send_signal(signal.SIGKILL)
    said += running[0].communicate()[0].splitlines(keepends=True)
    running[0] = subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True)
    for process in running:
        said += process.communicate()[0].splitlines(keepends=True)
        assert process.returncode == 0
    return [line.split() for line in said if line.endswith("\n")]


def main(address: str) -> None:
    from django.core.management import call_command

    from equipoise.allocator import door
    from equipoise.conduct.acts import Person
    from equipoise.envelopes import SecondLock
    from equipoise.ledger.store import open_study
    from equipoise.ledger.verify import verify

    for database in ("default", "allocator"):
        call_command("migrate", database=database, verbosity=0, skip_checks=True)
    limit = f'\nrecruitment: {{most_by_site: {{"11": {LIMIT}}}}}\nobjectives:\n'
    text = PROTOCOL.read_text("utf-8").replace("\nobjectives:\n", limit).encode()
    by = Person("administrator", "administrator")
    ledger = open_study("crowd", text, name="p.yaml", simulated=True, by=by, at=NOW, key="open")
    everybody_eligible(ledger)
    strata = [f"site={site}|diabetes=no" for site in SITES]
    door.load("crowd", [
        SecondLock(f"{site:02d}SLOT{place:02d}", stratum, place, bytes(32), bytes(16))
        for site, stratum in enumerate(strata) for place in range(1, SLOTS + 1)
    ])  # fmt: skip
    said = answers(address)
    given = [(each.subject, each.stratum, each.label) for each in door.assignments(study="crowd")]
    recorded = [(each.act.subject, each.act.stratum, each.act.slot) for each in ledger.acts(kinds=["Randomised"])]
    problems = list(map(str, verify(ledger).problems))
    print(json.dumps({"said": said, "given": given, "recorded": recorded, "problems": problems}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    set_up(sys.argv[1])
    if len(sys.argv) == 3:
        server(int(sys.argv[2]))
    else:
        main(sys.argv[1])

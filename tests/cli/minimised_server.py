"""On the server of a minimised trial: participants who may be randomised, and requests to randomise them.

`python minimised_server.py HOME PROTOCOL CEREMONY` opens the study, loads what was sealed and makes eight participants
eligible; `python minimised_server.py HOME CODE…` randomises these.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from equipoise.cli.deployment import migrate, prepare

NOW, ON = datetime(2026, 6, 1, 9, tzinfo=UTC), date(2026, 3, 16)
STUDY = "hypertension-tablets"
CODES = [f"{site}-{number:03d}" for number in range(1, 5) for site in ("11", "12")]


def eligible(ledger):
    """How they came there is not at stake."""
    from equipoise.conduct import acts as a
    from tests.desk.at_work import HISTORY, LABORATORY, PRESSURE

    acts = [a.SiteActivated(site=site) for site in ("11", "12")]
    for code in CODES:
        forms = {"history": HISTORY | {"diabetes": "yes" if code > "12-002" else "no"}, "blood_pressure": PRESSURE}
        who = {"subject": code}
        acts += [
            a.SubjectScreened(**who, site=code[:2]),
            a.Consented(**who, document="v1", language="zh", on=ON),
            a.VisitHeld(**who, visit="screening", on=ON),
            *(
                a.FormSaved(**who, visit="screening", form=form, changes={item: (None, t) for item, t in typed.items()})
                for form, typed in {**forms, "laboratory": LABORATORY}.items()
            ),
            a.EligibilityConfirmed(**who, criteria={}),
        ]
    ledger.append(lambda fold: acts, key="eligible", by=a.Person("s", "administrator"), at=NOW)


def arrive(protocol, ceremony):
    """The study is opened, and both halves of the ceremony come as `equipoise load` brings them."""
    from equipoise.conduct.acts import Person
    from equipoise.ledger.store import open_study

    by = Person("Wu", "administrator")
    ledger = open_study(
        STUDY, protocol.read_bytes(), name=protocol.name, simulated=False, by=by, at=NOW, key="study-opened"
    )
    desk, published = desk_of(ledger), (ceremony / "publish" / "commitment.txt").read_text("utf-8")
    listed, second = ceremony / "web-host" / "sealed-list.json", ceremony / "allocator" / "second-locks.json"
    outcomes = [desk.load_list(listed.read_bytes(), published, by=by, key="list")]
    outcomes.append(desk.load_locks(second.read_bytes(), published, by=by, key="locks"))
    print(*(outcome.acts[0].act.kind for outcome in outcomes))
    eligible(ledger)


def desk_of(ledger):
    from equipoise.desk import Desk

    return Desk(ledger, clock=lambda: NOW, label=lambda: "BAG")


def randomise(codes):
    from equipoise.conduct.acts import Person
    from equipoise.desk import Done
    from equipoise.ledger.store import Ledger

    desk = desk_of(Ledger.of(STUDY))
    for code in codes:
        outcome = desk.randomise(code, on=ON, by=Person("c", "coordinator", code[:2]), key=f"randomise {code}")
        print(code, outcome.acts[0].act.slot if isinstance(outcome, Done) else outcome.problems[0].id)


def main(home, *arguments):
    prepare(Path(home), demo=False)
    if arguments[0] in CODES:
        randomise(arguments)
    else:
        migrate()
        arrive(*map(Path, arguments))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(*sys.argv[1:])

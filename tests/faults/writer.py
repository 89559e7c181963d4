"""A program that records acts as fast as it can until it is killed, and says each key it got an answer for.

Its arguments: the address of the database, and a number that makes its keys its own.
"""

import os
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROTOCOL = ROOT / "trials" / "hypertension-tablets" / "protocol.yaml"
STUDY = "faults"


def main(address: str, number: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.web.settings"
    os.environ["EQUIPOISE_DATABASE"] = address
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", database="default", verbosity=0, skip_checks=True)
    from equipoise.conduct.acts import FormSaved, Person, SubjectScreened
    from equipoise.ledger.store import open_study

    by = Person("coordinator-11", "coordinator", "11")
    ledger = open_study(
        STUDY, PROTOCOL.read_bytes(), name="p.yaml", simulated=True, by=by, at=datetime.now(UTC), key="open"
    )

    def decide(fold):
        code = f"11-{len(fold.subjects) + 1:03d}"
        changes = dict.fromkeys(("systolic_1", "systolic_2", "systolic_3"), (None, "150"))
        saved = FormSaved(subject=code, visit="screening", form="blood_pressure", changes=changes)
        return [SubjectScreened(subject=code, site="11"), saved]

    for each in count():
        key = f"{number}-{each}"
        print("asked", key, flush=True)
        ledger.append(decide, key=key, by=by, at=datetime.now(UTC))
        print("done", key, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

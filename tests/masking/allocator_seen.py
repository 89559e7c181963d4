"""What whoever owns the allocator's database sees of each participant, as numbers: every cell of every row about them.

A pharmacy works through the allocator's own doors: slots are given, orders opened, preparations recorded and sealed.
How long a preparation takes is drawn without the arm; what a leak would look like can be put in.
"""

import zlib
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from django.db import connections

from equipoise.allocator import door, register
from equipoise.envelopes import Place, SealedRecord, seal_entry
from equipoise.randomisation import seeded

VISIT = "week_0"
READERS = {"pharmacist"}
CONTENT = {
    "drug": {"kind": "preparation", "lines": [{"product": "belimumab_vial", "lot": "BEL-2291", "units": 1}]},
    "placebo": {"kind": "preparation", "lines": [{"product": "saline", "lot": "S7", "units": 1}]},
}
BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
EDGE = 24  # bytes at either end of what is long


def usual(arm, random):
    """Minutes between the order and its record."""
    return random.uniform(5, 55)


def conduct(study, plan, locks, keys, *, minutes=usual, longer=lambda arm: 0):
    """A pharmacy at every site: slots are given in turn, and each participant has a dose on a day of their own."""
    assert isinstance(door.load(study, locks), door.Loaded)
    random, source = Random(f"{study} pharmacy"), seeded(study.encode(), "records")
    bags = (f"B{source(5).hex().upper()}" for _ in count())
    appointments = []
    for site, (stratum, arms) in enumerate(sorted(plan.items()), start=1):
        for number, arm in enumerate(arms, start=1):
            subject, at = f"0{site}-{number:03d}", BEGINNING + timedelta(days=number, hours=random.uniform(0, 6))
            given = door.assign(study=study, stratum=stratum, subject=subject, at=at)
            assert isinstance(given, door.Assigned)
            appointments.append((at + timedelta(hours=2), subject, arm))
    for at, subject, arm in sorted(appointments):
        asked = {"by": "p", "role": "pharmacist", "entitled": READERS}
        opened = register.open_order(study=study, subject=subject, visit=VISIT, bag=lambda: next(bags), at=at, **asked)
        place = Place(study, subject[:2], source(16).hex(), opened.order.bag)
        content = CONTENT[arm] | {"subject": subject, "visit": VISIT, "bag": place.bag, "day": at.date().isoformat()}
        sealed = seal_entry(content, place, keys, source)
        sealed = SealedRecord(sealed.box + bytes(longer(arm)), sealed.wraps)
        then = at + timedelta(minutes=minutes(arm, random))
        row = register.add_record(place=place, sealed=sealed, at=then, may_see=bool, **asked)
        assert not isinstance(row, register.Refused)


def seen(study):
    """For each label of the list the numbers of its rows, table by table in the order of their ids, and the times
    between them."""
    rows = {name: table(name, study) for name in tables()}
    bags = {}
    for order in rows["allocator_order"]:
        bags.setdefault(order["subject"], []).append(order["bag"])
    found = {}
    for slot in rows["allocator_slot"]:
        mine = {slot["subject"], slot["label"], *bags[slot["subject"]]}
        about = [row for each in rows.values() for row in each if mine & set(filter(is_text, row.values()))]
        cells = [number for row in about for name, cell in row.items() for number in numbers(name, cell)]
        times = [minute(cell) for row in about for cell in row.values() if isinstance(cell, datetime)]
        found[slot["label"]] = cells + [later - earlier for i, later in enumerate(times) for earlier in times[:i]]
    return found


def tables():
    names = connections["allocator"].introspection.table_names()
    return sorted(name for name in names if name.startswith("allocator_"))


def table(name, study):
    """The rows of a study with the place of each among them."""
    with connections["allocator"].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name} WHERE study = %s ORDER BY 1", [study])
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) | {"place": n} for n, row in enumerate(cursor.fetchall())]


def is_text(cell):
    return isinstance(cell, str)


def minute(at):
    return (at - BEGINNING.replace(tzinfo=at.tzinfo)).total_seconds() / 60


def numbers(name, cell):
    """A cell as numbers: what is long by its size, how far it can be compressed, and its two ends."""
    if name == "study" or cell is None:
        return []
    if isinstance(cell, int | float):
        return [cell]
    if isinstance(cell, datetime):
        return [minute(cell), minute(cell) % (24 * 60)]
    data = bytes(cell) if isinstance(cell, bytes | memoryview) else cell.encode()
    ends = (data[:EDGE] + data[-EDGE:]).ljust(2 * EDGE, b"\0")
    return [len(data), len(zlib.compress(data)), *ends]

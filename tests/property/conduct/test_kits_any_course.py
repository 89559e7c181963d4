"""Whatever people try with kits: what is not allowed changes nothing, and what came to a site is somewhere."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct import acts as a
from equipoise.conduct.decisions import refusals
from equipoise.conduct.fold import Fold
from equipoise.conduct.kit_accountability import daily
from equipoise.conduct.kits import HELD
from equipoise.conduct.situation import Situation
from equipoise.protocol.load import load

FILE = Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml"
PROTOCOL = load(FILE.read_bytes())[0]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = START.date()
PACKS = {f"PACK000{p}": tuple(f"{p}KIT0000{n}" for n in range(4)) for p in range(3)}
NUMBERS = [number for numbers in PACKS.values() for number in numbers]
SITES, SUBJECTS = ("11", "12"), ("11-001", "11-002", "12-001")

KIT, SITE, SUBJECT = st.sampled_from(NUMBERS), st.sampled_from(SITES), st.sampled_from(SUBJECTS)
SOME = st.lists(KIT, min_size=1, max_size=3).map(tuple)
VISIT = st.sampled_from(["week_0", "week_4", "week_12"])


def making(kind, **parts):
    return st.builds(lambda **what: a.ACTS[kind](**what), **parts)


TRIES = st.one_of(
    making("KitsShipped", shipment=st.just("BY-FORCE"), depot=st.just("central"), site=SITE,
           packs=st.lists(st.sampled_from(sorted(PACKS)), min_size=1, max_size=2).map(tuple)),
    making("KitsQuarantined", site=SITE, kits=SOME), making("KitsDecided", site=SITE, kits=SOME, usable=st.booleans()),
    making("KitsWithdrawn", site=SITE, kits=SOME, because=st.sampled_from(["damaged", "missing"])),
    making("KitsDestroyed", site=SITE, kits=SOME), making("KitDispensed", subject=SUBJECT, visit=VISIT, kit=KIT),
    making("KitReplaced", subject=SUBJECT, visit=VISIT, kit=KIT, replaces=KIT,
           because=st.sampled_from(["lost", "damaged", "not_dispensed", "misallocated"])),
    making("KitMisallocated", subject=SUBJECT, visit=VISIT, kit=KIT, assigned=st.one_of(st.just(""), KIT)),
    making("KitReturned", subject=SUBJECT, kit=KIT, units=st.integers(0, 40)),
)  # fmt: skip


def sure():
    """What happens in every course before anything is tried: one pack at each site, two participants at the first."""
    yield a.StudyOpened(protocol="p", protocol_version="1", simulated=True)
    yield from (a.SiteActivated(site=site) for site in SITES)
    yield a.ACTS["KitsPacked"](lot="L1", expiry=date(2028, 1, 1), depot="central", packs=PACKS)
    for subject in SUBJECTS:
        yield a.SubjectScreened(subject=subject, site=subject[:2])
        yield a.Randomised(subject=subject, stratum="s", slot=subject, on=DAY)
        yield from (a.VisitHeld(subject=subject, visit=visit, on=DAY) for visit in ("week_0", "week_4"))
    for number, site in enumerate(SITES):
        pack = sorted(PACKS)[number]
        yield a.ACTS["KitsShipped"](shipment=f"SHIP-{site}", depot="central", site=site, packs=(pack,))
        yield a.ACTS["KitsReceived"](shipment=f"SHIP-{site}", site=site, received=PACKS[pack])


def put(acts, fold, act, hours):
    number = len(acts) + 1
    by, at = a.Person("p", "coordinator"), START + timedelta(hours=hours)
    acts.append(a.Recorded("tablets", number, str(number), at, by, "", "d", act, "", f"{number:064d}"))
    fold.add(acts[-1])


def conducted(tries):
    acts, fold = [], Fold("tablets", PROTOCOL)
    for act in sure():
        put(acts, fold, act, 0)
    for number, act in enumerate(tries):
        subject = fold.subjects.get(getattr(act, "subject", ""))
        now = START + timedelta(hours=7 * number)
        judged = Situation(PROTOCOL, fold.sites, fold.locked, subject, now, "a reason", kits=fold.kits)
        if not refusals(act, judged):
            put(acts, fold, act, 7 * number)
    return acts, fold.snapshot()


@given(st.lists(TRIES, max_size=25))
def test_nothing_is_given_twice_and_every_day_balances(tries):
    acts, snapshot = conducted(tries)
    given = [each.act.kit for each in acts if isinstance(each.act, a.KitDispensed | a.KitReplaced)]
    assert len(set(given)) == len(given)
    for site in SITES:
        days = daily(acts, site, "Asia/Shanghai")
        assert all(day.balances for day in days)
        on_hand = sum(kit.site == site and kit.status in HELD for kit in snapshot.kits.values())
        assert days[-1].on_hand == on_hand


@given(st.lists(TRIES, max_size=25))
def test_a_participant_has_what_the_last_act_says_and_only_from_the_own_site(tries):
    """What was dispensed to somebody and taken by another stays theirs to replace, and is with who took it."""
    acts, snapshot = conducted(tries)
    took = {each.act.kit: each.act for each in acts if isinstance(each.act, a.KitMisallocated)}
    for subject in snapshot.subjects.values():
        for visit, (number,) in subject.doses.items():
            kit, mistake = snapshot.kits[number], took.get(number)
            who = (mistake.subject, mistake.visit) if mistake else (subject.code, visit)
            assert (kit.subject, kit.visit, kit.site) == (*who, subject.site)
            assert kit.status in ("dispensed", "misallocated", "returned", "destroyed", "lost")
    for number, act in took.items():
        assert snapshot.kits[number].status not in ("available", "dispensed"), act
    assert set(snapshot.kits) == set(NUMBERS)

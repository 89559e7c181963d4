"""A pharmacist's key is stolen, and with it whatever lies on the two servers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from equipoise.allocator import door
from equipoise.allocator.models import Release, Slot
from equipoise.envelopes import ESCROW, SealError, new_key, open_slot, read_list, seal
from equipoise.ledger.models import SealedList
from equipoise.ledger.sealed import keep
from equipoise.randomisation import seeded

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
STUDY = "stolen"
PLAN = {f"site={site}": ("drug", "placebo", "placebo", "drug") for site in ("01", "02", "03")}
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
KEYS = {site: new_key("pharmacist", seeded(b"key", site), demo=True, holder=site) for site in ("01", "02", "03", "")}


@pytest.fixture
def trial():
    """Two participants at each site, whose first dose was prepared; two more slots are nobody's yet."""
    everybody = [replace(key.public, site=site) for site, key in KEYS.items()]
    escrow = new_key(ESCROW, seeded(b"escrow"), demo=True).public
    sealed, locks = seal(STUDY, PLAN, [*everybody, escrow], seeded(b"list"), demo=True)
    assert keep(sealed)
    assert isinstance(door.load(STUDY, locks), door.Loaded)
    for stratum in PLAN:
        for number in (1, 2):
            given = door.assign(study=STUDY, stratum=stratum, subject=f"{stratum[-2:]}-{number}", at=AT)
            door.release_share(
                study=STUDY, label=given.label, by="p", role="pharmacist", reason="dose", at=AT, entitled={"pharmacist"}
            )


def opened_by(site, shares):
    """The strata of the envelopes that a thief opens, each as often as there is one, with a key and these shares."""
    listed = read_list(bytes(SealedList.objects.get(study=STUDY).file))
    stratum_of = dict(Slot.objects.filter(study=STUDY).values_list("label", "stratum"))
    return sorted(
        stratum_of[slot.label] for slot in listed.slots for share in shares if opens(listed, slot, share, site)
    )


def opens(listed, slot, share, site):
    try:
        return bool(open_slot(listed.context, slot, share, KEYS[site]))
    except SealError:
        return False


def second_locks(**which):
    return [bytes(share) for share in Slot.objects.filter(study=STUDY, **which).values_list("share", flat=True)]


@pytest.mark.parametrize("site", ["01", "02", "03"])
def test_with_all_that_was_released_it_opens_what_was_released_at_its_own_site(trial, site):
    released = second_locks(label__in=Release.objects.filter(study=STUDY).values_list("label", flat=True))
    assert len(released) == 6
    assert opened_by(site, released) == [f"site={site}"] * 2
    assert opened_by("", released) == sorted([*PLAN] * 2)


def test_with_the_whole_of_both_databases_it_opens_its_own_site_and_no_other(trial):
    assert opened_by("02", second_locks()) == ["site=02"] * 4
    assert opened_by("", second_locks()) == sorted([*PLAN] * 4)

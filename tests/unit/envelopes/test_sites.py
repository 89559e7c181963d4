"""A key bound to a site opens that site's envelopes and no other, and nothing in the list shows which those are."""

import json
from dataclasses import replace

import pytest

from equipoise.envelopes import (
    SealError,
    hold_kits,
    new_key,
    open_at_site,
    open_list,
    open_payloads,
    open_slot,
    read_list,
    rewrap,
    seal,
    site_of,
    write_list,
)
from equipoise.envelopes.boxes import unwrap
from equipoise.randomisation import operating_system, seeded

PLAN = {
    "site=01|sex=female": ("drug", "placebo"),
    "site=01|sex=male": ("placebo", "drug"),
    "site=02|sex=female": ("drug", "drug"),
    "site=02|sex=male": ("placebo", "placebo"),
}


def key_of(name, role="pharmacist"):
    return new_key(role, seeded(b"keys", name), demo=True, holder=name)


LI, WANG, ZHAO, MONITOR, ESCROW = key_of("Li"), key_of("Wang"), key_of("Zhao"), key_of("M", "monitor"), key_of("E")
BOUND = [
    replace(LI.public, site="01"),
    replace(WANG.public, site="01"),
    replace(ZHAO.public, site="02"),
    MONITOR.public,
    ESCROW.public,
]
SITE = {LI: "01", WANG: "01", ZHAO: "02"}


def sealed(plan=PLAN, recipients=BOUND, seed=b"list"):
    return seal("trial", plan, recipients, seeded(seed), demo=True)


LIST, LOCKS = sealed()
BY_LABEL = {lock.label: lock for lock in LOCKS}


def opened_by(key, listed=LIST):
    """The labels that a key opens, with all second locks in hand."""
    return {slot.label for slot in listed.slots if not isinstance(attempt(key, slot, listed), SealError)}


def attempt(key, slot, listed=LIST):
    try:
        return open_slot(listed.context, slot, BY_LABEL[slot.label].share, key)
    except SealError as error:
        return error


def labels_of(site):
    return {lock.label for lock in LOCKS if site_of(lock.stratum) == site}


def one_of(site):
    return next(slot for slot in LIST.slots if slot.label in labels_of(site))


# --- What a bound key opens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [LI, WANG, ZHAO], ids=lambda key: key.holder)
def test_a_bound_key_opens_its_site_and_no_other_even_with_every_second_lock(key):
    assert opened_by(key) == labels_of(SITE[key])
    assert len(labels_of(SITE[key])) == 4


@pytest.mark.parametrize("key", [MONITOR, ESCROW], ids=lambda key: key.holder)
def test_a_key_bound_to_no_site_opens_every_envelope(key):
    assert opened_by(key) == set(BY_LABEL)
    expected = {label: PLAN[lock.stratum][lock.position - 1] for label, lock in BY_LABEL.items()}
    assert open_list(LIST, LOCKS, key) == expected


def test_what_two_bound_keys_unwrap_of_another_site_is_random_and_not_the_same():
    other = one_of("02")
    shares = [unwrap(other.wraps[key.recipient], key) for key in (LI, WANG, ZHAO)]
    assert len(set(shares)) == 3
    assert {len(share) for share in shares} == {32}


@pytest.mark.parametrize(
    ("stratum", "site"), [("site=01", "01"), ("sex=male|site=07", "07"), ("all", ""), ("sex=male", ""), ("", "")]
)
def test_a_stratum_says_its_site(stratum, site):
    assert site_of(stratum) == site


# --- What the list shows --------------------------------------------------------------------------------------------


def test_every_envelope_has_as_many_locks_of_one_size_for_whomever_it_is():
    assert {tuple(slot.wraps) for slot in LIST.slots} == {tuple(each.recipient for each in BOUND)}
    assert {len(wrapped) for slot in LIST.slots for wrapped in slot.wraps.values()} == {32 + 16 + 32}


def test_the_heading_names_who_is_bound_to_what_and_the_file_comes_back():
    assert json.loads(write_list(LIST))["sites"] == {
        "pharmacist/Li": "01",
        "pharmacist/Wang": "01",
        "pharmacist/Zhao": "02",
    }
    assert read_list(write_list(LIST)) == LIST
    assert [LIST.site_of(name) for name in ("pharmacist/Zhao", "monitor/M", "nobody")] == ["02", "", ""]


def test_a_list_that_binds_nobody_says_nothing_of_sites():
    plain, _ = sealed(recipients=[replace(each, site="") for each in BOUND])
    assert b'"sites"' not in write_list(plain)
    assert read_list(write_list(plain)) == plain


@pytest.mark.parametrize("sites", [[], "01", 3, None])
def test_sites_of_another_kind_make_no_list(sites):
    assert read_list(json.dumps(json.loads(write_list(LIST)) | {"sites": sites}).encode()).id == "envelopes.E022"


def test_with_the_arms_exchanged_only_locked_bytes_and_commitment_differ():
    other = {"drug": "placebo", "placebo": "drug"}
    twin, twin_locks = sealed({stratum: tuple(map(other.get, arms)) for stratum, arms in PLAN.items()})
    assert twin_locks == LOCKS
    for slot, its_twin in zip(LIST.slots, twin.slots, strict=True):
        assert (slot.label, slot.wraps) == (its_twin.label, its_twin.wraps)


def test_as_much_is_drawn_whatever_the_stratum_of_a_slot_is():
    """The same labels in the opposite strata: everything drawn is the same, and only what lies in the boxes differs."""
    turned = {stratum: PLAN[other] for stratum, other in zip(PLAN, reversed(PLAN), strict=True)}
    drawn = []
    for plan in (PLAN, dict.fromkeys(("site=01|a", "site=01|b", "site=01|c", "site=02"), ("drug", "placebo")), turned):
        source, sizes = seeded(b"list"), []
        seal("trial", plan, BOUND, lambda n, source=source, sizes=sizes: sizes.append(n) or source(n), demo=True)
        drawn.append(sizes)
    assert drawn[0] == drawn[1] == drawn[2]


# --- What is said when it does not open -----------------------------------------------------------------------------


def said(slot, key, site, share=None):
    try:
        return open_at_site(LIST, slot, share or BY_LABEL[slot.label].share, key, site)
    except SealError as error:
        return (error.problem.id, error.slot)


def altered(slot):
    return replace(slot, ciphertext=slot.ciphertext[:-1] + bytes([slot.ciphertext[-1] ^ 1]))


def test_another_sites_envelope_is_no_alarm_and_an_altered_one_at_the_own_site_is():
    here, there = one_of("01"), one_of("02")
    lock = BY_LABEL[here.label]
    assert said(here, LI, "01") == PLAN[lock.stratum][lock.position - 1]
    assert said(there, LI, "02") == ("envelopes.E103", there.label)
    assert said(altered(here), LI, "01") == ("envelopes.E012", here.label)
    assert said(here, LI, "01", share=bytes(32)) == ("envelopes.E012", here.label)
    assert said(altered(there), MONITOR, "02") == ("envelopes.E012", there.label)


def test_the_words_name_the_site_of_the_key():
    with pytest.raises(SealError, match="Your key is for site 02; this envelope is another site's"):
        open_at_site(LIST, one_of("01"), bytes(32), ZHAO, "01")


def test_a_bound_key_does_not_open_the_whole_list_and_that_is_said():
    with pytest.raises(SealError) as error:
        open_payloads(LIST, LOCKS, LI)
    assert error.value.problem.id == "envelopes.E106"


# --- What cannot be bound -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "site", "identity"),
    [
        ({"all": ("drug", "placebo")}, "01", "E100"),
        ({"sex=male": ("drug",), "sex=female": ("drug",)}, "01", "E100"),
        (PLAN, "03", "E101"),
    ],
)
def test_who_cannot_be_bound_is_said(plan, site, identity):
    with pytest.raises(SealError) as error:
        sealed(plan, [MONITOR.public, replace(LI.public, site=site)])
    assert error.value.problem.id == f"envelopes.{identity}"
    assert "pharmacist/Li" in str(error.value)


def test_a_kit_belongs_to_no_site():
    from datetime import date

    with pytest.raises(SealError) as error:
        hold_kits(
            "L1", [["drug", "placebo"]], [replace(LI.public, site="01")], [MONITOR.public], operating_system,
            study="trial", expiry=date(2027, 1, 1), depot="d", protocol="p", demo=True,
        )  # fmt: skip
    assert error.value.problem.id == "envelopes.E100"


# --- Wrapping for others --------------------------------------------------------------------------------------------

NEW, SECOND = key_of("New"), key_of("Second")


def wrapped(key, *add, drop=(), locks=()):
    return rewrap(LIST, key, seeded(b"again"), add=add, drop=drop, locks=locks)


def test_a_bound_key_passes_on_precisely_what_it_has():
    again = wrapped(LI, replace(NEW.public, site="01"), drop=["pharmacist/Wang"])
    assert opened_by(NEW, again) == labels_of("01")
    for slot in again.slots:
        assert unwrap(slot.wraps[NEW.recipient], NEW) == unwrap(slot.wraps[LI.recipient], LI)
    assert again.sites == {"pharmacist/Li": "01", "pharmacist/Zhao": "02", "pharmacist/New": "01"}
    assert opened_by(MONITOR, again) == set(BY_LABEL)
    assert [slot.wraps[ZHAO.recipient] for slot in again.slots] == [slot.wraps[ZHAO.recipient] for slot in LIST.slots]


def test_a_key_bound_to_no_site_adds_another_one_without_any_lock():
    again = wrapped(MONITOR, NEW.public)
    assert opened_by(NEW, again) == set(BY_LABEL)
    assert again.sites == LIST.sites


def test_with_the_second_locks_it_adds_whoever_is_bound_to_a_site():
    again = wrapped(ESCROW, replace(NEW.public, site="02"), SECOND.public, drop=["pharmacist/Zhao"], locks=LOCKS)
    assert opened_by(NEW, again) == labels_of("02")
    assert opened_by(SECOND, again) == set(BY_LABEL)
    assert again.sites == {"pharmacist/Li": "01", "pharmacist/Wang": "01", "pharmacist/New": "02"}
    assert {len(wrapped) for slot in again.slots for wrapped in slot.wraps.values()} == {32 + 16 + 32}


@pytest.mark.parametrize(
    ("key", "added", "locks", "identity"),
    [
        (LI, NEW.public, LOCKS, "E104"),
        (LI, replace(NEW.public, site="02"), LOCKS, "E104"),
        (MONITOR, replace(NEW.public, site="02"), (), "E105"),
        (MONITOR, replace(NEW.public, site="03"), LOCKS, "E101"),
    ],
)
def test_who_cannot_be_added_by_whom_is_said(key, added, locks, identity):
    with pytest.raises(SealError) as error:
        wrapped(key, added, locks=locks)
    assert error.value.problem.id == f"envelopes.{identity}"


def test_locks_that_name_other_strata_give_nobody_another_site():
    """Anybody can seal a copy of second locks for the escrow key; whose an envelope is, only the envelope says."""
    exchange = dict(zip(PLAN, reversed(PLAN), strict=True))
    forged = [replace(lock, stratum=exchange[lock.stratum]) for lock in LOCKS]
    with pytest.raises(SealError) as error:
        wrapped(ESCROW, replace(NEW.public, site="02"), locks=forged)
    assert error.value.problem.id == "envelopes.E014"


def test_the_binding_is_no_part_of_a_key():
    assert BOUND[0].fingerprint == LI.public.fingerprint

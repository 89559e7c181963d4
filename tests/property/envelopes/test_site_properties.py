"""For every plan by site and every binding: a bound key opens exactly its site's envelopes, an unbound one all."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from equipoise.envelopes import SealError, new_key, open_slot, read_list, seal, write_list
from equipoise.randomisation import seeded

SITES = ("01", "02", "17")
bindings = st.lists(st.sampled_from(("", *SITES)), min_size=1, max_size=4)


@st.composite
def plans(draw):
    """Strata of every site, with a second factor before or after it, or none."""
    form = draw(st.sampled_from(("site={}", "site={}|sex=male", "sex=male|site={}")))
    length = draw(st.integers(1, 3))
    arms = st.lists(st.sampled_from(("drug", "placebo")), min_size=length, max_size=length).map(tuple)
    return {form.format(site): draw(arms) for site in SITES}


@given(plans(), bindings, st.binary(min_size=1, max_size=8))
def test_each_bound_key_opens_its_own_site_and_each_other_key_everything(plan, bound, seed):
    keys = [new_key(f"role{number}", seeded(seed, "key", str(number)), demo=True) for number in range(len(bound))]
    recipients = [replace(key.public, site=site) for key, site in zip(keys, bound, strict=True)]
    sealed, locks = seal("trial", plan, recipients, seeded(seed, "list"), demo=True)
    sealed = read_list(write_list(sealed))
    for key, site in zip(keys, bound, strict=True):
        for slot, lock in zip(sealed.slots, locks, strict=True):
            belongs = not site or f"site={site}" in lock.stratum.split("|")
            assert opened(sealed, slot, lock, key) == (plan[lock.stratum][lock.position - 1] if belongs else None)
    assert {(len(slot.wraps), *map(len, slot.wraps.values())) for slot in sealed.slots} == {
        (len(keys), *[80] * len(keys))
    }


def opened(sealed, slot, lock, key):
    try:
        return open_slot(sealed.context, slot, lock.share, key)
    except SealError:
        return None

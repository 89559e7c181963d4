"""Sealing: from the drawn arms to envelopes, on a machine that is then wiped. Nothing here depends on an arm but the
bytes inside the envelope and the commitment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from equipoise.envelopes import merkle
from equipoise.envelopes.boxes import SHARE_BYTES, break_key, data_key, lock, wrap
from equipoise.envelopes.codes import SECRET_BYTES
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey
from equipoise.envelopes.labels import new_labels
from equipoise.envelopes.opening import first_share, open_payloads
from equipoise.envelopes.payload import SALT_BYTES, Payload, leaf_of
from equipoise.envelopes.sealed import Card, Context, SealedList, SealedSlot, SecondLock
from equipoise.envelopes.sites import refuse_sites, share_for


def seal(
    study: str,
    plan: Mapping[str, Sequence[str]],
    recipients: Sequence[RoleKey],
    random: RandomSource,
    *,
    version: str = "1",
    demo: bool = False,
) -> tuple[SealedList, tuple[SecondLock, ...]]:
    """The sealed list of a plan (stratum → its arms in order), and the second lock of every slot.

    Every slot is wrapped for every recipient; who is bound to a site opens that site's slots alone. Both results stand
    in the order of the random labels, so the order in which rows are written says nothing. A real list takes the
    operating system's entropy as `random`, and no demo key.
    The cards are not kept, so nobody can break a code: `seal_with_cards` gives them too.
    Raises SealError for a plan or recipients that cannot be sealed.
    """
    return seal_with_cards(study, plan, recipients, random, version=version, demo=demo)[:2]


def seal_with_cards(
    study: str,
    plan: Mapping[str, Sequence[str]],
    recipients: Sequence[RoleKey],
    random: RandomSource,
    *,
    version: str = "1",
    demo: bool = False,
) -> tuple[SealedList, tuple[SecondLock, ...], tuple[Card, ...]]:
    """As `seal`, and the card of every slot, in the order of the labels too."""
    _refuse_plan(plan)
    return seal_payloads(study, list(_payloads(plan, random)), recipients, random, version=version, demo=demo)


def seal_payloads(
    study: str,
    payloads: Sequence[Payload],
    recipients: Sequence[RoleKey],
    random: RandomSource,
    *,
    version: str,
    demo: bool = False,
) -> tuple[SealedList, tuple[SecondLock, ...], tuple[Card, ...]]:
    """Seal slots that have their labels and salts: an opened list sealed again under new keys keeps its commitment."""
    refuse_recipients(recipients, demo)
    refuse_sites(recipients, {payload.stratum for payload in payloads})
    payloads = sorted(payloads, key=lambda payload: payload.slot)
    leaves = [leaf_of(payload) for payload in payloads]
    context = Context(study, version, merkle.root(leaves).hex(), demo)
    made = [
        _seal_slot(payload, proof, context, recipients, random)
        for payload, proof in zip(payloads, merkle.proofs(leaves), strict=True)
    ]
    slots, locks, cards = (tuple(column) for column in zip(*made, strict=True))
    keys = {key.recipient: key.public for key in recipients}
    return SealedList(study, version, slots, context.commitment, keys, demo, _sites(recipients)), locks, cards


def rewrap(
    sealed: SealedList, key: PrivateKey, random: RandomSource, *, add: Sequence[RoleKey] = (),
    drop: Sequence[str] = (), locks: Iterable[SecondLock] = (),
) -> SealedList:  # fmt: skip
    """The same list with first locks for more recipients, or without those of some, by somebody whose key opens it.

    Envelopes, commitment and second locks stay, so a new recipient opens what the allocator releases and no more. Who
    is dropped still has what was copied before. A key bound to a site passes on what it has, and so adds recipients
    of that site alone; a key bound to none needs all second `locks` to add somebody bound to one, since only what is
    in an envelope proves whose it is. Raises SealError if the key does not open the list, if somebody to drop is no
    recipient, or for recipients that cannot be.
    """
    if strangers := [name for name in drop if name not in sealed.recipients]:
        raise SealError("envelopes.E010", role=", ".join(strangers))
    kept = tuple(name for name in sealed.recipients if name not in drop)
    if not (kept or add):
        raise SealError("envelopes.E002")
    if {*kept} & {each.recipient for each in add}:
        raise SealError("envelopes.E003")
    if add:
        refuse_recipients(add, sealed.demo)
    strata = _strata_for(add, sealed, key, locks)

    def rewrapped(slot: SealedSlot) -> SealedSlot:
        first, wraps = first_share(slot, key), {name: slot.wraps[name] for name in kept}
        for each in add:
            share = share_for(each, first, strata[slot.label], random) if strata else first
            wraps[each.recipient] = wrap(share, each, random)
        return replace(slot, wraps=wraps)

    slots = tuple(map(rewrapped, sealed.slots))
    keys = {name: sealed.keys[name] for name in kept} | {each.recipient: each.public for each in add}
    sites = {name: site for name, site in sealed.sites.items() if name in kept} | _sites(add)
    return replace(sealed, slots=slots, keys=keys, sites=sites)


def _sites(recipients: Sequence[RoleKey]) -> dict[str, str]:
    return {each.recipient: each.site for each in recipients if each.site}


def _strata_for(
    add: Sequence[RoleKey], sealed: SealedList, key: PrivateKey, locks: Iterable[SecondLock]
) -> dict[str, str]:
    """The stratum of each label, as its envelope says it; empty where everybody added is given what the key has."""
    own = sealed.site_of(key.recipient)
    bound = [each for each in add if each.site != own]
    if own and bound:
        raise SealError("envelopes.E104", site=own, role=bound[0].recipient)
    if not bound:
        return {}
    if not (locks := tuple(locks)):
        raise SealError("envelopes.E105", site=bound[0].site)
    strata = {payload.slot: payload.stratum for payload in open_payloads(sealed, locks, key)}
    refuse_sites(add, strata.values())
    return strata


def _payloads(plan: Mapping[str, Sequence[str]], random: RandomSource) -> Iterator[Payload]:
    labels = new_labels(sum(map(len, plan.values())), random)
    for stratum, arms in sorted(plan.items()):
        for position, arm in enumerate(arms, start=1):
            yield Payload(next(labels), stratum, position, arm, random(SALT_BYTES))


def _seal_slot(
    payload: Payload, proof: merkle.Proof, context: Context, recipients: Sequence[RoleKey], random: RandomSource
) -> tuple[SealedSlot, SecondLock, Card]:
    message = payload.padded()
    if message is None:
        raise SealError("envelopes.E006", slot=payload.slot, stratum=payload.stratum)
    label = payload.slot
    first, second = random(SHARE_BYTES), random(SHARE_BYTES)
    secret, release = random(SECRET_BYTES), random(SECRET_BYTES)
    bound, bound_break = context.of(label), context.of_break(label)
    key = data_key(first, second, bound)
    wraps = {each.recipient: wrap(share_for(each, first, payload.stratum, random), each, random) for each in recipients}
    code_break = lock(key, break_key(secret, release, bound_break), bound_break, random)
    return (
        SealedSlot(label, lock(message, key, bound, random), wraps, code_break, proof),
        SecondLock(label, payload.stratum, payload.position, second, release),
        Card(label, payload.stratum, secret),
    )


def _refuse_plan(plan: Mapping[str, Sequence[str]]) -> None:
    if not any(plan.values()):
        raise SealError("envelopes.E001")
    if len({len(arms) for arms in plan.values()}) > 1:
        raise SealError("envelopes.E005")


def refuse_recipients(recipients: Sequence[RoleKey], demo: bool) -> None:
    """Raise SealError where nobody is named, somebody twice, or a demonstration key for what is no demonstration."""
    if not recipients:
        raise SealError("envelopes.E002")
    for what in ([key.recipient for key in recipients], [key.public for key in recipients]):
        if len(set(what)) != len(what):
            raise SealError("envelopes.E003")
    if not demo and (shown := [key.recipient for key in recipients if key.demo]):
        raise SealError("envelopes.E004", role=", ".join(shown))

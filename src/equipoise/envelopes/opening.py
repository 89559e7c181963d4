"""Opening, on the device of whoever may: one released slot, one code break, or the whole list after the lock."""

from collections import Counter
from collections.abc import Iterable

from equipoise.envelopes import merkle
from equipoise.envelopes.boxes import SHARE_BYTES, break_key, data_key, unlock, unwrap
from equipoise.envelopes.codes import SECRET_BYTES
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.keys import PrivateKey
from equipoise.envelopes.payload import Payload, commitment_of, leaf_of, read_padded
from equipoise.envelopes.sealed import Context, SealedList, SealedSlot, SecondLock


def open_slot(context: Context, slot: SealedSlot, share: bytes, key: PrivateKey) -> str:
    """The arm of one slot, from its envelope, its released second share and a recipient's private key.

    Raises SealError naming the slot if the key is no recipient's, the share is another slot's, a single bit was
    changed, or the published commitment does not cover what is inside.
    """
    return _open(context, slot, share, key).arm


def open_at_site(sealed: SealedList, slot: SealedSlot, share: bytes, key: PrivateKey, site: str) -> str:
    """The arm of one slot of a participant of a site, as `open_slot` gives it.

    Raises SealError as `open_slot` does. Where the list binds the key to another site it cannot open the envelope, and
    the error says that; at the key's own site an envelope that does not open is one that was altered.
    """
    try:
        return open_slot(sealed.context, slot, share, key)
    except SealError as error:
        own = sealed.site_of(key.recipient)
        if own in ("", site):
            raise
        raise SealError("envelopes.E103", slot=slot.label, site=own) from error


def open_broken(sealed: SealedList, card: bytes, release: bytes) -> Payload:
    """The one slot of which these are the card's secret and the release, 16 bytes each. No key is needed, no server.

    Raises SealError if there is none in the list, or if the envelope is not what was sealed.
    """
    if (len(card), len(release)) != (SECRET_BYTES, SECRET_BYTES):
        raise SealError("envelopes.E018")
    for slot in sealed.slots:
        bound = sealed.context.of_break(slot.label)
        key = unlock(slot.code_break, break_key(card, release, bound), bound)
        if key is not None:
            return _proven(sealed.context, slot, _read(sealed.context, slot, key))
    raise SealError("envelopes.E018")


def first_share(slot: SealedSlot, key: PrivateKey) -> bytes:
    """The first share of an envelope, unwrapped. Raises SealError if it is not there for this key."""
    wrapped = slot.wraps.get(key.recipient)
    if wrapped is None:
        raise SealError("envelopes.E010", slot=slot.label, role=key.recipient)
    first = unwrap(wrapped, key)
    if first is None:
        raise SealError("envelopes.E011", slot=slot.label, role=key.recipient)
    return first


def open_list(sealed: SealedList, locks: Iterable[SecondLock], key: PrivateKey) -> dict[str, str]:
    """Label → arm of every slot, for the analysis after the study is locked.

    Raises SealError naming the first slot that was altered, left out, added, or moved to another place in its stratum.
    """
    return {payload.slot: payload.arm for payload in open_payloads(sealed, locks, key)}


def open_payloads(sealed: SealedList, locks: Iterable[SecondLock], key: PrivateKey) -> tuple[Payload, ...]:
    """Everything in the envelopes, with the salts: publish these, and anybody can check the commitment.

    Raises SealError as `open_list`, and for a key that is bound to a site.
    """
    if site := sealed.site_of(key.recipient):
        raise SealError("envelopes.E106", role=key.recipient, site=site)
    second = {lock.label: lock for lock in locks}
    _refuse_other_labels([slot.label for slot in sealed.slots], second.keys())
    payloads = tuple(_open_in_place(sealed.context, slot, second[slot.label], key) for slot in sealed.slots)
    if commitment_of(payloads) != sealed.commitment:
        raise SealError("envelopes.E015", count=str(len(payloads)))
    return payloads


def _open_in_place(context: Context, slot: SealedSlot, lock: SecondLock, key: PrivateKey) -> Payload:
    payload = _open(context, slot, lock.share, key)
    if (payload.stratum, payload.position) != (lock.stratum, lock.position):
        raise SealError("envelopes.E014", slot=slot.label)
    return payload


def _open(context: Context, slot: SealedSlot, share: bytes, key: PrivateKey) -> Payload:
    first = first_share(slot, key)
    if len(share) != SHARE_BYTES:
        raise SealError("envelopes.E012", slot=slot.label)
    return _proven(context, slot, _read(context, slot, data_key(first, share, context.of(slot.label))))


def _read(context: Context, slot: SealedSlot, key: bytes) -> Payload | None:
    message = unlock(slot.ciphertext, key, context.of(slot.label))
    return None if message is None else read_padded(message)


def _proven(context: Context, slot: SealedSlot, payload: Payload | None) -> Payload:
    """What was inside, if it was sealed under this label and the published commitment covers it."""
    if payload is None:
        raise SealError("envelopes.E012", slot=slot.label)
    if payload.slot != slot.label or merkle.proven(leaf_of(payload), slot.proof).hex() != context.commitment:
        raise SealError("envelopes.E013", slot=slot.label)
    return payload


def _refuse_other_labels(labels: list[str], locked: Iterable[str]) -> None:
    if twice := sorted(label for label, times in Counter(labels).items() if times > 1):
        raise SealError("envelopes.E016", slot=twice[0])
    if unlike := sorted(set(labels) ^ set(locked)):
        raise SealError("envelopes.E017", slot=unlike[0])

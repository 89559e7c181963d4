"""Sealing: from the drawn arms to envelopes, on a machine that is then wiped. Nothing here depends on an arm but the
bytes inside the envelope and the commitment."""

from collections.abc import Iterator, Mapping, Sequence

from equipoise.envelopes import merkle
from equipoise.envelopes.boxes import SHARE_BYTES, data_key, lock, wrap
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.keys import RandomSource, RoleKey
from equipoise.envelopes.labels import new_labels
from equipoise.envelopes.payload import SALT_BYTES, Payload, leaf_of
from equipoise.envelopes.sealed import Context, SealedList, SealedSlot, SecondLock


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

    Every slot is wrapped for every recipient. Both results stand in the order of the random labels, so the order in
    which rows are written says nothing. A real list takes the operating system's entropy as `random`, and no demo key.
    Raises SealError for a plan or recipients that cannot be sealed.
    """
    _refuse(plan, recipients, demo)
    payloads = sorted(_payloads(plan, random), key=lambda payload: payload.slot)
    leaves = [leaf_of(payload) for payload in payloads]
    context = Context(study, version, merkle.root(leaves).hex(), demo)
    pairs = [
        _seal_slot(payload, proof, context, recipients, random)
        for payload, proof in zip(payloads, merkle.proofs(leaves), strict=True)
    ]
    slots, locks = tuple(slot for slot, _ in pairs), tuple(second for _, second in pairs)
    return SealedList(study, version, slots, context.commitment, tuple(key.role for key in recipients), demo), locks


def _payloads(plan: Mapping[str, Sequence[str]], random: RandomSource) -> Iterator[Payload]:
    labels = new_labels(sum(map(len, plan.values())), random)
    for stratum, arms in sorted(plan.items()):
        for position, arm in enumerate(arms, start=1):
            yield Payload(next(labels), stratum, position, arm, random(SALT_BYTES))


def _seal_slot(
    payload: Payload, proof: merkle.Proof, context: Context, recipients: Sequence[RoleKey], random: RandomSource
) -> tuple[SealedSlot, SecondLock]:
    message = payload.padded()
    if message is None:
        raise SealError("envelopes.E006", slot=payload.slot, stratum=payload.stratum)
    first, second = random(SHARE_BYTES), random(SHARE_BYTES)
    bound = context.of(payload.slot)
    ciphertext = lock(message, data_key(first, second, bound), bound, random)
    wraps = {recipient.role: wrap(first, recipient, random) for recipient in recipients}
    return (
        SealedSlot(payload.slot, ciphertext, wraps, proof),
        SecondLock(payload.slot, payload.stratum, payload.position, second),
    )


def _refuse(plan: Mapping[str, Sequence[str]], recipients: Sequence[RoleKey], demo: bool) -> None:
    if not any(plan.values()):
        raise SealError("envelopes.E001")
    if not recipients:
        raise SealError("envelopes.E002")
    for what in ([key.role for key in recipients], [key.public for key in recipients]):
        if len(set(what)) != len(what):
            raise SealError("envelopes.E003")
    if not demo and (shown := [key.role for key in recipients if key.demo]):
        raise SealError("envelopes.E004", role=", ".join(shown))
    if len({len(arms) for arms in plan.values()}) > 1:
        raise SealError("envelopes.E005")

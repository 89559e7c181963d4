"""The ceremony: everything that is made when a list is sealed, in one breath, as files for different places.

What is made never says an arm, a block or an order. No folder of it opens anything alone; the second locks and a
recipient's private key together with the sealed list do, so they part at once.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from equipoise.envelopes.escrow import ESCROW, copy_for_escrow, share_out
from equipoise.envelopes.files import write_list, write_locks
from equipoise.envelopes.keys import PrivateKey, RandomSource, RoleKey, new_key
from equipoise.envelopes.messages import problem
from equipoise.envelopes.payload import Payload
from equipoise.envelopes.seal import seal_payloads, seal_with_cards
from equipoise.envelopes.sealed import Card, SealedList, SealedSeed, SecondLock
from equipoise.envelopes.seed import Seed, seal_seed
from equipoise.items.problem import Problem

SEALED_LIST: Final = "sealed-list.json"
SECOND_LOCKS: Final = "second-locks.json"
COPY: Final = "second-locks-for-escrow.json"
COMMITMENT: Final = "commitment.txt"

_Sealed: TypeAlias = tuple[SealedList, tuple[SecondLock, ...], tuple[Card, ...]]

_COMMITMENT_TEXT: Final = """\
equipoise commitment 2

study        {study}
version      {version}
slots        {slots}
commitment   {commitment}
sealed list  sha256 {listed}
second locks sha256 {locks}
protocol     sha256 {protocol}
{seed}
Publish this text before the first participant is randomised: registry, ethics file, time stamp.
Once the list is opened, anybody can compute the commitment again from the opened slots and compare.
请在首例受试者随机前公布本文：注册平台、伦理文件或可信时间戳。开启分配表后，任何人都可据此重新计算并核对。
"""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a ceremony gave: the list, the cards still to be printed, the escrow's public key, and the other files."""

    sealed: SealedList
    cards: tuple[Card, ...] = field(repr=False)
    escrow: RoleKey
    files: Mapping[str, bytes] = field(repr=False)  # place/name → content
    strata: Mapping[str, int]  # the number of slots of each


def hold(
    study: str,
    plan: Mapping[str, Sequence[str]],
    recipients: Sequence[RoleKey],
    holders: Sequence[RoleKey],
    random: RandomSource,
    *,
    protocol: str = "",
    seed: Seed | None = None,
    demo: bool = False,
) -> Ceremony:
    """Seal a plan for recipients and for an escrow key that is made, shared out to three holders, and forgotten.

    `protocol` is the digest of the protocol the list was drawn for; what is published names it. With a `seed` the plan
    holds the envelopes among which the unlocked allocator draws. Raises SealError for a
    plan, recipients or holders that it cannot be done with.
    """

    def sealing(everybody: Sequence[RoleKey]) -> _Sealed:
        return seal_with_cards(study, plan, everybody, random, demo=demo)

    return _hold(study, sealing, recipients, holders, random, protocol, seed, demo)


def hold_again(
    study: str,
    payloads: Sequence[Payload],
    recipients: Sequence[RoleKey],
    holders: Sequence[RoleKey],
    random: RandomSource,
    *,
    version: str,
    protocol: str = "",
    seed: Seed | None = None,
    demo: bool = False,
) -> Ceremony:
    """Seal an opened list once more under new keys, locks and cards, when a key may have been stolen.

    Labels, places and salts stay, so the commitment is the published one: it is the same list.
    """

    def sealing(everybody: Sequence[RoleKey]) -> _Sealed:
        return seal_payloads(study, payloads, everybody, random, version=version, demo=demo)

    return _hold(study, sealing, recipients, holders, random, protocol, seed, demo)


def _hold(
    study: str, sealing: Callable[[Sequence[RoleKey]], _Sealed], recipients: Sequence[RoleKey],
    holders: Sequence[RoleKey], random: RandomSource, protocol: str, seed: Seed | None,
    demo: bool,
) -> Ceremony:  # fmt: skip
    escrow = new_key(ESCROW, random, demo=demo)
    sealed, locks, cards = sealing([*recipients, escrow.public])
    secret = seal_seed(study, seed, escrow.public, random, demo=demo) if seed else None
    second = write_locks(study, locks, secret)
    files = {
        f"web-host/{SEALED_LIST}": write_list(sealed),
        f"allocator/{SECOND_LOCKS}": second,
        f"publish/{COMMITMENT}": commitment_text(sealed, second, protocol, secret).encode(),
        **escrow_files(study, escrow, holders, random, locks=second, demo=demo),
    }
    strata = [lock.stratum for lock in locks]
    counts = {stratum: strata.count(stratum) for stratum in sorted(set(strata))}
    return Ceremony(sealed, cards, escrow.public, files, counts)


def escrow_files(
    study: str, escrow: PrivateKey, holders: Sequence[RoleKey], random: RandomSource, *, locks: bytes = b"",
    demo: bool = False,
) -> dict[str, bytes]:  # fmt: skip
    """The shares of an escrow key, one for each holder, and the second locks sealed for it if they are given."""
    shares = share_out(study, escrow, holders, random, demo=demo)
    files = {f"escrow/share-{number}.json": share for number, share in enumerate(shares, start=1)}
    return {**files, f"escrow/{COPY}": copy_for_escrow(locks, escrow.public, random)} if locks else files


def commitment_text(sealed: SealedList, locks: bytes, protocol: str, seed: SealedSeed | None = None) -> str:
    """The text to publish, in both languages: the root, and the digests of both files, the protocol and any seed.

    The second locks hold 384 random bits for each slot, and a seed 256, so their digests tell nothing about them.
    """
    return _COMMITMENT_TEXT.format(
        study=sealed.study, version=sealed.version, slots=len(sealed.slots), commitment=sealed.commitment,
        listed=sha256(write_list(sealed)), locks=sha256(locks), protocol=protocol or "not named",
        seed=f"seed         sha256 {seed.digest}\n" if seed else "",
    )  # fmt: skip


def sha256(content: bytes) -> str:
    """The digest of a file, as the published text and the transcript give it."""
    return hashlib.sha256(content).hexdigest()


def check_commitment(sealed: SealedList, published: str) -> Problem | None:
    """What is wrong if this list's commitment is not the published one; `published` is the text, or the root alone."""
    found = re.search(r"(?m)^(?:commitment\s+)?([0-9a-f]{64})\s*$", published)
    agrees = found is not None and found[1] == sealed.commitment
    return None if agrees else problem("envelopes.E055", "commitment")

"""The door to the kits: which one a participant is given, once. The allocations have a door of their own.

Which of the kits at hand is the participant's only somebody knows who was unlocked with a key: `Choose`. This room
asks, and keeps the answer for ever before the ledger records it, so that asking again gives the same kit. A refusal has
the same words whatever the cause.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections, transaction

from equipoise.allocator.messages import problem
from equipoise.allocator.models import Kit, Relock, Slot
from equipoise.allocator.router import ALLOCATOR
from equipoise.envelopes import SecondLock
from equipoise.items.problem import Problem

AtHand = Mapping[str, Collection[str]]  # pack → the numbers of its kits that can be dispensed
Choose = Callable[[str, AtHand], str | None]  # slot, kits at hand → the kit, or None when there is none for the slot


@dataclass(frozen=True, slots=True)
class GivenKit:
    """The kit a participant has for a visit, for ever; `turn` counts the kits of the visit."""

    subject: str
    visit: str
    turn: int
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefusedKit:
    """The door stays shut. The text is the same whatever the cause."""

    problem: Problem


def load_kits(
    *, study: str, lot: str, second_locks: Iterable[SecondLock], given: Collection[GivenKit] = ()
) -> int | RefusedKit:
    """Put the second locks of a lot in their store, and say how many. Loading the same ones again changes nothing.

    `given` is what the ledger says was dispensed: where the store was lost or is older, each of these is given again.
    """
    locks = sorted(second_locks, key=lambda lock: lock.label)
    with transaction.atomic(using=ALLOCATOR, durable=True):
        held = [(kit.number, bytes(kit.share)) for kit in Kit.objects.filter(study=study, lot=lot).order_by("number")]
        if held and held != [(lock.label, lock.share) for lock in locks]:
            return RefusedKit(problem("allocator.E031", study))
        if not held:
            Kit.objects.bulk_create(Kit(study=study, lot=lot, number=lock.label, share=lock.share) for lock in locks)
        free = {kit.number: kit for kit in Kit.objects.filter(study=study, lot=lot, subject=None)}
        for each in given:
            if each.number in free:
                _give(free[each.number], each)
    return len(locks)


@dataclass(frozen=True, slots=True)
class Shares:
    """The second locks of one assigned slot and of kits at hand, for whoever was unlocked with a key."""

    slot: bytes = field(repr=False)
    kits: Mapping[str, bytes] = field(repr=False)


def shares_of(*, study: str, slot: str, numbers: Collection[str]) -> Shares | None:
    """What opens a participant's envelope, and those of kits, together with a recipient's key; None for a free slot."""
    given = Slot.objects.filter(study=study, label=slot, subject__isnull=False).first()
    if given is None:
        return None
    again = Relock.objects.filter(study=study, label=slot).order_by("id").last()  # after a suspected theft
    kits = Kit.objects.filter(study=study, number__in=numbers)
    return Shares(bytes((again or given).share), {kit.number: bytes(kit.share) for kit in kits})


def give_kits(
    *, study: str, subject: str, visit: str, number: int, slot: str, at_hand: AtHand, choose: Choose | None,
    at: datetime,
) -> list[GivenKit] | RefusedKit:  # fmt: skip
    """So many kits of those at hand for a participant's visit, or none at all.

    Those that were given before and are still at hand come first: an interrupted request ends in the same kits, and one
    that can no longer be dispensed is let go. Two requests never get one kit: on PostgreSQL kits that another
    transaction holds are skipped, which is right for kits, of which any will do, and would be wrong for slots, whose
    order matters; SQLite lets one write at a time.
    """
    with transaction.atomic(using=ALLOCATOR, durable=True):
        there = {kit for numbers in at_hand.values() for kit in numbers}
        earlier = [*Kit.objects.filter(study=study, subject=subject, visit=visit).order_by("turn")]
        given = [
            GivenKit(subject, visit, kit.turn, kit.number, kit.given_at)
            for kit in earlier
            if kit.number in there and kit.given_at is not None
        ][:number]
        free = _free(study, there)
        for turn in range(len(earlier), len(earlier) + number - len(given)):
            left = {pack: [each for each in kits if each in free] for pack, kits in at_hand.items()}
            chosen = choose(slot, left) if choose is not None else None
            if chosen is None or chosen not in free:
                transaction.set_rollback(True, using=ALLOCATOR)
                return RefusedKit(problem("allocator.E030", subject))
            given.append(GivenKit(subject, visit, turn, chosen, at))
            _give(free.pop(chosen), given[-1])
    return given


def _free(study: str, numbers: Collection[str]) -> dict[str, Kit]:
    """The kits of these numbers that nobody has; locked until the transaction ends, where the database can."""
    kits = Kit.objects.filter(study=study, number__in=numbers, subject=None)
    skips = connections[ALLOCATOR].features.has_select_for_update_skip_locked
    return {kit.number: kit for kit in (kits.select_for_update(skip_locked=True) if skips else kits)}


def _give(kit: Kit, given: GivenKit) -> None:
    kit.subject, kit.visit, kit.turn, kit.given_at = given.subject, given.visit, given.turn, given.at
    kit.save(update_fields=["subject", "visit", "turn", "given_at"])

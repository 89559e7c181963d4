"""The one door to the allocations. Nothing else in the house may import the tables behind it.

A slot is given strictly in order, once, under the lock of its stratum's counter; what is committed here stays, so the
ledger records `Randomised` *after* this: if that fails, asking again gives the same slot. No answer tells how many
slots are left, or why there is none.

A study whose arms are drawn as participants come has several envelopes for each, one of every arm, that follow each
other in its list. Which of them is given the unlocked allocator says, a process of its own (`keeper`); the others stay
spare, for ever shut. When it is not running, nobody is randomised.

Who is entitled is the caller's to say, from the protocol: `entitled` is the set of roles that may dispense (for
`release_share`), break a code (for `release_code_break`), hold a look (for `shares_for_look`) or open the list (for
`shares_after_lock`). That the person works at the participant's site, that somebody else asked for the look, and that
the study is locked, the caller has checked in the ledger; this room knows neither sites nor acts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count

from equipoise.allocator.asking import ask
from equipoise.allocator.messages import problem
from equipoise.allocator.models import Counter, Draw, Release, Relock, Slot
from equipoise.allocator.models import SealedSeed as KeptSeed
from equipoise.allocator.questions import Drawn, DrawNext, Ready, State
from equipoise.allocator.router import ALLOCATOR
from equipoise.envelopes import SealedSeed, SecondLock
from equipoise.items.problem import Problem
from equipoise.randomisation.dynamic import Allocated


@dataclass(frozen=True, slots=True)
class Assigned:
    """The slot a participant has, for ever. The stratum is the one it was given in, whatever was asked for later.

    `set_aside` are the participants who were marked as randomised in error when it was drawn, if it was drawn.
    """

    subject: str
    stratum: str
    label: str
    at: datetime
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """The second lock of one assigned slot, for the person who asked."""

    label: str
    subject: str
    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeBreakReleased:
    """What opens one assigned slot together with the card of this label, for the person who asked."""

    label: str
    subject: str
    release: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list is in the allocator: `new` if it was not before, with the slots of `restored` participants given again."""

    slots: int
    strata: int
    new: bool = True
    restored: int = 0


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A stratum whose list comes to its end, or has: then everybody in it is refused. How many are left is not told."""

    stratum: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stays shut. The text is the same whatever the cause, so it tells a masked person nothing."""

    problem: Problem


_LONGEST: Final = 120  # characters of a stratum's name
_NOBODY: Final = "lost "  # begins what stands for the participant of a slot that was lost with the store
_SPARE: Final = "spare "  # the same for an envelope of another arm than was drawn
_FEW: Final = 10  # a stratum runs out when less than one slot in so many is left


def load(
    study: str, second_locks: Iterable[SecondLock], given: Collection[Assigned] = (), seed: SealedSeed | None = None
) -> Loaded | Refused:
    """Put the second locks of a study's sealed list in their store. Loading the same ones again changes nothing.

    With a `seed` the arms are drawn as participants come. `given` is what the ledger says of slots that were assigned.
    Where the store was lost or is older, each participant has their slot again; a free slot before the last one of a
    stratum counts as given and stays without anybody.
    """
    locks = sorted(second_locks, key=lambda lock: lock.label)  # the order of rows is the order of random labels
    if fault := _fault(locks):
        return Refused(problem(fault, study, most=str(_LONGEST)))
    with transaction.atomic(using=ALLOCATOR, durable=True):
        held = _locks(study)
        if held and (held != locks or sealed_seed(study=study) != seed):
            return Refused(problem("allocator.E007", study))
        if not held:
            _write(study, locks, seed)
        restored = _restore(study, given, seed.choices if seed else 1)
        if restored is None:
            transaction.set_rollback(True, using=ALLOCATOR)
            return Refused(problem("allocator.E008", study))
    return Loaded(len(locks), len({lock.stratum for lock in locks}), not held, restored)


def replace(study: str, second_locks: Iterable[SecondLock]) -> bool | Refused:
    """Put the second locks of the same slots, sealed again, in the place of the earlier ones, and whether they differ.

    Every slot keeps its place and its participant. The earlier locks stay in the store, since it forgets nothing, and
    open nothing of the newer envelopes.
    """
    locks = sorted(second_locks, key=lambda lock: lock.label)
    with transaction.atomic(using=ALLOCATOR, durable=True):
        list(Counter.objects.select_for_update().filter(study=study))
        held = _locks(study)
        if [_place(lock) for lock in held] != [_place(lock) for lock in locks]:
            return Refused(problem("allocator.E010", study))
        if held == locks:
            return False
        Relock.objects.bulk_create(
            Relock(study=study, label=lock.label, share=lock.share, release=lock.release) for lock in locks
        )
        return True


def assign(
    *, study: str, stratum: str, subject: str, at: datetime, set_aside: Collection[str] = ()
) -> Assigned | Refused:
    """The participant's slot: the next of the stratum, or the one already given, however often and for what stratum
    it is asked. Refuses, always in the same words, when there is none to give.

    Where the arm is drawn, `stratum` says the participant's factors, and `set_aside` who was randomised in error.
    """
    try:
        with transaction.atomic(using=ALLOCATOR, durable=True):
            if kept := KeptSeed.objects.filter(study=study).first():
                return _draw(study, stratum, subject, at, tuple(sorted(set_aside)), kept.choices)
            return _assign(study, stratum, subject, at)
    except IntegrityError:
        # Requests for one participant in two strata lock two counters; the database gives a slot only to the first.
        return _assigned(study, subject) or _no_slot(subject)


def assignment(*, study: str, subject: str) -> Assigned | None:
    """The slot a participant has, if any."""
    return _assigned(study, subject)


def assignments(*, study: str) -> tuple[Assigned, ...]:
    """Every participant's slot, by participant: to reconcile with the ledger after a restore."""
    return _given(study, subject__isnull=False)


def slots_given(*, study: str) -> dict[str, str]:
    """Which slot each participant has, participant → label, in one query of two columns."""
    given = Slot.objects.filter(study=study, subject__isnull=False).exclude(subject__startswith=_SPARE)
    return {str(subject): label for subject, label in given.values_list("subject", "label")}


def is_nobody(subject: str) -> bool:
    """Whether a slot only counts as given, because it was lost with an earlier store."""
    return subject.startswith(_NOBODY)


def running_out(*, study: str, role: str, entitled: Collection[str]) -> tuple[RunningOut, ...] | Refused:
    """The strata that run out or have ended, for a role that is not masked: the refusals at the sites do not say it."""
    if role not in entitled:
        return _shut(study)
    sizes = dict(Slot.objects.filter(study=study).values_list("stratum").annotate(Count("id")))
    counters = Counter.objects.filter(study=study).order_by("stratum")
    left = {each.stratum: sizes[each.stratum] + 1 - each.next_position for each in counters}
    return tuple(RunningOut(name, not slots) for name, slots in left.items() if slots * _FEW < sizes[name])


def locked(*, study: str) -> bool:
    """Whether this study's arms are drawn and its allocator is not unlocked: then everybody is refused."""
    return KeptSeed.objects.filter(study=study).exists() and not isinstance(ask(State(study)), Ready)


def sealed_seed(*, study: str) -> SealedSeed | None:
    """The sealed seed of a study whose arms are drawn; None for a list."""
    kept = KeptSeed.objects.filter(study=study).first()
    return None if kept is None else SealedSeed(bytes(kept.file), kept.digest, kept.choices)


def labels(*, study: str) -> tuple[str, ...]:
    """The labels of a study's list in its order, for the keeper of an unlocked allocator."""
    return tuple(Slot.objects.filter(study=study).order_by("stratum", "position").values_list("label", flat=True))


def draws(*, study: str, after: int = 0) -> tuple[Allocated, ...]:
    """The draws that were kept, in their order."""
    kept = Draw.objects.filter(study=study, number__gt=after).order_by("number")
    return tuple(
        Allocated(each.number, each.subject, each.stratum, tuple(each.set_aside), each.label, bytes(each.record))
        for each in kept
    )


def release_share(
    *, study: str, label: str, by: str, role: str, reason: str, at: datetime, entitled: Collection[str]
) -> Released | Refused:
    """The second lock of one assigned slot, for a role that is entitled and gives a reason. Each release is recorded.

    A free, unknown or future slot is refused in the same words as a role that may not ask.
    """
    with transaction.atomic(using=ALLOCATOR, durable=True):
        slot = Slot.objects.filter(study=study, label=label, subject__isnull=False).first()
        if slot is None or slot.subject is None or not _is_code(slot.subject):
            return _shut(label)
        if role not in entitled or not reason.strip():
            return _shut(label)
        Release.objects.create(study=study, label=label, by=by, role=role, reason=reason, at=at)
        return Released(slot.label, slot.subject, _locks(study, label=label)[0].share)


def release_code_break(
    *, study: str, subject: str, by: str, role: str, reason: str, at: datetime, entitled: Collection[str],
    released_by: str = "",
) -> CodeBreakReleased | Refused:  # fmt: skip
    """Half of the key of one participant's code break, and which card has the other half. Each release is recorded.

    It works at any hour, asks no second person, and opens nothing without the card. That the person works at the
    participant's site, and that the act is written, is the caller's part; under the id of that act, `released_by`, it
    is given once. A participant without a slot is refused in the same words as a role that may not ask.
    """
    with transaction.atomic(using=ALLOCATOR, durable=True):
        slot = Slot.objects.select_for_update().filter(study=study, subject=subject).first()
        if slot is None or not _is_code(subject) or role not in entitled or not reason.strip():
            return _shut(subject)
        if released_by and Release.objects.filter(study=study, released_by=released_by).exists():
            return Refused(problem("allocator.E009", subject))
        Release.objects.create(
            study=study, label=slot.label, by=by, role=role, reason=reason, code_break=True, at=at,
            released_by=released_by,
        )  # fmt: skip
        return CodeBreakReleased(slot.label, subject, _locks(study, label=slot.label)[0].release)


def shares_after_lock(
    *, study: str, by: str, role: str, reason: str, at: datetime, entitled: Collection[str], locked_by: str
) -> tuple[SecondLock, ...] | Refused:
    """Every second lock of a study, to open the whole list once it is locked. The release is recorded.

    `locked_by` is the id of the act that locked the study; without one the door stays shut.
    """
    if role not in entitled or not reason.strip() or not locked_by:
        return _shut(study)
    with transaction.atomic(using=ALLOCATOR, durable=True):
        locks = _locks(study)
        if not locks:
            return _shut(study)
        Release.objects.create(study=study, by=by, role=role, reason=reason, locked_by=locked_by, at=at)
    return tuple(locks)


def shares_for_look(
    *, study: str, look: str, subjects: Collection[str], by: str, role: str, reason: str, at: datetime,
    entitled: Collection[str], released_by: str,
) -> tuple[Released, ...] | Refused:  # fmt: skip
    """The second locks of these participants' slots, for one look of the data monitoring committee. Recorded.

    `released_by` is the id of the act that released the look. Asking again under the same act gives the same again,
    so that an interrupted request can be finished; under another act, with a participant who has no slot, or without
    anybody, the door stays shut. Free and future slots are never among them.
    """
    if role not in entitled or not (reason.strip() and look and released_by and subjects):
        return _shut(look)
    with transaction.atomic(using=ALLOCATOR, durable=True):
        list(Counter.objects.select_for_update().filter(study=study))  # two requests for one look wait for each other
        holder = dict(Slot.objects.filter(study=study, subject__in=set(subjects)).values_list("label", "subject"))
        earlier = Release.objects.filter(study=study, look=look).exclude(released_by=released_by)
        if len(holder) != len(set(subjects)) or earlier.exists():
            return _shut(look)
        Release.objects.create(study=study, look=look, by=by, role=role, reason=reason, released_by=released_by, at=at)
    return tuple(Released(lock.label, str(holder[lock.label]), lock.share) for lock in _locks(study, label__in=holder))


def _locks(study: str, **which: str | Collection[str]) -> list[SecondLock]:
    """The second locks as they are now, in the order of their labels."""
    newer = {each.label: each for each in Relock.objects.filter(study=study, **which).order_by("id")}
    held = [(slot, newer.get(slot.label, slot)) for slot in Slot.objects.filter(study=study, **which).order_by("label")]
    return [
        SecondLock(slot.label, slot.stratum, slot.position, bytes(lock.share), bytes(lock.release))
        for slot, lock in held
    ]


def _place(lock: SecondLock) -> tuple[str, str, int]:
    return lock.label, lock.stratum, lock.position


def _assign(study: str, stratum: str, subject: str, at: datetime) -> Assigned | Refused:
    """Inside the transaction: first the lock, then everything that is read under it."""
    counter = Counter.objects.select_for_update().filter(study=study, stratum=stratum).first()
    if earlier := _assigned(study, subject):
        return earlier
    if counter is None:
        return _no_slot(subject)
    slot = Slot.objects.filter(study=study, stratum=stratum, position=counter.next_position).first()
    if slot is None:
        return _no_slot(subject)
    _give(slot, counter, subject, at)
    return Assigned(subject, stratum, slot.label, at)


def _draw(
    study: str, stratum: str, subject: str, at: datetime, set_aside: tuple[str, ...], choices: int
) -> Assigned | Refused:
    """Inside the transaction: which of the next participant's envelopes is theirs, as the unlocked allocator says.

    All of them are given under the lock of the one counter, the others to nobody, so that order and times say nothing.
    """
    counter = Counter.objects.select_for_update().get(study=study)
    if earlier := _assigned(study, subject):
        return earlier
    place = counter.next_position
    envelopes = list(
        Slot.objects.filter(study=study, position__range=(place, place + choices - 1)).order_by("position")
    )
    number = (place - 1) // choices + 1
    answer = ask(DrawNext(study, number, subject, stratum, set_aside)) if envelopes else None
    if not isinstance(answer, Drawn) or answer.label not in {slot.label for slot in envelopes}:
        return _no_slot(subject)
    for slot in envelopes:
        _give(slot, counter, subject if slot.label == answer.label else f"{_SPARE}{slot.label}", at)
    Draw.objects.create(
        study=study, number=number, subject=subject, stratum=stratum, set_aside=list(set_aside), label=answer.label,
        record=answer.record,
    )  # fmt: skip
    return Assigned(subject, stratum, answer.label, at, set_aside)


def _is_code(subject: str) -> bool:
    """Whether a slot is somebody's, and neither spare nor lost."""
    return " " not in subject


def _give(slot: Slot, counter: Counter, subject: str, at: datetime) -> None:
    slot.subject, slot.assigned_at = subject, at
    slot.save(update_fields=["subject", "assigned_at"])
    counter.next_position += 1
    counter.save(update_fields=["next_position"])


def _restore(study: str, given: Collection[Assigned], choices: int) -> int | None:
    """Give again what the ledger knows and the store does not: to how many. None if the two contradict each other.

    With several envelopes for each participant, the others of the same participant are spare again.
    """
    counters = {each.stratum: each for each in Counter.objects.select_for_update().filter(study=study)}
    slots = list(Slot.objects.filter(study=study).order_by("stratum", "position"))
    place, held = {slot.label: slot for slot in slots}, {slot.subject: slot.label for slot in slots if slot.subject}
    owed = {each.label: each for each in given if held.get(each.subject) != each.label}
    if any(not _may_have(each, place.get(each.label), held, choices) for each in owed.values()):
        return None
    ends = {(place[label].stratum, -(-place[label].position // choices)) for label in owed}  # of those to restore
    last = {stratum: number * choices for stratum, number in sorted(ends)}
    for slot in slots:
        if slot.subject is None and slot.position <= last.get(slot.stratum, 0):
            known = owed.get(slot.label)
            spare = (slot.stratum, -(-slot.position // choices)) in ends
            subject = known.subject if known else f"{_SPARE if spare else _NOBODY}{slot.label}"
            _give(slot, counters[slot.stratum], subject, known.at if known else max(each.at for each in given))
    if choices > 1:
        _restore_draws(study, [(-(-place[label].position // choices), each) for label, each in owed.items()])
    return len(owed)


def _restore_draws(study: str, owed: Iterable[tuple[int, Assigned]]) -> None:
    """The draws of participants who have their slots again, as the ledger tells them; their records are lost."""
    Draw.objects.bulk_create(
        Draw(
            study=study, number=number, subject=each.subject, stratum=each.stratum, set_aside=list(each.set_aside),
            label=each.label, record=b"",
        )
        for number, each in sorted(owed, key=lambda one: one[0])
    )  # fmt: skip


def _may_have(assigned: Assigned, slot: Slot | None, held: Mapping[str, str], choices: int) -> bool:
    """Whether a slot is the one the ledger means, free, and the participant has no other. Where arms are drawn, the
    stratum of the ledger is the participant's factors."""
    if slot is None or slot.subject is not None or assigned.subject in held:
        return False
    return choices > 1 or slot.stratum == assigned.stratum


def _assigned(study: str, subject: str) -> Assigned | None:
    return next(iter(_given(study, subject=subject)), None)


def _given(study: str, **which: str | bool) -> tuple[Assigned, ...]:
    slots = Slot.objects.filter(study=study, **which).exclude(subject__startswith=_SPARE).order_by("subject")
    drawn = {each.label: each for each in Draw.objects.filter(study=study, label__in=slots.values("label"))}
    return tuple(
        Assigned(
            slot.subject,
            drawn[slot.label].stratum if slot.label in drawn else slot.stratum,
            slot.label,
            slot.assigned_at,
            tuple(drawn[slot.label].set_aside) if slot.label in drawn else (),
        )
        for slot in slots
        if slot.subject is not None and slot.assigned_at is not None
    )


def _no_slot(subject: str) -> Refused:
    return Refused(problem("allocator.E001", subject))


def _shut(what: str) -> Refused:
    return Refused(problem("allocator.E002", what))


def _fault(locks: list[SecondLock]) -> str:
    """The id of what keeps these from being the second locks of one list; "" when nothing does."""
    places: dict[str, list[int]] = defaultdict(list)
    for lock in locks:
        places[lock.stratum].append(lock.position)
    if not locks:
        return "allocator.E003"
    if len({lock.label for lock in locks}) != len(locks):
        return "allocator.E004"
    if any(sorted(positions) != list(range(1, len(positions) + 1)) for positions in places.values()):
        return "allocator.E005"
    if any(len(stratum) > _LONGEST for stratum in places):
        return "allocator.E006"
    return ""


def _write(study: str, locks: list[SecondLock], seed: SealedSeed | None) -> None:
    if seed is not None:
        KeptSeed.objects.create(study=study, file=seed.file, digest=seed.digest, choices=seed.choices)
    Counter.objects.bulk_create(
        Counter(study=study, stratum=stratum) for stratum in sorted({lock.stratum for lock in locks})
    )
    Slot.objects.bulk_create(
        Slot(
            study=study,
            stratum=lock.stratum,
            position=lock.position,
            label=lock.label,
            share=lock.share,
            release=lock.release,
        )
        for lock in locks
    )

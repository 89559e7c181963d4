"""Choosing kits in memory: what somebody unlocked with their key knows while they run, and nobody else.

The arms of slots and kits are opened from their envelopes when they are asked for, kept in memory alone, and never
printed, logged or stored. An envelope that does not open is nobody's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import Error, connections

from equipoise.allocator.asking import ask
from equipoise.allocator.kit_door import AtHand, Choose, Shares, shares_of
from equipoise.allocator.questions import Answer, ChooseKit, Chosen, Ready, Shut, read_question, write
from equipoise.allocator.router import ALLOCATOR
from equipoise.envelopes import Context, PrivateKey, RandomSource, SealedList, SealedSlot, SealError, open_slot
from equipoise.randomisation.kits import choose_kit


@dataclass(frozen=True, slots=True)
class UnlockedKits:
    """The kits of a study under a recipient's key: the `Choose` of the door to the kits."""

    study: str
    reserve: int
    key: PrivateKey = field(repr=False)
    random: RandomSource = field(repr=False)
    envelopes: Mapping[str, tuple[Context, SealedSlot]] = field(repr=False)
    arms: dict[str, str | None] = field(default_factory=dict, repr=False)  # of the envelopes opened so far

    def __call__(self, slot: str, at_hand: AtHand) -> str | None:
        """A kit of the slot's arm, or None."""
        numbers = [number for kits in at_hand.values() for number in kits]
        shares = shares_of(study=self.study, slot=slot, numbers=[each for each in numbers if each not in self.arms])
        if shares is None or (arm := self._arm(slot, shares.slot)) is None:
            return None
        return choose_kit(at_hand, self._of_arm(arm, numbers, shares), self.reserve, self.random)

    def agrees(self, slot: str, kit: str) -> bool | None:
        """Whether a kit holds what the slot's participant is to take; None where an envelope does not open."""
        shares = shares_of(study=self.study, slot=slot, numbers=[kit])
        if shares is None:
            return None
        arm, held = self._arm(slot, shares.slot), self._arm(kit, shares.kits.get(kit, b""))
        return None if arm is None or held is None else arm == held

    def _of_arm(self, arm: str, numbers: Sequence[str], shares: Shares) -> frozenset[str]:
        return frozenset(each for each in numbers if self._arm(each, shares.kits.get(each, b"")) == arm)

    def _arm(self, label: str, share: bytes) -> str | None:
        if label not in self.arms:
            self.arms[label] = self._opened(label, share)
        return self.arms[label]

    def _opened(self, label: str, share: bytes) -> str | None:
        if label not in self.envelopes:
            return None
        try:
            return open_slot(*self.envelopes[label], share, self.key)
        except SealError:
            return None


def unlock_kits(
    study: str, lists: Sequence[SealedList], key: PrivateKey, *, reserve: int, random: RandomSource
) -> UnlockedKits:
    """Who chooses kits with a recipient's key: `lists` are the allocation list and the kit lists of the study."""
    envelopes = {slot.label: (listed.context, slot) for listed in lists for slot in listed.slots}
    return UnlockedKits(study, reserve, key, random, envelopes)


@dataclass(frozen=True, slots=True)
class KitKeeper:
    """How a process that unlocked the kits answers; `other` answers what is no question about kits."""

    choose: UnlockedKits
    other: Callable[[bytes], bytes] | None = None

    def answer(self, data: bytes) -> bytes:
        """The bytes of an answer to the bytes of a question; `Shut` to what is no question, or of another study."""
        question = read_question(data)
        if self.other is not None and not isinstance(question, ChooseKit):
            return self.other(data)
        if question is None or question.study != self.choose.study:
            return write(Shut())
        return write(self._chosen(question) if isinstance(question, ChooseKit) else Ready(question.study))

    def _chosen(self, question: ChooseKit) -> Answer:
        at_hand: dict[str, list[str]] = {}
        for each in question.kits:
            pack, _, number = each.partition(":")
            at_hand.setdefault(pack, []).append(number)
        try:
            kit = self.choose(question.slot, at_hand)
        except Error:  # the database is away
            connections[ALLOCATOR].close()
            kit = None
        return Chosen(kit) if kit is not None else Shut()


def choosing(study: str) -> Choose:
    """The `Choose` that asks the process of the unlocked allocator."""

    def choose(slot: str, at_hand: AtHand) -> str | None:
        kits = tuple(f"{pack}:{number}" for pack, numbers in at_hand.items() for number in numbers)
        answer = ask(ChooseKit(study, slot, kits))
        return answer.kit if isinstance(answer, Chosen) else None

    return choose

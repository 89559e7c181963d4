"""The desk of a study that is supplied with kits: shipping, receiving, dispensing, taking back.

Which kit a participant gets is chosen by somebody unlocked with a key (`choose`), from those that can be dispensed at
the site; without one nobody gets a kit, in the words in which a kit is refused for any other cause.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal, cast

from equipoise.allocator import kit_door
from equipoise.allocator.kit_door import AtHand, Choose
from equipoise.conduct import kit_acts as k
from equipoise.conduct.acts import Act, DeviationRecorded, Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.kit_decisions import TO_BE_CHOSEN
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.resupply import orders_due, packs_to_ship, stock_of
from equipoise.conduct.snapshot import Subject
from equipoise.desk.desk import Desk
from equipoise.desk.recording import made
from equipoise.envelopes import kit_list_name, receive_kits, receive_locks
from equipoise.envelopes import problem as sealing_problem
from equipoise.items import Problem
from equipoise.ledger.sealed import keep
from equipoise.ledger.store import Decision, Ledger
from equipoise.protocol.supply import Kits

Condition = Literal["damaged", "missing"]


class KitDesk(Desk):
    """One study with kits, open for work."""

    def __init__(
        self, ledger: Ledger, *, clock: Callable[[], datetime], label: Callable[[], str], choose: Choose | None
    ) -> None:
        super().__init__(ledger, clock=clock, label=label)
        self.choose = choose

    # --- A lot comes from its ceremony ----------------------------------------------------------------------------

    def load_kits(self, listed: bytes, packs: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Keep the sealed kits of a lot on the web host, if they are those that were published."""

        def decide(fold: Fold) -> Decision:
            allowed = self._judged(k.KitLocksLoaded(lot="", kits=0), fold, by, "administer")
            if isinstance(allowed, Refused):
                return allowed
            read = receive_kits(
                listed, packs, published, study=self.ledger.study, protocol=fold.protocol, demo=fold.simulated
            )
            if isinstance(read, Problem):
                return Refused((read,))
            sealed, lot = read
            act = made(k.KitsPacked, lot=lot.lot, expiry=lot.expiry, depot=lot.depot, packs=lot.packs)
            judged = self._judged(act, fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            return judged if keep(sealed) else Refused((sealing_problem("envelopes.E075", sealed.study),))

        return self._append(decide, by=by, key=key)

    def load_kit_locks(self, lot: str, file: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Give the second locks of a lot to the allocator, if they are those that were published.

        What the ledger says was dispensed is given again where the allocator's store does not know of it.
        """

        def decide(fold: Fold) -> Decision:
            judged = self._judged(k.KitLocksLoaded(lot=lot, kits=0), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            name = kit_list_name(self.ledger.study, lot)
            locks = receive_locks(file, published, study=name, protocol=fold.protocol)
            if isinstance(locks, Problem):
                return Refused((locks,))
            loaded = kit_door.load_kits(study=self.ledger.study, lot=lot, second_locks=locks, given=self._dispensed())
            if isinstance(loaded, kit_door.RefusedKit):
                return Refused((loaded.problem,))
            return [k.KitLocksLoaded(lot=lot, kits=loaded)]

        return self._append(decide, by=by, key=key)

    # --- From the depot to the sites ------------------------------------------------------------------------------

    def ship(self, site: str, packs: Sequence[str], *, depot: str, by: Person, key: str) -> Outcome:
        """Ship whole packs to a site."""
        act = made(k.KitsShipped, shipment=self.label(), depot=depot, site=site, packs=tuple(packs))
        return self._study(act, "manage_supply", by=by, key=key)

    def resupply(self, site: str, *, depot: str, by: Person, key: str) -> Outcome:
        """Ship what the timetable orders for a site now: nothing, or orders of a constant number of whole packs."""

        def decide(fold: Fold) -> Decision:
            plan, today = self.protocol.kits, self.clock().date()
            if plan is None:
                return self._judged(_wish(site, depot), fold, by, "manage_supply")
            orders = orders_due(stock_of(fold.kits.values(), site, today, plan), site, plan)
            there = packs_to_ship(fold.kits.values(), depot, today, plan)
            packs = tuple(there[: orders * plan.order])
            act = _wish(site, depot).model_copy(update={"shipment": self.label(), "packs": packs})
            judged = self._judged(act, fold, by, "manage_supply")
            return judged if isinstance(judged, Refused) or packs else []

        return self._append(decide, by=by, key=key)

    def receive(
        self, shipment: str, *, site: str, received: Sequence[str], by: Person, key: str,
        damaged: Sequence[str] = (), missing: Sequence[str] = (), excursion: bool = False,
    ) -> Outcome:  # fmt: skip
        """Receive a shipment: every kit of it came, is damaged or is missing."""
        act = made(
            k.KitsReceived, shipment=shipment, site=site, received=tuple(received), damaged=tuple(damaged),
            missing=tuple(missing), excursion=excursion,
        )  # fmt: skip
        return self._study(act, "handle_kits", site=site, by=by, key=key)

    def quarantine(self, kits: Sequence[str], *, site: str, by: Person, key: str, reason: str) -> Outcome:
        """Put kits aside until the supply manager decides."""
        act = made(k.KitsQuarantined, site=site, kits=tuple(kits))
        return self._study(act, "handle_kits", site=site, by=by, key=key, reason=reason)

    def decide_quarantine(
        self, kits: Sequence[str], *, site: str, usable: bool, by: Person, key: str, reason: str
    ) -> Outcome:
        """Release kits from quarantine, or keep them from being dispensed for good."""
        act = made(k.KitsDecided, site=site, kits=tuple(kits), usable=usable)
        return self._study(act, "manage_supply", by=by, key=key, reason=reason)

    def withdraw(
        self, kits: Sequence[str], *, site: str, because: Condition, by: Person, key: str, reason: str
    ) -> Outcome:
        """Record that kits at a site are damaged or missing."""
        act = made(k.KitsWithdrawn, site=site, kits=tuple(kits), because=because)
        return self._study(act, "handle_kits", site=site, by=by, key=key, reason=reason)

    def destroy(self, kits: Sequence[str], *, site: str, by: Person, key: str) -> Outcome:
        """Record that kits nobody will take were destroyed."""
        act = made(k.KitsDestroyed, site=site, kits=tuple(kits))
        return self._study(act, "handle_kits", site=site, by=by, key=key)

    # --- From the site to the participant -------------------------------------------------------------------------

    def dispense_kit(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome:
        """Give a participant the kits that are chosen for them, of those that can be dispensed at their site: as many
        as the visit hands out, an act for each, or none."""
        wish = made(k.KitDispensed, subject=subject, visit=visit, kit=TO_BE_CHOSEN)
        return self._give(wish, by=by, key=key)

    def replace_kit(
        self, subject: str, visit: str, kit: str, *, because: str, by: Person, key: str, reason: str
    ) -> Outcome:
        """Give a participant another kit for one that cannot be used; both in one act, so that none is without."""
        wish = made(k.KitReplaced, subject=subject, visit=visit, kit=TO_BE_CHOSEN, replaces=kit, because=because)
        return self._give(wish, by=by, key=key, reason=reason)

    def return_kit(self, subject: str, kit: str, *, units: int, by: Person, key: str) -> Outcome:
        """Take a kit back, with so many units left in it."""
        return self._act(made(k.KitReturned, subject=subject, kit=kit, units=units), "handle_kits", by=by, key=key)

    def misallocate_kit(
        self, subject: str, visit: str, kit: str, *, by: Person, key: str, reason: str, assigned: str = ""
    ) -> Outcome:
        """Record that a participant took a kit that was not assigned to them, and the deviation that this is.

        What is in either kit nobody asks here: what follows is the same whether or not they hold the same.
        """
        act = made(k.KitMisallocated, subject=subject, visit=visit, kit=kit, assigned=assigned)
        return self._act(act, "handle_kits", by=by, key=key, reason=reason, follow=_wrong_kit)

    def kits_of(self, shipment: str) -> tuple[str, ...]:
        """The numbers of the kits of a shipment, as of the last act this process has seen."""
        return tuple(kit.number for kit in self.ledger.kits().values() if kit.shipment == shipment)

    def _give(
        self, wish: k.KitDispensed | k.KitReplaced | Refused, *, by: Person, key: str, reason: str = ""
    ) -> Outcome:
        def decide(fold: Fold) -> Decision:
            judged = self._judged(wish, fold, by, "handle_kits", reason=reason)
            if isinstance(wish, Refused) or isinstance(judged, Refused):
                return judged
            subject, plan = fold.subjects[wish.subject], self._plan
            given = kit_door.give_kits(
                study=self.ledger.study, subject=wish.subject, visit=wish.visit, slot=subject.slot,
                number=plan.handout(wish.visit).kits if isinstance(wish, k.KitDispensed) else 1,
                at_hand=self._at_hand(fold, subject, wish.visit), choose=self.choose, at=self.clock(),
            )  # fmt: skip
            if isinstance(given, kit_door.RefusedKit):
                return Refused((given.problem,))
            acts = [wish.model_copy(update={"kit": each.number}) for each in given]
            return self._each_judged(acts, fold, by, "handle_kits", reason=reason)

        return self._append(decide, by=by, key=key, reason=reason)

    @property
    def _plan(self) -> Kits:
        """The plan of the kits, once an act about kits was judged possible."""
        assert self.protocol.kits is not None  # noqa: S101 - what `kit_decisions.has_kits` asks for
        return self.protocol.kits

    def _at_hand(self, fold: Fold, subject: Subject, visit: str) -> AtHand:
        """The kits that can be dispensed at a participant's site now, at a visit, by pack."""
        found: dict[str, list[str]] = {}
        today = self.clock().date()
        for kit in fold.kits.values():
            if kit.site == subject.site and kit.usable_on(today, self._plan, visit):
                found.setdefault(kit.pack, []).append(kit.number)
        return found

    def _dispensed(self) -> list[kit_door.GivenKit]:
        """Every kit that was given to somebody, as the ledger knows it."""
        found: list[kit_door.GivenKit] = []
        turns: dict[tuple[str, str], int] = {}
        for each in self.ledger.acts(kinds=["KitDispensed", "KitReplaced"]):
            act = cast("k.KitDispensed | k.KitReplaced", each.act)
            turn = turns.setdefault((act.subject, act.visit), 0)
            found.append(kit_door.GivenKit(act.subject, act.visit, turn, act.kit, each.at))
            turns[act.subject, act.visit] += 1
        return found


def _wish(site: str, depot: str) -> k.KitsShipped:
    return k.KitsShipped.model_construct(shipment="", depot=depot, site=site, packs=())


def _wrong_kit(_: Subject, act: Act) -> Iterator[Act]:
    """The deviation that goes with a kit taken by mistake: numbers, and nothing of what is in them."""
    assert isinstance(act, k.KitMisallocated)  # noqa: S101 - what `misallocate_kit` makes
    text = f"{act.kit} / {act.assigned or '–'}"
    yield DeviationRecorded(subject=act.subject, visit=act.visit, category="wrong_kit", text=text)

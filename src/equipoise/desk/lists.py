"""The allocation list at the desk: how its halves arrive, are replaced after a loss or theft, and are reconciled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from equipoise.allocator import door
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.desk.allocation import assigned
from equipoise.desk.messages import problem
from equipoise.desk.recording import Recording
from equipoise.envelopes import problem as sealing_problem
from equipoise.envelopes import receive_list, receive_locks, receive_replacement, receive_seed, sealing_of
from equipoise.items import Problem
from equipoise.ledger.sealed import keep, replace, sealed_list
from equipoise.ledger.store import Decision

_SEALED_AGAIN: Final = (
    "The list was sealed again: a key may have been stolen. Tell the data monitoring committee. /"
    " 分配表已重新封存：密钥可能失窃。请告知数据监查委员会。"
)


@dataclass(frozen=True, slots=True)
class Received:
    """One half of a newer sealing, and whether it differs from what was there."""

    sealing: str
    slots: int
    new: bool
    sealed_again: bool = False


class Listkeeping(Recording):
    """What is done with the list by who keeps the servers, and never opens anything."""

    def load_list(self, file: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Keep the sealed list on the web host, if it is the one that was published; once more changes nothing."""

        def decide(fold: Fold) -> Decision:
            judged = self._judged(a.ListLoaded(sealing="", slots=0), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            sealed = receive_list(file, published, study=self.ledger.study, protocol=fold.protocol, demo=fold.simulated)
            if isinstance(sealed, Problem):
                return Refused((sealed,))
            kept = keep(sealed)
            if kept is None:
                return Refused((sealing_problem("envelopes.E075", sealed.study),))
            return [a.ListLoaded(sealing=sealed.version, slots=len(sealed.slots))] if kept else []

        return self._append(decide, by=by, key=key)

    def load_locks(self, file: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Give the second locks to the allocator, if they are those that were published.

        If its store was lost or is older than the ledger, everybody randomised has their slot again before this ends;
        a slot in between that the ledger does not know is never given. Once more changes nothing.
        """

        def decide(fold: Fold) -> Decision:
            judged = self._judged(a.SecondLocksLoaded(slots=0, strata=0, restored=0), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            locks = receive_locks(file, published, study=self.ledger.study, protocol=fold.protocol)
            if isinstance(locks, Problem):
                return Refused((locks,))
            seed = receive_seed(file, published)
            if isinstance(seed, Problem):
                return Refused((seed,))
            loaded = door.load(self.ledger.study, locks, assigned(self.ledger), seed)
            if isinstance(loaded, door.Refused):
                return Refused((loaded.problem,))
            said = any(self.ledger.rows(kinds=["SecondLocksLoaded"]))
            act = a.SecondLocksLoaded(slots=loaded.slots, strata=loaded.strata, restored=loaded.restored)
            return [act] if loaded.new or loaded.restored or not said else []

        return self._append(decide, by=by, key=key)

    def replace_list(self, file: bytes, published: str, *, by: Person, key: str, reason: str) -> Outcome:
        """Put a list that was wrapped for other keys, or sealed again, in the place of the one kept here.

        `published` is the text of the newest sealing. Slots, labels and commitment are those of the list that was
        loaded first; the same file once more changes nothing. A list sealed again is registered as a suspicion.
        """

        def receive(fold: Fold) -> Received | Refused:
            try:
                kept, demo = sealed_list(self.ledger.study), fold.simulated
            except LookupError:
                return Refused((sealing_problem("envelopes.E077", self.ledger.study),))
            sealed = receive_replacement(file, published, kept=kept, protocol=fold.protocol, demo=demo)
            if isinstance(sealed, Problem):
                return Refused((sealed,))
            return Received(sealed.version, len(sealed.slots), replace(sealed), sealed.version != kept.version)

        return self._replaced("list", receive, by=by, key=key, reason=reason)

    def replace_locks(self, file: bytes, published: str, *, by: Person, key: str, reason: str) -> Outcome:
        """Put the second locks of a newer sealing in the place of those in the allocator; every slot stays given."""

        def receive(fold: Fold) -> Received | Refused:
            locks = receive_locks(file, published, study=self.ledger.study, protocol=fold.protocol)
            if isinstance(locks, Problem):
                return Refused((locks,))
            replaced = door.replace(self.ledger.study, locks)
            if isinstance(replaced, door.Refused):
                return Refused((replaced.problem,))
            return Received(sealing_of(published), len(locks), replaced)

        return self._replaced("second_locks", receive, by=by, key=key, reason=reason)

    def reconcile(self, *, by: Person, key: str) -> Outcome:
        """Compare the ledger with the allocator after a restore, and burn the slots of participants the ledger lost.

        Until this is done nobody is randomised. Refused where the two contradict each other, or where the allocator is
        the one that is behind: then its second locks are loaded again.
        """

        def decide(fold: Fold) -> Decision:
            judged = self._judged(a.Reconciled(burned={}), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            given = door.slots_given(study=self.ledger.study)
            if _contradicts(fold, given):
                return Refused((problem("desk.E010", self.ledger.study),))
            lost = _lost(fold, given)
            return [a.Reconciled(burned=lost)] if lost else []

        return self._append(decide, by=by, key=key)

    def running_out(self, *, by: Person) -> tuple[door.RunningOut, ...]:
        """The strata whose list comes to its end, for somebody not masked who works for the whole study."""
        entitled = {role.id for role in self.protocol.roles if not role.masked and role.scope == "study"}
        found = door.running_out(study=self.ledger.study, role=by.role, entitled=entitled)
        return () if isinstance(found, door.Refused) else found

    def _replaced(
        self, part: Literal["list", "second_locks"], receive: Callable[[Fold], Received | Refused], *, by: Person,
        key: str, reason: str,
    ) -> Outcome:  # fmt: skip
        def decide(fold: Fold) -> Decision:
            wish = a.ListReplaced(part=part, sealing="", slots=0)
            judged = self._judged(wish, fold, by, "administer", reason=reason)
            received = judged if isinstance(judged, Refused) else receive(fold)
            if isinstance(received, Refused):
                return received
            act = wish.model_copy(update={"sealing": received.sealing, "slots": received.slots})
            said = any(each.act == act for each in self.ledger.acts(kinds=["ListReplaced"]))
            follows = [self._suspicion()] if received.sealed_again else []
            return [act, *follows] if received.new or not said else []

        return self._append(decide, by=by, key=key, reason=reason)

    def _suspicion(self) -> a.UnmaskingReported:
        """The entry in the register that goes with a list sealed again."""
        on = self.clock().date()
        return a.UnmaskingReported(how="suspected", whom="other", on=on, text=_SEALED_AGAIN)

    def _quarantined(self, fold: Fold) -> bool:
        """Whether the ledger and the allocator do not agree, so that nobody may be randomised."""
        given = door.slots_given(study=self.ledger.study)
        return bool(_lost(fold, given)) or _contradicts(fold, given)


def _lost(fold: Fold, given: Mapping[str, str]) -> dict[str, str]:
    """Who has a slot and is not in the ledger, with its label; not who was burned before, nor what a restore burned."""
    return {
        subject: label
        for subject, label in sorted(given.items())
        if subject not in fold.subjects and subject not in fold.burned and not door.is_nobody(subject)
    }


def _contradicts(fold: Fold, given: Mapping[str, str]) -> bool:
    """Whether the ledger has somebody randomised to a slot that the allocator has not given, or to another person."""
    return any(subject.slot and given.get(code) != subject.slot for code, subject in fold.subjects.items())

"""What stops entry and lets it go on: freezing by one person, locking and unlocking by two."""

from typing import Literal

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.locks import CASEBOOK
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.desk.permission import permitted
from equipoise.desk.recording import Recording, made
from equipoise.ledger.store import Decision


class Locking(Recording):
    """What is done by whoever closes the data."""

    def request_lock(self, *, by: Person, key: str, reason: str) -> Outcome:
        """Ask that the study be locked; another person grants it."""
        return self._request("lock", by=by, key=key, reason=reason)

    def request_unlock(self, *, by: Person, key: str, reason: str) -> Outcome:
        """Ask that the study be unlocked to correct something; another person grants it."""
        return self._request("unlock", by=by, key=key, reason=reason)

    def _request(self, what: Literal["lock", "unlock"], *, by: Person, key: str, reason: str) -> Outcome:
        return self._study(a.LockRequested(what=what), "lock", by=by, key=key, reason=reason)

    def lock(self, request: str, *, by: Person, key: str) -> Outcome:
        """Grant a request, and so lock the study: no value changes any more."""
        return self._study(made(a.StudyLocked, request=request), "lock", by=by, key=key)

    def unlock(self, request: str, *, by: Person, key: str) -> Outcome:
        """Grant a request, and so unlock the study to correct something."""
        return self._study(made(a.StudyUnlocked, request=request), "lock", by=by, key=key)

    def decline_lock(self, request: str, *, by: Person, key: str, reason: str) -> Outcome:
        """Decline a request, or take back one's own."""
        return self._study(made(a.LockDeclined, request=request), "lock", by=by, key=key, reason=reason)

    def freeze(
        self, subject: str, *, by: Person, key: str, visit: str = "", form: str = "", repeat: int = 1
    ) -> Outcome:
        """Let nothing more be entered on a form or, with none named, on any form of a participant."""
        act = made(a.EntryFrozen, subject=subject, visit=visit, form=form, repeat=repeat)
        return self._act(act, "lock", by=by, key=key)

    def freeze_every_casebook(self, *, by: Person, key: str) -> Outcome:
        """Let nothing more be entered for anybody. Unlocking the study later opens nothing that is frozen."""

        def decide(fold: Fold) -> Decision:
            if problems := permitted(self.protocol, by, "lock"):
                return Refused(problems)
            acts = [
                a.EntryFrozen(subject=code) for code, known in fold.subjects.items() if CASEBOOK not in known.frozen
            ]
            return self._each_judged(acts, fold, by, "lock")

        return self._append(decide, by=by, key=key, several=True)

    def unfreeze(
        self, subject: str, *, by: Person, key: str, reason: str, visit: str = "", form: str = "", repeat: int = 1
    ) -> Outcome:
        """Let a form, or with none named the whole casebook, be filled in again."""
        act = made(a.EntryUnfrozen, subject=subject, visit=visit, form=form, repeat=repeat)
        return self._act(act, "lock", by=by, key=key, reason=reason)

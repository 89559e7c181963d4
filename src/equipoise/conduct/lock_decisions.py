"""When entry may be stopped and let go on.

Freezing stops entry and nothing else: doses, stops and queries go on, and so do infusions and the clocks of serious
events, with what follows from them on the forms of the participant. Only the lock of the study stops these.
"""

from collections.abc import Iterator
from typing import Any

from equipoise.conduct import lock_acts as k
from equipoise.conduct.locks import CASEBOOK, form_key, is_frozen
from equipoise.conduct.messages import problem
from equipoise.conduct.situation import Situation
from equipoise.items import Problem


def fits_the_lock(act: k.LockRequested, s: Situation) -> Iterator[Problem]:
    """An open study is locked, a locked one unlocked."""
    if s.locked != (act.what == "unlock"):
        yield problem("conduct.E001" if s.locked else "conduct.E080", act.kind)


def nothing_was_asked(act: k.LockRequested, s: Situation) -> Iterator[Problem]:
    """Nothing else waits for a second person."""
    if s.lock_request is not None and s.now <= s.lock_request.until:
        yield problem("conduct.E170", act.kind)


def was_asked(act: Any, s: Situation) -> Iterator[Problem]:
    """The request an act answers still waits."""
    if s.lock_request is None or s.lock_request.id != act.request:
        yield problem("conduct.E171", act.kind)


def another_person_asked(act: k.StudyLocked | k.StudyUnlocked, s: Situation) -> Iterator[Problem]:
    """Two people agree: one asked for this within the time a request lasts, and another grants it."""
    asked, what = s.lock_request, "lock" if isinstance(act, k.StudyLocked) else "unlock"
    if asked is None or (asked.id, asked.what) != (act.request, what):
        yield problem("conduct.E171", act.kind)
    elif asked.by == s.by:
        yield problem("conduct.E172", act.kind)
    elif s.now > asked.until:
        yield problem("conduct.E173", act.kind)


def entry_goes_on(act: Any, s: Situation) -> Iterator[Problem]:
    """The form an act fills in is not frozen; of a visit, not the participant's whole casebook. No freeze keeps from
    recording what was done for a patient: what follows from another act is filed."""
    key = form_key(act) if hasattr(act, "form") else CASEBOOK
    if not s.follows and is_frozen(s.known.frozen, key):
        yield problem("conduct.E174", " / ".join(part for part in (act.subject, *key[:2]) if part))


def is_not_frozen(act: k.EntryFrozen, s: Situation) -> Iterator[Problem]:
    """What is frozen was not."""
    if form_key(act) in s.known.frozen:
        yield problem("conduct.E175", act.subject)


def was_frozen(act: k.EntryUnfrozen, s: Situation) -> Iterator[Problem]:
    """What is unfrozen was frozen, by itself and not with the casebook."""
    if form_key(act) not in s.known.frozen:
        yield problem("conduct.E176", act.subject)

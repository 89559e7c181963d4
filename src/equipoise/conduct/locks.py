"""What is closed to entry, and what two people have agreed about so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from equipoise.conduct.acts import Recorded
from equipoise.conduct.lock_acts import EntryFrozen, EntryUnfrozen, LockDeclined, LockRequested
from equipoise.protocol.names import LOG

FormKey = tuple[str, str, int]  # visit, form, repeat
CASEBOOK: Final[FormKey] = ("", "", 1)  # every form of a participant
REQUEST_LASTS: Final = timedelta(hours=72)  # over a weekend; a request nobody granted by then is asked anew


def form_key(act: Any) -> FormKey:
    """The form an act is about: of an act that names no visit, the row of a log."""
    return getattr(act, "visit", LOG), act.form, act.repeat


@dataclass(frozen=True, slots=True)
class LockRequest:
    """That somebody asked for the study to be locked or unlocked, and nobody has answered yet."""

    id: str
    what: str  # "lock" | "unlock"
    by: str
    at: datetime
    reason: str

    @property
    def until(self) -> datetime:
        """Until when it can be granted."""
        return self.at + REQUEST_LASTS


def request_after(act: LockRequested | LockDeclined, recorded: Recorded) -> LockRequest | None:
    """What waits for a second person once an act is recorded."""
    if isinstance(act, LockRequested):
        return LockRequest(recorded.id, act.what, recorded.by.id, recorded.at, recorded.reason)
    return None


def frozen_after(frozen: frozenset[FormKey], act: EntryFrozen | EntryUnfrozen) -> frozenset[FormKey]:
    """The forms of a participant that are frozen once an act is recorded; `CASEBOOK` among them stands for all."""
    key = {form_key(act)}
    return frozen | key if isinstance(act, EntryFrozen) else frozen - key


def is_frozen(frozen: Collection[FormKey], key: FormKey) -> bool:
    """Whether nothing is entered on a form."""
    return CASEBOOK in frozen or key in frozen

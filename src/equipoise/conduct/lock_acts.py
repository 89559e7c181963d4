"""The acts that stop entry and let it go on: for one form, for one participant, for the whole study.

The study is locked, and unlocked, by two people: one asks, with a reason, and another grants. In version 1 of the two
acts one person did it alone; such an act names no request.
"""

from typing import ClassVar, Literal

from equipoise.conduct.act import Act, Name, SubjectAct


class LockRequested(Act):
    """A person asked that the study be locked or unlocked, for a reason. Nothing changes until another grants it."""

    what: Literal["lock", "unlock"]


class LockDeclined(Act):
    """What was asked for will not be done, for a reason: another person declined it, or who asked took it back."""

    request: str  # the key of the act that asked


class StudyLocked(Act):
    """No value changes any more. Another person than this one had asked for it."""

    version: ClassVar[int] = 2
    request: str = ""  # the key of the act that asked; "" in version 1


class StudyUnlocked(Act):
    """Values may be corrected again. Another person than this one had asked for it."""

    version: ClassVar[int] = 2
    request: str = ""  # the key of the act that asked; "" in version 1


class EntryFrozen(SubjectAct):
    """Nothing more is entered on a form or, with no form named, on any form of the participant. Queries go on."""

    visit: Name | Literal[""] = ""
    form: Name | Literal[""] = ""
    repeat: int = 1


class EntryUnfrozen(SubjectAct):
    """A form, or the participant's casebook, may be filled in again, for a reason."""

    visit: Name | Literal[""] = ""
    form: Name | Literal[""] = ""
    repeat: int = 1


LOCK_ACTS = (LockRequested, LockDeclined, StudyLocked, StudyUnlocked, EntryFrozen, EntryUnfrozen)

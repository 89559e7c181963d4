"""How an act is judged and recorded: what every method of the desk ends in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Person
from equipoise.conduct.decisions import refusals
from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.situation import Situation
from equipoise.conduct.snapshot import Subject
from equipoise.desk.messages import problem
from equipoise.desk.permission import may_fill, permitted, works_at
from equipoise.ledger.store import Decision, Ledger
from equipoise.protocol.schema import Form, Permission, Protocol

Decide = Callable[[Fold], Decision]
Made = TypeVar("Made", bound=Act)
_LONGEST_KEY: Final = 72  # what follows from an act is kept under the key and a number


class Recording:
    """One study's ledger with the clock of this place."""

    def __init__(self, ledger: Ledger, *, clock: Callable[[], datetime], label: Callable[[], str]) -> None:
        self.ledger = ledger
        self.protocol: Protocol = ledger.protocol
        self.clock = clock
        self.label = label  # random labels for bags

    # --- How an act is judged and recorded ------------------------------------------------------------------------

    def _study(
        self, act: Act | Refused, permission: Permission | None, *, by: Person, key: str, reason: str = "",
        site: str = "", form: Form | None = None,
    ) -> Outcome:  # fmt: skip
        return self._append(
            lambda fold: self._judged(act, fold, by, permission, site=site, form=form, reason=reason),
            by=by, key=key, reason=reason,
        )  # fmt: skip

    def _act(
        self, act: a.SubjectAct | Refused, permission: Permission, *, by: Person, key: str, reason: str = "",
        follow: Callable[[Subject, Act], Iterator[Act]] | None = None,
    ) -> Outcome:  # fmt: skip
        def decide(fold: Fold) -> Decision:
            judged = self._judged(act, fold, by, permission, reason=reason)
            if isinstance(act, Refused) or isinstance(judged, Refused) or follow is None:
                return judged
            return [act, *follow(fold.subjects[act.subject], act)]

        return self._append(decide, by=by, key=key, reason=reason)

    def _judged(
        self, act: Act | Refused, fold: Fold, by: Person, permission: Permission | None, *, site: str = "",
        form: Form | None = None, reason: str = "", follows: bool = False,
    ) -> Decision:  # fmt: skip
        if isinstance(act, Refused):
            return act
        subject = fold.subjects.get(act.subject) if isinstance(act, a.SubjectAct) else None
        if subject is not None and not works_at(self.protocol, by, subject.site):
            subject = None  # somebody else's participant is refused in the words for one that does not exist
        problems = (permitted(self.protocol, by, permission, site) if permission else ()) or (
            may_fill(self.protocol, by, form) if form else ()
        )
        if not problems:
            situation = Situation(
                self.protocol,
                fold.sites,
                fold.locked,
                subject,
                self.clock(),
                reason,
                by=by.id,
                looks=fold.looks,
                recruitment=fold.recruitment,
                grants=fold.grants,
                unmaskings=fold.unmaskings,
                kits=fold.kits,
                lock_request=fold.lock_request,
                follows=follows,
            )
            problems = refusals(act, situation)
        return Refused(problems) if problems else [act]

    def _each_judged(
        self, acts: Sequence[Act], fold: Fold, by: Person, permission: Permission, *, reason: str = ""
    ) -> Decision:
        """The acts, if each is possible as things are; otherwise why the first one that is not is refused."""
        judged = (self._judged(act, fold, by, permission, reason=reason) for act in acts)
        return next((each for each in judged if isinstance(each, Refused)), acts)

    def _append(
        self, decide: Decide, *, by: Person, key: str, reason: str = "", several: bool = False,
        files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Outcome:  # fmt: skip
        if len(key) > _LONGEST_KEY or not _can_be_kept(key):
            return cannot_be("key")
        if not _can_be_kept(reason):
            return cannot_be("reason")
        return self.ledger.append(decide, key=key, by=by, at=self.clock(), reason=reason, several=several, files=files)


def made(kind: type[Made], **what: Any) -> Made | Refused:
    """The act, or which part of it cannot be what was given."""
    try:
        return kind.model_validate(what)
    except ValidationError as wrong:
        return cannot_be(*dict.fromkeys(str(error["loc"][0]) for error in wrong.errors(include_url=False)))


def cannot_be(*parts: str) -> Refused:
    return Refused(tuple(problem("desk.E005", part, part=part) for part in parts))


def _can_be_kept(text: str) -> bool:
    """Whether every database keeps a text as it is: no NUL, and no half of a character."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)

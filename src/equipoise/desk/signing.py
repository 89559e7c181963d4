"""Signatures: one person's name under values as they stand, one form at a time or many at once."""

from collections.abc import Sequence

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.signatures import digest_of
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.desk.permission import may_sign
from equipoise.desk.recording import Recording, made
from equipoise.ledger.store import Decision

Record = tuple[str, FormKey]  # participant, form


class Signing(Recording):
    """What is done by whoever signs."""

    def sign_form(
        self, subject: str, visit: str, form: str, *, meaning: str, by: Person, key: str, repeat: int = 1
    ) -> Outcome:
        """Sign a form, bound to the values as they stand."""

        def decide(fold: Fold) -> Decision:
            return self._signed(fold, (subject, (visit, form, repeat)), meaning, by)

        return self._append(decide, by=by, key=key)

    def sign_forms(self, records: Sequence[Record], *, after: int, meaning: str, by: Person, key: str) -> Outcome:
        """Sign the forms somebody has looked at, each by an act of its own, all in one transaction.

        `after` is the number of the last act they had seen: a form on which a value was set since is left out, and so
        is one whose signature stands. Whoever asks compares what was recorded with what they wished for.
        """

        def decide(fold: Fold) -> Decision:
            signatures: list[Act] = []
            for record in records:
                judged = self._signed(fold, record, meaning, by)
                if isinstance(judged, Refused):
                    return judged
                if _waits(fold.subjects[record[0]], record[1], after):
                    signatures += judged
            return signatures

        return self._append(decide, by=by, key=key, several=True)

    def _signed(self, fold: Fold, record: Record, meaning: str, by: Person) -> Decision:
        judged = self._judged(_signature(fold, record, meaning), fold, by, "sign")
        problems = may_sign(self.protocol, by, self.protocol.form_by_id.get(record[1][1]))
        return judged if isinstance(judged, Refused) or not problems else Refused(problems)


def _signature(fold: Fold, record: Record, meaning: str) -> a.FormSigned | Refused:
    subject, key = record
    known = fold.subjects.get(subject)
    values = known.values.get(key, {}) if known else {}
    visit, form, repeat = key
    place = {"subject": subject, "visit": visit, "form": form, "repeat": repeat}
    return made(a.FormSigned, **place, meaning=meaning, values=digest_of(values))


def _waits(subject: Subject, key: FormKey, after: int) -> bool:
    """Whether a form is as it was seen, and has no signature that stands."""
    return subject.saved[key] <= after and (key not in subject.signatures or subject.void(key))

"""Emergencies at the desk: a code break, and the register of every unmasking, also while the study is locked."""

from datetime import date, datetime

from equipoise.allocator import door
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.fold import Fold
from equipoise.conduct.messages import problem as refusal
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.desk.permission import works_at
from equipoise.desk.recording import Recording, cannot_be, made
from equipoise.desk.telling_words import telling_words
from equipoise.ledger.store import Decision


class Emergencies(Recording):
    """What cannot wait."""

    def break_code(
        self, subject: str, *, why: str, adverse_event: bool, told: str, by: Person, key: str, reason: str,
        confirmed: bool = False,
    ) -> door.CodeBreakReleased | Refused:  # fmt: skip
        """Record a code break and hand over its release, which opens one envelope together with its card.

        After several others it is refused until it is `confirmed` (the alarm of the protocol), and never for good.

        The act comes first, so that nothing is released without a record. The release is handed over once for each
        act: if the answer was cut off before, asking again under the same key gives it; after that only a new request,
        with an act of its own, does.
        """
        act = made(a.CodeBroken, subject=subject, why=why, adverse_event=adverse_event, told=told, confirmed=confirmed)
        outcome = self._act(act, "break_code", by=by, key=key, reason=reason)
        if isinstance(outcome, Refused):
            return outcome
        broken = outcome.acts[0]
        if broken.act != act or broken.by.id != by.id:
            return cannot_be("key")
        released = door.release_code_break(
            study=self.ledger.study, subject=subject, by=by.id, role=by.role, reason=broken.reason, at=broken.at,
            entitled={role.id for role in self.protocol.roles if "break_code" in role.may}, released_by=broken.id,
        )  # fmt: skip
        return Refused((released.problem,)) if isinstance(released, door.Refused) else released

    def report_unmasking(
        self, *, how: str, whom: str, on: date, text: str, by: Person, key: str, subject: str = "",
        happened: datetime | None = None,
    ) -> Outcome:  # fmt: skip
        """Record that somebody learnt an arm, or may have: of a participant, or (with none) at large.

        `happened`: the moment, where it is known; it is on the day `on` at the site.
        """

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            act = made(
                a.UnmaskingReported, subject=subject, site=known.site if known else by.site, how=how, whom=whom, on=on,
                happened=happened, text=text, withheld=self._withheld(text, by),
            )  # fmt: skip
            judged = self._judged(act, fold, by, "view")
            known_here = known is not None and works_at(self.protocol, by, known.site)
            if subject and not known_here and not isinstance(judged, Refused):
                return Refused((refusal("conduct.E002", subject),))
            return judged

        return self._append(decide, by=by, key=key)

    def assess_unmasking(
        self, report: str, *, data: str, participant: str, others: str, measures: str, by: Person, key: str
    ) -> Outcome:
        """Record what an entry of the register means, and what is done. A later assessment stands in its place."""
        act = made(
            a.UnmaskingAssessed, report=report, data=data, participant=participant, others=others, measures=measures,
            withheld=self._withheld(measures, by),
        )  # fmt: skip
        return self._study(act, "lock", by=by, key=key)

    def _withheld(self, text: str, by: Person) -> bool:
        """Whether masked readers may not have a text."""
        role = self.protocol.role_by_id.get(by.role)
        return bool(text) and (role is None or not role.masked or bool(telling_words(text, self.protocol)))

"""How a form is filed: its act, the queries that edit checks raise, and a stratum that is another one now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.checks import Finding, findings
from equipoise.conduct.environment import History
from equipoise.conduct.fold import Fold
from equipoise.conduct.outcome import Refused
from equipoise.conduct.situation import last_today
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.conduct.strata import stratum_of
from equipoise.desk.recording import Recording, made
from equipoise.items import Answer, write
from equipoise.ledger.store import Decision
from equipoise.protocol.schema import Form


class Filing(Recording):
    """What comes of answers that were read."""

    def _filed(
        self, fold: Fold, subject: str, place: FormKey, form: Form, read: Mapping[str, Answer], by: Person, reason: str,
        *, follows: bool = False,
    ) -> Decision:  # fmt: skip
        """What to record of answers to a form: only what changed, with what follows from it.

        `follows`: they follow from another act of the person, who need not be one of those who fill in the form; and
        no freeze keeps them out, so that none keeps that act from being recorded.
        """
        visit, _, repeat = place
        known = fold.subjects.get(subject)
        before = known.values.get(place, {}) if known else {}
        changes = {i: (write(before.get(i)), write(v)) for i, v in read.items() if before.get(i) != v}
        act = made(a.FormSaved, subject=subject, visit=visit, form=form.id, repeat=repeat, changes=changes)
        filled = None if follows else form
        judged = self._judged(act, fold, by, "enter", form=filled, reason=reason, follows=follows)
        if isinstance(act, Refused) or isinstance(judged, Refused) or known is None:
            return judged
        if not changes:
            return []
        saved = replace(known, values={**known.values, place: {**before, **read}})
        return [act, *self._queries(saved, place, form), *self._restratified(saved)]

    def _queries(self, saved: Subject, place: FormKey, form: Form) -> Iterator[a.QueryRaised]:
        """What edit checks ask of a form as it is being saved; so are the derived values behind it."""
        visit, form_id, repeat = place
        behind = History(self.protocol, saved).at(visit)
        for finding in findings(self.protocol, form, saved.values[place], behind, last_today(self.clock())):
            query = f"{form_id}.{visit}.{repeat}.{finding.check}.{finding.item}"
            if finding.strength != "notable" and query not in saved.queries:
                yield a.QueryRaised(
                    subject=saved.code, query=query, visit=visit, form=form_id, repeat=repeat, item=finding.item,
                    check=finding.check, text=_words(finding),
                )  # fmt: skip

    def _restratified(self, subject: Subject) -> Iterator[a.StratumCorrected]:
        """That the factors of somebody randomised now make another stratum than was last recorded."""
        if subject.randomised is None:
            return
        stratum = stratum_of(self.protocol, subject)
        if stratum is not None and stratum != (subject.stratum_corrected or subject.stratum):
            yield a.StratumCorrected(subject=subject.code, given=subject.stratum, corrected=stratum)


def _words(finding: Finding) -> str:
    return f"{finding.message.en} / {finding.message.zh}" if finding.message.zh else finding.message.en

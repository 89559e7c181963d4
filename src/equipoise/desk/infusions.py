"""An infusion at the desk: the check at the bedside, each step, vital signs and reactions.

At its end the form of the treatment is filled in from the record; a reaction begins its adverse event. What somebody
had typed on the form before is not touched.
"""

from collections.abc import Mapping
from datetime import datetime

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.checks import read_answers
from equipoise.conduct.fold import Fold
from equipoise.conduct.infusions import answers_of, found_at, infusion_after, row_of
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.desk.filing import Filing
from equipoise.desk.recording import made
from equipoise.items import Problem, read, shown
from equipoise.ledger.store import Decision
from equipoise.protocol.names import LOG, item_of, names_of
from equipoise.protocol.schema import Form

BedsideAct = a.BagChecked | a.InfusionStepped | a.VitalSignsTaken | a.ReactionSeen


class Infusions(Filing):
    """What happens at the bedside."""

    def check_bag(
        self, subject: str, visit: str, *, wristband: str, bag: str, cover_intact: bool, by: Person, key: str
    ) -> Outcome:
        """Record what was read from wristband and bag and what came of it, a refusal too: `found` of the act."""

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            label = known.bag(visit) if known else ""
            found = found_at(subject, label, wristband=wristband, label=bag, cover_intact=cover_intact)
            act = made(a.BagChecked, subject=subject, visit=visit, wristband=wristband, bag=bag, found=found)
            return self._at_the_bedside(act, fold, by)

        return self._append(decide, by=by, key=key)

    def step_infusion(
        self, subject: str, visit: str, step: str, *, at: datetime, by: Person, key: str, rate: str = "",
        volume: str = "",
    ) -> Outcome:  # fmt: skip
        """Record a step: start, rate, stop, restart, or end, with the rate in mL/h and at the end the mL given."""
        said = {"rate": rate or None, "volume": volume or None}
        act = made(a.InfusionStepped, subject=subject, visit=visit, step=step, at=at, **said)

        def decide(fold: Fold) -> Decision:
            judged = self._at_the_bedside(act, fold, by)
            if isinstance(act, Refused) or isinstance(judged, Refused) or act.step != "end":
                return judged
            known = fold.subjects[subject]
            ended = infusion_after(known.infusion(visit), act)
            zone = self.protocol.zone_of(known.site)
            texts = answers_of(self.protocol, ended, known.bag(visit), zone)
            place = (visit, self.protocol.treatment.form, 1)
            filed = self._into(fold, known, place, texts, by)
            return filed if isinstance(filed, Refused) else [act, *filed]

        return self._append(decide, by=by, key=key)

    def take_vital_signs(
        self, subject: str, visit: str, texts: Mapping[str, str], *, at: datetime, by: Person, key: str
    ) -> Outcome:
        """Record vital signs as typed: item → text. One left empty was not taken."""
        record = self.protocol.treatment.infusion
        wanted = record.vital_signs if record is not None else ()
        items = {sign: item_of(names_of(self.protocol).items[sign].item, self.protocol) for sign in wanted}
        answers = {sign: read(item, texts.get(sign, "")) for sign, item in items.items() if texts.get(sign, "").strip()}
        if wrong := tuple(answer for answer in answers.values() if isinstance(answer, Problem)):
            return Refused(wrong)
        signs = {sign: shown(answer) for sign, answer in answers.items()}  # type: ignore[arg-type]
        act = made(a.VitalSignsTaken, subject=subject, visit=visit, at=at, signs=signs)
        return self._study(act, "enter", by=by, key=key, form=self._treatment)

    def see_reaction(
        self, subject: str, visit: str, *, at: datetime, grade: str, sign: str, by: Person, key: str
    ) -> Outcome:
        """Record a reaction, and begin its adverse event with what is known; the investigator adds the rest."""

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            form = self.protocol.safety.adverse_events.form
            event = known.next_row(form) if known else 1
            act = made(a.ReactionSeen, subject=subject, visit=visit, at=at, grade=grade, sign=sign, event=event)
            judged = self._at_the_bedside(act, fold, by)
            if isinstance(act, Refused) or isinstance(judged, Refused) or known is None:
                return judged
            place = (LOG, form, event)
            row = row_of(self.protocol, act, self.protocol.zone_of(known.site))
            filed = self._into(fold, known, place, row, by)
            return filed if isinstance(filed, Refused) else [act, *filed]

        return self._append(decide, by=by, key=key)

    def _at_the_bedside(self, act: BedsideAct | Refused, fold: Fold, by: Person) -> Decision:
        """Whoever fills in the form of the treatment may record what happens at the bedside."""
        return self._judged(act, fold, by, "enter", form=self._treatment)

    @property
    def _treatment(self) -> Form:
        return self.protocol.form_by_id[self.protocol.treatment.form]

    def _into(self, fold: Fold, known: Subject, place: FormKey, texts: Mapping[str, str], by: Person) -> Decision:
        """Put what follows from the record into a form, where nothing stands there yet. What the form cannot hold stays
        open there: that never keeps from recording what happened."""
        form, there = self.protocol.form_by_id[place[1]], known.values.get(place, {})
        answers, _ = read_answers(self.protocol, form, {i: t for i, t in texts.items() if there.get(i) is None})
        return self._filed(fold, known.code, place, form, answers, by, "", follows=True)

"""The desk: what people do in a trial, one method each. Pages and virtual staff call these and do nothing else.

Every method takes who acts (`by`) and a `key` the caller made for this one act: calling again with the same key
changes nothing and answers what was recorded the first time. The answer is `Done`, with the acts, or `Refused`, with
the problems; nothing is ever half done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Final

from equipoise.allocator import door
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Person
from equipoise.conduct.checks import read_answers
from equipoise.conduct.eligibility import judge
from equipoise.conduct.environment import History
from equipoise.conduct.fold import Fold
from equipoise.conduct.messages import problem as refusal
from equipoise.conduct.outcome import Done, Outcome, Refused
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.conduct.strata import stratum_of
from equipoise.desk.dispensing import Dispensing
from equipoise.desk.emergencies import Emergencies
from equipoise.desk.files import handed_over, unfit, without_content
from equipoise.desk.infusions import Infusions
from equipoise.desk.lists import Listkeeping
from equipoise.desk.locks import Locking
from equipoise.desk.messages import problem
from equipoise.desk.recording import made
from equipoise.desk.serious_events import SafetyReporting
from equipoise.desk.signing import Signing
from equipoise.desk.telling_words import telling_words
from equipoise.envelopes import RoleKey
from equipoise.ledger.store import Decision
from equipoise.protocol.schema import Form, Protocol

_LIMITS: Final = ("conduct.E102", "conduct.E103", "conduct.E104")  # of recruitment


class Desk(Listkeeping, Emergencies, Dispensing, Locking, Signing, SafetyReporting, Infusions):
    """One study, open for work."""

    # --- The study ------------------------------------------------------------------------------------------------

    def activate_site(self, site: str, *, by: Person, key: str) -> Outcome:
        """Open a site for screening."""
        return self._study(a.SiteActivated(site=site), "administer", by=by, key=key)

    def record_opening(self, *, commitment: str, slots: int, by: Person, key: str) -> Outcome:
        """Record that the allocation list was opened and agrees with its commitment."""
        return self._study(a.ListOpened(commitment=commitment, slots=slots), "open_list", by=by, key=key)

    def stop_recruitment(self, *, by: Person, key: str, reason: str, site: str = "") -> Outcome:
        """Let nobody more be randomised, at a site or anywhere."""
        return self._study(a.RecruitmentStopped(site=site), "lock", by=by, key=key, reason=reason)

    def resume_recruitment(self, *, by: Person, key: str, reason: str, site: str = "") -> Outcome:
        """Let participants be randomised again."""
        return self._study(a.RecruitmentResumed(site=site), "lock", by=by, key=key, reason=reason)

    # --- Looks of the data monitoring committee -------------------------------------------------------------------

    def request_look(self, look: str, *, by: Person, key: str) -> Outcome:
        """Record that the committee asks for a planned look."""
        return self._study(made(a.LookRequested, look=look), "recommend", by=by, key=key)

    def release_look(
        self, look: str, *, cut: int, information: int, slots: int, to: RoleKey, by: Person, key: str
    ) -> Outcome:
        """Record that a look goes to somebody's key, with what `desk.looks` has counted at its cut."""
        act = made(
            a.LookReleased, look=look, cut=cut, information=information, slots=slots, recipient=to.recipient,
            fingerprint=to.fingerprint,
        )  # fmt: skip
        return self._study(act, "hold_look", by=by, key=key)

    def recommend(self, look: str, recommendation: str, *, by: Person, key: str) -> Outcome:
        """Record what the committee recommends after a look, and nothing else."""
        act = made(a.RecommendationSigned, look=look, recommendation=recommendation)
        return self._study(act, "recommend", by=by, key=key)

    # --- The way in -----------------------------------------------------------------------------------------------

    def screen(self, *, site: str, by: Person, key: str) -> Outcome:
        """Give a person the next code of a site."""

        def decide(fold: Fold) -> Decision:
            screened = sum(subject.site == site for subject in fold.subjects.values())
            codes = (f"{site}-{number:03d}" for number in count(screened + 1))
            code = next(code for code in codes if not self._is_taken(code, fold))
            act = made(a.SubjectScreened, subject=code, site=site)
            return self._judged(act, fold, by, "screen", site=site)

        return self._append(decide, by=by, key=key)

    def consent(
        self, subject: str, *, document: str, language: str, on: date, by: Person, key: str, reason: str = ""
    ) -> Outcome:
        """Record consent on a version of the information."""
        act = made(a.Consented, subject=subject, document=document, language=language, on=on)
        return self._act(act, "consent", by=by, key=key, reason=reason)

    def confirm_eligibility(self, subject: str, *, by: Person, key: str) -> Outcome:
        """Confirm eligibility, every criterion being judged on what is entered."""

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            states = {j.criterion.id: j.state for j in judge(self.protocol, known)} if known else {}
            act = made(a.EligibilityConfirmed, subject=subject, criteria=states)
            return self._judged(act, fold, by, "confirm_eligibility")

        return self._append(decide, by=by, key=key)

    def fail_screening(self, subject: str, *, reasons: Sequence[str], on: date, by: Person, key: str) -> Outcome:
        """Record that a participant does not enter, and why."""
        act = made(a.ScreenFailed, subject=subject, reasons=tuple(reasons), on=on)
        return self._act(act, "confirm_eligibility", by=by, key=key)

    def randomise(self, subject: str, *, on: date, by: Person, key: str) -> Outcome:
        """Assign the next slot of the participant's stratum, if every criterion is still met on what is entered.

        The allocator gives a participant one slot for ever, so that a repeated or interrupted request ends in the
        same one, also when a limit was reached by others meanwhile: the slot is spent, and its act must be recorded.
        """

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            stratum = stratum_of(self.protocol, known) if known else None
            wish = made(a.Randomised, subject=subject, stratum=stratum or "", slot="", on=on)
            judged = self._judged(wish, fold, by, "randomise")
            if isinstance(wish, Refused) or (isinstance(judged, Refused) and not self._has_slot(subject, judged)):
                return judged
            if stratum is None:
                return Refused((problem("desk.E004", subject),))
            if changed := [j.criterion.id for j in judge(self.protocol, fold.subjects[subject]) if j.state != "met"]:
                return Refused(tuple(problem("desk.E008", subject, criterion=criterion) for criterion in changed))
            if self._quarantined(fold):
                return Refused((problem("desk.E009", subject),))
            aside = [each.code for each in fold.subjects.values() if each.randomised_in_error]
            assigned = door.assign(
                study=self.ledger.study, stratum=stratum, subject=subject, at=self.clock(), set_aside=aside
            )
            if isinstance(assigned, door.Refused):
                return Refused((assigned.problem,))
            act = wish.model_copy(update={"slot": assigned.label, "stratum": assigned.stratum})
            return [act, *self._restratified(replace(fold.subjects[subject], randomised=on, stratum=act.stratum))]

        return self._append(decide, by=by, key=key)

    def mark_randomised_in_error(self, subject: str, *, because: str, by: Person, key: str, reason: str) -> Outcome:
        """Record that a participant should not have been randomised. The slot stays spent, the participant counted."""
        act = made(a.RandomisedInError, subject=subject, because=because)
        return self._act(act, "confirm_eligibility", by=by, key=key, reason=reason)

    # --- Visits and values ----------------------------------------------------------------------------------------

    def hold_visit(
        self, subject: str, visit: str, *, on: date, by: Person, key: str, mode: str = "site", because: str = "",
        reason: str = "",
    ) -> Outcome:  # fmt: skip
        """Record that a visit took place; outside its window with a deviation, otherwise than before with a reason."""
        act = made(a.VisitHeld, subject=subject, visit=visit, on=on, mode=mode, because=because)
        return self._act(act, "enter", by=by, key=key, reason=reason, follow=self._window)

    def miss_visit(self, subject: str, visit: str, *, because: str, by: Person, key: str) -> Outcome:
        """Record that a visit did not take place."""
        act = made(a.VisitMissed, subject=subject, visit=visit, because=because)
        return self._act(act, "enter", by=by, key=key)

    def save_form(
        self, subject: str, visit: str, form: str, answers: Mapping[str, str], *, by: Person, key: str,
        repeat: int = 1, reason: str = "", files: Sequence[bytes] = (),
    ) -> Outcome:  # fmt: skip
        """Record what a person entered on a form, as typed, with the contents of the files it newly names.

        Only what changed is recorded; if nothing did, nothing is. Edit checks that speak become queries.
        """
        spec = self.protocol.form_by_id.get(form)
        if spec is None:
            return Refused((refusal("conduct.E050", subject, form=form),))
        read, problems = read_answers(self.protocol, spec, answers)
        handed = handed_over(read, files)
        if problems := (*problems, *unfit(read, handed, self.protocol)):
            return Refused(problems)
        place: FormKey = (visit, form, repeat)
        return self._append(
            lambda fold: without_content(fold, subject, place, read, handed)
            or self._filed(fold, subject, place, spec, read, by, reason),
            by=by, key=key, reason=reason, files=handed,
        )  # fmt: skip

    def draft_form(
        self, subject: str, visit: str, form: str, texts: Mapping[str, tuple[str, str]], *, by: Person, key: str,
        repeat: int = 1,
    ) -> Outcome:  # fmt: skip
        """Keep what a person has typed and not saved yet, as typed: item → text and missing code.

        Only what changed since is recorded. It is no value: no edit check reads it, and nobody else is shown it.
        """
        spec, place = self.protocol.form_by_id.get(form), (visit, form, repeat)
        if spec is None or (unknown := texts.keys() - spec.item_by_id.keys()):
            return Refused((refusal("conduct.E050", subject, form=f"{form}.{min(unknown)}" if spec else form),))

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            new = dict(_not_kept(self.protocol, spec, texts, known, (place, by.id))) if known else texts
            act = made(a.FormDrafted, subject=subject, visit=visit, form=form, repeat=repeat, texts=new)
            judged = self._judged(act, fold, by, "enter", form=spec)
            return judged if new or isinstance(judged, Refused) else []

        return self._append(decide, by=by, key=key)

    def discard_draft(self, subject: str, visit: str, form: str, *, by: Person, key: str, repeat: int = 1) -> Outcome:
        """Let go of what a person has typed and not saved."""
        act = made(a.DraftDiscarded, subject=subject, visit=visit, form=form, repeat=repeat)
        return self._act(act, "enter", by=by, key=key)

    def mark_row_in_error(self, subject: str, form: str, repeat: int, *, by: Person, key: str, reason: str) -> Outcome:
        """Record that a row of a log was entered in error, and why. Nothing is removed."""
        act = made(a.RowInError, subject=subject, form=form, repeat=repeat)
        return self._study(act, "enter", by=by, key=key, reason=reason, form=self.protocol.form_by_id.get(form))

    # --- Treatment ------------------------------------------------------------------------------------------------

    def stop_treatment(self, subject: str, *, on: date, because: str, by: Person, key: str) -> Outcome:
        """Stop trial treatment; follow-up goes on."""
        act = made(a.TreatmentStopped, subject=subject, on=on, because=because)
        return self._act(act, "stop_treatment", by=by, key=key)

    def end_participation(
        self, subject: str, *, on: date, how: str, by: Person, key: str, because: str = ""
    ) -> Outcome:
        """Record that a participant completed the trial or left it."""
        act = made(a.ParticipationEnded, subject=subject, on=on, how=how, because=because)
        return self._act(act, "end_participation", by=by, key=key)

    # --- Queries and deviations -----------------------------------------------------------------------------------

    def raise_query(
        self, subject: str, visit: str, form: str, item: str, *, text: str, by: Person, key: str, repeat: int = 1
    ) -> Outcome:
        """Ask about a value. Masked people read it: no word in it may tell an arm."""
        act = made(
            a.QueryRaised, subject=subject, query=key, visit=visit, form=form, repeat=repeat, item=item,
            check="person", text=text,
        )  # fmt: skip
        return self._tells(text) or self._act(act, "query", by=by, key=key)

    def answer_query(self, subject: str, query: str, *, text: str, by: Person, key: str) -> Outcome:
        """Answer a query. Masked people read it: no word in it may tell an arm."""
        act = made(a.QueryAnswered, subject=subject, query=query, text=text)
        return self._tells(text) or self._act(act, "answer", by=by, key=key)

    def close_query(self, subject: str, query: str, *, by: Person, key: str) -> Outcome:
        """Settle a query."""
        return self._act(made(a.QueryClosed, subject=subject, query=query), "query", by=by, key=key)

    def close_queries(self, queries: Iterable[tuple[str, str]], *, by: Person, key: str) -> Outcome:
        """Settle queries together, each given as participant and query: all of them, or none."""
        acts = [a.QueryClosed(subject=subject, query=query) for subject, query in dict.fromkeys(queries)]
        return self._append(lambda fold: self._each_judged(acts, fold, by, "query"), by=by, key=key, several=True)

    def record_deviation(
        self, subject: str, visit: str, *, category: str, text: str, by: Person, key: str, form: str = ""
    ) -> Outcome:
        """Record that something was not as the protocol says. Masked people read it: nobody unmasked writes it, and no
        word in it may tell an arm."""
        act = made(a.DeviationRecorded, subject=subject, visit=visit, category=category, text=text, form=form)
        role = self.protocol.role_by_id.get(by.role)
        if role is not None and not role.masked and "enter" in role.may:
            return Refused((problem("desk.E040", by.role, role=by.role),))
        return self._tells(text) or self._act(act, "enter", by=by, key=key)

    def _tells(self, text: str) -> Refused | None:
        words = telling_words(text, self.protocol)
        return Refused((problem("desk.E041", "text", words=", ".join(words)),)) if words else None

    # --- What is known ----------------------------------------------------------------------------------------------

    def history(self, subject: str) -> History:
        """A participant's answers and derived values, as of the last act this process has seen."""
        known = self.ledger.subject(subject)
        if known is None:
            raise LookupError(f"there is no participant {subject!r}")
        return History(self.protocol, known)

    # --- What follows from an act ---------------------------------------------------------------------------------

    def _is_taken(self, code: str, fold: Fold) -> bool:
        """Whether a code is a participant's, also of one whom the ledger lost and the allocator knows."""
        known = code in fold.subjects or code in fold.burned
        return known or door.assignment(study=self.ledger.study, subject=code) is not None

    def _has_slot(self, subject: str, refused: Refused) -> bool:
        """Whether limits alone keep out a participant to whom a slot was given before they were reached."""
        limits = all(each.id in _LIMITS for each in refused.problems)
        return limits and door.assignment(study=self.ledger.study, subject=subject) is not None

    def _window(self, subject: Subject, act: Act) -> Iterator[Act]:
        assert isinstance(act, a.VisitHeld)  # noqa: S101 - what `hold_visit` makes
        visit = self.protocol.visit_by_id.get(act.visit)
        if visit is None or subject.randomised is None:
            return
        first, last = (subject.randomised + timedelta(days=day) for day in (visit.earliest, visit.latest))
        if not first <= act.on <= last:
            text = f"held on {act.on}, window {first} to {last}"
            yield a.DeviationRecorded(subject=act.subject, visit=act.visit, category="visit_window", text=text)


def _not_kept(
    protocol: Protocol, form: Form, texts: Mapping[str, tuple[str, str]], known: Subject, at: tuple[FormKey, str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """What is typed and neither drafted like this nor, where nothing is drafted, saved."""
    drafted, saved = (known.drafts[at].texts if at in known.drafts else {}), known.values.get(at[0], {})
    whole = {item: text or (missing and f"?{missing}") for item, (text, missing) in texts.items()}
    answers, _ = read_answers(protocol, form, {item: text for item, text in whole.items() if not all(texts[item])})
    for item, typed in texts.items():
        as_saved = item in answers and answers[item] == saved.get(item)
        if drafted.get(item) != typed and (item in drafted or not as_saved):
            yield item, typed


__all__ = ["Desk", "Done", "Outcome", "Refused"]

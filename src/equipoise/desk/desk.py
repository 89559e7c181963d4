"""The desk: what people do in a trial, one method each. Pages and virtual staff call these and do nothing else.

Every method takes who acts (`by`) and a `key` the caller made for this one act: calling again with the same key
changes nothing and answers what was recorded the first time. The answer is `Done`, with the acts, or `Refused`, with
the problems; nothing is ever half done.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar, cast

from pydantic import ValidationError

from equipoise.allocator import door
from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Person
from equipoise.conduct.checks import Finding, findings, read_answers
from equipoise.conduct.decisions import Situation, refusals
from equipoise.conduct.eligibility import judge
from equipoise.conduct.environment import History
from equipoise.conduct.fold import Fold
from equipoise.conduct.messages import problem as refusal
from equipoise.conduct.outcome import Done, Outcome, Refused
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.conduct.strata import stratum_of
from equipoise.desk.messages import problem
from equipoise.desk.permission import may_fill, permitted, works_at
from equipoise.envelopes import RoleKey, receive_list, receive_locks
from equipoise.envelopes import problem as sealing_problem
from equipoise.items import Answer, Problem, digest, write
from equipoise.items.canonical import Json
from equipoise.ledger.sealed import keep
from equipoise.ledger.store import Decision, Ledger
from equipoise.protocol.schema import Form, Permission, Protocol

Decide = Callable[[Fold], Decision]
Made = TypeVar("Made", bound=Act)
_LONGEST_KEY: Final = 72  # what follows from an act is kept under the key and a number


class Desk:
    """One study, open for work."""

    def __init__(self, ledger: Ledger, *, clock: Callable[[], datetime], label: Callable[[], str]) -> None:
        self.ledger = ledger
        self.protocol: Protocol = ledger.protocol
        self.clock = clock
        self.label = label  # random labels for bags

    # --- The study ------------------------------------------------------------------------------------------------

    def activate_site(self, site: str, *, by: Person, key: str) -> Outcome:
        """Open a site for screening."""
        return self._study(a.SiteActivated(site=site), "administer", by=by, key=key)

    def lock(self, *, by: Person, key: str) -> Outcome:
        """Lock the study: no value changes any more."""
        return self._study(a.StudyLocked(), "lock", by=by, key=key)

    def unlock(self, *, by: Person, key: str, reason: str) -> Outcome:
        """Unlock the study to correct something."""
        return self._study(a.StudyUnlocked(), "lock", by=by, key=key, reason=reason)

    def record_opening(self, *, commitment: str, slots: int, by: Person, key: str) -> Outcome:
        """Record that the allocation list was opened and agrees with its commitment."""
        return self._study(a.ListOpened(commitment=commitment, slots=slots), "open_list", by=by, key=key)

    def load_list(self, file: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Keep the sealed list on the web host, if it is the one that was published; once more changes nothing."""

        def decide(fold: Fold) -> Decision:
            judged = self._judged(a.ListLoaded(sealing="", slots=0), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            sealed = receive_list(file, published, study=self.ledger.study, protocol=fold.protocol, demo=fold.simulated)
            if isinstance(sealed, Problem):
                return Refused((sealed,))
            kept = keep(sealed)
            if kept is None:
                return Refused((sealing_problem("envelopes.E075", sealed.study),))
            return [a.ListLoaded(sealing=sealed.version, slots=len(sealed.slots))] if kept else []

        return self._append(decide, by=by, key=key)

    def load_locks(self, file: bytes, published: str, *, by: Person, key: str) -> Outcome:
        """Give the second locks to the allocator, if they are those that were published.

        If its store was lost or is older than the ledger, everybody randomised has their slot again before this ends;
        a slot in between that the ledger does not know is never given. Once more changes nothing.
        """

        def decide(fold: Fold) -> Decision:
            judged = self._judged(a.SecondLocksLoaded(slots=0, strata=0, restored=0), fold, by, "administer")
            if isinstance(judged, Refused):
                return judged
            locks = receive_locks(file, published, study=self.ledger.study, protocol=fold.protocol)
            if isinstance(locks, Problem):
                return Refused((locks,))
            loaded = door.load(self.ledger.study, locks, self._assigned())
            if isinstance(loaded, door.Refused):
                return Refused((loaded.problem,))
            said = any(self.ledger.rows(kinds=["SecondLocksLoaded"]))
            act = a.SecondLocksLoaded(slots=loaded.slots, strata=loaded.strata, restored=loaded.restored)
            return [act] if loaded.new or loaded.restored or not said else []

        return self._append(decide, by=by, key=key)

    def stop_recruitment(self, *, by: Person, key: str, reason: str, site: str = "") -> Outcome:
        """Let nobody more be randomised, at a site or anywhere."""
        return self._study(a.RecruitmentStopped(site=site), "lock", by=by, key=key, reason=reason)

    def resume_recruitment(self, *, by: Person, key: str, reason: str, site: str = "") -> Outcome:
        """Let participants be randomised again."""
        return self._study(a.RecruitmentResumed(site=site), "lock", by=by, key=key, reason=reason)

    # --- Looks of the data monitoring committee -------------------------------------------------------------------

    def request_look(self, look: str, *, by: Person, key: str) -> Outcome:
        """Record that the committee asks for a planned look."""
        return self._study(_made(a.LookRequested, look=look), "recommend", by=by, key=key)

    def release_look(
        self, look: str, *, cut: int, information: int, slots: int, to: RoleKey, by: Person, key: str
    ) -> Outcome:
        """Record that a look goes to somebody's key, with what `desk.looks` has counted at its cut."""
        act = _made(
            a.LookReleased, look=look, cut=cut, information=information, slots=slots, recipient=to.recipient,
            fingerprint=to.fingerprint,
        )  # fmt: skip
        return self._study(act, "hold_look", by=by, key=key)

    def recommend(self, look: str, recommendation: str, *, by: Person, key: str) -> Outcome:
        """Record what the committee recommends after a look, and nothing else."""
        act = _made(a.RecommendationSigned, look=look, recommendation=recommendation)
        return self._study(act, "recommend", by=by, key=key)

    # --- The way in -----------------------------------------------------------------------------------------------

    def screen(self, *, site: str, by: Person, key: str) -> Outcome:
        """Give a person the next code of a site."""

        def decide(fold: Fold) -> Decision:
            number = 1 + sum(subject.site == site for subject in fold.subjects.values())
            act = _made(a.SubjectScreened, subject=f"{site}-{number:03d}", site=site)
            return self._judged(act, fold, by, "screen", site=site)

        return self._append(decide, by=by, key=key)

    def consent(
        self, subject: str, *, document: str, language: str, on: date, by: Person, key: str, reason: str = ""
    ) -> Outcome:
        """Record consent on a version of the information."""
        act = _made(a.Consented, subject=subject, document=document, language=language, on=on)
        return self._act(act, "consent", by=by, key=key, reason=reason)

    def confirm_eligibility(self, subject: str, *, by: Person, key: str) -> Outcome:
        """Confirm eligibility, every criterion being judged on what is entered."""

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            states = {j.criterion.id: j.state for j in judge(self.protocol, known)} if known else {}
            act = _made(a.EligibilityConfirmed, subject=subject, criteria=states)
            return self._judged(act, fold, by, "confirm_eligibility")

        return self._append(decide, by=by, key=key)

    def fail_screening(self, subject: str, *, reasons: Sequence[str], on: date, by: Person, key: str) -> Outcome:
        """Record that a participant does not enter, and why."""
        act = _made(a.ScreenFailed, subject=subject, reasons=tuple(reasons), on=on)
        return self._act(act, "confirm_eligibility", by=by, key=key)

    def randomise(self, subject: str, *, on: date, by: Person, key: str) -> Outcome:
        """Assign the next slot of the participant's stratum, if every criterion is still met on what is entered.

        The allocator gives a participant one slot for ever, so that a repeated or interrupted request ends in the
        same one.
        """

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            stratum = stratum_of(self.protocol, known) if known else None
            wish = _made(a.Randomised, subject=subject, stratum=stratum or "", slot="", on=on)
            judged = self._judged(wish, fold, by, "randomise")
            if isinstance(wish, Refused) or isinstance(judged, Refused):
                return judged
            if stratum is None:
                return Refused((problem("desk.E004", subject),))
            if changed := [j.criterion.id for j in judge(self.protocol, fold.subjects[subject]) if j.state != "met"]:
                return Refused(tuple(problem("desk.E008", subject, criterion=criterion) for criterion in changed))
            assigned = door.assign(study=self.ledger.study, stratum=stratum, subject=subject, at=self.clock())
            if isinstance(assigned, door.Refused):
                return Refused((assigned.problem,))
            act = wish.model_copy(update={"slot": assigned.label, "stratum": assigned.stratum})
            return [act, *self._restratified(replace(fold.subjects[subject], randomised=on, stratum=act.stratum))]

        return self._append(decide, by=by, key=key)

    def mark_randomised_in_error(self, subject: str, *, because: str, by: Person, key: str, reason: str) -> Outcome:
        """Record that a participant should not have been randomised. The slot stays spent, the participant counted."""
        act = _made(a.RandomisedInError, subject=subject, because=because)
        return self._act(act, "confirm_eligibility", by=by, key=key, reason=reason)

    # --- Visits and values ----------------------------------------------------------------------------------------

    def hold_visit(
        self, subject: str, visit: str, *, on: date, by: Person, key: str, mode: str = "site", because: str = "",
        reason: str = "",
    ) -> Outcome:  # fmt: skip
        """Record that a visit took place; outside its window with a deviation, otherwise than before with a reason."""
        act = _made(a.VisitHeld, subject=subject, visit=visit, on=on, mode=mode, because=because)
        return self._act(act, "enter", by=by, key=key, reason=reason, follow=self._window)

    def miss_visit(self, subject: str, visit: str, *, because: str, by: Person, key: str) -> Outcome:
        """Record that a visit did not take place."""
        act = _made(a.VisitMissed, subject=subject, visit=visit, because=because)
        return self._act(act, "enter", by=by, key=key)

    def save_form(
        self, subject: str, visit: str, form: str, answers: Mapping[str, str], *, by: Person, key: str,
        repeat: int = 1, reason: str = "",
    ) -> Outcome:  # fmt: skip
        """Record what a person entered on a form, as typed.

        Only what changed is recorded; if nothing did, nothing is. Edit checks that speak become queries.
        """
        spec = self.protocol.form_by_id.get(form)
        if spec is None:
            return Refused((refusal("conduct.E050", subject, form=form),))
        read, problems = read_answers(self.protocol, spec, answers)
        if problems:
            return Refused(problems)
        place: FormKey = (visit, form, repeat)

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            before = known.values.get(place, {}) if known else {}
            changes = {i: (write(before.get(i)), write(v)) for i, v in read.items() if before.get(i) != v}
            act = _made(a.FormSaved, subject=subject, visit=visit, form=form, repeat=repeat, changes=changes)
            judged = self._judged(act, fold, by, "enter", form=spec, reason=reason)
            if isinstance(act, Refused) or isinstance(judged, Refused) or known is None:
                return judged
            if not changes:
                return []
            after = {**before, **read}
            corrected = self._restratified(replace(known, values={**known.values, place: after}))
            return [act, *self._queries(known, place, spec, after), *corrected]

        return self._append(decide, by=by, key=key, reason=reason)

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
            act = _made(a.FormDrafted, subject=subject, visit=visit, form=form, repeat=repeat, texts=new)
            judged = self._judged(act, fold, by, "enter", form=spec)
            return judged if new or isinstance(judged, Refused) else []

        return self._append(decide, by=by, key=key)

    def discard_draft(self, subject: str, visit: str, form: str, *, by: Person, key: str, repeat: int = 1) -> Outcome:
        """Let go of what a person has typed and not saved."""
        act = _made(a.DraftDiscarded, subject=subject, visit=visit, form=form, repeat=repeat)
        return self._act(act, "enter", by=by, key=key)

    def sign_form(
        self, subject: str, visit: str, form: str, *, meaning: str, by: Person, key: str, repeat: int = 1
    ) -> Outcome:
        """Sign a form, bound to the values as they stand."""

        def decide(fold: Fold) -> Decision:
            known = fold.subjects.get(subject)
            values = known.values.get((visit, form, repeat), {}) if known else {}
            signed = digest(cast("Json", {item: write(answer) for item, answer in values.items()}))
            act = _made(
                a.FormSigned, subject=subject, visit=visit, form=form, repeat=repeat, meaning=meaning, values=signed
            )
            return self._judged(act, fold, by, "sign")

        return self._append(decide, by=by, key=key)

    # --- Treatment ------------------------------------------------------------------------------------------------

    def release_dose(self, subject: str, visit: str, *, by: Person, key: str) -> Outcome:
        """Hand over what was prepared, under a random label that says nothing about what is in it."""
        act = _made(a.DoseReleased, subject=subject, visit=visit, bag=self.label())
        return self._act(act, "dispense", by=by, key=key)

    def stop_treatment(self, subject: str, *, on: date, because: str, by: Person, key: str) -> Outcome:
        """Stop trial treatment; follow-up goes on."""
        act = _made(a.TreatmentStopped, subject=subject, on=on, because=because)
        return self._act(act, "stop_treatment", by=by, key=key)

    def end_participation(
        self, subject: str, *, on: date, how: str, by: Person, key: str, because: str = ""
    ) -> Outcome:
        """Record that a participant completed the trial or left it."""
        act = _made(a.ParticipationEnded, subject=subject, on=on, how=how, because=because)
        return self._act(act, "end_participation", by=by, key=key)

    # --- Queries and deviations -----------------------------------------------------------------------------------

    def raise_query(
        self, subject: str, visit: str, form: str, item: str, *, text: str, by: Person, key: str, repeat: int = 1
    ) -> Outcome:
        """Ask about a value."""
        act = _made(
            a.QueryRaised, subject=subject, query=key, visit=visit, form=form, repeat=repeat, item=item,
            check="person", text=text,
        )  # fmt: skip
        return self._act(act, "query", by=by, key=key)

    def answer_query(self, subject: str, query: str, *, text: str, by: Person, key: str) -> Outcome:
        """Answer a query."""
        return self._act(_made(a.QueryAnswered, subject=subject, query=query, text=text), "answer", by=by, key=key)

    def close_query(self, subject: str, query: str, *, by: Person, key: str) -> Outcome:
        """Settle a query."""
        return self._act(_made(a.QueryClosed, subject=subject, query=query), "query", by=by, key=key)

    def record_deviation(self, subject: str, visit: str, *, category: str, text: str, by: Person, key: str) -> Outcome:
        """Record that something was not as the protocol says."""
        act = _made(a.DeviationRecorded, subject=subject, visit=visit, category=category, text=text)
        return self._act(act, "enter", by=by, key=key)

    # --- What is known ----------------------------------------------------------------------------------------------

    def history(self, subject: str) -> History:
        """A participant's answers and derived values, as of the last act this process has seen."""
        known = self.ledger.subject(subject)
        if known is None:
            raise LookupError(f"there is no participant {subject!r}")
        return History(self.protocol, known)

    def running_out(self, *, by: Person) -> tuple[door.RunningOut, ...]:
        """The strata whose list comes to its end, for somebody not masked who works for the whole study."""
        entitled = {role.id for role in self.protocol.roles if not role.masked and role.scope == "study"}
        found = door.running_out(study=self.ledger.study, role=by.role, entitled=entitled)
        return () if isinstance(found, door.Refused) else found

    def _assigned(self) -> list[door.Assigned]:
        """The slots of everybody randomised, as the ledger knows them."""
        recorded = [(each.act, each.at) for each in self.ledger.acts(kinds=["Randomised"])]
        return [
            door.Assigned(act.subject, act.stratum, act.slot, at)
            for act, at in recorded
            if isinstance(act, a.Randomised)
        ]

    # --- How an act is judged and recorded ------------------------------------------------------------------------

    def _study(self, act: Act | Refused, permission: Permission, *, by: Person, key: str, reason: str = "") -> Outcome:
        return self._append(
            lambda fold: self._judged(act, fold, by, permission, reason=reason), by=by, key=key, reason=reason
        )

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
        self, act: Act | Refused, fold: Fold, by: Person, permission: Permission, *, site: str = "",
        form: Form | None = None, reason: str = "",
    ) -> Decision:  # fmt: skip
        if isinstance(act, Refused):
            return act
        subject = fold.subjects.get(act.subject) if isinstance(act, a.SubjectAct) else None
        if subject is not None and not works_at(self.protocol, by, subject.site):
            subject = None  # somebody else's participant is refused in the words for one that does not exist
        problems = permitted(self.protocol, by, permission, site) or (may_fill(self.protocol, by, form) if form else ())
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
            )
            problems = refusals(act, situation)
        return Refused(problems) if problems else [act]

    def _append(self, decide: Decide, *, by: Person, key: str, reason: str = "") -> Outcome:
        if len(key) > _LONGEST_KEY or not _can_be_kept(key):
            return _refused("key")
        if not _can_be_kept(reason):
            return _refused("reason")
        return self.ledger.append(decide, key=key, by=by, at=self.clock(), reason=reason)

    def _queries(
        self, known: Subject, place: FormKey, form: Form, answers: Mapping[str, Answer]
    ) -> Iterator[a.QueryRaised]:
        visit, form_id, repeat = place
        saved = replace(known, values={**known.values, place: answers})  # derived values are of what is being saved
        behind = History(self.protocol, saved).at(visit)
        for finding in findings(self.protocol, form, answers, behind):
            query = f"{form_id}.{visit}.{repeat}.{finding.check}.{finding.item}"
            if finding.strength != "notable" and query not in known.queries:
                yield a.QueryRaised(
                    subject=known.code, query=query, visit=visit, form=form_id, repeat=repeat, item=finding.item,
                    check=finding.check, text=_words(finding),
                )  # fmt: skip

    def _restratified(self, subject: Subject) -> Iterator[a.StratumCorrected]:
        """That the factors of somebody randomised now make another stratum than was last recorded."""
        if subject.randomised is None:
            return
        stratum = stratum_of(self.protocol, subject)
        if stratum is not None and stratum != (subject.stratum_corrected or subject.stratum):
            yield a.StratumCorrected(subject=subject.code, given=subject.stratum, corrected=stratum)

    def _window(self, subject: Subject, act: Act) -> Iterator[Act]:
        assert isinstance(act, a.VisitHeld)  # noqa: S101 - what `hold_visit` makes
        visit = self.protocol.visit_by_id[act.visit]
        if subject.randomised is None:
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


def _made(kind: type[Made], **what: Any) -> Made | Refused:
    """The act, or which part of it cannot be what was given."""
    try:
        return kind.model_validate(what)
    except ValidationError as wrong:
        return _refused(*dict.fromkeys(str(error["loc"][0]) for error in wrong.errors(include_url=False)))


def _refused(*parts: str) -> Refused:
    return Refused(tuple(problem("desk.E005", part, part=part) for part in parts))


def _can_be_kept(text: str) -> bool:
    """Whether every database keeps a text as it is: no NUL, and no half of a character."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _words(finding: Finding) -> str:
    return f"{finding.message.en} / {finding.message.zh}" if finding.message.zh else finding.message.en


__all__ = ["Desk", "Done", "Outcome", "Refused"]

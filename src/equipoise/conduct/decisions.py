"""What is allowed when: an act, what is known, and the reasons to refuse it. No rule knows another."""

from collections.abc import Iterator
from typing import Any

from equipoise.conduct import acts as a
from equipoise.conduct import delegation
from equipoise.conduct import lock_decisions as locks
from equipoise.conduct import look_decisions as looks
from equipoise.conduct.encounters import next_unscheduled
from equipoise.conduct.infusion_decisions import INFUSION_RULES
from equipoise.conduct.kit_decisions import KIT_RULES, nothing_is_prepared
from equipoise.conduct.locks import form_key
from equipoise.conduct.messages import problem
from equipoise.conduct.row_decisions import links_lead_somewhere, row_is_not_serious, row_is_there, row_stands
from equipoise.conduct.serious_decisions import SERIOUS_RULES
from equipoise.conduct.situation import Rule, Situation, study_is_open, where
from equipoise.conduct.unmasking import alarming
from equipoise.items import Problem
from equipoise.protocol.names import LOG
from equipoise.protocol.schedule import Visit, unscheduled_number


def refusals(act: a.Act, situation: Situation) -> tuple[Problem, ...]:
    """Every reason why an act cannot be recorded now; empty when it can."""
    if isinstance(act, a.SubjectAct) and not isinstance(act, a.SubjectScreened) and situation.subject is None:
        return (problem("conduct.E002", act.subject),)
    stops_at_lock = isinstance(act, a.SubjectAct) and not isinstance(act, a.CodeBroken)
    common: tuple[Rule, ...] = (study_is_open,) if stops_at_lock else ()
    return tuple(found for rule in (*common, *_RULES.get(type(act), ())) for found in rule(act, situation))


# --- Rules --------------------------------------------------------------------------------------------------------


def _site_is_planned(act: a.SiteActivated, s: Situation) -> Iterator[Problem]:
    if act.site not in {site.id for site in s.protocol.sites}:
        yield problem("conduct.E003", act.site, site=act.site)
    if act.site in s.active_sites:
        yield problem("conduct.E004", act.site, site=act.site)


def _site_is_active(act: a.SubjectScreened, s: Situation) -> Iterator[Problem]:
    if act.site not in s.active_sites:
        yield problem("conduct.E005", act.site, site=act.site)
    if s.subject is not None:
        yield problem("conduct.E006", act.subject, subject=act.subject)
    if not act.subject.startswith(f"{act.site}-"):
        yield problem("conduct.E007", act.subject, site=act.site)


def _consent_stands(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.consent is None:
        yield problem("conduct.E010", where(act))


def _not_in_the_future(act: Any, s: Situation) -> Iterator[Problem]:
    if act.on > s.today:
        yield problem("conduct.E011", where(act), date=act.on.isoformat())


def _happened_by_now(act: a.UnmaskingReported, s: Situation) -> Iterator[Problem]:
    if act.happened is not None and act.happened > s.now:
        yield problem("conduct.E151", where(act))


def _not_before_consent(act: Any, s: Situation) -> Iterator[Problem]:
    consent = s.known.consent
    if consent is not None and act.on < consent:
        yield problem("conduct.E013", where(act), date=consent.isoformat())


def _not_before_randomisation(act: Any, s: Situation) -> Iterator[Problem]:
    randomised = s.known.randomised
    if randomised is not None and act.on < randomised:
        yield problem("conduct.E014", where(act), date=randomised.isoformat())


def _consents_once(act: a.Consented, s: Situation) -> Iterator[Problem]:
    if s.known.consent is not None and not s.reason:
        yield problem("conduct.E012", act.subject)


def _all_criteria_met(act: a.EligibilityConfirmed, s: Situation) -> Iterator[Problem]:
    eligibility = s.protocol.eligibility
    for criterion in (*eligibility.inclusion, *eligibility.exclusion):
        state = act.criteria.get(criterion.id, "unknown")
        if state != "met":
            id_ = "conduct.E020" if state == "not_met" else "conduct.E021"
            yield problem(id_, act.subject, criterion=criterion.id)


def _not_randomised(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.randomised is not None:
        yield problem("conduct.E022", act.subject)


def _not_screen_failed(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.screen_failure:
        yield problem("conduct.E023", act.subject)


def _is_eligible(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.eligible is None:
        yield problem("conduct.E024", act.subject)


def _reasons_are_coded(act: a.ScreenFailed, s: Situation) -> Iterator[Problem]:
    eligibility = s.protocol.eligibility
    coded = {c.id for c in (*eligibility.inclusion, *eligibility.exclusion)} | {"consent_withdrawn", "other"}
    if not act.reasons:
        yield problem("conduct.E025", act.subject)
    for reason in act.reasons:
        if reason not in coded:
            yield problem("conduct.E026", act.subject, reason=reason)


def _is_randomised(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.randomised is None:
        yield problem("conduct.E030", where(act))


def _visit_exists(act: Any, s: Situation) -> Iterator[Problem]:
    visit = s.protocol.encounter(act.visit)
    if visit is None:
        yield problem("conduct.E040", act.subject, visit=act.visit)
    elif s.known.randomised is None and (visit.week > 0 if isinstance(visit, Visit) else not visit.unscheduled):
        yield problem("conduct.E030", where(act))


def _in_order_of_time(act: a.VisitHeld, s: Situation) -> Iterator[Problem]:
    subject, position = s.known, {visit.id: visit.week for visit in s.protocol.visits}
    if subject.consent is not None and act.on < subject.consent:
        yield problem("conduct.E041", where(act), date=subject.consent.isoformat())
    for other, state in subject.visits.items():
        if state.on is None or other == act.visit or not {other, act.visit} <= position.keys():
            continue
        between = position[other] - position[act.visit]
        if (between < 0 and state.on > act.on) or (between > 0 and state.on < act.on):
            yield problem("conduct.E042", where(act), other=other, date=state.on.isoformat())


def _change_of_visit_has_a_reason(act: a.VisitHeld, s: Situation) -> Iterator[Problem]:
    before = s.known.visits.get(act.visit)
    if before is not None and (before.on, before.mode) != (act.on, act.mode) and not s.reason:
        yield problem("conduct.E044", where(act))


def _outside_the_schedule(act: a.VisitHeld, s: Situation) -> Iterator[Problem]:
    """A visit nobody planned has the next number, and a reason."""
    following = next_unscheduled(s.protocol, s.known)
    if following is None or unscheduled_number(act.visit) is None:
        return
    if act.visit != following.id and act.visit not in s.known.visits:
        yield problem("conduct.E046", where(act), visit=following.id)
    if not act.because:
        yield problem("conduct.E045", where(act))


def _was_planned(act: a.VisitMissed, s: Situation) -> Iterator[Problem]:
    if unscheduled_number(act.visit) is not None:
        yield problem("conduct.E047", where(act))


def _nothing_was_entered(act: a.VisitMissed, s: Situation) -> Iterator[Problem]:
    if any(visit == act.visit for visit, _, _ in s.known.values):
        yield problem("conduct.E043", where(act))


def _form_is_due(act: Any, s: Situation) -> Iterator[Problem]:
    form = s.protocol.form_by_id.get(act.form)
    if form is None:
        yield problem("conduct.E050", act.subject, form=act.form)
    elif form.repeats != (act.visit == LOG):
        yield problem("conduct.E051", where(act))
    elif not form.repeats:
        visit = s.protocol.encounter(act.visit)
        if visit is None or act.form not in visit.forms:
            yield problem("conduct.E051", where(act))
        elif not s.known.held(act.visit):
            yield problem("conduct.E052", where(act))


def _form_to_freeze(act: a.EntryFrozen, s: Situation) -> Iterator[Problem]:
    if act.form:
        yield from _form_is_due(act, s)


def _change_has_a_reason(act: a.FormSaved, s: Situation) -> Iterator[Problem]:
    changed = [item for item, (old, _) in act.changes.items() if old is not None]
    if changed and not s.reason:
        yield problem("conduct.E053", where(act), items=", ".join(changed))


def _row_can_be(act: a.FormSaved | a.FormDrafted, s: Situation) -> Iterator[Problem]:
    form = s.protocol.form_by_id.get(act.form)
    if act.repeat < 1 or (form is not None and not form.repeats and act.repeat > 1):
        yield problem("conduct.E054", where(act))


def _is_entered(act: a.FormSigned, s: Situation) -> Iterator[Problem]:
    if form_key(act) not in s.known.values:
        yield problem("conduct.E055", where(act))


def _dose_is_due(act: a.DoseReleased, s: Situation) -> Iterator[Problem]:
    subject, visit = s.known, s.protocol.visit_by_id.get(act.visit)
    if visit is None or s.protocol.treatment.form not in visit.forms:
        yield problem("conduct.E060", where(act))
    if subject.treatment_stopped is not None:
        yield problem("conduct.E061", where(act))
    if act.visit in subject.doses:
        yield problem("conduct.E062", where(act))


def _treatment_goes_on(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.treatment_stopped is not None:
        yield problem("conduct.E061", where(act))


def _takes_part(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if s.known.ended is not None:
        yield problem("conduct.E063", where(act), date=str(s.known.ended))


# --- Recruitment: on which consent, how many, and when no more ------------------------------------------------------


def _site_still_active(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    site = s.known.site
    if site not in s.active_sites:
        yield problem("conduct.E005", act.subject, site=site)


def _consent_is_of_a_version_in_use(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    plan, document = s.protocol.recruitment, s.known.consent_document
    if plan is not None and plan.consent_documents and document not in plan.consent_documents:
        yield problem("conduct.E100", act.subject, document=document)


def _recruitment_goes_on(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    if {"", s.known.site} & s.recruitment.stopped:
        yield problem("conduct.E101", act.subject)


def _trial_has_room(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    plan = s.protocol.recruitment
    if plan is not None and plan.most is not None and s.recruitment.total >= plan.most:
        yield problem("conduct.E102", act.subject, most=str(plan.most))


def _country_has_room(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    plan, country_of = s.protocol.recruitment, {site.id: site.country for site in s.protocol.sites}
    country = country_of[s.known.site]
    there = sum(count for site, count in s.recruitment.randomised.items() if country_of[site] == country)
    if plan is not None and country in plan.most_by_country and there >= plan.most_by_country[country]:
        yield problem("conduct.E103", act.subject, country=country, most=str(plan.most_by_country[country]))


def _site_has_room(act: a.SubjectAct, s: Situation) -> Iterator[Problem]:
    plan, site = s.protocol.recruitment, s.known.site
    there = s.recruitment.randomised.get(site, 0)
    if plan is not None and site in plan.most_by_site and there >= plan.most_by_site[site]:
        yield problem("conduct.E104", act.subject, site=site, most=str(plan.most_by_site[site]))


def _site_is_in_the_protocol(act: Any, s: Situation) -> Iterator[Problem]:
    if act.site and act.site not in {site.id for site in s.protocol.sites}:
        yield problem("conduct.E003", act.site, site=act.site)


def _recruitment_goes_on_there(act: a.RecruitmentStopped, s: Situation) -> Iterator[Problem]:
    if act.site in s.recruitment.stopped:
        yield problem("conduct.E105", act.site or "all sites")


def _recruitment_is_stopped_there(act: a.RecruitmentResumed, s: Situation) -> Iterator[Problem]:
    if act.site not in s.recruitment.stopped:
        yield problem("conduct.E106", act.site or "all sites")


def _error_is_new(act: a.RandomisedInError, s: Situation) -> Iterator[Problem]:
    if s.known.randomised_in_error:
        yield problem("conduct.E107", act.subject)


# --- Unmasking: neither an emergency nor its report waits for a lock ------------------------------------------------


def _many_are_confirmed(act: a.CodeBroken, s: Situation) -> Iterator[Problem]:
    """An emergency is never refused for good: who confirms it is heard, and somebody unmasked is told."""
    alarm = s.protocol.masking.code_break_alarm
    if not act.confirmed:
        yield from alarming(s.unmaskings, alarm, site=s.known.site, by=s.by, now=s.now)


def _was_registered(act: a.UnmaskingAssessed, s: Situation) -> Iterator[Problem]:
    if act.report not in s.unmaskings:
        yield problem("conduct.E108", act.kind)


def _says_what_is_done(act: a.UnmaskingAssessed, s: Situation) -> Iterator[Problem]:
    if not act.measures.strip():
        yield problem("conduct.E109", act.kind)


# --- Queries and the study ----------------------------------------------------------------------------------------


def _query_exists(act: Any, s: Situation) -> Iterator[Problem]:
    query = s.known.queries.get(act.query)
    if query is None:
        yield problem("conduct.E070", act.subject, query=act.query)
    elif query.status == "closed":
        yield problem("conduct.E071", act.subject, query=act.query)


def _query_is_new(act: a.QueryRaised, s: Situation) -> Iterator[Problem]:
    if act.query in s.known.queries:
        yield problem("conduct.E072", act.subject, query=act.query)
    form = s.protocol.form_by_id.get(act.form)
    if form is None or act.item not in form.item_by_id:
        yield problem("conduct.E050", act.subject, form=f"{act.form}.{act.item}")


def _is_locked(act: a.Act, s: Situation) -> Iterator[Problem]:
    if not s.locked:
        yield problem("conduct.E080", act.kind)


def _has_a_reason(act: a.Act, s: Situation) -> Iterator[Problem]:
    if not s.reason:
        yield problem("conduct.E081", where(act))


def _duties_are_apart(act: a.RoleGranted, s: Situation) -> Iterator[Problem]:
    yield from delegation.contradictions(act, s.grants, s.protocol, by=s.by)


def _role_waits_for_its_holder(act: a.RoleAccepted, s: Situation) -> Iterator[Problem]:
    grant = delegation.standing(s.grants, act)
    if grant is None or grant.accepted or act.person != s.by:
        yield problem("conduct.E117", act.person, role=act.role)


def _role_goes_on(act: a.RoleEnded, s: Situation) -> Iterator[Problem]:
    if delegation.standing(s.grants, act) is None:
        yield problem("conduct.E117", act.person, role=act.role)


def _says_what_happened(act: a.DeviationRecorded, s: Situation) -> Iterator[Problem]:
    if not act.text.strip():
        yield problem("conduct.E157", act.subject)


_RULES: dict[type[a.Act], tuple[Rule, ...]] = {
    a.StudyOpened: (),
    a.SiteActivated: (_site_is_planned,),
    a.ListLoaded: (study_is_open,),
    a.SecondLocksLoaded: (study_is_open,),
    a.ListReplaced: (_has_a_reason,),
    a.Reconciled: (),
    a.RecruitmentStopped: (study_is_open, _site_is_in_the_protocol, _has_a_reason, _recruitment_goes_on_there),
    a.RecruitmentResumed: (study_is_open, _site_is_in_the_protocol, _has_a_reason, _recruitment_is_stopped_there),
    a.SupplyDeclared: (study_is_open, _site_is_in_the_protocol),
    a.LockRequested: (locks.fits_the_lock, locks.nothing_was_asked, _has_a_reason),
    a.LockDeclined: (locks.was_asked, _has_a_reason),
    a.StudyLocked: (study_is_open, locks.another_person_asked),
    a.StudyUnlocked: (_is_locked, locks.another_person_asked),
    a.EntryFrozen: (_form_to_freeze, locks.is_not_frozen),
    a.EntryUnfrozen: (locks.was_frozen, _has_a_reason),
    a.ListOpened: (_is_locked,),
    a.RoleGranted: (_duties_are_apart,),
    a.RoleAccepted: (_role_waits_for_its_holder,),
    a.RoleEnded: (_role_goes_on, _has_a_reason),
    a.LookRequested: (study_is_open, looks.look_is_planned, looks.look_is_new),
    a.LookReleased: (
        study_is_open,
        looks.look_is_planned,
        looks.another_person_asked,
        looks.follows_the_looks_before,
        looks.somebody_was_randomised,
    ),
    a.RecommendationSigned: (looks.look_is_planned, looks.look_was_held, looks.says_no_reason, looks.was_tested),
    a.SubjectScreened: (_site_is_active,),
    a.Consented: (_not_in_the_future, _consents_once),
    a.EligibilityConfirmed: (_consent_stands, _not_randomised, _not_screen_failed, _all_criteria_met),
    a.ScreenFailed: (
        _consent_stands,
        _not_in_the_future,
        _not_before_consent,
        _not_randomised,
        _not_screen_failed,
        _reasons_are_coded,
    ),
    a.Randomised: (
        _consent_stands,
        _not_in_the_future,
        _not_before_consent,
        _is_eligible,
        _not_randomised,
        _not_screen_failed,
        _takes_part,
        _site_still_active,
        _consent_is_of_a_version_in_use,
        _recruitment_goes_on,
        _trial_has_room,
        _country_has_room,
        _site_has_room,
    ),
    a.StratumCorrected: (_is_randomised,),
    a.RandomisedInError: (_is_randomised, _has_a_reason, _error_is_new),
    a.VisitHeld: (
        _consent_stands,
        _not_in_the_future,
        _visit_exists,
        _outside_the_schedule,
        _in_order_of_time,
        _change_of_visit_has_a_reason,
        locks.entry_goes_on,
    ),
    a.VisitMissed: (_consent_stands, _visit_exists, _was_planned, _nothing_was_entered, locks.entry_goes_on),
    a.FormSaved: (
        _consent_stands,
        _form_is_due,
        _row_can_be,
        locks.entry_goes_on,
        _change_has_a_reason,
        row_stands,
        links_lead_somewhere,
    ),
    a.FormDrafted: (_consent_stands, _form_is_due, _row_can_be, locks.entry_goes_on, row_stands),
    a.DraftDiscarded: (),
    a.RowInError: (row_is_there, row_is_not_serious, locks.entry_goes_on, _has_a_reason),
    a.FormSigned: (_form_is_due, _is_entered),
    a.DoseReleased: (nothing_is_prepared, _is_randomised, _takes_part, _dose_is_due),
    a.EnvelopeDoubted: (_is_randomised, _visit_exists),
    a.TreatmentStopped: (_is_randomised, _not_in_the_future, _not_before_randomisation, _treatment_goes_on),
    a.ParticipationEnded: (_consent_stands, _not_in_the_future, _not_before_consent, _takes_part),
    a.QueryRaised: (_query_is_new, row_stands),
    a.QueryAnswered: (_query_exists,),
    a.QueryClosed: (_query_exists,),
    a.DeviationRecorded: (_says_what_happened,),
    a.CodeBroken: (_is_randomised, _has_a_reason, _many_are_confirmed),
    a.UnmaskingReported: (_not_in_the_future, _happened_by_now),
    a.UnmaskingAssessed: (_was_registered, _says_what_is_done),
    **KIT_RULES,
    **SERIOUS_RULES,
    **INFUSION_RULES,
}

"""What each act changes in what is known, and nothing else."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.conduct import acts as a
from equipoise.conduct import fold as folding
from equipoise.conduct.delegation import Grant
from equipoise.conduct.fold import Fold, fold
from equipoise.conduct.infusions import Infusion
from equipoise.conduct.kit_acts import KIT_ACTS
from equipoise.conduct.kits import Kit
from equipoise.conduct.locks import CASEBOOK, LockRequest, is_frozen
from equipoise.conduct.snapshot import (
    Draft,
    LookState,
    Query,
    Recruitment,
    SafetyReport,
    SeriousEvent,
    Signature,
    Snapshot,
    Subject,
    VisitState,
)
from equipoise.conduct.unmasking import Assessment, Unmasking
from equipoise.items import Missing
from equipoise.protocol.load import load

PROTOCOL = load((Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_bytes())[0]
AT, DAY = datetime(2026, 6, 1, 9, tzinfo=UTC), date(2026, 6, 1)
WHO = {"subject": "11-001"}
PLACE = {"visit": "screening", "form": "laboratory"}
KEY = ("screening", "laboratory", 1)
QUERY = Query("q", KEY, "potassium", "person", "?", "open")
BEDSIDE = {
    "checks": a.BagChecked(**WHO, visit="week_0", wristband="11-001", bag="B", found="matches"),
    "steps": a.InfusionStepped(**WHO, visit="week_0", step="start", at=AT, rate=250),
    "signs": a.VitalSignsTaken(**WHO, visit="week_0", at=AT, signs={"pulse": "72"}),
    "reactions": a.ReactionSeen(**WHO, visit="week_0", at=AT, grade="mild", sign="itching", event=1),
}
EVENT = {**WHO, "form": "adverse_events", "repeat": 1}
ROW, SECOND = ("log", "adverse_events", 1), ("log", "adverse_events", 2)
REPORT, FRESH = SafetyReport("c", AT - timedelta(hours=1), "before"), SeriousEvent(AT)
SERIOUS = SeriousEvent(AT - timedelta(days=1), (REPORT,))
BEFORE = Subject(
    code="11-001",
    site="11",
    screened=AT,
    queries={"q": QUERY},
    values={KEY: {"creatinine": 66}},
    saved={KEY: 3},
    serious={ROW: SERIOUS},
)

# act → what changes in the participant
CHANGES = [
    (a.SubjectScreened(**WHO, site="11"), {}),
    (a.Consented(**WHO, document="v1", language="zh", on=DAY), {"consent": DAY, "consent_document": "v1"}),
    (a.EligibilityConfirmed(**WHO, criteria={"I1": "met"}), {"criteria": {"I1": "met"}, "eligible": DAY}),
    (a.ScreenFailed(**WHO, reasons=("I1",), on=DAY), {"screen_failure": ("I1",)}),
    (a.Randomised(**WHO, stratum="s", slot="A", on=DAY), {"stratum": "s", "slot": "A", "randomised": DAY}),
    (a.StratumCorrected(**WHO, given="s", corrected="t"), {"stratum_corrected": "t"}),
    (a.StratumCorrected(**WHO, given="s", corrected=""), {}),  # corrected back to the stratum of BEFORE
    (a.RandomisedInError(**WHO, because="not_eligible"), {"randomised_in_error": "not_eligible"}),
    (
        a.VisitHeld(**WHO, visit="screening", on=DAY, mode="remote", because="pandemic"),
        {"visits": {"screening": VisitState("held", DAY, "remote", "pandemic", 7)}},
    ),
    (
        a.VisitMissed(**WHO, visit="screening", because="ill"),
        {"visits": {"screening": VisitState("missed", None, "", "ill", 7)}},
    ),
    (
        a.FormSaved(**WHO, **PLACE, changes={"potassium": (None, "4.20"), "creatinine": ("66", {"missing": "ND"})}),
        {"values": {KEY: {"potassium": Decimal("4.20"), "creatinine": Missing("ND")}}, "saved": {KEY: 7}},
    ),
    (
        a.FormSaved(**WHO, **PLACE, changes={"creatinine": ("66", None)}),
        {"values": {KEY: {"creatinine": None}}, "saved": {KEY: 7}},
    ),
    (
        a.FormSaved(**WHO, **PLACE, repeat=2, changes={"creatinine": (None, "70")}),
        {"values": {KEY: {"creatinine": 66}, (*KEY[:2], 2): {"creatinine": 70}}, "saved": {KEY: 3, (*KEY[:2], 2): 7}},
    ),
    (
        a.FormDrafted(**WHO, **PLACE, texts={"potassium": ("4,2", ""), "creatinine": ("", "ND")}),
        {"drafts": {(KEY, "p"): Draft({"potassium": ("4,2", ""), "creatinine": ("", "ND")}, AT, 6)}},
    ),
    (a.DraftDiscarded(**WHO, **PLACE), {}),
    (a.RowInError(**WHO, form="adverse_events", repeat=1), {"in_error": {("log", "adverse_events", 1): {}}}),
    (
        a.FormSigned(**WHO, **PLACE, meaning="reviewed", values="d"),
        {"signatures": {KEY: Signature("p", "investigator", AT, "reviewed", "d", 7)}},
    ),
    (a.EntryFrozen(**WHO, **PLACE), {"frozen": frozenset({KEY})}),
    (a.EntryFrozen(**WHO), {"frozen": frozenset({CASEBOOK})}),
    (a.EntryUnfrozen(**WHO), {}),
    (a.DoseReleased(**WHO, visit="week_0", bag="B"), {"doses": {"week_0": ("B",)}}),
    (a.EnvelopeDoubted(**WHO, visit="week_0"), {"envelope_doubted": 1}),
    (a.KitDispensed(**WHO, visit="week_0", kit="KIT000001"), {"doses": {"week_0": ("KIT000001",)}}),
    (
        a.KitReplaced(**WHO, visit="week_0", kit="KIT000002", replaces="KIT000001", because="lost"),
        {"doses": {"week_0": ("KIT000002",)}},
    ),
    (a.KitMisallocated(**WHO, visit="week_0", kit="KIT000003"), {}),
    (
        a.KitMisallocated(**WHO, visit="week_0", kit="KIT000003", assigned="KIT000001"),
        {"doses": {"week_0": ("KIT000003",)}},
    ),
    (a.KitReturned(**WHO, kit="KIT000002", units=5), {}),
    (a.TreatmentStopped(**WHO, on=DAY, because="c"), {"treatment_stopped": DAY, "stopped_because": "c"}),
    (
        a.ParticipationEnded(**WHO, on=DAY, how="lost", because="c"),
        {"ended": DAY, "how_ended": "lost", "ended_because": "c"},
    ),
    (
        a.QueryRaised(**WHO, **PLACE, query="r", item="potassium", check="person", text="?"),
        {"queries": {"q": QUERY, "r": replace(QUERY, id="r")}},
    ),
    (
        a.QueryAnswered(**WHO, query="q", text="!"),
        {"queries": {"q": replace(QUERY, status="answered", answers=("!",))}},
    ),
    (a.QueryClosed(**WHO, query="q"), {"queries": {"q": replace(QUERY, status="closed")}}),
    (a.DeviationRecorded(**WHO, visit="week_0", category="c", text="t"), {"deviations": (("week_0", "c", "t", ""),)}),
    (a.CodeBroken(**WHO, why="surgery"), {"code_broken": 1}),
    (a.SeriousEventKnown(**EVENT, aware=AT), {"serious": {ROW: SeriousEvent(AT, (REPORT,), (), False)}}),
    (a.SeriousEventKnown(**WHO, form="adverse_events", repeat=2, aware=AT), {"serious": {ROW: SERIOUS, SECOND: FRESH}}),
    (
        a.SafetyReportSent(**EVENT, clock="c", sent=AT, values="d"),
        {"serious": {ROW: replace(SERIOUS, reports=(REPORT, SafetyReport("c", AT, "d")))}},
    ),
    (a.SeriousEventDowngraded(**EVENT), {"serious": {ROW: replace(SERIOUS, downgraded=True)}}),
    *((act, {"infusions": {"week_0": Infusion(**{part: (act,)})}}) for part, act in BEDSIDE.items()),
]


def recorded(act, sequence=7):
    by = a.Person("p", "investigator", "11")
    return a.Recorded("tablets", sequence, f"k{sequence}", AT, by, "", "digest", act, "before", f"hash{sequence}")


@pytest.mark.parametrize(("act", "change"), CHANGES, ids=lambda each: getattr(each, "kind", ""))
def test_an_act_changes_this_and_nothing_else(act, change):
    after = Fold("tablets", PROTOCOL).subject_after(BEFORE, recorded(act))
    assert after == replace(BEFORE, last_sequence=7, **change)


def test_a_draft_grows_and_ends_with_its_writers_next_save():
    folding = Fold("tablets", PROTOCOL)

    def after(subject, act, sequence=7, who="p"):
        made = replace(recorded(act, sequence), by=a.Person(who, "investigator", "11"))
        return folding.subject_after(subject, made)

    first = after(BEFORE, a.FormDrafted(**WHO, **PLACE, texts={"potassium": ("4", "")}))
    second = after(first, a.FormDrafted(**WHO, **PLACE, texts={"potassium": ("4.2", ""), "creatinine": ("6", "")}), 9)
    assert second.drafts == {(KEY, "p"): Draft({"potassium": ("4.2", ""), "creatinine": ("6", "")}, AT, 6)}
    other = after(second, a.FormDrafted(**WHO, **PLACE, texts={"potassium": ("5", "")}), 10, "q")
    assert set(other.drafts) == {(KEY, "p"), (KEY, "q")}
    assert other.values == BEFORE.values, "a draft is no value"
    saved = after(other, a.FormSaved(**WHO, **PLACE, changes={"potassium": (None, "4.2")}), 11)
    assert set(saved.drafts) == {(KEY, "q")}
    assert after(saved, a.DraftDiscarded(**WHO, **PLACE), 12, "q").drafts == {}


def test_a_signature_is_void_once_a_value_was_set_after_it_whatever_the_value():
    folding = Fold("tablets", PROTOCOL)

    def after(subject, act, sequence):
        return folding.subject_after(subject, recorded(act, sequence))

    def saved(old, new):
        return a.FormSaved(**WHO, **PLACE, changes={"creatinine": (old, new)})

    sign = a.FormSigned(**WHO, **PLACE, meaning="reviewed", values="d")
    signed = after(BEFORE, sign, 8)
    assert (BEFORE.void(KEY), signed.void(KEY)) == (False, False)
    there_and_back = after(after(signed, saved("66", "67"), 9), saved("67", "66"), 10)
    assert there_and_back.values == signed.values
    assert there_and_back.void(KEY)
    assert not after(there_and_back, sign, 11).void(KEY)


def test_a_frozen_casebook_freezes_every_form_and_thawing_it_leaves_what_was_frozen_by_itself():
    folding, acts = Fold("tablets", PROTOCOL), [a.EntryFrozen(**WHO, **PLACE), a.EntryFrozen(**WHO)]
    frozen = BEFORE
    for number, act in enumerate(acts, 7):
        frozen = folding.subject_after(frozen, recorded(act, number))
    other = ("screening", "history", 1)
    assert is_frozen(frozen.frozen, other)
    thawed = folding.subject_after(frozen, recorded(a.EntryUnfrozen(**WHO), 9))
    assert (is_frozen(thawed.frozen, KEY), is_frozen(thawed.frozen, other)) == (True, False)


def test_a_row_entered_in_error_takes_with_it_what_hangs_on_it_and_keeps_its_number():
    folding, rows = Fold("tablets", PROTOCOL), [("log", "adverse_events", row) for row in (1, 2)]
    subject = replace(BEFORE, queries={})
    for row in rows:
        place = {"visit": "log", "form": "adverse_events", "repeat": row[2]}
        for act in (
            a.FormSaved(**WHO, **place, changes={"ae_term": (None, "cough")}),
            a.FormSigned(**WHO, **place, meaning="reviewed", values="d"),
            a.QueryRaised(**WHO, **place, query=f"q{row[2]}", item="ae_term", check="person", text="?"),
            a.FormDrafted(**WHO, **place, texts={"ae_term": ("coughs", "")}),
        ):
            subject = folding.subject_after(subject, recorded(act))
    assert (subject.rows("adverse_events"), subject.next_row("adverse_events")) == (rows, 3)
    after = folding.subject_after(subject, recorded(a.RowInError(**WHO, form="adverse_events", repeat=2)))
    assert (after.rows("adverse_events"), after.next_row("adverse_events")) == (rows[:1], 3)
    assert after.rows_in_error("adverse_events") == rows[1:]
    assert [after.answers(row) for row in rows] == [{"ae_term": "cough"}] * 2
    assert after.in_error == {rows[1]: {"ae_term": "cough"}}
    assert (set(after.signatures), {at for at, _ in after.drafts}) == ({rows[0]}, {rows[0]})
    assert {id_: query.status for id_, query in after.queries.items()} == {"q1": "open", "q2": "closed"}


def test_every_participants_act_has_a_row_in_the_fold_and_in_the_table():
    kinds = {kind for kind in a.ACTS.values() if issubclass(kind, a.SubjectAct)}
    assert set(folding._CHANGES) == kinds == {type(act) for act, _ in CHANGES}


@pytest.mark.parametrize("kind", a.ACTS.values(), ids=lambda kind: kind.__name__)
def test_an_act_is_read_from_what_it_writes(kind):
    for act in (act for act, _ in CHANGES if type(act) is kind):
        assert a.read_act(act.kind, act.body()) == act
    assert kind.__doc__.strip().endswith(".")


NURSE = Grant("n", "Lin Yue", "assessor", "11", DAY, None, "p", 14)
PLACE_OF_NURSE = {"person": "n", "role": "assessor", "site": "11"}
REPORTED = a.UnmaskingReported(
    subject="11-001", site="11", how="accidental", whom="assessor", on=DAY, happened=AT, text="t"
)
ENTRY = Unmasking("k21", "accidental", "11-001", "11", DAY, AT, "p", "investigator", AT, whom="assessor", text="t")
STUDY = [
    (a.StudyOpened(protocol="p", protocol_version="1", simulated=True), {"protocol": "p", "simulated": True}),
    (a.SiteActivated(site="11"), {"sites": ("11",)}),
    (a.StudyLocked(), {"locked": True}),  # as in version 1, by one person
    (a.StudyUnlocked(), {"locked": False}),
    (a.ListOpened(commitment="c", slots=2), {}),
    (a.LookRequested(look="interim_1"), {"looks": {"interim_1": LookState("p")}}),
    (
        a.LookReleased(look="interim_1", cut=5, information=54, slots=2, recipient="r", fingerprint="f"),
        {"looks": {"interim_1": LookState("p", 5, 7, 54)}},
    ),
    (
        a.RecommendationSigned(look="interim_1", recommendation="continue"),
        {"looks": {"interim_1": LookState("p", 5, 7, 54, "continue")}},
    ),
    (a.ListLoaded(sealing="1", slots=2), {}),
    (a.SecondLocksLoaded(slots=2, strata=1, restored=0), {}),
    (a.RecruitmentStopped(site="11"), {"recruitment": Recruitment(stopped=frozenset({"11"}))}),
    (a.RecruitmentStopped(), {"recruitment": Recruitment(stopped=frozenset({"11", ""}))}),
    (a.RecruitmentResumed(site="11"), {"recruitment": Recruitment(stopped=frozenset({""}))}),
    (a.RoleGranted(**PLACE_OF_NURSE, name="Lin Yue", start=DAY), {"grants": (NURSE,)}),
    (a.RoleAccepted(**PLACE_OF_NURSE), {"grants": (replace(NURSE, accepted=15),)}),
    (a.RoleEnded(**PLACE_OF_NURSE), {"grants": (replace(NURSE, accepted=15, ended=16),)}),
    (
        a.RoleGranted(**PLACE_OF_NURSE, name="Lin Yue-Ma", start=DAY),
        {"grants": (replace(NURSE, accepted=15, ended=16), replace(NURSE, name="Lin Yue-Ma", given=17))},
    ),
    (a.ListReplaced(part="list", sealing="2", slots=2), {}),
    (a.Reconciled(burned={"11-002": "L2"}), {"burned": frozenset({"11-002"})}),
    (a.Reconciled(burned={"11-003": "L3"}), {"burned": frozenset({"11-002", "11-003"})}),
    (REPORTED, {"unmaskings": {"k21": ENTRY}}),
    (
        a.UnmaskingAssessed(report="k21", data="none", participant="possible", others="none", measures="m"),
        {"unmaskings": {"k21": replace(ENTRY, assessment=Assessment("none", "possible", "none", "m", False, "p", AT))}},
    ),
    (a.SupplyDeclared(site="11", enough=True), {"supply": {"11": True}}),
    (a.SupplyDeclared(site="11", enough=False), {"supply": {"11": False}}),
    # --- The lock of two people; numbers are those of the acts in this list ---
    (a.LockRequested(what="lock"), {"lock_request": LockRequest("k25", "lock", "p", AT, "")}),
    (a.StudyLocked(request="k25"), {"locked": True, "lock_request": None}),
    (a.LockRequested(what="unlock"), {"lock_request": LockRequest("k27", "unlock", "p", AT, "")}),
    (a.LockDeclined(request="k27"), {"lock_request": None}),
    (a.LockRequested(what="unlock"), {"lock_request": LockRequest("k29", "unlock", "p", AT, "")}),
    (a.StudyUnlocked(request="k29"), {"locked": False, "lock_request": None}),
]


def test_the_acts_of_the_study_one_after_the_other():
    folding = Fold("tablets", PROTOCOL)
    expected = folding.snapshot()
    for sequence, (act, change) in enumerate(STUDY, 1):
        folding.add(recorded(act, sequence))
        expected = replace(expected, head=f"hash{sequence}", acts=sequence, **change)
        assert folding.snapshot() == expected
    others = {k for k in a.ACTS.values() if not issubclass(k, a.SubjectAct)} - set(KIT_ACTS)  # test_conduct_kits.py
    assert {type(act) for act, _ in STUDY} == others


def test_a_code_break_is_in_the_register_with_its_site_and_who_was_told():
    folding = Fold("tablets", PROTOCOL)
    folding.add(recorded(a.SubjectScreened(**WHO, site="11"), 1))
    folding.add(recorded(a.CodeBroken(**WHO, why="surgery", adverse_event=True, told="the anaesthetist"), 2))
    entry = Unmasking(
        "k2", "code_break", "11-001", "11", DAY, AT, "p", "investigator", why="surgery", adverse_event=True,
        told="the anaesthetist",
    )  # fmt: skip
    assert folding.snapshot().unmaskings == {"k2": entry}


def test_everybody_randomised_is_counted_at_their_site():
    codes = ("11-001", "12-001", "11-002")
    screened = [a.SubjectScreened(subject=code, site=code[:2]) for code in codes]
    drawn = [a.Randomised(subject=code, stratum="s", slot=code, on=DAY) for code in codes]
    wrong = a.RandomisedInError(subject="11-002", because="other")
    acts = [recorded(act, number) for number, act in enumerate((*screened, *drawn, wrong), 1)]
    found = fold("tablets", PROTOCOL, iter(acts)).recruitment
    assert (found.randomised, found.total) == ({"11": 2, "12": 1}, 3)


def test_folding_all_at_once_is_folding_one_by_one():
    acts = [recorded(a.SubjectScreened(**WHO, site="11"), 1), recorded(CHANGES[1][0], 2)]
    found = fold("tablets", PROTOCOL, iter(acts))
    assert found.subjects == {"11-001": replace(Subject("11-001", "11", AT), last_sequence=2, **CHANGES[1][1])}


def test_a_snapshot_is_not_changed_by_later_acts():
    folding = Fold("tablets", PROTOCOL)
    empty = folding.snapshot()
    folding.add(recorded(a.SubjectScreened(**WHO, site="11")))
    assert empty.subjects == {}


def test_an_act_about_somebody_who_was_never_screened_is_refused():
    with pytest.raises(ValueError, match="never screened"):
        fold("tablets", PROTOCOL, [recorded(CHANGES[1][0])])


def _names(kind):
    return kind.model_fields if issubclass(kind, a.Act) else [field.name for field in fields(kind)]


def test_nothing_that_is_known_has_a_field_for_an_arm():
    names = {field.name for kind in (Snapshot, Subject, VisitState, Query, Signature) for field in fields(kind)}
    same_for_every_arm = {"lot", "kit"}  # of the packing, and a random number; only where kits are meant
    said = {name for kind in set(a.ACTS.values()) - set(KIT_ACTS) for name in kind.model_fields}
    said |= {name for kind in (*KIT_ACTS, Kit) for name in _names(kind)} - same_for_every_arm
    for word in ("arm", "arms", "product", "treatment", "lot", "block", "position", "kit"):
        assert word not in names | said


@pytest.mark.parametrize("code", ["11-01", "11-000001", "x1-001", "11_001", "", "11-001 "])
def test_a_code_that_is_none_is_no_participant(code):
    with pytest.raises(ValueError, match="subject"):
        a.CodeBroken(subject=code, why="other")


def test_a_name_is_the_one_last_given_and_an_id_where_none_was():
    later = replace(NURSE, name="Lin Yue-Ma", given=17)
    snapshot = Snapshot("tablets", "p", False, {}, grants=(NURSE, later))
    assert (snapshot.name_of("n"), snapshot.name_of("somebody")) == ("Lin Yue-Ma", "somebody")


@pytest.mark.parametrize(
    ("end", "ended", "on", "holds"),
    [
        (None, 0, DAY, True),
        (None, 0, DAY - timedelta(days=1), False),
        (DAY, 0, DAY, True),
        (DAY, 0, DAY + timedelta(days=1), False),
        (None, 9, DAY, False),
    ],
)
def test_a_role_is_held_from_its_first_day_to_its_last_until_it_is_ended(end, ended, on, holds):
    assert replace(NURSE, end=end, ended=ended).holds(on) is holds

"""What is refused when: each reason once, in a table, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from equipoise.conduct import acts as a
from equipoise.conduct import decisions
from equipoise.conduct.decisions import refusals
from equipoise.conduct.delegation import Grant
from equipoise.conduct.infusions import Infusion, infusion_after
from equipoise.conduct.kits import Kit
from equipoise.conduct.locks import CASEBOOK, REQUEST_LASTS, LockRequest
from equipoise.conduct.messages import MESSAGES
from equipoise.conduct.situation import Situation
from equipoise.conduct.snapshot import LookState, Query, Recruitment, SeriousEvent, Subject, VisitState
from equipoise.conduct.unmasking import Unmasking
from equipoise.protocol.infusion import InfusionRecord
from equipoise.protocol.load import load
from equipoise.protocol.preparation import Measure, Preparation
from equipoise.protocol.recruitment import Recruitment as Limits
from equipoise.protocol.schema import Label, SeparateDuties

TEXT = (Path(__file__).parents[3] / "trials" / "hypertension-tablets" / "protocol.yaml").read_text(encoding="utf-8")
KITS = load(TEXT.encode())[0]
OUTCOME = "      - {id: ae_outcome,"
CAUSE = "      - {id: ae_cause, label: {en: After, zh: 继发于}, type: link, to: adverse_events}\n"
LINKED = {"protocol": load(TEXT.replace(OUTCOME, CAUSE + OUTCOME).encode())[0]}
PROTOCOL = KITS.model_copy(update={"supply": None})
CRITERIA = (*PROTOCOL.eligibility.inclusion, *PROTOCOL.eligibility.exclusion)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TODAY, CONSENT, RANDOMISED = NOW.date(), date(2026, 3, 2), date(2026, 3, 16)
TOMORROW = TODAY + timedelta(days=1)
WHO = {"subject": "11-001"}


def held(on):
    return VisitState("held", on, "site", "", 5)


def query(status):
    return Query("q", ("screening", "history", 1), "age", "person", "?", status)


NEW = Subject(code="11-001", site="11", screened=NOW)
IN = replace(NEW, consent=CONSENT)
SEEN = replace(
    IN,
    visits={"screening": held(CONSENT)},
    values={("screening", "history", 1): {"age": 51}},
    queries={"q": query("open"), "old": query("closed")},
)
ELIGIBLE = replace(SEEN, eligible=RANDOMISED)
TREATED = replace(ELIGIBLE, randomised=RANDOMISED, slot="A", visits={**SEEN.visits, "week_0": held(RANDOMISED)})
UNPLANNED = replace(TREATED, visits={**TREATED.visits, "unscheduled_1": held(TODAY)})
EARLY = replace(TREATED, visits={**TREATED.visits, "early_termination": held(RANDOMISED)})
ALL_PLANNED = PROTOCOL.model_copy(update={"schedule": PROTOCOL.schedule.model_copy(update={"unscheduled": None})})
GIVEN = replace(TREATED, doses={"week_0": ("B",)})
STOPPED = replace(TREATED, treatment_stopped=date(2026, 4, 1))
LEFT = replace(TREATED, ended=date(2026, 4, 1))
FAILED = replace(IN, screen_failure=("I1",))
MISTAKEN = replace(TREATED, randomised_in_error="not_eligible")

HISTORY = ("screening", "history", 1)
FROZEN = replace(SEEN, frozen=frozenset({CASEBOOK}))


def waits(what, *, by="p-asks", expired=False):
    """What somebody asked for a moment before it expires, or after; another person looks at it now."""
    asked = NOW - REQUEST_LASTS - timedelta(seconds=1 if expired else 0)
    return {"lock_request": LockRequest("r", what, by, asked, "all is clean"), "by": "p-grants"}


ALL_MET = {criterion.id: "met" for criterion in CRITERIA}


LOGGED = replace(
    SEEN,
    values={**SEEN.values, ("log", "adverse_events", 1): {"ae_term": "cough"}},
    in_error={("log", "adverse_events", 2): {"ae_term": "fall"}},
)


def linked(row, before=None):
    return a.FormSaved(**WHO, visit="log", form="adverse_events", repeat=3, changes={"ae_cause": (before, row)})


def saved(form="history", visit="screening", repeat=1, **changes):
    return a.FormSaved(**WHO, visit=visit, form=form, repeat=repeat, changes=changes or {"age": (None, "51")})


def drafted(form="history", visit="screening", repeat=1):
    return a.FormDrafted(**WHO, visit=visit, form=form, repeat=repeat, texts={"age": ("5", "")})


def limited(randomised, **limits):
    """The trial with limits, and how many were randomised at each site."""
    protocol = PROTOCOL.model_copy(update={"recruitment": Limits(**limits)})
    return {"protocol": protocol, "recruitment": Recruitment(randomised)}


def stopped(*sites):
    return {"recruitment": Recruitment(stopped=frozenset(sites))}


RANDOMISE = a.Randomised(**WHO, stratum="s", slot="A", on=TODAY)


# --- Kits: two packs at the depot, at site 11, at site 12; numbers say their status --------------------------------

FAR, NEAR = date(2028, 1, 31), date(2026, 7, 5)  # the latter is too near to dispense on TODAY, and to be shipped


def kit(number, status="available", **more):
    at = {"site": "11", "shipment": "SHIP-1"} | more
    return Kit(number, at.pop("pack", "PACK0001"), "L1", at.pop("expiry", FAR), "central", status, **at)


STOCK = {
    each.number: each
    for each in (
        kit("PACKED001", "packed", pack="PACK0002", site="", shipment=""),
        kit("PACKED002", "packed", pack="PACK0003", site="", shipment="", expiry=NEAR),
        kit("COMING001", "in_transit", shipment="SHIP-2"), kit("COMING002", "in_transit", shipment="SHIP-2"),
        kit("READY0001"), kit("READY0002"), kit("EXPIRING1", expiry=NEAR), kit("ELSEWHERE", site="12"),
        kit("ASIDE0001", "pre_quarantined"), kit("DAMAGED01", "damaged"),
        kit("GIVEN0001", "dispensed", subject="11-001", visit="week_0"),
        kit("BACK00001", "returned", subject="11-001", visit="screening"),
        kit("WRONG0001", "misallocated", subject="11-001", visit="week_0"),
        kit("THEIRS001", "dispensed", subject="11-002", visit="week_0"),
        kit("TAKEN0001", "misallocated", subject="11-002", visit="week_0"),
    )
}  # fmt: skip
SUPPLIED = {"protocol": KITS, "kits": STOCK}
BY_TWO = KITS.supply.model_copy(update={"kits": KITS.kits.model_copy(update={"order": 2})})
TWO_PACKS = KITS.model_copy(update={"supply": BY_TWO})
WITH_KIT = replace(TREATED, doses={"week_0": ("GIVEN0001",)})
WITH_WRONG, WITHOUT_OWN = (replace(TREATED, doses={"week_0": (number,)}) for number in ("WRONG0001", "TAKEN0001"))
PACK = {"PACK0009": ("NEW000001", "NEW000002")}
PACKING = a.ACTS["KitsPacked"](lot="L2", expiry=FAR, depot="central", packs=PACK)


def shipped(*packs, depot="central", site="11", shipment="SHIP-3"):
    return a.ACTS["KitsShipped"](shipment=shipment, depot=depot, site=site, packs=packs or ("PACK0002",))


def received(*kits, site="11", **more):
    return a.ACTS["KitsReceived"](shipment="SHIP-2", site=site, received=kits, **more)


def about(kind, *kits, site="11", **more):
    return a.ACTS[kind](site=site, kits=kits, **more)


def dispensed(kit="READY0001", visit="week_0"):
    return a.KitDispensed(**WHO, visit=visit, kit=kit)


def swapped(kit="READY0001", replaces="GIVEN0001", because="lost"):
    return a.KitReplaced(**WHO, visit="week_0", kit=kit, replaces=replaces, because=because)


def mistaken(kit="READY0001", assigned="GIVEN0001", visit="week_0"):
    return a.KitMisallocated(**WHO, visit=visit, kit=kit, assigned=assigned)


WHY = SUPPLIED | {"reason": "seen by the pharmacist"}
KITS_ALLOWED = [
    (PACKING, None, SUPPLIED),
    (a.ACTS["KitLocksLoaded"](lot="L2", kits=2), None, SUPPLIED),
    (shipped(), None, SUPPLIED),
    (received("COMING001", damaged=("COMING002",), excursion=True), None, SUPPLIED),
    (about("KitsQuarantined", "READY0001", "READY0002"), None, WHY),
    (about("KitsDecided", "ASIDE0001", usable=False), None, WHY),
    (about("KitsWithdrawn", "READY0001", because="missing"), None, WHY),
    (about("KitsDestroyed", "DAMAGED01", "BACK00001"), None, SUPPLIED),
    (dispensed(), TREATED, SUPPLIED),
    (dispensed("000000000"), TREATED, SUPPLIED),
    (swapped(), WITH_KIT, WHY),
    (swapped(replaces="WRONG0001", because="misallocated"), WITH_WRONG, WHY),
    (swapped(replaces="WRONG0001"), WITH_WRONG, WHY),
    (swapped(replaces="TAKEN0001", because="misallocated"), WITHOUT_OWN, WHY),
    (mistaken(), WITH_KIT, WHY),
    (mistaken("THEIRS001"), WITH_KIT, WHY),
    (mistaken("BACK00001"), WITH_KIT, WHY),
    (mistaken("GIVEN0001", "TAKEN0001"), WITHOUT_OWN, WHY),
    (mistaken(assigned=""), TREATED, WHY),
    (a.KitReturned(**WHO, kit="GIVEN0001", units=7), WITH_KIT, SUPPLIED),
]
KITS_REFUSED = [
    ("E001", PACKING, None, SUPPLIED | {"locked": True}),
    ("E005", shipped(site="12"), None, SUPPLIED),
    ("E030", dispensed(), replace(ELIGIBLE, visits=TREATED.visits), SUPPLIED),
    ("E052", dispensed(visit="week_4"), TREATED, SUPPLIED),
    ("E060", dispensed(visit="week_12"), TREATED, SUPPLIED),
    ("E060", dispensed(visit="week_5"), TREATED, SUPPLIED),
    ("E061", dispensed(), STOPPED, SUPPLIED),
    ("E063", dispensed(), LEFT, SUPPLIED),
    ("E081", about("KitsQuarantined", "READY0001"), None, SUPPLIED),
    ("E130", PACKING, None, {"kits": STOCK}),
    ("E131", a.DoseReleased(**WHO, visit="week_0", bag="B"), TREATED, SUPPLIED),
    ("E132", PACKING.model_copy(update={"depot": "attic"}), None, SUPPLIED),
    ("E133", PACKING.model_copy(update={"packs": {"PACK0009": ("READY0001",)}}), None, SUPPLIED),
    ("E133", PACKING.model_copy(update={"packs": {"PACK0009": ("NEW000001",) * 2}}), None, SUPPLIED),
    ("E133", PACKING.model_copy(update={"packs": {"PACK0001": ("NEW000001",)}}), None, SUPPLIED),
    ("E134", shipped("PACK0009"), None, SUPPLIED),
    ("E135", shipped("PACK0003"), None, SUPPLIED),
    ("E136", shipped(shipment="SHIP-1"), None, SUPPLIED),
    ("E137", received("COMING001"), None, SUPPLIED),
    ("E137", received("COMING001", missing=("COMING001", "COMING002")), None, SUPPLIED),
    ("E137", received("COMING001", "COMING002", site="12"), None, SUPPLIED | {"active_sites": ("11", "12")}),
    ("E138", about("KitsQuarantined", "READY0001", "READY0001"), None, WHY),
    ("E139", about("KitsQuarantined", "NOSUCH001"), None, WHY),
    ("E139", about("KitsQuarantined", "ELSEWHERE"), None, WHY),
    ("E139", dispensed("ELSEWHERE"), TREATED, SUPPLIED),
    ("E140", about("KitsQuarantined", "GIVEN0001"), None, WHY),
    ("E140", about("KitsDestroyed", "ASIDE0001"), None, SUPPLIED),
    ("E140", a.KitReturned(**WHO, kit="BACK00001", units=7), WITH_KIT, SUPPLIED),
    ("E141", dispensed(), WITH_KIT, SUPPLIED),
    ("E142", dispensed("ASIDE0001"), TREATED, SUPPLIED),
    ("E142", dispensed("EXPIRING1"), TREATED, SUPPLIED),
    ("E143", swapped(replaces="READY0002"), WITH_KIT, WHY),
    ("E143", swapped(replaces="BACK00001"), WITH_KIT, WHY),
    ("E143", a.KitReturned(**WHO, kit="READY0001", units=7), WITH_KIT, SUPPLIED),
    ("E144", a.KitReturned(**WHO, kit="GIVEN0001", units=36), WITH_KIT, SUPPLIED),
    ("E145", shipped(), None, SUPPLIED | {"now": NOW + timedelta(days=1)}),
    ("E146", shipped(), None, SUPPLIED | {"protocol": TWO_PACKS}),
    ("E143", swapped(replaces="TAKEN0001"), WITHOUT_OWN, WHY),
    ("E140", swapped(replaces="GIVEN0001", because="misallocated"), WITH_KIT, WHY),
    ("E140", swapped(replaces="WRONG0001", because="not_dispensed"), WITH_WRONG, WHY),
    ("E052", mistaken(assigned="", visit="week_4"), TREATED, WHY),
    ("E081", mistaken(), WITH_KIT, SUPPLIED),
    ("E139", mistaken("ELSEWHERE"), WITH_KIT, WHY),
    ("E139", mistaken("NOSUCH001"), WITH_KIT, WHY),
    ("E140", mistaken("COMING001"), WITH_KIT, WHY),
    ("E140", mistaken("WRONG0001"), WITH_KIT, WHY),
    ("E147", mistaken("GIVEN0001"), WITH_KIT, WHY),
    ("E148", mistaken(assigned=""), WITH_KIT, WHY),
    ("E148", mistaken(), TREATED, WHY),
]


UNWATCHED = PROTOCOL.model_copy(update={"masking": PROTOCOL.masking.model_copy(update={"code_break_alarm": None})})


def broken(*sites, by="investigator", hours=1):
    """Codes that were broken at these sites so many hours before; the protocol asks to confirm the third of a day."""
    at = NOW - timedelta(hours=hours)
    entries = {
        str(n): Unmasking(str(n), "code_break", f"{site}-009", site, at.date(), at, by, "investigator")
        for n, site in enumerate(sites)
    }
    return {"by": "investigator", "unmaskings": entries}


def asked(form="history", item="age", query="new", visit="screening", repeat=1):
    place = {"visit": visit, "form": form, "repeat": repeat}
    return a.QueryRaised(**WHO, **place, query=query, item=item, check="person", text="?")


def released(look="interim_1", cut=90, slots=4):
    return a.LookReleased(look=look, cut=cut, information=54, slots=slots, recipient="r", fingerprint="f")


def advised(recommendation="continue", look="interim_1"):
    return a.RecommendationSigned(look=look, recommendation=recommendation)


ASKED = {"by": "statistician", "looks": {"interim_1": LookState("chair")}}
HELD = {"by": "chair", "looks": {"interim_1": LookState("chair", 90, 95, 54)}}
SAFE = {"by": "chair", "looks": {"safety_1": LookState("chair", 90, 95)}}
LATER = {
    "by": "statistician",
    "looks": {"interim_1": LookState("chair"), "interim_2": LookState("chair", 70, 75, 81)},
}
PLAN = PROTOCOL.monitoring
BOUNDARY = PLAN.boundary.model_copy(update={"futility": None})
NO_FUTILITY = PROTOCOL.model_copy(update={"monitoring": PLAN.model_copy(update={"boundary": BOUNDARY})})
NOTHING_PLANNED = PROTOCOL.model_copy(update={"monitoring": None})


def granted(role="coordinator", site="11", *, person="p-new", end=None):
    return a.RoleGranted(person=person, name="Lin Yue", role=role, site=site, start=TODAY, end=end)


def had(role, site="", accepted=0, ended=0):
    """What p-new was given before."""
    return Grant("p-new", "Lin Yue", role, site, TODAY, None, "administrator", 3, accepted, ended)


def log(*grants, by="administrator", **more):
    return {"grants": grants, "by": by, **more}


THEIRS = {"person": "p-new", "role": "coordinator", "site": "11"}
APART = SeparateDuties(roles=("monitor", "statistician"), reason=Label(en="They check each other.", zh="相互核对。"))
DECLARED = PROTOCOL.model_copy(update={"separate_duties": (APART,)})

# Every act that can be recorded, and why not when it cannot: act, what is known, what else holds → ids.
KNOWN_UNMASKING = Unmasking("r", "suspected", "", "", TODAY, NOW, "nurse", "nurse")


def told(on=TODAY, happened=None):
    return a.UnmaskingReported(how="suspected", whom="assessor", on=on, happened=happened)


def judged(report="r", measures="another assessor"):
    return a.UnmaskingAssessed(report=report, data="possible", participant="none", others="none", measures=measures)


HOUR = timedelta(hours=1)
ROW = ("log", "adverse_events", 1)
EVENT = replace(SEEN, values={**SEEN.values, ROW: {"ae_term": "headache", "ae_serious": True}})
SERIOUS = replace(EVENT, serious={ROW: SeriousEvent(NOW - 2 * HOUR)})
NAMELESS = replace(SERIOUS, values={**SEEN.values, ROW: {"ae_serious": True}})
MILD = replace(SERIOUS, values={**SEEN.values, ROW: {"ae_term": "headache", "ae_serious": False}})
DOWNGRADED = replace(EVENT, serious={ROW: SeriousEvent(NOW - 2 * HOUR, downgraded=True)})
THIS_ROW = {**WHO, "form": "adverse_events", "repeat": 1}
WRONG_ROW = a.RowInError(**THIS_ROW)


def known_since(aware, **row):
    return a.SeriousEventKnown(**{**THIS_ROW, **row}, aware=aware)


def reported(sent=NOW, clock="sae_to_sponsor"):
    return a.SafetyReportSent(**THIS_ROW, clock=clock, sent=sent, values="d")


SERIOUS_ALLOWED = [
    (known_since(NOW), EVENT, {}),
    (known_since(NOW), DOWNGRADED, {}),
    (known_since(NOW - 3 * HOUR), SERIOUS, {"reason": "the ward knew"}),
    (reported(), SERIOUS, {}),
    (WRONG_ROW, EVENT, {"reason": "of another participant"}),
    (WRONG_ROW, DOWNGRADED, {"reason": "of another participant"}),
    (a.SeriousEventDowngraded(**THIS_ROW), SERIOUS, {"reason": "no stay overnight"}),
]
SERIOUS_REFUSED = [
    ("E150", known_since(NOW, repeat=2), EVENT, {}),
    ("E150", known_since(NOW, form="history"), EVENT, {}),
    ("E151", known_since(NOW + HOUR), EVENT, {}),
    ("E151", reported(NOW + HOUR), SERIOUS, {}),
    ("E152", known_since(NOW - HOUR), SERIOUS, {"reason": "misread"}),
    ("E081", known_since(NOW - 3 * HOUR), SERIOUS, {}),
    ("E153", a.SeriousEventDowngraded(**THIS_ROW), EVENT, {"reason": "r"}),
    ("E153", a.SeriousEventDowngraded(**THIS_ROW), DOWNGRADED, {"reason": "r"}),
    ("E081", a.SeriousEventDowngraded(**THIS_ROW), SERIOUS, {}),
    ("E154", reported(clock="another"), SERIOUS, {}),
    ("E154", reported(), EVENT, {}),
    ("E154", reported(), MILD, {}),
    ("E155", reported(), NAMELESS, {}),
    ("E156", reported(NOW - 3 * HOUR), SERIOUS, {}),
    ("E158", WRONG_ROW, SERIOUS, {"reason": "of another participant"}),
]
RECORD = InfusionRecord(
    bag="b",
    start="s",
    minutes="m",
    rate="r",
    volume="v",
    reaction="x",
    no_reaction="none",
    grades={"mild": "mild"},
    category="other",
)
INFUSED = {"protocol": PROTOCOL.model_copy(update={
    "treatment": PROTOCOL.treatment.model_copy(update={"infusion": RECORD})
})}  # fmt: skip
BAGS = Preparation(quantity=Measure(amount=250, unit="mL"), least_minutes=60)
OF_A_BAG = {"protocol": PROTOCOL.model_copy(update={
    "treatment": PROTOCOL.treatment.model_copy(update={"infusion": RECORD, "preparation": BAGS})
})}  # fmt: skip
AT_BEDSIDE = {**WHO, "visit": "week_0"}


def bag_found(found="matches"):
    return a.BagChecked(**AT_BEDSIDE, wristband="11-001", bag="B", found=found)


def stepped(step, at=NOW, **more):
    return a.InfusionStepped(**AT_BEDSIDE, step=step, at=at, **more)


def infused(*acts):
    found = Infusion()
    for act in acts:
        found = infusion_after(found, act)
    return replace(GIVEN, infusions={"week_0": found})


READY = infused(bag_found())
RUNNING = infused(bag_found(), stepped("start", NOW - HOUR, rate=250))
PAUSED = infused(bag_found(), stepped("start", NOW - HOUR, rate=250), stepped("stop", NOW - HOUR))
ENDED = infused(bag_found(), stepped("start", NOW - HOUR, rate=250), stepped("end", NOW, volume=250))
SIGNS = a.VitalSignsTaken(**AT_BEDSIDE, at=NOW, signs={"pulse": "72"})
REACTION = a.ReactionSeen(**AT_BEDSIDE, at=NOW, grade="mild", sign="itching", event=1)
INFUSION_ALLOWED = [
    (bag_found("wrong_bag"), GIVEN, INFUSED),
    (bag_found(), READY, INFUSED),
    (stepped("start", rate=250), READY, INFUSED),
    (stepped("start", NOW + timedelta(minutes=1), rate=250), READY, INFUSED),  # a device's clock runs ahead
    (stepped("rate", rate=100), RUNNING, INFUSED),
    (stepped("stop"), RUNNING, INFUSED),
    (stepped("end", volume=0), RUNNING, INFUSED),
    (stepped("restart", rate=100), PAUSED, INFUSED),
    (stepped("end", volume=100), PAUSED, INFUSED),
    (stepped("end", volume=250), PAUSED, OF_A_BAG),
    (SIGNS, GIVEN, INFUSED),
    (REACTION, ENDED, INFUSED),  # within two hours after it
]
INFUSION_REFUSED = [
    ("E160", bag_found(), TREATED, INFUSED),
    ("E052", bag_found(), replace(GIVEN, visits={}), INFUSED),
    ("E052", bag_found(), replace(GIVEN, visits={"week_0": VisitState("missed", None, "", "ill", 5)}), INFUSED),
    ("E161", stepped("start", rate=250), GIVEN, INFUSED),
    ("E161", stepped("start", rate=250), infused(bag_found("cover_damaged")), INFUSED),
    ("E161", stepped("start", rate=250), infused(bag_found(), bag_found("wrong_bag")), INFUSED),
    ("E161", stepped("start", rate=250), RUNNING, INFUSED),
    ("E161", stepped("restart", rate=250), RUNNING, INFUSED),
    ("E161", stepped("stop"), PAUSED, INFUSED),
    ("E161", stepped("end", volume=1), ENDED, INFUSED),
    ("E161", bag_found(), RUNNING, INFUSED),
    ("E151", stepped("start", NOW + timedelta(minutes=2), rate=250), READY, INFUSED),
    ("E162", stepped("stop", NOW - 2 * HOUR), RUNNING, INFUSED),
    ("E163", stepped("start"), READY, INFUSED),
    ("E163", stepped("restart"), PAUSED, INFUSED),
    ("E164", stepped("end"), RUNNING, INFUSED),
    ("E168", stepped("end", volume=251), RUNNING, OF_A_BAG),
    ("E165", bag_found(), GIVEN, {}),
    ("E165", REACTION, GIVEN, {}),
    ("E166", a.ReactionSeen(**AT_BEDSIDE, at=NOW, grade="terrible", sign="itching", event=1), RUNNING, INFUSED),
    ("E167", a.VitalSignsTaken(**AT_BEDSIDE, at=NOW, signs={}), RUNNING, INFUSED),
]

ALLOWED = [
    (a.StudyOpened(protocol="p", protocol_version="1", simulated=True), None, {}),
    (a.SiteActivated(site="12"), None, {}),
    (a.ListLoaded(sealing="1", slots=2), None, {}),
    (a.SecondLocksLoaded(slots=2, strata=1, restored=0), None, {}),
    (a.RecruitmentStopped(site="11"), None, {"reason": "audit"} | stopped("")),
    (a.SupplyDeclared(site="11", enough=False), None, {}),
    (a.RecruitmentStopped(), None, {"reason": "safety"} | stopped("11")),
    (a.RecruitmentResumed(site="11"), None, {"reason": "audit passed"} | stopped("11")),
    (a.RecruitmentResumed(), None, {"reason": "the board agrees"} | stopped("")),
    (a.LockRequested(what="lock"), None, {"reason": "all is clean"}),
    (a.LockRequested(what="unlock"), None, {"locked": True, "reason": "an error"}),
    (a.LockRequested(what="lock"), None, waits("lock", expired=True) | {"reason": "asked anew"}),
    (a.LockDeclined(request="r"), None, waits("lock") | {"reason": "two queries are open"}),
    (a.LockDeclined(request="r"), None, waits("unlock", by="p-asks") | {"locked": True, "reason": "taken back"}),
    (a.StudyLocked(request="r"), None, waits("lock")),
    (a.StudyUnlocked(request="r"), None, waits("unlock") | {"locked": True}),
    (a.EntryFrozen(**WHO, visit="screening", form="history"), SEEN, {}),
    (a.EntryFrozen(**WHO), NEW, {}),
    (a.EntryFrozen(**WHO, visit="screening", form="history"), FROZEN, {}),
    (saved(), FROZEN, {"follows": True}),
    (a.EntryUnfrozen(**WHO), FROZEN, {"reason": "a late result"}),
    (a.FormSigned(**WHO, visit="screening", form="history", meaning="reviewed", values="d"), FROZEN, {}),
    (a.TreatmentStopped(**WHO, on=TODAY, because="participant"), replace(TREATED, frozen=frozenset({CASEBOOK})), {}),
    (a.VisitHeld(**WHO, visit="screening", on=CONSENT), replace(IN, frozen=frozenset({HISTORY})), {}),
    (a.ListOpened(commitment="c", slots=2), None, {"locked": True}),
    (granted(), None, log()),
    (granted(end=TODAY), None, log(had("investigator", "11", 4))),
    (granted(), None, log(had("coordinator", "12"), had("coordinator", "11", 4, 5))),
    (granted("pharmacist"), None, log(had("investigator", "11", 4, 5))),
    (granted("statistician", ""), None, log(had("monitor"))),
    (granted("statistician", ""), None, log(replace(had("monitor"), person="p-old"), protocol=DECLARED)),
    (granted("monitor", ""), None, log(had("pharmacist", "11", 0, 5))),  # never taken up: nothing was learnt
    (a.RoleAccepted(**THEIRS), None, log(had("coordinator", "11"), by="p-new")),
    (a.RoleEnded(**THEIRS), None, log(had("coordinator", "11", 4), reason="left the hospital")),
    (a.LookRequested(look="interim_2"), None, HELD),
    (released(), None, ASKED),
    (released(), None, {**ASKED, "looks": ASKED["looks"] | {"safety_1": LookState("chair", 50, 55)}}),
    (
        released("safety_1"),
        None,
        {**ASKED, "looks": {"safety_1": LookState("chair"), "interim_2": LookState("c", 1, 2)}},
    ),
    (advised(), None, HELD),
    (advised("stop_futility"), None, HELD),
    (advised("stop_safety", "safety_1"), None, {**SAFE, "locked": True}),
    (a.SubjectScreened(**WHO, site="11"), None, {}),
    (a.Consented(**WHO, document="v1", language="zh", on=TODAY), NEW, {}),
    (a.Consented(**WHO, document="v2", language="en", on=TODAY), IN, {"reason": "a new version"}),
    (a.EligibilityConfirmed(**WHO, criteria=ALL_MET), SEEN, {}),
    (a.ScreenFailed(**WHO, reasons=("I1", "consent_withdrawn", "other"), on=TODAY), SEEN, {}),
    (RANDOMISE, ELIGIBLE, {}),
    (RANDOMISE, ELIGIBLE, stopped("12")),
    (RANDOMISE, ELIGIBLE, limited({"11": 2, "12": 9}, most=12, most_by_country={"FR": 1}, most_by_site={"11": 3})),
    (RANDOMISE, replace(ELIGIBLE, consent_document="v2"), limited({}, consent_documents=("v1", "v2"))),
    (a.StratumCorrected(**WHO, given="s", corrected="t"), TREATED, {}),
    (a.RandomisedInError(**WHO, because="other"), TREATED, {"reason": "wrong chart"}),
    (a.VisitHeld(**WHO, visit="screening", on=CONSENT), IN, {}),
    (a.VisitHeld(**WHO, visit="screening", on=CONSENT), TREATED, {}),
    (a.VisitHeld(**WHO, visit="screening", on=RANDOMISED), TREATED, {"reason": "misread"}),
    (a.VisitHeld(**WHO, visit="week_4", on=TODAY), LEFT, {}),
    (a.VisitMissed(**WHO, visit="week_4", because="lost"), TREATED, {}),
    (saved(), SEEN, {}),
    (saved(age=("50", "51")), SEEN, {"reason": "misread"}),
    (saved("adverse_events", "log", 7, ae_term=(None, "cough")), IN, {}),
    (drafted(), SEEN, {}),
    (drafted("adverse_events", "log", 7), IN, {}),
    (a.DraftDiscarded(**WHO, visit="screening", form="history"), SEEN, {}),
    (WRONG_ROW, LOGGED, {"reason": "of another participant"}),
    (WRONG_ROW, replace(LOGGED, frozen=frozenset({HISTORY})), {"reason": "of another participant"}),
    (linked("1"), LOGGED, LINKED),
    (linked({"missing": "UNK"}), LOGGED, LINKED),
    (linked(None), LOGGED, LINKED | {"reason": "misread"}),
    (a.FormSigned(**WHO, visit="screening", form="history", meaning="reviewed", values="d"), SEEN, {}),
    (a.DoseReleased(**WHO, visit="week_4", bag="B"), GIVEN, {}),
    (a.EnvelopeDoubted(**WHO, visit="week_0"), GIVEN, {}),
    (a.TreatmentStopped(**WHO, on=TODAY, because="participant"), TREATED, {}),
    (a.ParticipationEnded(**WHO, on=TODAY, how="withdrew"), IN, {}),
    (asked(), NEW, {}),
    (a.QueryAnswered(**WHO, query="q", text="!"), SEEN, {}),
    (a.QueryClosed(**WHO, query="q"), SEEN, {}),
    (a.DeviationRecorded(**WHO, visit="week_4", category="c", text="t"), NEW, {}),
    (a.CodeBroken(**WHO, why="surgery"), TREATED, {"reason": "surgery tonight"}),
    (a.CodeBroken(**WHO, why="surgery"), TREATED, {"reason": "surgery tonight", "locked": True}),
    (a.CodeBroken(**WHO, why="surgery", confirmed=True), TREATED, {"reason": "surgery tonight"} | broken("11", "11")),
    (a.CodeBroken(**WHO, why="surgery"), TREATED, {"reason": "tonight"} | broken("11", "12", by="another")),
    (a.CodeBroken(**WHO, why="surgery"), TREATED, {"reason": "tonight"} | broken("11", "11", hours=24)),
    (a.CodeBroken(**WHO, why="surgery"), TREATED, {"reason": "tonight", "protocol": UNWATCHED} | broken("11", "11")),
    (told(), None, {}),
    (told(), None, {"locked": True}),
    (told(happened=NOW), None, {}),
    (judged(), None, {"unmaskings": {"r": KNOWN_UNMASKING}, "locked": True}),
    (a.ListReplaced(part="list", sealing="2", slots=2), None, {"reason": "a stolen key"}),
    (a.Reconciled(burned={"11-009": "LABEL"}), None, {}),
    *KITS_ALLOWED,
    *SERIOUS_ALLOWED,
    *INFUSION_ALLOWED,
]
REFUSED = [
    ("E001", saved(), SEEN, {"locked": True}),
    ("E001", a.Randomised(**WHO, stratum="s", slot="A", on=TODAY), ELIGIBLE, {"locked": True}),
    ("E001", a.StudyLocked(request="r"), None, waits("lock") | {"locked": True}),
    ("E001", a.LockRequested(what="lock"), None, {"locked": True, "reason": "r"}),
    ("E001", a.ListLoaded(sealing="1", slots=2), None, {"locked": True}),
    ("E001", a.SecondLocksLoaded(slots=2, strata=1, restored=0), None, {"locked": True}),
    ("E001", a.RecruitmentStopped(), None, {"locked": True, "reason": "safety"}),
    ("E001", a.RecruitmentResumed(), None, {"locked": True, "reason": "safety"} | stopped("")),
    ("E002", a.QueryClosed(**WHO, query="q"), None, {}),
    ("E003", a.SiteActivated(site="99"), None, {}),
    ("E001", a.SupplyDeclared(site="11", enough=True), None, {"locked": True}),
    ("E003", a.SupplyDeclared(site="99", enough=True), None, {}),
    ("E030", a.EnvelopeDoubted(**WHO, visit="week_0"), ELIGIBLE, {}),
    ("E040", a.EnvelopeDoubted(**WHO, visit="week_5"), GIVEN, {}),
    ("E003", a.RecruitmentStopped(site="99"), None, {"reason": "audit"}),
    ("E003", a.RecruitmentResumed(site="99"), None, {"reason": "audit"} | stopped("99")),
    ("E004", a.SiteActivated(site="11"), None, {}),
    ("E005", a.SubjectScreened(subject="12-001", site="12"), None, {}),
    ("E005", RANDOMISE, ELIGIBLE, {"active_sites": ("12",)}),
    ("E006", a.SubjectScreened(**WHO, site="11"), NEW, {}),
    ("E007", a.SubjectScreened(subject="12-001", site="11"), None, {}),
    ("E010", a.VisitHeld(**WHO, visit="screening", on=TODAY), NEW, {}),
    ("E010", a.VisitMissed(**WHO, visit="screening", because="ill"), NEW, {}),
    ("E010", a.ParticipationEnded(**WHO, on=TODAY, how="withdrew"), NEW, {}),
    ("E010", a.ScreenFailed(**WHO, reasons=("other",), on=TODAY), NEW, {}),
    ("E010", saved("adverse_events", "log", ae_term=(None, "cough")), NEW, {}),
    ("E011", a.Consented(**WHO, document="v1", language="zh", on=TOMORROW), NEW, {}),
    ("E011", a.VisitHeld(**WHO, visit="screening", on=TOMORROW), IN, {}),
    ("E011", a.Randomised(**WHO, stratum="s", slot="A", on=TOMORROW), ELIGIBLE, {}),
    ("E013", a.ScreenFailed(**WHO, reasons=("other",), on=CONSENT - timedelta(days=1)), SEEN, {}),
    ("E013", a.Randomised(**WHO, stratum="s", slot="A", on=CONSENT - timedelta(days=1)), ELIGIBLE, {}),
    ("E013", a.ParticipationEnded(**WHO, on=CONSENT - timedelta(days=1), how="lost"), IN, {}),
    ("E014", a.TreatmentStopped(**WHO, on=RANDOMISED - timedelta(days=1), because="c"), TREATED, {}),
    ("E044", a.VisitHeld(**WHO, visit="screening", on=CONSENT + timedelta(days=1)), TREATED, {}),
    ("E044", a.VisitHeld(**WHO, visit="screening", on=CONSENT, mode="remote"), TREATED, {}),
    ("E012", a.Consented(**WHO, document="v2", language="en", on=TODAY), IN, {}),
    ("E020", a.EligibilityConfirmed(**WHO, criteria=ALL_MET | {"E2": "not_met"}), SEEN, {}),
    ("E021", a.EligibilityConfirmed(**WHO, criteria=ALL_MET | {"I3": "unknown"}), SEEN, {}),
    ("E021", a.EligibilityConfirmed(**WHO, criteria={k: v for k, v in ALL_MET.items() if k != "I2"}), SEEN, {}),
    ("E022", a.EligibilityConfirmed(**WHO, criteria=ALL_MET), TREATED, {}),
    ("E022", a.Randomised(**WHO, stratum="s", slot="A", on=TODAY), TREATED, {}),
    ("E022", a.ScreenFailed(**WHO, reasons=("other",), on=TODAY), TREATED, {}),
    ("E023", a.EligibilityConfirmed(**WHO, criteria=ALL_MET), FAILED, {}),
    ("E023", a.ScreenFailed(**WHO, reasons=("other",), on=TODAY), FAILED, {}),
    ("E024", a.Randomised(**WHO, stratum="s", slot="A", on=TODAY), SEEN, {}),
    ("E025", a.ScreenFailed(**WHO, reasons=(), on=TODAY), SEEN, {}),
    ("E026", a.ScreenFailed(**WHO, reasons=("I99",), on=TODAY), SEEN, {}),
    ("E030", a.VisitHeld(**WHO, visit="week_4", on=TODAY), ELIGIBLE, {}),
    ("E030", a.DoseReleased(**WHO, visit="week_0", bag="B"), ELIGIBLE, {}),
    ("E030", a.TreatmentStopped(**WHO, on=TODAY, because="c"), ELIGIBLE, {}),
    ("E030", a.CodeBroken(**WHO, why="other"), ELIGIBLE, {"reason": "r"}),
    ("E030", a.StratumCorrected(**WHO, given="s", corrected="t"), ELIGIBLE, {}),
    ("E030", a.RandomisedInError(**WHO, because="other"), ELIGIBLE, {"reason": "r"}),
    ("E040", a.VisitHeld(**WHO, visit="week_5", on=TODAY), TREATED, {}),
    ("E040", a.VisitMissed(**WHO, visit="log", because="c"), TREATED, {}),
    ("E041", a.VisitHeld(**WHO, visit="screening", on=CONSENT - timedelta(days=1)), IN, {}),
    ("E042", a.VisitHeld(**WHO, visit="week_4", on=RANDOMISED - timedelta(days=1)), TREATED, {}),
    ("E042", a.VisitHeld(**WHO, visit="screening", on=RANDOMISED + timedelta(days=1)), TREATED, {"reason": "r"}),
    ("E043", a.VisitMissed(**WHO, visit="screening", because="c"), SEEN, {}),
    ("E045", a.VisitHeld(**WHO, visit="unscheduled_1", on=TODAY), TREATED, {}),
    ("E046", a.VisitHeld(**WHO, visit="unscheduled_2", on=TODAY, because="worsening"), TREATED, {}),
    ("E046", a.VisitHeld(**WHO, visit="unscheduled_3", on=TODAY, because="worsening"), UNPLANNED, {}),
    ("E041", a.VisitHeld(**WHO, visit="unscheduled_1", on=CONSENT - timedelta(days=1), because="other"), IN, {}),
    ("E010", a.VisitHeld(**WHO, visit="unscheduled_1", on=TODAY, because="other"), NEW, {}),
    ("E044", a.VisitHeld(**WHO, visit="unscheduled_1", on=RANDOMISED, because="other"), UNPLANNED, {}),
    ("E040", a.VisitHeld(**WHO, visit="unscheduled_1", on=TODAY), TREATED, {"protocol": ALL_PLANNED}),
    ("E030", a.VisitHeld(**WHO, visit="early_termination", on=TODAY), SEEN, {}),
    ("E044", a.VisitHeld(**WHO, visit="early_termination", on=TODAY), EARLY, {}),
    ("E047", a.VisitMissed(**WHO, visit="unscheduled_2", because="c"), UNPLANNED, {}),
    ("E051", saved("history", "unscheduled_1"), UNPLANNED, {}),
    ("E052", saved("blood_pressure", "unscheduled_2"), UNPLANNED, {}),
    ("E060", a.DoseReleased(**WHO, visit="unscheduled_1", bag="X"), UNPLANNED, {}),
    ("E050", saved("hystory"), SEEN, {}),
    ("E050", asked("hystory"), SEEN, {}),
    ("E050", asked(item="wieght"), SEEN, {}),
    ("E051", saved("dispensing"), SEEN, {}),
    ("E051", saved("history", "week_5"), SEEN, {}),
    ("E051", saved("adverse_events", "screening"), SEEN, {}),
    ("E051", saved("history", "log"), SEEN, {}),
    ("E052", saved(), IN, {}),
    ("E052", saved(), replace(IN, visits={"screening": VisitState("missed", None, "", "ill", 4)}), {}),
    ("E053", saved(age=("50", "51")), SEEN, {}),
    ("E053", saved(age=({"missing": "ND"}, "51")), SEEN, {}),
    ("E054", saved("adverse_events", "log", 0, ae_term=(None, "cough")), SEEN, {}),
    ("E054", saved(repeat=2), SEEN, {}),
    ("E010", drafted("adverse_events", "log"), NEW, {}),
    ("E050", drafted("nonsense"), SEEN, {}),
    ("E051", drafted("history", "log"), SEEN, {}),
    ("E052", drafted("history"), IN, {}),
    ("E054", drafted(repeat=2), SEEN, {}),
    ("E054", a.RowInError(**WHO, form="adverse_events", repeat=2), LOGGED, {"reason": "twice"}),
    ("E081", WRONG_ROW, LOGGED, {}),
    ("E058", saved("adverse_events", "log", 2, ae_term=(None, "cough")), LOGGED, {}),
    ("E058", drafted("adverse_events", "log", 2), LOGGED, {}),
    ("E058", asked("adverse_events", "ae_term", visit="log", repeat=2), LOGGED, {}),
    ("E059", linked("2"), LOGGED, LINKED),
    ("E059", linked("7"), LOGGED, LINKED),
    ("E055", a.FormSigned(**WHO, visit="screening", form="laboratory", meaning="m", values="d"), SEEN, {}),
    ("E060", a.DoseReleased(**WHO, visit="week_12", bag="B"), TREATED, {}),
    ("E060", a.DoseReleased(**WHO, visit="week_5", bag="B"), TREATED, {}),
    ("E061", a.DoseReleased(**WHO, visit="week_4", bag="B"), STOPPED, {}),
    ("E061", a.TreatmentStopped(**WHO, on=TODAY, because="c"), STOPPED, {}),
    ("E062", a.DoseReleased(**WHO, visit="week_0", bag="B"), GIVEN, {}),
    ("E063", a.DoseReleased(**WHO, visit="week_0", bag="B"), LEFT, {}),
    ("E063", a.ParticipationEnded(**WHO, on=TODAY, how="lost"), LEFT, {}),
    ("E063", a.Randomised(**WHO, stratum="s", slot="A", on=TODAY), replace(ELIGIBLE, ended=TODAY), {}),
    ("E070", a.QueryAnswered(**WHO, query="nothing", text="!"), SEEN, {}),
    ("E070", a.QueryClosed(**WHO, query="nothing"), SEEN, {}),
    ("E071", a.QueryAnswered(**WHO, query="old", text="!"), SEEN, {}),
    ("E071", a.QueryClosed(**WHO, query="old"), SEEN, {}),
    ("E072", asked(query="q"), SEEN, {}),
    ("E080", a.StudyUnlocked(request="r"), None, waits("unlock")),
    ("E080", a.LockRequested(what="unlock"), None, {"reason": "an error"}),
    ("E080", a.ListOpened(commitment="c", slots=2), None, {}),
    ("E081", a.LockRequested(what="unlock"), None, {"locked": True}),
    ("E081", a.LockDeclined(request="r"), None, waits("lock")),
    ("E081", a.EntryUnfrozen(**WHO), FROZEN, {}),
    ("E170", a.LockRequested(what="lock"), None, waits("lock") | {"reason": "r"}),
    ("E171", a.LockDeclined(request="another"), None, waits("lock") | {"reason": "r"}),
    ("E171", a.LockDeclined(request="r"), None, {"reason": "r"}),
    ("E171", a.StudyLocked(), None, {}),
    ("E171", a.StudyLocked(request="another"), None, waits("lock")),
    ("E171", a.StudyLocked(request="r"), None, waits("unlock")),
    ("E171", a.StudyUnlocked(), None, {"locked": True}),
    ("E172", a.StudyLocked(request="r"), None, waits("lock", by="p-grants")),
    ("E172", a.StudyUnlocked(request="r"), None, waits("unlock", by="p-grants") | {"locked": True}),
    ("E173", a.StudyLocked(request="r"), None, waits("lock", expired=True)),
    ("E174", saved(), FROZEN, {}),
    ("E174", saved(), replace(SEEN, frozen=frozenset({HISTORY})), {}),
    ("E174", drafted(), FROZEN, {}),
    ("E001", saved(), FROZEN, {"follows": True, "locked": True}),
    ("E174", WRONG_ROW, replace(LOGGED, frozen=frozenset({CASEBOOK})), {"reason": "of another participant"}),
    ("E174", WRONG_ROW, replace(LOGGED, frozen=frozenset({ROW})), {"reason": "of another participant"}),
    ("E174", a.VisitHeld(**WHO, visit="screening", on=CONSENT), replace(IN, frozen=frozenset({CASEBOOK})), {}),
    ("E174", a.VisitMissed(**WHO, visit="week_4", because="l"), replace(TREATED, frozen=frozenset({CASEBOOK})), {}),
    ("E175", a.EntryFrozen(**WHO), FROZEN, {}),
    ("E176", a.EntryUnfrozen(**WHO, visit="screening", form="history"), FROZEN, {"reason": "r"}),
    ("E052", a.EntryFrozen(**WHO, visit="screening", form="history"), IN, {}),
    ("E081", a.CodeBroken(**WHO, why="other"), TREATED, {}),
    ("E118", a.CodeBroken(**WHO, why="other"), TREATED, {"reason": "r"} | broken("11", "11", by="another")),
    ("E118", a.CodeBroken(**WHO, why="other"), TREATED, {"reason": "r"} | broken("12", "12", hours=23)),
    ("E081", a.ListReplaced(part="list", sealing="2", slots=2), None, {}),
    ("E011", told(TOMORROW), None, {}),
    ("E151", told(happened=NOW + HOUR), None, {}),
    ("E108", judged("another"), None, {"unmaskings": {"r": KNOWN_UNMASKING}}),
    ("E109", judged(measures=" "), None, {"unmaskings": {"r": KNOWN_UNMASKING}}),
    ("E001", a.LookRequested(look="interim_1"), None, {"locked": True}),
    ("E001", released(), None, ASKED | {"locked": True}),
    ("E090", a.LookRequested(look="interim_9"), None, {}),
    ("E090", a.LookRequested(look="interim_1"), None, {"protocol": NOTHING_PLANNED}),
    ("E091", a.LookRequested(look="interim_1"), None, HELD),
    ("E092", released(), None, ASKED | {"by": "chair"}),
    ("E092", released(), None, {"by": "statistician"}),
    ("E093", released(cut=95), None, HELD | {"by": "statistician"}),
    ("E094", advised(), None, {"by": "chair"}),
    ("E094", advised(), None, ASKED),
    ("E095", advised(), None, {"looks": {"interim_1": LookState("chair", 90, 95, 54, "continue")}}),
    ("E096", advised(), None, HELD | {"reason": "p = 0.01"}),
    ("E097", advised("stop_efficacy", "safety_1"), None, SAFE),
    ("E097", advised("stop_futility"), None, HELD | {"protocol": NO_FUTILITY}),
    ("E098", released(), None, LATER),
    ("E098", released("interim_2", 80), None, {"by": "s", "looks": HELD["looks"] | {"interim_2": LookState("chair")}}),
    ("E099", released(slots=0), None, ASKED),
    ("E081", a.RecruitmentStopped(), None, {}),
    ("E081", a.RecruitmentResumed(), None, stopped("")),
    ("E081", a.RandomisedInError(**WHO, because="other"), TREATED, {}),
    ("E100", RANDOMISE, replace(ELIGIBLE, consent_document="v1"), limited({}, consent_documents=("v2",))),
    ("E101", RANDOMISE, ELIGIBLE, stopped("")),
    ("E101", RANDOMISE, ELIGIBLE, stopped("11", "12")),
    ("E102", RANDOMISE, ELIGIBLE, limited({"11": 1, "12": 2}, most=3)),
    ("E103", RANDOMISE, ELIGIBLE, limited({"11": 1, "12": 2}, most_by_country={"CN": 3})),
    ("E104", RANDOMISE, ELIGIBLE, limited({"11": 1, "12": 2}, most_by_site={"11": 1})),
    ("E105", a.RecruitmentStopped(site="11"), None, {"reason": "audit"} | stopped("11")),
    ("E105", a.RecruitmentStopped(), None, {"reason": "audit"} | stopped("")),
    ("E106", a.RecruitmentResumed(site="11"), None, {"reason": "audit"} | stopped("")),
    ("E106", a.RecruitmentResumed(), None, {"reason": "audit"} | stopped("11")),
    ("E107", a.RandomisedInError(**WHO, because="other"), MISTAKEN, {"reason": "r"}),
    ("E110", granted("magician"), None, log()),
    ("E111", granted(site="99"), None, log()),
    ("E111", granted(site=""), None, log()),
    ("E111", granted("monitor", "11"), None, log()),
    ("E112", granted(end=TODAY - timedelta(days=1)), None, log()),
    ("E113", granted(person="administrator"), None, log()),
    ("E114", granted(), None, log(had("coordinator", "11"))),
    ("E115", granted("pharmacist"), None, log(had("coordinator", "12"))),
    ("E115", granted("assessor"), None, log(had("pharmacist", "11"))),
    ("E115", granted("monitor", ""), None, log(had("pharmacist", "11", 4, 5))),  # whoever has known arms is not masked
    ("E116", granted("administrator", ""), None, log(had("coordinator", "11"))),
    ("E116", granted(), None, log(had("administrator"))),
    ("E116", granted("data_manager", ""), None, log(had("coordinator", "11"))),
    ("E116", granted(), None, log(had("sponsor"))),
    ("E116", granted("statistician", ""), None, log(had("monitor"), protocol=DECLARED)),
    ("E117", a.RoleAccepted(**THEIRS), None, log(had("coordinator", "11"))),  # by somebody else
    ("E117", a.RoleAccepted(**THEIRS), None, log(had("coordinator", "11", 4), by="p-new")),
    ("E117", a.RoleAccepted(**THEIRS), None, log(had("coordinator", "12"), by="p-new")),
    ("E117", a.RoleEnded(**THEIRS), None, log(had("coordinator", "11", 4, 5), reason="r")),
    ("E081", a.RoleEnded(**THEIRS), None, log(had("coordinator", "11"))),
    *KITS_REFUSED,
    ("E157", a.DeviationRecorded(**WHO, visit="week_4", category="c", text=" "), NEW, {}),
    *SERIOUS_REFUSED,
    *INFUSION_REFUSED,
]


def situation(subject, changes):
    return Situation(
        **{"protocol": PROTOCOL, "active_sites": ("11",), "locked": False, "subject": subject, "now": NOW, **changes}
    )


@pytest.mark.parametrize(("act", "known", "more"), ALLOWED, ids=lambda each: getattr(each, "kind", ""))
def test_what_is_allowed_is_allowed(act, known, more):
    assert refusals(act, situation(known, more)) == ()


@pytest.mark.parametrize(("identity", "act", "known", "more"), REFUSED, ids=lambda each: getattr(each, "kind", each))
def test_what_is_refused_is_refused_for_that_reason_alone(identity, act, known, more):
    found = refusals(act, situation(known, more))
    assert [problem.id for problem in found] == [f"conduct.{identity}"]
    assert found[0].where
    assert "{" not in found[0].message + found[0].hint


def test_every_reason_is_reached():
    assert {f"conduct.{row[0]}" for row in REFUSED} == set(MESSAGES)


def test_every_act_has_a_row_in_the_rules_and_in_the_table():
    assert set(decisions._RULES) == set(a.ACTS.values()) == {type(act) for act, *_ in ALLOWED}


def test_every_participants_act_is_refused_without_one_and_while_locked():
    for act, known, more in ALLOWED:
        if isinstance(act, a.SubjectAct) and known is not None:
            assert [problem.id for problem in refusals(act, situation(None, more))] == ["conduct.E002"]
            locked = refusals(act, situation(known, more | {"locked": True}))
            waits = not isinstance(act, a.CodeBroken)
            assert [problem.id for problem in locked] == (["conduct.E001"] if waits else [])


def test_every_reason_is_given_and_not_only_the_first():
    confirmed = a.EligibilityConfirmed(**WHO, criteria={})
    found = refusals(confirmed, situation(FAILED, {"locked": True}))
    assert [problem.id[-4:] for problem in found] == ["E001", "E023", *["E021"] * len(CRITERIA)]


def test_two_visits_of_one_week_may_fall_on_either_side_of_each_other():
    first = PROTOCOL.schedule.visits[0]
    twin = first.model_copy(update={"id": "second_look"})
    schedule = PROTOCOL.schedule.model_copy(update={"visits": (*PROTOCOL.schedule.visits, twin)})
    protocol = PROTOCOL.model_copy(update={"schedule": schedule})
    protocol.__dict__.pop("visits", None), protocol.__dict__.pop("visit_by_id", None)
    for days in (1, -1):
        act = a.VisitHeld(**WHO, visit="second_look", on=RANDOMISED - timedelta(days=5 + days))
        known = replace(IN, visits={"screening": held(RANDOMISED - timedelta(days=5))})
        assert refusals(act, situation(known, {"protocol": protocol})) == ()


def test_a_rule_about_somebody_is_not_asked_about_nobody():
    with pytest.raises(ValueError, match="without a subject"):
        list(decisions._is_randomised(RANDOMISE, situation(None, {})))

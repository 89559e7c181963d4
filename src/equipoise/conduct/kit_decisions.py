"""What is allowed with kits when. No rule knows another; which status follows which is data in `kits.TRANSITIONS`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from equipoise.conduct import kit_acts as k
from equipoise.conduct.act import Act, SubjectAct
from equipoise.conduct.kits import TRANSITIONS, steps
from equipoise.conduct.messages import problem
from equipoise.conduct.situation import Rule, Situation, has_a_reason, study_is_open
from equipoise.items import Problem


def has_kits(act: Act, s: Situation) -> Iterator[Problem]:
    """The study is supplied with kits."""
    if s.protocol.kits is None:
        yield problem("conduct.E130", act.kind)


def nothing_is_prepared(act: Any, s: Situation) -> Iterator[Problem]:
    """Where there are kits, a dose is a kit with its number and no bag."""
    if s.protocol.kits is not None:
        yield problem("conduct.E131", act.subject)


def _site_is_known(act: Any, s: Situation) -> Iterator[Problem]:
    if act.site not in s.active_sites:
        yield problem("conduct.E005", act.site, site=act.site)


def _depot_is_known(act: Any, s: Situation) -> Iterator[Problem]:
    plan = s.protocol.kits
    if plan is not None and act.depot not in {depot.id for depot in plan.depots}:
        yield problem("conduct.E132", act.depot, depot=act.depot)


def _numbers_are_new(act: k.KitsPacked, s: Situation) -> Iterator[Problem]:
    numbers = [number for pack in act.packs.values() for number in pack]
    there = {kit.pack for kit in s.kits.values()}
    if len(set(numbers)) < len(numbers) or s.kits.keys() & set(numbers) or there & act.packs.keys():
        yield problem("conduct.E133", act.lot)


def _packs_can_be_shipped(act: k.KitsShipped, s: Situation) -> Iterator[Problem]:
    kits = [kit for kit in s.kits.values() if kit.pack in act.packs]
    if {kit.pack for kit in kits} != set(act.packs) or any(kit.depot != act.depot for kit in kits):
        yield problem("conduct.E134", act.shipment)
    plan = s.protocol.kits
    if plan is not None and any((kit.expiry - s.now.date()).days < plan.do_not_ship for kit in kits):
        yield problem("conduct.E135", act.shipment)
    if any(kit.shipment == act.shipment for kit in s.kits.values()):
        yield problem("conduct.E136", act.shipment)


def _shipment_is_whole(act: k.KitsReceived, s: Situation) -> Iterator[Problem]:
    """Each kit of the shipment is in exactly one of the three lists."""
    due = [kit.number for kit in s.kits.values() if (kit.shipment, kit.site) == (act.shipment, act.site)]
    said = Counter([*act.received, *act.damaged, *act.missing])
    if not due or said != Counter(due):
        odd = sorted((said - Counter(due)) + (Counter(due) - said))
        yield problem("conduct.E137", act.shipment, kits=", ".join(odd[:5]) or "–")


def _each_once(act: Any, _: Situation) -> Iterator[Problem]:
    if len(set(act.kits)) < len(act.kits):
        yield problem("conduct.E138", act.site)


def _kits_are_at_the_site(act: Any, s: Situation) -> Iterator[Problem]:
    """In the words for a number that does not exist, so that nobody learns what lies elsewhere."""
    for number in act.kits:
        if number not in s.kits or s.kits[number].site != act.site:
            yield problem("conduct.E139", number, kit=number)


def _timetable_is_kept(act: k.KitsShipped, s: Situation) -> Iterator[Problem]:
    """On the days of the timetable alone, and in whole orders: when and how much is sent tells of no arm."""
    plan, today = s.protocol.kits, s.now.astimezone(ZoneInfo(s.protocol.zone_of(act.site))).date()
    if plan is None:
        return
    if (due := plan.next_review(today)) != today:
        yield problem("conduct.E145", act.shipment or act.site, date=str(due))
    if len(act.packs) % plan.order:
        yield problem("conduct.E146", act.shipment, order=str(plan.order))


def _steps_are_allowed(act: Act, s: Situation) -> Iterator[Problem]:
    for number, step, _ in steps(act, s.kits):
        kit = s.kits.get(number)
        if kit is not None and kit.status not in TRANSITIONS[step][0]:
            yield problem("conduct.E140", number, kit=number, status=kit.status)


def _takes_treatment(act: SubjectAct, s: Situation) -> Iterator[Problem]:
    subject = s.known
    if subject.randomised is None:
        yield problem("conduct.E030", act.subject)
    if subject.treatment_stopped is not None:
        yield problem("conduct.E061", act.subject)
    if subject.ended is not None:
        yield problem("conduct.E063", act.subject, date=str(subject.ended))


def _visit_dispenses(act: Any, s: Situation) -> Iterator[Problem]:
    visit = s.protocol.visit_by_id.get(act.visit)
    if visit is None or s.protocol.treatment.form not in visit.forms:
        yield problem("conduct.E060", act.subject)
    elif not s.known.held(act.visit):
        yield problem("conduct.E052", act.subject)


def _first_of_the_visit(act: k.KitDispensed, s: Situation) -> Iterator[Problem]:
    if act.visit in s.known.doses:
        yield problem("conduct.E141", act.subject, kit=", ".join(s.known.doses[act.visit]))


def _kit_is_usable(act: Any, s: Situation) -> Iterator[Problem]:
    """At the participant's site, available, and long enough before it expires. `""` is judged before one is chosen."""
    plan, kit = s.protocol.kits, s.kits.get(act.kit)
    if plan is None or act.kit == TO_BE_CHOSEN:
        return
    if kit is None or kit.site != s.known.site:
        yield problem("conduct.E139", act.kit, kit=act.kit)
    elif not kit.usable_on(s.now.date(), plan, act.visit):
        yield problem("conduct.E142", act.kit, kit=act.kit)


def _is_the_participants(act: k.KitReplaced, s: Situation) -> Iterator[Problem]:
    """One taken by somebody else in the meantime is replaced as `misallocated`, and no step of it is theirs."""
    kit = s.kits.get(act.replaces)
    mine = kit is not None and (kit.subject == act.subject or act.because == "misallocated")
    if kit is None or not mine or act.replaces not in s.known.doses.get(act.visit, ()):
        yield problem("conduct.E143", act.replaces, kit=act.replaces)
    elif kit.status not in TRANSITIONS[f"replace_{act.because}"][0]:
        yield problem("conduct.E140", act.replaces, kit=act.replaces, status=kit.status)


def _visit_was_held(act: k.KitMisallocated, s: Situation) -> Iterator[Problem]:
    if not s.known.held(act.visit):
        yield problem("conduct.E052", act.subject)


def _kit_was_at_the_site(act: k.KitMisallocated, s: Situation) -> Iterator[Problem]:
    kit = s.kits.get(act.kit)
    if kit is None or kit.site != s.known.site:
        yield problem("conduct.E139", act.kit, kit=act.kit)


def _kit_was_not_theirs(act: k.KitMisallocated, s: Situation) -> Iterator[Problem]:
    """It was not assigned to them; and the one that was, if any, is named."""
    assigned = s.known.doses.get(act.visit, ())
    if act.kit in {number for numbers in s.known.doses.values() for number in numbers}:
        yield problem("conduct.E147", act.kit, kit=act.kit)
    if act.assigned not in (assigned or ("",)):
        yield problem("conduct.E148", act.subject, kits=", ".join(assigned) or "–")


def _was_dispensed_to_them(act: k.KitReturned, s: Situation) -> Iterator[Problem]:
    kit, plan = s.kits.get(act.kit), s.protocol.kits
    if kit is None or kit.subject != act.subject:
        yield problem("conduct.E143", act.kit, kit=act.kit)
    elif kit.status not in TRANSITIONS["return"][0]:
        yield problem("conduct.E140", act.kit, kit=act.kit, status=kit.status)
    if plan is not None and act.units > plan.units:
        yield problem("conduct.E144", act.kit, units=str(act.units), most=str(plan.units))


TO_BE_CHOSEN: Final = "000000000"  # a number that is never given: the wish for a kit, before one is chosen
_STOCK: Final[tuple[Rule, ...]] = (
    has_kits,
    study_is_open,
    _site_is_known,
    _each_once,
    _kits_are_at_the_site,
    _steps_are_allowed,
)
_GIVING: Final[tuple[Rule, ...]] = (has_kits, _takes_treatment, _visit_dispenses, _kit_is_usable)

KIT_RULES: Final[dict[type[Act], tuple[Rule, ...]]] = {
    k.KitsPacked: (has_kits, study_is_open, _depot_is_known, _numbers_are_new),
    k.KitLocksLoaded: (has_kits, study_is_open),
    k.KitsShipped: (
        has_kits,
        study_is_open,
        _depot_is_known,
        _site_is_known,
        _packs_can_be_shipped,
        _timetable_is_kept,
        _steps_are_allowed,
    ),
    k.KitsReceived: (has_kits, study_is_open, _site_is_known, _shipment_is_whole, _steps_are_allowed),
    k.KitsQuarantined: (*_STOCK, has_a_reason),
    k.KitsDecided: (*_STOCK, has_a_reason),
    k.KitsWithdrawn: (*_STOCK, has_a_reason),
    k.KitDispensed: (*_GIVING, _first_of_the_visit),
    k.KitReplaced: (*_GIVING, _is_the_participants, has_a_reason),
    k.KitMisallocated: (
        has_kits,
        _visit_was_held,
        _kit_was_at_the_site,
        _kit_was_not_theirs,
        _steps_are_allowed,
        has_a_reason,
    ),
    k.KitReturned: (has_kits, _was_dispensed_to_them),
    k.KitsDestroyed: _STOCK,
}

"""Kits: the stock of a site, the supply of all of them, and the kit of a visit."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.desk import Outcome
from equipoise.desk.kits import Condition, KitDesk
from equipoise.items import Problem
from equipoise.protocol.supply import Kits
from equipoise.web.kit_stock import MARKS, accountability, counted, kits_at, numbers_in, on_the_way, site_stock
from equipoise.web.messages import problem
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room, in_study
from equipoise.web.shipments import depot_stock, mistakes, shipments
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, reason_of, recorded, said
from equipoise.web.views.visits import visit_page

WITHDRAWN = ("damaged", "missing")


def _supplied(room: Room) -> tuple[KitDesk, Kits]:
    """The desk and the plan of a study with kits; one without has no such page."""
    desk, plan = room.desk, room.protocol.kits
    if not isinstance(desk, KitDesk) or plan is None:
        raise Http404
    return desk, plan


# --- The stock of a site --------------------------------------------------------------------------------------------


@require_safe
@in_study("handle_kits")
def stock(request: HttpRequest, room: Room) -> HttpResponse:
    """The kits of the visitor's site."""
    return _stock(request, room)


def _stock(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = (), tried: str = "") -> HttpResponse:
    _, plan = _supplied(room)
    kits = sorted(kits_at(room, room.person.site), key=lambda kit: kit.status == "available")  # what is unusual first
    return page(
        request,
        "kit_stock.html",
        room,
        status=REFUSED if problems else 200,
        plan=plan,
        kits=[
            (kit, MARKS[kit.status], kit.usable_on(room.today(), plan)) for kit in kits if kit.status != "in_transit"
        ],
        counts=counted(kits),
        shipments=on_the_way(kits),
        days=accountability(room, room.person.site),
        withdrawn=WITHDRAWN,
        key=new_key(),
        problems=said(problems, room.language),
        tried=tried,
        typed=request.POST if problems else {},
    )


@require_POST
@in_study("handle_kits")
def stock_act(request: HttpRequest, room: Room, what: str) -> HttpResponse:
    """Receive a shipment, put kits aside, or record that they are damaged, missing or destroyed."""
    desk, plan = _supplied(room)
    if what not in _STOCK_ACTS:
        raise Http404
    outcome = _STOCK_ACTS[what](request, room, desk, plan)
    if problems := problems_of(outcome):
        return _stock(request, room, problems, what)
    return recorded(request, room, outcome, reverse("stock", args=[room.study]))


def _receive(request: HttpRequest, room: Room, desk: KitDesk, plan: Kits) -> Outcome | Problem:
    shipment = request.POST.get("shipment", "")
    lowest, highest = (_celsius(request, name) for name in ("lowest", "highest"))
    received, damaged = (numbers_in(request.POST.get(name, "")) for name in ("received", "damaged"))
    for each in (lowest, highest, received, damaged):
        if isinstance(each, Problem):
            return each
    assert isinstance(lowest, Decimal) and isinstance(highest, Decimal)  # noqa: S101, PT018 - checked above
    assert isinstance(received, list) and isinstance(damaged, list)  # noqa: S101, PT018
    rest = set(desk.kits_of(shipment)) - {*received, *damaged}
    return desk.receive(
        shipment, site=room.person.site, received=received, damaged=damaged,
        missing=sorted(rest) if request.POST.get("rest") == "missing" else [],
        excursion=lowest < plan.storage.lowest or highest > plan.storage.highest, by=room.person, key=key_of(request),
    )  # fmt: skip


def _celsius(request: HttpRequest, name: str) -> Decimal | Problem:
    try:
        read = Decimal(request.POST.get(name, "").strip().replace("，", ".").replace(",", "."))
    except InvalidOperation:
        return problem("web.E021", name)
    return read if read.is_finite() else problem("web.E021", name)


def _about_some(act: Callable[[HttpRequest, Room, KitDesk, list[str]], Outcome | Problem]):  # type: ignore[no-untyped-def]
    def around(request: HttpRequest, room: Room, desk: KitDesk, _: Kits) -> Outcome | Problem:
        numbers = numbers_in(request.POST.get("kits", ""))
        return numbers if isinstance(numbers, Problem) else act(request, room, desk, numbers)

    return around


@_about_some
def _quarantine(request: HttpRequest, room: Room, desk: KitDesk, numbers: list[str]) -> Outcome | Problem:
    by, key = room.person, key_of(request)
    return desk.quarantine(numbers, site=room.person.site, by=by, key=key, reason=reason_of(request))


@_about_some
def _withdraw(request: HttpRequest, room: Room, desk: KitDesk, numbers: list[str]) -> Outcome | Problem:
    because: Condition = "missing" if request.POST.get("because") == "missing" else "damaged"
    return desk.withdraw(
        numbers, site=room.person.site, because=because, by=room.person, key=key_of(request), reason=reason_of(request)
    )


@_about_some
def _destroy(request: HttpRequest, room: Room, desk: KitDesk, numbers: list[str]) -> Outcome | Problem:
    return desk.destroy(numbers, site=room.person.site, by=room.person, key=key_of(request))


_STOCK_ACTS = {"receive": _receive, "quarantine": _quarantine, "withdraw": _withdraw, "destroy": _destroy}


# --- The supply of all sites ----------------------------------------------------------------------------------------


@require_safe
@in_study("manage_supply")
def supply(request: HttpRequest, room: Room) -> HttpResponse:
    """What the depots have and the sites need, what was shipped and how it came, and what waits for a decision."""
    return _supply(request, room)


def _supply(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = (), tried: str = "") -> HttpResponse:
    _, plan = _supplied(room)
    kits, today = room.snapshot.kits.values(), room.today()
    return page(
        request,
        "kit_supply.html",
        room,
        status=REFUSED if problems else 200,
        plan=plan,
        sites=[(site_stock(room, each.id, plan), each.label.in_(room.language)) for each in room.protocol.sites],
        shipments=shipments(room),
        mistakes=mistakes(room),
        depots=[(each, depot_stock(kits, each.id, today, plan)) for each in plan.depots],
        active=room.snapshot.sites,
        today=today,
        next=plan.next_review(today),
        key=new_key(),
        problems=said(problems, room.language),
        tried=tried,
        typed=request.POST if problems else {},
        ticked=request.POST.getlist("pack") if problems else None,
    )


@require_POST
@in_study("manage_supply")
def supply_act(request: HttpRequest, room: Room, what: str) -> HttpResponse:
    """Ship what the timetable orders for a site, or packs chosen by hand, or decide about kits in quarantine."""
    desk, plan = _supplied(room)
    site, by, key = request.POST.get("site", ""), room.person, key_of(request)
    if what == "resupply":
        outcome = desk.resupply(site, depot=plan.depots[0].id, by=by, key=key)
    elif what == "ship":
        outcome = desk.ship(site, request.POST.getlist("pack"), depot=request.POST.get("depot", ""), by=by, key=key)
    elif what in ("release", "uphold"):
        kits = request.POST.getlist("kit")
        outcome = desk.decide_quarantine(
            kits, site=site, usable=what == "release", by=by, key=key, reason=reason_of(request)
        )
    else:
        raise Http404
    if problems := problems_of(outcome):
        return _supply(request, room, problems, what)
    return recorded(request, room, outcome, reverse("supply", args=[room.study]))


# --- The kit of a visit ---------------------------------------------------------------------------------------------


@require_POST
@in_study("handle_kits")
def visit_act(request: HttpRequest, room: Room, code: str, visit: str, what: str) -> HttpResponse:
    """Dispense a kit at a visit, replace it, or take one back."""
    desk, _ = _supplied(room)
    subject, planned, by, key = room.subject(code), room.visit(visit), room.person, key_of(request)
    kit = request.POST.get("kit", "")
    outcome: Outcome | Problem
    if what == "dispense":
        outcome = desk.dispense_kit(code, visit, by=by, key=key)
    elif what == "replace":
        because = request.POST.get("because", "")
        outcome = desk.replace_kit(code, visit, kit, because=because, by=by, key=key, reason=reason_of(request))
    elif what == "wrong":
        read = numbers_in(kit)
        assigned = request.POST.get("assigned", "")
        outcome = (
            read
            if isinstance(read, Problem)
            else desk.misallocate_kit(
                code, visit, "".join(read[:1]), assigned=assigned, by=by, key=key, reason=reason_of(request)
            )
        )
    elif what == "return":
        units = whole_number(request.POST.get("units", "").strip(), 5)
        outcome = (
            problem("web.E022", "units") if units is None else desk.return_kit(code, kit, units=units, by=by, key=key)
        )
    else:
        raise Http404
    if problems := problems_of(outcome):
        return visit_page(request, room, subject, planned, problems, what)
    return recorded(request, room, outcome, reverse("visit", args=[room.study, code, visit]))

"""The pharmacist's workspace. The server hands out sealed things and takes sealed things; products never reach it.

Nobody masked knows of these pages: for them there is nothing at their addresses.
"""

import json
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.conduct.outcome import Done, Refused
from equipoise.desk import pharmacy
from equipoise.desk.dispensing import quantity_of
from equipoise.envelopes import RoleKey
from equipoise.envelopes.files import written
from equipoise.items import Problem
from equipoise.items.canonical import Json
from equipoise.protocol.schema import Arm, Dose, Measure, Product
from equipoise.web import language as say
from equipoise.web.room import Room, in_study
from equipoise.web.security import WORKSPACE_POLICY
from equipoise.web.views.rendering import REFUSED, key_of, new_key, page, problems_of, recorded, said

RECORDS: Final = (
    "receipt", "excursion", "quarantine", "reinstatement", "return", "destruction", "loss", "count", "correction",
)  # fmt: skip
# What the page says by itself, in the reader's language.
SAYS: Final = (
    "no_key_file", "wrong_passphrase", "not_a_recipient", "altered", "too_long", "offline", "opening", "opened",
    "chain_broken", "record_altered", "unread", "recorded", "released", "ready", "wait", "no_weight", "second_is_first",
    "expired", "below_zero", "count_differs", "agrees", "idle", "preparation", "not_needed", "key_first", "lot_expired",
    "record_first", "other_site",
)  # fmt: skip
_LONGEST_BODY: Final = 64_000


@require_safe
@in_study("dispense", "account", hidden=True)
def workspace(request: HttpRequest, room: Room) -> HttpResponse:
    """Orders, preparation and stock of one site."""
    return _workspace(request, room)


def _workspace(request: HttpRequest, room: Room, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    site = _site(request, room)
    keys = pharmacy.register_keys(room.desk, site)
    found = pharmacy.orders(room.desk, today=room.today(site), by=room.person)
    missing = keys.problems if isinstance(keys, Refused) else ()
    response = page(
        request, "pharmacy.html", room, status=REFUSED if problems else 200, site=site, sites=_sites(room),
        orders=[_order(room, each) for each in found], prepares="dispense" in room.role.may,
        problems=said((*problems, *missing), room.language), supply=room.snapshot.supply.get(site), kinds=RECORDS,
        commitment="" if isinstance(keys, Refused) else room.desk.sealed.commitment,
        today=room.today(site), key=new_key(), plan=room.protocol.treatment.preparation,
        config=_config(room, site) | ({} if isinstance(keys, Refused) else _keys(room, keys)),
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = WORKSPACE_POLICY
    return response


@require_safe
@in_study("dispense", "account", hidden=True)
def register(request: HttpRequest, room: Room, site: str) -> HttpResponse:
    """The sealed register of a site, as the page reads it and as it is kept away from the server."""
    rows = pharmacy.register_of(room.desk, site, by=room.person)
    if isinstance(rows, Refused):
        raise Http404
    return _json({
        "format": "equipoise.pharmacy-register.1", "study": room.study, "site": site,
        "rows": [row.json() for row in rows],
    })  # fmt: skip


@require_POST
@in_study("dispense", hidden=True)
def open_order(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Hand out one envelope with its second lock. It is opened in the browser."""
    site = room.subject(code).site
    opened = pharmacy.open_order(room.desk, code, visit, today=room.today(site), by=room.person)
    if isinstance(opened, Refused):
        return _refused(opened, room)
    order, ready = opened.order, opened.ready_at or room.desk.clock()
    return _json({
        "context": {
            "study": opened.context.study, "version": opened.context.version, "demo": opened.context.demo,
            "commitment": opened.context.commitment,
        },
        "slot": {
            "label": opened.slot.label, "ciphertext": written(opened.slot.ciphertext),
            "wraps": {name: written(each) for name, each in opened.slot.wraps.items()},
            "proof": [[side, written(each)] for side, each in opened.slot.proof],
        },
        "keys": {name: public.hex() for name, public in opened.keys.items()},
        "sites": dict(opened.sites), "site": site,
        "share": written(opened.share),
        "weight": None if opened.weight is None else f"{opened.weight:f}",
        "bag": order.bag, "prepared": order.prepared,
        "ready": say.moment(ready, room.zone_of(site), room.language),
        "seconds": max(0, int((ready - room.desk.clock()).total_seconds()) + 1),
    })  # fmt: skip


@require_POST
@in_study("dispense", hidden=True)
def release(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Let a prepared dose leave the pharmacy."""
    room.subject(code)
    return _answered(room.desk.release_dose(code, visit, by=room.person, key=key_of(request)), room)


@require_POST
@in_study("dispense", hidden=True)
def doubt(request: HttpRequest, room: Room, code: str, visit: str) -> HttpResponse:
    """Record that an envelope did not open as it was sealed."""
    room.subject(code)
    return _answered(room.desk.doubt_envelope(code, visit, by=room.person, key=key_of(request)), room)


@require_POST
@in_study("dispense", hidden=True)
def add_record(request: HttpRequest, room: Room) -> HttpResponse:
    """Keep a record that was sealed in the browser."""
    sent = _body(request)
    record, bag = sent.get("record"), sent.get("bag")
    if not isinstance(record, str) or len(record) != 32 or not isinstance(bag, str):
        raise BadRequest("a record without its name")
    row = pharmacy.add_record(room.desk, sent.get("sealed"), record=record, bag=bag, by=room.person)
    return _refused(row, room) if isinstance(row, Refused) else _json(row.json())


@require_POST
@in_study("dispense", "account", hidden=True)
def supply(request: HttpRequest, room: Room) -> HttpResponse:
    """Say whether a site has what it needs, for all products at once."""
    site, enough = _site(request, room), request.POST.get("enough") == "yes"
    outcome = room.desk.declare_supply(site, enough=enough, by=room.person, key=key_of(request))
    if problems := problems_of(outcome):
        return _workspace(request, room, problems)
    return recorded(request, room, outcome, _address(room, site))


@require_POST
@in_study("dispense", "account", hidden=True)
def leave(request: HttpRequest, room: Room) -> HttpResponse:
    """Leave the workspace, and have the browser forget what it kept of it."""
    response = HttpResponseRedirect(reverse("study", args=[room.study]))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


# --- What the page is told --------------------------------------------------------------------------------------------


def _site(request: HttpRequest, room: Room) -> str:
    """The site of the person, or the one that was chosen by somebody who works for the study."""
    wanted = room.person.site or request.POST.get("site") or request.GET.get("site") or room.protocol.sites[0].id
    if wanted not in {site.id for site in room.protocol.sites}:
        raise Http404
    return wanted


def _sites(room: Room) -> list[str]:
    return [] if room.person.site else [site.id for site in room.protocol.sites]


def _address(room: Room, site: str) -> str:
    chosen = "" if room.person.site else f"?site={site}"
    return reverse("pharmacy", args=[room.study]) + chosen


def _order(room: Room, dose: pharmacy.DoseOrder) -> dict[str, Any]:
    held, zone = dose.subject.visits.get(dose.visit.id), room.zone_of(dose.subject.site)
    return {
        "subject": dose.subject.code, "visit": dose.visit.id, "label": dose.visit.label.in_(room.language),
        "held": held.on if held is not None else None,
        "opened": say.clock_time(dose.order.at, zone)[:5] if dose.order is not None else "",
        "ready": say.clock_time(dose.ready_at, zone)[:5] if dose.ready_at is not None else "",
        "prepared": dose.order is not None and dose.order.prepared, "bag": dose.order.bag if dose.order else "",
        "open": reverse("pharmacy_open", args=[room.study, dose.subject.code, dose.visit.id]),
        "release": reverse("pharmacy_release", args=[room.study, dose.subject.code, dose.visit.id]),
        "doubt": reverse("pharmacy_doubt", args=[room.study, dose.subject.code, dose.visit.id]),
    }  # fmt: skip


def _keys(room: Room, keys: tuple[RoleKey, ...]) -> dict[str, Json]:
    """Whose keys read the register of the site, and which keys are bound to which site."""
    return {
        "readers": {key.recipient: key.public.hex() for key in keys},
        "sites": dict(room.desk.sealed.sites),
    }


def _config(room: Room, site: str) -> dict[str, Json]:
    """What the page needs of the trial; the same for every participant."""
    trial, language = room.protocol, room.language
    plan = trial.treatment.preparation
    return {
        "study": room.study, "site": site, "today": room.today(site).isoformat(), "person": room.person.id,
        "register": reverse("pharmacy_register", args=[room.study, site]),
        "records": reverse("pharmacy_records", args=[room.study]),
        "readers": {}, "sites": {},
        "quantity": quantity_of(plan) if plan is not None else "",
        "arms": {arm.id: _arm(arm, language) for arm in trial.arms},
        "products": {product.id: _product(product, language) for product in trial.products},
        "says": {name: say.text(f"pharmacy.says.{name}", language) for name in SAYS},
        "kinds": {kind: say.text(f"pharmacy.kind.{kind}", language) for kind in (*RECORDS, "preparation")},
    }  # fmt: skip


def _arm(arm: Arm, language: str) -> Json:
    return {"label": arm.label.in_(language), "product": arm.product, "dose": _measure(arm.dose)}


def _product(product: Product, language: str) -> Json:
    unit = product.unit
    return {
        "label": product.label.in_(language),
        "unit": None if unit is None else {
            "label": unit.label.in_(language), "strength": _measure(unit.strength), "number": unit.number,
            "concentration": _measure(unit.concentration), "steps": unit.steps.in_(language) if unit.steps else "",
        },
    }  # fmt: skip


def _measure(measure: Measure | Dose | None) -> Json:
    return None if measure is None else {"amount": f"{measure.amount:f}", "unit": measure.unit}


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body) if len(request.body) <= _LONGEST_BODY else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise BadRequest("no record")
    return sent


def _json(content: Json, status: int = 200) -> HttpResponse:
    return JsonResponse(content, status=status)


def _refused(refused: Refused, room: Room) -> HttpResponse:
    return _json({"problems": [list(each) for each in said(refused.problems, room.language)]}, REFUSED)


def _answered(outcome: Done | Refused, room: Room) -> HttpResponse:
    return _refused(outcome, room) if isinstance(outcome, Refused) else _json({"acts": len(outcome.acts)})

"""What can be printed, as pages on A4 and as one page for a browser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from equipoise.reports.report import Report
from equipoise.web.printing.blank import blank_form
from equipoise.web.printing.casebook import casebook as casebook_of
from equipoise.web.printing.checklist import checklist as checklist_of
from equipoise.web.printing.confirmation import confirmation
from equipoise.web.printing.sheet import as_page, as_pdf
from equipoise.web.room import Room, in_study
from equipoise.web.security import REPORT_POLICY


@require_safe
@in_study("view")
def casebook(request: HttpRequest, room: Room, code: str, kind: str) -> HttpResponse:
    """Everything the visitor sees of one participant, with queries, signatures and the trail."""
    return _printed(casebook_of(room, room.subject(code)), kind, f"casebook-{code}")


@require_safe
@in_study("view")
def randomised(request: HttpRequest, room: Room, code: str, kind: str) -> HttpResponse:
    """That somebody was randomised, when and by whom, for the participant's file."""
    subject = room.subject(code)
    if subject.randomised is None:
        raise Http404
    return _printed(confirmation(room, subject), kind, f"randomised-{code}")


@require_safe
@in_study("view")
def checklist(request: HttpRequest, room: Room, code: str, visit: str, kind: str) -> HttpResponse:
    """What is due at one visit of one participant, to be ticked by hand."""
    return _printed(checklist_of(room, room.subject(code), room.visit(visit)), kind, f"checklist-{code}-{visit}")


@require_safe
@in_study("view")
def blank(request: HttpRequest, room: Room, kind: str) -> HttpResponse:
    """Every form of the trial, blank and annotated."""
    return _printed(blank_form(room), kind, "case-report-form")


def _printed(made: Report, kind: str, name: str) -> HttpResponse:
    if kind == "html":
        response = HttpResponse(as_page(made))
        response.headers["Content-Security-Policy"] = REPORT_POLICY
        return response
    name = f"SIMULATED-{name}" if made.marks else name
    response = HttpResponse(as_pdf(made), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response

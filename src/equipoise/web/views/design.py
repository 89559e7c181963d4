"""A design tried out in the browser: sliders, and a power curve that grows. Nothing recorded in the study enters."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.reports.catalogue import Words
from equipoise.reports.figures.rejection import Line, rejection_figure
from equipoise.simulation.design.exploring import FEWEST, MOST, SCHEMES, Assumed, Curve, Explorer, scenario_of
from equipoise.web.language import text
from equipoise.web.numbers import whole_number
from equipoise.web.room import Room, in_study
from equipoise.web.views.rendering import page

_MAY: Final = frozenset({"analyse", "lock"})  # who designs: statisticians, and those who answer for the study
_explorer: Final = Explorer()


@dataclass(frozen=True, slots=True)
class Slider:
    """An assumption as a slider: whole steps from `low` to `high`, and where it stands."""

    name: str
    low: int
    high: int
    value: int
    hundredths: bool = False  # the steps are hundredths, as of a hazard ratio

    @property
    def shown(self) -> str:
        """What it says."""
        return f"{self.value / 100:.2f}" if self.hundredths else str(self.value)


def _sliders(protocol: Protocol) -> tuple[Slider, ...]:
    planned = min(max(protocol.study.participants, FEWEST), MOST)
    return (
        Slider("risk", 5, 90, 40), Slider("hazard_ratio", 20, 100, 60, hundredths=True), Slider("leaves", 0, 50, 10),
        Slider("participants", FEWEST, MOST, planned),
    )  # fmt: skip


@require_safe
@in_study()
def design(request: HttpRequest, room: Room) -> HttpResponse:
    """The page: what is assumed, and the curve as far as it is."""
    return page(request, "design.html", room, **_context(request, room))


@require_safe
@in_study()
def curve(request: HttpRequest, room: Room) -> HttpResponse:
    """The curve alone, a step further than before."""
    return page(request, "design_curve.html", room, **_context(request, room))


def _context(request: HttpRequest, room: Room) -> dict[str, Any]:
    if not _MAY & set(room.role.may):
        raise PermissionDenied
    sliders, scheme = _asked(request.GET, room.protocol)
    value = {slider.name: slider.value for slider in sliders}
    assumed = Assumed(
        value["risk"] / 100, value["hazard_ratio"] / 100, value["leaves"] / 100, value["participants"], scheme
    )
    found = _explorer.grow(assumed, room.protocol)
    context = {
        "sliders": sliders, "scheme": scheme, "schemes": tuple(SCHEMES), "cannot": isinstance(found, Problem),
        "busy": found is None, "query": _query(sliders, scheme),
    }  # fmt: skip
    return context | _shown(found, assumed, room) if isinstance(found, Curve) else context


def _query(sliders: tuple[Slider, ...], scheme: str) -> str:
    asked = QueryDict(mutable=True)
    asked.update({slider.name: str(slider.value) for slider in sliders} | {"scheme": scheme})
    return asked.urlencode()


def _asked(given: QueryDict, protocol: Protocol) -> tuple[tuple[Slider, ...], str]:
    """The sliders where they were put, within their ends; what is no number is not from our page."""
    scheme = given.get("scheme", next(iter(SCHEMES)))
    if scheme not in SCHEMES:
        raise BadRequest("no scheme")
    return tuple(_moved(slider, given.get(slider.name, str(slider.value))) for slider in _sliders(protocol)), scheme


def _moved(slider: Slider, to: str) -> Slider:
    position = whole_number(to, 5)
    if position is None:
        raise BadRequest("no position of a slider")
    return replace(slider, value=min(max(position, slider.low), slider.high))


def _shown(found: Curve, assumed: Assumed, room: Room) -> dict[str, Any]:
    words, language = Words(room.language), room.language
    analyses = found.chosen.study.design.analyses
    lines, powers = [], []
    for asked in analyses:
        label = words.of(asked.estimand.label)
        points = [(o.study.design.plan.participants, o.of("rejected", asked.estimand.id)) for o in found.outcomes]
        lines.append(Line(label, tuple((float(n), c.value or 0.0, c.error or 0.0) for n, c in points)))
        at = found.chosen.of("rejected", asked.estimand.id)
        powers.append((label, _percent(at.value, 1), f"{196 * (at.error or 0.0):.1f}"))
    figure = rejection_figure(
        "power", text("design.curve", language), text("design.participants", language), lines,
        float(room.protocol.analysis.alpha), words, marked=float(assumed.participants),
    )  # fmt: skip
    return {
        "figure": mark_safe(figure.svg.decode()),  # noqa: S308 - drawn here from numbers and the protocol's labels
        "powers": powers, "facts": _facts(found), "trials": f"{found.trials:,}", "finished": found.finished,
        "participants": assumed.participants, "scenario": _scenario(assumed, found, room.protocol),
    }  # fmt: skip


def _facts(found: Curve) -> list[tuple[str, str]]:
    """What a trial of the chosen size looks like on average."""
    told = {
        name: found.chosen.value(name) or 0.0
        for name in ("treated_with_event", "reference_with_event", "treated_unknown", "reference_unknown")
    }
    unknown = told["treated_unknown"] + told["reference_unknown"]
    return [
        ("treated_with_event", f"{told['treated_with_event']:.1f}"),
        ("reference_with_event", f"{told['reference_with_event']:.1f}"), ("unknown", f"{unknown:.1f}"),
        ("correct_guess", _percent(found.chosen.value("correct_guess"), 0)),
        ("imbalance", f"{found.chosen.value('imbalance') or 0.0:.1f}"),
    ]  # fmt: skip


def _percent(share: float | None, places: int) -> str:
    return f"{100 * (share or 0.0):.{places}f} %"


def _scenario(assumed: Assumed, found: Curve, protocol: Protocol) -> str:
    return json.dumps(scenario_of(assumed, protocol), indent=1)

"""Medication beside the study treatment as time lines: what was taken when, and the daily dose that is followed.

A date known in part makes a bar that is pale as far as it is not known. The dose, such as that of a steroid as
prednisone, is the protocol's own variable at each visit; nothing is drawn between two visits but a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from equipoise.conduct.encounters import encounters
from equipoise.conduct.environment import History
from equipoise.conduct.snapshot import FormKey, Subject
from equipoise.instruments import Instrument, get
from equipoise.items import Answer, PartialDate
from equipoise.protocol.names import label_of, names_of, needed
from equipoise.protocol.schema import BackgroundDose, MedicationForm
from equipoise.reports.axes import Plot, Scale, plain, round_ticks
from equipoise.reports.drawing import ACCENT, DUE, INK, LINE, SOFT, Drawing, shortened
from equipoise.web import language as say
from equipoise.web.room import Room
from equipoise.web.rows import answer_words

WIDTH, LEFT, ROW, HIGH = 1120.0, 260.0, 26.0, 150.0
_MARGIN: Final = timedelta(days=14)
_WORDS: Final = 14.0  # Chinese is not read with ease below


@dataclass(frozen=True, slots=True)
class Course:
    """One row of the medication log: its words, and the first and last day it can have begun and ended."""

    row: int
    drug: str
    cells: tuple[str, ...]
    start: tuple[date, date] | None
    stop: tuple[date, date] | None  # None: it goes on, or nobody knows
    ongoing: bool


@dataclass(frozen=True, slots=True)
class Dose:
    """The daily dose at one visit, None where it is not known."""

    visit: str
    on: date
    amount: float | None
    words: str


def headings(room: Room) -> list[str]:
    """What the table of courses says of each: the questions of the log that the protocol names."""
    names = room.protocol.safety.medication
    return [label for item, label in _columns(room, names)] if names else []


def _columns(room: Room, names: MedicationForm) -> list[tuple[str, str]]:
    form = room.protocol.form_by_id[names.form]
    wanted = (names.drug_class, names.dose, names.reason, names.start, names.stop, names.ongoing)
    shown = [item for item in wanted if item is not None and room.seen.item(form.id, item)]
    return [(item, form.item_by_id[item].label.in_(room.language)) for item in shown]


def courses(room: Room, subject: Subject) -> list[Course]:
    """The rows of the medication log, those that began first above."""
    names = room.protocol.safety.medication
    if names is None:
        return []
    found = [_course(room, subject, names, key) for key in subject.rows(names.form)]
    return sorted(found, key=lambda each: (each.start[0] if each.start else date.max, each.row))


def _course(room: Room, subject: Subject, names: MedicationForm, key: FormKey) -> Course:
    form, values = room.protocol.form_by_id[names.form], subject.values[key]

    def words(item: str) -> str:
        return answer_words(room.seen, subject, form.item_by_id[item], values.get(item), room.language)

    return Course(
        row=key[2],
        drug=words(names.drug),
        cells=tuple(words(item) for item, _ in _columns(room, names)),
        start=_days(values.get(names.start)),
        stop=_days(values.get(names.stop)) if names.stop else None,
        ongoing=bool(names.ongoing) and values.get(names.ongoing or "") is True,
    )


def _days(answer: Answer) -> tuple[date, date] | None:
    if isinstance(answer, PartialDate):
        return answer.earliest, answer.latest
    return (answer, answer) if isinstance(answer, date) else None


def followed(room: Room) -> BackgroundDose | None:
    """The daily dose that the protocol follows, where the visitor sees it."""
    asked = room.protocol.safety.background_dose
    return asked if asked is not None and asked.variable not in room.seen.hidden_names else None


def doses(room: Room, subject: Subject) -> list[Dose]:
    """The daily dose at each visit that was held and at which it is asked."""
    asked, history, found = followed(room), History(room.protocol, subject), list[Dose]()
    forms = _asked_on(room, asked) if asked is not None else set[str]()
    for visit in encounters(room.protocol, subject):
        state = subject.visits.get(visit.id)
        if asked is None or forms.isdisjoint(visit.forms) or state is None or state.on is None:
            continue
        value = history.at(visit.id).get(asked.variable)
        amount = float(value) if isinstance(value, int | Decimal) else None
        words = say.derived(value, room.language) if amount is not None else "–"
        found.append(Dose(visit.label.in_(room.language), state.on, amount, words))
    return found


def dose_name(room: Room, asked: BackgroundDose) -> tuple[str, str]:
    """What the dose is called, and its unit."""
    label, unit = label_of(asked.variable, room.protocol)
    return label.in_(room.language), say.unit(unit, room.language)


def sources(room: Room, asked: BackgroundDose) -> list[str]:
    """Where the conversion comes from: the sources of every instrument that the dose is computed by."""
    derivations = names_of(room.protocol).derivations
    used = (derivations[name].instrument for name in _read(room, asked) if name in derivations)
    instruments = (get(instrument) for instrument in used if instrument)
    return [cited.text for each in instruments if isinstance(each, Instrument) for cited in each.citation]


def _asked_on(room: Room, asked: BackgroundDose) -> set[str]:
    """The forms on which anything is asked that the dose is computed from."""
    items = names_of(room.protocol).items
    return {items[name].form.id for name in _read(room, asked) if name in items}


def _read(room: Room, asked: BackgroundDose) -> list[str]:
    """The dose and every name it is computed from."""
    derivations = names_of(room.protocol).derivations
    waiting, found = [asked.variable], list[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += needed(derivations[name], derivations) if name in derivations else ()
    return found


def figure(room: Room, subject: Subject, rows: Sequence[Course], line: Sequence[Dose]) -> Drawing:
    """The courses as bars over the daily dose, on one axis of days."""
    first, last = _span(room, subject, rows, line)
    x = Scale(first.toordinal(), last.toordinal(), LEFT, WIDTH - 20)
    top, foot = 34.0, 34.0 + ROW * len(rows)
    height = foot + (HIGH + 60 if line else 30)
    drawing = Drawing(WIDTH, height, say.text("medication.figure", room.language, subject=subject.code))
    _months(room, drawing, x, (first, last), height - 26)
    if subject.randomised is not None:
        at = x(subject.randomised.toordinal())
        drawing.line((at, top - 8), (at, height - 26), colour=INK, dash="2 3")
        drawing.text((at + 4, top - 14), say.text("casebook.randomised", room.language), size=_WORDS, colour=INK)
    for place, row in enumerate(rows):
        _bar(drawing, x, row, top + ROW * place, (first, last))
    if line:
        _line(room, drawing, x, line, (foot + 30, foot + HIGH))
    return drawing


def _span(room: Room, subject: Subject, rows: Sequence[Course], line: Sequence[Dose]) -> tuple[date, date]:
    """The days that are drawn: from screening to today or to the end, with what was taken in this time."""
    begun = subject.consent or subject.screened.date()
    last = subject.ended or room.today(subject.site)
    known = [dose.on for dose in line]
    return min([begun, *known]) - 2 * _MARGIN, max([last, begun, *known]) + _MARGIN


def _months(room: Room, drawing: Drawing, x: Scale, span: tuple[date, date], foot: float) -> None:
    """A tick at the first day of a month, as many months apart as there is room."""
    months = (span[1].year - span[0].year) * 12 + span[1].month - span[0].month
    apart = max(1, -(-months // 10))
    for number in range(1, months + 1, apart):
        month = span[0].month - 1 + number
        on = date(span[0].year + month // 12, month % 12 + 1, 1)
        at = x(on.toordinal())
        drawing.line((at, 28), (at, foot), colour="#e6ebef")
        drawing.text((at, foot + 16), say.partial_day(PartialDate(on.year, on.month), room.language), anchor="middle")
    drawing.line((x.start, foot), (x.end, foot), colour=LINE)


def _bar(drawing: Drawing, x: Scale, row: Course, top: float, span: tuple[date, date]) -> None:
    """A course: dark where it certainly ran, pale where it may have."""
    named = shortened(f"{row.row} {row.drug}", LEFT - 20, _WORDS)
    drawing.text((LEFT - 12, top + 16), named, size=_WORDS, anchor="end", colour=INK)
    start, stop = row.start or (span[0], span[1]), row.stop or (span[1], span[1])
    if row.stop is None and not row.ongoing:
        stop = (start[0], span[1])
    may = [x.within(start[0].toordinal()), x.within(stop[1].toordinal() + 1)]
    sure = [x.within(start[1].toordinal()), x.within(stop[0].toordinal() + 1)]
    drawing.rect((may[0], top + 5), max(may[1] - may[0], 2.0), 12, fill="#c9dbe4", round_=2)
    if sure[1] > sure[0]:
        drawing.rect((sure[0], top + 5), sure[1] - sure[0], 12, fill=ACCENT, round_=2)
    if row.ongoing:
        drawing.arrow((x.end, top + 11), (x.end + 12, top + 11), colour=ACCENT)


def _line(room: Room, drawing: Drawing, x: Scale, line: Sequence[Dose], between: tuple[float, float]) -> None:
    """The daily dose: a mark at each visit, joined where it is known twice in a row; a cross where it is not."""
    asked = followed(room)
    assert asked is not None  # noqa: S101 - there is a line only of what is followed
    high = float(asked.high) if asked.high is not None else 0.0
    most = max([high, *(dose.amount for dose in line if dose.amount is not None)])
    ticks = round_ticks(0, most or 1, 4)
    plot = Plot(x, Scale(0, ticks[-1], between[1], between[0]))
    plot.horizontal_grid(drawing, ticks, plain)
    name, unit = dose_name(room, asked)
    drawing.text((16, between[0] - 12), f"{name} ({unit})", size=_WORDS, colour=INK, bold=True)
    if asked.high is not None:
        drawing.line((x.start, plot.y(high)), (x.end, plot.y(high)), colour=DUE, dash="6 3")
        drawing.text((x.end, plot.y(high) - 4), plain(high), anchor="end", colour=DUE)
    points = [(x(dose.on.toordinal()), plot.y(dose.amount or 0), dose.amount is not None) for dose in line]
    for one, next_ in pairwise(points):
        if one[2] and next_[2]:
            drawing.line(one[:2], next_[:2], colour=ACCENT, width=2)
    for across, up, known in points:
        drawing.marker((across, up), "circle" if known else "cross", colour=ACCENT if known else SOFT)

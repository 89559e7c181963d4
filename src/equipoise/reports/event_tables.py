"""Adverse events in tables: overview, kinds, severity, rates, terms, and what is of special interest."""

from collections.abc import Iterator, Sequence

from equipoise.analysis import Statistic
from equipoise.analysis.adverse_events import category_codes, severity_codes
from equipoise.analysis.onset import ANY, ONSET
from equipoise.analysis.safety import EVENTS, overview, reference_of
from equipoise.reports.blocks import Teller
from equipoise.reports.codes import coded
from equipoise.reports.exposure_tables import set_of
from equipoise.reports.numbers import DASH, plain, share, with_limits
from equipoise.reports.table import Row, Table

Line = tuple[str, str, str]  # variable, level, label
PERCENT, _UNSTATED = 100.0, "not_stated"


def overview_lines(tell: Teller) -> list[Line]:
    """The lines of the overview with their words."""
    names, words = tell.analysis.protocol.safety.adverse_events, tell.words
    severe = coded(tell, names.form, names.severity, names.severe)
    lines: list[Line] = []
    for line in overview(tell.analysis.protocol):
        lines.append((line, "", words(line, severity=severe)))
        if occurred(tell, _UNSTATED, line):
            lines.append((_UNSTATED, line, words("not_stated")))
    return lines


def kind_lines(tell: Teller, variable: str = "category") -> list[Line]:
    """The kinds of events that occurred, the most frequent in any arm first; the kind nobody stated comes last."""
    codes = [code for code in category_codes(tell.analysis.protocol) if occurred(tell, variable, code)]
    codes.sort(key=lambda code: -most(tell, variable, code))
    codes += [""] if occurred(tell, variable, "") else []
    return [(variable, code, _kind(tell, code)) for code in codes]


def _kind(tell: Teller, code: str) -> str:
    names = tell.analysis.protocol.safety.adverse_events
    return coded(tell, names.form, names.category, code) if code else tell.words("uncategorised")


def occurred(tell: Teller, variable: str, level: str) -> bool:
    """Whether anybody in any arm had an event that belongs to a line."""
    results = tell.analysis.results
    return any(results.count(EVENTS, "participants", variable=variable, level=level, arm=arm.id) for arm in tell.arms)


def most(tell: Teller, variable: str, level: str) -> float:
    """The greatest share of participants with the event in any arm."""
    found = (_row(tell, "participants", variable, level, arm.id) for arm in tell.arms)
    return max((row.n / row.N for row in found if row is not None and row.n and row.N), default=0.0)


def _row(tell: Teller, statistic: str, variable: str, level: str, arm: str) -> Statistic | None:
    return tell.analysis.results.get(EVENTS, statistic, variable=variable, level=level, arm=arm)


# --- Participants, events and differences -----------------------------------------------------------------------------


def overview_table(tell: Teller) -> Table:
    """Treatment-emergent adverse events in all: participants, events and differences of risk."""
    notes = (tell.words("events_note", emergent=_emergent(tell)),)
    lines = [*overview_lines(tell), ("died", "", tell.words("died_anyhow"))]
    return _compared(tell, "adverse_events", "events_title", lines, notes)


def kinds_table(tell: Teller) -> Table:
    """The same by kind of event."""
    return _compared(tell, "adverse_event_kinds", "kinds_title", kind_lines(tell), (tell.words("kinds_note"),))


def serious_table(tell: Teller) -> Table:
    """Serious events by kind."""
    lines = [("serious", "", tell.words("any_serious")), *kind_lines(tell, "serious_category")]
    return _compared(tell, "serious_kinds", "serious_title", lines, ())


def special_table(tell: Teller) -> Table:
    """The events of special interest, also those that did not occur."""
    interests = tell.analysis.protocol.safety.special_interest
    lines = [("any_special", "", tell.words("any_special"))]
    lines += [("special_interest", interest.id, tell.words.of(interest.label)) for interest in interests]
    return _compared(tell, "special_interest", "special_title", lines, (tell.words("special_note"),))


def _emergent(tell: Teller) -> str:
    wanted, words = tell.analysis.protocol.safety.emergent, tell.words
    days = wanted.days_after_last_dose
    until = words("emergent_to_end") if days is None else words("emergent_days", days=days)
    return words(f"emergent_{wanted.since}") + until


def _compared(tell: Teller, id_: str, title: str, lines: Sequence[Line], notes: tuple[str, ...]) -> Table:
    reference = reference_of(tell.analysis.protocol)
    others = [arm.id for arm in tell.arms if arm.id != reference]
    against = [
        tell.words("column_difference", arm=tell.arm(arm), reference=tell.arm(reference), level=tell.level)
        for arm in others
    ]
    rows = [
        Row(
            (label, *people_cells(tell, variable, level), *_difference_cells(tell, variable, level, others)),
            indent=1 if variable == _UNSTATED else 0,
        )
        for variable, level, label in lines
    ]
    widths = (2.2, *(1.15 for _ in tell.arms), *(1.3 for _ in others))
    columns = ("", *sized(tell), *against)
    return Table(id_, tell.words(title, set=set_of(tell)), columns, tuple(rows), notes, widths=widths)


def sized(tell: Teller) -> list[str]:
    """The arms as columns, with how many of each are in the set."""
    found = [_row(tell, "participants", "any", "", arm.id) for arm in tell.arms]
    sizes = zip(tell.columns(), found, strict=True)
    return [tell.words("arm_size", arm=arm, n=row.N if row else 0) for arm, row in sizes]


def people_cells(tell: Teller, variable: str, level: str) -> list[str]:
    """Of each arm the participants with their share and, where there are any, the events."""
    cells = []
    for arm in tell.arms:
        people = _row(tell, "participants", variable, level, arm.id)
        events = tell.analysis.results.count(EVENTS, "events", variable=variable, level=level, arm=arm.id)
        shared = share(people.n, people.N) if people is not None else share(0, 0)
        cells.append(f"{shared}, {events}" if events else shared)
    return cells


def _difference_cells(tell: Teller, variable: str, level: str, others: Sequence[str]) -> Iterator[str]:
    for arm in others:
        yield with_limits(_row(tell, "risk_difference", variable, level, arm), 1, scale=PERCENT)


# --- Severity, rates and terms ----------------------------------------------------------------------------------------


def severity_table(tell: Teller) -> Table:
    """Participants by their worst severity, in all and within each kind."""
    words, rows = tell.words, []
    for variable, level, label in [("any", "", words("any")), *kind_lines(tell)]:
        rows.append(Row((label,), heading=True))
        rows += _severities(tell, "worst" if variable == "any" else f"worst/{level}")
    return Table(
        "adverse_event_severity", words("severity_title", set=set_of(tell)), ("", *sized(tell)), tuple(rows),
        (words("severity_note"),),
    )  # fmt: skip


def _severities(tell: Teller, variable: str) -> Iterator[Row]:
    names = tell.analysis.protocol.safety.adverse_events
    for code in (*severity_codes(tell.analysis.protocol), ""):
        if occurred(tell, variable, code):
            label = coded(tell, names.form, names.severity, code) if code else tell.words("ungraded")
            yield Row((label, *people_cells(tell, variable, code)), indent=1)


def rates_table(tell: Teller) -> Table:
    """Participants with a first event in the time at risk."""
    words = tell.words
    interests = tell.analysis.protocol.safety.special_interest
    parts = {
        "": [line for line in overview_lines(tell) if line[0] != _UNSTATED], "category": kind_lines(tell),
        "special": [("special_interest", each.id, words.of(each.label)) for each in interests
                    if occurred(tell, "special_interest", each.id)],
    }  # fmt: skip
    rows: list[Row] = []
    for heading, lines in parts.items():
        rows += [Row((words(heading),), heading=True)] if heading and lines else []
        rows += [
            Row((label, *_rates(tell, variable, level)), indent=1 if heading else 0) for variable, level, label in lines
        ]
    columns = [words("column_rate", arm=arm, level=tell.level) for arm in tell.columns()]
    return Table(
        "adverse_event_rates", words("rates_title", set=set_of(tell)), ("", *columns), tuple(rows),
        (words("rates_note"),), widths=(2.0, *(1.5 for _ in columns)),
    )  # fmt: skip


def _rates(tell: Teller, variable: str, level: str) -> Iterator[str]:
    for arm in tell.arms:
        people = tell.analysis.results.count(EVENTS, "rate", variable=variable, level=level, arm=arm.id)
        years = _row(tell, "patient_years", variable, level, arm.id)
        rate = with_limits(_row(tell, "rate", variable, level, arm.id))
        yield f"{people}/{plain(years.estimate if years else None)}: {rate}"


def terms_table(tell: Teller) -> Table:
    """The terms within each kind, the most frequent first."""
    names = tell.analysis.protocol.safety.adverse_events
    rows: list[Row] = []
    for category in [code for _, code, _ in kind_lines(tell)] or [""]:
        variable = f"term/{category}"
        terms = list(dict.fromkeys(row.level for row in tell.analysis.results.of(EVENTS) if row.variable == variable))
        terms.sort(key=lambda term: (-most(tell, variable, term), term))
        if category_codes(tell.analysis.protocol) and terms:
            rows.append(Row((_kind(tell, category), *people_cells(tell, "category", category))))
        rows += [Row((term, *people_cells(tell, variable, term)), indent=1) for term in terms]
    note = tell.words("coded_note" if names.coded else "terms_note")
    title = tell.words("terms_title", set=set_of(tell))
    return Table("adverse_event_terms", title, ("", *sized(tell)), tuple(rows), (note,), folded=True)


# --- Special interest -------------------------------------------------------------------------------------------------


def onset_table(tell: Teller) -> Table | None:
    """When events of special interest began, and the risk of one by the last planned visit; None where none did."""
    words, results = tell.words, tell.analysis.results
    labels = {ANY: words("any_special")}
    labels |= {each.id: words.of(each.label) for each in tell.analysis.protocol.safety.special_interest}
    asked = list(dict.fromkeys(row.variable for row in results.of(ONSET)))
    if not asked:
        return None
    rows = [Row((labels[interest], *_onset(tell, interest))) for interest in asked]
    day = tell.analysis.protocol.visits[-1].day
    people = [words("onset_people", arm=arm) for arm in tell.columns()]
    risks = [words("onset_risk", arm=arm, day=day, level=tell.level) for arm in tell.columns()]
    title = words("onset_title", set=set_of(tell))
    widths = (2.0, *(1.1 for _ in people), *(1.3 for _ in risks))
    return Table("onset", title, ("", *people, *risks), tuple(rows), (words("onset_note"),), widths=widths)


def _onset(tell: Teller, interest: str) -> list[str]:
    results, words = tell.analysis.results, tell.words
    people, risks = [], []
    for arm in tell.arms:
        first = results.get(ONSET, "first_day", variable=interest, arm=arm.id)
        known = first is not None and first.estimate is not None
        key = "onset_earliest" if known else "onset_none"
        day = plain(first.estimate if first else None, 0)
        people.append(words(key, n=first.n if first else 0, N=first.N if first else 0, day=day))
        risk = next((r for r in results.of(ONSET, "risk") if (r.variable, r.arm) == (interest, arm.id)), None)
        risks.append(with_limits(risk, 1, scale=PERCENT))
    return [*people, *risks]


def still_possible_table(tell: Teller) -> Table | None:
    """For serious events and each of special interest that an arm did not have: how frequent it can still be."""
    words = tell.words
    lines: list[Line] = [("serious", "", words("serious"))]
    lines += [("special_interest", i.id, words.of(i.label)) for i in tell.analysis.protocol.safety.special_interest]
    rows = [
        Row((label, *(_upper(tell, variable, level, arm.id) for arm in tell.arms)))
        for variable, level, label in lines
        if any(_row(tell, "still_possible", variable, level, arm.id) for arm in tell.arms)
    ]
    return Table("still_possible", words("still_possible_title"), ("", *tell.columns()), tuple(rows)) if rows else None


def _upper(tell: Teller, variable: str, level: str, arm: str) -> str:
    row = _row(tell, "still_possible", variable, level, arm)
    if row is not None and row.upper is not None:
        return tell.words("still_possible_line", N=row.N, upper=plain(PERCENT * row.upper))
    seen = _row(tell, "participants", variable, level, arm)
    return share(seen.n, seen.N) if seen is not None else DASH

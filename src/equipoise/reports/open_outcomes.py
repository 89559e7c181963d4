"""Outcomes and adverse events of the open report: pooled, small counts not shown, nothing that could tell the arm."""

from collections.abc import Iterator

from equipoise.analysis.adverse_events import category_codes, severity_codes
from equipoise.analysis.information import question_of
from equipoise.analysis.pooled import POOLED
from equipoise.analysis.question import Question
from equipoise.analysis.safety import EVENTS
from equipoise.protocol.names import names_in
from equipoise.protocol.schema import Label, SpecialInterest
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.numbers import DASH, plain
from equipoise.reports.suppression import HIDDEN, shown, single, suppressed
from equipoise.reports.table import Row, Table

_YEAR = 365.25


def endpoints(tell: Teller, least: int) -> Iterator[Block]:
    """How far the primary endpoints are known, and the pooled rate of events. A number is counted and not averaged."""
    words, estimands = tell.words, {e.endpoint: e for e in reversed(tell.estimands("primary"))}
    yield Heading("endpoints", words("pooled_endpoints"))
    plan = tell.analysis.protocol.monitoring
    if plan is not None and plan.boundary is not None:
        measured = {e.id: e.measure for e in tell.analysis.protocol.endpoints}
        wanted = next(e for e in tell.analysis.protocol.estimands if e.id == plan.boundary.estimand)
        kind = "events" if measured[wanted.endpoint] == "time_to_event" else "people"
        yield Paragraph(words(f"information_{kind}"))
    columns = ("", words("judged"), words("known_outcome"), words("pooled_events"), words("pooled_rate"))
    rows = tuple(_endpoint(tell, question_of(e, tell.analysis.cohort), least) for e in estimands.values())
    yield Table("endpoints", words("pooled_endpoints_title"), columns, rows)


def _endpoint(tell: Teller, question: Question, least: int) -> Row:
    label, total = tell.words.of(question.endpoint.label), len(question.people)
    if question.endpoint.measure == "time_to_event":
        events = sum(found.event for found in question.times.values())
        years = sum(found.days for found in question.times.values()) / _YEAR
        rate = tell.words("per_100_years", rate=plain(100 * events / years)) if events >= least and years else DASH
        return Row((label, str(total), str(total), single(events, least), rate))
    if question.endpoint.measure == "event":
        states = [found.state for found in question.outcomes.values()]
        known, events = sum(state is not None for state in states), sum(state is True for state in states)
        cells = suppressed({"event": events, "none": known - events}, least)
        open_ = events >= least and cells["event"] != HIDDEN
        rate = f"{plain(100 * events / known)}%" if open_ and known - events >= least else DASH
        return Row((label, str(total), str(known), shown(tell.words, cells["event"]), rate))
    known = sum(found.change is not None for found in question.numbers.values())
    return Row((label, str(total), str(known), DASH, DASH))


def events(tell: Teller, least: int) -> Iterator[Block]:
    """Participants with adverse events: how many in all, serious, by worst severity and by category."""
    words = tell.words
    yield Heading("safety", words("safety"))
    rows = [Row((words(kind), single(_people(tell, kind), least))) for kind in ("any", "serious")]
    rows.append(Row((words("worst"),), heading=True))
    labels = _labels(tell, tell.analysis.protocol.safety.adverse_events.severity)
    worst = {code: _people(tell, "worst", code) for code in (*severity_codes(tell.analysis.protocol), "")}
    for code, cell in suppressed(worst, least).items():
        rows.append(Row((words.of(labels[code]) if code else words("ungraded"), shown(tell.words, cell)), indent=1))
    special = [each for each in tell.analysis.protocol.safety.special_interest if not _tells(tell, each)]
    if special:
        rows.append(Row((words("special"),), heading=True))
        rows += [Row((words.of(i.label), single(_people(tell, "special_interest", i.id), least)), indent=1)
                 for i in special]  # fmt: skip
    named = _labels(tell, tell.analysis.protocol.safety.adverse_events.category)
    if named:
        rows.append(Row((words("category"),), heading=True))
        rows += [Row((words.of(named[code]), single(_people(tell, "category", code), least)), indent=1)
                 for code in category_codes(tell.analysis.protocol)]  # fmt: skip
    size = tell.analysis.results.get(EVENTS, "participants", variable="any", arm=POOLED.id)
    column = f"{words('participants')} (n = {size.N if size is not None else 0})"
    yield Table("adverse_events", words("pooled_safety_title"), ("", column), tuple(rows))


def _people(tell: Teller, variable: str, level: str = "") -> int:
    return tell.analysis.results.count(EVENTS, "participants", variable=variable, level=level, arm=POOLED.id)


def _labels(tell: Teller, item: str) -> dict[str, Label]:
    protocol = tell.analysis.protocol
    codes = protocol.form_by_id[protocol.safety.adverse_events.form].item_by_id[item].codes
    return {entry.code: entry.label for entry in protocol.code_lists.get(codes, ())}


def _tells(tell: Teller, interest: SpecialInterest) -> bool:
    """Whether an event of special interest is recognised by something that could tell the arm."""
    telling = {masked.item for masked in tell.analysis.protocol.masking.items}
    return any(part in telling for name in names_in(interest.rule) for part in name.split("."))

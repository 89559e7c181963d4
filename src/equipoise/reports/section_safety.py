"""Safety: exposure, adverse events of every kind, and what the absence of an event still allows."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.safety import EVENTS, EXPOSURE, safety_set, severities
from equipoise.protocol.schema import Label
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.figures import adverse_event_dots
from equipoise.reports.figures.adverse_events import kinds_of
from equipoise.reports.numbers import DASH, plain, share
from equipoise.reports.table import Row, Table


def safety(tell: Teller) -> Iterator[Block]:
    """Exposure and adverse events in the safety set."""
    words = tell.words
    yield Heading("safety", words("safety"))
    yield exposure_table(tell)
    yield events_table(tell)
    if kinds_of(tell.analysis):
        yield adverse_event_dots(tell.analysis, words)
    possible = still_possible_table(tell)
    if possible is not None:
        yield Paragraph(words("still_possible_text"))
        yield possible


def _set(tell: Teller) -> str:
    return tell.words.of(safety_set(tell.analysis.cohort).label)


def exposure_table(tell: Teller) -> Table:
    """Doses per participant and how long treatment went on."""
    words, arms = tell.words, [arm.id for arm in tell.arms]
    due = tell.analysis.results.count(EXPOSURE, "doses_due")
    full = [tell.analysis.results.get(EXPOSURE, "all_doses", arm=arm) for arm in arms]
    in_all = [tell.analysis.results.count(EXPOSURE, "doses_in_all", arm=arm) for arm in arms]
    rows = [
        Row((words("size"), *(str(row.N) if row else DASH for row in full))),
        Row((words("doses"), *(_mean_sd(tell, "doses", arm) for arm in arms))),
        Row((words("doses_median"), *(_quartiles(tell, "doses", arm) for arm in arms)), indent=1),
        Row((words("all_doses", n=due), *(share(row.n, row.N) if row else DASH for row in full))),
        Row((words("doses_in_all"), *map(str, in_all))),
        Row((words("duration"), *(_mean_sd(tell, "duration_days", arm) for arm in arms))),
    ]
    return Table("exposure", words("exposure_title", set=_set(tell)), ("", *tell.columns()), tuple(rows))


def _of(tell: Teller, statistic: str, variable: str, arm: str) -> float | None:
    row = tell.analysis.results.get(EXPOSURE, statistic, variable=variable, arm=arm)
    return row.estimate if row is not None else None


def _mean_sd(tell: Teller, variable: str, arm: str) -> str:
    return f"{plain(_of(tell, 'mean', variable, arm))} ({plain(_of(tell, 'sd', variable, arm))})"


def _quartiles(tell: Teller, variable: str, arm: str) -> str:
    names = ("median", "lower_quartile", "upper_quartile", "minimum", "maximum")
    median, lower, upper, least, most = (plain(_of(tell, name, variable, arm), 0) for name in names)
    return f"{median} [{lower}, {upper}]; {least}–{most}"


def events_table(tell: Teller) -> Table:
    """Adverse events after randomisation: participants and events in each line and arm."""
    words = tell.words
    rows = [Row((words(kind), *_cells(tell, kind, ""))) for kind in ("any", "related", "serious", "serious_related")]
    rows.append(Row((words("worst"),), heading=True))
    labels = _severity_labels(tell)
    rows += [
        Row((words.of(labels[code]), *_cells(tell, "worst", code)), indent=1)
        for code in severities(tell.analysis.cohort)
    ]
    if any(tell.analysis.results.count(EVENTS, "participants", variable="worst", arm=arm.id) for arm in tell.arms):
        rows.append(Row((words("ungraded"), *_cells(tell, "worst", "")), indent=1))
    interests = tell.analysis.protocol.safety.special_interest
    if interests:
        rows.append(Row((words("special"),), heading=True))
        rows += [Row((words.of(i.label), *_cells(tell, "special_interest", i.id)), indent=1) for i in interests]
    kinds = kinds_of(tell.analysis)
    if kinds:
        rows.append(Row((words("category"),), heading=True))
        rows += [Row((words.of(label), *_cells(tell, "category", code)), indent=1) for code, label in kinds.items()]
    title = words("events_title", set=_set(tell))
    sizes = [tell.analysis.results.get(EVENTS, "participants", variable="any", arm=arm.id) for arm in tell.arms]
    columns = [f"{c} (n = {row.N if row else 0})" for c, row in zip(tell.columns(), sizes, strict=True)]
    return Table("adverse_events", title, ("", *columns), tuple(rows), (words("events_note"),))


def _severity_labels(tell: Teller) -> dict[str, Label]:
    names = tell.analysis.protocol.safety.adverse_events
    codes = tell.analysis.protocol.form_by_id[names.form].item_by_id[names.severity].codes
    return {entry.code: entry.label for entry in tell.analysis.protocol.code_lists.get(codes, ())}


def _cells(tell: Teller, variable: str, level: str) -> list[str]:
    cells = []
    for arm in tell.arms:
        people = tell.analysis.results.get(EVENTS, "participants", variable=variable, level=level, arm=arm.id)
        events = tell.analysis.results.count(EVENTS, "events", variable=variable, level=level, arm=arm.id)
        shared = share(people.n, people.N) if people is not None else DASH
        cells.append(f"{shared}, {events}" if events else shared)
    return cells


def still_possible_table(tell: Teller) -> Table | None:
    """For each event of special interest that an arm did not have: how frequent it can still be."""
    words = tell.words
    rows = []
    lines = [("serious", "", words("serious"))]
    lines += [("special_interest", i.id, words.of(i.label)) for i in tell.analysis.protocol.safety.special_interest]
    for variable, level, label in lines:
        found = [
            tell.analysis.results.get(EVENTS, "still_possible", variable=variable, level=level, arm=arm.id)
            for arm in tell.arms
        ]
        if any(found):
            rows.append(Row((label, *(_upper(tell, row, variable, level, arm.id)
                                      for row, arm in zip(found, tell.arms, strict=True)))))  # fmt: skip
    if not rows:
        return None
    return Table("still_possible", words("still_possible_title"), ("", *tell.columns()), tuple(rows))


def _upper(tell: Teller, row: Statistic | None, variable: str, level: str, arm: str) -> str:
    if row is not None and row.upper is not None:
        return tell.words("still_possible_line", N=row.N, upper=plain(100 * row.upper))
    seen = tell.analysis.results.get(EVENTS, "participants", variable=variable, level=level, arm=arm)
    return share(seen.n, seen.N) if seen is not None else DASH

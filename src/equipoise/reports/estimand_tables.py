"""One estimand as a table: its attributes in words, and its result by arm."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.events import endpoint_of
from equipoise.protocol.schema import Endpoint, Estimand
from equipoise.reports.blocks import Teller
from equipoise.reports.numbers import DASH, limits, out_of, p_value, places_for, plain, with_limits
from equipoise.reports.table import Row, Table
from equipoise.statistics import METHODS

PERCENT = 100.0
EFFECT = {
    "two_proportions": "risk_difference",
    "survival": "hazard_ratio",
    "ancova": "mean_difference",
    "mmrm": "mean_difference",
}


class Told:
    """An estimand with its statistics at hand."""

    def __init__(self, tell: Teller, estimand: Estimand) -> None:
        self.tell, self.estimand = tell, estimand
        self.endpoint: Endpoint = endpoint_of(tell.analysis.protocol, estimand.endpoint)
        self.others = [arm.id for arm in tell.arms if arm.id != estimand.reference_arm]

    def row(self, statistic: str, arm: str, variant: str = "", variable: str = "") -> Statistic | None:
        """One statistic of the estimand."""
        return self.tell.analysis.results.get(self.estimand.id, statistic, variable=variable, variant=variant, arm=arm)

    @property
    def label(self) -> str:
        """The estimand's name."""
        return self.tell.words.of(self.estimand.label)

    @property
    def places(self) -> int:
        """How many decimal places the means of this endpoint have."""
        rows = [self.row("mean", arm.id, variable="baseline") for arm in self.tell.arms]
        return places_for([row.estimate for row in rows if row is not None and row.estimate is not None])

    def reason(self, row: Statistic | None) -> str:
        """Why there is no number, in words."""
        if row is None or row.why is None:
            return DASH
        return self.tell.words("not_estimable", reason=row.why.words(self.tell.words.language))


def attributes(told: Told) -> tuple[tuple[str, str], ...]:
    """The five attributes of the estimand (ICH E9(R1)) in words."""
    tell, estimand, words = told.tell, told.estimand, told.tell.words
    sets = {each.id: each for each in tell.analysis.protocol.analysis.sets}
    lines = [
        (words("population"), words.of(sets[estimand.population].label)),
        (words("treatments"), _treatments(told)),
        (words("endpoint"), words("endpoint_through", label=words.of(told.endpoint.label),
                                  visit=tell.visit(told.endpoint.through))),
    ]  # fmt: skip
    for event in estimand.intercurrent_events:
        name = words.named(words("intercurrent"), words(f"{event.event}_event"))
        lines.append((name, f"{words(event.strategy)} – {words.of(event.text)}"))
    lines.append((words("summary"), words.of(estimand.summary)))
    return tuple(lines)


def _treatments(told: Told) -> str:
    arms = told.tell.words.listed([told.tell.arm(arm) for arm in told.others])
    return told.tell.words("treatments_text", arms=arms, reference=told.tell.arm(told.estimand.reference_arm))


def result_table(told: Told) -> Table:
    """The result of an estimand: one column for each arm, comparisons in the column of the arm compared."""
    tell = told.tell
    rows = {
        "two_proportions": _proportions, "survival": _times, "ancova": _means, "mmrm": _means, "summary": _described,
    }[told.estimand.method.function](told)  # fmt: skip
    notes = _methods_note(told)
    title = tell.words("result_title", label=told.label)
    return Table(f"result_{told.estimand.id}", title, ("", *tell.columns()), tuple(rows), (notes,) if notes else ())


def _methods_note(told: Told) -> str:
    found = [row.method for arm in told.others for name in _COMPARED if (row := told.row(name, arm)) is not None]
    named = [METHODS[key].words(told.tell.words.language) for key in dict.fromkeys(found) if key in METHODS]
    return told.tell.words("methods_used", methods=told.tell.words.apart(named)) if named else ""


_COMPARED = ("risk_difference", "risk_ratio", "odds_ratio", "hazard_ratio", "mean_difference", "test")


def _line(told: Told, words: str, statistic: str, **how: float) -> Row:
    """A comparison: the estimate in the column of each arm, nothing in that of the reference."""
    cells = []
    for arm in told.tell.arms:
        row = told.row(statistic, arm.id)
        if arm.id == told.estimand.reference_arm:
            cells.append("")
        elif row is None or row.estimate is None:
            cells.append(told.reason(row))
        else:
            cells.append(with_limits(row, int(how.get("places", 2)), scale=how.get("scale", 1.0)))
    return Row((words, *cells))


def _p_line(told: Told) -> Row:
    cells = []
    for arm in told.tell.arms:
        row = told.row("test", arm.id)
        if arm.id == told.estimand.reference_arm:
            cells.append("")
        else:
            cells.append(p_value(row.p) if row is not None and row.p is not None else told.reason(row))
    return Row((told.tell.words("test"), *cells))


def _proportions(told: Told) -> Iterator[Row]:
    words, level = told.tell.words, told.tell.level
    risks = [told.row("risk", arm.id) for arm in told.tell.arms]
    yield Row((words("event_line"), *(out_of(r.n, r.N) if r else DASH for r in risks)))
    yield Row((words("interval_of_risk"), *(limits(r, 1, scale=PERCENT) if r else "" for r in risks)), indent=1)
    unknown = [told.row("unknown", arm.id) for arm in told.tell.arms]
    yield Row((words("unknown_line"), *(str(u.n) if u else DASH for u in unknown)))
    reasons = [r for r in told.tell.analysis.results.of(told.estimand.id, "unknown_because") if not r.variant]
    for reason in dict.fromkeys(r.level for r in reasons):
        n = {r.arm: r.n for r in reasons if r.level == reason}
        key = "not_reached_reason" if reason == "not_reached" else reason
        yield Row((words.reason(key), *(str(n.get(arm.id, 0)) for arm in told.tell.arms)), indent=1)
    yield _line(told, words("risk_difference", level=level), "risk_difference", places=1, scale=PERCENT)
    yield _line(told, words("risk_ratio", level=level), "risk_ratio")
    yield _line(told, words("odds_ratio", level=level), "odds_ratio")
    yield _p_line(told)


def _times(told: Told) -> Iterator[Row]:
    words, level = told.tell.words, told.tell.level
    rows = [told.row("events", arm.id) for arm in told.tell.arms]
    yield Row((words("events_line"), *(out_of(r.n, r.N) if r else DASH for r in rows)))
    days = [told.row("risk_day", arm.id) for arm in told.tell.arms]
    last = max((row.estimate or 0.0 for row in days if row is not None), default=0.0)
    risks = [told.row("risk_at_end", arm.id) for arm in told.tell.arms]
    cells = [with_limits(r, 1, scale=PERCENT) if r and r.estimate is not None else told.reason(r) for r in risks]
    yield Row((words("risk_at_end", level=level, day=plain(last, 0)), *cells))
    medians = [told.row("median_time", arm.id) for arm in told.tell.arms]
    reached = [with_limits(m, 0) if m and m.estimate is not None else words("not_reached") for m in medians]
    yield Row((words("median_time", level=level), *reached))
    yield _line(told, words("hazard_ratio", level=level), "hazard_ratio")
    yield _p_line(told)


def _means(told: Told) -> Iterator[Row]:
    words, level, places = told.tell.words, told.tell.level, told.places
    rows = [told.row("adjusted_mean", arm.id) for arm in told.tell.arms]
    yield Row((words("analysed_n"), *(f"{r.n}/{r.N}" if r else DASH for r in rows)))
    yield from _plain_means(told, places)
    cells = [with_limits(r, places) if r and r.estimate is not None else told.reason(r) for r in rows]
    yield Row((words("adjusted_mean", level=level), *cells))
    yield _line(told, words("mean_difference", level=level), "mean_difference", places=places)
    yield _p_line_of_means(told)


def _plain_means(told: Told, places: int) -> Iterator[Row]:
    words = told.tell.words
    end = words("final_mean", visit=told.tell.visit(told.endpoint.through))
    last = words("outcome_mean") if told.endpoint.measure == "change" else ""
    for name, label in (("baseline", words("baseline_mean")), ("final", end), ("outcome", last)):
        if label:
            yield Row((label, *(_mean_sd(told, arm.id, name, places) for arm in told.tell.arms)))


def _mean_sd(told: Told, arm: str, name: str, places: int) -> str:
    mean, deviation = told.row("mean", arm, variable=name), told.row("sd", arm, variable=name)
    if mean is None or mean.estimate is None:
        return DASH
    return f"{plain(mean.estimate, places)} ({plain(deviation.estimate if deviation else None, places)})"


def _p_line_of_means(told: Told) -> Row:
    rows = [told.row("mean_difference", arm.id) for arm in told.tell.arms]
    reference = told.estimand.reference_arm
    cells = [
        "" if arm.id == reference else p_value(row.p if row else None)
        for arm, row in zip(told.tell.arms, rows, strict=True)
    ]
    return Row((told.tell.words("test"), *cells))


def _described(told: Told) -> Iterator[Row]:
    if told.endpoint.measure == "event":
        risks = [told.row("risk", arm.id) for arm in told.tell.arms]
        yield Row((told.tell.words("event_line"), *(out_of(r.n, r.N) if r else DASH for r in risks)))
    elif told.endpoint.measure == "time_to_event":
        yield Row((told.label, *(_mean_sd(told, arm.id, "outcome", 1) for arm in told.tell.arms)))
    else:
        yield from _plain_means(told, told.places)

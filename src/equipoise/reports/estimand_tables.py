"""One estimand as a table: its result by arm."""

from collections.abc import Callable, Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.events import endpoint_of
from equipoise.analysis.question import EFFECTS
from equipoise.protocol.schema import Endpoint, Estimand
from equipoise.reports.blocks import Teller
from equipoise.reports.numbers import DASH, limits, out_of, p_value, places_for, plain, with_limits
from equipoise.reports.table import Row, Table
from equipoise.statistics import METHODS

PERCENT = 100.0


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
    def effect(self) -> str:
        """The statistic that compares an arm with the reference; nothing where none does."""
        return EFFECTS.get(self.estimand.method.function, "")

    @property
    def scale(self) -> float:
        """By what an effect is multiplied to be printed: differences of proportions are in percentage points."""
        return PERCENT if self.effect == "risk_difference" else 1.0

    @property
    def effect_places(self) -> int:
        """How many decimal places an effect has."""
        return {"risk_difference": 1, "mean_difference": self.places}.get(self.effect, 2)

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


def result_table(told: Told) -> Table:
    """The result of an estimand: one column for each arm, comparisons in the column of the arm compared."""
    tell = told.tell
    rows = _ROWS[told.estimand.method.function](told)
    notes = _methods_note(told)
    title = tell.words("result_title", label=told.label)
    return Table(f"result_{told.estimand.id}", title, ("", *tell.columns()), tuple(rows), (notes,) if notes else ())


def _methods_note(told: Told) -> str:
    found = [row.method for arm in told.others for name in _COMPARED if (row := told.row(name, arm)) is not None]
    named = [METHODS[key].words(told.tell.words.language) for key in dict.fromkeys(found) if key in METHODS]
    return told.tell.words("methods_used", methods=told.tell.words.apart(named)) if named else ""


_COMPARED = ("risk_difference", "risk_ratio", "odds_ratio", "hazard_ratio", "mean_difference", "rate_ratio", "test")


def _line(told: Told, words: str, statistic: str, **how: float) -> Row:
    """A comparison: the estimate in the column of each arm, nothing in that of the reference."""
    cells = []
    for arm in told.tell.arms:
        row = told.row(statistic, arm.id)
        if arm.id == told.estimand.reference_arm:
            cells.append("")
        else:
            cells.append(_with_limits(told, row, int(how.get("places", 2)), how.get("scale", 1.0)))
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
    words = told.tell.words
    risks = [told.row("risk", arm.id) for arm in told.tell.arms]
    yield Row((words("event_line"), *(out_of(r.n, r.N) if r else DASH for r in risks)))
    yield Row((words("interval_of_risk"), *(limits(r, 1, scale=PERCENT) if r else "" for r in risks)), indent=1)
    yield from _unknown(told)
    yield from _risks_compared(told)


def _unknown(told: Told) -> Iterator[Row]:
    words = told.tell.words
    unknown = [told.row("unknown", arm.id) for arm in told.tell.arms]
    yield Row((words("unknown_line"), *(str(u.n) if u else DASH for u in unknown)))
    reasons = [r for r in told.tell.analysis.results.of(told.estimand.id, "unknown_because") if not r.variant]
    for reason in dict.fromkeys(r.level for r in reasons):
        n = {r.arm: r.n for r in reasons if r.level == reason}
        key = "not_reached_reason" if reason == "not_reached" else reason
        yield Row((words.reason(key), *(str(n.get(arm.id, 0)) for arm in told.tell.arms)), indent=1)


def _risks_compared(told: Told) -> Iterator[Row]:
    words, level = told.tell.words, told.tell.level
    yield _line(told, words("risk_difference", level=level), "risk_difference", places=1, scale=PERCENT)
    yield _line(told, words("risk_ratio", level=level), "risk_ratio")
    if told.row("odds_ratio", told.others[0]) is not None:
        yield _line(told, words("odds_ratio", level=level), "odds_ratio")
    yield _p_line(told)


def _risks(told: Told) -> Iterator[Row]:
    """Kaplan–Meier risks on the last planned day: no count over its denominator gives them."""
    words, level = told.tell.words, told.tell.level
    yield _events(told)
    day = told.tell.analysis.protocol.visit_by_id[told.endpoint.through].day
    risks = [told.row("risk", arm.id) for arm in told.tell.arms]
    yield Row((words("risk_at_end", level=level, day=day), *(_with_limits(told, r, 1, PERCENT) for r in risks)))
    yield from _unknown(told)
    yield from _risks_compared(told)


def _events(told: Told) -> Row:
    rows = [told.row("events", arm.id) for arm in told.tell.arms]
    return Row((told.tell.words("events_line"), *(out_of(r.n, r.N) if r else DASH for r in rows)))


def _with_limits(told: Told, row: Statistic | None, places: int, scale: float = 1.0) -> str:
    """An estimate with its interval, or why there is none."""
    return with_limits(row, places, scale=scale) if row and row.estimate is not None else told.reason(row)


def _times(told: Told) -> Iterator[Row]:
    words, level = told.tell.words, told.tell.level
    yield _events(told)
    days = [told.row("risk_day", arm.id) for arm in told.tell.arms]
    last = max((row.estimate or 0.0 for row in days if row is not None), default=0.0)
    risks = [told.row("risk_at_end", arm.id) for arm in told.tell.arms]
    cells = [_with_limits(told, r, 1, PERCENT) for r in risks]
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
    yield Row((words("adjusted_mean", level=level), *(_with_limits(told, r, places) for r in rows)))
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


def _rates(told: Told) -> Iterator[Row]:
    words, level, arms = told.tell.words, told.tell.level, told.tell.arms

    def cells(statistic: str, places: int) -> tuple[str, ...]:
        rows = [told.row(statistic, arm.id) for arm in arms]
        return tuple(_with_limits(told, row, places) for row in rows)

    counted = [told.row("events", arm.id) for arm in arms]
    yield Row((words("episodes_line"), *(str(row.n) if row else DASH for row in counted)))
    anybody = [told.row("with_episodes", arm.id) for arm in arms]
    yield Row((words("with_episodes_line"), *(out_of(row.n, row.N) if row else DASH for row in anybody)))
    yield Row((words("followed_years"), *cells("follow_up_years", 1)))
    yield Row((words("rate_line"), *cells("rate_per_year", 2)))
    days = [row.estimate or 0.0 for arm in arms if (row := told.row("mean_day", arm.id)) is not None]
    yield Row((words("mean_events_line", level=level, day=plain(max(days, default=0.0), 0)), *cells("mean_events", 2)))
    yield _line(told, words("rate_ratio", level=level), "rate_ratio")
    yield _p_line(told)


def _described(told: Told) -> Iterator[Row]:
    if told.endpoint.measure == "event":
        risks = [told.row("risk", arm.id) for arm in told.tell.arms]
        yield Row((told.tell.words("event_line"), *(out_of(r.n, r.N) if r else DASH for r in risks)))
    elif told.endpoint.measure == "time_to_event":
        yield Row((told.label, *(_mean_sd(told, arm.id, "outcome", 1) for arm in told.tell.arms)))
    else:
        yield from _plain_means(told, told.places)


_ROWS: dict[str, Callable[[Told], Iterator[Row]]] = {
    "two_proportions": _proportions, "logistic": _proportions, "kaplan_meier": _risks, "survival": _times,
    "ancova": _means, "mmrm": _means, "reference_based": _means, "negative_binomial": _rates,
    "andersen_gill": _rates, "summary": _described,
}  # fmt: skip

"""The endpoints: the primary ones in full, the others tier by tier, with curves and trajectories."""

from collections.abc import Iterator

from equipoise.protocol.schema import Estimand
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import PERCENT, Told, result_table
from equipoise.reports.figures import mean_functions, survival_curves, trajectory
from equipoise.reports.numbers import DASH, p_value, plain, with_limits
from equipoise.reports.reading import reading
from equipoise.reports.section_tipping import tipping_grids
from equipoise.reports.sensitivity import sensitivity_figure, sensitivity_table
from equipoise.reports.table import Row, Table

TIERS = (("secondary", "secondary"), ("exploratory", "exploratory"), ("safety", "safety_tier"))
_RATES = ("negative_binomial", "andersen_gill")
_DRAWN = ("survival", *_RATES)  # functions with a curve over time


def key_results(tell: Teller) -> Iterator[Block]:
    """The first estimand of each primary endpoint in sentences, for the first page."""
    yield Heading("short", tell.words("key_results"))
    for estimand in {e.endpoint: e for e in reversed(tell.estimands("primary"))}.values():
        for sentence in reading(Told(tell, estimand)):
            yield Paragraph(sentence, strong=True)


def primary(tell: Teller) -> Iterator[Block]:
    """Each estimand of a primary endpoint in sentences, numbers, and under other assumptions."""
    yield Heading("primary", tell.words("primary"))
    for estimand in tell.estimands("primary"):
        told = Told(tell, estimand)
        yield Heading(f"primary-{estimand.id}", told.label, 3)
        yield from (Paragraph(sentence) for sentence in reading(told))
        yield result_table(told)
        yield from _figures(told)


def _figures(told: Told) -> Iterator[Block]:
    if told.effect:
        yield sensitivity_table(told)
        yield sensitivity_figure(told)
    yield from tipping_grids(told)
    if told.estimand.method.function in _DRAWN:
        yield _curves(told)


def _curves(told: Told) -> Block:
    if told.estimand.method.function != "survival":
        return mean_functions(told.tell.analysis, told.estimand, told.tell.words)
    tests = [
        f"{told.tell.arm(arm)} log-rank P = {p_value(row.p)}"
        for arm in told.others
        if (row := told.row("log_rank", arm)) is not None and row.p is not None
    ]
    return survival_curves(told.tell.analysis, told.estimand, told.tell.words, "; ".join(tests))


def others(tell: Teller) -> Iterator[Block]:
    """The other tiers: an overview of each kind, then curves and the result of each estimand in a table of its own."""
    for tier, key in TIERS:
        found = tell.estimands(tier)
        if not found:
            continue
        yield Heading(tier, tell.words(key))
        yield from overview(tell, key, found)
        for estimand in found:
            if estimand.method.function in _DRAWN:
                yield _curves(Told(tell, estimand))
        if tier == "secondary":
            yield from _trajectories(tell)
    if not tell.estimands("secondary"):
        yield from _trajectories(tell)


def _trajectories(tell: Teller) -> Iterator[Block]:
    for name in tell.analysis.protocol.analysis.trajectories:
        yield trajectory(tell.analysis, name, tell.words)


def details(tell: Teller) -> Iterator[Table]:
    """The full result and the other analyses of estimands that are not primary, for the tables beside the report."""
    for tier, _ in TIERS:
        for estimand in tell.estimands(tier):
            told = Told(tell, estimand)
            yield result_table(told)
            if told.effect and estimand.sensitivity:
                yield sensitivity_table(told)


def overview(tell: Teller, key: str, found: tuple[Estimand, ...]) -> Iterator[Table]:
    """The estimands of a tier, one line for each comparison: proportions, times and means in a table each."""
    words = tell.words
    shapes = {
        ("two_proportions", "logistic", "kaplan_meier"): (
            "binary_title", ("risk_difference", "risk_ratio"), _proportion_line, "binary_note",
        ),
        ("survival",): ("times_title", ("hazard_ratio",), _time_line, ""),
        ("ancova", "mmrm", "reference_based"): ("means_title", ("mean_difference",), _mean_line, ""),
        _RATES: ("episodes_title", ("rate_ratio",), _rate_line, ""),
    }  # fmt: skip
    for functions, (title, effects, line, note) in shapes.items():
        mine = [Told(tell, estimand) for estimand in found if estimand.method.function in functions]
        if not mine:
            continue
        heads = [words(effect, level=tell.level) for effect in effects]
        rows = [row for told in mine for row in line(told)]
        yield Table(
            f"{key}_{functions[0]}", words(title, tier=words(key)), ("", *tell.columns(), *heads, words("test")),
            tuple(rows), (words(note),) if note else (),
            widths=(2.6, *(1.2 for _ in tell.arms), *(1.6 for _ in heads), 0.6),
        )  # fmt: skip
    for estimand in found:
        if estimand.method.function == "summary":
            yield result_table(Told(tell, estimand))


def _name(told: Told, arm: str) -> str:
    better = " ↑" if told.endpoint.better == "higher" else ""
    if len(told.others) == 1:
        return f"{told.label}{better}"
    names = {"arm": told.tell.arm(arm), "reference": told.tell.arm(told.estimand.reference_arm)}
    return f"{told.label}{better}: {told.tell.words('comparison', **names)}"


def _proportion_line(told: Told) -> Iterator[Row]:
    cells = []
    for arm in told.tell.arms:
        risk = told.row("events", arm.id) or told.row("risk", arm.id)
        unknown = told.row("unknown", arm.id)
        extra = f" +{unknown.n}" if unknown is not None and unknown.n else ""
        cells.append(f"{risk.n}/{risk.N}{extra}" if risk is not None else DASH)
    for arm_id in told.others:
        difference, ratio, test = (told.row(name, arm_id) for name in ("risk_difference", "risk_ratio", "test"))
        effects = (
            with_limits(difference, 1, scale=PERCENT) if difference and difference.estimate is not None else DASH,
            with_limits(ratio, 2) if ratio and ratio.estimate is not None else told.reason(ratio),
        )
        yield Row((_name(told, arm_id), *cells, *effects, p_value(test.p if test else None)))


def _time_line(told: Told) -> Iterator[Row]:
    events = [told.row("events", arm.id) for arm in told.tell.arms]
    cells = [f"{row.n}/{row.N}" if row else DASH for row in events]
    for arm in told.others:
        ratio, test = told.row("hazard_ratio", arm), told.row("test", arm)
        effect = with_limits(ratio, 2) if ratio and ratio.estimate is not None else told.reason(ratio)
        yield Row((_name(told, arm), *cells, effect, p_value(test.p if test else None)))


def _mean_line(told: Told) -> Iterator[Row]:
    rows = [told.row("adjusted_mean", arm.id) for arm in told.tell.arms]
    cells = [f"{with_limits(r, told.places).split(' (')[0]} (n = {r.n})" if r else DASH for r in rows]
    for arm in told.others:
        row = told.row("mean_difference", arm)
        effect = with_limits(row, told.places) if row and row.estimate is not None else told.reason(row)
        yield Row((_name(told, arm), *cells, effect, p_value(row.p if row else None)))


def _rate_line(told: Told) -> Iterator[Row]:
    events, rates = ([told.row(name, arm.id) for arm in told.tell.arms] for name in ("events", "rate_per_year"))
    cells = [f"{e.n} ({plain(r.estimate, 2)})" if e and r else DASH for e, r in zip(events, rates, strict=True)]
    for arm in told.others:
        row = told.row("rate_ratio", arm)
        effect = with_limits(row, 2) if row and row.estimate is not None else told.reason(row)
        yield Row((_name(told, arm), *cells, effect, p_value(row.p if row else None)))

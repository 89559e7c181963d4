"""The primary estimands in subgroups: a forest for each comparison, the test of interaction beside each variable."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.baseline import variable
from equipoise.analysis.subgroups import SUBGROUPS, groups, subgrouped
from equipoise.protocol.schema import Subgroup
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import Told
from equipoise.reports.figures import Figure, forest
from equipoise.reports.figures.forest import Line, Shape
from equipoise.reports.numbers import DASH, p_value
from equipoise.reports.sensitivity import axis_words, ends, forest_line

_BEHIND = {
    "risk_difference": "risk",
    "mean_difference": "adjusted_mean",
    "hazard_ratio": "events",
    "rate_ratio": "events",
}
_HEADS = {
    "risk_difference": "points_short", "mean_difference": "difference_short", "hazard_ratio": "hazard_short",
    "rate_ratio": "rate_short",
}  # fmt: skip


def subgroup_forests(tell: Teller) -> Iterator[Block]:
    """A forest for each arm that is compared; nothing where the protocol names no subgroups."""
    wanted = subgrouped(tell.analysis.protocol)
    if not tell.analysis.protocol.analysis.subgroups or not wanted:
        return
    yield Heading("subgroups", tell.words("subgroups"))
    yield Paragraph(tell.words("subgroups_text"))
    for estimand in wanted:
        told = Told(tell, estimand)
        yield from (_forest(told, arm) for arm in told.others)


def _forest(told: Told, arm: str) -> Figure:
    tell, words, estimand = told.tell, told.tell.words, told.estimand
    names = {"arm": tell.arm(arm), "reference": tell.arm(estimand.reference_arm)}
    columns = tuple(tell.arm(each) for each in (arm, estimand.reference_arm))
    whole = forest_line(told, told.row(told.effect, arm), words("everybody"), main=True, cells=_cells(told, arm, None))
    lines = [whole, *(line for subgroup in _subgroups(told) for line in _lines(told, arm, subgroup))]
    caption = " ".join([words("subgroups_caption"), *_not_grouped(told)])
    suffix = f"_{arm}" if len(told.others) > 1 else ""
    return forest(
        f"subgroups_{estimand.id}{suffix}", words("subgroups_title", label=told.label, **names), axis_words(told),
        lines, ends(told), caption,
        Shape(told.effect.endswith("_ratio"), columns, words(_HEADS[told.effect], level=tell.level),
              words("interaction_p")),
    )  # fmt: skip


def _subgroups(told: Told) -> tuple[Subgroup, ...]:
    return told.tell.analysis.protocol.analysis.subgroups


def _label(told: Told, subgroup: Subgroup) -> str:
    label = subgroup.label or variable(subgroup.variable, told.tell.analysis.cohort).label
    return told.tell.words.of(label)


def _lines(told: Told, arm: str, subgroup: Subgroup) -> Iterator[Line]:
    interaction = _row(told, "interaction", arm, subgroup.variable)
    yield Line(_label(told, subgroup), heading=True, last=p_value(interaction.p if interaction else None))
    question = told.tell.analysis.question(told.estimand)
    for group in groups(subgroup, question.people, question.cohort):
        row = _row(told, told.effect, arm, subgroup.variable, group.code)
        if group.people:
            cells = _cells(told, arm, (subgroup.variable, group.code))
            yield forest_line(told, row, told.tell.words.of(group.label), cells=cells)


def _row(told: Told, statistic: str, arm: str, name: str, level: str = "") -> Statistic | None:
    analysis = f"{SUBGROUPS}/{told.estimand.id}"
    return told.tell.analysis.results.get(analysis, statistic, variable=name, level=level, arm=arm)


def _cells(told: Told, arm: str, group: tuple[str, str] | None) -> tuple[str, ...]:
    """The counts behind an effect: those with the event of all, or those analysed of all."""
    behind = _BEHIND[told.effect]
    arms = (arm, told.estimand.reference_arm)
    rows = [told.row(behind, each) if group is None else _row(told, behind, each, *group) for each in arms]
    return tuple(f"{row.n}/{row.N}" if row is not None and row.n is not None else DASH for row in rows)


def _not_grouped(told: Told) -> Iterator[str]:
    for subgroup in _subgroups(told):
        row = _row(told, "not_grouped", "", subgroup.variable)
        if row is not None and row.n:
            yield told.tell.words("not_grouped", variable=_label(told, subgroup), n=row.n, N=row.N)

"""What endpoints are made of: each component by arm, as a table and as dots."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.components import COMPONENTS
from equipoise.protocol.schema import Components
from equipoise.reports.blocks import Block, Heading, Teller
from equipoise.reports.figures import dots
from equipoise.reports.figures.dots import Counted
from equipoise.reports.figures.figure import looks
from equipoise.reports.numbers import DASH, share
from equipoise.reports.table import Row, Table


def components(tell: Teller) -> Iterator[Block]:
    """A table and a figure for each list of components; nothing where the protocol has none."""
    parts, words = tell.analysis.protocol.analysis.components, tell.words
    if parts:
        yield Heading("components", words("components"))
    for part in parts:
        yield _table(tell, part)
        lines = [Counted(each.id, words.of(each.label), _by_arm(tell, part, each.id)) for each in part.counted]
        yield dots(
            f"components_{part.id}", words.of(part.label), words("components_caption"), lines,
            looks(tell.analysis, words), key="component",
        )  # fmt: skip


def _table(tell: Teller, part: Components) -> Table:
    rows = tuple(
        Row((tell.words.of(each.label), *(_cell(tell, part, each.id, arm.id) for arm in tell.arms)))
        for each in part.counted
    )
    note = tell.words("components_note")
    return Table(f"components_{part.id}", tell.words.of(part.label), ("", *tell.columns()), rows, (note,))


def _by_arm(tell: Teller, part: Components, component: str) -> dict[str, Statistic]:
    found = {arm.id: _row(tell, part, "participants", component, arm.id) for arm in tell.arms}
    return {arm: row for arm, row in found.items() if row is not None}


def _row(tell: Teller, part: Components, statistic: str, component: str, arm: str) -> Statistic | None:
    return tell.analysis.results.get(f"{COMPONENTS}/{part.id}", statistic, variable=component, arm=arm)


def _cell(tell: Teller, part: Components, component: str, arm: str) -> str:
    people, seen = (_row(tell, part, statistic, component, arm) for statistic in ("participants", "assessments"))
    return f"{share(people.n, people.N)}, {seen.n}" if people is not None and seen is not None else DASH

"""The planned boundary and what the data say against it: in the closed report, and at the end of the trial."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.information import boundary_estimand
from equipoise.analysis.sequential import FINAL, MONITORING
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.numbers import out_of, p_value, plain, with_limits
from equipoise.reports.table import Row, Table


def sequential(tell: Teller) -> Iterator[Block]:
    """The test at the end with what the looks have left; nothing where no look at efficacy was planned."""
    plan = tell.analysis.protocol.monitoring
    if plan is None or not any(row.level == FINAL for row in tell.analysis.results.of(MONITORING)):
        return
    looks = tell.analysis.cohort.snapshot.looks
    held = sum(look.id in looks and looks[look.id].cut > 0 for look in plan.efficacy_looks)
    yield Heading("boundary", tell.words("boundary"))
    yield Paragraph(tell.words("looks_held", held=held, planned=len(plan.efficacy_looks)))
    yield from boundary(tell, FINAL)


def boundary(tell: Teller, look: str) -> Iterator[Block]:
    """The boundary at a look as a table, or why it cannot be tested."""
    words = tell.words
    rows = [row for row in tell.analysis.results.of(MONITORING) if row.level == look]
    missing = next((row.why for row in rows if row.why is not None), None)
    if missing is not None:
        yield Paragraph(words("boundary_not_tested", reason=missing.words(words.language)), strong=True)
        return
    estimand = boundary_estimand(tell.analysis.protocol)
    title = words(
        "boundary_title", arm=tell.arm(rows[0].arm), reference=tell.arm(rows[0].reference),
        estimand=words.of(estimand.label),
    )  # fmt: skip
    notes = [words("boundary_note")]
    futility = tell.analysis.protocol.monitoring.boundary.futility  # type: ignore[union-attr]
    if futility is not None and not futility.binding and look != FINAL:
        notes.append(words("nonbinding_note"))
    column = words("boundary_final" if look == FINAL else "boundary_at")
    lines = tuple(Row((words(f"monitoring_{row.statistic}"), _said(tell, row))) for row in rows)
    yield Table("boundary", title, ("", column), lines, tuple(notes), widths=(2.0, 1.6))


def _said(tell: Teller, row: Statistic) -> str:
    match row.statistic:
        case "crossed":
            return tell.words(f"crossed_{row.variable}")
        case "information":
            return out_of(row.n, row.N)
        case "alpha_spent":
            return plain(row.estimate, 5)
        case "efficacy_bound":
            return f"{plain(row.estimate, 3)} ({plain(row.p, 5)})"
        case "futility_bound":
            return plain(row.estimate, 3)
        case "statistic":
            return f"{plain(row.estimate, 3)} ({p_value(row.p)})"
        case "effect":
            return with_limits(row, 2)
        case "repeated" | "stagewise":
            return f"{with_limits(row, 2)} ({p_value(row.p)})"
        case _:
            return plain(row.estimate, 3)

"""The methods whose results are printed, with the papers that describe them and the software that computed them."""

import platform
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

from equipoise.analysis.baseline import BASELINE
from equipoise.analysis.beliefs import BELIEF
from equipoise.analysis.course import TRAJECTORY
from equipoise.analysis.events import endpoint_of
from equipoise.analysis.exposure import EXPOSURE
from equipoise.analysis.safety import EVENTS
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.table import Row, Table
from equipoise.statistics import METHODS

_PARTS: Final = {BASELINE: "baseline", EXPOSURE: "exposure", EVENTS: "dots", TRAJECTORY: "course", BELIEF: "belief"}


def references(tell: Teller) -> Iterator[Block]:
    """Every method behind a printed number: what it is called, where it was described, and what it was used for."""
    words = tell.words
    table = references_table(tell)
    if not table.rows:
        return
    yield Heading("references", words("methods_sources"), 3)
    yield Paragraph(words("computed_with", software=tell.provenance.software, **versions()))
    yield table


def versions() -> dict[str, str]:
    """What the numbers were computed with, each by its name and version."""
    made = {name: f"{name} {version(name)}" for name in ("numpy", "scipy")}
    return {"python": f"Python {platform.python_version()}", **made}


def references_table(tell: Teller) -> Table:
    """The methods of the results dataset, in the order in which they first occur."""
    words = tell.words
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for row in tell.analysis.results.rows:
        if row.method in METHODS:
            used[row.method][_part(tell, row.analysis)] = None
    rows = [
        Row((METHODS[key].words(words.language), METHODS[key].source, words.apart([*parts])))
        for key, parts in used.items()
    ]
    return Table(
        "references", words("methods_sources"), (words("method"), words("source"), words("used_in")), tuple(rows),
        words=frozenset({0, 1, 2}), widths=(1.9, 1.9, 1.6),
    )  # fmt: skip


def _part(tell: Teller, analysis: str) -> str:
    protocol = tell.analysis.protocol
    tiers = {estimand.id: endpoint_of(protocol, estimand.endpoint).tier for estimand in protocol.estimands}
    if analysis in tiers:
        return tell.words("safety_tier" if tiers[analysis] == "safety" else tiers[analysis])
    return tell.words(_PARTS.get(analysis, "used_description"))

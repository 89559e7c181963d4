"""What a report is made of, in order: headings, paragraphs, facts, notes, tables and figures."""

from dataclasses import dataclass
from typing import TypeAlias

from equipoise.analysis import Analysis
from equipoise.protocol.names import label_of
from equipoise.protocol.schema import Arm, Estimand
from equipoise.reports.catalogue import Words
from equipoise.reports.figures import Figure
from equipoise.reports.provenance import Provenance
from equipoise.reports.table import Table


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section, or of a part of one (level 3); on paper everything after a turned one lies across."""

    id: str
    text: str
    level: int = 2
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` is what the reader should not miss."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, line by line; `by_hand` are written on paper, with room left for it."""

    lines: tuple[tuple[str, str], ...]
    by_hand: bool = False


Block: TypeAlias = Heading | Paragraph | Facts | Table | Figure


@dataclass(frozen=True, slots=True, eq=False)
class Teller:
    """What every section is told from: the analysis, the words of a language and the provenance."""

    analysis: Analysis
    words: Words
    provenance: Provenance

    @property
    def level(self) -> str:
        """The confidence level in per cent."""
        return f"{(1 - float(self.analysis.protocol.analysis.alpha)) * 100:g}"

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms in the order of the protocol."""
        return self.analysis.protocol.arms

    def arm(self, arm: str) -> str:
        """The label of an arm."""
        return self.words.of(self.analysis.protocol.arm_by_id[arm].label)

    def columns(self) -> tuple[str, ...]:
        """The labels of the arms, as columns of a table."""
        return tuple(self.words.of(arm.label) for arm in self.arms)

    def name(self, name: str) -> str:
        """What an item or derivation is called."""
        return self.words.of(label_of(name, self.analysis.protocol)[0])

    def visit(self, visit: str) -> str:
        """The label of a visit."""
        found = self.analysis.protocol.encounter(visit)
        if found is None:
            raise LookupError(f"there is no visit {visit!r}")
        return self.words.of(found.label)

    def estimands(self, tier: str) -> tuple[Estimand, ...]:
        """The estimands of the endpoints of a tier, in the order of the protocol."""
        tiers = {endpoint.id: endpoint.tier for endpoint in self.analysis.protocol.endpoints}
        return tuple(e for e in self.analysis.protocol.estimands if tiers[e.endpoint] == tier)

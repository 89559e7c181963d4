"""Safety: exposure, adverse events of every kind, and what the absence of an event still allows."""

from collections.abc import Iterator

from equipoise.analysis.adverse_events import category_codes
from equipoise.reports import event_tables as events
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.exposure_tables import distribution_table, exposure_table
from equipoise.reports.figures import adverse_event_dots, onset_curves
from equipoise.reports.section_laboratory import laboratory
from equipoise.reports.section_medication import medication


def safety(tell: Teller) -> Iterator[Block]:
    """Everything of safety, in the set in which it is described."""
    yield Heading("safety", tell.words("safety"))
    yield Heading("safety-exposure", tell.words("exposure"), 3)
    yield exposure_table(tell)
    yield distribution_table(tell)
    yield Heading("safety-events", tell.words("events"), 3)
    yield from _events(tell)
    if tell.analysis.protocol.safety.special_interest:
        yield Heading("safety-special", tell.words("special"), 3)
        yield from _special(tell)
    yield from laboratory(tell)
    yield from medication(tell)


def _events(tell: Teller) -> Iterator[Block]:
    yield events.overview_table(tell)
    if not events.occurred(tell, "any", ""):
        return
    if category_codes(tell.analysis.protocol):
        yield adverse_event_dots(tell.analysis, tell.words)
        yield events.kinds_table(tell)
    yield events.severity_table(tell)
    if events.occurred(tell, "serious", "") and category_codes(tell.analysis.protocol):
        yield events.serious_table(tell)
    yield events.rates_table(tell)
    yield events.terms_table(tell)


def _special(tell: Teller) -> Iterator[Block]:
    yield events.special_table(tell)
    onset = events.onset_table(tell)
    if onset is not None:
        yield onset_curves(tell.analysis, tell.words)
        yield onset
    possible = events.still_possible_table(tell)
    if possible is not None:
        yield Paragraph(tell.words("still_possible_text"))
        yield possible

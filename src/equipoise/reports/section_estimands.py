"""Every estimand in words: its five attributes (ICH E9(R1)), made from the protocol."""

from collections.abc import Iterator

from equipoise.protocol.schema import Estimand
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import Told

Lines = tuple[tuple[str, str], ...]


def estimands(tell: Teller) -> Iterator[Block]:
    """The estimands in the order of the protocol, those that differ in their variable alone together."""
    words = tell.words
    yield Heading("estimands", words("estimands"))
    yield Paragraph(words("estimands_text"))
    for alike in _alike(tell.analysis.protocol.estimands):
        first = words.of(alike[0].label)
        title = first if len(alike) == 1 else words("estimands_alike", first=first, n=len(alike) - 1)
        yield Heading(f"estimand-{alike[0].id}", title, 3)
        yield Facts(attributes([Told(tell, estimand) for estimand in alike]))


def _alike(estimands: tuple[Estimand, ...]) -> list[list[Estimand]]:
    """The estimands with the same population, reference, strategies and summary, in the order of the first of them."""
    groups: dict[tuple[object, ...], list[Estimand]] = {}
    for estimand in estimands:
        key = (estimand.population, estimand.reference_arm, estimand.intercurrent_events, estimand.summary)
        groups.setdefault(key, []).append(estimand)
    return list(groups.values())


def attributes(alike: list[Told]) -> Lines:
    """The five attributes of estimands that share all of them but the variable."""
    told = alike[0]
    tell, estimand, words = told.tell, told.estimand, told.tell.words
    sets = {each.id: each for each in tell.analysis.protocol.analysis.sets}
    arms = words.listed([tell.arm(arm) for arm in told.others])
    compared = words("treatments_text", arms=arms, reference=tell.arm(estimand.reference_arm))
    return (
        (words("population"), words.of(sets[estimand.population].label)),
        (words("treatments"), compared),
        (words("endpoint" if len(alike) == 1 else "variables"), words.apart([_variable(each) for each in alike])),
        *_intercurrent(told),
        (words("summary"), words.of(estimand.summary)),
    )


def _variable(told: Told) -> str:
    label, visit = told.tell.words.of(told.endpoint.label), told.tell.visit(told.endpoint.through)
    return told.tell.words("endpoint_through", label=label, visit=visit)


def _intercurrent(told: Told) -> Iterator[tuple[str, str]]:
    words = told.tell.words
    for event in told.estimand.intercurrent_events:
        name = words("event_and_strategy", event=words(f"{event.event}_event"))
        yield name, f"{words(event.strategy)} – {words.of(event.text)}"

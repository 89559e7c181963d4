"""The last pages: deviations, statistical methods, and where the report comes from."""

from collections.abc import Iterator

from equipoise.analysis.course import DEVIATIONS
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import Told
from equipoise.reports.numbers import DASH, share
from equipoise.reports.sensitivity import analysis_words, function_words, method_words
from equipoise.reports.table import Row, Table


def deviations(tell: Teller) -> Iterator[Block]:
    """Deviations by category and site, the important ones first."""
    words, results = tell.words, tell.analysis.results
    yield Heading("deviations", words("deviations"))
    if not any(row.n for row in results.of(DEVIATIONS)):
        yield Paragraph(words("no_deviations"))
        return
    categories = dict.fromkeys(row.level for row in results.of(DEVIATIONS) if row.level and not row.variable)
    lines = [("", "", words("any_deviation"), 0)]
    lines += [("", category, words.reason(category), 1) for category in categories]
    lines += [("important", "", words("important_deviation"), 0)]
    rows = [_deviated(tell, *line) for line in lines]
    rows.append(Row((words("deviations_by_site"),), heading=True))
    rows += [_deviated(tell, "site", site.id, words.of(site.label), 1) for site in tell.analysis.protocol.sites]
    kinds = words.listed([words.reason(code) for code in tell.analysis.protocol.analysis.important_deviations])
    notes = (words("deviations_n", important=kinds or words("none")),)
    yield Table("deviations", words("deviations_title"), ("", *tell.columns()), tuple(rows), notes)


def _deviated(tell: Teller, variable: str, level: str, label: str, indent: int) -> Row:
    cells = []
    for arm in tell.arms:
        people = tell.analysis.results.get(DEVIATIONS, "participants", variable=variable, level=level, arm=arm.id)
        events = tell.analysis.results.count(DEVIATIONS, "events", variable=variable, level=level, arm=arm.id)
        cells.append(f"{share(people.n, people.N)}, {events}" if people is not None else DASH)
    return Row((label, *cells), indent=indent)


def methods(tell: Teller) -> Iterator[Block]:
    """How everything was computed, made from the estimands themselves."""
    words, protocol = tell.words, tell.analysis.protocol
    yield Heading("methods", words("methods"))
    first = protocol.estimands[0] if protocol.estimands else None
    if first is not None:
        labels = {each.id: words.of(each.label) for each in protocol.analysis.sets}
        yield Paragraph(
            words(
                "methods_frame", set=labels[first.population], n=len(tell.analysis.sets[first.population].members),
                level=tell.level, reference=tell.arm(first.reference_arm),
            )
        )  # fmt: skip
    used = {m.function for estimand in protocol.estimands for m in (estimand.method, *estimand.sensitivity)}
    measures = {endpoint.measure for endpoint in protocol.endpoints}
    if "event" in measures:
        yield Paragraph(words("methods_event"))
    if "time_to_event" in measures:
        yield Paragraph(words("methods_time"))
    if "ancova" in used:
        factors = [
            words("site_factor") if name == "site" else tell.name(name) for name in protocol.randomisation.strata
        ]
        yield Paragraph(words("methods_mean", factors=words.listed(factors) or words("none")))
    if "mmrm" in used:
        yield Paragraph(words("methods_repeated"))
    if "reference_based" in used:
        yield Paragraph(words("methods_reference_based"))
    for gap in sorted({endpoint.free_assessments for endpoint in protocol.endpoints if endpoint.measure == "count"}):
        yield Paragraph(words("methods_count", n=gap))
    yield Facts(tuple(estimand_methods(tell)))


def estimand_methods(tell: Teller) -> Iterator[tuple[str, str]]:
    """Each estimand by its label, with its method and its sensitivity analyses in words."""
    words = tell.words
    for estimand in tell.analysis.protocol.estimands:
        told = Told(tell, estimand)
        function, how = function_words(told, estimand.method), method_words(told, estimand.method)
        main = words.bracketed(function, how) if how else function
        others = [
            words.named(words("sensitivity", n=i), analysis_words(told, m))
            for i, m in enumerate(estimand.sensitivity, 1)
        ]
        yield told.label, words.apart([main, *others])


def provenance(tell: Teller) -> Iterator[Block]:
    """Where the report comes from."""
    words, made = tell.words, tell.provenance
    yield Heading("provenance", words("provenance"))
    yield Paragraph(words("provenance_text"))
    lines = [
        (words("protocol_digest"), made.protocol_digest),
        (words("ledger_head"), made.ledger_head),
        (words("acts"), f"{made.acts}"),
        (words("software"), made.software),
        (words("seed"), made.seed),
        (words("arms_seed"), made.arms_seed),
        (words("generated_from"), made.generated_from),
    ]
    yield Facts(tuple((name, value) for name, value in lines if value))

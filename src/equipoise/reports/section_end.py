"""The last pages: deviations, listings of those who left, statistical methods, and where the report comes from."""

from collections.abc import Iterator

from equipoise.analysis import Participant
from equipoise.analysis.course import DEVIATIONS
from equipoise.reports.blocks import Block, Facts, Heading, Paragraph, Teller
from equipoise.reports.estimand_tables import Told
from equipoise.reports.numbers import DASH, share
from equipoise.reports.sensitivity import method_words
from equipoise.reports.table import Row, Table

_FUNCTIONS = {
    "two_proportions": "two_proportions", "survival": "survival", "ancova": "ancova", "mmrm": "mmrm",
    "summary": "summary_function",
}  # fmt: skip


def deviations(tell: Teller) -> Iterator[Block]:
    """Deviations by category and arm."""
    words, results = tell.words, tell.analysis.results
    yield Heading("deviations", words("deviations"))
    categories = list(dict.fromkeys(row.level for row in results.of(DEVIATIONS)))
    if categories == [""] and not any(row.n for row in results.of(DEVIATIONS)):
        yield Paragraph(words("no_deviations"))
        return
    rows = []
    for category in categories:
        cells = []
        for arm in tell.arms:
            people = results.get(DEVIATIONS, "participants", level=category, arm=arm.id)
            events = results.count(DEVIATIONS, "events", level=category, arm=arm.id)
            cells.append(f"{share(people.n, people.N)}, {events}" if people is not None else DASH)
        label = words.reason(category) if category else words("any_deviation")
        rows.append(Row((label, *cells), indent=1 if category else 0))
    yield Table("deviations", words("deviations_title"), ("", *tell.columns()), tuple(rows), (words("deviations_n"),))


def listings(tell: Teller) -> Iterator[Block]:
    """Who was not randomised and why, and who stopped treatment or left."""
    words = tell.words
    yield Heading("listings", words("listings"))
    yield _discontinued(tell)
    yield _screen_failures(tell)


def _screen_failures(tell: Teller) -> Table:
    words, eligibility = tell.words, tell.analysis.protocol.eligibility
    criteria = {c.id: c for c in (*eligibility.inclusion, *eligibility.exclusion)}

    def said(reason: str) -> str:
        return words.named(reason, words.of(criteria[reason].text)) if reason in criteria else words.reason(reason)

    rows = [
        Row(
            (
                one.code,
                one.subject.site,
                _day(one.subject.consent),
                words.apart([*map(said, one.subject.screen_failure)]),
            )
        )
        for one in tell.analysis.cohort.everybody
        if one.subject.screen_failure
    ]
    columns = (words("subject"), words("site_factor"), words("screened_on"), words("reason"))
    empty = () if rows else (words("nobody"),)
    return Table(
        "screen_failures", words("screen_failures"), columns, tuple(rows), empty, frozenset({0, 1, 2, 3}),
        (1.0, 0.7, 1.1, 6.0),
    )  # fmt: skip


def _discontinued(tell: Teller) -> Table:
    words = tell.words
    rows = [row for one in tell.analysis.cohort.randomised for row in _left(tell, one)]
    columns = (words("subject"), words("arm"), words("what"), words("day"), words("reason"))
    empty = () if rows else (words("nobody"),)
    return Table(
        "discontinued", words("discontinued"), columns, tuple(rows), empty, frozenset({0, 1, 2, 4}),
        (1.0, 1.4, 2.2, 0.6, 2.4),
    )  # fmt: skip


def _left(tell: Teller, one: Participant) -> Iterator[Row]:
    words, subject, arm = tell.words, one.subject, tell.arm(one.arm)
    if subject.treatment_stopped is not None:
        reason = words.reason(subject.stopped_because or "unstated")
        yield Row((one.code, arm, words("treatment_stopped"), str(one.day(subject.treatment_stopped)), reason))
    if subject.ended is not None and subject.how_ended != "completed":
        reason = words.reason(subject.ended_because) if subject.ended_because else ""
        yield Row((one.code, arm, words.reason(subject.how_ended), str(one.day(subject.ended)), reason))


def _day(day: object) -> str:
    return str(day) if day is not None else DASH


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
    yield Facts(tuple(_estimand_methods(tell)))


def _estimand_methods(tell: Teller) -> Iterator[tuple[str, str]]:
    words = tell.words
    for estimand in tell.analysis.protocol.estimands:
        told = Told(tell, estimand)
        main = words.bracketed(words(_FUNCTIONS[estimand.method.function]), method_words(told, estimand.method))
        others = [
            words.named(words("sensitivity", n=i), method_words(told, m)) for i, m in enumerate(estimand.sensitivity, 1)
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
        (words("generated_from"), made.generated_from),
    ]
    yield Facts(tuple((name, value) for name, value in lines if value))

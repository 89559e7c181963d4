"""The first pages: what the trial is, who took part, and how it went."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.baseline import BASELINE, Variable, variable
from equipoise.analysis.course import ATTENDANCE
from equipoise.analysis.flow import FLOW
from equipoise.reports.blocks import Block, Facts, Heading, Teller
from equipoise.reports.figures import attendance_strip, enrolment, participant_flow
from equipoise.reports.numbers import DASH, places_for, plain, share
from equipoise.reports.table import Row, Table


def trial(tell: Teller) -> Iterator[Block]:
    """The facts of the title page."""
    words, study = tell.words, tell.analysis.protocol.study
    yield Heading("facts", words("facts"))
    lines = [
        (words("registration"), "; ".join(f"{name} {id_}" for name, id_ in study.registrations.items())),
        (words("sponsor"), words.of(study.sponsor)),
        (words("investigators"), words.apart([words.of(person) for person in study.investigators])),
        (words("condition"), words.listed([words.of(condition) for condition in study.conditions])),
        (words("phase"), study.phase),
        (words("design"), _design(tell)),
        (words("size"), _size(tell)),
        (words("period"), _period(tell)),
        (words("sites"), words.listed([words.of(site.label) for site in tell.analysis.protocol.sites])),
        (words("protocol_version"), _version(tell)),
        (words("data_are"), _data(tell)),
    ]
    yield Facts(tuple((name, value) for name, value in lines if value))


def _design(tell: Teller) -> str:
    words, protocol = tell.words, tell.analysis.protocol
    ratio = protocol.randomisation.ratio
    factors = [words("site_factor") if name == "site" else tell.name(name) for name in protocol.randomisation.strata]
    return words(
        "design_text",
        model=words(protocol.study.model),
        ratio=":".join(str(ratio[arm.id]) for arm in tell.arms),
        arms=words.listed(tell.columns()),
        strata=words.listed(factors) or words("none"),
        masked=words.listed([words(who) for who in protocol.masking.masked]) or words("none"),
    )


def _size(tell: Teller) -> str:
    results, study = tell.analysis.results, tell.analysis.protocol.study
    return tell.words(
        "size_text",
        planned=study.planned_participants,
        screened=results.count(FLOW, "assessed"),
        randomised=results.count(FLOW, "randomised"),
    )


def _period(tell: Teller) -> str:
    days = sorted(on for one in tell.analysis.cohort.randomised if (on := one.subject.randomised) is not None)
    return tell.words("period_text", first=days[0], last=days[-1]) if days else ""


def _version(tell: Teller) -> str:
    protocol = tell.analysis.protocol
    return tell.words("protocol_version_text", version=protocol.version, dated=protocol.dated)


def _data(tell: Teller) -> str:
    cohort = tell.analysis.cohort
    said = [tell.words("data_simulated" if cohort.snapshot.simulated else "data_real")]
    return tell.words.apart([*said, tell.words("data_dummy")] if cohort.dummy else said)


def course(tell: Teller) -> Iterator[Block]:
    """Participant flow, analysis sets, recruitment and attendance."""
    words = tell.words
    yield Heading("flow", words("flow"))
    yield participant_flow(tell.analysis, words)
    yield _sets(tell)
    yield Heading("course", words("course"))
    yield enrolment(tell.analysis, words)
    yield attendance_strip(tell.analysis, words)
    yield _attendance(tell)


def _sets(tell: Teller) -> Table:
    words, count = tell.words, tell.analysis.results.count
    rows: list[Row] = []
    for wanted in tell.analysis.protocol.analysis.sets:
        numbers = [count(FLOW, "analysed", level=wanted.id, arm=arm.id) for arm in tell.arms]
        rows.append(Row((words.of(wanted.label), *map(str, numbers), str(sum(numbers)))))
        out = [row for row in tell.analysis.results.of(FLOW, "not_analysed") if row.variable == wanted.id]
        for reason in dict.fromkeys(row.level for row in out):
            n = [row.n or 0 for row in out if row.level == reason]
            rows.append(Row((words.reason(reason), *(f"−{k}" if k else "0" for k in n), f"−{sum(n)}"), indent=1))
    return Table("sets", words("sets_title"), ("", *tell.columns(), words("all")), tuple(rows))


def _attendance(tell: Teller) -> Table:
    words, results = tell.words, tell.analysis.results
    keys = {"site": "at_site", "home": "home", "remote": "remote", "missed": "missed", "unrecorded": "unrecorded"}
    found = {arm.id: results.get(ATTENDANCE, "visits", level="site", arm=arm.id) for arm in tell.arms}
    due = [row.N or 0 if row is not None else 0 for row in found.values()]
    rows = [Row((words("visits_due"), *map(str, due)))]
    for level, key in keys.items():
        cells = [results.get(ATTENDANCE, "visits", level=level, arm=arm.id) for arm in tell.arms]
        if level in ("site", "missed") or any(cell is not None and cell.n for cell in cells):
            rows.append(Row((words(key), *(share(c.n, c.N) if c else DASH for c in cells)), indent=1))
    return Table("attendance", words("attendance_table"), ("", *tell.columns()), tuple(rows))


def baseline(tell: Teller) -> Iterator[Block]:
    """Who took part, by arm and in all."""
    words = tell.words
    yield Heading("baseline", words("baseline"))
    yield baseline_table(tell)


def baseline_table(tell: Teller) -> Table:
    """The baseline table: without tests, with what is missing."""
    words, count = tell.words, tell.analysis.results.count
    sizes = [count(FLOW, "allocated", arm=arm.id) for arm in tell.arms]
    columns = [f"{label} (n = {n})" for label, n in zip(tell.columns(), sizes, strict=True)]
    rows = [
        row
        for name in tell.analysis.protocol.analysis.baseline
        for row in _variable(tell, variable(name, tell.analysis.cohort))
    ]
    return Table(
        "baseline", words("baseline_title"), (words("variable"), *columns, f"{words('all')} (n = {sum(sizes)})"),
        tuple(rows), (words("baseline_note"),),
    )  # fmt: skip


def _variable(tell: Teller, shape: Variable) -> Iterator[Row]:
    words, groups = tell.words, (*(arm.id for arm in tell.arms), "")
    name = words.unit(words.of(shape.label), shape.unit)
    blank = ("",) * len(groups)
    if shape.levels and [code for code, _ in shape.levels] == ["yes", "no"]:
        yield Row((name, *(_count(tell, shape.name, "yes", arm) for arm in groups)))
    elif shape.levels:
        yield Row((name, *blank))
        for code, label in shape.levels:
            cells = [_count(tell, shape.name, code, arm) for arm in groups]
            if any(cell not in (DASH, "0") and not cell.startswith("0 ") for cell in cells):
                yield Row((words.of(label), *cells), indent=1)
    else:
        yield from _number_rows(tell, shape.name, name, groups)
    missing = [_missing(tell, shape, arm) for arm in groups]
    if any(missing):
        yield Row((words("missing"), *map(str, missing)), indent=1)


def _number_rows(tell: Teller, variable_: str, name: str, groups: tuple[str, ...]) -> Iterator[Row]:
    def of(statistic: str, arm: str) -> Statistic | None:
        return tell.analysis.results.get(BASELINE, statistic, variable=variable_, arm=arm)

    spread = [row.estimate for row in (of("mean", arm) for arm in groups) if row and row.estimate is not None]
    places = min(places_for(spread), 1) if spread and max(map(abs, spread)) >= 1 else 2

    def number(statistic: str, arm: str) -> str:
        row = of(statistic, arm)
        return plain(row.estimate if row else None, places)

    mean = [f"{number('mean', arm)} ({number('sd', arm)})" for arm in groups]
    quartiles = [
        f"{number('median', arm)} [{number('lower_quartile', arm)}, {number('upper_quartile', arm)}]" for arm in groups
    ]
    yield Row((name, *mean))
    yield Row((tell.words("median_quartiles"), *quartiles), indent=1)


def _count(tell: Teller, name: str, level: str, arm: str) -> str:
    row = tell.analysis.results.get(BASELINE, "count", variable=name, level=level, arm=arm)
    return share(row.n, row.N) if row is not None else DASH


def _missing(tell: Teller, shape: Variable, arm: str) -> int:
    if shape.levels:
        return tell.analysis.results.count(BASELINE, "missing", variable=shape.name, arm=arm)
    row = tell.analysis.results.get(BASELINE, "mean", variable=shape.name, arm=arm)
    return (row.N or 0) - (row.n or 0) if row is not None else 0

"""Medication beside the study treatment: by class and drug, and the dose of the drug that the protocol follows."""

from collections.abc import Iterator

from equipoise.analysis.background_dose import BACKGROUND
from equipoise.analysis.medication import MEDICATION
from equipoise.protocol.names import label_of
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.codes import coded
from equipoise.reports.event_tables import sized
from equipoise.reports.exposure_tables import set_of
from equipoise.reports.numbers import DASH, plain, share
from equipoise.reports.table import Row, Table

_PLACES = {"mean": 1, "cumulative": 0, "days": 0}


def medication(tell: Teller) -> Iterator[Block]:
    """What else participants took, where the protocol asks it."""
    asked = tell.analysis.protocol.safety
    if asked.medication is None and asked.background_dose is None:
        return
    yield Heading("safety-medication", tell.words("medication"), 3)
    if asked.background_dose is not None:
        yield background_table(tell)
    if asked.medication is not None:
        taken = any(row.n for row in tell.analysis.results.of(MEDICATION))
        yield medication_table(tell) if taken else Paragraph(tell.words("no_medication"))


def background_table(tell: Teller) -> Table:
    """The dose of one drug over the trial, such as prednisone: its daily mean, in all, and how many took much."""
    words, asked = tell.words, tell.analysis.protocol.safety.background_dose
    if asked is None:
        raise ValueError("the protocol follows no background dose")
    label, unit = label_of(asked.variable, tell.analysis.protocol)
    daily = words.units(unit)
    rows = [row for variable in _PLACES for row in _doses(tell, variable, daily)]
    if asked.high is not None:
        above = [tell.analysis.results.get(BACKGROUND, "above", arm=arm.id) for arm in tell.arms]
        line = words("background_above", high=f"{asked.high} {daily}".rstrip())
        rows.append(Row((line, *(share(row.n, row.N) if row else DASH for row in above))))
    title = words("background_title", label=words.of(label), set=set_of(tell))
    return Table("background_dose", title, ("", *tell.columns()), tuple(rows), (words("background_note"),))


def _doses(tell: Teller, variable: str, daily: str) -> Iterator[Row]:
    """How many, mean (SD); below, median [quartiles]."""

    def of(statistic: str, arm: str) -> str:
        row = tell.analysis.results.get(BACKGROUND, statistic, variable=variable, arm=arm)
        return plain(row.estimate if row else None, _PLACES[variable])

    def known(arm: str) -> int:
        row = tell.analysis.results.get(BACKGROUND, "mean", variable=variable, arm=arm)
        return row.n or 0 if row else 0

    means, quartiles = [], []
    for arm in (arm.id for arm in tell.arms):
        means.append(f"{known(arm)}; {of('mean', arm)} ({of('sd', arm)})" if known(arm) else DASH)
        middle = f"{of('median', arm)} [{of('lower_quartile', arm)}, {of('upper_quartile', arm)}]"
        quartiles.append(middle if known(arm) else DASH)
    units = {"mean": daily, "cumulative": daily.split("/")[0], "days": ""}
    name = tell.words.unit(tell.words(f"background_{variable}"), units[variable])
    yield Row((tell.words.named(name, tell.words("n_mean_sd")), *means))
    yield Row((tell.words("median_quartiles"), *quartiles), indent=1)


def medication_table(tell: Teller) -> Table:
    """Participants by class and drug, each counted once in a line; the most frequent first."""
    words, rows = tell.words, [Row((tell.words("any_medication"), *_cells(tell, "any", "")))]
    for drug_class in _by_frequency(tell, "class"):
        rows.append(Row((_class(tell, drug_class), *_cells(tell, "class", drug_class))))
        variable = f"drug/{drug_class}"
        rows += [
            Row((drug or words("not_known"), *_cells(tell, variable, drug)), indent=1)
            for drug in _by_frequency(tell, variable)
        ]
    title = words("medication_title", set=set_of(tell))
    return Table("medication", title, ("", *sized(tell)), tuple(rows), (words("medication_note"),), folded=True)


def _class(tell: Teller, code: str) -> str:
    asked = tell.analysis.protocol.safety.medication
    return coded(tell, asked.form, asked.drug_class, code) if asked is not None else code


def _by_frequency(tell: Teller, variable: str) -> list[str]:
    counts: dict[str, int] = {}
    for row in tell.analysis.results.of(MEDICATION, "participants"):
        if row.variable == variable:
            counts[row.level] = counts.get(row.level, 0) + (row.n or 0)
    return sorted(counts, key=lambda level: (-counts[level], level))


def _cells(tell: Teller, variable: str, level: str) -> list[str]:
    found = (
        tell.analysis.results.get(MEDICATION, "participants", variable=variable, level=level, arm=arm.id)
        for arm in tell.arms
    )
    return [share(row.n, row.N) if row is not None else DASH for row in found]

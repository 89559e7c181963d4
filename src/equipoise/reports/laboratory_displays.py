"""The laboratory in tables: results and changes, shifts against the limits of normal, and shifts of CTCAE grades."""

from collections.abc import Iterator, Sequence

from equipoise.analysis import Statistic
from equipoise.analysis.laboratory import HIGH, LOW, NORMAL, UNKNOWN, analysed_analytes
from equipoise.analysis.laboratory_tables import BOTH, CHANGE, GRADED, GRADES, SHIFT, STATES, VALUE
from equipoise.reports.blocks import Teller
from equipoise.reports.exposure_tables import set_of
from equipoise.reports.numbers import DASH, places_for, plain, share
from equipoise.reports.table import Row, Table

_STATES = {LOW: "low", NORMAL: "normal", HIGH: "high", BOTH: "low_and_high", UNKNOWN: "not_known"}


def analytes(tell: Teller) -> dict[str, str]:
    """The analytes of which there are results, with their names and units."""
    items = analysed_analytes(tell.analysis.cohort)
    seen = dict.fromkeys(row.analyte for row in tell.analysis.laboratory)
    return {name: tell.words.unit(tell.words.of(items[name].label), items[name].unit) for name in seen}


def values_table(tell: Teller) -> Table:
    """Each analyte at baseline and at the last visit with results, and its change."""
    rows: list[Row] = []
    for analyte, label in analytes(tell).items():
        visits = _visits(tell, analyte)
        rows += [Row((label,), heading=True), *_values(tell, analyte, visits[:1])]
        rows += _values(tell, analyte, visits[1:][-1:])
    return _by_arm(tell, "laboratory", "laboratory_title", rows)


def visits_table(tell: Teller) -> Table:
    """Each analyte at every visit, for the files beside the report."""
    rows: list[Row] = []
    for analyte, label in analytes(tell).items():
        rows += [Row((label,), heading=True), *_values(tell, analyte, _visits(tell, analyte))]
    return _by_arm(tell, "laboratory_visits", "laboratory_visits_title", rows)


def _by_arm(tell: Teller, id_: str, title: str, rows: Sequence[Row]) -> Table:
    notes = ["laboratory_note", *(["laboratory_dummy"] if tell.analysis.cohort.dummy else [])]
    heading = tell.words(title, set=set_of(tell))
    return Table(id_, heading, ("", *tell.columns()), tuple(rows), tuple(tell.words(note) for note in notes))


def _visits(tell: Teller, analyte: str) -> list[str]:
    """The visits with results, the baseline first."""
    return list(dict.fromkeys(row.level for row in tell.analysis.results.of(VALUE, "mean") if row.variable == analyte))


def _values(tell: Teller, analyte: str, visits: Sequence[str]) -> Iterator[Row]:
    for visit in visits:
        yield Row((tell.visit(visit), *(_mean(tell, VALUE, analyte, visit, arm.id) for arm in tell.arms)), indent=1)
        if visit != tell.analysis.protocol.schedule.baseline:
            cells = (_mean(tell, CHANGE, analyte, visit, arm.id) for arm in tell.arms)
            yield Row((tell.words("change_at", visit=tell.visit(visit)), *cells), indent=1)


def _mean(tell: Teller, analysis: str, analyte: str, visit: str, arm: str) -> str:
    """How many, the mean and the standard deviation: "98; 22.4 (9.0)"."""
    mean = tell.analysis.results.get(analysis, "mean", variable=analyte, level=visit, arm=arm)
    sd = tell.analysis.results.get(analysis, "sd", variable=analyte, level=visit, arm=arm)
    if mean is None or not mean.n:
        return DASH
    places = _places(tell, analyte)
    spread = f" ({plain(sd.estimate, places)})" if sd is not None and sd.estimate is not None else ""
    return f"{mean.n}; {plain(mean.estimate, places)}{spread}"


def _places(tell: Teller, analyte: str) -> int:
    rows = tell.analysis.results.of(VALUE, "mean")
    found = [row.estimate for row in rows if row.variable == analyte and row.estimate is not None]
    return places_for([max(found, default=0.0)])


# --- Shifts -----------------------------------------------------------------------------------------------------------


def shift_table(tell: Teller) -> Table:
    """From the state at baseline to the worst one after it, of each analyte and arm; lines without people left out."""
    labels = {state: tell.words(key) for state, key in _STATES.items()}
    return _crossed(tell, "laboratory_shift", SHIFT, "shift", [*STATES], labels)


def grades_table(tell: Teller) -> Table:
    """From the CTCAE grade at baseline to the highest one after it."""
    labels = {grade: tell.words("grade", grade=grade) if grade else tell.words("not_known") for grade in GRADED}
    return _crossed(tell, "laboratory_grades", GRADES, "grades", [*GRADED], labels)


def _crossed(tell: Teller, id_: str, analysis: str, key: str, after: Sequence[str], labels: dict[str, str]) -> Table:
    """A shift table: a line for each arm and state at baseline, a column for what came after."""
    names, words = analytes(tell), tell.words
    seen = [column for column in after if any(r.n for r in tell.analysis.results.of(analysis, f"to {column}"))]
    rows: list[Row] = []
    for analyte in dict.fromkeys(row.variable for row in tell.analysis.results.of(analysis)):
        rows.append(Row((names[analyte],), heading=True))
        rows += _lines(tell, analysis, analyte, seen, labels)
    columns = (words("arm_and_baseline"), *(labels[column] for column in seen), words("all"))
    return Table(id_, words(f"{key}_title", set=set_of(tell)), columns, tuple(rows), (words(f"{key}_note"),))


def _lines(tell: Teller, analysis: str, analyte: str, seen: Sequence[str], labels: dict[str, str]) -> Iterator[Row]:
    for arm in tell.arms:
        for before in labels:
            cells = [
                tell.analysis.results.get(analysis, f"to {column}", variable=analyte, level=before, arm=arm.id)
                for column in seen
            ]
            total = next((cell.N for cell in cells if cell is not None), None)
            if total:
                label = tell.words("shift_line", arm=tell.arm(arm.id), state=labels[before])
                yield Row((label, *map(_cell, cells), str(total)), indent=1)


def _cell(cell: Statistic | None) -> str:
    """A count with its share; a dot where there is nobody, so that the eye finds the others."""
    return share(cell.n, cell.N) if cell is not None and cell.n else "0"

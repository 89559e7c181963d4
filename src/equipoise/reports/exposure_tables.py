"""Exposure in tables: doses given and left out, for how long, in what amount, and how many were given how many."""

from collections.abc import Iterator

from equipoise.analysis.exposure import EXPOSURE
from equipoise.analysis.safety import safety_set
from equipoise.reports.blocks import Teller
from equipoise.reports.codes import labels_of
from equipoise.reports.numbers import DASH, plain, share
from equipoise.reports.table import Row, Table


def set_of(tell: Teller) -> str:
    """The set in which safety is described, in words."""
    return tell.words.of(safety_set(tell.analysis.cohort).label)


def exposure_table(tell: Teller) -> Table:
    """Doses per participant, how they were given, for how long, how much in all, and why treatment stopped."""
    due = tell.analysis.results.count(EXPOSURE, "doses_due")
    rows = [
        *_amounts(tell, due), *_times(tell), *_how(tell), *_left_out(tell),
        *_counts(tell, "stopped", tell.words("stopped_treatment")),
    ]  # fmt: skip
    notes = [tell.words("exposure_note"), *([tell.words("amount_note")] if _has_amounts(tell) else [])]
    return Table(
        "exposure", tell.words("exposure_title", set=set_of(tell)), ("", *tell.columns()), tuple(rows), tuple(notes),
    )  # fmt: skip


def _amounts(tell: Teller, due: int) -> Iterator[Row]:
    words, arms, results = tell.words, tell.arms, tell.analysis.results
    full = [results.get(EXPOSURE, "all_doses", arm=arm.id) for arm in arms]
    yield Row((words("size"), *(str(row.N) if row else DASH for row in full)))
    yield Row((words("doses"), *(_mean_sd(tell, "doses", arm.id) for arm in arms)))
    yield Row((words("doses_median"), *(_quartiles(tell, "doses", arm.id) for arm in arms)), indent=1)
    yield _people(tell, words("all_doses", n=due), "all_doses")
    yield _people(tell, words("enough_doses", n=due), "enough_doses")
    yield Row((words("doses_in_all"), *(str(results.count(EXPOSURE, "doses_in_all", arm=arm.id)) for arm in arms)))
    units = {arm.dose.unit for arm in arms if arm.dose is not None}
    if _has_amounts(tell):
        label = words("amount", unit=words.listed([words.units(unit) for unit in sorted(units)]))
        yield Row((label, *(_mean_sd(tell, "amount", arm.id) for arm in arms)))
    yield Row((words("compliance"), *(_mean_sd(tell, "compliance", arm.id) for arm in arms)))


def _has_amounts(tell: Teller) -> bool:
    return any(row.variable == "amount" for row in tell.analysis.results.of(EXPOSURE))


def _times(tell: Teller) -> Iterator[Row]:
    words, results = tell.words, tell.analysis.results
    yield Row((words("duration"), *(_mean_sd(tell, "duration_days", arm.id) for arm in tell.arms)))
    for statistic in ("treatment_years", "observation_years"):
        found = [results.get(EXPOSURE, statistic, arm=arm.id) for arm in tell.arms]
        yield Row((words(statistic), *(plain(row.estimate if row else None) for row in found)))


def _how(tell: Teller) -> Iterator[Row]:
    """Of the doses given, those that were interrupted, not whole or late; only what the form asks."""
    words, asked = tell.words, tell.analysis.protocol.treatment.administration
    told = {
        "interrupted": asked is not None and asked.interrupted is not None,
        "not_whole": asked is not None and asked.whole is not None, "outside_window": True,
    }  # fmt: skip
    yield Row((words("doses_given_how"),), heading=True)
    for level in (level for level, there in told.items() if there):
        found = [tell.analysis.results.get(EXPOSURE, "doses_with", level=level, arm=arm.id) for arm in tell.arms]
        yield Row((words(f"{level}_doses"), *(share(row.n, row.N) if row else DASH for row in found)), indent=1)


def _left_out(tell: Teller) -> Iterator[Row]:
    asked = tell.analysis.protocol.treatment
    yield Row((tell.words("doses_expected"),), heading=True)
    because = asked.administration.because if asked.administration is not None else None
    labels = labels_of(tell.analysis.protocol, asked.form, because) if because else {}
    said = {code: tell.words.of(label) for code, label in labels.items()}
    yield from _counts(tell, "not_given", tell.words("not_given_doses"), said, indent=1)
    yield from _counts(tell, "not_confirmed", tell.words("not_confirmed_doses"), indent=1)


def _counts(
    tell: Teller, statistic: str, label: str, said: dict[str, str] | None = None, *, indent: int = 0
) -> Iterator[Row]:
    """A count of each arm and, below it, by reason."""
    yield _people(tell, label, statistic, indent=indent)
    reasons = dict.fromkeys(row.level for row in tell.analysis.results.of(EXPOSURE, statistic) if row.level)
    for reason in reasons:
        words = (said or {}).get(reason) or tell.words.reason(reason)
        yield _people(tell, words, statistic, level=reason, indent=indent + 1)


def _people(tell: Teller, label: str, statistic: str, *, level: str = "", indent: int = 0) -> Row:
    """Counts of their total; where an arm has none with a reason, none of the arm's total."""
    cells = []
    for arm in tell.arms:
        whole = tell.analysis.results.get(EXPOSURE, statistic, arm=arm.id)
        row = tell.analysis.results.get(EXPOSURE, statistic, level=level, arm=arm.id)
        cells.append(share(row.n if row else 0, whole.N) if whole is not None else DASH)
    return Row((label, *cells), indent=indent)


def _of(tell: Teller, statistic: str, variable: str, arm: str) -> float | None:
    row = tell.analysis.results.get(EXPOSURE, statistic, variable=variable, arm=arm)
    return row.estimate if row is not None else None


def _mean_sd(tell: Teller, variable: str, arm: str) -> str:
    mean = _of(tell, "mean", variable, arm)
    return DASH if mean is None else f"{plain(mean)} ({plain(_of(tell, 'sd', variable, arm))})"


def _quartiles(tell: Teller, variable: str, arm: str) -> str:
    if _of(tell, "median", variable, arm) is None:
        return DASH
    names = ("median", "lower_quartile", "upper_quartile", "minimum", "maximum")
    median, lower, upper, least, most = (plain(_of(tell, name, variable, arm), 0) for name in names)
    return f"{median} [{lower}, {upper}]; {least}–{most}"


def distribution_table(tell: Teller) -> Table:
    """How many participants were given each number of doses."""
    due = tell.analysis.results.count(EXPOSURE, "doses_due")
    rows = [_people_given(tell, number) for number in range(due + 1)]
    return Table(
        "doses_given", tell.words("distribution_title", set=set_of(tell)),
        (tell.words("number_of_doses"), *tell.columns()), tuple(rows), folded=True,
    )  # fmt: skip


def _people_given(tell: Teller, number: int) -> Row:
    found = [tell.analysis.results.get(EXPOSURE, "number", level=str(number), arm=arm.id) for arm in tell.arms]
    return Row((str(number), *(share(row.n, row.N) if row else DASH for row in found)))

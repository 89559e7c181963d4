"""Who was randomised: each baseline variable by arm and in all, described and never tested."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant, baseline_value, number
from equipoise.analysis.description import described
from equipoise.items import STATES, Value, write
from equipoise.protocol.names import codes_of, names_of
from equipoise.protocol.schema import Label, Protocol

BASELINE = "baseline"
ALL = ""  # the column of everybody randomised
YES, NO = Label(en="Yes", zh="是"), Label(en="No", zh="否")
_STATES = {
    "present": Label(en="Present", zh="存在"), "absent": Label(en="Absent", zh="不存在"),
    "not_attributable": Label(en="Not due to the disease", zh="与本病无关"),
    "not_assessed": Label(en="Not assessed", zh="未评估"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable with its label, its unit and, if it is a category, its levels with theirs."""

    name: str
    label: Label
    unit: str
    levels: tuple[tuple[str, Label], ...]  # empty for a number


def variable(name: str, cohort: Cohort) -> Variable:
    """What a name is called and whether it is a number or a category.

    A derivation is what its values are: a number, or a category with the levels that occur.
    """
    protocol = cohort.protocol
    names = names_of(protocol)
    if name == "site":
        return Variable(name, Label(en="Site", zh="研究中心"), "", tuple((s.id, s.label) for s in protocol.sites))
    if name in names.items:
        item = names.items[name].item
        levels = _item_levels(item.type, codes_of(item, protocol), item.codes, protocol)
        return Variable(name, item.label, item.unit, levels)
    derivation = names.derivations[name]
    values = {baseline_value(one, name, protocol) for one in cohort.randomised} - {None}
    return Variable(name, derivation.label, derivation.unit, _found_levels(values))


def _item_levels(kind: str, codes: tuple[str, ...], listed: str, protocol: Protocol) -> tuple[tuple[str, Label], ...]:
    if kind == "yes_no":
        return (("yes", YES), ("no", NO))
    if kind == "state":
        return tuple((state, _STATES[state]) for state in STATES)
    if kind == "choice":
        labels = {entry.code: entry.label for entry in protocol.code_lists[listed]}
        return tuple((code, labels[code]) for code in codes)
    return ()


def _found_levels(values: set[Value | None]) -> tuple[tuple[str, Label], ...]:
    if any(isinstance(value, bool) for value in values):
        return (("yes", YES), ("no", NO))
    found = {value for value in values if isinstance(value, str)}
    known = [state for state in STATES if state in found]
    return tuple((code, _STATES.get(code, Label(en=code))) for code in (*known, *sorted(found - set(known))))


def baseline(cohort: Cohort) -> Iterator[Statistic]:
    """Each variable of the baseline table, by arm and for everybody randomised."""
    groups: list[tuple[str, Sequence[Participant]]] = [(arm, cohort.in_arm(arm)) for arm in cohort.arms]
    for name in cohort.protocol.analysis.baseline:
        shape = variable(name, cohort)
        for arm, people in (*groups, (ALL, cohort.randomised)):
            values = [baseline_value(one, name, cohort.protocol) for one in people]
            yield from _one(shape, arm, values)


def _one(shape: Variable, arm: str, values: list[Value | None]) -> Iterator[Statistic]:
    if not shape.levels:
        numbers = [number(value) for value in values]
        yield from described(numbers, analysis=BASELINE, variable=shape.name, arm=arm, total=len(values))
        return
    written = Counter(str(write(value)) for value in values if value is not None)
    known = sum(written.values())
    for code, _ in shape.levels:
        yield Statistic(
            analysis=BASELINE, statistic="count", variable=shape.name, level=code, arm=arm, n=written[code], N=known
        )
    missing = len(values) - known
    yield Statistic(analysis=BASELINE, statistic="missing", variable=shape.name, arm=arm, n=missing, N=len(values))

"""What a name in a rule stands for: its kind, the codes it can be, and its unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from equipoise.instruments import InstrumentError, Output, get
from equipoise.items.item import STATES, ItemType
from equipoise.items.meaning import DATE, NUMBER, TEXT, TRUTH
from equipoise.items.problem import unknown
from equipoise.protocol.checks.draft import Draft
from equipoise.protocol.names import LIMITS, OF_VISIT, REPORT, Asked, codes_of
from equipoise.protocol.schema import Derivation

KIND_OF_TYPE: Final[Mapping[ItemType, str]] = {
    "text": TEXT, "choice": TEXT, "state": TEXT, "integer": NUMBER, "decimal": NUMBER,
    "yes_no": TRUTH, "link": TEXT, "date": DATE, "partial_date": DATE,
}  # fmt: skip
AN: Final = {TEXT: "a text", NUMBER: "a number", TRUTH: "a truth value", DATE: "a date"}
_TIMES: Final = ("previous", "last", "baseline")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of a value, the codes it can be (None: any text), and its unit; an empty kind is not known."""

    kind: str = ""
    codes: tuple[str, ...] | None = None
    unit: str = ""

    def __str__(self) -> str:
        return AN.get(self.kind, "something")


NOT_KNOWN: Final = Meaning()
TRUE_OR_FALSE: Final = Meaning(TRUTH)
A_NUMBER: Final = Meaning(NUMBER)
A_DATE: Final = Meaning(DATE)


def outputs_of(derivation: Derivation) -> dict[str, Output]:
    """The results a derivation's instrument has; none for a rule."""
    try:
        instrument = get(derivation.instrument or "")
    except InstrumentError:
        return {}
    return {output.id: output for output in instrument.outputs}


def of_output(output: Output, unit: str = "") -> Meaning:
    """What a result of an instrument is."""
    codes = STATES if output.type == "state" else output.codes
    return Meaning(KIND_OF_TYPE[output.type], codes or None, unit or output.unit)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a rule reads or does that cannot be right."""

    id: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a rule can read: those of the row it stands on, if it stands on a log, and those of the participant."""

    draft: Draft
    derived: Mapping[str, Meaning]

    def meaning(self, name: str, row: str = "") -> Meaning | Fault:
        """What a name stands for, or why it stands for nothing."""
        names = self.draft.names
        if row and name in names.logs.get(row, ()):
            return self._of_item(names.logs[row][name])
        if name in names.items:
            return self._of_item(names.items[name])
        if name in names.derivations:
            return self.derived[name]
        if name == "site":
            return Meaning(TEXT, tuple(site.id for site in self.draft.protocol.sites))
        return self._dotted(name, row)

    def _of_item(self, asked: Asked) -> Meaning:
        kind = KIND_OF_TYPE[asked.item.type]
        codes = codes_of(asked.item, self.draft.protocol) if asked.item.type in ("choice", "state") else None
        return Meaning(kind, codes or None, asked.item.unit)

    def _dotted(self, name: str, row: str) -> Meaning | Fault:
        head, _, tail = name.partition(".")
        if head == "visit" and tail in OF_VISIT:
            return A_DATE if tail == "date" else A_NUMBER
        if name == "consent.date":
            return A_DATE
        if tail and (head in _TIMES or head in self.draft.names.visits):
            return self.meaning(tail)
        if tail in LIMITS:
            return self._limit(head, tail)
        if tail in REPORT:
            return self._report(head, tail, row)
        if head in self.draft.names.derivations and tail:
            return self._result(self.draft.names.derivations[head], tail)
        return self._unknown(name, row)

    def _result(self, derivation: Derivation, result: str) -> Meaning | Fault:
        """One of the results of a derivation's instrument."""
        outputs = outputs_of(derivation)
        if result in outputs:
            return of_output(outputs[result])
        return Fault("protocol.E131", unknown(f"result of {derivation.id}", result, outputs))

    def _limit(self, head: str, tail: str) -> Meaning | Fault:
        names = self.draft.names
        asked = names.items.get(head)
        if asked is None:
            return self._unknown(head, "")
        key = "upper" if tail == "uln" else "lower"
        ranges = [r for r in self.draft.protocol.laboratory.ranges if r.analyte == asked.item.analyte]
        if not ranges or any(getattr(limits, key) is None for limits in ranges):
            return Fault(
                "protocol.E136",
                f"There is no {key} limit of normal for {head!r}.",
                f"Give the item an `analyte:` whose laboratory range has `{key}:`.",
            )
        return Meaning(NUMBER, unit=asked.item.unit)

    def _report(self, head: str, tail: str, row: str) -> Meaning | Fault:
        """What stands on the laboratory's report, of an item that takes a sign or several units."""
        names = self.draft.names
        asked = names.logs.get(row, {}).get(head) or names.items.get(head)
        if asked is None:
            return self._unknown(head, row)
        if asked.item.beyond is None and not asked.item.units:
            return Fault(
                "protocol.E119", f"{head!r} is a plain number, and {head}.{tail} would say nothing more.",
                f"Write {head}, or give the item `beyond:`.",
            )  # fmt: skip
        return Meaning(NUMBER, unit=asked.item.unit) if tail == "reported" else TRUE_OR_FALSE

    def _unknown(self, name: str, row: str) -> Fault:
        names = self.draft.names
        if name in names.groups:
            return Fault("protocol.E131", f"{name!r} is a group of items.", f'Write {name}.count("…") with a code.')
        elsewhere = [form for form, items in names.logs.items() if name in items]
        if elsewhere:
            hint = "Only rules about a row of that form can read it."
            return Fault("protocol.E131", f"{name!r} is asked in the rows of {elsewhere[0]!r}.", hint)
        return Fault("protocol.E131", unknown("item or derivation", name, self._readable(row)))

    def _readable(self, row: str) -> tuple[str, ...]:
        names = self.draft.names
        prefixes = (f"{head}." for head in ("visit", "consent", *_TIMES, *names.visits))
        return (*names.logs.get(row, ()), *names.items, *names.derivations, "site", *prefixes)

    def group(self, dotted: str) -> tuple[str, ...] | None:
        """The codes of a group's items, the group alone or at another visit; None if there is no such group."""
        head, _, tail = dotted.partition(".")
        if tail and (head in _TIMES or head in self.draft.names.visits):
            return self.group(tail)
        items = [self.draft.names.items[item].item for item in self.draft.names.groups.get(dotted, ())]
        codes = dict.fromkeys(code for item in items for code in codes_of(item, self.draft.protocol))
        return tuple(codes) if items else None

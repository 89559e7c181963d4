"""The unit beside a number: sent together with what is typed, and shown apart from it."""

from equipoise.items import Reported, in_words, read
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import FormItem, Protocol
from equipoise.web import language as say


def in_unit(item: FormItem, typed: str, unit: str) -> str:
    """What was typed with the unit chosen beside it. A unit that was typed is the one that is meant."""
    number, chosen = typed.strip(), any(unit == other.unit for other in item.units)
    return f"{number} {unit}" if chosen and number[-1:].isdigit() else typed


def without_unit(item: FormItem, typed: str) -> tuple[str, str]:
    """What was typed, and apart from it the unit it ends in, if that is another than the item's own."""
    found = next((other.unit for other in item.units if typed.endswith(f" {other.unit}")), "")
    return (typed[: -len(found) - 1].rstrip(), found) if found else (typed, "")


def units_of(item: FormItem, typed: str, language: str) -> tuple[tuple[str, str, bool], ...]:
    """The units to choose from, the item's own first: what is sent, what is shown, and whether it is chosen."""
    if not item.units:
        return ()
    chosen = without_unit(item, typed)[1]
    sent = ("", *(other.unit for other in item.units))
    return tuple((each, say.unit(each or item.unit, language), each == chosen) for each in sent)


def converted(protocol: Protocol, item: FormItem, typed: str, language: str) -> str:
    """What a number typed in another unit is in the item's own, such as `= 106.08 µmol/L`; nothing for any other."""
    answer = read(item_of(item, protocol), typed) if item.units else None
    if not isinstance(answer, Reported) or not answer.unit:
        return ""
    return "= " + in_words(item_of(item, protocol), answer).partition(" = ")[2] + f" {say.unit(item.unit, language)}"

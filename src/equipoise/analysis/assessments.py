"""At which visits an answer can be expected: those at which one of the forms that a rule needs is due."""

from collections.abc import Iterator
from functools import lru_cache

from equipoise.protocol.names import bare, names_in, names_of, needed, rules_of
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Derivation, Protocol


def assessments(rule: str, visits: tuple[Visit, ...], protocol: Protocol) -> tuple[Visit, ...]:
    """The visits, of these, that are an assessment for a rule: one of the forms it needs is due there.

    At a visit without those forms nothing is expected, so nothing is missing.
    """
    needs = frozenset(form for name in _here(names_in(rule), protocol) for form in forms_of(name, protocol))
    return tuple(visit for visit in visits if needs.intersection(visit.forms))


def forms_of(name: str, protocol: Protocol) -> frozenset[str]:
    """The forms on which an item, a group or a derivation rests at the visit for which it is computed."""
    return _forms(name, _Key(protocol))


class _Key:
    """A protocol as a key of the cache: the same object, never compared field by field."""

    __slots__ = ("protocol",)

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def __hash__(self) -> int:
        return id(self.protocol)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.protocol is self.protocol


@lru_cache(maxsize=4096)
def _forms(name: str, key: _Key) -> frozenset[str]:
    names = names_of(key.protocol)
    if name in names.items:
        return frozenset({names.items[name].form.id})
    if name in names.groups:
        return frozenset(names.items[member].form.id for member in names.groups[name])
    if name in names.derivations:
        inputs = _read_here(names.derivations[name], key.protocol)
        return frozenset(form for other in inputs for form in _forms(other, key))
    return frozenset()


def _read_here(derivation: Derivation, protocol: Protocol) -> Iterator[str]:
    """What a derivation reads at its own visit: by rules, and an instrument's questions by their own names."""
    written = [name for rule in rules_of(derivation) for name in names_in(rule)]
    here = set(_here(written, protocol))
    yield from sorted(here)
    derivations = names_of(protocol).derivations
    told = {bare(other, derivations) for other in written}
    yield from (name for name in needed(derivation, derivations) if name not in told)


def _here(written: Iterator[str] | list[str] | tuple[str, ...], protocol: Protocol) -> Iterator[str]:
    """The names read at the visit itself: not those of an earlier, a named or a last known visit."""
    names = names_of(protocol)
    elsewhere = {"previous", "baseline", *names.visits}
    for name in written:
        if name.partition(".")[0] not in elsewhere and (here := bare(name, names.derivations)):
            yield here

"""Instruments: the score, its variant, result and settings exist, and each of its questions is answered in kind."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from equipoise.instruments import Input, Instrument, InstrumentError, get
from equipoise.items.item import STATES
from equipoise.items.meaning import DATE, NUMBER, TEXT, TRUTH
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.kinds import read_rule, scope_of
from equipoise.protocol.checks.scope import Meaning
from equipoise.protocol.lines import Path
from equipoise.protocol.schema import Derivation

# The instruments' own problems, under the ids of a protocol file, and the key at which they are shown.
_OURS: Final = {
    "instrument.E002": ("protocol.E141", "variant"),
    "instrument.E003": ("protocol.E143", "settings"),
    "instrument.E004": ("protocol.E143", "settings"),
    "instrument.E005": ("protocol.E144", "inputs"),
    "instrument.E006": ("protocol.E142", "result"),
    "instrument.E007": ("protocol.W003", "inputs"),
}
_KINDS: Final = {
    "state": (TEXT, TRUTH), "yes_no": (TRUTH,), "integer": (NUMBER,), "decimal": (NUMBER,), "choice": (TEXT,),
    "text": (TEXT,), "date": (DATE,), "partial_date": (DATE,),
}  # fmt: skip


def instruments_exist(draft: Draft) -> Iterator[Problem]:
    """The name of an instrument is one that we have."""
    for i, derivation in enumerate(draft.protocol.derivations):
        if derivation.instrument is not None:
            try:
                get(derivation.instrument)
            except InstrumentError as refused:
                found = refused.problem
                yield draft.problem("protocol.E140", ("derivations", i, "instrument"), found.message, found.hint)


def instruments_have_what_is_named(draft: Draft) -> Iterator[Problem]:
    """Variants, results, settings and inputs are the instrument's own."""
    for path, derivation, instrument in _scored(draft):
        for found in instrument.check(
            "", variant=derivation.variant, settings=derivation.settings, result=derivation.result,
            inputs=_answered(draft, derivation, instrument),
        ):  # fmt: skip
            id_, key = _OURS.get(found.id, ("protocol.E144", "inputs"))
            say = draft.problem if found.level == "error" else draft.warning
            yield say(id_, (*path, key), f"{derivation.id}: {found.message}", found.hint)


def questions_are_answered_in_kind(draft: Draft) -> Iterator[Problem]:
    """A number for a number, in the same unit, and codes that the instrument knows."""
    scope = scope_of(draft)
    for path, derivation, instrument in _scored(draft):
        for question in instrument.inputs:
            rule = derivation.inputs.get(question.id, question.id)
            if question.id in derivation.inputs or _is_a_name(draft, question.id):
                wrong = _misfit(question, read_rule(rule, scope)[0])
                if wrong:
                    place = (*path, "inputs", question.id)
                    yield draft.problem("protocol.E145", place, f"{instrument.id} asks {question.id!r} {wrong}.")


def _scored(draft: Draft) -> Iterator[tuple[Path, Derivation, Instrument]]:
    for i, derivation in enumerate(draft.protocol.derivations):
        try:
            instrument = get(derivation.instrument or "")
        except InstrumentError:
            continue
        yield ("derivations", i), derivation, instrument


def _answered(draft: Draft, derivation: Derivation, instrument: Instrument) -> tuple[str, ...]:
    by_name = (q.id for q in instrument.inputs if q.id not in derivation.inputs and _is_a_name(draft, q.id))
    return (*derivation.inputs, *by_name)


def _is_a_name(draft: Draft, name: str) -> bool:
    return name in draft.names.items or name in draft.names.derivations


def _misfit(question: Input, given: Meaning) -> str:
    """What is wrong with an answer of this meaning, or nothing."""
    if given.kind and given.kind not in _KINDS[question.type]:
        return f"as {question.type}, and is given {given}"
    if given.unit and question.unit and _plain(given.unit) != _plain(question.unit):
        return f"in {question.unit}, and is given {given.unit}"
    accepted = STATES if question.type == "state" else question.codes
    strange = [code for code in given.codes or () if accepted and code not in accepted]
    if strange and given.kind == TEXT:
        return f"with the codes {', '.join(accepted)}, and can be given {strange[0]!r}"
    return ""


def _plain(unit: str) -> str:
    """The unit without the difference between two micro signs, or of spaces."""
    return unicodedata.normalize("NFKC", unit).replace(" ", "")


CHECKS: Final[tuple[Check, ...]] = (
    instruments_exist,
    instruments_have_what_is_named,
    questions_are_answered_in_kind,
)

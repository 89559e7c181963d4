"""The numbers a report may print without having computed them: those of the protocol, of fixed texts, of provenance."""

import re
from collections.abc import Iterator
from typing import Final

from equipoise.analysis import Analysis
from equipoise.reports.blocks import Teller
from equipoise.reports.catalogue import TEXTS
from equipoise.reports.section_references import versions
from equipoise.statistics import METHODS

# A number as a reader sees one: not a part of a word, a version or a digest; Chinese characters are no letters here.
_NUMERAL: Final = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:\.\d+)*(?![A-Za-z0-9_])")


def numerals(text: str) -> tuple[str, ...]:
    """The numbers in a text as they are written, without their signs."""
    return tuple(_NUMERAL.findall(text))


def constants(tell: Teller, blocks: int) -> frozenset[str]:
    """Every number that may stand in words: of the protocol, the catalogue, the methods, dates, and 1 to `blocks`."""
    words = (text for pair in TEXTS.values() for text in pair)
    methods = (text for method in METHODS.values() for text in (method.en, method.zh, method.source))
    made = tell.provenance
    of_run = (
        made.protocol_digest, made.ledger_head, made.software, made.seed, made.arms_seed, made.generated_from,
        made.footer(tell.words), str(made.acts), tell.level, *versions().values(),
    )  # fmt: skip
    told = (*words, *methods, *of_run, *_of_protocol(tell.analysis), *_dates(tell.analysis))
    counted = {str(number) for number in range(1, blocks + 1)}
    return frozenset(number for text in told for number in numerals(text)) | counted


def _of_protocol(analysis: Analysis) -> Iterator[str]:
    yield from _texts(analysis.protocol.model_dump(mode="json"))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif part is not None:
        yield str(part)


def _dates(analysis: Analysis) -> Iterator[str]:
    """The first and the last day of randomisation, as the title page prints them."""
    days = sorted(str(one.subject.randomised) for one in analysis.cohort.randomised)
    yield from (days[0], days[-1]) if days else ()

"""The form on which the chair signs what the committee recommends, and the closed minutes, which stay apart from it."""

from collections.abc import Iterator
from typing import Final, get_args

from equipoise.conduct.acts import Recommendation
from equipoise.protocol.schema import Protocol
from equipoise.reports.blocks import Block, Facts, Paragraph
from equipoise.reports.catalogue import Words
from equipoise.reports.look_facts import Occasion, look_marks
from equipoise.reports.provenance import Provenance
from equipoise.reports.report import Report

_BOX: Final = "[\u00a0\u00a0\u00a0]\u2002"


def recommendation_form(
    protocol: Protocol, occasion: Occasion, simulated: bool, words: Words, provenance: Provenance
) -> Report:
    """The form in a language. What may be recommended is what the look can show; it holds no number of the trial."""
    marks = (words("simulated"),) if simulated else ()
    return _page(protocol, words("recommendation"), marks, words, provenance, _letter(protocol, occasion, words))


def closed_minutes(
    protocol: Protocol, occasion: Occasion, simulated: bool, words: Words, provenance: Provenance
) -> Report:
    """The page of the committee's closed minutes, where reasons stand. It goes to nobody else."""
    marks = look_marks(simulated, words, closed=True)
    return _page(protocol, words("closed_minutes"), marks, words, provenance, _minutes(protocol, occasion, words))


def _page(
    protocol: Protocol, title: str, marks: tuple[str, ...], words: Words, provenance: Provenance,
    blocks: Iterator[Block],
) -> Report:  # fmt: skip
    return Report(
        title=title, subtitle=protocol.study.acronym, language=words.language, marks=marks,
        foot=provenance.footer(words), blocks=tuple(blocks),
    )  # fmt: skip


def _facts(protocol: Protocol, occasion: Occasion, words: Words) -> Facts:
    return Facts((
        (words("trial"), protocol.study.acronym),
        (words("look"), words.of(occasion.look.label)),
        (words("cut"), str(occasion.day)),
    ))  # fmt: skip


def _letter(protocol: Protocol, occasion: Occasion, words: Words) -> Iterator[Block]:
    yield _facts(protocol, occasion, words)
    yield Paragraph(words("recommendation_letter"))
    for option in options(protocol, occasion):
        yield Paragraph(_BOX + words(f"recommend_{option}"))
    yield _by_hand(words, "modifications", "chair", "signature_date")
    yield Paragraph(words("recommendation_note"))


def _minutes(protocol: Protocol, occasion: Occasion, words: Words) -> Iterator[Block]:
    yield _facts(protocol, occasion, words)
    yield _by_hand(words, "present", "votes", "grounds", "chair", "signature_date")
    yield Paragraph(words("keep_until"))


def _by_hand(words: Words, *keys: str) -> Facts:
    return Facts(tuple((words(key), "") for key in keys), by_hand=True)


def options(protocol: Protocol, occasion: Occasion) -> tuple[str, ...]:
    """What the committee may recommend after this look, in the words of the act."""
    plan = protocol.monitoring
    futile = plan is not None and plan.boundary is not None and plan.boundary.futility is not None
    left_out = set() if occasion.look.efficacy else {"stop_efficacy", "stop_futility"}
    left_out |= set() if futile else {"stop_futility"}
    return tuple(option for option in get_args(Recommendation) if option not in left_out)

"""Texts: each in every language of the trial, and none that still waits for its words."""

import re
from collections.abc import Iterator
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path
from equipoise.protocol.schema import Label, Part

_UNFINISHED: Final = re.compile(r"TO DO\s*[:：]|待补充\s*[:：]")
_LANGUAGES: Final = {"en": "English", "zh": "Chinese"}


def texts_are_in_every_language(draft: Draft) -> Iterator[Problem]:
    """Every label has the languages that the protocol names."""
    for path, label in labels(draft.protocol, ()):
        for language in draft.protocol.languages:
            if not getattr(label, language):
                yield draft.problem(
                    "protocol.E104", path, f"{str(label)[:60]!r} has no {_LANGUAGES[language]} text.",
                    f"Add `{language}:`, or take {language} out of `languages`.",
                )  # fmt: skip


def languages_are_named_once(draft: Draft) -> Iterator[Problem]:
    """English is always there; no language stands twice."""
    languages = draft.protocol.languages
    if len(set(languages)) < len(languages) or "en" not in languages:
        yield draft.problem("protocol.E105", ("languages",), "The languages must be en, and zh or not, each once.")


def texts_are_finished(draft: Draft) -> Iterator[Problem]:
    """A text marked "TO DO:" or "待补充:" is not meant for a participant's eyes."""
    for path, text in texts(draft.protocol, ()):
        if _UNFINISHED.search(text):
            yield draft.warning(
                "protocol.W001", path, f"This text is not finished: {text[:60]!r}.", "Write it and remove the mark."
            )


def labels(value: object, path: Path) -> Iterator[tuple[Path, Label]]:
    """Every label inside a part of the protocol with its path."""
    if isinstance(value, Label):
        yield path, value
        return
    for step, inner in _inside(value):
        yield from labels(inner, (*path, step))


def texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text inside a part of the protocol with its path."""
    if isinstance(value, str):
        yield path, value
        return
    for step, inner in _inside(value):
        yield from texts(inner, (*path, step))


def _inside(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, Part):
        yield from ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, tuple):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from value.items()


CHECKS: Final[tuple[Check, ...]] = (languages_are_named_once, texts_are_in_every_language, texts_are_finished)

"""Which function of the product answers a method of a case: by its name, or by a pattern such as `boundary/*`."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

from equipoise.validation import scores, statistics
from equipoise.validation.vector import Vector

Adapter: TypeAlias = Callable[[Vector], Any]


def adapter_of(family: str, method: str) -> Adapter | None:
    """The adapter of a method; its own name goes before a pattern."""
    known = adapters(family)
    if method in known:
        return known[method]
    return next(
        (adapter for pattern, adapter in known.items() if "*" in pattern and fnmatchcase(method, pattern)), None
    )


@cache
def adapters(family: str) -> Mapping[str, Adapter]:
    """Every adapter of statistics or of instruments, by method."""
    topics = statistics.TOPICS if family == "statistics" else scores.TOPICS
    return MappingProxyType({name: adapter for topic in topics for name, adapter in topic.ADAPTERS.items()})

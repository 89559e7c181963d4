"""Adapters of statistical methods, by topic: an adapter reads a case and gives what the case may expect, by its names.

A new method is one small function in the module of its topic and one line in that module's `ADAPTERS`.
"""

from typing import Final

from equipoise.validation.statistics import (
    allocation,
    designs,
    events,
    longitudinal,
    means,
    models,
    operations,
    proportions,
    survival,
)

TOPICS: Final = (survival, events, proportions, models, means, longitudinal, designs, allocation, operations)

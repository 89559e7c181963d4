"""Adapters of instruments, by shelf: an adapter reads a case's words and gives what the instrument answers.

A new method is one small function in the module of its shelf and one line in that module's `ADAPTERS`. Without one,
the id of an instrument, or `id/variant`, is a method whose inputs have the instrument's own names.
"""

from typing import Final

from equipoise.validation.scores import activity, bilag, classification, laboratory, own_names, response, treatment

# A method named like an instrument goes to its own adapter before it goes to the instrument's own names.
TOPICS: Final = (own_names, activity, bilag, response, classification, laboratory, treatment)

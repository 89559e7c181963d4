"""Parts of a draft with the words they came from, or with the mark that they did not come from the record."""

from typing import Any

from equipoise.drafting.record import Read
from equipoise.drafting.todo import shortened
from equipoise.drafting.yaml_text import Node, Noted


def cited(value: Node, *reads: Read[Any] | None) -> Node:
    """A part and the words it was derived from."""
    comments = tuple(f'from: "{shortened(read.quote)}" ({read.where})' for read in reads if read)
    return Noted(value, tuple(dict.fromkeys(comments))) if comments else value


def placed(value: Node, what: str) -> Node:
    """A placeholder: the schema wants a value, and the record has none that can be used."""
    return Noted(value, (f"TO DO: {what}",))

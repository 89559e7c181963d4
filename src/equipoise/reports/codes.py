"""What a code means in words, and what to say where nothing is known."""

from equipoise.protocol.schema import Label, Protocol
from equipoise.reports.blocks import Teller


def labels_of(protocol: Protocol, form: str, item: str) -> dict[str, Label]:
    """The codes of an item with their labels, in the order of the protocol; none where its answers are free words."""
    codes = protocol.form_by_id[form].item_by_id[item].codes
    return {entry.code: entry.label for entry in protocol.code_lists.get(codes, ())}


def coded(tell: Teller, form: str, item: str | None, code: str) -> str:
    """A code in words, free words as they are, and "not known" for neither."""
    label = labels_of(tell.analysis.protocol, form, item).get(code) if item else None
    return tell.words.of(label) if label is not None else code or tell.words("not_known")


def yes_or_no(tell: Teller, truth: bool | None) -> str:
    """A truth value in words."""
    return tell.words({True: "yes", False: "no", None: "not_known"}[truth])

"""Where a report comes from, and the marks that stand on every page and in every file."""

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.reports.catalogue import Words


def this_software() -> str:
    """The name of this software with its version, where it is installed under one."""
    try:
        return f"Equipoise {version('equipoise')}"
    except PackageNotFoundError:
        return "Equipoise"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the numbers were made from: digests of protocol and ledger, and the software that made them.

    `seed` is that of a simulated trial, `arms_seed` that of dummy arms; "" where there is none.
    """

    protocol_digest: str
    ledger_head: str
    acts: int
    software: str = field(default_factory=this_software)
    seed: str = ""
    generated_from: str = ""
    arms_seed: str = ""

    def footer(self, words: Words) -> str:
        """The line at the foot of every page."""
        return (
            f"{words('protocol_short')} {self.protocol_digest[:16]} · {words('ledger_short')} {self.ledger_head[:16]}"
            f" ({self.acts}) · {self.software}"
        )


def marks(opened: OpenedSnapshot, words: Words) -> tuple[str, ...]:
    """What a reader must not overlook, for the head of every page."""
    found = [("simulated", opened.snapshot.simulated), ("dummy", opened.dummy)]
    return tuple(words(key) for key, true in found if true)


def file_mark(opened: OpenedSnapshot) -> str:
    """The mark of every row of a data file; nothing for real data with the true arms."""
    found = [("SIMULATED", opened.snapshot.simulated), ("DUMMY ARMS", opened.dummy)]
    return "; ".join(word for word, true in found if true)

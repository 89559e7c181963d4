"""A replayed trial as a deployment: its acts in a ledger that `equipoise serve` shows, its report beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from equipoise.cli.demo import make_room
from equipoise.cli.deployment import migrate, prepare
from equipoise.cli.outputs import written
from equipoise.cli.terminal import counting
from equipoise.conduct.acts import Act, ListOpened, LockRequested, Recorded, StudyLocked
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.items.canonical import digest
from equipoise.protocol.schema import Protocol

if TYPE_CHECKING:
    from equipoise.ledger.store import Ledger
    from equipoise.simulation.design.reading import Study
    from equipoise.simulation.design.replay import Replayed


def deploy(
    console: Console, file: Path, protocol: Protocol, study: "Study", found: "Replayed", seed: int, out: Path
) -> None:
    """Make a folder that can be served: the trial locked, its list opened, every page and file marked SIMULATED."""
    from equipoise.reports import Provenance
    from equipoise.simulation.design.acting import recorded

    make_room(console, out)
    prepare(out, demo=True)
    migrate()
    conducted = recorded(study, found, protocol)
    with counting(console, "the acts of the SIMULATED trial"):
        ledger = _kept(file, protocol, conducted.acts, conducted.arms)
    known = OpenedSnapshot(ledger.snapshot(), conducted.arms, dummy=False)
    provenance = Provenance(
        protocol_digest=known.snapshot.protocol, ledger_head=known.snapshot.head, acts=known.snapshot.acts,
        seed=str(seed), generated_from=f"trial {found.number}",
    )  # fmt: skip
    with counting(console, "the report of the SIMULATED trial") as progress:
        written(out / "report" / protocol.id, known, protocol, provenance, progress)


def _kept(file: Path, protocol: Protocol, acts: Iterable[Recorded], arms: Mapping[str, str]) -> "Ledger":
    """The ledger of the trial: what one person did on one day is one record, and all is one transaction."""
    from django.db import transaction

    from equipoise.cli.rehearsal import LOCK_REASON, two_who_lock
    from equipoise.ledger.store import open_study

    first, *others = acts
    ledger = open_study(
        protocol.id, file.read_bytes(), name=file.name, simulated=True, by=first.by, at=first.at, key=first.id
    )
    with transaction.atomic():
        last = first
        for together in _together(others):
            last = together[0]
            _append(ledger, [each.act for each in together], last)
        asks, grants = two_who_lock(protocol)
        _append(ledger, [LockRequested(what="lock")], replace(last, by=asks, reason=LOCK_REASON), "lock-asked")
        _append(ledger, [StudyLocked(request="lock-asked")], replace(last, by=grants), "lock")
        opening = ListOpened(commitment=digest({"SIMULATED": dict(arms)}), slots=len(arms))
        _append(ledger, [opening], last, "list-opened")
    return ledger


def _append(ledger: "Ledger", acts: list[Act], like: Recorded, key: str = "") -> None:
    ledger.append(lambda _: acts, key=key or like.id, by=like.by, at=like.at, reason=like.reason)


def _together(acts: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    """What was done for one participant at one moment."""
    for _, some in groupby(acts, lambda each: (each.at, getattr(each.act, "subject", ""))):
        yield list(some)

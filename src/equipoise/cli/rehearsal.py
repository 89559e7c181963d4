"""A rehearsal: a whole trial on simulated participants, with keys, list and clock drawn from a seed.

Only the demo mode works like this. A real list is drawn from the operating system's entropy, on a machine of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final, cast

from equipoise.allocator import door
from equipoise.analysis.arms import true_arms
from equipoise.cli.ceremony import write_new
from equipoise.cli.virtual_pharmacist import RehearsalError, VirtualPharmacist
from equipoise.conduct.acts import ListOpened, Person
from equipoise.conduct.outcome import Done, Refused
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.conduct.strata import strata
from equipoise.desk import Desk
from equipoise.desk.kits import KitDesk
from equipoise.envelopes import (
    Code,
    OpenedList,
    PrivateKey,
    SealedList,
    new_key,
    open_payloads,
    seal_with_cards,
    write_code,
    write_opened,
)
from equipoise.envelopes.labels import new_labels
from equipoise.items import Problem
from equipoise.ledger.sealed import keep, sealed_list
from equipoise.ledger.store import open_study
from equipoise.protocol.schema import Permission, Protocol
from equipoise.randomisation import RandomSource, Specification, draw_strata, read_specification, seeded
from equipoise.simulation.clock import VirtualClock
from equipoise.simulation.scenario import Scenario
from equipoise.simulation.staff import Staff
from equipoise.simulation.workplace import Pharmacist, Stockroom, Workplace

ESCROW = "escrow"


@dataclass(slots=True)
class Trial:
    """What a rehearsal is made of."""

    study: str
    file: Path
    protocol: Protocol
    scenario: Scenario
    seed: int
    participants: int

    def source(self, *purpose: str) -> RandomSource:
        """The stream of random bytes for one purpose."""
        return seeded(f"equipoise demo {self.seed}".encode(), self.study, *purpose)

    def key(self, role: str) -> PrivateKey:
        """The demonstration key of a role."""
        return new_key(role, self.source("key", role), demo=True)

    @property
    def start(self) -> datetime:
        """The first morning."""
        return datetime.combine(self.scenario.start, time(7), UTC)


def draw_list(trial: Trial) -> dict[str, tuple[str, ...]]:
    """The allocation list of the trial's restricted specification: stratum → arms in order."""
    restricted = trial.file.parent / trial.protocol.randomisation.specification
    specification = read_specification(restricted.read_text(encoding="utf-8"), restricted.name)
    if not isinstance(specification, Specification):
        raise RehearsalError("\n".join(map(str, specification)))
    ratio = dict(trial.protocol.randomisation.ratio)
    return draw_strata(specification, ratio, strata(trial.protocol), lambda stratum: trial.source("list", stratum))


def seal_list(trial: Trial, plan: dict[str, tuple[str, ...]], cards: Path | None = None) -> SealedList:
    """Seal the list to the unmasked roles: the envelopes go to the web host, the second locks to the allocator.

    The codes of the code-break cards go to the file `cards`, to be typed where a site would open a card of paper.
    """
    recipients = [trial.key(role).public for role in (*trial.protocol.list_recipients, ESCROW)]
    sealed, locks, printed = seal_with_cards(trial.study, plan, recipients, trial.source("seal"), demo=True)
    keep(sealed)
    if cards is not None:
        lines = (f"{card.label[:4]}-{card.label[4:]}  {write_code(Code.CARD, card.secret)}\n" for card in printed)
        write_new(cards, "".join(("SIMULATED\n", *lines)).encode())
    loaded = door.load(trial.study, locks)
    if isinstance(loaded, door.Refused):
        raise RehearsalError(str(loaded.problem))
    return sealed


def open_desk(trial: Trial, clock: VirtualClock) -> Desk:
    """Open the study in the ledger and activate its sites."""
    administrator = somebody(trial.protocol, "administer")
    ledger = open_study(
        trial.study, trial.file.read_bytes(), name=trial.file.name, simulated=True, by=administrator,
        at=clock(), key="study-opened",
    )  # fmt: skip
    label = trial.source("bags")

    def new_label() -> str:
        return next(new_labels(1, label))

    kits = trial.protocol.kits is not None
    desk = (
        KitDesk(ledger, clock=clock, label=new_label, choose=None)
        if kits
        else Desk(ledger, clock=clock, label=new_label)
    )
    for site in trial.protocol.sites:
        clock.pass_(60)
        done(desk.activate_site(site.id, by=administrator, key=f"site-{site.id}"))
    return desk


def run(
    trial: Trial, desk: Workplace, clock: VirtualClock, *, pharmacist: Pharmacist,
    until: date | None = None, progress: Callable[[int, int], None] | None = None,
) -> Staff:  # fmt: skip
    """Let the virtual staff conduct the trial, to its end or to a day."""
    stockroom = desk if trial.protocol.kits is not None else None
    staff = Staff(
        desk,
        trial.scenario,
        clock,
        pharmacist,
        trial.seed,
        trial.participants,
        until,
        progress,
        cast("Stockroom", stockroom),
    )
    staff.run()
    return staff


def pharmacist(trial: Trial, desk: Desk) -> VirtualPharmacist:
    """The pharmacist with a device of their own: it opens the envelope of an assigned participant, and no other."""
    role = next(role for role in trial.protocol.roles if "dispense" in role.may)
    return VirtualPharmacist(desk, trial.key(role.id), trial.source("register"))


def open_trial(trial: Trial, desk: Desk, clock: VirtualClock, out: Path | None = None) -> OpenedSnapshot:
    """Lock the study, open the list with the escrow key, check it against its commitment, and record that.

    The opened list is written to `out`, as `equipoise open` writes it.
    """
    opener = somebody(trial.protocol, "open_list")
    clock.pass_(86_400)
    locked = lock(trial.protocol, desk)
    sealed = sealed_list(trial.study)
    locks = door.shares_after_lock(
        study=trial.study, by=opener.id, role=opener.role, reason="analysis after lock", at=clock(),
        entitled={opener.role}, locked_by=locked.acts[0].id,
    )  # fmt: skip
    if isinstance(locks, door.Refused):
        raise RehearsalError(str(locks.problem))
    payloads = open_payloads(sealed, locks, trial.key(ESCROW))
    clock.pass_(600)
    act = ListOpened(commitment=sealed.commitment, slots=len(payloads))
    done(desk.record_opening(commitment=act.commitment, slots=act.slots, by=opener, key="list-opened"))
    if out is not None:
        write_new(out, write_opened(sealed, payloads))
    listed = OpenedList(sealed.study, sealed.version, sealed.commitment, payloads)
    opened = true_arms(desk.ledger.snapshot(), trial.protocol, listed, [act])
    if isinstance(opened, Problem):
        raise RehearsalError(str(opened))
    return opened


def lock(protocol: Protocol, desk: Desk) -> Done:
    """Lock the study, as two people do: one asks for it, another grants it."""
    asks, grants = two_who_lock(protocol)
    done(desk.request_lock(by=asks, key="lock-asked", reason=LOCK_REASON))
    return done(desk.lock("lock-asked", by=grants, key="lock"))


def two_who_lock(protocol: Protocol) -> tuple[Person, Person]:
    """Two people of the study's staff who may lock it."""
    one = somebody(protocol, "lock")
    return one, Person(f"{one.id}-2", one.role)


LOCK_REASON: Final = "The last visit of the last participant is entered."


def somebody(protocol: Protocol, permission: Permission) -> Person:
    """Somebody of the study's staff who may do something."""
    roles = [role for role in protocol.roles if permission in role.may]
    role = next((role for role in roles if role.scope == "study"), None)
    if role is None:
        raise RehearsalError(f"no role for the whole study may {permission}")
    return Person(role.id, role.id)


def done(outcome: Done | Refused) -> Done:
    """What was recorded, or a stop with the reasons."""
    if isinstance(outcome, Refused):
        raise RehearsalError("\n".join(map(str, outcome.problems)))
    return outcome

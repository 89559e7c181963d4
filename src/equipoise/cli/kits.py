"""`equipoise kits`: plan, pack and seal a lot of kits, and bring it to its servers."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from equipoise.cli.ceremony import (
    forget_on_crash,
    load_private,
    load_protocol,
    load_public,
    read_bytes,
    refuse_existing,
    stop,
    write_folder,
)
from equipoise.cli.deployment import migrate, prepare
from equipoise.cli.seal import load_recipients, sure_of_roles
from equipoise.conduct.acts import Person
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.envelopes import PrivateKey, SealError, hold_kits, problem
from equipoise.protocol.load import digest
from equipoise.protocol.schema import Protocol
from equipoise.protocol.supply import Kits
from equipoise.randomisation import operating_system
from equipoise.randomisation.kits import draw_packs

if TYPE_CHECKING:
    from equipoise.desk.kits import KitDesk

FILE = click.Path(path_type=Path, dir_okay=False)
HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="The deployment.")
BY = click.option("--by", required=True, help="Who does this, for the ledger.")
STUDY = click.option("--study", required=True, help="The study's id.")
PUBLISHED = click.option("--commitment", type=FILE, required=True, help="The text of the lot as it was published.")
LOT = click.option("--lot", required=True, help="The lot of the packing: capitals, digits and hyphens.")
_SEED: Final = 1
_SAID: Final = {True: "the same content", False: "ANOTHER CONTENT", None: "does not open with this key"}


@click.group()
def kits() -> None:
    """Plan the supply of a trial in kits, pack and seal a lot, and load it on its servers."""


@kits.command()
@click.argument("protocol", type=FILE)
@click.option("--participants", type=click.IntRange(min=1), required=True, help="Participants of a site.")
@click.option("--per-week", type=float, required=True, help="How many a site randomises in a week.")
@click.option("--sites", type=click.IntRange(min=1), default=1000, show_default=True, help="Sites to simulate.")
def plan(protocol: Path, participants: int, per_week: float, sites: int) -> None:
    """Simulate a site under the thresholds of PROTOCOL: how often somebody finds no kit, and what it is sent."""
    from equipoise.simulation.supply import handouts, stock_outs

    found = load_protocol(protocol)
    result = stock_outs(
        _plan(found), dict(found.randomisation.ratio), participants=participants, per_week=per_week,
        visits=handouts(found), sites=sites, seed=_SEED,
    )  # fmt: skip
    click.echo(
        f"{result.short} of {sites} SIMULATED sites refused somebody a kit; at most {result.upper:.2%} would (95 %).\n"
        f"A site is sent {result.shipped:.0f} kits and dispenses {result.used:.0f}."
    )


@kits.command()
@click.argument("protocol", type=FILE)
@click.option("--recipients", type=FILE, required=True, help="Who can open: a line 'recipient FILE' each.")
@click.option("--packer", type=FILE, multiple=True, required=True, help="The public key of who packs; repeatable.")
@LOT
@click.option("--expiry", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The same for every arm.")
@click.option("--packs", type=click.IntRange(1, 10_000), required=True, help="How many packs.")
@click.option("--depot", required=True, help="The depot they go to.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
def seal(
    protocol: Path, recipients: Path, packer: tuple[Path, ...], lot: str, expiry: datetime, packs: int, depot: str,
    out: Path,
) -> None:  # fmt: skip
    """Number the kits of a lot for PROTOCOL, draw what is in each, and seal it, with a packing list for the packer.

    As for the allocation list: on a machine of its own, offline, with two people, and there is no seed.
    """
    forget_on_crash()
    refuse_existing(out)
    found = load_protocol(protocol)
    named = load_recipients(recipients)
    packers = [load_public(file) for file in packer]
    sure_of_roles(found, [*named.recipients, *packers])
    contents = draw_packs(dict(found.randomisation.ratio), _plan(found).pack, packs, operating_system)
    try:
        held = hold_kits(
            lot, contents, named.recipients, packers, operating_system, study=found.id, expiry=expiry.date(),
            depot=depot, protocol=digest(found),
        )  # fmt: skip
    except SealError as error:
        stop(error.problem)
    write_folder(out, held.files)
    click.echo(
        f"commitment {held.sealed.commitment}\n{packs} packs of {_plan(found).pack} kits in {out}: part the folders."
    )


@kits.command()
@click.argument("listed", type=FILE)
@click.argument("packs", type=FILE)
@STUDY
@PUBLISHED
@HOME
@BY
def load(listed: Path, packs: Path, study: str, commitment: Path, home: Path, by: str) -> None:
    """Put LISTED, the sealed kits of a lot, and PACKS, which kit is in which pack, on the web host."""
    desk = _desk(home, study)
    outcome = desk.load_kits(
        read_bytes(listed), read_bytes(packs), _text(commitment), by=_administrator(desk, by), key=secrets.token_hex(16)
    )
    _say(outcome, "The kits are at their depot.")


@kits.command()
@click.argument("second", type=FILE)
@LOT
@STUDY
@PUBLISHED
@HOME
@BY
def locks(second: Path, lot: str, study: str, commitment: Path, home: Path, by: str) -> None:
    """Give SECOND, the second locks of a lot, to the allocator; after a loss of its store, once more."""
    desk = _desk(home, study)
    person = _administrator(desk, by)
    outcome = desk.load_kit_locks(lot, read_bytes(second), _text(commitment), by=person, key=secrets.token_hex(16))
    _say(outcome, "The second locks of the kits are with the allocator.")


@kits.command()
@STUDY
@click.option("--key", type=FILE, required=True, help="The private key's file of somebody unmasked.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
@HOME
@BY
@click.option("--reason", required=True, help="Why, for the allocator's record of who opened what.")
def mistakes(study: str, key: Path, passphrase_file: Path | None, home: Path, by: str, reason: str) -> None:
    """Say of each kit that was taken by mistake whether it held what the participant was to take.

    For somebody unmasked, on the servers' console: what it says must reach nobody masked. Each participant's envelope
    that is opened for it is recorded by the allocator.
    """
    forget_on_crash()
    desk, private = _desk(home, study), load_private(key, passphrase_file)
    from equipoise.allocator.kit_choosing import unlock_kits
    from equipoise.conduct.acts import KitMisallocated
    from equipoise.web import deployment

    opened = unlock_kits(
        study, deployment.kit_lists(study), private, reserve=_plan(desk.protocol).reserve, random=operating_system
    )
    taken = [each.act for each in desk.ledger.acts(kinds=["KitMisallocated"]) if isinstance(each.act, KitMisallocated)]
    subjects = desk.ledger.snapshot().subjects
    for act in taken:
        slot = subjects[act.subject].slot
        agrees = opened.agrees(slot, act.kit) if _may_open(desk, private, slot, by, reason) else None
        click.echo(f"{act.subject} {act.visit} {act.kit}: {_SAID[agrees]}")
    click.echo(f"{len(taken)} kits were taken by mistake. Tell nobody masked.")


def _may_open(desk: "KitDesk", key: PrivateKey, slot: str, by: str, reason: str) -> bool:
    """Whether the key is of a role that may open envelopes; then the opening is recorded."""
    from equipoise.allocator import door

    released = door.release_share(
        study=desk.ledger.study, label=slot, by=by, role=key.role, reason=reason,
        at=desk.clock(), entitled=desk.protocol.list_recipients,
    )  # fmt: skip
    return isinstance(released, door.Released)


def _plan(protocol: Protocol) -> Kits:
    return protocol.kits if protocol.kits is not None else stop(problem("envelopes.E092", protocol.id))


def _text(file: Path) -> str:
    return read_bytes(file).decode("utf-8", "replace")


def _desk(home: Path, study: str) -> "KitDesk":
    prepare(home, demo=False)
    migrate()
    from equipoise.desk.kits import KitDesk
    from equipoise.web import deployment

    try:
        desk = deployment.desk(study)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from error
    return desk if isinstance(desk, KitDesk) else stop(problem("envelopes.E092", study))


def _administrator(desk: "KitDesk", name: str) -> Person:
    """Somebody by this name in the first role that may administer the study."""
    return Person(name, next(role.id for role in desk.protocol.roles if "administer" in role.may))


def _say(outcome: Outcome, words: str) -> None:
    if isinstance(outcome, Refused):
        stop(*outcome.problems)
    click.echo(f"{words} Act {outcome.acts[0].sequence}.")

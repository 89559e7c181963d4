"""`equipoise load`: a study's sealed list and its second locks, each on the server where it belongs."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from equipoise.cli.ceremony import read_bytes, stop
from equipoise.cli.deployment import migrate, prepare
from equipoise.conduct.acts import Person
from equipoise.conduct.outcome import Outcome, Refused
from equipoise.protocol.schema import Protocol

if TYPE_CHECKING:
    from equipoise.desk import Desk

FILE = click.Path(path_type=Path, dir_okay=False)
HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="The deployment.")
BY = click.option("--by", required=True, help="Who does this, for the ledger.")
STUDY = click.option("--study", required=True, help="The study's id.")
REPLACE = click.option(
    "--replace", "reason", metavar="REASON", default="", help="Put it in the place of an earlier one, and say why."
)
COMMITMENT = click.option("--commitment", type=FILE, required=True, help="The text as it was published.")


@click.group()
def load() -> None:
    """Load the sealed list and the second locks of a study as they were published.

    The list and the second locks come by different hands, and each is compared alone with the published text. Take
    that text from where it was published, not from the folder of the ceremony.
    """


@load.command("list")
@click.argument("sealed", type=FILE)
@STUDY
@COMMITMENT
@REPLACE
@HOME
@BY
def list_(sealed: Path, study: str, commitment: Path, reason: str, home: Path, by: str) -> None:
    """Put SEALED, the file of the sealed list, on the web host. It opens nothing there.

    With --replace the list was wrapped for other keys, or sealed again after a suspected theft; then COMMITMENT is the
    newest text. Its slots, labels and commitment must be those of the list that is here.
    """
    outcome = _bring("list", sealed, study, commitment, home, by, reason)
    _say(outcome, "The sealed list is here.", "The sealed list was here before.")


@load.command()
@click.argument("second", type=FILE)
@STUDY
@COMMITMENT
@REPLACE
@HOME
@BY
def locks(second: Path, study: str, commitment: Path, reason: str, home: Path, by: str) -> None:
    """Give SECOND, the file of the second locks, to the allocator.

    After a loss of the allocator's store, or a return to an older copy of it, the same command gives every randomised
    participant the slot they had. With --replace they are those of the same list, sealed again; every participant
    keeps their slot.
    """
    outcome = _bring("locks", second, study, commitment, home, by, reason)
    _say(outcome, "The second locks are with the allocator.", "The second locks were with the allocator before.")
    click.echo(f"Now destroy {second}; a copy sealed for the escrow key is with its holders.")


def _bring(
    what: Literal["list", "locks"], file: Path, study: str, commitment: Path, home: Path, by: str, reason: str
) -> Outcome:
    """What comes of taking one half of a ceremony to the desk."""
    desk = opened_desk(home, study)
    published = read_bytes(commitment).decode("utf-8", "replace")
    person, key = administrator(desk.protocol, by), secrets.token_hex(16)
    if reason:
        replace = desk.replace_list if what == "list" else desk.replace_locks
        return replace(read_bytes(file), published, by=person, key=key, reason=reason)
    take = desk.load_list if what == "list" else desk.load_locks
    return take(read_bytes(file), published, by=person, key=key)


def opened_desk(home: Path, study: str) -> "Desk":
    """The desk of a study in a deployment, or an end with what is missing."""
    prepare(home, demo=False)
    migrate()
    return desk_of(study)


def desk_of(study: str) -> "Desk":
    """The desk of a study here. The settings must have been prepared."""
    from equipoise.web import deployment

    try:
        return deployment.desk(study)
    except LookupError as error:
        raise click.ClickException(f"{error.args[0]}. Open it first: equipoise study add PROTOCOL") from error


def administrator(protocol: Protocol, name: str) -> Person:
    """Somebody by this name in the first role of the whole study that may administer it."""
    roles = [role.id for role in protocol.roles if "administer" in role.may and role.scope == "study"]
    if not roles:
        raise click.ClickException("No role for the whole study may administer it.")
    return Person(name, roles[0])


def _say(outcome: Outcome, now: str, before: str) -> None:
    if isinstance(outcome, Refused):
        stop(*outcome.problems)
    click.echo(f"{now} Act {outcome.acts[0].sequence}." if outcome.acts else before)

"""`equipoise reconcile`: after a restore of the main database, before anybody is randomised."""

import secrets
from pathlib import Path

import click

from equipoise.cli.ceremony import stop
from equipoise.cli.load import BY, HOME, administrator, opened_desk
from equipoise.conduct.acts import Reconciled
from equipoise.conduct.outcome import Refused


@click.command()
@click.argument("study")
@HOME
@BY
def reconcile(study: str, home: Path, by: str) -> None:
    """Compare the ledger of STUDY with the allocator, and burn the slots of participants whom the ledger lost.

    A ledger that came back from a copy may not know who was randomised since. Until this command has run nobody is
    randomised. A lost participant's slot and code are never given again; somebody screened before the copy who was
    randomised after it gets the same slot again when randomised again.
    """
    desk = opened_desk(home, study)
    outcome = desk.reconcile(by=administrator(desk.protocol, by), key=secrets.token_hex(16))
    if isinstance(outcome, Refused):
        stop(*outcome.problems)
    burned = [slot for each in outcome.acts if isinstance(each.act, Reconciled) for slot in each.act.burned.items()]
    for code, label in sorted(burned):
        click.echo(f"burned  {code}  {label}  Ask the site who this was: the participant's sources are there.")
    click.echo(f"{len(burned)} slots burned. The ledger and the allocator agree; randomisation may go on.")

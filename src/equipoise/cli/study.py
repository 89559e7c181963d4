"""`equipoise study`: a study is opened under its protocol, and its sites for screening."""

import re
import secrets
from pathlib import Path
from typing import Final

import click

from equipoise.cli.ceremony import load_protocol, read_bytes, stop
from equipoise.cli.deployment import migrate, prepare
from equipoise.cli.load import BY, FILE, HOME, STUDY, administrator, desk_of
from equipoise.conduct.outcome import Refused

# The first part of addresses that belong to no study.
TAKEN: Final = frozenset({"account", "health", "invitation", "language", "sign-in", "sign-out", "static", "style"})


@click.group()
def study() -> None:
    """Open a study in a deployment, and its sites."""


@study.command()
@click.argument("protocol", type=FILE)
@click.option("--id", "id_", help="The study's id here; the protocol's own unless given.")
@HOME
@BY
def add(protocol: Path, id_: str | None, home: Path, by: str) -> None:
    """Open a study under PROTOCOL; opening it again changes nothing.

    A sealed list is loaded under the id it was sealed for, which is the protocol's own. Another --id is for practice
    with the same protocol. In a demonstration's home the study is marked as SIMULATED.
    """
    found = load_protocol(protocol)
    prepare(home, demo=False)
    migrate()
    from django.conf import settings

    from equipoise.ledger.store import open_study
    from equipoise.web.deployment import now

    name = id_ or found.id
    if not re.fullmatch("[a-z][a-z0-9_-]{0,63}", name) or name in TAKEN:
        raise click.ClickException(
            f"A study's id is made of small letters, digits, - and _, and is none of {sorted(TAKEN)}."
        )
    try:
        ledger = open_study(
            name, read_bytes(protocol), name=protocol.name, simulated=settings.DEMO, by=administrator(found, by),
            at=now(), key="study-opened",
        )  # fmt: skip
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} is open under protocol sha256 {ledger.snapshot().protocol}")


@study.command()
@click.argument("sites", nargs=-1, required=True)
@STUDY
@HOME
@BY
def activate(sites: tuple[str, ...], study: str, home: Path, by: str) -> None:
    """Open SITES of a study for screening."""
    prepare(home, demo=False)
    migrate()
    desk = desk_of(study)
    for site in sites:
        outcome = desk.activate_site(site, by=administrator(desk.protocol, by), key=secrets.token_hex(16))
        if isinstance(outcome, Refused):
            stop(*outcome.problems)
        click.echo(f"Site {site} is open for screening. Act {outcome.acts[0].sequence}.")

"""`equipoise keys`: make the key pair of an unmasked role, compare it aloud, see that it still opens."""

from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.ceremony import (
    load_private,
    load_public,
    others_may_read,
    passphrase,
    read_bytes,
    stop,
    write_new,
)
from equipoise.cli.terminal import print_problems
from equipoise.envelopes import check_passphrase, new_key, problem, read_public_key, write_private_key, write_public_key
from equipoise.randomisation import operating_system

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def keys() -> None:
    """Make, show and check the keys of the unmasked roles."""


@keys.command()
@click.argument("role")
@click.option("--out", type=FILE, required=True, help="The private key's file; the public one gets '.pub' behind it.")
@click.option("--holder", default="", help="Who holds it: needed where a role has several keys.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
def new(role: str, out: Path, holder: str, passphrase_file: Path | None) -> None:
    """Make a key pair of a ROLE on the device of whoever will hold it.

    The private part is locked with a passphrase and never leaves the device; the public part is given to whoever
    seals. Nothing is overwritten.
    """
    public = out.with_name(f"{out.name}.pub")
    for file in (out, public):
        if file.exists():
            stop(problem("envelopes.E051", str(file)))
    words = passphrase("New passphrase", passphrase_file, twice=True)
    if fault := check_passphrase(words):
        stop(fault)
    key = new_key(role, operating_system, holder=holder)
    write_new(out, write_private_key(key, words, operating_system))
    write_new(public, write_public_key(key.public))
    click.echo(f"private key  {out}  keep it, and a copy elsewhere; nobody can make it again")
    click.echo(f"public key   {public}  give it to whoever seals, and compare aloud:")
    click.echo(f"fingerprint  {key.public.fingerprint}")


@keys.command()
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Print whose key FILE is and its fingerprint, to compare aloud. FILE is a private or a public key."""
    key = load_public(file)
    click.echo(f"recipient    {key.recipient}{'  (demonstration key)' if key.demo else ''}")
    click.echo(f"fingerprint  {key.fingerprint}")


@keys.command()
@click.argument("file", type=FILE)
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
def check(file: Path, passphrase_file: Path | None) -> None:
    """See that the private key in FILE opens with its passphrase and fits the public key beside it."""
    key = load_private(file, passphrase_file)
    if others_may_read(file):
        print_problems(Console(soft_wrap=True), [problem("envelopes.W005", str(file))])
    public = file.with_name(f"{file.name}.pub")
    if public.exists() and read_public_key(read_bytes(public)) != key.public:
        stop(problem("envelopes.E024", str(public)))
    click.echo(f"recipient    {key.recipient}{'  (demonstration key)' if key.demo else ''}")
    click.echo(f"fingerprint  {key.public.fingerprint}")
    click.echo("The passphrase opens it.")

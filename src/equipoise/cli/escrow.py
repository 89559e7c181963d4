"""`equipoise escrow`: the shares of the escrow key, and what they are for when other keys or stores are lost."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from equipoise.cli.ceremony import (
    forget_on_crash,
    load_keys,
    load_list,
    load_private,
    load_protocol,
    load_public,
    read_bytes,
    refuse_existing,
    saying_problems,
    stop,
    sure,
    write_folder,
    write_new,
)
from equipoise.cli.draws import seed_again
from equipoise.cli.open import escrow_of, open_with_each, quorum_of, share_files, the_file
from equipoise.cli.seal import (
    load_recipients,
    refuse_deployment,
    sure_of_roles,
    write_ceremony,
)
from equipoise.cli.terminal import Steps
from equipoise.envelopes import (
    COMMITMENT,
    COPY,
    ESCROW,
    SEALED_LIST,
    SECOND_LOCKS,
    PrivateKey,
    SecondLock,
    check_commitment,
    escrow_files,
    hold_again,
    new_key,
    read_copy,
    read_locks,
    read_share,
    rewrap,
    write_list,
)
from equipoise.protocol.load import digest
from equipoise.randomisation import operating_system

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False, exists=True)
_quorum = click.option(
    "--quorum", type=FILE, multiple=True, required=True, help="A private key's file of a holder; repeat it."
)
_words = click.option(
    "--passphrase-file", type=FILE, multiple=True, help="For each private key in turn; asked for otherwise."
)
_holders = click.option(
    "--holder", type=FILE, multiple=True, required=True, help="A public key of a holder; three times."
)
_out = click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")


@click.group()
def escrow() -> None:
    """Check the shares of the escrow key, and use two of them when other keys or stores are lost."""


@escrow.command()
@click.argument("share", type=FILE)
@click.option("--key", type=FILE, required=True, help="The private key's file of the holder.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
def check(share: Path, key: Path, passphrase_file: Path | None) -> None:
    """See that SHARE is a share of the escrow key: before its holder leaves the ceremony, and once a year."""
    held, of = sure(read_share(read_bytes(share), load_private(key, passphrase_file)), share)
    click.echo(f"share {held.index} of the escrow key with the fingerprint {of.fingerprint}: it is genuine")


@escrow.command("split-again")
@click.argument("folder", metavar="DIR", type=FOLDER)
@_quorum
@_words
@_holders
@_out
def split_again(
    folder: Path, quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], holder: tuple[Path, ...], out: Path
) -> None:
    """Split the escrow key on a new line when one share is lost. DIR holds the shares; the old ones are destroyed."""
    with saying_problems():
        key = escrow_of(load_keys(quorum, passphrase_file), share_files(folder))
        write_folder(out, escrow_files(ESCROW, key, [load_public(each) for each in holder], operating_system))
    click.echo(f"{out}: a share for each holder. Destroy the old ones: they do not fit together with these.")


@escrow.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--key", type=FILE, required=True, help="The private key's file of a recipient of the list.")
@_words
@_holders
@_out
def renew(folder: Path, key: Path, passphrase_file: tuple[Path, ...], holder: tuple[Path, ...], out: Path) -> None:
    """Make a new escrow key when two shares are lost, while a recipient's key still opens the list.

    DIR holds the sealed list and the second locks.
    """
    with saying_problems():
        sealed = load_list(the_file(folder, SEALED_LIST))
        (opener,) = load_keys([key], passphrase_file)
        fresh = new_key(ESCROW, operating_system)
        again = rewrap(sealed, opener, operating_system, add=[fresh.public], drop=[ESCROW])
        holders = [load_public(each) for each in holder]
        locks = read_bytes(the_file(folder, SECOND_LOCKS))
        files = escrow_files(sealed.study, fresh, holders, operating_system, locks=locks)
        write_folder(out, {f"web-host/{SEALED_LIST}": write_list(again), **files})
    click.echo(f"{out}: the list for the web host, and a share for each holder of the new escrow key")
    click.echo(f"fingerprint  {fresh.public.fingerprint}")


@escrow.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@_quorum
@_words
@click.option("--out", type=FILE, required=True, help="The file of second locks to write.")
def recover(folder: Path, quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], out: Path) -> None:
    """Get the second locks back when the allocator's store is lost. DIR holds the shares and the sealed copy."""
    copy = the_file(folder, COPY)
    key = escrow_of(load_keys(quorum, passphrase_file), share_files(folder))
    write_new(out, sure(read_copy(read_bytes(copy), key), copy))
    click.echo(f"{out}: for the allocator's store and nowhere else")


@escrow.command("rewrap")
@click.argument("folder", metavar="DIR", type=FOLDER)
@_quorum
@_words
@click.option("--add", type=FILE, multiple=True, help="The public key of a new recipient; repeatable.")
@click.option("--site", default="", help="The one site whose envelopes those added are to open; all sites' otherwise.")
@click.option(
    "--drop", multiple=True, help="A recipient who opens it no more, as 'equipoise keys show' says; repeatable."
)
@click.option("--out", type=FILE, required=True, help="The sealed list to write.")
def rewrap_list(
    folder: Path, quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], add: tuple[Path, ...], site: str,
    drop: tuple[str, ...], out: Path,
) -> None:  # fmt: skip
    """Wrap the first locks for another recipient when somebody's key is lost.

    DIR holds the sealed list and the shares. Future slots stay shut: their second locks are with the allocator. With
    --site the quorum is two holders of the escrow key, and DIR holds its copy of the second locks too: only what is in
    an envelope proves which site it is for. Nothing of that is shown or written.
    """
    forget_on_crash()
    with saying_problems():
        sealed = load_list(the_file(folder, SEALED_LIST))
        opener = quorum_of(sealed, load_keys(quorum, passphrase_file), share_files(folder))[0]
        locks = _locks_of_escrow(folder, opener) if site and opener.role == ESCROW else ()
        added = [replace(load_public(each), site=site) for each in add]
        again = rewrap(sealed, opener, operating_system, add=added, drop=drop, locks=locks)
        write_new(out, write_list(again))
    click.echo(f"{out}: the list for the web host; recipients now: {', '.join(again.recipients)}")


def _locks_of_escrow(folder: Path, key: PrivateKey) -> tuple[SecondLock, ...]:
    """The second locks in the copy that is sealed for the escrow key."""
    copy = the_file(folder, COPY)
    return sure(read_locks(sure(read_copy(read_bytes(copy), key), copy)), copy)[1]


@escrow.command("seal-again")
@click.argument("folder", metavar="DIR", type=FOLDER)
@_quorum
@_words
@click.option("--protocol", type=FILE, required=True, help="The protocol, for its roles.")
@click.option(
    "--recipients", type=FILE, required=True, help="As for 'equipoise seal', without the key that was stolen."
)
@click.option("--version", required=True, help="What this sealing is called; the first is 1.")
@click.option("--by", multiple=True, required=True, help="Who is present, for the transcript; repeatable.")
@_out
def seal_again(
    folder: Path, quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], protocol: Path, recipients: Path,
    version: str, by: tuple[str, ...], out: Path,
) -> None:  # fmt: skip
    """Seal the same list again under new keys, locks and cards when a key may have been stolen.

    DIR holds the list, the second locks, the commitment and the shares. Nothing is shown or written in the clear, and
    the commitment stays the published one.
    """
    forget_on_crash()
    refuse_deployment(out, os.environ)
    refuse_existing(out)
    with saying_problems() as console:
        sealed = load_list(the_file(folder, SEALED_LIST))
        if fault := check_commitment(sealed, read_bytes(the_file(folder, COMMITMENT)).decode("utf-8", "replace")):
            stop(fault)
        _, locks = sure(read_locks(read_bytes(the_file(folder, SECOND_LOCKS))))
        named, found = load_recipients(recipients), load_protocol(protocol)
        sure_of_roles(found, [*named.recipients, *named.keepers])
        held_keys = load_keys(quorum, passphrase_file)
        openers = quorum_of(sealed, held_keys, share_files(folder))
        payloads = open_with_each(sealed, locks, openers)
        held = hold_again(
            sealed.study, payloads, named.recipients, named.holders, operating_system, version=version,
            protocol=digest(found), seed=seed_again(folder, [*held_keys, *openers], named.keepers),
        )  # fmt: skip
        del payloads
        everybody = [*named.recipients, *named.holders, *named.keepers]
        write_ceremony(Steps(console), held, out, everybody, by, read_bytes(protocol))
    click.echo(f"{out}: part the folders, as transcript.txt says; load the locks into a new allocator's store.")

"""`equipoise open`: the whole list after the lock, by a quorum, verified against the published commitment."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import click

from equipoise.cli.ceremony import load_keys, load_list, read_bytes, saying_problems, stop, sure, write_new
from equipoise.cli.draws import draws_again
from equipoise.envelopes import (
    COMMITMENT,
    ESCROW,
    SEALED_LIST,
    SECOND_LOCKS,
    Payload,
    PrivateKey,
    SealedList,
    SecondLock,
    check_commitment,
    escrow_key,
    holder_of,
    open_payloads,
    problem,
    read_locks,
    read_share,
    write_opened,
)

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--quorum", type=FILE, multiple=True, required=True, help="A private key's file of one of them; repeat it."
)
@click.option("--passphrase-file", type=FILE, multiple=True, help="For each --quorum in turn; asked for otherwise.")
@click.option("--commitment", type=FILE, help="The text as it was published (default: commitment.txt in DIR).")
@click.option("--out", type=FILE, help="Where to write the opened list (default: opened-list.json in DIR).")
def open(  # noqa: A001 - the command is called so, and `main` finds it by that name
    folder: Path, quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], commitment: Path | None, out: Path | None
) -> None:
    """Open the whole list in DIR after the study is locked, with a quorum, and verify every slot.

    DIR holds the sealed list, the second locks, the commitment and the escrow shares. The quorum is two of the three
    holders of the escrow key, or two recipients of the list who are bound to no site. No arm is printed.
    Where the arms were drawn as participants came, and DIR has the allocations, every draw is made again and compared.
    """
    with saying_problems():
        sealed, payloads, drawn = open_folder(folder, quorum, passphrase_file, commitment)
        written = out or folder / "opened-list.json"
        write_new(written, write_opened(sealed, payloads))
    click.echo(f"{len(payloads)} slots agree with the commitment {sealed.commitment}")
    if drawn:
        click.echo(drawn)
    click.echo(f"The opened list is in {written}, which only you can read.")


def open_folder(
    folder: Path, quorum: Sequence[Path], passphrases: Sequence[Path], commitment: Path | None = None
) -> tuple[SealedList, tuple[Payload, ...], str]:
    """The list in a folder with what is inside its envelopes, if it is the one that was published; and what making the
    draws again has shown, where there are any."""
    sealed = load_list(the_file(folder, SEALED_LIST))
    published = read_bytes(commitment or the_file(folder, COMMITMENT)).decode("utf-8", "replace")
    if fault := check_commitment(sealed, published):
        stop(fault)
    second = the_file(folder, SECOND_LOCKS)
    _, locks = sure(read_locks(read_bytes(second)), second)
    held = load_keys(quorum, passphrases)
    keys = quorum_of(sealed, held, share_files(folder))
    payloads = open_with_each(sealed, locks, keys)
    return sealed, payloads, draws_again(folder, payloads, [*held, *keys])


def open_with_each(sealed: SealedList, locks: Sequence[SecondLock], keys: Sequence[PrivateKey]) -> tuple[Payload, ...]:
    """What is inside, opened with every key of the quorum: all must find the list that was committed to."""
    return [open_payloads(sealed, locks, key) for key in keys][-1]


def the_file(folder: Path, name: str) -> Path:
    """The one file of this name in a folder, however deep; copies with the same content are one."""
    found = sorted(folder.rglob(name))
    if len({read_bytes(file) for file in found}) != 1:
        stop(problem("envelopes.E056", str(folder), name=name))
    return found[0]


def share_files(folder: Path) -> list[bytes]:
    """The files of escrow shares in a folder."""
    files = [read_bytes(file) for file in sorted(folder.rglob("*.json"))]
    return [file for file in files if holder_of(file)]


def quorum_of(sealed: SealedList, keys: Sequence[PrivateKey], shares: Sequence[bytes]) -> list[PrivateKey]:
    """The keys that open the list: the escrow key of two holders' shares, or the keys of two recipients bound to no
    site."""
    recipients = [key for key in keys if key.recipient in sealed.recipients]
    bound = {key.recipient: site for key in recipients if (site := sealed.site_of(key.recipient))}
    whole = [key for key in recipients if key.recipient not in bound]
    if any(one.secret != other.secret for one, other in combinations(whole, 2)):
        return whole
    holders = [key for key in keys if any(holder_of(share) == key.recipient for share in shares)]
    if bound and len(holders) < 2:
        stop(*(problem("envelopes.E106", "quorum", role=name, site=site) for name, site in bound.items()))
    return [escrow_of(keys, shares)]


def escrow_of(keys: Sequence[PrivateKey], shares: Sequence[bytes]) -> PrivateKey:
    """The escrow key from the shares of two of these holders, or an end with the reason."""
    held = [
        sure(read_share(share, key), ESCROW) for key in keys for share in shares if holder_of(share) == key.recipient
    ]
    if len(held) < 2:
        stop(problem("envelopes.E054", "quorum"))
    return sure(escrow_key(held))

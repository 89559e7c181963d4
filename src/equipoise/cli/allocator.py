"""`equipoise allocator`: the process that draws the arms of a study as its participants come."""

import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from equipoise.cli.ceremony import forget_on_crash, load_private, others_may_read, stop, sure, write_new
from equipoise.cli.deployment import prepare
from equipoise.cli.draws import write_allocations
from equipoise.cli.terminal import print_problems
from equipoise.envelopes import PrivateKey, problem
from equipoise.randomisation import operating_system

if TYPE_CHECKING:
    from equipoise.allocator.keeper import Keeper

FILE = click.Path(path_type=Path, dir_okay=False)
HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="The deployment.")


@click.group()
def allocator() -> None:
    """Unlock the allocator of a study, so that it draws arms as participants come, or chooses kits."""


@allocator.command()
@click.argument("study")
@click.option("--key", type=FILE, required=True, help="The private key's file of a keeper.")
@click.option("--passphrase-file", type=FILE, help="Take the passphrase from a file's first line; asked for otherwise.")
@HOME
def run(study: str, key: Path, passphrase_file: Path | None, home: Path) -> None:
    """Unlock the allocator of STUDY and answer its server until the process is ended (SIGTERM, Ctrl-C).

    Seed and arms are in this process's memory alone. Every draw that was kept is made again first, and compared. Of a
    study with kits it chooses which one a participant gets; start it again after a new lot.
    """
    forget_on_crash()
    prepare(home, demo=False)
    from equipoise.allocator.asking import socket_of
    from equipoise.allocator.process import SocketTakenError, listening, serve

    private = load_private(key, passphrase_file)
    if others_may_read(key):
        print_problems(Console(soft_wrap=True, stderr=True), [problem("envelopes.W005", str(key))])
    (answer, unlocked), path = _answering(study, private), socket_of(study)
    try:
        with listening(path) as server:
            for ending in (signal.SIGTERM, signal.SIGINT):
                signal.signal(ending, lambda *_: sys.exit(0))
            click.echo(f"{study} is unlocked: {unlocked}")
            serve(server, answer)
    except SocketTakenError as error:
        raise click.ClickException(f"The allocator of {study} is unlocked already, at {path}.") from error
    except OSError as error:
        raise click.ClickException(f"Nobody can listen at {path}: {error.strerror or error}.") from error


@allocator.command()
@click.argument("study")
@click.option("--out", type=FILE, required=True, help="The file to write; 'equipoise open' looks for allocations.json.")
@HOME
def allocations(study: str, out: Path, home: Path) -> None:
    """Write who of STUDY was given which envelope, to make every draw again at the end. No arm is in it.

    What the allocator gave and the ledger does not know is in it too. If the two contradict each other, nothing is
    written.
    """
    prepare(home, demo=False)
    from equipoise.allocator import door
    from equipoise.allocator.messages import problem as of_allocator
    from equipoise.desk.allocation import assigned
    from equipoise.web import deployment

    try:
        recorded = {(each.subject, each.stratum, each.label) for each in assigned(deployment.ledger(study))}
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from error
    given = [each for each in door.assignments(study=study) if not door.is_nobody(each.subject)]
    rows = [(each.subject, each.stratum, each.label, each.set_aside) for each in given]
    if not recorded <= {row[:3] for row in rows}:
        stop(of_allocator("allocator.E008", study))
    write_new(out, write_allocations(study, rows))
    click.echo(f"{out}: {len(rows)} allocations, {len(rows) - len(recorded)} of them unknown to the ledger")


def _answering(study: str, key: PrivateKey) -> tuple[Callable[[bytes], bytes], str]:
    """How the process answers, and what it says of what it unlocked: the draws, the kits, or both."""
    from equipoise.allocator import door
    from equipoise.allocator.kit_choosing import KitKeeper, unlock_kits
    from equipoise.web import deployment

    try:
        plan = deployment.ledger(study).protocol.kits
    except LookupError:
        plan = None
    keeper = _unlocked(study, key) if plan is None or door.sealed_seed(study=study) is not None else None
    said = f"{keeper.course.number - 1} draws made again and found as they were kept" if keeper is not None else ""
    if plan is None and keeper is not None:
        return partial(_answered, keeper), said
    assert plan is not None  # noqa: S101 - one of the two is there
    _refuse_demonstrations_key(key)
    lists = deployment.kit_lists(study)
    if site := lists[0].site_of(key.recipient):  # the allocation list's; the others are kits
        stop(problem("envelopes.E106", "key", role=key.recipient, site=site))
    choose = unlock_kits(study, lists, key, reserve=plan.reserve, random=operating_system)
    chooses = f"it chooses kits of {len(lists) - 1} lots"
    answer = KitKeeper(choose, partial(_answered, keeper) if keeper is not None else None).answer
    return answer, "; ".join(filter(None, (said, chooses)))


def _answered(keeper: "Keeper", question: bytes) -> bytes:
    """The keeper's answer; what it finds wrong with a draw that was kept is said once, to who watches the process."""
    before, answer = keeper.fault, keeper.answer(question)
    if keeper.fault is not None and before is None:
        print_problems(Console(soft_wrap=True, stderr=True), [keeper.fault])
    return answer


def _unlocked(study: str, key: PrivateKey) -> "Keeper":
    """The keeper of a study, or an end with the reason."""
    from equipoise.allocator.keeper import unlock

    _refuse_demonstrations_key(key)
    return sure(unlock(study, key, operating_system), study)


def _refuse_demonstrations_key(key: PrivateKey) -> None:
    from django.conf import settings

    if key.demo and not settings.DEMO:
        stop(problem("envelopes.E004", "key", role=key.recipient))

"""`equipoise analyse`: from a ledger to every table, listing and figure, on dummy arms until the list is opened."""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from equipoise.cli.ceremony import Stopped, read_bytes, refuse_existing, saying_problems, stop, sure
from equipoise.cli.deployment import has_database, prepare
from equipoise.cli.terminal import Steps, print_problems

if TYPE_CHECKING:
    from equipoise.conduct.acts import ListOpened
    from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
    from equipoise.envelopes import OpenedList
    from equipoise.items import Problem
    from equipoise.ledger.store import Ledger
    from equipoise.protocol.schema import Protocol

FOLDER = click.Path(path_type=Path, file_okay=False)
THERE = click.Path(path_type=Path, file_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("protocol", type=click.Path(path_type=Path), required=False)
@click.option("--ledger", type=FOLDER, default=Path("demo-out"), show_default=True, help="The deployment's folder.")
@click.option("--study", default="", help="The study in the ledger (default: the protocol's).")
@click.option("--out", type=FOLDER, help="A new folder for the outputs.")
@click.option("--opened", type=FILE, help="After the lock: the file that `equipoise open` wrote.")
@click.option("--sealed", type=THERE, help="After the lock, instead: the folder of the ceremony, to open it here.")
@click.option("--quorum", type=FILE, multiple=True, help="For --sealed: a key's file of one of them; repeat it.")
@click.option("--passphrase-file", type=FILE, multiple=True, help="For each --quorum in turn; asked for otherwise.")
@click.option("--seed", default="", help="Of the dummy arms, to draw the same again (default: drawn and recorded).")
@click.option("--check", type=THERE, help="Compare a folder of outputs with its manifest, and do nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of problems.")
def analyse(
    protocol: Path | None, ledger: Path, study: str, out: Path | None, opened: Path | None, sealed: Path | None,
    quorum: tuple[Path, ...], passphrase_file: tuple[Path, ...], seed: str, check: Path | None, as_json: bool,
    language: str,
) -> None:  # fmt: skip
    """Verify the ledger, analyse it as PROTOCOL says, and write every table, listing and figure into a new folder.

    Until the study is locked and its list opened the arms are DUMMY: drawn from a seed in the protocol's ratio within
    each stratum, without a look at the list, and marked so on every page and in every file. Afterwards the true arms
    come from --opened, or from --sealed with a --quorum, and must agree with what the ledger recorded of the opening.
    """
    arms = _Arms(opened, sealed, quorum, passphrase_file, seed)
    with _speaking(language, as_json) as console:
        if check is not None:
            done = _checked(console, check)
        elif protocol is None or out is None:
            raise click.UsageError("Name the protocol's file, and with --out a new folder; or a folder to --check.")
        else:
            arms.check_usage()
            done = _analysed(console, _Asked(protocol, ledger, study, out), arms)
    if as_json:
        click.echo(json.dumps({"problems": [], **done}, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose analysis, from where, and where to."""

    file: Path
    home: Path
    study: str
    out: Path


@dataclass(frozen=True, slots=True)
class _Arms:
    """Where the true arms come from, or the seed of dummy ones; one is drawn where nothing is given."""

    opened: Path | None
    sealed: Path | None
    quorum: tuple[Path, ...]
    passphrases: tuple[Path, ...]
    seed: str

    @property
    def true(self) -> bool:
        """Whether the true arms are asked for."""
        return self.opened is not None or self.sealed is not None

    def check_usage(self) -> None:
        """Refuse options that do not go together."""
        if self.opened is not None and self.sealed is not None:
            raise click.UsageError("The opened list comes from --opened or from --sealed, not from both.")
        if bool(self.quorum) != (self.sealed is not None):
            raise click.UsageError("--sealed needs the keys of a --quorum, and a --quorum opens the list in --sealed.")
        if self.true and self.seed:
            raise click.UsageError("--seed is for dummy arms; the true ones come from the opened list.")


@contextmanager
def _speaking(language: str, as_json: bool) -> Iterator[Console]:
    """Where people read: standard error where standard output is for JSON alone. A stop is said in their language."""
    console = Console(soft_wrap=True, stderr=as_json)
    try:
        with saying_problems():
            yield console
    except Stopped as stopped:
        from equipoise.cli.outputs import said

        found = [said(problem, language) for problem in stopped.problems]
        print_problems(console, found)
        if as_json:
            click.echo(json.dumps({"problems": [str(problem) for problem in found]}, ensure_ascii=False))
        raise click.exceptions.Exit(1) from None


def _checked(console: Console, folder: Path) -> dict[str, object]:
    from equipoise.cli.outputs import files_in
    from equipoise.reports import check_files

    files = files_in(folder)
    if found := tuple(check_files(files)):
        stop(*found)
    console.print(f"{folder}: {len(files) - 1} files are those of the manifest.", markup=False)
    return {"files": len(files) - 1}


def _analysed(console: Console, asked: _Asked, arms: _Arms) -> dict[str, object]:
    from equipoise.statistics.warm import warm_in_background

    steps, protocol = Steps(console), _protocol(console, asked.file)
    refuse_existing(asked.out)
    warm_in_background()
    snapshot, openings = _verified(steps, protocol, asked.home, asked.study or protocol.id)
    seed = "" if arms.true else arms.seed or secrets.token_hex(16)
    opened = _with_arms(snapshot, protocol, openings, arms, seed)
    return _write(steps, opened, protocol, asked.out, seed)


def _protocol(console: Console, file: Path) -> "Protocol":
    from equipoise.protocol.check import read_protocol

    found, problems = read_protocol(read_bytes(file), name=file.name)
    if found is None or any(problem.level == "error" for problem in problems):
        stop(*problems)
    print_problems(console, problems)
    return found


def _ledger(home: Path, study: str) -> "Ledger":
    """The ledger of a study in a deployment, if there is one; looking for it makes nothing."""
    from equipoise.reports.messages import problem

    nothing = problem("outputs.E005", str(home), study=study)
    if not home.is_dir():
        stop(nothing)
    prepare(home, demo=False)
    from django.db.utils import DatabaseError

    from equipoise.ledger.store import Ledger

    try:
        return Ledger.of(study) if has_database() else stop(nothing)
    except (LookupError, DatabaseError):
        stop(nothing)


def _verified(steps: Steps, protocol: "Protocol", home: Path, study: str) -> "tuple[Snapshot, list[ListOpened]]":
    """The snapshot of a ledger that verifies and runs under this protocol, and the openings of its list on record."""
    from equipoise.conduct.acts import ListOpened
    from equipoise.protocol.load import digest
    from equipoise.reports.messages import problem

    ledger = _ledger(home, study)
    from equipoise.ledger.verify import verify  # Django is set up by now

    mine, theirs = digest(protocol), digest(ledger.protocol)
    if mine != theirs:
        stop(problem("outputs.E006", study, found=mine, expected=theirs))
    with steps.counted(f"{study}, verified act by act", 1) as progress:
        verification = verify(ledger, progress=progress)
    if verification.problems:
        stop(*verification.problems)
    acts = [each.act for each in ledger.acts(kinds=["ListOpened"])]
    return verification.snapshot, [act for act in acts if isinstance(act, ListOpened)]


def _with_arms(
    snapshot: "Snapshot", protocol: "Protocol", openings: "Sequence[ListOpened]", arms: _Arms, seed: str
) -> "OpenedSnapshot":
    """The snapshot with arms. Nothing sealed is touched before the ledger says that it may be."""
    from equipoise.analysis.arms import dummy_arms, opening_of, true_arms

    if not arms.true:
        return dummy_arms(snapshot, protocol, seed)
    sure(opening_of(snapshot, openings))
    return sure(true_arms(snapshot, protocol, _list(arms), openings))


def _list(arms: _Arms) -> "OpenedList":
    from equipoise.cli.open import open_folder
    from equipoise.envelopes import OpenedList, read_opened

    if arms.sealed is None:
        file = arms.opened or Path()
        return sure(read_opened(read_bytes(file)), file)
    sealed, payloads, _ = open_folder(arms.sealed, arms.quorum, arms.passphrases)
    return OpenedList(sealed.study, sealed.version, sealed.commitment, payloads)


def _write(steps: Steps, opened: "OpenedSnapshot", protocol: "Protocol", out: Path, seed: str) -> dict[str, object]:
    from equipoise.cli.outputs import written
    from equipoise.reports import NOTES, Provenance

    snapshot, console = opened.snapshot, steps.console
    provenance = Provenance(snapshot.protocol, snapshot.head, snapshot.acts, arms_seed=seed)
    with steps.counted("the analysis and its outputs", 1) as progress:
        names = written(out, opened, protocol, provenance, progress)
    if NOTES in names:
        print_problems(console, [_without_chinese(out)])
    arms = "dummy" if opened.dummy else "true"
    drawn = f", seed {seed}" if opened.dummy else ""
    console.print(f"{len(names)} files in {out}, on {arms.upper()} arms{drawn}", markup=False)
    console.print(f"begin with {out / 'index.html'}", markup=False)
    made = {"study": snapshot.study, "out": str(out), "files": len(names), "arms": arms, "seed": seed}
    return {**made, "ledger_head": snapshot.head, "acts": snapshot.acts}


def _without_chinese(out: Path) -> "Problem":
    from equipoise.reports.messages import problem

    return problem("outputs.W001", str(out))

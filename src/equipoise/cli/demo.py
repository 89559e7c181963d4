"""`equipoise demo`: a whole trial, from the protocol file to the report, on simulated participants."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console

from equipoise.cli.deployment import migrate, prepare
from equipoise.cli.terminal import Steps, print_problems

if TYPE_CHECKING:
    from equipoise.cli.rehearsal import Trial
    from equipoise.conduct.snapshot import OpenedSnapshot
    from equipoise.desk import Desk
    from equipoise.protocol.schema import Protocol
    from equipoise.simulation.scenario import Scenario

MARK: Final = "DEMO"  # the file that says a folder holds a demonstration and may be replaced by another
TRAINING: Final = 36  # participants of the open study for practice
TRAINING_WEEKS: Final = 30  # how long it has been running
KEYS: Final = "keys"  # the folder of the practice study's demonstration keys
PASSPHRASE: Final = "simulated"  # noqa: S105 - of keys that everybody can make
CARDS: Final = "code-break-cards.txt"  # the codes on the cards of the study for practice


@click.command()
@click.argument("protocol", type=click.Path(path_type=Path), required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--participants", type=click.IntRange(min=1), help="How many to randomise (default: the protocol's).")
@click.option("--scenario", type=click.Path(path_type=Path), help="What nature does (default: scenarios/demo.yaml).")
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards.")
@click.option("--port", type=int, default=8000, show_default=True)
def demo(
    protocol: Path | None, out: Path, seed: int, participants: int | None, scenario: Path | None, serve: bool, port: int
) -> None:
    """Run a trial from its protocol file to its report on SIMULATED participants.

    Keys, allocation list and clock are drawn from the seed, so that the same seed gives the same ledger and the same
    report. Only the demonstration works like this.
    """
    console = Console(soft_wrap=True)
    steps = Steps(console)
    file = protocol or reference_trial()
    found = _read_protocol(console, file)
    nature = _read_scenario(console, found, scenario or file.parent / "scenarios" / "demo.yaml")
    make_room(console, out)
    prepare(out, demo=True)
    migrate()
    from equipoise.cli.rehearsal import Trial
    from equipoise.cli.virtual_pharmacist import RehearsalError

    trial = Trial(found.id, file, found, nature, seed, participants or found.study.participants)
    console.print(f"[bold]{found.study.short_title}[/] · SIMULATED · seed {seed}: keys, list and clock come from it")
    try:
        _whole_trial(console, steps, trial, out)
        if serve:
            with steps.step("an open study to practise in"):
                _unlock(_training(trial, out / CARDS))
    except RehearsalError as error:
        console.print(f"[red]The rehearsal stopped:[/] {error}")
        sys.exit(1)
    if serve:
        console.print(f"\nKeys for the practice study's pharmacy: {out / KEYS}, passphrase {PASSPHRASE}", markup=False)
        console.print(f"\nServing at [link]http://127.0.0.1:{port}[/] · one click logs you in · Ctrl-C ends it")
        from equipoise.cli.serve import run_server

        run_server("127.0.0.1", port)


def reference_trial() -> Path:
    """The protocol file of the reference trial, in the package or in the repository."""
    inside = Path(__file__).parents[1] / "trials"
    trials = inside if inside.exists() else Path(__file__).parents[3] / "trials"
    return trials / "belimumab-sle" / "protocol.yaml"


def _read_protocol(console: Console, file: Path) -> "Protocol":
    from equipoise.protocol.check import read_protocol

    found, problems = read_protocol(_bytes(console, file), name=file.name)
    print_problems(console, problems)
    if found is None or any(problem.level == "error" for problem in problems):
        sys.exit(1)
    infusions = sum(found.treatment.form in visit.forms for visit in found.visits)
    console.print(
        f"[green]✓[/] {file.name} is sound: {len(found.visits)} contacts, {infusions} doses, {len(found.forms)} forms"
    )
    return found


def _read_scenario(console: Console, protocol: "Protocol", file: Path) -> "Scenario":
    from equipoise.simulation.fitting import read_for

    nature, problems = read_for(protocol, _bytes(console, file), name=file.name)
    print_problems(console, problems)
    if nature is None:
        sys.exit(1)
    return nature


def _bytes(console: Console, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        console.print(f"{file} cannot be read: {error.strerror}.", markup=False)
        sys.exit(1)


def make_room(console: Console, out: Path) -> None:
    """Begin with an empty folder; only another demonstration is ever replaced."""
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).exists():
            console.print(f"{out} is not empty and holds no earlier demonstration; nothing was touched.", markup=False)
            sys.exit(1)
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("SIMULATED. This folder holds a demonstration and is replaced by the next one.\n")


def _whole_trial(console: Console, steps: Steps, trial: "Trial", out: Path) -> None:
    from equipoise.cli import rehearsal, rehearsal_kits
    from equipoise.ledger.verify import verify
    from equipoise.simulation.clock import VirtualClock
    from equipoise.statistics.warm import warm_in_background

    warm_in_background()
    clock = VirtualClock(trial.start)
    with steps.step("the allocation list, drawn and sealed"):
        desk = rehearsal.open_desk(trial, clock)
        sealed = rehearsal.seal_list(trial, rehearsal.draw_list(trial))
        rehearsal_kits.stock(trial, desk, sealed)
    with steps.counted("the trial, act by act", trial.participants) as progress:
        staff = rehearsal.run(trial, desk, clock, pharmacist=rehearsal.pharmacist(trial, desk), progress=progress)
    pace = staff.acts / steps.times[-1][1]
    with steps.step("the lock, and the list opened against its commitment"):
        opened = rehearsal.open_trial(trial, desk, clock, out / "opened-list.json")
    with steps.counted("the analysis and the report", 1) as progress:
        written = _report(trial, opened, out, progress)
    with steps.counted("the ledger, replayed and compared", opened.snapshot.acts) as progress:
        verification = verify(desk.ledger, progress=progress)
    print_problems(console, verification.problems)
    _summary(console, steps, opened, written, pace)
    console.print(f"list commitment {sealed.commitment}")
    console.print(f"ledger head     {verification.head}")
    if verification.problems:
        sys.exit(1)


def _report(trial: "Trial", opened: "OpenedSnapshot", out: Path, progress: Callable[[int, int], None]) -> list[str]:
    from equipoise.cli.outputs import written
    from equipoise.reports import Provenance

    snapshot = opened.snapshot
    provenance = Provenance(
        protocol_digest=snapshot.protocol, ledger_head=snapshot.head, acts=snapshot.acts, seed=str(trial.seed)
    )
    folder = out / "report" / trial.study
    files = written(folder, opened, trial.protocol, provenance, progress)
    return [str(folder / name) for name in files]


def _summary(console: Console, steps: Steps, opened: "OpenedSnapshot", written: list[str], pace: float) -> None:
    snapshot = opened.snapshot
    screened = len(snapshot.subjects)
    failed = sum(bool(subject.screen_failure) for subject in snapshot.subjects.values())
    total = sum(seconds for _, seconds in steps.times)
    console.print()
    console.print(f"{screened} screened, {failed} not eligible, {len(opened.arms)} randomised and allocated")
    console.print(f"{snapshot.acts:,} acts, {pace:,.0f} acts/s while the trial ran; {total:.1f} s in all")
    reports = [name for name in written if name.endswith(("index.html", "/report.html", "/report.pdf"))]
    console.print(f"report: {', '.join(reports)} and {len(written) - len(reports)} more files")


def _training(trial: "Trial", cards: Path) -> "Desk":
    """A second study under the same protocol, in its thirtieth week today, in which everything can be tried.

    The codes on its code-break cards stand in a file, since nobody prints cards for a demonstration.
    """
    from equipoise.cli import rehearsal, rehearsal_kits
    from equipoise.simulation.clock import VirtualClock

    today = datetime.now(UTC).date()
    nature = trial.scenario.model_copy(update={"start": today - timedelta(weeks=TRAINING_WEEKS), "lockdown": None})
    fewer = min(TRAINING, trial.participants)
    practice = replace(trial, study=f"{trial.study}-training", scenario=nature, participants=fewer)
    clock = VirtualClock(practice.start)
    desk = rehearsal.open_desk(practice, clock)
    rehearsal_kits.stock(practice, desk, rehearsal.seal_list(practice, rehearsal.draw_list(practice), cards))
    _write_keys(practice, cards.parent)
    pharmacist = rehearsal.pharmacist(practice, desk)
    rehearsal.run(practice, desk, clock, pharmacist=pharmacist, until=today - timedelta(days=1))
    return desk


def _unlock(desk: "Desk") -> None:
    """Let the kits of the practice study be chosen while the demonstration is served; its keys come from the seed."""
    from equipoise.allocator.asking import socket_of
    from equipoise.allocator.kit_choosing import KitKeeper, UnlockedKits
    from equipoise.allocator.process import listening, serve

    choose = getattr(desk, "choose", None)
    if isinstance(choose, UnlockedKits):

        def answering() -> None:
            with listening(socket_of(choose.study)) as server:
                serve(server, KitKeeper(choose).answer)

        Thread(target=answering, daemon=True).start()


def _write_keys(trial: "Trial", out: Path) -> None:
    """The key files of those who read the pharmacy's register. They are demonstration keys: everybody can make them."""
    from equipoise.cli.ceremony import write_new
    from equipoise.envelopes import LIGHT, write_private_key

    folder = out / KEYS
    folder.mkdir()
    readers = [(role, site) for role in trial.protocol.pharmacy_readers for site in trial.bound_to(role)]
    for role, site in readers:
        name = f"{role}-{site}" if site else role
        file = write_private_key(trial.key(role, site), PASSPHRASE, trial.source("file", name), LIGHT)
        write_new(folder / f"{name}.key", file)

"""`equipoise simulate`: the operating characteristics of a design, from thousands of simulated trials."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console

from equipoise.cli.terminal import bytes_of, counting, print_problems, protocol_of
from equipoise.protocol.load import digest
from equipoise.protocol.schema import Protocol

if TYPE_CHECKING:
    from equipoise.reports.design_assumptions import About
    from equipoise.simulation.design.outcome import Outcome
    from equipoise.simulation.design.reading import Study
    from equipoise.simulation.design.running import Engine, Order
    from equipoise.simulation.design.sums import Sums

CHECKPOINT: Final = "checkpoint.json"
INTERRUPTED: Final = 130  # the exit code of what Ctrl-C ended
_SAVED_EVERY: Final = 50  # chunks
_GOES_ON: Final = "The same command with --resume goes on from here."
_KEPT_NOTHING: Final = "With --out FOLDER they are kept, and --resume goes on from there."


@click.command()
@click.argument("protocol", type=click.Path(path_type=Path))
@click.argument("scenarios", type=click.Path(path_type=Path), nargs=-1)
@click.option("--trials", type=click.IntRange(min=1, max=2**62), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0, max=2**64 - 1), default=1, show_default=True)
@click.option("--workers", type=click.IntRange(min=1, max=10_000), help="How many (default: one for each core).")
@click.option(
    "--runner", type=click.Choice(["local", "ray"]), default="local", show_default=True,
    help="Threads here, or Ray, on the cluster at RAY_ADDRESS if one is named.",
)  # fmt: skip
@click.option(
    "--until-error", type=click.FloatRange(min=0, min_open=True), default=None,
    help="Stop earlier, once no rejection rate has a greater Monte-Carlo error.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write table, report and checkpoint there."
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
@click.option("--replay", type=click.IntRange(min=0), metavar="TRIAL", help="One trial by its number, row by row.")
@click.option("--json", "as_json", is_flag=True, help="Print the results alone, as JSON.")
def simulate(
    protocol: Path, scenarios: tuple[Path, ...], trials: int, seed: int, workers: int | None, runner: str,
    until_error: float | None, out: Path | None, resume: bool, replay: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Simulate a trial many times before it starts: power, type I error, bias, coverage. All of it is SIMULATED.

    Scenarios say what is assumed (default: scenarios/design.yaml beside the protocol). The result depends on protocol,
    scenarios, seed and number of trials only, not on who computes it or how many.
    """
    console = Console(soft_wrap=True, stderr=as_json)
    if resume and out is None:
        raise click.UsageError("--resume needs the folder of the run that is to go on: --out FOLDER")
    trial = protocol_of(console, protocol)
    files = scenarios or (protocol.parent / "scenarios" / "design.yaml",)
    studies = _studies(console, trial, files)
    if replay is not None:
        _replay(console, protocol, trial, studies[0], seed, replay, out, as_json)
        return
    from equipoise.simulation.design.running import Order

    order = Order(trials, seed, workers or os.cpu_count() or 1, until_error or 0.0)
    run = Run(console, digest(trial), out, _so_far(out) if resume and out is not None else {})
    with _engine(console, runner, workers) as run.engine:
        outcomes = run.all(studies, order)
    _tell(console, trial, outcomes, out, as_json)
    if run.interrupted:
        console.print(f"Interrupted: these are the trials so far. {_GOES_ON if out else _KEPT_NOTHING}")
        sys.exit(INTERRUPTED)


@contextmanager
def _engine(console: Console, runner: str, workers: int | None) -> "Iterator[Engine | None]":
    """What computes: nothing but this process, or Ray; the end where there is none."""
    if runner == "local":
        yield None
        return
    from equipoise.simulation.design.cluster import ClusterError, cluster

    try:
        with cluster(workers) as engine:
            yield engine
    except ClusterError as error:
        print_problems(console, [error.problem])
        sys.exit(1)


def _studies(console: Console, trial: Protocol, files: Sequence[Path]) -> "tuple[Study, ...]":
    from equipoise.simulation.design.reading import read_studies

    studies, problems = read_studies(trial, [(file.name, bytes_of(console, file)) for file in files])
    print_problems(console, problems)
    if problems:
        sys.exit(1)
    return studies


@dataclass(slots=True)
class Run:
    """The studies of one command, with what an earlier command left of them."""

    console: Console
    protocol: str  # digest
    out: Path | None
    so_far: "dict[str, Sums]" = field(default_factory=dict)
    interrupted: bool = False
    engine: "Engine | None" = None

    def all(self, studies: "Sequence[Study]", order: "Order") -> "tuple[Outcome, ...]":
        """What was found of each study, of fewer of them if somebody interrupted."""
        from equipoise.simulation.design.outcome import outcome_of
        from equipoise.simulation.design.sums import nothing

        found: list[Outcome] = []
        with counting(self.console, "SIMULATED trials") as progress:
            for place, study in enumerate(studies):
                earlier = sum(outcome.trials for outcome in found)
                sums = nothing(len(study.design.analyses), len(study.design.told))
                try:
                    for sums in self._one(study, order):
                        progress(earlier + sums.trials, earlier + expected_trials(order, sums) * (len(studies) - place))
                except KeyboardInterrupt:
                    self.interrupted = True
                found.append(outcome_of(study, order.seed, sums))
                if self.interrupted:
                    break
        self._save()
        return tuple(found)

    def _one(self, study: "Study", order: "Order") -> "Iterator[Sums]":
        """The sums of a study as they grow, kept for a checkpoint after every whole chunk."""
        from equipoise.simulation.design.running import CHUNK, simulate

        name = f"{study.identity(self.protocol)}-{order.seed}"
        before = self.so_far.get(name)
        start = before if before and before.trials <= order.trials else None
        for sums in simulate(study.design, order, start, self.engine):
            if sums.trials % CHUNK == 0:
                self.so_far[name] = sums
            if sums.trials % (CHUNK * _SAVED_EVERY) == 0:
                self._save()
            yield sums

    def _save(self) -> None:
        """The checkpoint as it is now, whole or not at all."""
        if self.out is None:
            return
        from equipoise.simulation.design.checkpoint import write_checkpoint

        self.out.mkdir(parents=True, exist_ok=True)
        written = self.out / f"{CHECKPOINT}.new"
        written.write_bytes(write_checkpoint(self.so_far))
        written.replace(self.out / CHECKPOINT)


def expected_trials(order: "Order", sums: "Sums") -> int:
    """How many a study will have taken: those ordered, or fewer by the error so far, which falls with their root."""
    from equipoise.simulation.design.characteristics import largest_error

    if not order.error or not sums.trials:
        return order.trials
    return min(order.trials, max(sums.trials, ceil(sums.trials * (largest_error(sums) / order.error) ** 2)))


def _so_far(out: Path) -> "dict[str, Sums]":
    from equipoise.simulation.design.checkpoint import read_checkpoint

    file = out / CHECKPOINT
    return read_checkpoint(file.read_bytes()) if file.exists() else {}


# --- What is told -----------------------------------------------------------------------------------------------------


def _tell(console: Console, trial: Protocol, outcomes: "Sequence[Outcome]", out: Path | None, as_json: bool) -> None:
    from equipoise.reports.design_report import design_files
    from equipoise.simulation.design.outcome import json_of, table_of

    if as_json:
        click.echo(json_of(outcomes, trial.id))
    else:
        click.echo("\n".join(line for outcome in outcomes for line in _lines(outcome)))
    if out is not None:
        table = table_of(outcomes)
        (out / "results.json").write_text(json_of(outcomes, trial.id) + "\n", "utf-8")
        (out / "results.csv").write_bytes(table.write_csv().encode())
        table.write_parquet(out / "results.parquet")
        about = {outcome.study.scenario.scenario: _about(outcome) for outcome in reversed(outcomes)}
        _write(out, design_files(table, trial, about))
        written = "design.html, design.pdf, results.csv, results.parquet, results.json"
        console.print(f"Written to {out}: {written}", markup=False, highlight=False)


def _about(outcome: "Outcome") -> "About":
    """What the report tells of a scenario beside its results; of a grid, what its first design is like."""
    from equipoise.reports.design_assumptions import About
    from equipoise.simulation.design.recruitment import recruitment

    study = outcome.study
    course = recruitment(study.design, outcome.seed)
    return About(study.scenario.text, study.assumed, study.scenario.start, course)


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)


def _lines(outcome: "Outcome") -> Iterator[str]:
    """A study in a few lines, 80 letters wide."""
    yield f"{outcome.study.name} · SIMULATED"
    yield f"{outcome.study.design.participants} participants · {outcome.trials:,} trials · seed {outcome.seed}"
    told = [
        f"with the event {_mean(outcome, 'treated_with_event')} against {_mean(outcome, 'reference_with_event')}",
        f"unknown {_mean(outcome, 'treated_unknown')} against {_mean(outcome, 'reference_unknown')}",
    ]
    if outcome.value("duration_weeks") is not None:
        told.append(f"{_mean(outcome, 'duration_weeks')} weeks")
    yield " · ".join(told)
    yield f"{'analysis':<39}{'rejects':>9}{'± MC':>8}{'bias':>9}{'± MC':>8}{'cover':>7}"
    for asked in outcome.study.design.analyses:
        name = " ".join(part for part in (asked.estimand.id, _short(asked.variant)) if part)
        parts = [outcome.of(part, asked.estimand.id, asked.variant) for part in ("rejected", "bias", "coverage")]
        cells = (
            _cell(parts[0].value, 9, 4), _cell(parts[0].error, 8, 4), _cell(parts[1].value, 9, 4),
            _cell(parts[1].error, 8, 4), _cell(parts[2].value, 7, 3),
        )  # fmt: skip
        yield f"{name:<39}{''.join(cells)}"
    for each in outcome.study.design.told:
        found = outcome.of(each.name, each.analysis, each.variant)
        yield f"{each.name.replace('_', ' '):<39}{_cell(found.value, 9, 4)}{_cell(found.error, 8, 4)}"
    yield ""


def _short(variant: str) -> str:
    """A variant in a few letters."""
    return "randomised" if variant == "randomisation_test" else variant.replace("sensitivity_", "s")


def _mean(outcome: "Outcome", name: str) -> str:
    value = outcome.value(name)
    return "·" if value is None else f"{value:.1f}"


def _cell(value: float | None, width: int, places: int) -> str:
    return f"{'·' if value is None else f'{value:.{places}f}':>{width}}"


def _replay(
    console: Console, file: Path, trial: Protocol, study: "Study", seed: int, number: int, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """One trial by its number: its rows printed, or a folder with them and, if it was written down, all its pages."""
    from equipoise.cli.replayed import deploy
    from equipoise.simulation.design.replay import assessments_of, participants_of, replay

    found = replay(study.design, seed, number)
    participants = participants_of(found)
    if out is None:
        click.echo(participants.write_json() if as_json else participants.write_csv().rstrip())
        return
    told = "participants.csv, assessments.csv"
    if study.scenario.written.event:
        deploy(console, file, trial, study, found, seed, out)
        told += f", report/{trial.id}/report.html; its pages: equipoise serve --home {out}"
    rows = {"participants.csv": participants, "assessments.csv": assessments_of(found)}
    _write(out, {name: table.write_csv().encode() for name, table in rows.items()})
    console.print(f"Written to {out}: {told}", markup=False, highlight=False)

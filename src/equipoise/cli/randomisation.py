"""`equipoise randomisation`: choose a procedure before the list is drawn."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path

import click
from rich.console import Console

from equipoise.cli.terminal import print_problems, protocol_of
from equipoise.conduct.strata import factors
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import Specification, check, read_specification
from equipoise.randomisation.compare import Compared, Scheme, candidates, even_strata
from equipoise.randomisation.compare import compare as compare_schemes
from equipoise.randomisation.minimisation import Minimisation
from equipoise.randomisation.minimised_lists import uncounted
from equipoise.randomisation.restricted_minimisation import dynamic_of, is_minimised, read_minimised

_FEW_BLOCKS = 2  # a stratum that holds fewer blocks than this rarely completes one


@click.group()
def randomisation() -> None:
    """Choose the procedure of randomisation before a list is drawn."""


@randomisation.command()
@click.argument("protocol", type=click.Path(path_type=Path))
@click.option("--participants", type=click.IntRange(min=2), help="How many (default: the protocol's).")
@click.option("--strata", type=click.IntRange(min=1), help="How many strata (default: the protocol's).")
@click.option(
    "--own", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A restricted specification to compare too. Then the output tells its block sizes: keep it to yourself.",
)  # fmt: skip
@click.option("--plot", type=click.Path(path_type=Path), help="Write balance against predictability as SVG.")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def compare(
    protocol: Path, participants: int | None, strata: int | None, own: Path | None, plot: Path | None, as_json: bool
) -> None:
    """Compare procedures for a protocol: what each gives away, how balanced it leaves the trial, and which to take.

    Participants are spread evenly over the strata. An allocation is guessed by betting on the arm that is behind.
    """
    console = Console(soft_wrap=True, stderr=as_json)
    trial = protocol_of(console, protocol)
    arms = sorted(trial.randomisation.ratio)
    shares = tuple(trial.randomisation.ratio[arm] for arm in arms)
    levels = factors(trial) if strata is None else {}
    number = {name: len(codes) for name, codes in levels.items()}
    sizes = even_strata(participants or trial.study.participants, strata or prod(number.values()))
    schemes = candidates(shares, max(sizes), number)
    if own is not None:
        mine = _own(own, trial, sizes, levels)
        if isinstance(mine, list):
            print_problems(console, mine)
            sys.exit(1)
        schemes = (Scheme("your specification", mine), *schemes)
    found = compare_schemes(schemes, shares, sizes, number)
    if plot is not None:
        from equipoise.reports.balance import balance_plot

        plot.write_bytes(balance_plot(found))
    if as_json:
        click.echo(json.dumps(_as_json(found, sizes), ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(_lines(found, sizes)))
    console.print(_LEGEND, style="dim", highlight=False)
    print_problems(console, _warnings(found, sizes, sum(shares)))
    console.print(f"Nearest to unpredictable and balanced: [bold]{found[0].scheme.name}[/].")


def _own(
    file: Path, trial: Protocol, sizes: Sequence[int], levels: Mapping[str, tuple[str, ...]]
) -> Specification | Minimisation | list[Problem]:
    """What a restricted file says of the arms of strata of these sizes, or what keeps it from being compared."""
    text = file.read_text("utf-8", errors="replace")
    if is_minimised(text):
        return _own_minimisation(text, file.name, trial, sum(sizes), levels)
    read = read_specification(text, file.name)
    if isinstance(read, list):
        return read
    return check(read, trial.randomisation.ratio, file.name) or _too_few(file.name, read.slots, max(sizes)) or read


def _own_minimisation(
    text: str, name: str, trial: Protocol, participants: int, levels: Mapping[str, tuple[str, ...]]
) -> Minimisation | list[Problem]:
    """The minimisation of a restricted file: everybody counts as one stratum, and the protocol's strata are factors."""
    read = read_minimised(text, name)
    if isinstance(read, list):
        return read
    if not levels and trial.randomisation.strata:
        said = "Minimisation balances the protocol's own strata as factors, and --strata puts others in their place."
        return [Problem("command.E021", name, said, "Leave out --strata.")]
    found = dynamic_of(read, trial.id, trial.randomisation.ratio, levels, name)
    if isinstance(found, list):
        return found
    wrong = [
        *_too_few(name, read.slots, participants),
        *uncounted(found.minimisation, tuple(levels), participants, name),
    ]
    return wrong or found.minimisation


def _too_few(name: str, slots: int, participants: int) -> list[Problem]:
    """A list, or envelopes, for fewer than the comparison needs."""
    if slots >= participants:
        return []
    said = f"A stratum has {slots} slots, and {participants} participants are expected in one."
    return [Problem("command.E020", name, said, "Give far more slots than will be needed.")]


def _warnings(found: Sequence[Compared], sizes: Sequence[int], whole: int) -> Iterator[Problem]:
    """What is wrong with the scheme one came with."""
    for one in found:
        own = one.scheme.specification
        if one.scheme.name != "your specification" or isinstance(own, Minimisation) or not own.sizes:
            continue
        blocks = own.sizes
        if len(blocks) == 1 and blocks[0] <= 3 * whole:
            yield Problem(
                "command.W001", one.scheme.name,
                f"With fixed blocks of {blocks[0]}, {one.deterministic:.0%} of the allocations are certain to whoever "
                f"knows those before.",
                "Draw the block size anew for each block, or take a procedure without blocks.", "warning",
            )  # fmt: skip
        if max(sizes) < _FEW_BLOCKS * max(blocks):
            yield Problem(
                "command.W002", one.scheme.name,
                f"A stratum of about {max(sizes)} participants rarely completes a block of {max(blocks)}.",
                "Stratify by less, or use smaller blocks of random size.", "warning",
            )  # fmt: skip


_LEGEND = """guess: share of allocations guessed right by betting on the arm behind (of minimisation, on the arm that it
favours, known from all totals); certain: share that is certain
entropy: bits for each allocation; stratum: 95 % of its imbalance; trial: median and 95 % of the imbalance
distance: from the best guess and imbalance among these; a list that ends balanced is twice as long as is used"""


def _lines(found: Sequence[Compared], sizes: Sequence[int]) -> Iterator[str]:
    """The table, 80 letters wide."""
    yield f"{sum(sizes)} participants in {len(sizes)} strata"
    yield ""
    yield f"{'procedure':<24}{'guess':>7}{'certain':>9}{'entropy':>9}{'stratum':>9}{'trial':>11}{'distance':>10}"
    for one in found:
        guessing = f"{one.correct_guess:7.3f}{one.deterministic:9.3f}{one.entropy:9.3f}"
        imbalance = f"{one.stratum_95:9g}{f'{one.trial_median:g} / {one.trial_95:g}':>11}"
        yield f"{one.scheme.name:<24}{guessing}{imbalance}{one.distance:10.3f}"


def _as_json(found: Sequence[Compared], sizes: Sequence[int]) -> dict[str, object]:
    names = ("correct_guess", "deterministic", "entropy", "stratum_95", "trial_median", "trial_95", "distance")
    rows = [{"procedure": one.scheme.name, **{name: getattr(one, name) for name in names}} for one in found]
    return {"participants": sum(sizes), "strata": list(sizes), "schemes": rows}

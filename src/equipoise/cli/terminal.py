"""What the commands print: problems, steps with the time they took, progress."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from equipoise.items import Problem
from equipoise.protocol.check import read_protocol
from equipoise.protocol.document import LARGEST
from equipoise.protocol.schema import Protocol


def print_problems(console: Console, problems: Iterable[Problem]) -> None:
    """Each problem with its place first, as compilers do, so that editors can jump to it."""
    for problem in problems:
        colour = "red" if problem.level == "error" else "yellow"
        console.print(f"{problem.where}: ", end="", markup=False, highlight=False)
        console.print(f"{problem.level} {problem.id}: ", end="", style=colour, markup=False, highlight=False)
        console.print(problem.message, markup=False, highlight=False)
        if problem.hint:
            console.print(f"    {problem.hint}", style="dim", markup=False, highlight=False)


def bytes_of(console: Console, file: Path) -> bytes:
    """What stands in a protocol file, no more than one can be; or why it cannot be read, and the end."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        console.print(f"{file}: error command.E001: The file cannot be read: {error.strerror}.", markup=False)
        sys.exit(1)


def protocol_of(console: Console, file: Path) -> Protocol:
    """The protocol of a file without errors; or its problems, and the end."""
    found, problems = read_protocol(bytes_of(console, file), name=file.name)
    if found is None or any(problem.level == "error" for problem in problems):
        print_problems(console, problems)
        sys.exit(1)
    return found


@dataclass(slots=True)
class Steps:
    """The steps of a long command: what each does, and how long it took."""

    console: Console
    times: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """A step that is said when it begins and timed when it ends."""
        began = time.perf_counter()
        with self.console.status(text):
            yield
        self._ended(text, began)

    @contextmanager
    def counted(self, text: str, total: int) -> Iterator[Callable[[int, int], None]]:
        """A step with a progress bar."""
        began = time.perf_counter()
        with counting(self.console, text, total) as progress:
            yield progress
        self._ended(text, began)

    def _ended(self, text: str, began: float) -> None:
        took = time.perf_counter() - began
        self.times.append((text, took))
        self.console.print(f"[green]✓[/] {text} [dim]{took:.1f} s[/]")


@contextmanager
def counting(console: Console, text: str, total: int | None = None) -> Iterator[Callable[[int, int], None]]:
    """A progress bar while something goes on, to be told how many of how many are done."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda done, of: progress.update(task, completed=done, total=of)

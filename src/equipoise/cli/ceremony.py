"""What the commands of the ceremony share: reading, asking for passphrases, and writing whole or not at all."""

import os
import resource
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NoReturn, TypeVar

import click
from rich.console import Console

from equipoise.cli.terminal import print_problems
from equipoise.envelopes import (
    PrivateKey,
    RoleKey,
    SealedList,
    SealError,
    problem,
    read_heading,
    read_list,
    read_private_key,
    read_public_key,
)
from equipoise.items import Problem
from equipoise.protocol.check import read_protocol
from equipoise.protocol.schema import Protocol

PRIVATE: Final = 0o600

T = TypeVar("T")


class Stopped(click.ClickException):
    """A command that cannot go on, and why; it ends with 1."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)

    def show(self, file: IO[Any] | None = None) -> None:
        """Say what is wrong, one problem a line."""
        print_problems(Console(soft_wrap=True, file=file), self.problems)


def forget_on_crash() -> None:
    """Let no crash write this process's memory to a disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def saying_problems() -> Iterator[Console]:
    """A console; what cannot be sealed or opened ends the command with its reason."""
    try:
        yield Console(soft_wrap=True)
    except SealError as error:
        stop(error.problem)


def stop(*problems: Problem) -> NoReturn:
    """End the command, which then says what is wrong."""
    raise Stopped(problems)


def sure(found: T | Problem, where: Path | str = "") -> T:
    """What was found; a problem ends the command, with the file it is about."""
    if isinstance(found, Problem):
        stop(Problem(found.id, str(where) or found.where, found.message, found.hint, found.level, found.params))
    return found


def read_bytes(file: Path) -> bytes:
    """The content of a file, or an end with the reason."""
    try:
        return file.read_bytes()
    except OSError as error:
        stop(problem("envelopes.E050", str(file), said=error.strerror or "unknown"))


def load_protocol(file: Path) -> Protocol:
    """The protocol of a file, or an end with everything that is wrong with it."""
    found, problems = read_protocol(read_bytes(file), name=file.name)
    wrong = [each for each in problems if each.level == "error"]
    if found is None or wrong:
        stop(*wrong)
    return found


def load_list(file: Path) -> SealedList:
    """The sealed list of a file."""
    return sure(read_list(read_bytes(file)), file)


def load_public(file: Path) -> RoleKey:
    """The public key of a file: of its own, or in the clear part of a private key."""
    data = read_bytes(file)
    found = read_public_key(data)
    return found if isinstance(found, RoleKey) else sure(read_heading(data), file)


def load_private(file: Path, passphrase_file: Path | None) -> PrivateKey:
    """The private key of a file, opened with the passphrase of a file or of the terminal."""
    data = read_bytes(file)
    heading = sure(read_heading(data), file)
    return sure(read_private_key(data, passphrase(f"Passphrase of {heading.recipient}", passphrase_file)), file)


def load_keys(files: Sequence[Path], passphrase_files: Sequence[Path]) -> list[PrivateKey]:
    """Several private keys, each with the passphrase file of its place, or asked for."""
    waiting = [*passphrase_files, *[None] * len(files)]
    return [load_private(file, words) for file, words in zip(files, waiting, strict=False)]


def passphrase(prompt: str, file: Path | None, *, twice: bool = False) -> str:
    """The passphrase: the first line of a file, or what is typed and not shown."""
    if file is None:
        typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
        return typed
    try:
        return read_bytes(file).decode().splitlines()[0]
    except (UnicodeDecodeError, IndexError):
        stop(problem("envelopes.E050", str(file), said="no line of text"))


def others_may_read(file: Path) -> bool:
    """Whether the file's mode lets anybody but its owner in."""
    return bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def write_new(file: Path, content: bytes) -> None:
    """A new file that only its owner reads, on the disk before this returns. Nothing is overwritten."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        stop(problem("envelopes.E051", str(file)))
    except OSError as error:
        stop(problem("envelopes.E050", str(file), said=error.strerror or "unknown"))
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """A new folder with all of these files, or no folder: written beside it, synced, and renamed in one step."""
    refuse_existing(folder)
    waiting = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, content in files.items():
            (waiting / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_new(waiting / name, content)
        for inner in [*(path for path in waiting.rglob("*") if path.is_dir()), waiting]:
            _sync(inner)
        waiting.rename(folder)
        _sync(folder.parent)
    except OSError as error:
        stop(problem("envelopes.E057", str(folder), said=error.strerror or "unknown"))
    finally:
        if waiting is not None:
            shutil.rmtree(waiting, ignore_errors=True)


def refuse_existing(folder: Path) -> None:
    """End with the reason if there is something in the place of a folder; an empty one may be there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        stop(problem("envelopes.E051", str(folder)))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

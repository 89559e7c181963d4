"""Copies of a deployment's databases: made while it works, opened and verified before they count.

A copy is a folder with the database and a manifest. The ledger and the allocator's store are copied apart, by
different people to different places: together they are what two locks keep apart.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from equipoise.items import Problem

Of = Literal["main", "allocator"]
FORMAT: Final = "equipoise.backup.1"
MANIFEST: Final = "manifest.json"
_FILES: Final[Mapping[Of, str]] = {"main": "equipoise.sqlite3", "allocator": "allocator.sqlite3"}
_VARIABLES: Final[Mapping[Of, str]] = {"main": "EQUIPOISE_DATABASE", "allocator": "EQUIPOISE_ALLOCATOR"}
_DUMP: Final = "database.dump"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy is: of which store, when it was made by which version, its digest, and what was found in it."""

    of: Of
    made: str
    version: str
    file: str
    sha256: str
    found: list[dict[str, Any]]
    format: str = FORMAT


def make_copy(of: Of, database: Mapping[str, Any], out: Path, *, version: str) -> tuple[Path, Manifest] | Problem:
    """A verified copy in a new folder of its own; what could not be verified stays beside it under another name."""
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    folder = out / f"{of}-{made}"
    draft = out / f"unverified-{of}-{made}-{secrets.token_hex(2)}"
    draft.mkdir(parents=True, mode=0o700)
    file = draft / (_FILES[of] if _is_sqlite(database) else _DUMP)
    failed = _copy_sqlite(database, file) if _is_sqlite(database) else _dump(database, file)
    found = Problem("command.E040", str(draft), failed, _RETRY) if failed else opened(of, file, database)
    if isinstance(found, Problem):
        return found
    manifest = Manifest(of, made, version, file.name, digest(file), found)
    (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n")
    draft.rename(folder)
    return folder, manifest


_RETRY: Final = "Nothing counts as a backup yet. Look at the message, then try again."


def read_copy(folder: Path) -> tuple[Path, Manifest] | Problem:
    """The file of a copy and its manifest, if the file is what was verified."""
    try:
        read = json.loads((folder / MANIFEST).read_bytes())
        manifest = Manifest(**read)
    except (OSError, ValueError, TypeError):
        return Problem("command.E041", str(folder), "This is not a verified copy.", "Choose a folder with a manifest.")
    file = folder / manifest.file
    if manifest.format != FORMAT or manifest.of not in _FILES or not file.is_file():
        return Problem("command.E041", str(folder), "This is not a verified copy.", "Choose a folder with a manifest.")
    if digest(file) != manifest.sha256:
        return Problem("command.E042", str(file), "The copy is not what was verified.", "Take another copy.")
    return file, manifest


def obstacle(file: Path, database: Mapping[str, Any]) -> Problem | None:
    """What keeps a copy from being put into a place: another engine, or a database that is there."""
    if _is_sqlite(database) != (file.name != _DUMP):
        other = "PostgreSQL" if file.name == _DUMP else "SQLite"
        return Problem("command.E043", str(file), f"The copy is of {other}.", "Restore it there.")
    target = str(database["NAME"])
    if Path(target).exists() if _is_sqlite(database) else _has_tables(database):
        return Problem("command.E044", target, "There is a database already.", "Restore into an empty place.")
    return None


def put_back(file: Path, database: Mapping[str, Any]) -> Problem | None:
    """Put a copy into a place without obstacles; nothing is ever overwritten."""
    target = str(database["NAME"])
    if not _is_sqlite(database):
        failed = _load(file, database, target)
        return Problem("command.E040", str(file), failed, _RETRY) if failed else None
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return None


def opened(of: Of, file: Path, database: Mapping[str, Any]) -> list[dict[str, Any]] | Problem:
    """What a copy holds, read from a copy of the copy: each study with its acts and head, or how many slots."""
    with tempfile.TemporaryDirectory(prefix="equipoise-copy-") as scratch:
        if file.name == _DUMP:
            with _scratch_database(file, database) as (address, failed):
                return Problem("command.E040", str(file), failed, _SCRATCH) if failed else _look(of, address)
        shutil.copyfile(file, Path(scratch) / _FILES[of])
        return _look(of, scratch)


_SCRATCH: Final = "Let the database's user create databases, so that a copy can be opened before it counts."


def _look(of: Of, address: str) -> list[dict[str, Any]] | Problem:
    if of == "allocator":
        with closing(_connect_to(address, _FILES[of])) as store:
            cursor = store.cursor()
            cursor.execute("SELECT study, count(*), count(subject) FROM allocator_slot GROUP BY study ORDER BY study")
            return [dict(zip(("study", "slots", "given"), row, strict=True)) for row in cursor.fetchall()]
    with tempfile.TemporaryDirectory(prefix="equipoise-home-") as home:
        done = subprocess.run(  # noqa: S603 - this very program
            [sys.executable, "-m", "equipoise.cli", "verify", "--json", "--home", home],
            env=os.environ | {_VARIABLES[of]: address}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)
    except ValueError:
        return Problem("command.E040", address, done.stderr.strip()[-500:], _RETRY)
    wrong = [text for study in found for text in study["problems"]]
    if wrong:
        return Problem("command.E045", wrong[0], "The ledger in the copy does not verify.", "Verify the original.")
    return [{name: study[name] for name in ("study", "acts", "head")} for study in found]


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _is_sqlite(database: Mapping[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def _copy_sqlite(database: Mapping[str, Any], target: Path) -> str:
    """Copy by SQLite's own online backup, page by page while others write; why it failed, or nothing."""
    source = f"file:{quote(str(database['NAME']))}?mode=ro"
    try:
        with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            return "" if verdict == "ok" else str(verdict)
    except sqlite3.Error as error:
        return str(error)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _variables(database: Mapping[str, Any], name: str) -> dict[str, str]:
    """How PostgreSQL's programs are told where to go: never on the command line, which everybody can read."""
    keys = {"PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    given = {variable: str(database[key]) for variable, key in keys.items() if database[key]}
    return os.environ | given | {"PGDATABASE": name}


def _ran(program: list[str], environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, told by words of ours
            program, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        return f"{program[0]}: {error.strerror}"
    return "" if done.returncode == 0 else done.stderr.strip()[-500:] or f"{program[0]} failed"


def _dump(database: Mapping[str, Any], target: Path) -> str:
    """Copy by pg_dump, in one transaction while others write."""
    return _ran(
        ["pg_dump", "--format=custom", "--no-owner", f"--file={target}"], _variables(database, database["NAME"])
    )


def _load(file: Path, database: Mapping[str, Any], name: str) -> str:
    program = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(file)]
    return _ran(program, _variables(database, name))


@contextmanager
def _scratch_database(file: Path, database: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The address of a database that holds a copy and goes away again, and why it could not be made."""
    name = f"equipoise_copy_{secrets.token_hex(4)}"
    environment = _variables(database, database["NAME"])
    failed = _ran(["createdb", "--template=template0", name], environment)
    if failed:
        yield "", failed
        return
    try:
        yield _address(database, name), _load(file, database, name)
    finally:
        _ran(["dropdb", "--force", name], environment)


def _address(database: Mapping[str, Any], name: str) -> str:
    user, password, host = (quote(str(database[part]), safe="") for part in ("USER", "PASSWORD", "HOST"))
    who = f"{user}:{password}" if password else user
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{who}@{host}{port}/{name}"


def _has_tables(database: Mapping[str, Any]) -> bool:
    with closing(_connect_to(_address(database, database["NAME"]), "")) as connection:
        query = "SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = 'public')"
        return bool(connection.execute(query).fetchone()[0])


def _connect_to(address: str, file: str) -> Any:
    if not address.startswith("postgresql://"):
        return sqlite3.connect(Path(address) / file)
    import psycopg

    return psycopg.connect(address)


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()

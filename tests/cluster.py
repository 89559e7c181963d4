"""A PostgreSQL of our own, for tests and benchmarks: it goes away with what started it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server of our own: real, on a disk, with fsync, reached by a socket in its own folder."""

    programs: Path
    folder: Path
    owner: str
    server: "subprocess.Popen[bytes] | None" = None
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        subprocess.run([self.programs / program, *arguments], check=True, capture_output=True, **self.as_owner())

    def as_owner(self) -> dict[str, object]:
        """PostgreSQL refuses to run as root."""
        known = pwd.getpwnam(self.owner)
        given_up = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"cwd": self.folder, **given_up}

    def create(self) -> None:
        """Make the files of the server."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.owner)
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "equipoise", "--no-sync", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "on"}
        chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.server = subprocess.Popen(
            [self.programs / "postgres", "-D", f"{self.folder}/data", *chosen],
            stderr=subprocess.DEVNULL, **self.as_owner(),
        )  # fmt: skip
        for _ in range(200):
            try:
                return self.run("pg_isready", "-h", str(self.folder), "-q")
            except subprocess.CalledProcessError:
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start within ten seconds")

    def stop(self, how: str = "fast") -> None:
        """Stop the server; `immediate` is a crash."""
        if self.server is not None:
            self.run("pg_ctl", "stop", "-D", f"{self.folder}/data", "-m", how, "-s")
            self.server.wait()
            self.server = None

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"empty{next(self.numbers)}"
        self.run("createdb", "-h", str(self.folder), "-U", "equipoise", name)
        return f"postgresql://equipoise@{quote(str(self.folder), safe='')}/{name}"


@contextmanager
def running(programs: Path) -> Iterator[Cluster]:
    """A server in a folder of its own, which is removed with it."""
    with tempfile.TemporaryDirectory(prefix="equipoise-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(programs, Path(folder), "postgres" if _exists("postgres") else "nobody")
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


def postgresql_programs() -> Path | None:
    """The folder of PostgreSQL's programs: the newest where distributions put them, or on the path."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which("initdb")
    return Path(found).parent if found else None


def _exists(user: str) -> bool:
    return user in {known.pw_name for known in pwd.getpwall()}

"""What every test stands on: settings, the depth of Hypothesis, a real PostgreSQL, and flushing append-only tables."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
HOME = Path(tempfile.gettempdir()) / f"equipoise-tests-{os.getpid()}"

settings.register_profile("default", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Programs that the tests start read these; in this process the settings were imported before this file was.
os.environ.setdefault("EQUIPOISE_DEMO", "yes")
os.environ.setdefault("EQUIPOISE_HOME", str(HOME))

# Where a machine is told to keep no compiled modules, each of the hundred programs would compile all of them again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Demo mode, and a home of our own."""
    from django.conf import settings as django
    from django.test import TransactionTestCase

    django.DEMO, django.SECRET_KEY, django.HOME = True, "only-for-the-tests", HOME
    django.TLS = django.SECURE_SSL_REDIRECT = django.SESSION_COOKIE_SECURE = django.CSRF_COOKIE_SECURE = False
    django.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow one is slow on purpose
    usual = TransactionTestCase._fixture_teardown

    def flushed(case: TransactionTestCase) -> None:
        with_triggers_down(sorted(case._databases_names(include_mirrors=False)), lambda: usual(case))

    TransactionTestCase._fixture_teardown = flushed


# What these reach, the tests of the rooms reach; measuring it would cost them two fifths more time.
UNMEASURED = {"browser", "docs", "house", "masking"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some folders of tests are not measured."""
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in UNMEASURED:
            item.add_marker(pytest.mark.no_cover)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)


# --- Append-only tables ----------------------------------------------------------------------------------


def with_triggers_down(aliases: list[str], flush: Callable[[], None]) -> None:
    """Empty the tables after a test that committed. The triggers refuse that, so they are away meanwhile."""
    up = [statement for alias in aliases for statement in take_triggers_down(alias)]
    flush()
    from django.db import connections

    for alias, statement in up:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement)


def take_triggers_down(alias: str) -> list[tuple[str, str]]:
    """Take every trigger of a database away, as an administrator could; the statements that put them back."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            return [(alias, sql) for _, sql in triggers]
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        return [(alias, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}") for table, name in triggers]


@pytest.fixture
def administrator() -> Callable[..., None]:
    """Somebody who takes the triggers away and changes rows underneath."""
    from django.db import connection

    take_triggers_down("default")

    def execute(statement: str, *parameters: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    return execute


# --- Programs of their own -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def python(request: pytest.FixtureRequest) -> list[str]:
    """How a test starts Python in another process, measured when this one is."""
    measured = bool(request.config.getoption("cov_source", default=None))
    coverage = ["-m", "coverage", "run", f"--rcfile={ROOT / 'pyproject.toml'}"] if measured else []
    return [sys.executable, "-W", "error", *coverage]


# --- PostgreSQL ------------------------------------------------------------------------------------------


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running PostgreSQL that goes away with the tests. Without its programs they are skipped; CI=true: they fail."""
    programs = postgresql_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no PostgreSQL here (no initdb), and CI=true: nothing is skipped")
        pytest.skip("there is no PostgreSQL here (no initdb): these tests run on SQLite only")
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

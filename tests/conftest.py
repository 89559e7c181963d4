"""What every test stands on: settings, the depth of Hypothesis, a real PostgreSQL, and flushing append-only tables."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.append_only import take_triggers_down, with_triggers_down
from tests.cluster import Cluster, postgresql_programs, running

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
UNMEASURED = {"browser", "cli", "docs", "faults", "house", "masking"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some folders of tests are not measured."""
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in UNMEASURED:
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)


# --- Append-only tables ----------------------------------------------------------------------------------


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running PostgreSQL that goes away with the tests. Without its programs they are skipped; CI=true: they fail."""
    programs = postgresql_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no PostgreSQL here (no initdb), and CI=true: nothing is skipped")
        pytest.skip("there is no PostgreSQL here (no initdb): these tests run on SQLite only")
    with running(programs) as cluster:
        yield cluster

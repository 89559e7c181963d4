"""The tests of ledger, desk, kits and register once more, in a process whose databases are in PostgreSQL."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = "EQUIPOISE_TESTS_ON_POSTGRESQL"
ELSEWHERE = {"test_ledger_crowd.py", "test_desk_permissions.py"}  # both engines already; the same on every engine

KITS_AND_REGISTER = [ROOT / "tests" / "allocator" / f"test_allocator_{name}.py" for name in ("kits", "register")]
WITH_THE_SWEEPS = {  # what they do in the database other files do too
    "test_desk_delegation.py", "test_desk_drafts.py", "test_desk_emergencies.py",
    "test_desk_forms.py", "test_desk_key_loss.py", "test_desk_loading.py", "test_desk_locks.py", "test_desk_looks.py",
    "test_desk_pharmacy.py", "test_desk_recruitment.py", "test_desk_serious.py",
}  # fmt: skip


@pytest.mark.skipif(HERE in os.environ, reason="this is that process")
@pytest.mark.parametrize("sweep", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["core", "rest"])
def test_the_same_tests_pass_on_postgresql(postgres, sweep):
    found = (path for folder in ("ledger", "desk") for path in sorted((ROOT / "tests" / folder).glob("test_*.py")))
    files = [path for path in found if path.name not in ELSEWHERE and (path.name in WITH_THE_SWEEPS) == sweep]
    files += [] if sweep else KITS_AND_REGISTER
    databases = {name: postgres.database() for name in ("EQUIPOISE_DATABASE", "EQUIPOISE_ALLOCATOR")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cov", *files],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env=os.environ | {HERE: "yes"} | databases,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 100

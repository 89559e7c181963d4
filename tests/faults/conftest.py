"""A database that survives the programs that write to it: a file, or one of the tests' own PostgreSQL."""

import pytest

from tests.faults.databases import Postgres, SqliteFile


@pytest.fixture
def database(request, tmp_path):
    return SqliteFile(tmp_path) if request.param == "sqlite" else Postgres(request.getfixturevalue("postgres"))

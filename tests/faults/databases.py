"""The databases that are looked into after a crash, without the product's own code."""

import os
import secrets
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.cluster import Cluster


class SqliteFile:
    """A folder with a SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds; the file must be whole."""
        with sqlite3.connect(f"file:{self.address}/equipoise.sqlite3", uri=True) as found:
            assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return found.execute(query).fetchall()

    def come_to_rest(self) -> None:
        """Whoever wrote is gone, and nobody else does."""

    def crash(self) -> None:
        """Nothing but the writer itself is there to be killed."""


class Postgres:
    """A server of its own, which a test may crash."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.address = cluster, cluster.database()
        self.owned = {"EQUIPOISE_DATABASE": self.address, "EQUIPOISE_ALLOCATOR": cluster.database()}

    def parted(self, home: Path) -> dict[str, str]:
        """The addresses for a user who owns no table and was given what `equipoise tables` gives."""
        role = f"served_{secrets.token_hex(4)}"
        self.cluster.run("createuser", "-h", str(self.cluster.folder), "-U", "equipoise", role)
        for of in ("main", "allocator"):
            given = [sys.executable, "-m", "equipoise.cli", "tables", role, "--of", of, "--home", str(home)]
            subprocess.run(given, env=os.environ | self.owned, check=True, capture_output=True)
        return {name: address.replace("equipoise@", f"{role}@") for name, address in self.owned.items()}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        parts = urlsplit(self.address)
        with psycopg.connect(host=unquote(parts.hostname or ""), user=parts.username, dbname=parts.path[1:]) as found:
            return found.execute(query).fetchall()

    def come_to_rest(self) -> None:
        """Wait until the server has noticed that its client is gone: it may still be writing what was sent last."""
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        for _ in range(200):
            if self.rows(others) == [(0,)]:
                return
            time.sleep(0.05)
        raise AssertionError("somebody is still connected after ten seconds")

    def crash(self) -> None:
        """As a power cut would, and start it again."""
        self.cluster.stop("immediate")
        self.cluster.start()

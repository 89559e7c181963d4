"""The databases that are looked into after a crash, without the product's own code."""

import sqlite3
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

    def crash(self) -> None:
        """Nothing but the writer itself is there to be killed."""


class Postgres:
    """A server of its own, which a test may crash."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.address = cluster, cluster.database()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        parts = urlsplit(self.address)
        with psycopg.connect(host=unquote(parts.hostname or ""), user=parts.username, dbname=parts.path[1:]) as found:
            return found.execute(query).fetchall()

    def crash(self) -> None:
        """As a power cut would, and start it again."""
        self.cluster.stop("immediate")
        self.cluster.start()

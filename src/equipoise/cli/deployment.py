"""A deployment: the folder, the databases and the settings that the commands work with."""

import os
from pathlib import Path
from typing import Final

from equipoise.items import Problem

_NOT_THE_OWNER: Final = "42501"  # PostgreSQL: insufficient_privilege
_HOW: Final = "As their owner: equipoise tables ROLE, once for each database."


def prepare(home: Path, *, demo: bool) -> None:
    """Set Django up for a deployment in a folder. Call once, before anything that knows Django is imported."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ["EQUIPOISE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.web.settings"
    if demo or (home / "DEMO").exists():
        os.environ["EQUIPOISE_DEMO"] = "yes"
    import django

    django.setup()


def migrate(*databases: str) -> None:
    """Bring the databases to the tables of this version: these, or both. Who owns no table may be too late for it."""
    from django.core.management import call_command
    from django.db import DatabaseError

    asked = databases or ("default", "allocator")
    try:
        for database in filter(behind, asked):
            call_command("migrate", database=database, verbosity=0, interactive=False)
        if "default" in asked:
            call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        if not _denied(error):
            raise
        from equipoise.cli.ceremony import stop

        stop(Problem("command.E053", "tables", "They are of an older version, and this user does not own them.", _HOW))


def _denied(error: BaseException | None) -> bool:
    return error is not None and (getattr(error, "sqlstate", "") == _NOT_THE_OWNER or _denied(error.__context__))


def behind(database: str) -> bool:
    """Whether tables of this version are missing in a database."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[database])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def has_database(alias: str = "default") -> bool:
    """Whether there is a database to read, the ledger's or the allocator's.

    A server answers for itself; a file would be made by looking into it.
    """
    from django.conf import settings

    database = settings.DATABASES[alias]
    return not database["ENGINE"].endswith("sqlite3") or Path(database["NAME"]).exists()

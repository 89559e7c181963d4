"""A deployment: the folder, the databases and the settings that the commands work with."""

import os
from pathlib import Path


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
    """Bring the databases to the tables of this version: these, or both."""
    from django.core.management import call_command

    for database in databases or ("default", "allocator"):
        call_command("migrate", database=database, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def has_database(alias: str = "default") -> bool:
    """Whether there is a database to read, the ledger's or the allocator's.

    A server answers for itself; a file would be made by looking into it.
    """
    from django.conf import settings

    database = settings.DATABASES[alias]
    return not database["ENGINE"].endswith("sqlite3") or Path(database["NAME"]).exists()

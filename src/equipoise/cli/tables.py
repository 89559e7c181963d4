"""`equipoise tables`: on PostgreSQL the server works as a user who owns no table, and so can take no trigger away."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from equipoise.cli.ceremony import saying_problems, stop
from equipoise.cli.deployment import migrate, prepare
from equipoise.items import Problem

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

EVERYTHING: Final = "SELECT, INSERT, UPDATE, DELETE"  # accounts, sessions, the cache of attempts
_RULES: Final = "SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s"
_OTHERS: Final = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> current_user"


@click.command()
@click.argument("role")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), required=True, help="The deployment.")
@click.option(
    "--of", type=click.Choice(["main", "allocator"]), default="main", show_default=True, help="Which database."
)
def tables(role: str, home: Path, of: str) -> None:
    """Bring a PostgreSQL database to the tables of this version, and let ROLE work with them.

    Run it as the owner of the tables, whose address the settings then hold, before `serve` starts as ROLE for the
    first time or in a new version. ROLE may read and add acts, and change or remove none; it owns no table, so it can
    take no trigger away.
    """
    with saying_problems() as console:
        prepare(home, demo=False)
        alias = "default" if of == "main" else "allocator"
        _refuse_who_would_own(alias, role)
        migrate(alias)
        _refuse_another_owner(alias)
        console.print(f"{role} may work with {grant(alias, role)} tables.")


def grant(alias: str, role: str) -> int:
    """Give a role what the program needs of each table, in the place of whatever it had; how many tables there are."""
    from django.db import connections, transaction

    connection = connections[alias]
    named = connection.ops.quote_name(role)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {named}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {named}")
        for table in found:
            _grant(connection, cursor, table, named)
    return len(found)


def _grant(connection: "BaseDatabaseWrapper", cursor: "CursorWrapper", table: str, named: str) -> None:
    from equipoise.allocator import rights as allocator
    from equipoise.ledger import rights as ledger

    rights = {"django_migrations": "SELECT", **ledger.RIGHTS, **allocator.RIGHTS}.get(table, EVERYTHING)
    cursor.execute(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {named}")


def _refuse_who_would_own(alias: str, role: str) -> None:
    """End with the reason where there are no users to keep apart, or the role is not there, or owns the tables."""
    from django.db import connections

    connection = connections[alias]
    if connection.vendor != "postgresql":
        stop(Problem("command.E050", alias, "SQLite has no users to keep apart.", "Name a database in PostgreSQL."))
    with connection.cursor() as cursor:
        cursor.execute(_RULES, [role])
        found = cursor.fetchone()
    if found is None:
        stop(Problem("command.E051", role, "There is no such role.", "CREATE ROLE … LOGIN PASSWORD '…'"))
    if found[0]:
        stop(Problem("command.E052", role, "It owns the tables, or rules over who does.", "Name another role."))


def _refuse_another_owner(alias: str) -> None:
    """End with the reason if somebody else owns tables here: what is granted then would be granted by nobody."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute(_OTHERS)
        if cursor.fetchone()[0]:
            stop(Problem("command.E054", alias, "Another user owns tables here.", "Run it as that user."))

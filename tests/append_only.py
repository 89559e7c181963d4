"""The triggers that keep tables append-only, taken away as an administrator of the database could."""

from collections.abc import Callable


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
